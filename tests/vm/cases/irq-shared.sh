# SPDX-License-Identifier: GPL-2.0-or-later
# one INTx line for two cards of the stub and one of another driver; one goes, the others stay
# shellcheck shell=dash

# Slots that are a multiple of four apart have the same line.
host()
{
	rounds 20 200
	arg -device edu,addr=4 -device edu,addr=8 -device edu,addr=c
}

stub=/sys/bus/pci/drivers/uio_stub

# node SLOT: of the card there.
node()
{
	basename "/sys/bus/pci/devices/$1"/uio/uio*
}

# all_three COUNT: each gets COUNT interrupts of its own, at the same time.
all_three()
{
	uiocap irq -d "$(node "$first")" -n "$1" test >/tmp/first &
	pid1=$!
	uiocap irq -d "$(node "$second")" -n "$1" test >/tmp/second &
	pid2=$!
	generic "$(node "$third")" "$1" || return
	wait $pid1 && wait $pid2 || return
	cat /tmp/first /tmp/second
}

# The card comes and goes while the others interrupt.
come_and_go()
{
	uiocap irq -d "$(node "$first")" -n 5000 test >/tmp/first &
	pid=$!
	# shellcheck disable=SC2154 # it comes from the kernel's command line
	for _ in $(seq "$rounds"); do
		echo "$second" >$stub/unbind
		bind "$second" uio_stub || return
		echo intx >"/sys/bus/pci/devices/$second/irq_mode"
	done
	wait $pid
}

guest()
{
	edu_up intx || return
	load uio_pci_generic
	first=0000:00:04.0
	second=0000:00:08.0
	third=0000:00:0c.0
	slot=$second set_attr irq_mode intx
	slot=$first set_attr irq_mode intx
	check "the third card has another driver" bind $third uio_pci_generic
	cat /proc/interrupts
	check "they share a line" grep -q 'uio_stub, uio_stub, uio_pci_generic' /proc/interrupts
	check "each gets its own interrupts" all_three 2000
	check "one comes and goes, another loses none" come_and_go
	check "each gets its own again" all_three 200
	echo 1 >"/sys/bus/pci/devices/$second/remove"
	check "without the second: the first" uiocap irq -d "$(node $first)" -n 1000 test
	check "without the second: the third" generic "$(node $third)" 1000
	echo $third >/sys/bus/pci/drivers/uio_pci_generic/unbind
	check "alone" uiocap irq -d "$(node $first)" -n 1000 test
}
