#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# doc/reliability.md and the tests agree: each test that it names exists and is run, each test is
# named, and the numbers of rounds in a row are found in the source of one of its tests.

page=doc/reliability.md
bad=0

complain()
{
	echo "$page: $*"
	bad=1
}

# names PATTERN FILE: the base names of tests in a Makemodule.am.
names()
{
	grep -oE "tests/$1" "$2" | sed 's#.*/##; s#\.tap$##' | sort -u
}

# all: what make check, tests/fuzz/run and tests/vm/run run.
all()
{
	names 'unit/test_[a-z0-9_]+' tests/unit/Makemodule.am | sed 's/^/unit:/'
	names 'cli/[a-z0-9-]+\.tap' tests/cli/Makemodule.am | sed 's/^/cli:/'
	names 'service/[a-z0-9-]+\.tap' tests/service/Makemodule.am | sed 's/^/service:/'
	names 'fuzz/fuzz_[a-z0-9]+' tests/fuzz/Makemodule.am | sed 's/^fuzz_/fuzz:/'
	tests/vm/run --list | sed 's/ .*//; s/^/vm:/'
}

# source_of TEST: the file whose numbers count.
source_of()
{
	case $1 in
	vm:*) echo "tests/vm/cases/${1#*:}.sh" ;;
	unit:*) echo "tests/unit/${1#*:}.c" ;;
	cli:*) echo "tests/cli/${1#*:}.tap" ;;
	service:*) echo "tests/service/${1#*:}.tap" ;;
	fuzz:*) echo tests/fuzz/run ;;
	esac
}

tests_in()
{
	grep -oE '(vm|unit|cli|service|fuzz):[a-z0-9_-]+' | sort -u
}

# check_rounds TESTS CELL: every number of the cell is in one of the sources.
check_rounds()
{
	local number test files=()
	for test in $1; do files+=("$(source_of "$test")"); done
	while read -r number; do
		grep -qE "(^|[^0-9])$number([^0-9]|\$)" "${files[@]}" ||
			complain "'$2': no $number in ${files[*]}"
	done < <(grep -oE '[0-9]+' <<<"$2")
}

# check_case CASE ROUNDS…: the rows that name it say how often, as it says by `rounds PLAIN FULL [DEBUG]`.
check_case()
{
	local name=$1 number rows
	rows=$(grep -F "\`vm:$name\`" "$page")
	shift
	for number; do
		grep -qw "$number" <<<"$rows" || complain "vm:$name does it $number times"
	done
}

named=$(grep '^|' "$page" | tests_in)
comm -23 <(all | sort) - <<<"$named" | while read -r test; do
	echo "$page: $test is not named"
done | { ! grep .; } || bad=1
comm -13 <(all | sort) - <<<"$named" | while read -r test; do
	echo "$page: nothing runs $test"
done | { ! grep .; } || bad=1

while IFS='|' read -r _ fault _ tests rounds _; do
	found=$(tests_in <<<"$tests")
	[ -n "$found" ] || { complain "no test:$fault" && continue; }
	[ -n "${rounds// }" ] || complain "no rounds:$fault"
	check_rounds "$found" "$(sed 's/^ *//; s/ *$//' <<<"$rounds")"
done < <(sed '/^## Tests of function/,$d' "$page" | grep -E '^\|([^|]*\|){4}$' |
	grep -vE '^\| fault |^\|---')
for file in tests/vm/cases/*.sh; do
	# shellcheck disable=SC2046 # words
	check_case "$(basename "$file" .sh)" $(sed -nE 's/^\s*rounds ([0-9 ]+)$/\1/p' "$file")
done
exit $bad
