# SPDX-License-Identifier: GPL-2.0-or-later
# The processor's page tables have registers uncached, the region and the page cached
# shellcheck shell=dash

# One processor, whose page tables are those of the program that never sleeps.
host()
{
	if [ "$series" = debug ]; then
		skip "QEMU would print KASAN's shadow of all addresses page by page, for hours"
		return 0
	fi
	arg -device edu -smp 1
	mkfifo "$dir/monitor.in" "$dir/monitor.out"
	arg -chardev "pipe,id=monitor,path=$dir/monitor" -mon monitor
}

# kind NAME: how it is mapped; `info tlb` has the bits XGPDACTUW, of which C is PCD and T is PWT.
kind()
{
	address=$(sed -n "s/^map $1 //p" "$dir/guest.result")
	case $(sed -n "s/^$address: [0-9a-f]* \(.........\).*/\1/p" "$dir/tlb" | head -n 1) in
	?????--*) echo cached ;;
	?????C-*) echo uncached ;;
	*) echo unknown ;;
	esac
}

is()
{
	if [ "$(kind "$1")" = "$2" ]; then
		ok "$1 is mapped $2"
	else
		not_ok "$1 is mapped $2" "it is $(kind "$1")"
	fi
}

# Opened for both directions, for a pipe that has no other end would have us wait. A program's own
# addresses come first.
host_during()
{
	exec 8<>"$dir/monitor.in" 9<>"$dir/monitor.out"
	tries=100
	until grep -qs "^map info" "$dir/guest.result"; do
		[ $((tries -= 1)) -gt 0 ] || return 0
		sleep 1
	done
	echo "info tlb" >&8
	timeout 60 sed '/^ffff/q' <&9 >"$dir/tlb" || not_ok "page tables" "the monitor is silent"
	exec 8>&- 9>&-
}

host_after()
{
	is bar0 uncached
	is dma cached
	is info cached
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
