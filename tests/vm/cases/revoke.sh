# SPDX-License-Identifier: GPL-2.0-or-later
# the card is taken from threads that map, fault, read, write and unmap, again and again
# shellcheck shell=dash

# What takes most of a round's time in the debug kernel is left out: ACPI's interrupt routing, which is for
# INTx and interpreted anew each time, and a walk through all of DMA's tables when a driver goes, which
# module-reload and owner-dies have.
host()
{
	rounds 200 10000
	limit 1800
	cmdline acpi=noirq dma_debug=off
	arg -device edu
	allow_refused 'DMA after bus master off'
	card card --channels=1 --size=64x64 --fps=10
}

available()
{
	sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo
}

# A page in each round, and some megabytes that come and go. The debug kernel, which keeps freed memory
# for a while, looks for leaks itself.
little_lost()
{
	[ ! -e /sys/kernel/debug/kmemleak ] || return 0
	lost=$(($1 - $(available)))
	echo "$lost KiB less"
	[ $lost -lt $((4096 + rounds * 4)) ]
}

# revoke_it NAME SLOT ROUNDS REMOVE RESET
revoke_it()
{
	name=$1
	shift
	check "$name" revoke "$@" && note "$name: $(cat /tmp/check.out)"
}

guest()
{
	edu_up msi || return
	edu=$slot
	refcard=$(slot_of 1234 0cab)
	check "the reference card is the stub's, too" within 20 [ -e "/sys/bus/pci/devices/$refcard/uio" ]
	check "warm up" revoke "$edu" 20 10 0
	before=$(available)
	revoke_it "edu, by unbind, each 20th time by remove" "$edu" "$rounds" 20 0
	revoke_it "the reference card, also by reset" "$refcard" $((rounds / 20)) 5 3
	check "no memory is lost" little_lost "$before"
	check "the module can go" rmmod uio_stub
}
