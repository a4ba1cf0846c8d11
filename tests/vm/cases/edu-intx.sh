# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU's edu card by a dynamic id, with INTx: interrupts counted, DMA there and back
# shellcheck shell=dash

host()
{
	arg -device edu
}

guest()
{
	edu_up intx || return
	equal "the card's id register" "$(uiocap regs -d uio0 peek ID)" 0x010000ed
	check "10000 interrupts, each counted" uiocap irq -d uio0 -n 10000 test
	equal "and the page says so" "$(uiocap irq -d uio0 --noheadings -o COUNT)" 10000
	equal "and they are acknowledged" "$(uiocap regs -d uio0 peek IRQ_STATUS)" 0x00000000
	check "10000 more, seen in the page" edu irq uio0 10000
	check "1000 more, waiting in read()" edu read uio0 1000
	check "DMA to the card and back" edu dma uio0 5
	check "frames of the card" uiocap capture -d uio0 -n 3 -f null --strict
}
