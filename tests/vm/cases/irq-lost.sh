# SPDX-License-Identifier: GPL-2.0-or-later
# interrupts that the card drops, and others for nothing: no frame is lost, each is noticed
# shellcheck shell=dash

# One channel of the slow card for each kind of interrupt: its frames 2 to 6 come without one, and
# nine chunks later with one too many. The fast card never interrupts at all.
host()
{
	for channel in 0 1 2; do
		set -- "$@" --fault "drop-irq:channel=$channel:after=2:count=5" \
			--fault "spurious-irq:channel=$channel:after=27:count=9"
	done
	card slow --channels=3 --size=64x48 --fps=2 "$@"
	card fast --channels=1 --size=640x480 --fps=50 --fault drop-irq:count=1000000
}

# between LEAST MOST KEY: what the capture says of KEY.
between()
{
	value=$(number "$3" /tmp/capture)
	echo "$3: $value"
	[ "$value" -ge "$1" ] && [ "$value" -le "$2" ]
}

# Frames are so far apart that each lost interrupt is waited for by itself, unless the machine is so
# busy that the next frame is there when the guest wakes up.
slow()
{
	set_attr irq_mode "$1" || return
	capture "$1" -c "$2" -n 12 -f check -w interrupt
	check "$1: those that never came are counted" between 3 5 lost_interrupts
	check "$1: and told" grep -q 'without its interrupt' /tmp/capture.err
	note "$1: of 5 lost $(number lost_interrupts /tmp/capture) are known"
}

# strangers KIND: interrupts for nothing have come, and were not taken for the card's, which has sent
# seven. The last one may come late, and that of one more frame.
strangers()
{
	irq=$(sed -n 's/^ *\([0-9]*\):.*uio_stub.*/\1/p' /proc/interrupts | head -n 1)
	check "$1: some came for nothing" grep -q '^unhandled [1-9]' "/proc/irq/$irq/spurious"
	check "$1: they are not the card's" between 6 8 interrupts
}

guest()
{
	card_up msix || return
	slow msix 0
	check "msix: some came for nothing" between 9 20 interrupts
	slow msi 1
	strangers msi
	slow intx 2
	strangers intx
	capture "a card that never interrupts" -d uio1 -c 0 -t 2s --buffers 200 -f check-edges \
		-w interrupt
	equal "it has not interrupted" "$(number interrupts /tmp/capture)" 0
	check "and that is known" between 1 1000 lost_interrupts
}
