#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every header compiles alone, in C; those that are installed in C++ as well.

. tests/static/files

bad=0

# compile LANGUAGE STANDARD HEADER
compile()
{
	"${CC:-gcc}" -x "$1" -std="$2" -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -Iinclude -I. \
		-Iuserdrv/lib -include "$3" /dev/null || bad=1
}

for header in $(files 'include/*.h'); do
	compile c gnu11 "$header"
	compile c++ c++11 "$header"
done
for header in $(files 'userdrv/*.h' 'sim/*.h' 'tests/*.h'); do
	compile c gnu11 "$header"
done
exit $bad
