# SPDX-License-Identifier: GPL-2.0-or-later
# the machine goes to sleep and wakes in the middle of a capture, which goes on
# shellcheck shell=dash

host()
{
	rounds 2 5
	allow_refused 'DMA after bus master off'
	cmdline no_timer_check	# it would measure the load of this machine
	card card --channels=2 --size=320x240 --rate=4M
}

# All devices are put to sleep; then the kernel is content, and wakes them.
sleep_and_wake()
{
	echo mem >/sys/power/state
}

guest()
{
	if [ ! -e /sys/power/pm_test ]; then
		skip "this kernel has no pm_test"
		return
	fi
	card_up msix || return
	check "a sleep of devices can be tested" eval 'echo devices >/sys/power/pm_test'
	echo 1 >/sys/module/suspend/parameters/pm_test_delay

	capture_starts -c all || return
	check "the machine sleeps" sleep_and_wake
	capture_ends
	equal "by default: exit status" "$code" 1

	capture_starts -c all -f check --json --on-reset=resume --timeout 2s || return
	n=0
	while [ $n -lt "$rounds" ]; do
		sleep_and_wake || not_ok "round $n" "it did not sleep"
		frames_come || { not_ok "round $n" "nothing comes any more"; break; }
		n=$((n + 1))
	done
	capture_went_on "$n"
}
