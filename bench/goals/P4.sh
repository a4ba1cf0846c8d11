# SPDX-License-Identifier: GPL-2.0-or-later
# system calls a frame
# shellcheck shell=bash disable=SC2034,SC2154 # see lib.sh
kind=counted
. "$top/bench/node.sh"

frames=10000

# calls WAIT: of a capture of eight channels through the uio transport, as strace sees them
calls()
{
	strace -o "$work/strace" "$build/bench/crossings" memory "$1" 8 $frames >"$work/crossings"
	awk '/^getppid\(/ { on = !on; next } on { n++ } END { print n + 0 }' "$work/strace"
}

measure()
{
	local n
	need strace strace
	make_node
	n=$(calls interrupt)
	report "a frame, blocking, returned" "$(ratio "$n" $frames)" calls "<= 1"
	report "the same, counted by the library" "$(ratio "$(value crossings syscalls)" $frames)" calls
	report "a frame, busy, returned" "$(ratio "$(calls busy)" $frames)" calls "= 0"
	UIOCAP_CARD=$build/uiocap-card "$build/bench/crossings" sim:rate=700M interrupt 8 $frames >"$work/crossings"
	report "sim, whose doorbells are messages" "$(ratio "$(value crossings syscalls)" $frames)" calls
}
