/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * suite.h - main() of a test program: suite_main("name", test_this, test_that). One whose tests are
 * of several kinds makes its suite itself, and main() is to return suite_run(suite).
 */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>

static inline int suite_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}

static inline Suite *suite_of(const char *name, const TTest *const *tests, unsigned int count)
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	for (unsigned int i = 0; i < count; i++)
		tcase_add_test(tc, tests[i]);
	return suite;
}

#define suite_main(name, ...)								\
int main(void)										\
{											\
	const TTest *const tests[] = { __VA_ARGS__ };					\
											\
	return suite_run(suite_of(name, tests, sizeof(tests) / sizeof(tests[0])));	\
}

#endif
