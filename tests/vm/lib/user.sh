# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# User-space programs, as `make install` leaves them, and the static programs of tests/vm/guest.

# stage BUILD DIR: installs a build below DIR. The programs' own prefix stays what the build says.
stage()
{
	make -s -C "$1" install DESTDIR="$2"
}

# user_entry DIR: a build of this source tree in a copy, as after a fresh clone.
user_entry()
{
	need autoreconf autoconf
	need libtoolize libtool
	say "building uiocap for the guest …"
	mkdir "$1/src" "$1/build"
	tar -C "$top" --exclude=./.git --exclude='*.o' --exclude='*.lo' -c . | tar -x -C "$1/src"
	[ -x "$1/src/configure" ] || (cd "$1/src" && autoreconf -i)
	(cd "$1/build" && ../src/configure --prefix=/usr && make -s -j"$(nproc)")
	stage "$1/build" "$1/stage"
	rm -rf "$1/src" "$1/build"
}

# get_user: sets user to a directory with installed programs, or to nothing when the tree cannot build any yet.
get_user()
{
	local name
	user=
	if [ -n "${UIOCAP_BUILD:-}" ]; then
		user=$work/stage
		stage "$UIOCAP_BUILD" "$user" >"$work/stage.log" 2>&1 || die "'make install' in $UIOCAP_BUILD failed: $work/stage.log"
	elif [ -e "$top/configure.ac" ]; then
		name=user/$(hash_of "$top"/{configure.ac,Makefile.am,include,userdrv,sim})
		entry "$name" user_entry
		user=$cache/$name/stage
	fi
}

# guest_entry DIR: static, so that they need nothing else in the guest.
guest_entry()
{
	local source
	for source in "$top"/tests/vm/guest/*.c; do
		[ ! -e "$source" ] || "${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra -Werror -pthread -static -I "$top/include" \
			-o "$1/$(basename "$source" .c)" "$source"
	done
}

# get_guest: sets guest to the directory of the guest programs.
get_guest()
{
	local name
	need "${CC:-cc}" gcc
	name=guest/$(hash_of "$top/tests/vm/guest" "$top/include")
	entry "$name" guest_entry
	guest=$cache/$name
}

# user_program NAME: the path of an installed program on this machine.
user_program()
{
	find "${user:-/nonexistent}" -path "*bin/$1" 2>/dev/null | head -n 1
}

# user_libs: the directory of the installed libraries.
user_libs()
{
	find "${user:-/nonexistent}" -name 'libuiocap.so*' -printf '%h\n' 2>/dev/null | head -n 1
}
