// SPDX-License-Identifier: GPL-2.0-or-later
#include "core.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define LINES_PER_SECOND	20	/* a client in a loop must not fill the disk */

static void say(struct core *core, const char *message)
{
	uint64_t now = core_now(core);

	if (!core->log)
		return;
	if (now - core->log_since_ns >= NS_PER_S) {
		core->log_since_ns = now;
		core->log_lines = 0;
	}
	if (core->log_lines++ < LINES_PER_SECOND)
		core->log(core->log_data, message);
	else if (core->log_lines == LINES_PER_SECOND + 1)
		core->log(core->log_data, "more of this within a second: not logged");
}

void core_guest_error(struct core *core, const char *fmt, ...)
{
	char message[160];
	va_list args;

	core->guest_errors++;
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	say(core, message);
}

static void refuse(struct core *core, uint64_t addr, size_t len, bool write, const char *why)
{
	char message[160];

	core->dma_refused++;
	snprintf(message, sizeof(message), "DMA %s %zu bytes at 0x%" PRIx64 " refused: %s",
		 write ? "writing" : "reading", len, addr, why);
	say(core, message);
}

void *core_memory(struct core *core, uint64_t addr, size_t len, bool write)
{
	struct device_bus *bus = core->dev.bus;
	void *memory;

	if (!config_space_may_master(&core->config)) {
		refuse(core, addr, len, write, "DMA after bus master off");
		return NULL;
	}
	memory = bus ? bus->memory(bus, addr, len, write) : NULL;
	if (!memory)
		refuse(core, addr, len, write, "no memory there");
	return memory;
}

bool core_raise(struct core *core, enum device_irq kind, unsigned int vector)
{
	struct device_bus *bus = core->dev.bus;

	if (!bus || core->life != CORE_ALIVE || vector >= core->dev.irqs[kind])
		return false;
	if (!bus->irq_enabled(bus, kind, vector))
		return false;
	/* a message is a memory write; the INTx level is not */
	if (kind == DEVICE_IRQ_INTX ? config_space_intx_disabled(&core->config) :
				      !config_space_may_master(&core->config))
		return false;
	core->interrupts++;
	bus->raise(bus, kind, vector);
	return true;
}
