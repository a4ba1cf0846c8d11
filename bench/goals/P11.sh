# SPDX-License-Identifier: GPL-2.0-or-later
# what descriptors, completions, doorbells and interrupts take of the bus, by a model
# shellcheck shell=bash disable=SC2034,SC2154 # see lib.sh
kind=counted
. "$top/bench/node.sh"

# A model, with measured counts in it: bytes on a PCI Express link of the first generation, eight
# lanes, 2 GB/s each way (2.5 GT/s, 8 bits of 10). A packet has 8 bytes around its header: start and
# end, sequence number, LCRC. Headers are 16 bytes with a 64-bit address, 12 for completions and
# where the address has 32 bits (PCI Express Base 1.1, §2.2 and §3.5). The card reads one descriptor
# at a time, the worst that it can do; nothing else goes on. Acknowledgements and flow control of
# the link itself are left out: they belong to all packets, payload included.
# Prints overhead in % of payload, overhead upstream in % of payload, and MB/s of payload at most.
model()
{
	awk -v mps="$1" -v chunk=10240 '
	{ count[$1] = $2 }
	END {
		packet = 8; long = packet + 16; short = packet + 12
		fetch_up = long
		fetch_down = short + 16
		done_up = long + 16
		doorbell_down = (short + 4) * count["writes"] / count["chunks"]
		read_both = (2 * short + 4) * count["reads"] / count["chunks"]
		irq_up = (long + 4) * count["interrupts"] / count["chunks"]
		up = fetch_up + done_up + irq_up
		all = up + fetch_down + doorbell_down + read_both
		payload_up = chunk + chunk / mps * long
		printf "%.4f %.4f %.1f\n", 100 * all / chunk, 100 * up / chunk,
			2000 * chunk / (payload_up + up)
	}' "$work/crossings"
}

measure()
{
	local mps all up rate
	make_node
	"$build/bench/crossings" memory interrupt 8 10000 >"$work/crossings"
	for mps in 128 256; do
		read -r all up rate < <(model $mps)
		report "model: overhead, both ways, of payload, MPS $mps" "$all" % "<= 1"
		report "model: overhead beside the payload, MPS $mps" "$up" %
		report "model: payload at most, MPS $mps" "$rate" MB/s
	done
}
