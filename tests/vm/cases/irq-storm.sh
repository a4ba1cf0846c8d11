# SPDX-License-Identifier: GPL-2.0-or-later
# interrupts as fast as the emulator can: the machine goes on, another card's frames do, too
# shellcheck shell=dash

host()
{
	arg -device edu
	card card --channels=2 --size=640x480 --rate=5M
	card tiny --channels=1 --size=16x1 --unpaced
}

# edu_node: that of the card that storms.
edu_node()
{
	basename "/sys/bus/pci/devices/$(slot_of 1234 11e8)"/uio/uio*
}

edu_ready()
{
	[ -e "/sys/class/uio/$(edu_node)/maps/map2" ]
}

# Each command is a process of its own, which the processor that is stormed has to start.
commands()
{
	for n in $(seq 10); do
		taskset "$1" /bin/true || return
	done
	echo "$n commands"
}

# storm KIND: runs beside all else until it is told to end.
storm()
{
	set_attr irq_mode "$1" || return
	edu storm "$(edu_node)" >/tmp/storm 2>&1 &
	pid=$!
	check "$1: the storm has begun" within 20 grep -q begun /tmp/storm
	capture "$1: another card" -d uio0 -c all -n 8 -f check-edges --hold -w interrupt
	check "$1: commands on one processor" commands 1
	check "$1: and on the other" commands 2
	kill $pid
	wait $pid
	equal "$1: the storm was counted, and is over" $? 0
	note "$1: $(tail -n 1 /tmp/storm)"
}

guest()
{
	card_up msix || return
	echo 1234 11e8 >/sys/bus/pci/drivers/uio_stub/new_id
	check "the stub takes the card that storms" within 20 edu_ready || return
	slot=$(slot_of 1234 11e8) # of set_attr
	storm msi
	storm intx
	capture "tiny frames" -d uio1 -c 0 -t 2s -f check --hold -w interrupt
}
