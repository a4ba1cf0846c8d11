# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU's edu card by a dynamic id, with MSI: interrupts counted, DMA there and back
# shellcheck shell=dash

host()
{
	arg -device edu
}

guest()
{
	edu_up msi || return
	check "10000 interrupts in the info page" edu irq uio0 10000
	check "1000 interrupts by read()" edu read uio0 1000
	check "DMA to the card and back" edu dma uio0 5
}
