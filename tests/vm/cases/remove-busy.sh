# SPDX-License-Identifier: GPL-2.0-or-later
# the card goes, by unbind and by remove, in the middle of a capture, and can be used again
# shellcheck shell=dash

host()
{
	allow_refused 'DMA after bus master off'
	card card --channels=8 --size=640x480 --rate=50M
}

# interrupted COUNT: there have been some hundred more, so that frames come.
interrupted()
{
	[ "$(cat /sys/class/uio/uio0/event)" -gt $(($1 + 100)) ]
}

# go HOW FILE TEXT: a capture that would never end is told that its card has gone.
go()
{
	before=$(cat /sys/class/uio/uio0/event)
	uiocap capture -d uio0 -c all -f check-edges 2>/tmp/capture.err &
	pid=$!
	check "$1: the capture runs" within 20 interrupted "$before"
	echo "$3" >"$2"
	wait "$pid"
	equal "$1: exit code for a card that is gone" $? 3
	cat /tmp/capture.err
	check "$1: and it says so" grep -q 'the card has gone' /tmp/capture.err
}

guest()
{
	card_up msix || return
	go unbind /sys/bus/pci/drivers/uio_stub/unbind "$slot"
	check "it can be bound again" uiocap bind "$slot"
	capture "after unbind" -c all -t 1s -f check-edges --hold
	go remove "/sys/bus/pci/devices/$slot/remove" 1
	echo 1 >/sys/bus/pci/rescan
	check "the node is back after a rescan" within 20 node_up
	capture "after remove" -c all -t 1s -f check-edges --hold
}
