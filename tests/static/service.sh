#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The units of uiocapd: systemd understands each line, the service can do little harm (its exposure,
# by systemd's own measure, is at most 1.5 of 10), and each line of [Service] that takes something away
# has its reason above it or above the group that it is in.

command -v systemd-analyze >/dev/null || exit 77
limit=1.5

dir=$(mktemp -d "${TMPDIR:-/tmp}/uiocap-units.XXXXXX")
trap 'rm -rf "$dir"' EXIT
bad=0

complain()
{
	echo "$@"
	bad=1
}

# Any program will do to look at the rest.
sed 's,@sbindir@/uiocapd,/bin/true,' systemd/uiocapd@.service.in >"$dir/uiocapd@.service"
cp systemd/uiocapd@.socket "$dir"
said=$(cd "$dir" && systemd-analyze verify --man=no ./uiocapd@.service ./uiocapd@.socket 2>&1 |
	grep -F uiocapd@)
[ -z "$said" ] || complain "$said"

# exposure [DROP-IN…]: the figure, with these.
exposure()
{
	local unit=$dir/score@.service
	cat "$dir/uiocapd@.service" "$@" >"$unit"
	systemd-analyze security --offline=true --no-pager "$unit" 2>&1 |
		sed -nE 's/.*Overall exposure level for .*: ([0-9.]+) .*/\1/p'
}

# within LIMIT [DROP-IN…]
within()
{
	local most=$1 score
	shift
	score=$(exposure "$@")
	awk -v score="${score:-10}" -v most="$most" 'BEGIN { exit !(score <= most) }' ||
		complain "uiocapd@.service: exposure ${score:-unknown} is above $most (with: ${*:-no drop-in})"
}

within $limit
# What a machine without an IOMMU and a port for metrics need costs something, but not much.
within 2 systemd/no-iommu.conf systemd/metrics-port.conf

grep -q '^CapabilityBoundingSet=$' systemd/uiocapd@.service.in || complain "a capability by default"
grep -q '^DevicePolicy=closed$' systemd/uiocapd@.service.in || complain "not only the cards"
[ "$(grep -c '^DeviceAllow=' systemd/uiocapd@.service.in)" = 1 ] || complain "devices besides the cards"

# A group of lines begins with a comment.
awk '/^\[/ { section = $0; reason = 1; next }
	/^$/ { reason = 0; next }
	/^#/ { reason = 1; next }
	section == "[Service]" && !reason { print FILENAME ": " $0 ": no reason"; failed = 1 }
	END { exit failed }' systemd/uiocapd@.service.in || bad=1
exit $bad
