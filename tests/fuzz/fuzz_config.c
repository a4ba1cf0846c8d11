/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_config.c - files of settings for uiocapd
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "paper.h"
#include "userdrv/daemon/say.h"
#include "userdrv/daemon/settings.h"
#include "userdrv/service/protocol.h"

static void check(const struct settings *s)
{
	paper_check(s->channels != 0);
	paper_check(s->card_buffers != 1 && s->card_buffers <= 65536);
	paper_check(s->memory_bytes >= 4096 && s->memory_bytes <= UINT64_C(1) << 40);
	paper_check(s->client_buffers >= 2 && s->client_buffers <= MESSAGE_MAX_GIVEN);
	paper_check(s->max_clients >= 1 && s->max_clients <= MESSAGE_MAX_CLIENTS);
	paper_check(s->max_per_user >= 1 && s->max_per_user <= MESSAGE_MAX_CLIENTS);
	paper_check(s->level >= SAY_ERROR && s->level <= SAY_DEBUG);
	paper_check(memchr(s->metrics, 0, sizeof(s->metrics)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct settings new, old;

	paper_check(text);
	memcpy(text, data, size);
	text[size] = '\0';
	memset(&old, 0x55, sizeof(old));	/* padding, too: it is compared */
	new = old;
	say_level(-1);
	if (settings_parse("conf", text, &new) == 0)
		check(&new);
	else
		paper_check(memcmp((const char *)&new, (const char *)&old, sizeof(old)) == 0);
	say_level(SAY_INFO);
	free(text);
	return 0;
}
