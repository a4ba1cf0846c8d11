# SPDX-License-Identifier: GPL-2.0-or-later
# interrupt to user and armed again, blocking: the stub, uio_pci_generic and vfio-pci
# shellcheck shell=bash source-path=SCRIPTDIR/..
kind=counted
. "$here/kernel.sh"

# against ARM GATE BASELINE KNOWN
against()
{
	local other
	other=$(latency "$1")
	report "$3" "$other" instr
	report "stub / $3" "$(ratio "$stub" "$other")" x "$2" "$3" "$4"
}

# Three of these gates are out of a UIO driver's reach in 6.1, and one of them in 6.12: see
# doc/performance.md. What is reached must not get worse.
in_kernel()
{
	local stub
	stub=$(latency stub-msi)
	report "stub, MSI" "$stub" instr
	report "stub, INTx" "$(latency stub-intx)" instr
	against uio_pci_generic "<= 0.57" "uio_pci_generic, INTx" "<= 0.61"
	against vfio-intx "<= 0.65" "vfio-pci, INTx" "<= 0.68"
	against vfio-msi "<= 1.00" "vfio-pci, MSI" "<= 1.05"
}

measure()
{
	local calls where
	printf '# arm\tkernel\tns\n' >"$data/latency.tsv"
	for where in "${kernels[@]}"; do
		calls=$(measured_in "$where" calls)
		awk -v kernel="$where" '$1 == "latency" { print $2 "\t" kernel "\t" $3 }' "$calls" \
			>>"$data/latency.tsv"
		in_kernel
	done
}
