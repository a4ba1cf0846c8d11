# SPDX-License-Identifier: GPL-2.0-or-later
# Interrupts and calls of the stub, uio_pci_generic and vfio-pci, in instructions
# shellcheck shell=dash

rounds=2000

host()
{
	iommu
	icount
	limit 120
	arg -device edu
}

# What was measured goes to where bench/run has asked for it.
host_after()
{
	grep -E '^(latency|cost)	' "$dir/result" >"${UIOCAP_MEASURED:-/dev/null}"
}

# measured NAME COMMAND…: hands on what it prints.
measured()
{
	check "$@" && cat /tmp/check.out >&3
}

latency_of()
{
	measured "$1" latency "$1" "$slot" $rounds
}

guest()
{
	edu_up msi || return
	latency_of stub-msi
	latency_of stub-spin
	measured "calls of the stub" cost stub uio0
	put_attr irq_mode intx
	latency_of stub-intx

	load uio_pci_generic
	check "uio_pci_generic takes the card" bind "$slot" uio_pci_generic
	latency_of uio_pci_generic

	load irqbypass
	[ ! -e /modules/vfio_virqfd.ko ] || load vfio_virqfd
	load vfio
	load vfio_iommu_type1
	load vfio-pci-core
	load vfio-pci
	check "vfio-pci takes the card" bind "$slot" vfio-pci
	latency_of vfio-intx
	latency_of vfio-msi
	measured "calls of vfio-pci" cost vfio "$slot"
}
