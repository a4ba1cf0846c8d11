#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What .editorconfig asks for, and files that a person can still read: C lines have at most 100
# columns (but for messages, which are not broken), C files at most 500 lines (tests 600), the stub
# altogether 900.

. tests/static/files

text()
{
	files . | grep -vE '^(LICENSES|tests/fuzz/corpus)/|\.png$'
}

c_files()
{
	files '*.c' '*.h'
}

{
	text | xargs -d '\n' grep -nE '[[:blank:]]+$' -- | sed 's/$/: space at the end of the line/'
	text | while read -r file; do
		[ ! -s "$file" ] || [ -z "$(tail -c 1 "$file")" ] || echo "$file: no newline at its end"
	done
	c_files | xargs -d '\n' grep -nE '^ +[^* ]' -- | grep -vE ':[0-9]+: \*' | sed 's/$/: tabs, please/'
	# shellcheck disable=SC2016 # it is perl that expands
	c_files | xargs -d '\n' perl -CSD -ne '
		1 while s{^([^\t]*)\t}{$1 . " " x (8 - length($1) % 8)}e;
		chomp;
		printf "%s:%d: %d columns\n", $ARGV, $., length
			if length > 100 && !/"[^"]{40,}"|"[,;)]*$/;
		if (eof) { print "$ARGV: $. lines\n" if $. > ($ARGV =~ /^tests/ ? 600 : 500); close ARGV }'
	cat uio_stub/*.[ch] 2>/dev/null | awk 'END { if (NR > 900) print "uio_stub: " NR " lines" }'
} | { ! grep .; }
