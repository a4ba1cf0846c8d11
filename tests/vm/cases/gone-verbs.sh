# SPDX-License-Identifier: GPL-2.0-or-later
# the card goes while uiocap writes a frame, and while its other verbs look: status 3 and a message
# shellcheck shell=dash

host()
{
	rounds 5 20
	allow_refused 'DMA after bus master off'
	card card --channels=1 --size=640x480 --rate=20M --stream=pattern:10M
}

# A reader that has opened the pipe, and reads when it may.
slow_reader()
{
	{ within 60 [ -e /tmp/read ]; cat >/dev/null; } </tmp/pipe
}

is_full()
{
	[ "$(cat /sys/class/uio/uio0/event)" = "$events" ] && [ "$events" -gt 1 ] && return
	events=$(cat /sys/class/uio/uio0/event)
	sleep 0.5
	return 1
}

# goes VERB…: the verb stands in the middle of a write to a full pipe when its card goes
goes()
{
	rm -f /tmp/read /tmp/pipe
	mkfifo /tmp/pipe
	slow_reader &
	events=
	uiocap "$@" -d uio0 -o /tmp/pipe 2>/tmp/verb.err >&2 &
	pid=$!
	check "$1: the pipe is full" within 60 is_full
	echo "$slot" >/sys/bus/pci/drivers/uio_stub/unbind
	: >/tmp/read
	wait "$pid"
	equal "$1: exit status for a card that went while it wrote" $? 3
	cat /tmp/verb.err
	check "$1: and it says so" grep 'the card has gone' /tmp/verb.err
	echo "$slot" >/sys/bus/pci/drivers/uio_stub/bind
	check "$1: the node is back" within 20 node_up
}

# Whatever the moment is, a verb works, or says with status 3 that there is no card.
look()
{
	uiocap "$@" >/tmp/look.out 2>&1
	code=$?
	case $code in
	0) ;;
	3) echo 3 >>/tmp/went ;;
	*) echo "uiocap $*: exit $code: $(tail -n 1 /tmp/look.out)" >>/tmp/wrong ;;
	esac
}

look_around()
{
	until [ -e /tmp/enough ]; do
		look info -d "$slot"
		look regs -d "$slot" dump
	done
}

all_looks()
{
	! cat /tmp/wrong 2>/dev/null
}

guest()
{
	card_up msix || return
	goes capture -c 0 -f raw
	goes stream
	look_around &
	looks=$!
	for _ in $(seq "$rounds"); do
		sleep 0.3
		echo "$slot" >/sys/bus/pci/drivers/uio_stub/unbind
		sleep 0.3
		echo "$slot" >/sys/bus/pci/drivers/uio_stub/bind
	done
	: >/tmp/enough
	wait "$looks"
	check "info and regs end well or with status 3, whenever the card goes" all_looks
	check "and some of them found it gone" [ -s /tmp/went ]
}
