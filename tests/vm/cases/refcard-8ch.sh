# SPDX-License-Identifier: GPL-2.0-or-later
# eight channels at 350 MB/s for ten seconds without a loss; then every byte as fast as it goes
# shellcheck shell=dash

host()
{
	memory 3G
	card card --channels=8 --size=640x480 --rate=350M
}

guest()
{
	card_up msix 1000M || return
	capture "350 MB/s for 10 s" -c all --buffers 400 -t 10s -f check-edges -w interrupt
	capture "every byte checked" -c all --buffers 400 -t 10s -f check -w interrupt --hold
}
