#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# clang-tidy (.clang-tidy says which of its checks) has nothing to say about the programs. Of the unit
# tests it would only see what the macros of check expand to.

. tests/static/files

set -o pipefail
flags=(-std=gnu11 -D_GNU_SOURCE= -DPACKAGE_VERSION='"0"' -DUIOCAP_VERSION='"0"' -DHAVE_LIBPNG -Iinclude -I.)
read -r -a found < <(pkg-config --cflags smartcols json-c libpng libsystemd inih libmicrohttpd)
# Findings are on the standard output, statistics on the standard error.
files 'userdrv/*.c' 'sim/*.c' 'tests/fuzz/*.c' 'bench/*.c' |
	xargs -d '\n' -P "${JOBS:-$(nproc)}" -I FILE \
		clang-tidy --quiet FILE -- "${flags[@]}" "${found[@]}" 2>/dev/null
