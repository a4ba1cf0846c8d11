# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Suites of tests and their count, for ./test.

log=build/log
passed=0 failed=0 skipped=0

begin()
{
	rm -rf $log
	mkdir -p $log
}

# How each way of counting finds what ran. They print "passed failed skipped" and, on file
# descriptor 3, the names of what failed.

# one LOG STATUS: the command is one test.
one()
{
	[ "$2" = 0 ] && echo 1 0 0 || echo 0 1 0
}

# tap LOG: the command prints TAP.
tap()
{
	grep '^not ok' "$1" >&3
	awk '/^ok .*# SKIP/ { s++; next } /^ok / { p++ } /^not ok / { f++ } END { print p+0, f+0, s+0 }' "$1"
}

# own LOG: the command's last line says it, as ./test's does.
own()
{
	grep -E '^(FAIL|.* FAIL | *not ok)' "$1" >&3
	tail -n 1 "$1" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 \4/p'
}

# gates LOG: bench/run's table, whose last column says which gates are met. One that is known to be
# out of reach is no success.
gates()
{
	grep ' no$' "$1" >&3
	awk '$NF == "yes" { p++ } $NF == "no" { f++ } $NF == "known" { s++ }
		END { print p+0, f+0, s+0 }' "$1"
}

# automake LOG STATUS DIR: `make check` in DIR left a .trs file for each of its programs.
automake()
{
	local results
	results=$(find "$3" -name '*.trs' -not -path '*/uiocap-[0-9]*/*' -exec grep -H '^:test-result:' {} +)
	sed -nE "s#^$3/(.*)\.trs::test-result: ((FAIL|XPASS|ERROR).*)#\1: \2#p" <<<"$results" >&3
	awk '$2 == "SKIP" { s++ } $2 ~ /^(PASS|XFAIL)$/ { p++ } $2 ~ /^(FAIL|XPASS|ERROR)$/ { f++ }
		END { print p+0, f+0, s+0 }' <<<"$results"
}

# account NAME SECONDS PASSED FAILED SKIPPED
account()
{
	passed=$((passed + $3)) failed=$((failed + $4)) skipped=$((skipped + $5))
	printf '%-18s %4d passed %4d failed %4d skipped %5d s\n' "$1" "$3" "$4" "$5" "$2"
}

# suite_failed NAME: one failure of something that could not even run.
suite_failed()
{
	account "$1" 0 0 1 0
}

# suite NAME COUNT [DIR] COMMAND…: runs COMMAND, counts its tests the way COUNT does. A command that
# fails without a failed test, or that ran no test at all, is itself a failed test.
suite()
{
	local name=$1 count=$2 dir='' start=$SECONDS status p f s
	shift 2
	if [ "$count" = automake ]; then
		dir=$1
		shift
		find "$dir" -name '*.trs' -delete
	fi
	"$@" >$log/"$name".log 2>&1 </dev/null
	status=$?
	read -r p f s < <($count $log/"$name".log "$status" "$dir" 3>$log/"$name".failed)
	p=${p:-0} f=${f:-0} s=${s:-0}
	if [ "$f" = 0 ] && { [ $status != 0 ] || [ $((p + s)) = 0 ]; }; then
		echo "$name ended with status $status after $((p + s)) tests" >>$log/"$name".failed
		f=1
	fi
	account "$name" $((SECONDS - start)) "$p" "$f" "$s"
	[ "$f" = 0 ] || sed 's/^/    /' $log/"$name".failed
}

# summary: the last line, and the exit.
summary()
{
	echo "Logs: $PWD/$log"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed = 0 ]
	exit
}
