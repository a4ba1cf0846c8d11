// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * transport-service.c - a card that uiocapd has opened and shares: unix:PATH
 *
 * The memory is the service's ring, which it alone writes. News come through the socket, frames do
 * not. There are no registers, and no card to reset.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "card.h"
#include "log.h"
#include "service-card.h"

#define SEALS	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)
#define PAGE	4096

/**
 * struct service - a service's card
 * @segment: the ring, as the one stretch of memory
 * @in_vain: the last wait() was
 * @told:    frames have come since, and nobody was woken for them
 */
struct service {
	struct transport t;
	struct service_link *link;
	struct uiocap_segment segment;
	bool in_vain;
	bool told;
};

static struct service *to_service(const struct transport *t)
{
	return (struct service *)t;
}

struct service_link *service_link_of(const struct transport *t)
{
	return to_service(t)->link;
}

/* ---- no registers ----------------------------------------------------------------------- */

static size_t service_bar_size(const struct transport *t, unsigned int bar)
{
	(void)t, (void)bar;
	return 0;
}

static int service_read32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t *value)
{
	(void)t, (void)bar, (void)offset;
	*value = UINT32_MAX;
	return -ENOTSUP;
}

static int service_write32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t value)
{
	(void)t, (void)bar, (void)offset, (void)value;
	return -ENOTSUP;
}

static void service_irq(const struct transport *t, unsigned int vector, struct uiocap_irq *out)
{
	(void)t, (void)vector;
	*out = (struct uiocap_irq){ 0 };
}

/* ---- news ------------------------------------------------------------------------------- */

/* The end of the connection is only told when all that came before has been looked at. */
static int service_check(const struct transport *t)
{
	struct service *s = to_service(t);
	int ret = service_link_receive(s->link);

	if (ret == 0 && !s->in_vain)
		return 0;
	if (s->link->is_done(s->link->data))
		return ret;
	s->told = s->in_vain;
	return 0;
}

static void service_accept(struct transport *t)
{
	(void)t;
}

/*
 * A wait that ends without news, and news at the look that follows, are not an interrupt that was
 * lost: what came in between is owed a wake-up, as an interrupt would have given it.
 */
static int service_wait(struct transport *t, int64_t timeout_ns)
{
	struct service *s = to_service(t);
	int ret;

	if (s->told) {
		s->told = false;
		s->in_vain = false;
		return 1;
	}
	ret = service_link_wait(s->link, timeout_ns);
	s->in_vain = ret == 0;
	return ret;
}

/* ---- open and close --------------------------------------------------------------------- */

static int refuse(const struct service *s, const char *what)
{
	ctx_log(s->t.ctx, UIOCAP_LOG_ERROR, "%s: %s: it is not to be trusted", s->t.spec, what);
	return -EPROTO;
}

/* Memory that can shrink could take us with it, and what can be written by others is no frame. */
static int check_memory(const struct service *s)
{
	const struct message_welcome *m = s->link->welcome;
	int seals = fcntl(s->link->memory, F_GET_SEALS);
	struct stat st;

	if (seals < 0 || (seals & SEALS) != SEALS)
		return refuse(s, "the service's memory is not sealed");
	if (fstat(s->link->memory, &st) < 0 || st.st_size < 0 ||
	    (uint64_t)st.st_size != m->memory_bytes || m->slots == 0 || m->slot_bytes % PAGE != 0 ||
	    m->memory_bytes != (uint64_t)m->slots * m->slot_bytes || m->memory_bytes == 0)
		return refuse(s, "the service's memory has not the size that it says");
	return 0;
}

static int map_memory(struct service *s)
{
	const uint64_t len = s->link->welcome->memory_bytes;
	void *data = mmap(NULL, len, PROT_READ, MAP_SHARED, s->link->memory, 0);

	if (data == MAP_FAILED) {
		int err = errno;

		ctx_log(s->t.ctx, UIOCAP_LOG_ERROR, "%s: cannot map the service's memory: %s",
			s->t.spec, strerror(err));
		return -err;
	}
	s->segment = (struct uiocap_segment){ .data = data, .len = len };
	s->t.dma = data;
	s->t.dma_len = len;
	s->t.segment = &s->segment;
	s->t.segments = 1;
	return 0;
}

static int set_up(struct service *s)
{
	int ret = service_link_open(s->t.ctx, s->t.spec, &s->t.syscalls, &s->link);

	if (ret == 0)
		ret = check_memory(s);
	if (ret == 0)
		ret = map_memory(s);
	if (ret < 0)
		return ret;
	if (strlen(s->link->welcome->slot) < sizeof(s->t.slot))
		strcpy(s->t.slot, s->link->welcome->slot);
	s->t.fd = s->link->sock;
	return 0;
}

static void service_close(struct transport *t)
{
	struct service *s = to_service(t);

	if (t->dma)
		munmap(t->dma, t->dma_len);
	service_link_free(s->link);
	free(t->spec);
	free(s);
}

static int service_open(struct uiocap_ctx *ctx, const char *spec, struct transport **out)
{
	struct service *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return -ENOMEM;
	s->t = (struct transport){
		.ops = &transport_service, .ctx = ctx, .spec = strdup(spec), .only = &card_service,
		.wakes = true, .fd = -1,
	};
	ret = s->t.spec ? set_up(s) : -ENOMEM;
	if (ret < 0) {
		service_close(&s->t);
		return ret;
	}
	*out = &s->t;
	return 0;
}

static bool service_matches(const char *spec)
{
	return !strncmp(spec, SERVICE_PREFIX, strlen(SERVICE_PREFIX));
}

const struct transport_ops transport_service = {
	.name		= "service",
	.matches	= service_matches,
	.open		= service_open,
	.close		= service_close,
	.bar_size	= service_bar_size,
	.read32		= service_read32,
	.write32	= service_write32,
	.check		= service_check,
	.accept		= service_accept,
	.wait		= service_wait,
	.irq		= service_irq,
};
