# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Instructions of the hot path, by callgrind.
# shellcheck disable=SC2154 # bench/run sets build, work, data

. "$top/bench/node.sh"

# count_hotpath ARM CHANNELS CHUNKS CHUNK_BYTES BUFFERS READY FRAMES: prints instructions a chunk
count_hotpath()
{
	local out=$work/callgrind.out functions chunks

	case $1 in
	library) functions=(uiocap_card_acquire 'uiocap_frame_*') ;;
	*) functions=(walk_take) ;;
	esac
	need valgrind valgrind
	make_node
	chunks=$(valgrind --tool=callgrind --callgrind-out-file="$out" \
		"${functions[@]/#/--toggle-collect=}" "$build/bench/hotpath" "$@") || return
	awk -v chunks="$chunks" '$1 == "totals:" { printf "%.3f\n", $2 / chunks }' "$out"
}

# spread FILE: how far the second column strays from the middle of its range, in percent
spread()
{
	awk '!/^#/ { if (!n++ || $2 < min) min = $2; if ($2 > max) max = $2 }
		END { printf "%.2f\n", n ? 100 * (max - min) / (max + min) : "nan" }' "$1"
}
