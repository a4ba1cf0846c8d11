# SPDX-License-Identifier: GPL-2.0-or-later
# 64 MiB for DMA in one piece from the contiguous memory allocator, which gets them back
# shellcheck shell=dash

host()
{
	only debug 7.3 || return 0
	cmdline cma=128M
	card card --channels=8 --size=640x480 --rate=20M
}

# Others may use this memory while nobody needs it in one piece, but not much of it this early.
cma_free()
{
	echo $(($(sed -n 's/^CmaFree: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024))
}

guest()
{
	before=$(cma_free)
	card_up msix 64M || return
	uiocap info -d uio0 --json >/tmp/info
	cat /tmp/info
	equal "pieces" "$(grep -c '"bus"' /tmp/info)" 1
	check "they are from that allocator" [ "$(cma_free)" -le $((before - 64)) ]
	capture "frames" -c all -t 1s -f check-edges --hold
	check "96 MiB are one piece, too" put_attr dma_size 96M
	equal "pieces" "$(uiocap info -d uio0 --json | grep -c '"bus"')" 1
	echo "$slot" >/sys/bus/pci/drivers/uio_stub/unbind
	note "MiB free: $before before, $(cma_free) after"
	check "it has them back" [ "$(cma_free)" -ge $((before - 8)) ]
}
