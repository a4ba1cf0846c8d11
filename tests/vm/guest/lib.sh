# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What the guest part of a case may use. Results go to the second serial port, all else to the
# console.

result()
{
	echo "$*"
	echo "$*" >&3
}

ok()
{
	result "ok $1"
}

not_ok()
{
	result "not ok $1: $2"
}

note()
{
	result "# $*"
}

skip()
{
	result "skip: $*"
}

# ask WORD…: has this machine's host do something, by the case's host_during, and waits for it.
ask()
{
	echo "host: $*" >&3
	# shellcheck disable=SC3045 # busybox's has it
	read -r -t 120 answer </dev/ttyS1
	[ "$answer" = ok ]
}

# check NAME COMMAND…: ok when the command succeeds; else its last words are the reason.
check()
{
	name=$1
	shift
	if "$@" >/tmp/check.out 2>&1; then
		ok "$name"
	else
		code=$?
		cat /tmp/check.out
		not_ok "$name" "exit $code, $(tail -n 1 /tmp/check.out)"
		return 1
	fi
}

# check_code NAME CODE COMMAND…: ok when the command exits with CODE.
check_code()
{
	name=$1 want=$2
	shift 2
	"$@" >/tmp/check.out 2>&1
	code=$?
	cat /tmp/check.out
	if [ "$code" = "$want" ]; then
		ok "$name"
	else
		not_ok "$name" "exit $code instead of $want, $(tail -n 1 /tmp/check.out)"
	fi
}

# equal NAME GOT WANT
equal()
{
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "'$2' instead of '$3'"
	fi
}

# in_debug: whether this is the kernel that looks for mistakes
in_debug()
{
	[ -e /sys/kernel/debug/kmemleak ]
}

# load MODULE [PARAMETER=VALUE…]: a module of the kernel's package, or uio_stub.
load()
{
	module=$1
	shift
	insmod "/modules/$module.ko" "$@" || not_ok "load $module" "insmod failed"
}

# bind SLOT DRIVER: gives a PCI device to a driver, whatever ids the driver knows.
bind()
{
	dev=/sys/bus/pci/devices/$1
	[ ! -e "$dev/driver" ] || echo "$1" >"$dev/driver/unbind"
	echo "$2" >"$dev/driver_override"
	echo "$1" >/sys/bus/pci/drivers_probe
	[ -e "$dev/driver" ] || return 1
}

# slot_of VENDOR DEVICE: the address of the first such PCI device.
slot_of()
{
	for dev in /sys/bus/pci/devices/*; do
		[ "$(cat "$dev/vendor" "$dev/device" | tr '\n' ' ')" = "0x$1 0x$2 " ] || continue
		basename "$dev"
		return
	done
	return 1
}

# within SECONDS COMMAND…: waits until the command succeeds.
within()
{
	tries=$(($1 * 10))
	shift
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

# edu_up intx|msi: gives QEMU's edu card to the stub by a dynamic id and has it interrupt that way.
edu_up()
{
	load uio
	load uio_stub
	slot=$(slot_of 1234 11e8) || return
	echo 1234 11e8 >/sys/bus/pci/drivers/uio_stub/new_id
	check "the stub takes the card by its id" within 20 node_up || return
	put_attr irq_mode "$1"
	equal "interrupt mode" "$(get_attr irq_mode)" "$1"
}

# log_has REGEXP: the stub has said so in the kernel's log.
log_has()
{
	dmesg | grep -E "uio_stub.*$1"
}

# The node and all its maps are there.
node_up()
{
	[ -c /dev/uio0 ] && [ -e /sys/class/uio/uio0/maps/map2 ]
}

# card_up MODE [SIZE]: gives the reference card to the stub, with that kind of interrupts and a DMA
# region of SIZE, 64M when nothing is said. Sets slot to its address.
card_up()
{
	load uio
	load uio_stub
	slot=$(slot_of 1234 0cab) || { not_ok "card" "it is not there"; return 1; }
	check "the stub takes the card" within 20 node_up || return
	set_attr dma_size "${2:-64M}" || return
	set_attr irq_mode "$1"
}

# put_attr NAME VALUE: an attribute of the card in slot.
put_attr()
{
	echo "$2" >"/sys/bus/pci/devices/$slot/$1"
}

get_attr()
{
	cat "/sys/bus/pci/devices/$slot/$1"
}

set_attr()
{
	check "$1 can be $2" put_attr "$1" "$2"
}

# number KEY FILE: the last value of KEY in JSON.
number()
{
	sed -n "s/.*\"$1\": *\([-0-9.]*\).*/\1/p" "$2" | tail -n 1
}

# interrupts: how many the card in uio0 has made.
interrupts()
{
	cat /sys/class/uio/uio0/event
}

interrupted()
{
	[ "$(interrupts)" -gt $(($1 + 30)) ]
}

# frames_come: a running capture gets some; their interrupts tell.
frames_come()
{
	within 60 interrupted "$(interrupts)"
}

# capture_starts [OPTION…]: a capture that would never end runs in the background, as pid. What it says
# is in /tmp/capture and /tmp/capture.err.
capture_starts()
{
	before=$(interrupts)
	uiocap capture -d uio0 "$@" >/tmp/capture 2>/tmp/capture.err &
	pid=$!
	check "the capture runs" within 60 interrupted "$before"
}

# capture_ends: waits until it does, and sets code.
capture_ends()
{
	wait "$pid"
	code=$?
	cat /tmp/capture /tmp/capture.err
}

# capture_went_on RESETS: ends the capture, which tells in JSON what came of so many: nothing is wrong,
# and the account is exact.
capture_went_on()
{
	kill -INT "$pid"
	capture_ends
	equal "exit status" "$code" 0
	equal "the card was started anew each time" "$(number resets /tmp/capture)" "$1"
	equal "every frame is right" "$(number damaged /tmp/capture)" 0
	equal "produced = frames + incomplete + lost" "$(number produced /tmp/capture)" \
		$(($(number frames /tmp/capture) + $(number incomplete /tmp/capture) +
		   $(number lost /tmp/capture)))
	note "$(number frames /tmp/capture) frames, $(number incomplete /tmp/capture) incomplete," \
		"$(number lost /tmp/capture) lost, $(number reset_lost /tmp/capture) of them to" \
		"$(number resets /tmp/capture) resets"
}

# capture NAME [OPTION…]: captures strictly; every frame that the card made has to be in hand. What
# came of it is in /tmp/capture.
capture()
{
	name=$1
	shift
	uiocap capture -d uio0 --strict --json "$@" >/tmp/capture 2>/tmp/capture.err
	code=$?
	cat /tmp/capture /tmp/capture.err
	[ $code = 0 ] || not_ok "$name" "exit $code, $(tail -n 1 /tmp/capture.err)"
	[ "$(number produced /tmp/capture)" -gt 0 ] 2>/dev/null || not_ok "$name" "no frame came"
	equal "$name: delivered as many as produced" "$(number frames /tmp/capture)" \
		"$(number produced /tmp/capture)"
	note "$name: $(number frames /tmp/capture) frames, $(number mb_per_s /tmp/capture) MB/s," \
		"$(number interrupts /tmp/capture) interrupts"
}
