# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The file system of a guest that has systemd and udev: Debian 12's packages, unpacked and not
# installed. So nothing is enabled but what they start by themselves, and of that only what is named
# here.

rootfs_packages=(systemd udev bash coreutils util-linux dash base-files libc-bin procps)

# What sysinit.target starts, beyond what it cannot do without.
rootfs_wants=(systemd-journald.service systemd-journal-flush.service systemd-modules-load.service
	      systemd-sysusers.service systemd-tmpfiles-setup.service
	      systemd-tmpfiles-setup-dev.service systemd-udev-trigger.service systemd-udevd.service
	      sys-kernel-debug.mount)

# rootfs_merge DIR: /bin and its like are links, as they are on a machine that has been installed.
rootfs_merge()
{
	local name
	for name in bin sbin lib lib64; do
		mkdir -p "$1/usr/$name"
		cp -a "$1/$name/." "$1/usr/$name"
		rm -r "${1:?}/$name"
		ln -s "usr/$name" "$1/$name"
	done
}

# rootfs_trim DIR: without what nobody reads in there, and what only takes time.
rootfs_trim()
{
	local lib=$1/usr/lib/systemd keep=()
	rm -rf "$1"/usr/share/{bash-completion,bug,doc,info,lintian,locale,man} "$1/usr/share/zsh"
	rm -rf "$1"/usr/lib/x86_64-linux-gnu/{gconv,perl-base} "$1/usr/lib/udev/hwdb.d"
	rm -rf "$lib/system-generators" "$lib"/system/{multi-user,timers,getty}.target.wants
	printf -v keep ' ! -name %s' "${rootfs_wants[@]}"
	# shellcheck disable=SC2086 # words
	find "$lib/system/sysinit.target.wants" -type l $keep -delete
	find "$lib/system/sockets.target.wants" -name '*initctl*' -delete
}

# rootfs_identity DIR: as installing the packages leaves it. And it is not the machine's first boot, at
# which all units there are would be enabled.
rootfs_identity()
{
	printf 'g %s -\n' input kvm render sgx >"$1/usr/lib/sysusers.d/udev.conf"
	rm -r "$1"/var/{run,lock}
	ln -s /run "$1/var/run"
	ln -s /run/lock "$1/var/lock"
	echo 00000000000000000000000000000001 >"$1/etc/machine-id"
	echo guest >"$1/etc/hostname"
	mkdir -p "$1"/{dev,proc,run,sys,tmp}
}

# rootfs_verifier DIR: `udevadm verify` came with 254, and the libraries of two versions have different
# names.
rootfs_verifier()
{
	(cd "$apt_dir/archives" && rm -f ./*.deb &&
		apt-get -q -t "$apt_dist-backports" download udev libsystemd-shared)
	unpack "$apt_dir/verify"
	mv "$apt_dir/verify/bin/udevadm" "$1/usr/bin/udevadm-verify"
	find "$apt_dir/verify" -name 'libsystemd-shared-*.so' \
		-exec mv -t "$1/usr/lib/x86_64-linux-gnu/systemd" {} +
}

# rootfs_entry DIR
rootfs_entry()
{
	say "fetching systemd and udev of Debian 12 …"
	apt_open "$1/apt" bookworm
	apt_get_release "${rootfs_packages[@]}"
	unpack "$1"
	rootfs_merge "$1"
	rootfs_trim "$1"
	rootfs_identity "$1"
	rootfs_verifier "$1"
	apt_close
}

# get_rootfs: sets rootfs to the tree's directory.
get_rootfs()
{
	local name
	name=rootfs/$(hash_of "$here/lib/rootfs.sh")
	entry "$name" rootfs_entry
	rootfs=$cache/$name
}
