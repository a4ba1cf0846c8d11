# SPDX-License-Identifier: GPL-2.0-or-later
# the info page counts without a system call; what must not be mapped or opened twice
# shellcheck shell=dash

host()
{
	arg -device edu
}

guest()
{
	edu_up msi || return
	check "interrupts seen without a system call" pages counts uio0
	check "bad maps and a second owner are refused" pages refused uio0
	check "a mapping with holes shows the right pages" pages partial uio0
}
