# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A QEMU that has the device vfio-user-pci, which came with 10.1.

# qemu_entry DIR
qemu_entry()
{
	say "fetching QEMU from Debian's trixie-backports …"
	apt_open "$1/apt" trixie
	apt_get qemu-system-x86
	unpack "$1"
	apt_close
}

# find_qemu: sets the array qemu. Programs of the tree run through the tree's own dynamic loader:
# no root, no chroot, and files and sockets keep their paths.
find_qemu()
{
	local tree=$cache/qemu
	local lib=$tree/usr/lib/x86_64-linux-gnu share=$tree/usr/share
	if qemu-system-x86_64 -device help 2>/dev/null | grep -q '"vfio-user-pci"'; then
		qemu=(qemu-system-x86_64)
		return
	fi
	entry qemu qemu_entry
	qemu=(env QEMU_MODULE_DIR="$lib/qemu" "$lib/ld-linux-x86-64.so.2" --library-path "$lib"
	      "$tree/usr/bin/qemu-system-x86_64" -L "$share/qemu" -L "$share/seabios")
}
