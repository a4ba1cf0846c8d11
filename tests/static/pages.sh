#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mandoc has nothing to say about any manual page.

. tests/static/files

pages=$(files 'man/*.[0-9]')
[ -n "$pages" ] || exit 77
cd man || exit	# where mandoc looks for the pages they refer to
# shellcheck disable=SC2086 # words
mandoc -T lint -W style ${pages//man\//}
