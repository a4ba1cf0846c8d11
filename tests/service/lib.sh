# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced by the tests of uiocapd(8), which print TAP. They run against a simulated card.

# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/cli/lib.sh"
needs_sim

build=${top_builddir:-.}
uiocapd=${UIOCAPD:-$build/uiocapd}
talk=$build/tests/service/talk
sock=$tmp/sock
log=$tmp/log
children=
# TERM first: uiocapd removes its socket, and the simulated card with it.
trap 'kill $children 2>/dev/null; rm -rf "$tmp"' EXIT
[ -x "$uiocapd" ] || skip_all "uiocapd has not been built"

# within SECONDS COMMAND…: waits until it succeeds.
within()
{
	tries=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.05
	done
}

# serve DEVICE [OPTION…]: starts $daemon and waits until clients can come.
serve()
{
	: >"$log"
	"$uiocapd" --device "$@" --socket "$sock" 2>"$log" &
	daemon=$!
	children="$children $daemon"
	within 20 grep -q 'captures from' "$log"
}

# ended_by SIGNAL: sends it to $daemon, whose exit status is $code then.
ended_by()
{
	tried="uiocapd, by SIG$1"
	cp "$log" "$tmp/err"
	kill "-$1" "$daemon"
	gone
}

# gone: $daemon ends, with the exit status $code.
gone()
{
	code=0
	wait "$daemon" || code=$?
	cp "$log" "$tmp/err"
}

said()	# PATTERN: a line of the log
{
	grep -qE -- "$1" "$log"
}

# patient_clients: settings under which the machine may be busy with something else for seconds.
patient_clients()
{
	printf '[clients]\nbuffers = 256\n[card]\nbuffers = 256\n' >"$tmp/conf"
}
