/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - what came of a capture, as a table or as JSON
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "capture.h"

/** report_table - for people. 0 or -errno */
int report_table(FILE *out, const struct capture_options *options,
		 const struct capture_result *result);

/** report_json - the same and more, complete. 0 or -errno */
int report_json(FILE *out, const struct device *device, const struct capture_options *options,
		const struct capture_result *result);

#endif
