# SPDX-License-Identifier: GPL-2.0-or-later
# has an event come? The info page against read(), sysfs and ioctl(); spinning against sleeping
# shellcheck shell=bash source-path=SCRIPTDIR/..
kind=counted
. "$here/kernel.sh"

in_kernel()
{
	local page
	page=$(cost "info page")
	report "read(), EAGAIN / info page" "$(ratio "$(cost read)" "$page")" x ">= 200" "info page"
	report "sysfs: open, read, close / info page" "$(ratio "$(cost sysfs)" "$page")" x ">= 500" \
		"info page"
	report "ioctl(), VFIO_DEVICE_GET_IRQ_INFO / info page" \
		"$(ratio "$(cost ioctl)" "$page")" x ">= 100" "info page"
	report "interrupt to user, spinning" "$(latency stub-spin)" instr
	report "spinning / sleeping" "$(ratio "$(latency stub-spin)" "$(latency stub-msi)")" x \
		"<= 0.25" "blocking read()"
}

measure()
{
	local calls where
	for where in "${kernels[@]}"; do
		calls=$(measured_in "$where" calls)
		in_kernel
	done
}
