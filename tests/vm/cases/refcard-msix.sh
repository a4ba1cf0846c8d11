# SPDX-License-Identifier: GPL-2.0-or-later
# the reference card with MSI-X: interrupts one by one, and frames
# shellcheck shell=dash

host()
{
	card card --channels=8 --size=640x480 --rate=20M
}

guest()
{
	card_up msix || return
	check "1000 interrupts, each counted" uiocap irq test -d uio0 -n 1000
	capture "by interrupt" -c all -t 3s -f check-edges --hold -w interrupt
	check "the card has interrupted" [ "$(number interrupts /tmp/capture)" -gt 0 ]
}
