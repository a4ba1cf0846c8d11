# SPDX-License-Identifier: GPL-2.0-or-later
# the service is killed, hangs, is restarted: how long until there are frames again
# shellcheck shell=dash

# On a machine it has to be three seconds. How much slower the emulator is shows in the time of a loop,
# here and there.
# shellcheck disable=SC2016 # for the shell that is measured
loop='i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done'

host()
{
	service
	allow_refused 'DMA after bus master off|cannot be (read|written)'
	card card --channels=2 --size=320x160 --rate="$rate"
	cmdline "loop_ms=$(($(loop_ns) / 1000000))"
}

loop_ns()
{
	began=$(date +%s%N)
	busybox sh -c "$loop"
	echo $(($(date +%s%N) - began))
}

now_ms()
{
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}0"
}

# slowness: of the emulator, in hundredths
slowness()
{
	began=$(now_ms)
	sh -c "$loop"
	here=$(sed 's/.*loop_ms=\([0-9]*\).*/\1/' /proc/cmdline)
	echo $((($(now_ms) - began) * 100 / here))
}

a_frame()
{
	client alice -c 0 -n 1 >/tmp/frame 2>&1
}

# again EVENT BEGAN: a client gets a frame, within three of the machine's seconds since BEGAN.
again()
{
	within 60 a_frame || { not_ok "$1: frames come again" "$(tail -n 1 /tmp/frame)"; return; }
	ms=$(($(now_ms) - $2))
	note "$1: a frame after $ms ms, $((ms * 100 / slow)) ms of a machine"
	check "$1: frames come again within 3 s" [ $((ms * 100 / slow)) -le 3000 ]
}

# attached NAME: a client that would never end is served.
attached()
{
	client_starts "$1" -c all -f null
	check "$1: a client is served" within 60 has_come
	main=$(service_pid)
}

killed()
{
	attached killed
	began=$(now_ms)
	kill -KILL "$main"
	wait "$pid"
	equal "killed: the client's exit status" $? 3
	again killed "$began"
}

gone()
{
	[ ! -d "/proc/$main" ]
}

# The watchdog has ten seconds of patience.
hung()
{
	attached hung
	kill -STOP "$main"
	check "hung: the watchdog ends it" within 60 gone
	began=$(now_ms)
	wait "$pid"
	note "hung: its client ended with exit status $?, $(tail -n 1 /tmp/hung.err)"
	again hung "$began"
	check "hung: the journal says so" has_said 'Watchdog timeout'
}

restarted()
{
	attached restarted
	began=$(now_ms)
	systemctl restart "$service"
	wait "$pid"
	equal "restarted: the client's exit status" $? 3
	again restarted "$began"
}

guest()
{
	check "the service captures" service_up || return
	slow=$(slowness)
	note "the emulator is $((slow / 100)) times slower than this machine"
	[ "$slow" -ge 100 ] || slow=100
	killed
	hung
	restarted
	check "no unit has failed" nothing_failed
	service_ends
}
