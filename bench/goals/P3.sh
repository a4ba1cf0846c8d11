# SPDX-License-Identifier: GPL-2.0-or-later
# what a chunk costs from the card's completion to its memory posted again, in instructions
# shellcheck shell=bash disable=SC2034,SC2154 # see lib.sh
kind=counted
. "$top/bench/count.sh"

# Frames of 640 × 480 in chunks of 16 lines, 64 buffers: what uiocap-card has, and what it is given.
frames()
{
	count_hotpath "$1" "$2" 30 10240 64 "$3" 1600
}

# A capture that keeps up finds one frame at a time; so that is what the gates are about.
measure()
{
	local one batch bare channels cost
	one=$(frames library 1 1)
	bare=$(frames bare 1 1)
	batch=$(frames library 1 16)
	report "a chunk, one frame at a time" "$one" instructions "<= 32"
	report "the same, 16 frames at a time" "$batch" instructions
	report "bare ring walk" "$bare" instructions
	report "library / bare ring walk" "$(ratio "$one" "$bare")" ratio "<= 1.25"
	report "the same, 16 frames at a time" "$(ratio "$batch" "$(frames bare 1 16)")" ratio
	printf '# channels, one of them with a frame\tinstructions a chunk\n1\t%s\n' "$one" \
		>"$data/cost-quiet-channels.tsv"
	for channels in 2 4 8 16; do
		cost=$(frames library $channels 1)
		printf '%s\t%s\n' $channels "$cost" >>"$data/cost-quiet-channels.tsv"
	done
	cost=$(awk -v cost="$cost" -v one="$one" 'BEGIN { print (cost - one) / 15 }')
	report "a chunk, for each further channel" "$cost" instructions "<= 2"
}
