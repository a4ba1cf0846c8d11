# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# User-space programs as `make install` leaves them, and the static programs of tests/vm/guest.

# stage BUILD DIR: installs a build below DIR.
stage()
{
	make -s -C "$1" install DESTDIR="$2"
}

# user_entry DIR: a build of this source tree in a copy, as after a fresh clone.
user_entry()
{
	need autoreconf autoconf
	need libtoolize libtool
	say "building uiocap …"
	mkdir "$1/src" "$1/build"
	tar -C "$top" --exclude=./.git --exclude=./build --exclude='*.o' --exclude='*.lo' -c . |
		tar -x -C "$1/src"
	[ -x "$1/src/configure" ] || (cd "$1/src" && autoreconf -i)
	(cd "$1/build" && ../src/configure --prefix=/usr && make -s -j"$(nproc)")
	stage "$1/build" "$1/stage"
	rm -rf "$1/src" "$1/build"
}

# get_user: sets user to a directory with installed programs.
get_user()
{
	local name
	if [ -n "${UIOCAP_BUILD:-}" ]; then
		user=$work/stage
		stage "$UIOCAP_BUILD" "$user" >"$work/stage.log" 2>&1 || {
			tail -n 15 "$work/stage.log" >&2
			die "'make install' in $UIOCAP_BUILD failed"
		}
	else
		name=user/$(hash_of "$top"/{configure.ac,Makefile.am,include,userdrv,sim,systemd,udev})
		entry "$name" user_entry
		user=$cache/$name/stage
	fi
}

# guest_entry DIR SOURCE…: a file with a main() is a program, static and so in need of nothing else;
# the others are part of each.
guest_entry()
{
	local source out=$1 parts programs
	local flags=(-std=gnu11 -O2 -Wall -Wextra -D_GNU_SOURCE -pthread -static -I "$top"
		     -I "$top/include")
	shift
	mapfile -t parts < <(grep -L '^int main(' "$@")
	mapfile -t programs < <(grep -l '^int main(' "$@")
	for source in "${programs[@]}"; do
		"${CC:-cc}" "${flags[@]}" -o "$out/$(basename "$source" .c)" "$source" "${parts[@]}"
	done
}

# get_guest: sets guest to the directory of the guest programs, of the rig and beside the cases.
get_guest()
{
	local name sources headers
	need "${CC:-cc}" gcc
	mapfile -t sources < <(find "$here/guest" "$case_dir" -name '*.c')
	mapfile -t headers < <(find "$here/guest" "$case_dir" -name '*.h')
	name=guest/$(hash_of "${sources[@]}" "${headers[@]}" "$top/include")
	entry "$name" guest_entry "${sources[@]}"
	guest=$cache/$name
}

# user_program NAME: the path of an installed program on this machine.
user_program()
{
	find "$user" -path "*bin/$1" | head -n 1
}

# user_libs: the directory of the installed library.
user_libs()
{
	find "$user" -name 'libuiocap.so*' -printf '%h\n' | head -n 1
}
