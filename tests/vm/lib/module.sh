# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# uio_stub.ko for one kernel, built in a copy: the source tree is never written to.

# in_tree ROOT DIR COMMAND…: runs COMMAND in ROOT, with DIR at /mnt. Without root it takes a user
# namespace of its own.
in_tree()
{
	local flags=-m
	[ "$(id -u)" = 0 ] || flags=-Urm
	# shellcheck disable=SC2016 # for the inner shell
	unshare $flags sh -ec 'root=$1 dir=$2
		shift 2
		mount --rbind /dev "$root/dev"
		mount --rbind /proc "$root/proc"
		mount --bind "$dir" "$root/mnt"
		exec chroot "$root" env PATH=/usr/bin:/usr/sbin "$@"' sh "$@"
}

# module_entry DIR KERNEL
module_entry()
{
	local release headers
	release=$(cat "$2/release")
	headers=/usr/src/linux-headers-$release
	say "building uio_stub.ko for $release …"
	cp -r "$top/uio_stub" "$top/include" "$1"
	if [ -d "$2/root/proc" ]; then
		in_tree "$2/root" "$1" make -C "$headers" M=/mnt/uio_stub modules
	else
		need make make
		need gcc-12 gcc-12
		make -C "$2/root$headers" M="$1/uio_stub" modules
	fi
	mv "$1/uio_stub/uio_stub.ko" "$1/uio_stub.ko"
}

# get_module KERNEL: sets module to the path of uio_stub.ko.
get_module()
{
	local name
	name=module/$(cat "$1/release")-$(hash_of "$top/uio_stub" "$top/include")
	entry "$name" module_entry "$1"
	module=$cache/$name/uio_stub.ko
}
