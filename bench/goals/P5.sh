# SPDX-License-Identifier: GPL-2.0-or-later
# register accesses and interrupts
# shellcheck shell=bash disable=SC2034,SC2154 # see lib.sh
kind=counted
. "$top/bench/node.sh"
. "$top/bench/kernel.sh"

frames=10000

figures()
{
	local chunks reads writes irqs
	chunks=$(value crossings chunks)
	reads=$(value crossings reads)
	writes=$(value crossings writes)
	irqs=$(value crossings interrupts)
	report "$1register reads a chunk" "$(ratio "$reads" "$chunks")" reads "= 0"
	report "$1register reads an interrupt" "$(ratio "$reads" "$irqs")" reads "<= 1"
	report "$1doorbells for 16 chunks" "$(ratio $((16 * writes)) "$chunks")" writes "<= 1"
}

# Both cards say what they have seen: the one in memory its doorbells, the simulated one what it
# has sent. QEMU says what a guest has done.
measure()
{
	local card socket=$work/card.sock sent where
	make_node
	"$build/bench/crossings" memory interrupt 8 $frames >"$work/crossings"
	figures "uio: "
	report "uio: doorbells seen by the card / written" \
		"$(ratio "$(($(value crossings rung) - 8))" "$(value crossings writes)")" ratio
	"$build/uiocap-card" --socket "$socket" --once --stats --rate 700M >"$work/stats" &
	card=$!
	until [ -e "$socket" ]; do sleep 0.05; done
	"$build/bench/crossings" "vfio-user:$socket" interrupt 8 $frames >"$work/crossings"
	wait $card
	figures "sim: "
	sent=$(sed -n 's/.*"interrupts": *\([0-9]*\).*/\1/p' "$work/stats")
	report "sim: interrupts sent / frames produced" \
		"$(ratio "$sent" "$(produced)")" ratio "<= 1.05"
	for where in "${kernels[@]}"; do in_kernel; done
}

# What QEMU lets through to the card of a guest.
in_kernel()
{
	local chunks irqs frames
	cp "$(measured_in "$where" bus)" "$work/bus"
	frames=$(value bus frames) irqs=$(value bus interrupts)
	chunks=$((30 * frames))
	report "guest: register reads a chunk" "$(ratio "$(value bus reads)" $chunks)" reads "= 0"
	report "guest: doorbells for 16 chunks" "$(ratio $((16 * $(value bus doorbells))) $chunks)" \
		writes "<= 1"
	report "guest: other register writes" "$(value bus others)" writes "= 0" "$frames frames"
	report "guest: interrupts / frames" "$(ratio "$irqs" "$frames")" ratio "<= 1.05"
}

# produced: frames that the simulated card says it made
produced()
{
	grep -o '"produced": *[0-9]*' "$work/stats" | awk '{ n += $2 } END { print n }'
}
