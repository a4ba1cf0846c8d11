# SPDX-License-Identifier: GPL-2.0-or-later
# each allocation of bind, unbind, open, mmap, first touch and attributes fails once; nothing is lost
# shellcheck shell=dash

host()
{
	only debug || return 0
	cmdline acpi=noirq	# that interpreter uses what it has freed when it had no memory
	# the kernel's own, too: it unregisters an interrupt that /proc had no memory for
	allow 'dma-debug disabled|WARNING: .* remove_proc_entry\+|Call Trace:'
	arg -device edu
}

# inject KIND…: allocations of that kind may fail even if the caller can wait, and without a word.
inject()
{
	for kind; do
		echo N >"/sys/kernel/debug/$kind/ignore-gfp-wait"
		echo 0 >"/sys/kernel/debug/$kind/verbose"
	done
}

# each WHAT ARGUMENT…: an operation, with one of its allocations failing after the other.
each()
{
	what=$1
	shift
	check "$what" failnth "$@" || return
	note "$what: $(tail -n 1 /tmp/check.out)"
}

guest()
{
	edu_up msi || return
	inject failslab fail_page_alloc
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
	echo N >/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem
	dev=/sys/bus/pci/devices/$slot driver=/sys/bus/pci/drivers/uio_stub

	each open open uio0
	for map in info dma bar0; do
		each "mmap of $map" map uio0 $map
		each "first touch of $map" touch uio0 $map
	done
	each "a larger region" write "$dev/dma_size" "$dev/dma_size" 8M "$dev/dma_size" 1M
	each "INTx instead of MSI" write "$dev/irq_mode" "$dev/irq_mode" intx "$dev/irq_mode" msi
	put_attr irq_mode intx
	each "MSI instead of INTx" write "$dev/irq_mode" "$dev/irq_mode" msi "$dev/irq_mode" intx
	put_attr irq_mode msi
	each "another acknowledgement" write "$dev/ack" "$dev/ack" none "$dev/ack" "0 24 64"
	each unbind write "$dev/driver" $driver/unbind "$slot" $driver/bind "$slot"
	echo "$slot" >"$driver/unbind"
	each bind write "$dev/driver" $driver/bind "$slot" $driver/unbind "$slot"

	check "it can be bound after all that" put_back
	check "and interrupts" uiocap irq -d uio0 -n 100 test
	check "and does DMA" edu dma uio0 1
}

put_back()
{
	echo "$slot" >"$driver/bind"
	within 20 node_up
}
