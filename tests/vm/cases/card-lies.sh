# SPDX-License-Identifier: GPL-2.0-or-later
# a card that says what is not true: what is damaged is marked, and the capture goes on
# shellcheck shell=dash

# A kind of lie on each channel, ten times from chunk 40 on: at the end of frame 2, which has 15
# chunks as all have, and at the beginning of frame 3.
host()
{
	n=0
	for kind in drop-chunk drop-done dup-done swap-done short long bad-index phase; do
		set -- "$@" --fault "$kind:channel=$n:after=40:count=10"
		n=$((n + 1))
	done
	card first --channels=8 --size=320x240 --fps=10 "$@"
	card second --channels=4 --size=320x240 --fps=10 \
		--fault corrupt:channel=0:after=40:count=10 \
		--fault silent:channel=1:after=40:count=10 \
		--fault stray:channel=2:after=40:count=10
	card third --channels=2 --size=320x240 --fps=10 --fault drop-done:after=40:count=100
}

# rows: of each channel in /tmp/capture: number, produced, frames, lost, incomplete, damaged.
rows()
{
	tr -d '" ,' </tmp/capture | awk -F: '
		$1 == "channels" { inside = 1 }
		inside && $2 ~ /^[0-9]+$/ { v[$1] = $2 }
		inside && $1 == "damaged" {
			print v["channel"], v["produced"], v["frames"], v["lost"], v["incomplete"], $2
		}
		$1 == "total" { exit }'
}

# lies NODE CHANNELS CODE [OPTION…]: captures 20 whole frames of each; the rows are in /tmp/rows.
lies()
{
	node=$1 channels=$2 code=$3
	shift 3
	check_code "$node: a capture of channels $channels" "$code" \
		uiocap capture -d "$node" -c "$channels" -n 20 -f check --hold --json "$@"
	cp /tmp/check.out /tmp/capture
	rows >/tmp/rows
	while read -r channel produced frames lost incomplete _; do
		equal "$node, channel $channel: produced = frames + incomplete + lost" "$produced" \
			$((frames + incomplete + lost))
		equal "$node, channel $channel: it goes on" "$frames" 20
	done </tmp/rows
}

# marked NAME CHANNEL INCOMPLETE DAMAGED: nothing is lost, so many are known to be damaged, and so many
# are not.
marked()
{
	equal "$1: lost, incomplete, wrong" "$(sed -n "s/^$2 [0-9]* [0-9]* //p" /tmp/rows)" "0 $3 $4"
}

guest()
{
	card_up msix || return
	lies uio0 all 0
	marked drop-chunk 0 2 0
	marked drop-done 1 2 0
	marked dup-done 2 0 0
	marked swap-done 3 0 0
	marked short 4 2 0
	marked long 5 2 0
	marked bad-index 6 2 0
	marked phase 7 2 0
	lies uio1 0,2 0
	marked corrupt 0 2 0
	marked stray 2 0 0
	lies uio1 1 1
	marked silent 1 0 2
	check "silent: it is told which" grep -q 'is wrong from' /tmp/capture
	lies uio2 all 0 --buffers 4
	check "all completions lost: the channel is started anew" \
		grep -q 'channel 0 does not go on by itself' /tmp/capture
}
