# SPDX-License-Identifier: GPL-2.0-or-later
# what one control call costs: info page, read(), write(), ioctl(), sysfs
# shellcheck shell=bash source-path=SCRIPTDIR/..
kind=counted
. "$here/kernel.sh"

measure()
{
	local where what instructions calls
	for where in "${kernels[@]}"; do
		calls=$(measured_in "$where" calls)
		while IFS=$'\t' read -r _ what instructions; do
			report "$what" "$instructions" instr
		done < <(grep '^cost' "$calls")
	done
}
