# SPDX-License-Identifier: GPL-2.0-or-later
# eight channels at 350 MB/s for ten seconds without a loss; then every byte as fast as it goes
# shellcheck shell=dash

host()
{
	memory 2G
	card card --channels=8 --size=640x480 --rate=350M
}

guest()
{
	card_up msix 512M || return
	capture "350 MB/s for 10 s" -c all --buffers 200 -t 10s -f check-edges -w interrupt
	check "the rate is 350 MB/s" rate_near 350
	capture "every byte checked" -c all --buffers 200 -t 10s -f check -w interrupt --hold
}

# Within 2 percent, as the capture ends in the middle of a frame.
rate_near()
{
	awk -v want="$1" -v got="$(number mb_per_s /tmp/capture)" \
		'BEGIN { exit !(got > want * 0.98 && got < want * 1.02) }'
}
