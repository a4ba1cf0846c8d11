// SPDX-License-Identifier: GPL-2.0-or-later
#include "fault.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SEPARATORS	":,"

static const struct {
	const char *name;
	enum refcard_fault kind;
} kinds[] = {
	{ "drop-irq", REFCARD_FAULT_DROP_IRQ },
	{ "spurious-irq", REFCARD_FAULT_SPURIOUS_IRQ },
	{ "drop-chunk", REFCARD_FAULT_DROP_CHUNK },
	{ "drop-done", REFCARD_FAULT_DROP_DONE },
	{ "dup-done", REFCARD_FAULT_DUP_DONE },
	{ "swap-done", REFCARD_FAULT_SWAP_DONE },
	{ "short", REFCARD_FAULT_SHORT },
	{ "long", REFCARD_FAULT_LONG },
	{ "bad-index", REFCARD_FAULT_BAD_INDEX },
	{ "phase", REFCARD_FAULT_PHASE },
	{ "corrupt", REFCARD_FAULT_CORRUPT },
	{ "silent", REFCARD_FAULT_SILENT },
	{ "stray", REFCARD_FAULT_STRAY },
	{ "dead-ones", REFCARD_FAULT_DEAD_ONES },
	{ "dead-zeros", REFCARD_FAULT_DEAD_ZEROS },
};

static int parse_kind(const char *name, size_t len, enum refcard_fault *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].name) == len && !memcmp(kinds[i].name, name, len)) {
			*kind = kinds[i].kind;
			return 0;
		}
	}
	return -EINVAL;
}

/* One "name=number" of the list; returns what is behind it, or NULL. */
static const char *parse_setting(const char *text, struct fault *fault)
{
	const struct {
		const char *name;
		uint32_t *value;
	} settings[] = {
		{ "channel=", &fault->channel },
		{ "after=", &fault->after },
		{ "count=", &fault->left },
		{ "arg=", &fault->arg },
	};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		size_t len = strlen(settings[i].name);
		unsigned long long n;
		char *end;

		if (strncmp(text, settings[i].name, len))
			continue;
		if (text[len] < '0' || text[len] > '9')
			return NULL;
		errno = 0;
		n = strtoull(text + len, &end, 0);
		if (errno || n > UINT32_MAX)
			return NULL;
		*settings[i].value = (uint32_t)n;
		return end;
	}
	return NULL;
}

int fault_parse(const char *text, struct fault *out)
{
	struct fault fault = { .left = 1 };
	size_t len = strcspn(text, SEPARATORS);

	if (parse_kind(text, len, &fault.kind))
		return -EINVAL;
	for (text += len; *text;) {
		if (!strchr(SEPARATORS, *text))
			return -EINVAL;
		text = parse_setting(text + 1, &fault);
		if (!text)
			return -EINVAL;
	}
	if (fault.channel >= REFCARD_MAX_CHANNELS)
		return -EINVAL;
	*out = fault;
	return 0;
}

void faults_reset(struct faults *f)
{
	f->reg = (struct fault) { .kind = REFCARD_FAULT_NONE };
}

/* Is it this one's turn? Counts it. */
static bool strikes(struct fault *fault, unsigned int channel, bool irq)
{
	if (!fault->left || fault->kind == REFCARD_FAULT_NONE || fault->channel != channel ||
	    (fault->kind == REFCARD_FAULT_DROP_IRQ) != irq)
		return false;
	if (fault->after) {
		fault->after--;
		return false;
	}
	fault->left--;
	return true;
}

static const struct fault *find(struct faults *f, unsigned int channel, bool irq)
{
	if (strikes(&f->reg, channel, irq))
		return &f->reg;
	for (unsigned int i = 0; i < f->count; i++) {
		if (strikes(&f->fixed[i], channel, irq))
			return &f->fixed[i];
	}
	return NULL;
}

const struct fault *faults_chunk(struct faults *f, unsigned int channel)
{
	return find(f, channel, false);
}

bool faults_drop_irq(struct faults *f, unsigned int channel)
{
	return find(f, channel, true);
}

uint32_t faults_read(const struct faults *f, uint32_t reg)
{
	switch (reg) {
	case REFCARD_FAULT_KIND:
		return f->reg.kind;
	case REFCARD_FAULT_CHANNEL:
		return f->reg.channel;
	case REFCARD_FAULT_AFTER:
		return f->reg.after;
	case REFCARD_FAULT_COUNT:
		return f->reg.left;
	case REFCARD_FAULT_ARG:
		return f->reg.arg;
	}
	return 0;
}

void faults_write(struct faults *f, uint32_t reg, uint32_t value)
{
	switch (reg) {
	case REFCARD_FAULT_KIND:
		f->reg.kind = value <= REFCARD_FAULT_DEAD_ZEROS ? value : REFCARD_FAULT_NONE;
		break;
	case REFCARD_FAULT_CHANNEL:
		f->reg.channel = value;
		break;
	case REFCARD_FAULT_AFTER:
		f->reg.after = value;
		break;
	case REFCARD_FAULT_COUNT:
		f->reg.left = value;
		break;
	case REFCARD_FAULT_ARG:
		f->reg.arg = value;
		break;
	}
}
