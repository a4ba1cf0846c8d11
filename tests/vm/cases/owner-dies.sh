# SPDX-License-Identifier: GPL-2.0-or-later
# owners die with all channels running: DMA ends, and nothing of theirs is left for the next
# shellcheck shell=dash

# What the card wants of the bus after it has lost it is refused; what counts is that the region
# does not change any more, which the host sees in the guest's memory.
host()
{
	rounds 20 200
	limit 900
	allow_refused 'DMA after bus master off'
	card card --channels=8 --size=320x160 --rate=16M
}

# snapshot NAME BUS LENGTH: of the guest's memory
snapshot()
{
	qmp "{\"execute\":\"pmemsave\",\"arguments\":{\"filename\":\"$dir/$1\",\"val\":$2,\"size\":$3}}"
}

# changes BUS LENGTH: in a twentieth of a second
changes()
{
	snapshot before "$1" "$2" && sleep 0.05 && snapshot after "$1" "$2" &&
		! cmp -s "$dir/before" "$dir/after"
}

# shellcheck disable=SC2086 # words
host_during()
{
	while request; do
		set -- $asked
		if changes "$2" "$3" >/dev/null; then
			answer changes
		else
			answer still
		fi
	done
}

# region_is still|changes: the region, for the host
region_is()
{
	ask region "$bus" "$length"
	[ "$answer" = "$1" ] || { echo "the region does not say \"$1\" but \"$answer\""; return 1; }
}

# The command register is the second word of configuration space, and its bit 2 bus mastering.
masters()
{
	[ $(($(od -An -tu1 -j4 -N1 "/sys/bus/pci/devices/$slot/config") & 4)) != 0 ]
}

is_busy()
{
	[ "$(get_attr busy)" = 1 ]
}

released()
{
	! is_busy || { echo "somebody still has the card"; return 1; }
	! masters || { echo "it still masters the bus"; return 1; }
	region_is still || return
	! masters || { echo "it masters the bus again"; return 1; }
}

# kept: by whoever is left, so the card goes on
kept()
{
	is_busy || { echo "nobody has the card"; return 1; }
	masters || { echo "it does not master the bus"; return 1; }
	region_is changes
}

interrupted()
{
	[ "$(cat /sys/class/uio/uio0/event)" -gt $(($1 + 50)) ]
}

# At a moment that nobody has chosen, a fifth of a second at most.
capture_dies()
{
	before=$(cat /sys/class/uio/uio0/event)
	uiocap capture -d uio0 -c all -f null >/tmp/killed 2>&1 &
	pid=$!
	within 20 interrupted "$before" || { echo "the capture does not run"; return 1; }
	usleep $(($(od -An -tu2 -N2 /dev/urandom) * 3))
	kill -9 "$pid"
	wait "$pid"
	[ $? = 137 ] || { cat /tmp/killed; return 1; }
}

all_die()
{
	n=0
	while [ $n -lt "$rounds" ]; do
		n=$((n + 1))
		why=$(capture_dies && released && owner uio0 heir 2>&1) && continue
		echo "round $n: $why"
		return 1
	done
}

# owner_runs HOW: an owner that does without the library; sets pid
owner_runs()
{
	owner uio0 "$1" >/tmp/owner &
	pid=$!
	check "$1: it runs" within 20 grep -q running /tmp/owner
	check "$1: the card writes into the region" kept
}

owner_dies()
{
	kill -9 "$pid"
	wait "$pid"
}

gone()
{
	[ ! -d "/proc/$1" ]
}

guest()
{
	card_up msix 4M || return
	owner uio0 where >/tmp/where
	read -r bus length </tmp/where
	check "owners killed in the middle of a capture, $rounds times" all_die
	capture "after them" -c all -t 1s -f check-edges --hold
	owner_runs run
	owner_dies
	check "an owner without the library: DMA ends with it" released
	check "nothing of it is left" owner uio0 heir
	owner_runs fork
	child=$(sed -n 's/^child //p' /tmp/owner)
	owner_dies
	check "a child with the descriptor keeps the card" kept
	kill -9 "$child"
	within 20 gone "$child"
	check "DMA ends with the child" released
	check "nothing of them is left" owner uio0 heir
	owner_runs map
	check "a map without the descriptor keeps the card" kept
	kill -USR1 "$pid"
	check "it is unmapped" within 20 grep -q unmapped /tmp/owner
	check "DMA ends with the last map" released
	check "and its memory is empty then" owner uio0 heir
	owner_dies
	owner_runs map
	owner_dies
	check "DMA ends with who has nothing but maps" released
	check "nothing of that is left" owner uio0 heir
	capture "at the end" -c all -t 1s -f check-edges --hold
}
