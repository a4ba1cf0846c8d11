# SPDX-License-Identifier: GPL-2.0-or-later
# What doc/porting.md has its reader type, on QEMU's edu: each command prints what it says there
# shellcheck shell=dash

host()
{
	file doc/porting.md
	arg -device edu
}

# The guest has no /lib/modules for the real one.
modprobe()
{
	load uio
	load "$1"
}

# Is it what the document shows? "…" stands for anything, and in a line of its own for any lines.
same()
{
	while IFS= read -r want <&4; do
		[ "$want" != … ] || return 0
		IFS= read -r got || got='nothing more'
		pattern=$(echo "$want" | sed 's/…/*/g')
		# shellcheck disable=SC2254 # it is a pattern
		case $got in
		$pattern) ;;
		*) echo "'$got' instead of '$want'"; return 1 ;;
		esac
	done 4<"$2" <"$1"
	[ "$(wc -l <"$1")" = "$(wc -l <"$2")" ]
}

type_command()
{
	eval "$command" >/tmp/got 2>&1 </dev/null || echo "exit $?" >>/tmp/got
}

# A reader types slowly. An interrupt that was raised while the other processor had no time is counted
# only now.
same_or_later()
{
	same /tmp/got /tmp/want && return
	sleep 1
	type_command
	same /tmp/got /tmp/want
}

verdict()
{
	[ -z "$command" ] || check "$command" same_or_later
	command=
}

# follow FILE: types what comes after "# " in its console blocks, compares what comes below.
follow()
{
	inside='' command=''
	while IFS= read -r line <&5; do
		case $inside$line in
		'```console') inside=y ;;
		'y```') verdict; inside='' ;;
		'y# '*) verdict; command=${line#\# }; : >/tmp/want; type_command ;;
		y*) echo "$line" >>/tmp/want ;;
		esac
	done 5<"$1"
}

guest()
{
	follow /porting.md
}
