# SPDX-License-Identifier: LGPL-2.1-or-later

# UIOCAP_CHECK_CFLAGS(VARIABLE, FLAGS)
# Adds to VARIABLE each of FLAGS with which a program compiles and links.
AC_DEFUN([UIOCAP_CHECK_CFLAGS], [
	$1=
	uiocap_saved_cflags=$CFLAGS
	for uiocap_flag in $2; do
		AC_MSG_CHECKING([whether $CC takes $uiocap_flag])
		CFLAGS="$uiocap_saved_cflags $$1 $uiocap_flag -Werror"
		AC_LINK_IFELSE([AC_LANG_SOURCE([int main(void) { return 0; }])],
			[AS_VAR_APPEND([$1], [" $uiocap_flag"])
			AC_MSG_RESULT([yes])],
			[AC_MSG_RESULT([no])])
	done
	CFLAGS=$uiocap_saved_cflags
])

# UIOCAP_FEATURE_PKG(FEATURE, PREFIX, MODULE, DESCRIPTION)
# --enable-FEATURE: needs the pkg-config MODULE; --disable-FEATURE: left out; neither: as it comes.
# Sets have_FEATURE to yes or no, PREFIX_CFLAGS, PREFIX_LIBS, and the conditional HAVE_PREFIX.
AC_DEFUN([UIOCAP_FEATURE_PKG], [
	m4_pushdef([feature], [m4_translit([$1], [-], [_])])
	AC_ARG_ENABLE([$1],
		[AS_HELP_STRING([--disable-$1], [no $4 (default: where $3 is there)])],
		[], [enable_[]feature=auto])
	have_[]feature=no
	AS_IF([test "x$enable_[]feature" != xno],
		[PKG_CHECK_MODULES([$2], [$3], [have_[]feature=yes],
			[AS_IF([test "x$enable_[]feature" != xauto],
				[AC_MSG_ERROR([--enable-$1 needs $3, and pkg-config does not find it])])])])
	AM_CONDITIONAL([HAVE_$2], [test "x$have_[]feature" = xyes])
	m4_popdef([feature])
])

# UIOCAP_FOREIGN_DIR(VARIABLE, MODULE, MODULE-VARIABLE, SUFFIX, DESCRIPTION)
# --with-VARIABLE=DIR, or what pkg-config says for MODULE. Empty where neither tells or "no" is asked
# for: automake then installs nothing of it.
AC_DEFUN([UIOCAP_FOREIGN_DIR], [
	PKG_CHECK_VAR([$1_of_pkg], [$2], [$3])
	AC_ARG_WITH([$1],
		[AS_HELP_STRING([--with-$1=DIR],
			[where $5 go, or "no" (default: what pkg-config says for $2)])],
		[$1=$withval],
		[AS_IF([test -n "$$1_of_pkg"], [$1=$$1_of_pkg$4], [$1=])])
	AS_CASE([$$1], [yes], [AC_MSG_ERROR([--with-$1 wants a directory])], [no], [$1=])
	AC_SUBST([$1])
])
