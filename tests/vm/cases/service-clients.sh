# SPDX-License-Identifier: GPL-2.0-or-later
# three clients of the service at once, one of them stopped: the others lose nothing
# shellcheck shell=dash

# A card for each rate, the fastest first; their services wait until they are started. 100 buffers are
# for an emulated processor that others want as well. The debug kernel has no rate to find: one card, as
# slow as in other cases, whose service starts by itself.
host()
{
	service
	memory 3G
	config etc/udev/rules.d/59-size.rules \
		'ACTION=="add", SUBSYSTEM=="uio", ENV{UIOCAP_DMA_SIZE}="128M"'
	config etc/uiocap/uiocapd.conf '[clients]' 'buffers = 100'
	if [ "$series" = debug ]; then
		card card --channels=8 --size=160x120 --rate="$rate"
		return
	fi
	config etc/udev/rules.d/61-wait.rules 'SUBSYSTEM=="uio", ENV{SYSTEMD_WANTS}=""'
	for rate in 350 150 60 20; do
		card card$rate --channels=8 --size=640x480 --rate=${rate}M
	done
}

# lost_none FILE: the client got every frame that there was.
lost_none()
{
	[ "$(number lost "$1")" = 0 ] && [ "$(number incomplete "$1")" = 0 ] &&
		[ "$(number frames "$1")" -gt 100 ]
}

account()
{
	echo "$(number frames "/tmp/$1") frames, $(number mb_per_s "/tmp/$1") MB/s," \
		"$(number lost "/tmp/$1") lost"
}

# is_served: the only client has started all channels and has a frame.
is_served()
{
	as alice uiocap top -d "unix:$socket" -n 1 -J | sed -n '/"clients"/,$p' >/tmp/top
	grep -q '"channels": "0-7"' /tmp/top && grep -q '"held": [1-9]' /tmp/top
}

# The third is stopped once it is served, and goes on when the others have ended. It has few
# buffers: a slow card would not fill more in that time.
three_clients()
{
	client_starts stopped -c all -f null --buffers 10
	stopped=$pid
	within 20 is_served || return
	kill -STOP "$stopped"
	client_starts first -c all -t 4s -f check-edges --buffers 100
	first=$pid
	client_starts second -c all -t 4s -f check-edges --buffers 100
	wait "$first" "$pid"
	kill -INT "$stopped"
	kill -CONT "$stopped"
	wait "$stopped"
	note "card at $1 MB/s: $(account first); $(account second)"
	note "the one that was stopped: $(account stopped) $(tail -n 1 /tmp/stopped.err)"
}

lost_by_card()
{
	journalctl -q -o cat -u "$service" | awk '/lost by the card/ { lost += $(NF - 4) } END { print lost + 0 }'
}

# at_rate SLOT MB/S
at_rate()
{
	at "$1"
	systemctl start "$service"
	three_clients "$2"
	systemctl stop "$service"
	note "$(lost_by_card) lost by the card"
	lost_none /tmp/first && lost_none /tmp/second
}

# The emulator's highest rate is whatever it is: one after another, until nothing is lost.
some_rate()
{
	if in_debug; then
		service_up && at_rate 0000:01:00.0 1
		return
	fi
	at_rate 0000:01:00.0 350 || at_rate 0000:02:00.0 150 || at_rate 0000:03:00.0 60 ||
		at_rate 0000:04:00.0 20
}

refused()
{
	systemctl start "$service"
	client mallory -n 1 2>/tmp/mallory
	equal "who is not in the group is refused" $? 1
	check "and told so" grep 'no permission' /tmp/mallory
	check_code "who is in it is not" 0 client alice -n 1
}

guest()
{
	if some_rate; then
		ok "a client that is stopped costs the others nothing"
	else
		not_ok "a client that is stopped costs the others nothing" "at any rate"
		cat /tmp/first.err /tmp/second.err
	fi
	equal "all that came was right" "$(number damaged /tmp/first)" 0
	check "what was lost is known to who lost it" [ "$(number lost /tmp/stopped)" -gt 0 ]
	check "and to the service" has_said 'has left: [0-9]+ frames, [1-9][0-9]* lost'
	refused
	service_ends
}
