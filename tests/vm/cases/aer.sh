# SPDX-License-Identifier: GPL-2.0-or-later
# errors on the bus above the card, corrected, not corrected and fatal: the capture goes on
# shellcheck shell=dash

host()
{
	rounds 2 10
	allow_refused 'DMA after bus master off'
	cmdline no_timer_check	# it would measure the load of this machine
	slow_link
	card card --channels=2 --size=320x240 --rate=4M
}

# The guest asks for an error by its name, which its root port then reports.
host_during()
{
	local said
	while request; do
		said=$(qmp "{\"execute\":\"human-monitor-command\",\"arguments\":
			{\"command-line\":\"pcie_aer_inject_error card-port $asked\"}}")
		case $said in
		*OK*) answer ok ;;
		*) answer "$said" ;;
		esac
	done
}

# inject NAME ERROR
inject()
{
	ask "$2" || not_ok "$1" "QEMU does not do it"
}

# resets: how often the capture has been reset, as it says itself.
resets()
{
	grep -c 'has been reset' /tmp/capture.err
}

reset_is_told()
{
	[ "$(resets)" = "$1" ]
}

# error NAME ERROR: of which the card has to recover.
error()
{
	want=$(($(resets) + 1))
	inject "$1" "$2"
	within 20 reset_is_told "$want" || { not_ok "$1" "$(resets) resets, not $want"; return; }
	frames_come || not_ok "$1" "nothing comes any more"
}

guest()
{
	card_up msix || return
	check "the kernel handles such errors" eval 'dmesg | grep -q "AER: enabled"'
	capture_starts -c all -f check --json --on-reset=resume || return
	inject "corrected" RCVR
	check "a corrected error is told by the kernel" within 20 eval 'dmesg | grep -qi "corrected"'
	check "frames come" frames_come
	equal "and nothing was reset" "$(resets)" 0
	n=0
	while [ $n -lt "$rounds" ]; do
		error "completion timeout" COMP_TIME
		error "poisoned" POISON_TLP
		error "fatal: a malformed packet" MALF_TLP
		n=$((n + 1))
	done
	capture_went_on $((3 * n))

	capture_starts -c all || return
	inject "by default" COMP_TIME
	capture_ends
	equal "by default: exit status" "$code" 1
}
