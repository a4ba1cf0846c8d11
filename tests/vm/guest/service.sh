# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Words for cases with the service of a card, that in the first port, and with clients of it.

# at SLOT: the card that is spoken of
at()
{
	slot=$1
	service=uiocapd@$slot.service
	socket=/run/uiocap/pci-$slot
	node=/dev/uiocap/by-path/pci-$slot
}

at 0000:01:00.0

# service_is STATE: active, inactive, failed, …
service_is()
{
	[ "$(systemctl is-active "$service")" = "$1" ]
}

# becomes STATE: waits for that, a minute at most; eight in the debug kernel, where the machine boots for
# two, and the first start may take four. It asks seldom, for that is work.
becomes()
{
	patience=60
	! in_debug || patience=480
	end=$(($(cut -d. -f1 /proc/uptime) + patience))
	until service_is "$1"; do
		[ "$(cut -d. -f1 /proc/uptime)" -lt $end ] || return 1
		sleep 0.5
	done
}

# service_up: waits until it captures.
service_up()
{
	becomes active || { journalctl -q -o cat -u "$service" | tail -n 12; return 1; }
}

# service_pid: of the service, 0 when it does not run
service_pid()
{
	systemctl show -P MainPID "$service"
}

# has_said REGEXP: the service, or systemd about it, in the journal
has_said()
{
	journalctl -q -o cat -u "$service" | grep -E "$1"
}

# Debian's setpriv, which busybox's own would hide.
# as USER COMMAND…: as if logged in, with all of the user's groups and no capability
as()
{
	user=$1
	shift
	/usr/bin/setpriv --reuid "$user" --regid "$user" --init-groups --inh-caps=-all "$@"
}

# client USER [OPTION…]: captures from the service.
client()
{
	user=$1
	shift
	as "$user" uiocap capture -d "unix:$socket" "$@"
}

# client_starts NAME [OPTION…]: one of alice's that ends by itself or when it is told to; sets pid. What
# it says is in /tmp/NAME and /tmp/NAME.err.
client_starts()
{
	name=$1
	shift
	/usr/bin/setpriv --reuid alice --regid alice --init-groups uiocap capture -d "unix:$socket" --json "$@" \
		>"/tmp/$name" 2>"/tmp/$name.err" &
	pid=$!
}

# has_come: the service knows of the client pid
has_come()
{
	has_said "client uiocap \\(pid $pid, " >/dev/null
}

# service_ends: a card in use when the machine goes down would write where it must not.
service_ends()
{
	systemctl stop "$service"
	check "it stops in order" service_is inactive
	journalctl -o short-monotonic -u "$service" -u "uiocapd@$slot.socket"
}

# nothing_failed: of all units
nothing_failed()
{
	[ "$(systemctl --failed --plain --no-legend | tee /dev/console | wc -l)" = 0 ]
}
