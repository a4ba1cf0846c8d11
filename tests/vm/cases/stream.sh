# SPDX-License-Identifier: GPL-2.0-or-later
# 10 MB through a byte-stream channel arrive unchanged, and the tail without a wait
# shellcheck shell=dash

# The pipe stays open after the last byte, so that only the idle time can end the last buffer.
feed()
{
	exec >"$dir/pipe"
	cat "$dir/bytes"
	exec sleep 1000
}

host()
{
	head -c 10000000 /dev/urandom >"$dir/bytes"
	mkfifo "$dir/pipe"
	background feed
	card card --channels=0 --stream="$dir/pipe"
	cmdline "want=$(sha256sum <"$dir/bytes" | cut -c1-64)"
}

guest()
{
	card_up msix || return
	check "10 MB come, nothing more than half a second after what was before" \
		uiocap stream -d uio0 -n 10000000 --idle 50ms --timeout 500ms --strict -o /tmp/bytes
	equal "size" "$(stat -c %s /tmp/bytes)" 10000000
	# shellcheck disable=SC2154 # the kernel makes it from its command line
	equal "checksum" "$(sha256sum </tmp/bytes | cut -c1-64)" "$want"
}
