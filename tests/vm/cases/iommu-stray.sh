# SPDX-License-Identifier: GPL-2.0-or-later
# behind an IOMMU a card that is aimed elsewhere hits nothing; without one only CAP_SYS_RAWIO may open it
# shellcheck shell=dash

STRAYS=50
KERNEL=0x1000000	# where the kernel lies in the guest's memory

host()
{
	iommu
	allow_refused 'no memory there'
	card card --channels=1 --size=64x48 --fps=200 \
		--fault="stray:after=20:count=$STRAYS:arg=0x20000000"
}

# What the IOMMU does not let through finds no memory in the card model, which counts it. Real
# hardware's IOMMU reports each such access in the kernel's log besides.
host_after()
{
	refused=$(sed -n 's/.*"dma_refused": *\([0-9]*\).*/\1/p' "$dir/card.stats")
	if [ "$refused" = $((STRAYS + 1)) ]; then
		ok "$STRAYS writes and one read elsewhere have hit nothing"
	else
		not_ok "writes elsewhere" "$refused refused instead of $((STRAYS + 1))"
	fi
	if grep -q "reading 16 bytes at $KERNEL refused: no memory there" "$dir/card.log"; then
		ok "the read was of the kernel's memory"
	else
		not_ok "the read of the kernel's memory" "$(tail -n 1 "$dir/card.log")"
	fi
}

# as_user COMMAND…: by one who is not root, and whom the node belongs to.
as_user()
{
	chown 1000 /dev/uio0
	su user -c "$*"
}

# domain TYPE: of the card's IOMMU group, for which it must have no driver.
domain()
{
	echo "$slot" >/sys/bus/pci/drivers/uio_stub/unbind
	echo "$1" >"/sys/bus/pci/devices/$slot/iommu_group/type" && bind "$slot" uio_stub &&
		within 20 node_up
}

guest()
{
	mkdir -p /etc
	echo 'user:x:1000:1000::/tmp:/bin/sh' >/etc/passwd
	card_up msix 16M || return
	check "a user may capture" as_user uiocap capture -d uio0 -n 60 -f check --hold --strict
	check "the card cannot read its descriptors in the kernel" aim uio0 "$KERNEL"
	check "without translation it can be bound" domain identity || return
	check_code "a user may not open it" 1 as_user uiocap info -d uio0
	cp /tmp/check.out /tmp/told
	check "and is told why" grep -q "turn the IOMMU on, or run with CAP_SYS_RAWIO" /tmp/told
	check "so is the administrator" log_has 'no IOMMU keeps the card in its memory'
	check "root may" uiocap capture -d uio0 -n 10 -f check --hold --strict
	check "with translation again" domain DMA || return
	check "a user may again" as_user uiocap info -d uio0
}
