# SPDX-License-Identifier: GPL-2.0-or-later
# the module cannot go while somebody has the card, or shows what is left of one that has gone
# shellcheck shell=dash

host()
{
	arg -device edu
}

# keeper: a program that opens and maps everything of the card and does as it is told.
keeper()
{
	rm -f /tmp/orders
	mkfifo /tmp/orders
	keep uio0 </tmp/orders >/tmp/kept &
	pid=$!
	exec 4>/tmp/orders
	check "$1: open and mapped" within 20 grep -q ready /tmp/kept
}

told()
{
	[ "$(wc -l </tmp/kept)" -gt "$lines" ]
}

# order NAME WORD WANT: the program answers that.
order()
{
	lines=$(wc -l </tmp/kept)
	echo "$2" >&4
	within 20 told
	equal "$1" "$(tail -n 1 /tmp/kept)" "$3"
}

end_keeper()
{
	kill -9 "$pid"
	wait "$pid"
	exec 4>&-
}

refused()
{
	! rmmod uio_stub && [ -d /sys/module/uio_stub ]
}

gone()
{
	rmmod uio_stub && [ ! -e /dev/uio0 ]
}

back()
{
	load uio_stub
	echo 1234 11e8 >/sys/bus/pci/drivers/uio_stub/new_id
	check "$1: loaded again" within 20 node_up
}

alive='registers ee info live memory same'
dead='registers ff info removed memory fault'

guest()
{
	edu_up msi || return
	slot=$(slot_of 1234 11e8)
	keeper "open"
	check "open: the module stays" refused
	order "open: and all is as it was" look "$alive"
	end_keeper
	check "its owner was killed: the module goes" gone

	back "killed"
	keeper "only mapped"
	order "only mapped: the descriptor is closed" close closed
	check "only mapped: the module stays" refused
	order "only mapped: and all is as it was" look "$alive"
	echo "$slot" >/sys/bus/pci/drivers/uio_stub/unbind
	order "unbound: the mapping shows it" look "$dead"
	check "unbound: the module stays, for its pages are mapped" refused
	order "unbound: they still say the same" look "$dead"
	check "bound again beside the old mapping" bind "$slot" uio_stub
	check "the node is back" within 20 node_up
	order "bound again: the old mapping shows nothing of it" look "$dead"
	end_keeper
	check "the mapping has gone: the module goes" gone
	back "at last"
	equal "the card lives" "$(edu live uio0)" 0xeeeeeeee
}
