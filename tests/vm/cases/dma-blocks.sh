# SPDX-License-Identifier: GPL-2.0-or-later
# 64 MiB for DMA without an IOMMU: in blocks, with frames across them; what is too much is refused
# shellcheck shell=dash

host()
{
	card card --channels=8 --size=640x480 --rate=50M
}

guest()
{
	card_up msix 64M || return
	uiocap info -d uio0 --json >/tmp/info
	cat /tmp/info
	check "it is in blocks" [ "$(grep -c '"bus"' /tmp/info)" -ge 16 ]
	capture "frames across blocks" -c all -t 2s -f check-edges --hold

	check_code "more than there is memory is refused" 1 put_attr dma_size 8G
	check "the kernel's log says what would fit" log_has 'do not fit, .* would'
	equal "what there was is still there" "$(get_attr dma_size)" 67108864
	capture "and works" -c all -t 1s -f check-edges --hold
}
