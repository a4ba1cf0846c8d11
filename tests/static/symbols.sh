#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# libuiocap exports the functions of uiocap.h, devices.h and service.h and no other symbol.

lib=${UIOCAP_BUILD:-build/plain}/.libs/libuiocap.so
[ -e "$lib" ] || { echo "$lib is not there" && exit 1; }
diff --label uiocap.h --label "$lib" \
	<(sed -nE '/typedef/d; s/^[a-z].*[ *](uiocap_[a-z0-9_]+)\(.*/\1/p' include/uiocap/{uiocap,devices,service}.h | sort) \
	<(nm -D --defined-only --format=posix "$lib" | sed -nE 's/(@@?.*)? [TDBRVW] .*//p' |
		grep -v '^LIBUIOCAP' | sort)
