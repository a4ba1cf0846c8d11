# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Debian packages without installing them: apt with a state directory of its own. That needs no
# root and changes nothing on the machine, and yet signatures are verified and dependencies
# resolved.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# mirror LABEL: where this machine takes its own packages; LABEL is Debian or Debian-Security.
mirror()
{
	local uri
	# shellcheck disable=SC2016 # for apt
	uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Label: $1" |
		head -n 1)
	[ -n "$uri" ] || die "apt here knows no archive '$1'; try 'apt-get update' as root first"
	printf '%s\n' "$uri"
}

# apt_sources DIST: DIST is bookworm or trixie.
apt_sources()
{
	local main security from="deb [signed-by=$keyring]"
	main=$(mirror Debian)
	security=$(mirror Debian-Security)
	printf "$from %s %s main\n" "$main" "$1" "$main" "$1-updates" "$main" "$1-backports" \
		"$security" "$1-security"
}

# The machine's own settings for downloads (a proxy, say) are kept, its hooks are not.
apt_config()
{
	apt-config dump | grep '^Acquire::'
	cat <<-EOF
		Dir::State "$1";
		Dir::State::lists "$1/lists";
		Dir::State::status "$1/status";
		Dir::Cache "$1";
		Dir::Cache::archives "$1/archives";
		Dir::Etc::sourcelist "$1/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::parts "/dev/null";
		Dir::Etc::main "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		APT::Sandbox::User "root";
		APT::Install-Recommends "false";
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
	EOF
}

# apt_open DIR DIST: from here on, apt-get and apt-cache speak of an empty machine that runs DIST.
apt_open()
{
	need apt-get apt
	[ -e "$keyring" ] ||
		die "$keyring is missing; install it with: apt-get install debian-archive-keyring"
	mkdir -p "$1/lists/partial" "$1/archives/partial"
	: >"$1/status"
	apt_sources "$2" >"$1/sources.list"
	apt_config "$1" >"$1/apt.conf"
	apt_dir=$1 apt_dist=$2
	export APT_CONFIG=$1/apt.conf
	apt-get -q update
}

# Backports win over the release.
apt_install()
{
	apt-get -q -y -t "$apt_dist-backports" install "$@"
}

# apt_get PACKAGE…: the packages and all that they depend on, as files in $apt_dir/archives.
apt_get()
{
	apt_install --download-only "$@"
}

# apt_get_release PACKAGE…: the same, as the release has them and not its backports.
apt_get_release()
{
	apt-get -q -y --download-only install "$@"
}

# apt_get_only PREFIX PACKAGE…: of the dependencies only those whose name begins with PREFIX.
apt_get_only()
{
	local prefix=$1 names
	shift
	names=$(apt_install --simulate "$@" |
		sed -n "s/^Inst \(${prefix}[^ ]*\) (\([^ ]*\) .*/\1=\2/p")
	# shellcheck disable=SC2086 # names are words
	(cd "$apt_dir/archives" && apt-get -q download $names)
}

apt_close()
{
	rm -rf "$apt_dir"
	unset APT_CONFIG apt_dir apt_dist
}

# unpack DIR [GLOB]: the downloaded packages that match GLOB, unpacked below DIR.
unpack()
{
	local deb
	mkdir -p "$1"
	for deb in "$apt_dir"/archives/${2:-*}.deb; do
		dpkg -x "$deb" "$1"
	done
}
