# SPDX-License-Identifier: GPL-2.0-or-later
# eight channels at 350 MB/s for ten seconds without a loss; then every byte as fast as it goes
# shellcheck shell=dash

# A kernel that checks its own memory is slower than the card.
host()
{
	rate=350
	[ "$series" != debug ] || rate=100
	memory 3G
	cmdline "rate=$rate"
	card card --channels=8 --size=640x480 --rate=${rate}M
}

# The card is paced by this machine's clock and the driver runs on an emulated processor: who does
# without it for some seconds loses frames, and it is no fault of the driver. So it has three
# attempts to lose none. In each of them every frame has to be accounted for.
paced()
{
	for attempt in 1 2 3; do
		uiocap capture -d uio0 --json -c all --buffers 400 -t 10s -f check-edges \
			-w interrupt >/tmp/paced
		note "attempt $attempt: $(number frames /tmp/paced) frames," \
			"$(number mb_per_s /tmp/paced) MB/s, $(number lost /tmp/paced) lost"
		equal "produced = frames + lost" "$(number produced /tmp/paced)" \
			$(($(number frames /tmp/paced) + $(number lost /tmp/paced)))
		[ "$(number lost /tmp/paced)" -gt 0 ] || return 0
	done
	return 1
}

guest()
{
	card_up msix 1000M || return
	# shellcheck disable=SC2154 # the kernel makes it from its command line
	if paced; then
		ok "$rate MB/s for 10 s and nothing lost"
	else
		not_ok "$rate MB/s for 10 s and nothing lost" "it has lost frames three times"
	fi
	equal "all were whole" "$(number incomplete /tmp/paced)" 0
	equal "and right" "$(number damaged /tmp/paced)" 0
	capture "every byte checked" -c all --buffers 400 -t 10s -f check -w interrupt --hold
}
