# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Debian's own kernels with their headers, unpacked and not installed. An entry kernel/SERIES has
#   release    what uname -r says in it
#   vmlinuz    the kernel
#   modules/   the few modules that tests want
#   root/      headers and kbuild, and a compiler where the machine's own cannot do

# newest SERIES: the newest release of a series that apt offers; prints nothing if there is none.
newest()
{
	local release="${1//./\\.}\.[0-9][0-9.+~a-z-]*-amd64"
	apt-cache pkgnames "linux-image-$1." |
		sed -n "/-cloud-\|-rt-/d; s/^linux-image-\($release\)\$/\1/p" | sort -V | tail -n 1
}

# kernel_source DIR SERIES: opens apt on the oldest Debian that has the series; sets release, dist.
kernel_source()
{
	for dist in bookworm trixie; do
		apt_open "$1" "$dist"
		release=$(newest "$2")
		[ -z "$release" ] || return 0
		apt_close
	done
	die "Debian offers no kernel $2, neither in bookworm nor in trixie, with their backports"
}

# The image has thousands of modules; a guest needs a handful. Newer Debian compresses them.
kernel_image()
{
	unpack "$1/image" 'linux-[bim]*'
	mkdir "$1/modules"
	find "$1/image" -name 'vmlinuz*' -type f -exec mv {} "$1/vmlinuz" \;
	find "$1/image" \( -path '*/drivers/uio/*' -o -path '*/drivers/vfio/*' -o \
		-path '*/iommu/iommufd/*' -o -path '*/virt/lib/*' \) -name '*.ko*' \
		-exec mv -t "$1/modules" {} +
	find "$1/modules" -name '*.xz' -exec xz -d {} +
	rm -rf "$1/image"
	[ -s "$1/vmlinuz" ] && [ -s "$1/modules/uio.ko" ]
}

# Bookworm's headers work with the machine's own gcc-12, once their Makefile knows where they are.
headers_bookworm()
{
	local root=$cache/kernel/$2/root
	unpack "$1/root" 'linux-[hk]*'
	sed -i "s#/usr/src/#$root&#" "$1/root/usr/src/linux-headers-$release/Makefile"
}

# Trixie's kbuild wants its newer C library, and the kernel its newer gcc: a tree to chroot into.
headers_trixie()
{
	apt_get "linux-headers-$release" base-files binutils coreutils dash findutils grep make \
		mawk sed
	unpack "$1/root" '[!l]*'
	unpack "$1/root" 'lib*'
	unpack "$1/root" 'linux-[hk]*'
	ln -s mawk "$1/root/usr/bin/awk"
	mkdir -p "$1"/root/{dev,proc,mnt}
}

# kernel_entry DIR SERIES
kernel_entry()
{
	local dist release
	kernel_source "$1/apt" "$2"
	say "fetching Debian's kernel $release and its headers …"
	printf '%s\n' "$release" >"$1/release"
	apt_get_only linux- "linux-image-$release" "linux-headers-$release"
	kernel_image "$1"
	"headers_$dist" "$1" "$2"
	apt_close
}

# get_kernel SERIES: sets kernel to the entry's directory.
get_kernel()
{
	need xz xz-utils
	if [ "$1" = debug ]; then
		get_debug_kernel
		return
	fi
	entry "kernel/$1" kernel_entry "$1"
	kernel=$cache/kernel/$1
}
