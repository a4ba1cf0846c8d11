# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced by the tests of uiocap(1), which print TAP. They run against a simulated card, or against
# the card that UIOCAP_TEST_DEVICE names.

uiocap=${UIOCAP:-uiocap}
top=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/uiocap-cli-XXXXXX")
tests=0
: >"$tmp/out"
: >"$tmp/err"
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# Four channels of small frames, slow enough that nothing is lost on a busy machine.
card=${UIOCAP_TEST_DEVICE:-sim:channels=4,size=64x48,fps=50}

# try COMMAND…: leaves its exit status in $code, what it says in $tmp/out and $tmp/err.
try()
{
	tried=$*
	code=0
	timeout 60 "$@" </dev/null >"$tmp/out" 2>"$tmp/err" || code=$?
}

report()	# 0|1 DESCRIPTION
{
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
		return
	fi
	echo "not ok $tests - $2"
	echo "# $tried: exit status $code"
	head -n 20 "$tmp/err" "$tmp/out" | LC_ALL=C tr -cd '[:print:]\n' | cut -c 1-200 | sed 's/^/# /'
}

# ended CODE [TEXT] DESCRIPTION: the last try() ended so, saying TEXT on stderr.
ended()
{
	[ "$code" = "$1" ] && { [ $# = 2 ] || grep -qF -- "$2" "$tmp/err"; }
	report $? "$(eval "echo \"\$$#\"")"
}

# is DESCRIPTION COMMAND…: the command succeeds.
is()
{
	description=$1
	shift
	"$@" >/dev/null 2>"$tmp/is" || {
		report 1 "$description"
		echo "# failed: $*"
		sed 's/^/# /' "$tmp/is"
		return
	}
	report 0 "$description"
}

# json FILTER: jq's answer about the output of the last try().
json()
{
	jq -r "$1" "$tmp/out"
}

skip()	# DESCRIPTION REASON
{
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

finish()
{
	echo "1..$tests"
}

needs_card()
{
	[ -n "${UIOCAP_TEST_DEVICE:-}" ] || needs_sim
}

needs_sim()
{
	command -v "${UIOCAP_CARD:-uiocap-card}" >/dev/null || skip_all "there is no uiocap-card"
}

needs_jq()
{
	command -v jq >/dev/null || skip_all "jq is not installed"
}
