# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The guest's whole file system: busybox or a small Debian, a few modules, the programs under test, and
# one case.

# copy_libraries ROOT: those of the programs that ROOT lacks go where their loader looks for them.
copy_libraries()
{
	local library
	# ldd fails for a static program and has nothing to say about it
	{ LD_LIBRARY_PATH=$(user_libs) ldd "$1"/usr/{,local/}{,s}bin/uiocap* \
		"${programs[@]/#*\//$1/usr/bin/}" 2>/dev/null || :; } |
		sed -n '/libuiocap/d; s/^[^/]*\(\/.*\) (0x.*/\1/p' | sort -u |
		while read -r library; do
			[ -e "$1$library" ] || cp -L --parents -t "$1" "$library"
		done
}

# fill_busybox ROOT: the programs lie where a path finds them, and nothing else does.
fill_busybox()
{
	mkdir -p "$1"/{bin,dev,proc,sys,tmp,usr/bin,usr/lib}
	cp "$(command -v busybox)" "$1/bin/"
	find "$user" \( -path '*bin/*' -o -path '*/udev/uiocap_id' \) -type f \
		-exec cp -t "$1/usr/bin" {} +
	find "$user" -name 'libuiocap.so*' -exec cp -P -t "$1/usr/lib" {} +
	cp "$here/guest/init" "$1/"
	chmod 755 "$1/init"
}

# add_modules ROOT: where udev finds them by what a device says of itself.
add_modules()
{
	local release
	release=$(cat "$kernel/release")
	mkdir -p "$1/usr/lib/modules/$release/updates"
	cp "$kernel"/modules/*.ko "$module" "$1/usr/lib/modules/$release/updates/"
	PATH=$PATH:/sbin depmod -b "$1" "$release" 2>/dev/null
}

# fill_systemd ROOT: everything lies where `make install` puts it.
fill_systemd()
{
	local units=$1/etc/systemd/system
	cp -a "$rootfs/." "$1"
	tar -C "$user" -c . | tar -x -C "$1" --no-same-owner --keep-directory-symlink
	cp "$(command -v busybox)" "$1/usr/bin/"
	cp "$here"/guest/case.{service,target} "$units/"
	ln -s case.target "$units/default.target"
	ln -s usr/lib/systemd/systemd "$1/init"
	add_modules "$1"
}

# make_initramfs CASE_FILE OUTPUT
make_initramfs()
{
	local root=$dir/root
	mkdir -p "$root/modules"
	"fill_$system" "$root"
	cp "$kernel"/modules/*.ko "$module" "$root/modules/"
	cp -L "$guest"/* "${programs[@]}" "$root/usr/bin/"
	copy_libraries "$root"
	cp "$here"/guest/{main,lib,service}.sh "${files[@]}" "$root/"
	cp "$1" "$root/case.sh"
	[ ! -d "$dir/config" ] || cp -r "$dir/config/." "$root"
	[ "$system" = busybox ] || PATH=$PATH:/sbin ldconfig -r "$root"
	(cd "$root" && find . | cpio -o -H newc --quiet -R 0:0) >"$2"
	rm -rf "$root"
}
