/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * suite.h - main() of a test program: suite_main("name", test_this, test_that)
 */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>

static inline int suite_run(const char *name, const TTest *const *tests, unsigned int count)
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	for (unsigned int i = 0; i < count; i++)
		tcase_add_test(tc, tests[i]);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}

#define suite_main(name, ...)							\
int main(void)									\
{										\
	const TTest *const tests[] = { __VA_ARGS__ };				\
										\
	return suite_run(name, tests, sizeof(tests) / sizeof(tests[0]));	\
}

#endif
