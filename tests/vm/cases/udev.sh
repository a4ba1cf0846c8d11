# SPDX-License-Identifier: GPL-2.0-or-later
# the udev rules: group, stable name, size of the region; a card that comes and goes is told of
# shellcheck shell=dash

link=/dev/uiocap/by-path/pci-0000:01:00.0

host()
{
	program /lib/systemd/systemd-udevd /bin/udevadm
	file udev/60-uiocap.rules
	card card --channels=1 --size=64x48 --serial=0x1234
}

start_udev()
{
	mkdir -p /etc/udev/rules.d /run/udev /lib/udev
	ln -s /usr/bin/uiocap_id /lib/udev/
	echo 'root:x:0:0::/:/bin/sh' >/etc/passwd
	printf 'root:x:0:\nuiocap:x:77:\n' >/etc/group
	cp /60-uiocap.rules /etc/udev/rules.d
	echo 'ACTION=="add", SUBSYSTEM=="uio", ENV{UIOCAP_DMA_SIZE}="3M"' >/etc/udev/rules.d/59-size.rules
	systemd-udevd --daemon --resolve-names=late
}

# told COUNT WHAT: that many lines say so.
told()
{
	[ "$(grep -cx "$2 $link 0000:01:00.0" /tmp/watch)" = "$1" ]
}

linked()
{
	[ "$(readlink -f $link)" = /dev/uio0 ]
}

again()
{
	echo 0000:01:00.0 >/sys/bus/pci/drivers/uio_stub/unbind
	check "that it goes is told" within 20 told "$1" removed
	check "and its name goes" within 20 [ ! -e $link ]
	echo 0000:01:00.0 >/sys/bus/pci/drivers/uio_stub/bind
	check "that it comes is told" within 20 told $(($1 + 1)) added
	check_code "and it can be opened by that name" 0 uiocap capture -d $link -n 3 --strict --hold
}

guest()
{
	check "udev runs" start_udev || return
	uiocap watch >/tmp/watch &
	pid=$!
	load uio
	load uio_stub
	check "the card has its name" within 20 linked || return
	check "that it is there is told" within 20 told 1 added
	equal "mode and group of the node" "$(stat -c '%a %G' /dev/uio0)" "660 uiocap"
	equal "its name by serial number" \
		"$(readlink -f /dev/uiocap/by-id/1234:0cab-0000000000001234)" /dev/uio0
	equal "size of the region" "$(cat /sys/bus/pci/devices/0000:01:00.0/dma_size)" 3145728
	for n in 1 2 3; do again $n; done
	kill $pid
	wait $pid
	equal "a signal ends it in order" $? 0
	udevadm control --exit
}
