# SPDX-License-Identifier: GPL-2.0-or-later
# capture at full speed: all that the card can make, whole and in order, for ten minutes
# shellcheck shell=bash
kind=timed

# paced RATE SPEC
paced()
{
	say "P7: at $1 MB/s"
	"$build/bench/full-speed" "sim:$2,rate=$1M,dma=1Gi" $((seconds / 10 + 1)) >"$work/speed"
	report "at $1 MB/s: lost" "$(value speed lost)" frames "= 0" "$(value speed delivered) delivered"
	report "at $1 MB/s: torn" "$(value speed torn)" frames "= 0"
}

measure()
{
	local seconds=${UIOCAP_BENCH_SECONDS:-600}
	export UIOCAP_CARD=$build/uiocap-card
	"$build/bench/full-speed" sim:channels=8,size=640x480,unpaced,dma=1Gi "$seconds" alone >"$work/speed"
	report "delivered at full speed" "$(value speed ratio)" x ">= 0.97" "the card alone"
	report "rate at full speed" "$(value speed rate)" MB/s
	report "lost in $seconds s at full speed" "$(value speed lost)" frames "= 0" \
		"$(value speed delivered) delivered"
	report "torn" "$(value speed torn)" frames "= 0"
	paced 350 channels=8,size=640x480
	paced 1573 channels=16,size=1280x1024
}
