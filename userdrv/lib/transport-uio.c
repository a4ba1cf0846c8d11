/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * transport-uio.c - a card that the kernel stub has bound
 *
 * All it knows of the stub is include/uiocap/uio_stub.h. Registers and DMA memory are mapped, the
 * page `info` tells of interrupts, resets and removal: a system call is made only to sleep.
 */
#include "transport.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "log.h"
#include "mmio.h"
#include "sysfs.h"
#include "times.h"
#include "uio-info.h"
#include "uio-maps.h"
#include "uio-node.h"

#define NS_PER_S	1000000000LL

/**
 * struct uio - a card of the stub's
 * @node:       descriptor of /dev/uioN
 * @info:       what the stub tells, in @maps
 * @generation: @info's, when the owner last began anew
 * @interrupts: of all vectors together, when wait last looked
 */
struct uio {
	struct transport t;
	int node;
	struct uio_maps maps;
	const struct uio_stub_info *info;
	uint32_t generation;
	uint64_t interrupts;
};

static struct uio *to_uio(const struct transport *t)
{
	return (struct uio *)t;
}

/* ---- registers -------------------------------------------------------------------------- */

static size_t uio_bar_size(const struct transport *t, unsigned int bar)
{
	return bar < UIO_BARS ? to_uio(t)->maps.bar[bar].len : 0;
}

static uint8_t *reg(const struct transport *t, unsigned int bar, uint32_t offset)
{
	size_t len = uio_bar_size(t, bar);

	if (offset % 4 || len < 4 || offset > len - 4)
		return NULL;
	return (uint8_t *)to_uio(t)->maps.bar[bar].data + offset;
}

static int uio_read32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t *value)
{
	const uint8_t *at = reg(t, bar, offset);

	if (!at)
		return -EINVAL;
	*value = mmio_read32(at);
	/* Ones may be a register's value. When the card is gone the stub shows ones everywhere. */
	if (*value == UINT32_MAX && UIO_INFO_LOAD(to_uio(t)->info->state) == UIO_STUB_REMOVED)
		return -ENODEV;
	return 0;
}

static int uio_write32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t value)
{
	uint8_t *at = reg(t, bar, offset);

	if (!at)
		return -EINVAL;
	mmio_write32(at, value);
	return 0;
}

/* ---- state and interrupts: the info page ------------------------------------------------- */

static int uio_check(const struct transport *t)
{
	return uio_info_state(to_uio(t)->info, to_uio(t)->generation);
}

/* What is still under way cannot be accepted: it would never be seen that it has ended. */
static void uio_accept(struct transport *t)
{
	struct uio *u = to_uio(t);
	uint32_t generation = UIO_INFO_LOAD(u->info->generation);

	if (UIO_INFO_LOAD(u->info->state) == UIO_STUB_LIVE)
		u->generation = generation;
}

static void uio_irq(const struct transport *t, unsigned int vector, struct uiocap_irq *out)
{
	uio_info_irq(to_uio(t)->info, vector, out);
}

/* Has any vector interrupted since the last call? */
static bool is_news(struct uio *u)
{
	uint64_t interrupts = uio_info_interrupts(u->info, u->t.vectors);
	bool news = interrupts != u->interrupts;

	u->interrupts = interrupts;
	return news;
}

/* ---- waiting ---------------------------------------------------------------------------- */

/*
 * Sleeps until the stub notifies: 1, or 0 when the time is up. One system call: read() where there
 * is no time limit. Where there is one, poll() would need a read() after it to make the node
 * unreadable again. epoll does not, edge-triggered: each notification makes it return once.
 */
static int sleep_for_event(struct uio *u, int64_t timeout_ns)
{
	struct epoll_event event;
	struct timespec ts;
	int32_t count;
	int got;

	u->t.syscalls++;
	if (timeout_ns < 0)
		return read(u->node, &count, sizeof(count)) < 0 ? -errno : 1;
	ts.tv_sec = timeout_ns / NS_PER_S;
	ts.tv_nsec = timeout_ns % NS_PER_S;
	got = epoll_pwait2(u->t.fd, &event, 1, &ts, NULL);
	return got < 0 ? -errno : got;
}

/* The handler masks INTx that it cannot end: uio_stub(4). The card has been served since. */
static int arm(struct uio *u)
{
	const int32_t on = 1;

	if (!u->t.vectors || !(UIO_INFO_LOAD(u->info->flags) & UIO_STUB_MASKED))
		return 0;
	u->t.syscalls++;
	return write(u->node, &on, sizeof(on)) < 0 ? -errno : 0;
}

/* Who waits now knows of the reset. The next event is its end; till then nothing can be armed. */
static int wait_for_reset(struct uio *u, int64_t timeout_ns)
{
	int ret = sleep_for_event(u, timeout_ns);

	return ret == -EIO || uio_check(&u->t) == -ENODEV ? -ENODEV : ret;
}

/*
 * No wake-up is lost: the handler counts first and then notifies. Either the count is seen here
 * before sleeping, or the notification comes after it and sleep_for_event() returns at once. What
 * it leaves behind for an interrupt seen in the page ends a later sleep too early: hence the loop.
 */
static int uio_wait(struct transport *t, int64_t timeout_ns)
{
	uint64_t now, end = timeout_ns > 0 ? now_ns() + timeout_ns : 0;
	struct uio *u = to_uio(t);
	int64_t left = timeout_ns;
	int ret;

	if (UIO_INFO_LOAD(u->info->state) == UIO_STUB_RESETTING)
		return wait_for_reset(u, timeout_ns);
	for (;;) {
		ret = uio_check(t);
		if (ret)
			return ret == -ENODEV ? ret : 1;
		if (is_news(u))
			return 1;
		ret = arm(u);
		if (!ret)
			ret = sleep_for_event(u, left);
		if (ret == -EIO)	/* the stub has let go of the node */
			return -ENODEV;
		if (ret <= 0)
			return ret;
		if (timeout_ns > 0) {
			now = now_ns();
			left = now < end ? (int64_t)(end - now) : 0;
		}
	}
}

/* ---- open and close --------------------------------------------------------------------- */

static void uio_close(struct transport *t)
{
	struct uio *u = to_uio(t);

	uio_maps_unmap(&u->maps);
	if (t->fd >= 0)
		close(t->fd);
	if (u->node >= 0)	/* the stub turns bus mastering off */
		close(u->node);
	free(t->segment);
	free(t->spec);
	free(u);
}

static int map(struct uio *u, const char *uio)
{
	int err = uio_maps_map(&u->maps, u->node, uio);

	if (err)
		ctx_log(u->t.ctx, UIOCAP_LOG_ERROR, "cannot map %s: %s", u->t.spec, strerror(-err));
	return err;
}

static int watch(struct uio *u)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };

	u->t.fd = epoll_create1(EPOLL_CLOEXEC);
	if (u->t.fd < 0 || epoll_ctl(u->t.fd, EPOLL_CTL_ADD, u->node, &event))
		return -errno;
	return 0;
}

/* With MSI-X nobody need. */
static bool acknowledges(const struct transport *t)
{
	char ack[32];

	if (t->irq_kind == UIOCAP_IRQ_MSIX)
		return true;
	return !sysfs_read(ack, sizeof(ack), "/sys/bus/pci/devices/%s/ack", t->slot) &&
	       strcmp(ack, "none");
}

static int read_info(struct uio *u)
{
	const struct uio_stub_info *info = u->maps.info.data;
	int err;

	err = uio_info_check(u->t.ctx, u->t.spec, &u->maps.info);
	if (!err)
		err = uio_info_take(&u->t, info, &u->maps.dma);
	if (err)
		return err;
	u->info = info;
	u->interrupts = uio_info_interrupts(info, u->t.vectors);
	uio_accept(&u->t);
	u->t.acks = acknowledges(&u->t);
	return watch(u);
}

static int set_up(struct uio *u, struct pci_function *fn)
{
	int err;

	u->node = uio_node_open(u->t.ctx, fn);
	if (u->node < 0)
		return u->node;
	memcpy(u->t.slot, fn->slot, sizeof(u->t.slot));
	if (asprintf(&u->t.spec, "/dev/%s", fn->uio) < 0) {
		u->t.spec = NULL;
		return -ENOMEM;
	}
	err = map(u, fn->uio);
	return err ? err : read_info(u);
}

static int uio_open(struct uiocap_ctx *ctx, const char *spec, struct transport **out)
{
	struct pci_function fn;
	struct uio *u;
	int err;

	err = uio_node_find(ctx, spec, &fn);
	if (err)
		return err;
	u = calloc(1, sizeof(*u));
	if (!u)
		return -ENOMEM;
	u->t = (struct transport){ .ops = &transport_uio, .ctx = ctx, .vendor = fn.vendor,
				   .device = fn.device, .fd = -1 };
	err = set_up(u, &fn);
	if (err) {
		uio_close(&u->t);
		return err;
	}
	*out = &u->t;
	return 0;
}

const struct transport_ops transport_uio = {
	.name		= "uio",
	.matches	= uio_node_matches,
	.open		= uio_open,
	.close		= uio_close,
	.bar_size	= uio_bar_size,
	.read32		= uio_read32,
	.write32	= uio_write32,
	.check		= uio_check,
	.accept		= uio_accept,
	.wait		= uio_wait,
	.irq		= uio_irq,
};
