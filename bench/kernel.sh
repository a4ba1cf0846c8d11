# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the cases of bench/guest measure in a kernel, for the goals that speak of it. They keep the
# name of the file of the case "calls" in `calls`.

# measured_in KERNEL CASE: the file with it. The case runs once for all goals.
measured_in()
{
	local out=$work/$2.$1
	if [ ! -e "$out" ]; then
		UIOCAP_BUILD=$build UIOCAP_MEASURED=$out.part \
			"$top/tests/vm/run" --cases "$here/guest" --kernel "$1" "$2" >&2 || return
		mv "$out.part" "$out"
	fi
	echo "$out"
}

# latency ARM: the median. A boot that was cut short has none.
latency()
{
	awk -F '\t' -v arm="$1" '$1 == "latency" && $2 == arm { print $3 }' "$calls" | sort -n |
		awk '{ v[NR] = $1 } END { if (NR < 2000) exit 1; print v[int((NR + 1) / 2)] }'
}

# cost WHAT
cost()
{
	awk -F '\t' -v what="$1" '$1 == "cost" && $2 == what { print $3 }' "$calls"
}
