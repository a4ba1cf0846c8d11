/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_server.c - a client against the vfio-user server, with a device that does next to nothing */
#include "fuzz.h"
#include "script.h"
#include "tests/unit/fake_device.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fake_device fake;

	fake_device_init(&fake);
	script_run(&fake.dev, data, size);
	return 0;
}
