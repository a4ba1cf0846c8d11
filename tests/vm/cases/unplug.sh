# SPDX-License-Identifier: GPL-2.0-or-later
# the card is unplugged in an orderly way in the middle of a capture, and plugged in again
# shellcheck shell=dash

# The port's own hot plug, as hardware has it, and not ACPI's. Without MSI-X: up to 11.1 QEMU ends with a
# failed assertion when a vfio-user card with MSI-X is unplugged. In the debug kernel it is ACPI's: lockdep
# finds fault with the driver of the port, pciehp, which takes its two locks in both orders, and having
# found that would look for nothing else.
host()
{
	rounds 3 5
	allow_refused 'DMA after bus master off'
	[ "$series" = debug ] || arg -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
	card card --channels=8 --size=640x480 --rate=50M --irq=msi
}

host_during()
{
	hot_plug card
}

interrupted()
{
	[ "$(cat /sys/class/uio/uio0/event)" -gt $(($1 + 100)) ]
}

is_gone()
{
	[ ! -e "/sys/bus/pci/devices/$slot" ] && [ ! -e /dev/uio0 ]
}

# A capture that would never end is told that its card has gone. Linux waits for five seconds after
# the button has been pressed: so long it may be pressed again.
one_round()
{
	before=$(cat /sys/class/uio/uio0/event)
	uiocap capture -d uio0 -c all -f check-edges 2>/tmp/capture.err &
	pid=$!
	check "round $1: the capture runs" within 20 interrupted "$before"
	check "round $1: the host lets go" ask unplug
	wait "$pid"
	equal "round $1: exit status for a card that is gone" $? 3
	check "round $1: and it says so" grep 'the card has gone' /tmp/capture.err
	check "round $1: card and node are gone" within 20 is_gone
	check "round $1: the host plugs it in" ask plug
	check "round $1: the node is back" within 60 node_up
	capture "round $1, plugged in again" -c all -t 1s -f check-edges --hold
}

guest()
{
	card_up msi || return
	n=0
	while [ $n -lt "$rounds" ]; do
		n=$((n + 1))
		one_round $n
	done
}
