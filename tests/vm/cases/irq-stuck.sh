# SPDX-License-Identifier: GPL-2.0-or-later
# INTx that stays asserted is masked until write(), and the machine goes on
# shellcheck shell=dash

host()
{
	rounds 1000 10000
	arg -device edu
}

# taken: interrupts of the stub's that the kernel has seen.
taken()
{
	awk '/uio_stub/ { for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i } END { print n }' /proc/interrupts
}

# stuck ACK NAME: only who writes to the card's register ends the interrupt; the stub does not.
stuck()
{
	check "$2" put_attr ack "$1" || return
	# shellcheck disable=SC2154 # it comes from the kernel's command line
	check "$2: masked each time, armed by write()" edu stuck uio0 "$rounds"
	check "$2: its owner goes away without a word" edu leave uio0
	before=$(taken)
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		ls /sys/bus/pci/devices >/dev/null
	done
	equal "$2: the line is silent" "$(taken)" "$before"
}

guest()
{
	edu_up intx || return
	stuck none "no acknowledge register"
	check "the library serves the card instead" uiocap irq -d uio0 -n 1000 test
	check "and gets frames" uiocap capture -d uio0 -n 3 -f null --strict
	stuck "0 24 4" "an acknowledgement that does nothing"
	check "its own register again" put_attr ack "0 24 64"
	check "all is well again" uiocap irq -d uio0 -n 1000 test
}
