#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Runs the case's guest part, which talks through the second serial port, and powers off.

# Memory that nobody knows any more, in a kernel that looks for it: what is younger than 5 s does not
# count, and it is told in the kernel's log.
leaks()
{
	old=$(($(cut -d. -f1 /proc/uptime) + 7))
	echo scan >/sys/kernel/debug/kmemleak || return
	until [ "$(cut -d. -f1 /proc/uptime)" -ge $old ]; do
		sleep 0.5
	done
	echo scan >/sys/kernel/debug/kmemleak
	cat /sys/kernel/debug/kmemleak
}

exec </dev/null >/dev/console 2>&1 3>/dev/ttyS1
stty -F /dev/ttyS1 -opost -echo
# shellcheck source=/dev/null
. /lib.sh
# shellcheck source=/dev/null
. /service.sh
# shellcheck source=/dev/null
. /case.sh
(guest; echo end >&3)
! in_debug || leaks
exec 3>&-
poweroff -f
