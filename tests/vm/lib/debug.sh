# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The debug kernel: Debian's source of 6.12 with what finds mistakes turned on (debug.config). An
# entry like those of kernel.sh; the headers are the tree that it was built in.

debug_series=6.12
debug_config=$here/lib/debug.config

# Everything that debug.config asks for is there: what has a missing dependency goes silently.
debug_config_holds()
{
	local line missing=0
	while read -r line; do
		grep -qxF "$line" .config || { say "the debug kernel lacks $line"; missing=1; }
	done < <(grep '^CONFIG_' "$debug_config")
	[ $missing = 0 ]
}

debug_configure()
{
	make tinyconfig
	scripts/kconfig/merge_config.sh -m .config "$debug_config"
	make olddefconfig
	debug_config_holds
}

# debug_install DIR: the kernel and its modules, which are signed when they are installed, and of the
# tree what modules are built and signed with.
debug_install()
{
	make -s kernelrelease >"$1/release"
	cp arch/x86/boot/bzImage "$1/vmlinuz"
	make -s modules_install INSTALL_MOD_PATH="$1/installed" DEPMOD=true
	mkdir "$1/modules"
	find "$1/installed" -name '*.ko' -exec mv -t "$1/modules" {} +
	rm -rf "$1/installed"
	find . \( -name '*.o' -o -name '*.a' -o -name '*.cmd' -o -name 'vmlinux*' \) \
		! -path './scripts/*' ! -path './tools/*' -type f -delete
}

debug_need()
{
	need flex flex
	need bison bison
	need bc bc
	need xz xz-utils
	need gcc-12 gcc-12
	need openssl openssl
	[ -e /usr/include/gelf.h ] || die "libelf is missing; install it with: apt-get install libelf-dev"
	[ -e /usr/include/openssl/ssl.h ] ||
		die "OpenSSL is missing; install it with: apt-get install libssl-dev"
}

# debug_entry DIR
debug_entry()
{
	local tree
	debug_need
	say "fetching Debian's source of kernel $debug_series …"
	apt_open "$1/apt" bookworm
	apt_get_only linux-source- "linux-source-$debug_series"
	unpack "$1/source"
	apt_close
	mkdir -p "$1/root/usr/src"
	tar -xf "$1/source/usr/src/linux-source-$debug_series.tar.xz" -C "$1/root/usr/src"
	rm -rf "$1/source"
	tree=$1/root/usr/src/linux-source-$debug_series
	say "building the debug kernel, which takes some ten minutes …"
	(
		cd "$tree" || exit
		export CC=gcc-12 HOSTCC=gcc-12
		debug_configure
		make -j"$(nproc)" bzImage modules
		debug_install "$1"
	)
	mv "$tree" "$1/root/usr/src/linux-headers-$(cat "$1/release")"
}

# get_debug_kernel: sets kernel to the entry's directory.
get_debug_kernel()
{
	local name
	name=kernel/debug-$(hash_of "$debug_config" "$here/lib/debug.sh")
	entry "$name" debug_entry
	kernel=$cache/$name
}
