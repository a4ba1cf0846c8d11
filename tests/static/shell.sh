#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The shell scripts are clean for shellcheck.

. tests/static/files

programs=() parts=()
while read -r file; do
	if [[ $file != *.tap ]] && head -n 1 "$file" | grep -qaE '^#!.*\b(ba)?sh$'; then
		programs+=("$file")
	elif [[ $file = *.@(sh|tap) ]]; then
		parts+=("$file")
	fi
done < <(files .)

bad=0
check=(shellcheck --external-sources --format gcc --source-path SCRIPTDIR --source-path .)
"${check[@]}" "${programs[@]}" || bad=1
# A part has its variables from, or sets them for, the program (or the make) that runs it.
"${check[@]}" --exclude SC2154,SC2034 "${parts[@]}" || bad=1
exit $bad
