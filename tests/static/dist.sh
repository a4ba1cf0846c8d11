#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A distribution holds every file of the project.

. tests/static/files

build=${UIOCAP_BUILD:-build/plain}
make -s -C "$build" distdir distdir=of-static >"$build/of-static.log" 2>&1 || { cat "$build/of-static.log"; exit 1; }
missing=$(files . | grep -vE '^(\.ci/|\.gitignore$)' | while read -r file; do
	[ -e "$build/of-static/$file" ] || echo "$file"
done)
chmod -R u+w "$build/of-static"
rm -rf "$build/of-static"
[ -z "$missing" ] || { echo "$missing" && exit 1; }
