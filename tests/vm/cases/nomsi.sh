# SPDX-License-Identifier: GPL-2.0-or-later
# without message signalled interrupts, by pci=nomsi, the reference card captures by INTx
# shellcheck shell=dash

host()
{
	cmdline pci=nomsi
	card card --channels=8 --size=640x480 --rate=20M
}

guest()
{
	card_up auto || return
	equal "the best kind that there is" "$(get_attr irq_mode)" intx
	check "1000 interrupts, each counted" uiocap irq test -d uio0 -n 1000
	capture "by interrupt" -c all -t 3s -f check-edges --hold -w interrupt
	check "the card has interrupted" [ "$(number interrupts /tmp/capture)" -gt 0 ]
	equal "none was lost" "$(number lost_interrupts /tmp/capture)" 0
}
