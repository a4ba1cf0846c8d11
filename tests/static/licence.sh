#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every file names its licence in its first lines, and it is the one of its folder (COPYING).

. tests/static/files

licence()
{
	case $1 in
	include/uiocap/uiocap.h | include/uiocap/devices.h | include/uiocap/service.h) echo LGPL-2.1-or-later ;;
	include/*) echo GPL-2.0-only OR LGPL-2.1-or-later ;;
	uio_stub/Makemodule.am) echo LGPL-2.1-or-later ;;
	uio_stub/*) echo GPL-2.0-only ;;
	userdrv/lib/* | userdrv/service/*) echo LGPL-2.1-or-later ;;
	*/Makemodule.am) echo 'L?GPL-2.[01]-or-later' ;;
	userdrv/vfio-user/* | doc/* | man/*) echo 'L?GPL-2.[01]-or-later' ;;
	userdrv/* | sim/* | tests/* | scripts/* | bench/* | demo | test | .ci/*) echo GPL-2.0-or-later ;;
	*) echo LGPL-2.1-or-later ;;
	esac
}

bad=0
while read -r file; do
	case $file in
	LICENSES/* | tests/fuzz/corpus/*) continue ;;
	esac
	head -n 4 "$file" | grep -qE "SPDX-License-Identifier: $(licence "$file")( \*/| -->)?$" && continue
	echo "$file: no line 'SPDX-License-Identifier: $(licence "$file")'"
	bad=1
done < <(files .)
exit $bad
