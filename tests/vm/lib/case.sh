# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# One case in one kernel: a file cases/NAME.sh with a host part, the function `host`, which says by
# the words below what the guest is made of, and a guest part, `guest`, which runs in it and uses
# guest/lib.sh. The guest's shell reads the host part as well, so that it may not be bash's alone.
# `host_during` runs on this machine while the guest does, `host_after` when it has ended; both
# report with `ok` and `not_ok`. The words of `host_during` are `request`, `answer`, `qmp`
# and `plug`.

# What no kernel may say, whatever a case does.
bad_log='WARNING:|BUG:|BUG |Oops|Call Trace|general protection|KASAN|UBSAN|Kernel panic|Bad page'
bad_log+='|unable to handle|nobody cared|refcount_t:|possible (circular|recursive|irq lock)'
bad_log+='|inconsistent lock state|suspicious RCU|detected stall|blocked for more than'
bad_log+='|trying to register non-static key|DMA-API: [^ ]* [0-9a-f]*:|DMAR: .*[Ff]ault'
bad_log+='|new suspected memory leaks'

# Nor that it looks for mistakes no longer.
bad_log+='|locking correctness validator|ODEBUG disabled|Cannot allocate a kmemleak_object'
bad_log+='|dma-debug disabled|debugging out of memory'

# Words for the host part.

arg()		# ARG…: arguments for QEMU
{
	args+=("$@")
}

cmdline()	# WORD…: for the kernel's command line
{
	append+=" $*"
}

memory()	# SIZE: of the guest, 1G when nothing is said
{
	mem=$1
}

limit()		# SECONDS: that the case may take, 300 when nothing is said; four times that in debug
{
	seconds=$1
}

# Say `only SERIES || return 0`: the words that follow are for a guest that there will be none of.
only()		# SERIES…: the kernels that a case is for; in others it is left out
{
	local wanted
	for wanted; do
		[ "$wanted" != "$series" ] || return 0
	done
	echo "left out: it is for kernel $*" >>"$dir/result"
	return 1
}

skip()		# WHY…: the case cannot run here, and no guest is started
{
	echo "skip: $*" >>"$dir/result"
}

rounds()	# PLAIN FULL [DEBUG]: how often; $rounds in the guest, FULL with UIOCAP_ROUNDS=full and
		# in the debug kernel, unless DEBUG says how often there
{
	rounds=$1
	[ "${UIOCAP_ROUNDS:-}" != full ] || rounds=$2
	[ "$series" != debug ] || rounds=${3:-$2}
	cmdline "rounds=$rounds"	# the kernel gives init what it does not know itself
}

file()		# PATH…: of the source tree, or absolute, for the guest's root directory
{
	local path
	for path; do
		[[ $path = /* ]] || path=$top/$path
		files+=("$path")
	done
}

built()		# PROGRAM…: of UIOCAP_BUILD and not installed, for the guest's root directory
{
	files+=("${@/#/$UIOCAP_BUILD/}")
}

program()	# PATH…: of this machine, with its libraries, for the guest's path
{
	programs+=("$@")
}

systemd()	# a guest with a real systemd and udev, where all is installed as users install it
{
	need depmod kmod
	get_rootfs
	system=systemd
	cmdline systemd.show_status=error
}

config()	# PATH LINE…: a file of the guest's, from the root directory
{
	local at=$dir/config/$1
	shift
	mkdir -p "${at%/*}"
	printf '%s\n' "$@" >"$at"
}

# The card's service runs in there, as users have it: behind an IOMMU, so that it needs no capability.
# alice may read frames, mallory may not. $rate is that of a card of which a client there loses nothing.
service()
{
	rate=4M
	[ "$series" != debug ] || rate=1M
	systemd
	iommu
	config usr/lib/sysusers.d/people.conf 'u alice -' 'u mallory -' 'm alice uiocap'
	config etc/udev/rules.d/59-size.rules \
		'ACTION=="add", SUBSYSTEM=="uio", ENV{UIOCAP_DMA_SIZE}="64M"'
}

# ACPI's routing of INTx is interpreted anew at each bind, which in the debug kernel takes most of a bind's
# time. Without it ACPI unplugs no cards either.
no_intx()
{
	cmdline acpi=noirq
}

background()	# COMMAND…: runs on this machine until the case ends
{
	"$@" &
	pids+=($!)
}

allow()		# REGEXP: lines of the kernel's log that this case provokes
{
	allowed=$1
}

allow_refused()	# REGEXP: what of the cards' DMA may be refused, by the lines in their logs
{
	refused=$1
}

# The kernel's check of its timer measures the machine's load: it gives up, with a panic, where the
# emulator was not scheduled for ten ticks.
iommu()		# an emulated Intel IOMMU that translates; comes before any card
{
	arg -device intel-iommu,intremap=on,caching-mode=on
	cmdline intel_iommu=on no_timer_check
}

# What it measures then comes out the same anywhere, and says nothing of a machine's speed.
icount()	# one processor, and a nanosecond of the guest's time is one of its instructions
{
	accel=tcg,thread=single smp=1
	arg -icount shift=0,sleep=off
	cmdline tsc=reliable
}

# card NAME [ARG…]: starts uiocap-card with ARGs and plugs it in behind a root port of its own. Its
# log is NAME.log, its statistics are in NAME.stats when it has ended.
card()
{
	local name=$1 socket=$dir/$1.sock log=$dir/$1.log
	shift
	LD_LIBRARY_PATH=$(user_libs) "$(user_program uiocap-card)" --socket "$socket" --stats "$@" \
		>"$dir/$name.stats" 2>"$log" &
	pids+=($!)
	cards+=("$name")
	for _ in {1..50}; do
		[ ! -S "$socket" ] || break
		sleep 0.1
	done
	[ -S "$socket" ] || not_ok "$name" "uiocap-card did not start: $(tail -n 1 "$log")"
	arg -device "pcie-root-port,id=$name-port,slot=${#cards[@]},chassis=${#cards[@]}$port"
	arg -device "$(card_device "$name")"
}

# At 2.5 GT/s. After a link was reset the kernel waits until the port says that it is active again, which
# QEMU's never does; a port as slow as this need not be able to.
slow_link()	# comes before the cards
{
	port=,x-speed=2_5
}

card_device()	# NAME: the device that QEMU makes of a card
{
	echo "{\"driver\":\"vfio-user-pci\",\"id\":\"$1\",\"bus\":\"$1-port\"," \
		"\"socket\":{\"type\":\"unix\",\"path\":\"$dir/$1.sock\"}}"
}

# Words for host_during.

request()	# waits for the guest's next `ask` and sets $asked; fails when the guest has ended
{
	local line n
	requests=$((requests + 1))
	while kill -0 "$guest_pid" 2>/dev/null; do
		n=0
		while read -r line; do
			[[ $line != "host: "* ]] || n=$((n + 1))
			asked=${line#host: }
			[ $n != $requests ] || return 0
		done <"$dir/guest.result"
		sleep 0.1
	done
	return 1
}

answer()	# WORD: to the guest's `ask`, which succeeds when it is "ok"
{
	echo "$1" >&"$answers"
}

# QEMU takes a first command that is always the same before all others. Events are only kept in
# qmp.log, with all else.
qmp()		# JSON: a command for QEMU's monitor; prints the answer, fails if it is an error
{
	local line
	if [ ! -e "$dir/qmp.log" ]; then
		: >"$dir/qmp.log"
		qmp '{"execute":"qmp_capabilities"}' >/dev/null
	fi
	echo "$1" >&"$qmp_in"
	while read -r -t 60 line <&"$qmp_out"; do
		echo "$line" >>"$dir/qmp.log"
		[[ $line = *'"return"'* || $line = *'"error"'* ]] || continue
		echo "$line"
		[[ $line = *'"return"'* ]] || return 1
		return 0
	done
	not_ok "qemu" "its monitor is silent"
	return 1
}

# is_free NAME: the card has let go of the QEMU that it was unplugged from: none but the socket on which it
# listens has its name. Turned away by a card in use, QEMU as of 11.1 may end with a failed assertion.
is_free()
{
	[ "$(grep -c " $dir/$1.sock\$" /proc/net/unix)" = 1 ]
}

plug()		# NAME: puts a card that was unplugged back into its slot, once QEMU is done with it
{
	for _ in {1..200}; do
		kill -0 "$guest_pid" 2>/dev/null || break
		if is_free "$1" &&
			qmp "{\"execute\":\"device_add\",\"arguments\":$(card_device "$1")}"; then
			return
		fi
		sleep 0.1
	done
	return 1
}

hot_plug()	# NAME: does that for host_during(): the guest's requests are "unplug" and "plug"
{
	while request; do
		case $asked in
		unplug) qmp "{\"execute\":\"device_del\",\"arguments\":{\"id\":\"$1\"}}" && answer ok ;;
		plug) plug "$1" && answer ok ;;
		esac >/dev/null || answer failed
	done
}

ok()
{
	echo "ok $1" >>"$dir/result"
}

not_ok()
{
	echo "not ok $1: $2" >>"$dir/result"
}

# The machinery.

stop_all()
{
	[ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || :
	wait
}

# Pipes to QEMU's monitor and to the guest's second serial port. Open for both ways, so that neither
# side waits for the other.
open_pipes()
{
	: >"$dir/guest.result"
	mkfifo "$dir/qmp.in" "$dir/qmp.out" "$dir/answers"
	exec {qmp_in}<>"$dir/qmp.in" {qmp_out}<>"$dir/qmp.out" {answers}<>"$dir/answers"
}

start_guest()
{
	make_initramfs "$1" "$dir/initramfs"
	open_pipes
	timeout -k 5 "$seconds" "${qemu[@]}" -accel "$accel" \
		-machine q35,memory-backend=mem0 -smp "$smp" -m "$mem" \
		-object "memory-backend-memfd,id=mem0,size=$mem,share=on" \
		-nodefaults -no-reboot -display none -monitor none \
		-kernel "$kernel/vmlinuz" -append "console=ttyS0 panic=-1 $append" \
		-initrd "$dir/initramfs" -serial "file:$dir/console.log" \
		-chardev "file,id=results,path=$dir/guest.result,input-path=$dir/answers" \
		-serial chardev:results -qmp "pipe:$dir/qmp" "${args[@]}" </dev/null >"$dir/qemu.log" 2>&1 &
	guest_pid=$!
	pids+=("$guest_pid")
}

# The guest's end, its log and its own words all have to be in order.
judge()
{
	local code=$1
	tr -d '\r' <"$dir/guest.result" >>"$dir/result"
	if [ "$code" = 124 ]; then
		not_ok "time" "not finished within $seconds s"
	elif [ "$code" != 0 ]; then
		not_ok "qemu" "exit $code: $(tail -n 1 "$dir/qemu.log")"
	elif ! grep -qx end "$dir/guest.result"; then
		not_ok "guest" "it stopped before the end of the case"
	fi
	grep -nE "$bad_log" "$dir/console.log" | grep -vE "${allowed:-^\$}" >"$dir/bad" || :
	[ ! -s "$dir/bad" ] || not_ok "kernel log" "$(head -n 1 "$dir/bad" | tr -d '\r')"
}

# A card that was told nonsense, or that wanted memory that is not its own, shows a wrong driver.
judge_cards()
{
	local name key log value
	for name in "${cards[@]}"; do
		log=$dir/$name.log
		if [ -n "$refused" ] && ! grep ' refused: ' "$log" | grep -vqE "$refused"; then
			continue
		fi
		for key in dma_refused guest_errors; do
			value=$(sed -n "s/.*\"$key\": *\([0-9]*\).*/\1/p" "$dir/$name.stats")
			[ "$value" = 0 ] || not_ok "$name" "$key $value, $(tail -n 1 "$log")"
		done
	done
}

# run_case CASE_FILE: results go to $dir/result.
run_case()
{
	local args=() append='' mem=1G seconds=300 allowed='' refused='' files=() programs=()
	local system=busybox port='' accel=${UIOCAP_ACCEL:-tcg,thread=multi} smp=2
	local pids=() cards=() guest_pid='' code=0 rounds='' requests=0 asked
	local qmp_in qmp_out answers
	host() { :; }
	host_during() { :; }
	host_after() { :; }
	trap 'stop_all; exit 143' TERM
	: >"$dir/result"
	# shellcheck disable=SC1090
	. "$1"
	host
	[ "$series" != debug ] || seconds=$((seconds * 4))
	if [ ! -s "$dir/result" ]; then
		start_guest "$1"
		host_during
		wait "$guest_pid" || code=$?
		judge "$code"
	fi
	stop_all
	judge_cards
	[ -z "$guest_pid" ] || host_after
}
