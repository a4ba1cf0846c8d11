# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The guest's whole file system: busybox, a few modules, the programs under test, and one case.

# copy_user ROOT: programs with their libraries, which go where their loader looks for them.
copy_user()
{
	find "$user" -path '*bin/*' -type f -exec cp -t "$1/usr/bin" {} +
	find "$user" -name 'libuiocap.so*' -exec cp -P -t "$1/usr/lib" {} +
	# ldd fails for a static program and has nothing to say about it
	{ LD_LIBRARY_PATH=$1/usr/lib ldd "$1"/usr/bin/* 2>/dev/null || :; } |
		sed -n '/libuiocap/d; s/^[^/]*\(\/.*\) (0x.*/\1/p' | sort -u |
		xargs -r cp -L --parents -t "$1"
}

# make_initramfs CASE_FILE OUTPUT
make_initramfs()
{
	local root=$dir/root
	mkdir -p "$root"/{bin,dev,proc,sys,tmp,modules,usr/bin,usr/lib}
	cp "$(command -v busybox)" "$root/bin/"
	cp "$kernel"/modules/*.ko "$module" "$root/modules/"
	cp -L "$guest"/* "${programs[@]}" "$root/usr/bin/"
	copy_user "$root"
	cp "$top/tests/vm/guest/init" "$top/tests/vm/guest/lib.sh" "${files[@]}" "$root/"
	cp "$1" "$root/case.sh"
	chmod 755 "$root/init"
	(cd "$root" && find . | cpio -o -H newc --quiet -R 0:0) >"$2"
	rm -rf "$root"
}
