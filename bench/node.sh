# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A tree in which the library finds the card of memory-card.c as /dev/uio0.
# shellcheck disable=SC2154 # bench/run sets work

NODE_DMA_BYTES=0x80000000

# node_map N NAME SIZE
node_map()
{
	mkdir -p "$UIOCAP_ROOT/sys/class/uio/uio0/maps/map$1"
	echo "$2" >"$UIOCAP_ROOT/sys/class/uio/uio0/maps/map$1/name"
	echo "$3" >"$UIOCAP_ROOT/sys/class/uio/uio0/maps/map$1/size"
}

# make_node: for all that is started from now on
make_node()
{
	local slot=0000:03:00.0
	export UIOCAP_ROOT=$work/machine NODE_DMA_BYTES

	[ ! -e "$UIOCAP_ROOT" ] || return 0
	local function=$UIOCAP_ROOT/sys/bus/pci/devices/$slot
	mkdir -p "$function/uio/uio0" "$UIOCAP_ROOT/dev"
	echo 0x1234 >"$function/vendor"
	echo 0x0cab >"$function/device"
	echo 1 >"$function/busy"
	ln -s ../../drivers/uio_stub "$function/driver"
	node_map 0 info 0x4000
	node_map 1 dma "$NODE_DMA_BYTES"
	node_map 2 bar0 0x4000
	ln -s "../../../bus/pci/devices/$slot" "$UIOCAP_ROOT/sys/class/uio/uio0/device"
	: >"$UIOCAP_ROOT/dev/uio0"
}
