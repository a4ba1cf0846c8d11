# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the goals use. A goal is a file goals/NAME.sh: its second line says what it measures, `kind`
# is "counted" or "timed", and its function `measure` calls `report` for each figure.
# shellcheck disable=SC2154 # bench/run sets top, work, data, results, kernels

die()
{
	echo "bench/run: $*" >&2
	exit 2
}

# say TEXT: progress, where somebody looks.
say()
{
	[ ! -t 2 ] || echo "$*" >&2
}

# need PROGRAM PACKAGE
need()
{
	command -v "$1" >/dev/null || die "no $1 (Debian: apt install $2)"
}

# build_programs: sets build to where the programs are.
build_programs()
{
	build=${UIOCAP_BUILD:-$top/build/bench}
	[ -n "${UIOCAP_BUILD:-}" ] || "$top/scripts/build" bench || exit 2
	make -s -C "$build" -j"$(nproc)" bench-programs >"$work/make.log" 2>&1 ||
		{ tail -n 20 "$work/make.log" >&2; die "the programs could not be built"; }
}

# report WHAT MEASURED UNIT [GATE [BASELINE [KNOWN]]]: one figure. GATE is "<= N", ">= N" or "= N";
# without it the figure is only shown. BASELINE says what it is compared with. KNOWN is another gate,
# for a figure that is known not to meet GATE: how far from it may it be? $where is set by goals
# that measure in a kernel.
report()
{
	[[ $2 =~ ^(nan|-?[0-9.]+(e[-+]?[0-9]+)?)$ ]] || die "$1: '$2' is no figure"
	local fields=("$goal" "$kind" "${where:-host}" "$1" "$2" "$3" "${4:--}" "${5:--}" "${6:--}")
	local IFS=$'\t'
	echo "${fields[*]}" >>"$results"
}

# ratio A B: to four significant digits.
ratio()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4g\n", a / b }'
}

# value FILE NAME: of a line NAME TAB VALUE in $work/FILE, where a program has left it.
value()
{
	awk -F '\t' -v name="$2" '$1 == name { print $2; found = 1 } END { exit !found }' "$work/$1"
}

# run_goal NAME: in a shell of its own. A goal that fails counts as not met.
run_goal()
{
	goal=$1 kind=$(sed -n 's/^kind=//p' "$here/goals/$1.sh")
	[ -z "$counted" ] || [ "$kind" = counted ] || return 0
	say "$goal: $(sed -n '2s/^# //p' "$here/goals/$goal.sh") …"
	# shellcheck disable=SC1090
	(set -euo pipefail; . "$here/goals/$goal.sh"; measure) >"$work/$goal.log" 2>&1 &
	wait $! || {
		tail -n 20 "$work/$goal.log" >&2
		report "could not be measured" nan - "= 0"
	}
}
