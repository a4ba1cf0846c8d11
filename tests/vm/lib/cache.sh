# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The cache: directories that are whole or not there at all.

cache=${UIOCAP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/uiocap}

# say TEXT…: to the person who waits; works inside builders too, whose own output is logged.
say()
{
	printf '%s\n' "$*" >&3
}

die()
{
	printf 'tests/vm/run: %s\n' "$*" >&2
	exit 1
}

# need COMMAND PACKAGE: stops with the name of the package when the command is missing.
need()
{
	PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ||
		die "'$1' is missing; install it with: apt-get install $2"
}

build_failed()
{
	say "could not make $1; the end of its log, $1.log:"
	tail -n 15 "$1.log" | sed 's/^/    /' >&3
}

# entry NAME BUILDER [ARG…]: makes the directory $cache/NAME unless it exists. BUILDER gets the
# path of an empty directory to fill, then the ARGs. It works in NAME.part, which gets its name
# only when it is complete, so that a broken download or a Ctrl-C never leaves a half entry; the
# lock lets a second run wait for the first instead of doing the same work.
# Never call this in a condition: bash would ignore errors inside the builder.
entry()
{
	local dir=$cache/$1 builder=$2
	shift 2
	[ ! -d "$dir" ] || return 0
	mkdir -p "${dir%/*}"
	(
		flock 9
		[ ! -d "$dir" ] || exit 0
		trap 'build_failed "$dir"' EXIT
		rm -rf "$dir.part"
		mkdir "$dir.part"
		"$builder" "$dir.part" "$@" >"$dir.log" 2>&1
		mv -T "$dir.part" "$dir"
		trap - EXIT
	) 9>"$dir.lock"
}

# forget NAME: drops an entry, so that the next entry() makes it anew.
forget()
{
	rm -rf "${cache:?}/$1"
}

# hash_of PATH…: one key for the contents of files and directories and their names in this tree,
# wherever that is, without what a build leaves beside its sources.
hash_of()
{
	find "$@" \( -name .libs -o -name .deps \) -prune -o -type f ! -name '*.o' ! -name '*.lo' \
		! -name '*.la' ! -name '*.ko' ! -name '*.mod*' ! -name '*.cmd' -print0 |
		LC_ALL=C sort -z | xargs -0 sha256sum | sed "s#  $top/#  #" | sha256sum | cut -c1-16
}
