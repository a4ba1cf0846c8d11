# SPDX-License-Identifier: GPL-2.0-or-later
# the card vanishes without notice: it dies, or its slot loses power
# shellcheck shell=dash

# "dead" dies at its 100th chunk, and at its 100th after it has been revived; "slot" loses its power.
# QEMU as of 11.1 cannot unplug a card with MSI-X, and may abort when the card's process is killed.
host()
{
	allow_refused 'DMA after bus master off|no memory there'
	arg -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
	card dead --channels=1 --size=640x160 --rate=10M --fault=dead-ones:after=99 \
		--fault=dead-zeros:after=199 --fault=dead-ones:after=299
	card slot --channels=1 --size=640x160 --rate=10M --irq=msi
}

host_during()
{
	hot_plug slot
}

node_of()
{
	basename "/sys/bus/pci/devices/$1/uio"/*
}

is_bound()
{
	[ -e "/sys/bus/pci/devices/$1/uio" ] && [ -c "/dev/$(node_of "$1")" ]
}

interrupted()
{
	[ "$(cat "/sys/class/uio/$(node_of "$slot")/event")" -gt 30 ]
}

uptime_ms()
{
	sed 's/\.\([0-9]*\) .*/\10/' /proc/uptime
}

# quick COMMAND…: does it within ten seconds? A reset that is waited for takes a minute.
quick()
{
	began=$(uptime_ms)
	"$@" || return
	took=$(($(uptime_ms) - began))
	echo "it took $took ms"
	[ $took -lt 10000 ]
}

# ends_by_itself NAME: the capture in $pid
ends_by_itself()
{
	wait "$pid"
	equal "$1: exit status of the capture" $? 3
	cat /tmp/capture.err
	check "$1: it says why" grep -E 'does not answer any more|the card has gone' /tmp/capture.err
}

start_capture()
{
	uiocap capture -d "$slot" -f check-edges 2>/tmp/capture.err >/dev/null &
	pid=$!
}

dies()
{
	start_capture
	ends_by_itself "$1"
	check "$1: its close has revived it" quick uiocap info -d "$slot"
}

remove()
{
	echo 1 >"/sys/bus/pci/devices/$1/remove"
}

comes_again()
{
	check "slot: the host plugs the card in again" ask plug
	check "slot: the stub takes it" within 60 is_bound "$slot"
	check "slot: a capture" uiocap capture -d "$slot" -t 1s --hold --strict -f check-edges
}

# Not in the debug kernel, where lockdep finds fault with pciehp as soon as that takes a card: see unplug.
guest()
{
	load uio
	load uio_stub
	slot=0000:01:00.0
	check "the stub takes the cards" within 20 is_bound 0000:02:00.0
	dies "dead with ones"
	dies "dead with zeros"
	start_capture
	ends_by_itself "dead a third time"
	slot=0000:02:00.0
	start_capture
	check "slot: the capture runs" within 20 interrupted
	check "slot: its power goes" power_off "$slot"
	ends_by_itself "slot"
	check "slot: it can be removed" quick remove "$slot"
	in_debug || comes_again
}
