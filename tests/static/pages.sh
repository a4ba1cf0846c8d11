#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mandoc has nothing to say about any manual page (whether other pages are installed here is no
# matter), and those of ours that a page refers to exist.

. tests/static/files

{
	files 'man/*.[0-9]' | xargs mandoc -T lint -W style 2>&1 |
		grep -vE 'referenced manual not found|outdated mandoc.db'
	files 'man/*.[0-9]' | xargs grep -ohE '^\.Xr (lib)?(uio|ref)[a-z_-]* [0-9]' | sort -u |
		while read -r _ name section; do
			[ -e "man/$name.$section" ] || echo "man/$name.$section is referred to and does not exist"
		done
} | { ! grep .; }
