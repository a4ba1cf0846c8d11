# SPDX-License-Identifier: GPL-2.0-or-later
# what the driver's thread costs at 350 MB/s, against one that copies and one that wakes for each chunk
# shellcheck shell=bash
kind=timed

arms=(interrupt timer=10000 interrupt+copy interrupt+chunks)

# against ARM NAME BASELINE NAME
against()
{
	report "processor time, $2" "$(ratio "$(value cost "$1.cpu")" "$(value cost "$3.cpu")")" x \
		"<= 0.1" "$4"
}

measure()
{
	local arm
	export UIOCAP_CARD=$build/uiocap-card
	"$build/bench/arms" sim:channels=8,size=640x480,rate=350M,no-fifo 2 7 "${arms[@]}" >"$work/cost"
	against interrupt "woken by each frame" interrupt+copy "a driver that copies"
	against interrupt "woken by each frame" interrupt+chunks "one that wakes for each chunk"
	against timer=10000 "a look each 10 ms" interrupt+copy "a driver that copies"
	against timer=10000 "a look each 10 ms" interrupt+chunks "one that wakes for each chunk"
	for arm in "${arms[@]}"; do
		report "$arm" "$(value cost "$arm.cpu")" "% of a core" "" \
			"$(value cost "$arm.wakes") system calls a second, $(value cost "$arm.lost") lost"
	done
}
