# SPDX-License-Identifier: GPL-2.0-or-later
# 64 MiB for DMA behind an IOMMU: in one piece, and the card is confined to it
# shellcheck shell=dash

host()
{
	iommu
	card card --channels=8 --size=640x480 --rate=50M
}

guest()
{
	card_up msix 64M || return
	uiocap info -d uio0 --json >/tmp/info
	cat /tmp/info
	equal "pieces" "$(grep -c '"bus"' /tmp/info)" 1
	check "the IOMMU confines it" grep -q '"iommu": *true' /tmp/info
	capture "frames" -c all -t 2s -f check-edges --hold
}
