# SPDX-License-Identifier: GPL-2.0-or-later
# the card is reset again and again in the middle of a capture of eight channels, which goes on
# shellcheck shell=dash

host()
{
	rounds 10 50
	limit 600
	allow_refused 'DMA after bus master off'
	cmdline no_timer_check	# it would measure the load of this machine
	card card --channels=8 --size=320x240 --rate=16M
}

reset_card()
{
	echo 1 >"/sys/bus/pci/devices/$slot/reset"
}

# word OFFSET: two bytes of the card's configuration space.
word()
{
	od -An -t u2 -j "$1" -N 2 "/sys/bus/pci/devices/$slot/config" | tr -d ' '
}

# What the kernel has set up anew: bus mastering (04h) and MSI-X (capability at 70h).
set_up_again()
{
	[ $(($(word 4) & 4)) != 0 ] && [ $(($(word 114) & 0x8000)) != 0 ]
}

fails()
{
	capture_starts -c all || return
	reset_card
	capture_ends
	equal "by default: exit status" "$code" 1
	check "it says why" grep -q 'the card has been reset' /tmp/capture.err
	check "and what helps" grep -q -- '--on-reset=resume' /tmp/capture.err
}

resumes()
{
	capture_starts -c all -f check --json --on-reset=resume || return
	n=0
	while [ $n -lt "$rounds" ]; do
		reset_card
		set_up_again || { not_ok "round $n" "no bus mastering or no MSI-X"; break; }
		frames_come || { not_ok "round $n" "nothing comes any more"; break; }
		n=$((n + 1))
	done
	capture_went_on "$n"
}

# Eight channels of 16 MB/s together, 76800 bytes a frame. A reset may be wrong by a frame; a card that
# is late, because this machine has other things to do, forgets what it has yet to make.
keeps_pace()
{
	awk -v seconds="$(number seconds /tmp/capture)" -v rounds="$rounds" \
		-v produced="$(number produced /tmp/capture)" 'BEGIN {
			due = seconds * 16e6 / 76800
			print produced " frames in " seconds " s: " due " would be right"
			exit !(produced > 0.8 * due && produced < due + 8 * (rounds + 3))
		}'
}

guest()
{
	card_up msix || return
	fails
	resumes
	check "numbers keep the source's pace" keeps_pace
	capture "afterwards" -c all -t 1s -f check-edges --hold
}
