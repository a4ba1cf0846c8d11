#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel module builds for Debian's kernels without a word from gcc (W=1) or sparse. Their headers
# are those of the rig, tests/vm/run.

set -euo pipefail
top=$PWD
exec 3>&2
. tests/vm/lib/cache.sh
. tests/vm/lib/apt.sh
. tests/vm/lib/kernel.sh
mkdir -p "$cache"

copy=$(mktemp -d "${TMPDIR:-/tmp}/uiocap-stub.XXXXXX")
trap 'rm -rf "$copy"' EXIT
bad=0
for series in 6.1 6.12; do
	get_kernel $series
	rm -rf "${copy:?}"/*
	cp -r "$top/uio_stub" "$top/include" "$copy"
	make -s -C "$kernel/root/usr/src/linux-headers-$(cat "$kernel/release")" M="$copy/uio_stub" \
		W=1 C=2 CF=-D__CHECK_ENDIAN__ modules >"$copy/log" 2>&1 || bad=1
	# No vmlinux among the headers, so no BTF; the compiler may be a minor version apart.
	if grep -vE '^(Skipping BTF|warning: the compiler differs|  (The kernel was built by|You are using):)' \
		"$copy/log" | grep .; then
		echo "(kernel $series)"
		bad=1
	fi
done
exit $bad
