# SPDX-License-Identifier: GPL-2.0-or-later
# zero copy: reading frames where the card has written them, and never copying one
# shellcheck shell=bash source-path=SCRIPTDIR/..
kind=timed
. "$here/kernel.sh"

figures()
{
	report "reading a delivered frame" "$(value payload read-ratio)" "x" ">= 0.95" "malloc'd memory"
	report "reading delivered frames" "$(value payload read-rate)" "MB/s"
	report "frame rate of the driver" "$(value payload take-ratio)" "x" ">= 2" "the same, copying"
	report "frame rate, each frame read once" "$(value payload use-ratio)" "x" "" "the same, copying"
	kind=counted report "payload bytes touched" "$(value payload touched)" "pages" "= 0" \
		"in $(value payload untouched-frames) frames"
}

measure()
{
	local where
	export UIOCAP_CARD=$build/uiocap-card
	"$build/bench/payload" >"$work/payload"
	figures
	for where in "${kernels[@]}"; do
		cp "$(measured_in "$where" payload)" "$work/payload"
		figures
	done
}
