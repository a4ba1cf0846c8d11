#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel's checkpatch.pl --strict has nothing to say about the kernel module. Debian has it in
# linux-source-*, of which there is one only where somebody unpacked it: CHECKPATCH=FILE.

. tests/static/files

for checkpatch in "${CHECKPATCH:-}" /usr/src/linux*/scripts/checkpatch.pl; do
	[ -e "$checkpatch" ] && break
done
if [ ! -e "$checkpatch" ]; then
	echo "no checkpatch.pl in /usr/src, none named by CHECKPATCH"
	exit 77
fi
files 'uio_stub/*.[ch]' include/uiocap/uio_stub.h |
	xargs perl "$checkpatch" --no-tree --strict --terse --no-summary --max-line-length=100 --file
