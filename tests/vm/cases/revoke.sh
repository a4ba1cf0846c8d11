# SPDX-License-Identifier: GPL-2.0-or-later
# the card is taken from threads that map, fault, read, write and unmap, again and again
# shellcheck shell=dash

# Without a walk through all of DMA's tables each time the driver goes, which would take half the time in the
# debug kernel: revoke-ways and module-reload have it. Ten thousand rounds take an hour there on a machine that
# is quiet, and more than two beside other work; a round that is stuck ends by itself.
host()
{
	rounds 200 10000
	limit 3600
	no_intx
	cmdline dma_debug=off
	arg -device edu
}

available()
{
	sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo
}

# A page in each round, and some megabytes that come and go. The debug kernel, which keeps freed memory
# for a while, looks for leaks itself.
little_lost()
{
	! in_debug || return 0
	lost=$(($1 - $(available)))
	echo "$lost KiB less"
	[ $lost -lt $((4096 + rounds * 4)) ]
}

guest()
{
	edu_up msi || return
	check "warm up" revoke "$slot" 20 unbind remove/10
	before=$(available)
	check "by unbind, each 20th time by remove" revoke "$slot" "$rounds" unbind remove/20 &&
		note "$(cat /tmp/check.out)"
	check "no memory is lost" little_lost "$before"
	check "the module can go" rmmod uio_stub
}
