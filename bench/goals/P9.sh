# SPDX-License-Identifier: GPL-2.0-or-later
# adaptive waiting against busy and blocking, on latency and on processor time
# shellcheck shell=bash
kind=timed
card=sim:channels=8,size=640x480,dma=256Mi

# better FIGURE: the smaller of busy and blocking
better()
{
	printf '%s\n' "$(value waits "busy.$1")" "$(value waits "interrupt.$1")" | sort -g | head -n 1
}

# better_arm: the one whose product of latency and processor time is the smaller
better_arm()
{
	local arm
	for arm in busy interrupt; do
		printf '%s %s %s\n' "$(value waits $arm.latency)" "$(value waits $arm.cpu)" $arm
	done | awk '{ print $1 * $2, $3 }' | sort -g | head -n 1 | cut -d ' ' -f 2
}

# against LOAD FIGURE NAME
against()
{
	local ours arm
	ours=$(value waits "adaptive.$2") arm=$(better_arm)
	report "$3 at $1" "$(ratio "$ours" "$(value waits "$arm.$2")")" x "<= 1.1" "$arm, better on the product"
	report "$3 at $1, by itself" "$(ratio "$ours" "$(better "$2")")" x "<= 1.1" "the better of both on this"
}

# at LOAD OPTIONS: measures, and notes it for the plot
at()
{
	local arm
	say "P9: at $1"
	"$build/bench/arms" "$card,$2" 2 5 busy interrupt adaptive >"$work/waits"
	for arm in busy interrupt adaptive; do
		printf '%s\t%s\t%s\t%s\n' $arm "$(value waits $arm.mbps)" \
			"$(value waits $arm.cpu_per_gb)" "$(value waits $arm.latency)"
	done >>"$data/rate.tsv"
}

# percent N FULL: the option for this part of the full rate, in MB/s
percent()
{
	awk -v n="$1" -v full="$2" 'BEGIN { printf "rate=%dK\n", full * n * 10 }'
}

measure()
{
	local full load
	export UIOCAP_CARD=$build/uiocap-card
	printf '# arm\tMB/s\tCPU s/GB\tlatency µs\n' >"$data/rate.tsv"
	"$build/bench/arms" "$card,unpaced" 2 3 interrupt >"$work/waits"
	full=$(value waits interrupt.mbps)
	report "100 % load" "$full" MB/s
	for load in 1 5 25 50; do
		at "$load %" "$(percent $load "$full")"
		[[ $load != 1 && $load != 25 ]] || { against "$load %" latency latency
			against "$load %" cpu "processor time"; }
	done
	at "100 %" unpaced
	against "100 %" latency latency
	against "100 %" cpu "processor time"
	"$build/bench/arms" sim:channels=1,fps=0.25 3 3 adaptive >"$work/waits"
	report "idle" "$(value waits adaptive.cpu)" "% of a core" "<= 0.1"
}
