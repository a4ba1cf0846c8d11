# SPDX-License-Identifier: GPL-2.0-or-later
# What QEMU sees on its way to the card while eight channels are captured
# shellcheck shell=dash

frames=500

host()
{
	arg -trace 'vfio_region_*'
	card card --channels=8 --size=640x480 --rate=100M
}

# Registers that were read and written from the last ENABLE of a channel (refcard §4) to the stop,
# which begins with IRQ_MASK (§3).
accesses()
{
	sed -nE 's/.*vfio_region_(read|write) .*:region0\+0x([0-9a-f]+), (0x[0-9a-f]+)?.*/\1 \2 \3/p' \
		"$dir/qemu.log" | awk '
		$1 == "read" { seen++ }
		$1 == "write" && $2 ~ /^1.00$/ && $3 ~ /^0x[13]$/ { reads = rung = others = 0; on = 1; next }
		$1 == "write" && $2 == "28" { on = 0 }
		on && $1 == "read" { reads++ }
		on && $1 == "write" && $2 ~ /^1.2c$/ { rung++; next }
		on && $1 == "write" { others++ }
		END {
			print "reads\t" reads+0 "\ndoorbells\t" rung+0
			print "others\t" others+0 "\nseen\t" seen+0
		}'
}

# A library that opens a card reads registers: a trace without them is of something else.
host_after()
{
	accesses >"$dir/accesses"
	! grep -q '^seen	0$' "$dir/accesses" || not_ok "trace" "it shows no register that is read"
	{ cat "$dir/accesses"; grep -E '^[a-z]+	' "$dir/result"; } >"${UIOCAP_MEASURED:-/dev/null}"
}

guest()
{
	card_up msix || return
	capture "frames" -c all -n $frames --hold
	result "frames	$(number frames /tmp/capture)"
	result "interrupts	$(number interrupts /tmp/capture)"
}
