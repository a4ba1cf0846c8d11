# SPDX-License-Identifier: GPL-2.0-or-later
# What reading frames costs where the stub has mapped them, against malloc'd memory
# shellcheck shell=dash

# The IOMMU gives the region in one piece, so that frames share no pages.
host()
{
	iommu
	memory 2G
	limit 900
	built bench/payload
	card card --channels=8 --size=640x480 --unpaced
}

host_after()
{
	grep -E '^[a-z-]+	' "$dir/result" >"${UIOCAP_MEASURED:-/dev/null}"
}

guest()
{
	card_up msix 256M || return
	check "frames are read, copied, and left alone" /payload uio0 || return
	cat /tmp/check.out >&3
}
