# SPDX-License-Identifier: GPL-2.0-or-later
# the card is unplugged under the service and its client, and plugged in again
# shellcheck shell=dash

# Unplugged by ACPI, which does not wait for five seconds as a port's button does. Without MSI-X: see unplug.
host()
{
	service
	rounds 4 50 8
	limit 1200
	allow_refused 'DMA after bus master off|cannot be (read|written)'
	card card --channels=2 --size=320x160 --rate="$rate" --irq=msi
}

host_during()
{
	hot_plug card
}

# Nothing of it is left: no node, no link, no socket.
is_gone()
{
	[ ! -e "/sys/bus/pci/devices/$slot" ] && [ ! -e /dev/uio0 ] && [ ! -e "$node" ] &&
		[ ! -e "$socket" ]
}

# is_open: the socket is there, and systemd has given it to the group, which it does a moment later.
is_open()
{
	[ "$(stat -c %G "$socket" 2>/dev/null)" = uiocap ]
}

# A client that would never end is told that the card has gone. The service has ended then, and not failed.
one_round()
{
	check "$1: the service captures" service_up || return
	client_starts lost -c all -f null
	check "$1: its client is served" within 60 has_come || return
	check "$1: the host lets go" ask unplug
	wait "$pid"
	equal "$1: the client's exit status" $? 3
	check "$1: it says why" grep -q 'the card is gone' /tmp/lost.err
	check "$1: card, node and socket are gone" within 60 is_gone
	check "$1: the service has ended" becomes inactive
	check "$1: the host plugs it in" ask plug
	check "$1: the socket is back" within 60 is_open
	check_code "$1: a new client" 0 client alice --strict -f check-edges -c all -n 5
}

guest()
{
	n=0
	while [ $n -lt "$rounds" ]; do
		n=$((n + 1))
		one_round "round $n" || break
	done
	check "no unit has failed" nothing_failed
	equal "services that run" "$(pidof uiocapd | wc -w)" 1
	check "nothing has crashed" sh -c '! journalctl -q -o cat | grep -iE "core dumped|segfault"'
	service_ends
}
