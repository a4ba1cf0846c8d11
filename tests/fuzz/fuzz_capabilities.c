/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_capabilities.c - the JSON in a version message */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "userdrv/vfio-user/capabilities.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct capabilities caps;
	char *json = malloc(size + 1);	/* of the exact size, so that a byte too far is found */

	if (!json)
		abort();
	if (size)
		memcpy(json, data, size);
	json[size] = '\0';
	capabilities_parse(json, size + 1, &caps);
	capabilities_parse(json, size, &caps);
	free(json);
	return 0;
}
