# SPDX-License-Identifier: GPL-2.0-or-later
# the card goes, by remove and by unbind, while a program has it open and mapped
# shellcheck shell=dash

host()
{
	arg -device edu
}

# go HOW FILE TEXT: the program reports for itself; a crash would leave its lines short of the last.
go()
{
	gone uio0 "$2" "$3" >/tmp/gone
	sed "s/^\(not \)\?ok /&$1: /" /tmp/gone >/tmp/results
	while read -r line; do
		result "$line"
	done </tmp/results
	grep -q reachable /tmp/gone || not_ok "$1" "the program died"
}

guest()
{
	edu_up msi || return
	slot=$(slot_of 1234 11e8)
	go unbind /sys/bus/pci/drivers/uio_stub/unbind "$slot"
	check "it can be bound again" bind "$slot" uio_stub
	check "the node is back" within 20 node_up
	equal "the write to the dead mapping has not reached the card" "$(edu live uio0)" 0xeeeeeeee
	go remove "/sys/bus/pci/devices/$slot/remove" 1
	echo 1 >/sys/bus/pci/rescan
	check "the node is back after a rescan" within 20 node_up
	equal "the write to the dead mapping has not reached it" "$(edu live uio0)" 0xeeeeeeee
}
