# SPDX-License-Identifier: GPL-2.0-or-later
# whether a chunk costs the same with many channels, many buffers, large chunks
# shellcheck shell=bash disable=SC2034,SC2154 # see lib.sh
kind=counted
. "$top/bench/count.sh"

# series FILE HEADING WHAT: the cost of each line of stdin, a number and count_hotpath's arguments
series()
{
	local x args
	printf '# %s\tinstructions a chunk\n' "$2" >"$data/$1"
	while read -r x args; do
		# shellcheck disable=SC2086 # one argument a word
		printf '%s\t%s\n' "$x" "$(count_hotpath library $args)" >>"$data/$1"
	done
	report "$3: largest distance from the middle" "$(spread "$data/$1")" % "<= 10"
}

# Always 30 chunks a frame, for what is done once a frame is shared by its chunks.
measure()
{
	local n
	# 16 frames at a time, on however many channels.
	for n in 1 2 4 8 16; do
		echo "$n $n 30 10240 64 16 1600"
	done | series cost-channels.tsv channels "1 to 16 channels"
	for n in 2 3 4 8 16 64 256 1024 4096; do
		echo "$n 1 30 10240 $n 1 9000"
	done | series cost-buffers.tsv buffers "2 to 4096 buffers"
	for n in 4 8 16 32 64 128 256; do
		echo "$n 1 30 $((n * 1024)) 64 1 1600"
	done | series cost-chunk-size.tsv "KiB in a chunk" "4 to 256 KiB chunks"
}
