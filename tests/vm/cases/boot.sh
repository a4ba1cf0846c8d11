# SPDX-License-Identifier: GPL-2.0-or-later
# the kernel boots and its log is clean
# shellcheck shell=dash

guest()
{
	ok "boot"
	note "$(uname -r), up for $(cut -d' ' -f1 /proc/uptime) s"
}
