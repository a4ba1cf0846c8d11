# SPDX-License-Identifier: GPL-2.0-or-later
# what the driver's thread costs at 350 MB/s, against one that copies and one that wakes for each chunk
# shellcheck shell=bash
kind=timed

measure()
{
	local arm arms=(interrupt interrupt+copy interrupt+chunks timer=5000) ours
	export UIOCAP_CARD=$build/uiocap-card
	"$build/bench/arms" sim:channels=8,size=640x480,rate=350M,no-fifo 2 7 "${arms[@]}" >"$work/cost"
	ours=$(value cost interrupt.cpu)
	report "processor time" "$(ratio "$ours" "$(value cost interrupt+copy.cpu)")" x "<= 0.1" \
		"a driver that copies"
	report "processor time" "$(ratio "$ours" "$(value cost interrupt+chunks.cpu)")" x "<= 0.1" \
		"one that wakes for each chunk"
	report "processor time, a look each 5 ms" \
		"$(ratio "$(value cost timer=5000.cpu)" "$(value cost interrupt+copy.cpu)")" x "" \
		"a driver that copies"
	for arm in "${arms[@]}"; do
		report "$arm" "$(value cost "$arm.cpu")" "% of a core" "" \
			"$(value cost "$arm.wakes") system calls a second, $(value cost "$arm.lost") lost"
	done
}
