# SPDX-License-Identifier: GPL-2.0-or-later
# The processor's page tables have registers uncached, the region and the page cached
# shellcheck shell=dash

# One processor, whose page tables are those of the program that never sleeps.
host()
{
	arg -device edu -smp 1
	mkfifo "$dir/monitor.in" "$dir/monitor.out"
	arg -chardev "pipe,id=monitor,path=$dir/monitor" -mon monitor
}

# monitor COMMAND REGEXP: what QEMU's monitor says to it, of which the group in REGEXP.
monitor()
{
	echo "$1" >&8
	timeout 60 sed -nEu "/$2/{s/.*$2.*/\1/p;q}" <&9
}

# entry ADDRESS: of the page tables, for that address, which may be one of a large page (Intel's manual,
# volume 3, 4.5).
entry()
{
	table=$cr3
	for shift in $levels; do
		at=$(((table & 0xffffffffff000) + ($1 >> shift & 511) * 8))
		table=$(monitor "xp /1gx $at" ': (0x[0-9a-f]+)')
		[ $((table & 0x81)) = 1 ] || break
	done
	echo "$table"
}

# kind NAME: how it is mapped, by the bits PWT and PCD.
kind()
{
	bits=$(entry "0x$(sed -n "s/^map $1 //p" "$dir/guest.result")")
	case $((bits & 0x19)) in
	1) echo cached ;;
	17) echo uncached ;;
	*) echo "unknown: $bits" ;;
	esac
}

is()
{
	kind=$(kind "$1")
	if [ "$kind" = "$2" ]; then
		ok "$1 is mapped $2"
	else
		not_ok "$1 is mapped $2" "it is $kind"
	fi
}

# Opened for both directions, for a pipe that has no other end would have us wait.
host_during()
{
	exec 8<>"$dir/monitor.in" 9<>"$dir/monitor.out"
	until grep -qs "^map info" "$dir/guest.result"; do
		kill -0 "$guest_pid" 2>/dev/null || return 0
		sleep 1
	done
	registers=$(monitor "info registers" 'CR3=([0-9a-f]+ CR4=[0-9a-f]+)')
	cr3=0x${registers% CR4=*}
	levels="39 30 21 12"
	[ $((0x${registers#* CR4=} & 0x1000)) = 0 ] || levels="48 $levels"
	is bar0 uncached
	is dma cached
	is info cached
	exec 8>&- 9>&-
}

guest()
{
	edu_up msi || return
	uiocap info -d uio0 --json >/tmp/info
	cat /tmp/info
	check "uiocap says that the region is cached" grep -q '"dma_mapping": *"cached"' /tmp/info
	check "and registers are not" grep -q '"mapping": *"uncached"' /tmp/info
	maps uio0 >&3 &
	sleep 10
	kill $!
}
