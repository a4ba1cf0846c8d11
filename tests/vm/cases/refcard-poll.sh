# SPDX-License-Identifier: GPL-2.0-or-later
# the reference card without any interrupt: frames, looked for on a timer
# shellcheck shell=dash

host()
{
	card card --channels=8 --size=640x480 --rate=20M
}

guest()
{
	card_up none || return
	capture "by timer" -c all -t 3s -f check-edges --hold -w timer
	equal "interrupts" "$(number interrupts /tmp/capture)" 0
	check_code "waiting for an interrupt is refused" 1 \
		uiocap capture -d uio0 -c all -n 1 -f null -w interrupt
}
