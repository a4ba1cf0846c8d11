# SPDX-License-Identifier: GPL-2.0-or-later
# the reference card goes in every way there is, also dead, from threads at work as in revoke
# shellcheck shell=dash

# Unplugged by ACPI and without MSI-X: see unplug.
host()
{
	rounds 20 200
	limit 600
	allow_refused 'DMA after bus master off'
	card card --channels=1 --size=64x64 --fps=100 --irq=msi
}

host_during()
{
	hot_plug card
}

guest()
{
	card_up msi || return
	check "by unbind, remove, reset, off, dead with ones and with zeros, unplugged" \
		revoke "$slot" "$rounds" unbind reset/3 ones/4 remove/5 off/6 zeros/7 unplug/10 &&
		note "$(cat /tmp/check.out)"
	check "the module can go" rmmod uio_stub
}
