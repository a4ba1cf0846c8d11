# SPDX-License-Identifier: GPL-2.0-or-later
# the module is unloaded and loaded again and again, with a card, and leaves nothing behind
# shellcheck shell=dash

# The debug kernel keeps what is released for seconds, at random, and rmmod waits for most of it: by a
# clock that does not count what the guest has slept.
host()
{
	rounds 50 500
	limit 600
	no_intx
	arg -device edu
	[ "$series" != debug ] || icount
}

# It does not wait for the driver's name, with which the next one would collide there.
reload()
{
	rmmod uio_stub && within 20 [ ! -e /sys/bus/pci/drivers/uio_stub ] &&
		insmod /modules/uio_stub.ko && within 20 node_up
}

# reload_times N: the tenth time each it also has to work.
reload_times()
{
	done=0
	while [ $done -lt "$1" ]; do
		reload || return
		done=$((done + 1))
		[ $((done % 10)) != 0 ] || uiocap capture -d uio0 -n 1 -f null --strict || return
	done
}

# In KiB, without what the kernel only keeps because nobody has asked for it.
available()
{
	echo 3 >/proc/sys/vm/drop_caches
	sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo
}

guest()
{
	edu_up msi || return
	bind "$slot" uio_stub	# from now on by override, which outlives the module
	exec 7</dev/uio0
	check_code "it cannot be unloaded while the node is open" 1 rmmod uio_stub
	check "nor has that done anything" node_up
	exec 7<&-

	reload_times 10
	before=$(available)
	# shellcheck disable=SC2154 # the kernel makes it from its command line
	check "unloaded and loaded, and at work each tenth time" reload_times "$rounds"
	after=$(available)
	note "$done times; $before KiB of memory available before, $after after"
	# it goes up and down by half a MiB, and a region has one; kmemleak looks for what is smaller
	check "no region has stayed behind" [ $((before - after)) -lt 4096 ]
}
