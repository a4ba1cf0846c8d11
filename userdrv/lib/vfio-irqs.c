/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-irqs.c - waits for a card's eventfds and for the end of its socket */
#include "vfio-irqs.h"

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "userdrv/vfio-user/commands.h"

#define MAX_VECTORS	32
#define MAX_CAPS	48	/* that fit into 192 bytes, PCI 3.0 §6.7 */
#define NS_PER_S	1000000000LL
#define NS_PER_MS	1000000

/* epoll_event.data.u32 of the socket; an eventfd's is its vector. */
#define SOCKET		UINT32_MAX

/**
 * struct vfio_irqs - who interrupts, and what has been seen of it
 * @epoll:   watches all of them
 * @eventfd: of each vector; -1: none
 * @seen:    what each has done
 * @masked:  INTx has fired, and signals no more until we say so
 * @coarse:  there is no epoll_pwait2() here: valgrind does not know it
 */
struct vfio_irqs {
	struct vu_client *client;
	uint64_t *syscalls;
	enum uiocap_irq_kind kind;
	unsigned int vectors;
	int epoll;
	int eventfd[MAX_VECTORS];
	struct uiocap_irq seen[MAX_VECTORS];
	bool masked;
	bool coarse;
};

/**
 * struct kind - a kind of interrupt
 * @index:      in linux/vfio.h
 * @most:       vectors that we can use
 * @capability: that turns it on, 0: needs none
 * @enable:     bit that does, in the capability's flags
 */
struct kind {
	enum uiocap_irq_kind kind;
	uint32_t index;
	uint32_t most;
	uint8_t capability;
	uint16_t enable;
};

/* ---- setting up ------------------------------------------------------------------------- */

/* Where in configuration space capability @id is, or 0. The list of a bad card may be a ring. */
static uint8_t find_capability(struct vu_client *client, uint8_t id)
{
	uint8_t where, cap[2];

	if (vu_read(client, VFIO_PCI_CONFIG_REGION_INDEX, PCI_CAPABILITY_LIST, &where, 1))
		return 0;
	for (int i = 0; i < MAX_CAPS; i++) {
		where &= ~3;
		if (where < PCI_STD_HEADER_SIZEOF ||
		    vu_read(client, VFIO_PCI_CONFIG_REGION_INDEX, where, cap, sizeof(cap)))
			return 0;
		if (cap[0] == id)
			return where;
		where = cap[1];
	}
	return 0;
}

/* What the kernel does on a real bus. MSI and MSI-X have their flags at the same place. */
static int enable_messages(struct vu_client *client, const struct kind *kind)
{
	uint8_t where = find_capability(client, kind->capability);
	uint16_t flags;
	int ret;

	if (!where)
		return 0;
	ret = vu_read(client, VFIO_PCI_CONFIG_REGION_INDEX, where + PCI_MSI_FLAGS, &flags,
		      sizeof(flags));
	if (ret)
		return ret;
	flags = htole16(le16toh(flags) | kind->enable);
	return vu_write(client, VFIO_PCI_CONFIG_REGION_INDEX, where + PCI_MSI_FLAGS, &flags,
			sizeof(flags));
}

/* Edge-triggered: an interrupt makes epoll return once, without a read() after it. */
static int watch(struct vfio_irqs *irqs, int fd, uint32_t events, uint32_t what)
{
	struct epoll_event event = { .events = events | EPOLLET, .data.u32 = what };

	return epoll_ctl(irqs->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int make_eventfds(struct vfio_irqs *irqs)
{
	int ret = 0;

	for (unsigned int i = 0; i < irqs->vectors && !ret; i++) {
		irqs->eventfd[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		ret = irqs->eventfd[i] < 0 ? -errno : watch(irqs, irqs->eventfd[i], EPOLLIN, i);
	}
	return ret;
}

static int use_kind(struct vfio_irqs *irqs, const struct kind *kind, uint32_t count)
{
	int ret;

	irqs->kind = kind->kind;
	irqs->vectors = count < kind->most ? count : kind->most;
	ret = make_eventfds(irqs);
	if (!ret)
		ret = vu_set_irqs(irqs->client, kind->index, irqs->eventfd, irqs->vectors);
	return ret || !kind->capability ? ret : enable_messages(irqs->client, kind);
}

static int use_best_kind(struct vfio_irqs *irqs)
{
	static const struct kind kinds[] = {
		{ UIOCAP_IRQ_MSIX, VFIO_PCI_MSIX_IRQ_INDEX, MAX_VECTORS, PCI_CAP_ID_MSIX,
		  PCI_MSIX_FLAGS_ENABLE },
		{ UIOCAP_IRQ_MSI, VFIO_PCI_MSI_IRQ_INDEX, 1, PCI_CAP_ID_MSI, PCI_MSI_FLAGS_ENABLE },
		{ UIOCAP_IRQ_INTX, VFIO_PCI_INTX_IRQ_INDEX, 1, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		uint32_t count;
		int ret = vu_get_irq_count(irqs->client, kinds[i].index, &count);

		if (ret)
			return ret;
		if (count)
			return use_kind(irqs, &kinds[i], count);
	}
	return 0;
}

int vfio_irqs_new(struct vu_client *client, uint64_t *syscalls, struct vfio_irqs **out)
{
	struct vfio_irqs *irqs = calloc(1, sizeof(*irqs));
	int ret;

	if (!irqs)
		return -ENOMEM;
	irqs->client = client;
	irqs->syscalls = syscalls;
	memset(irqs->eventfd, 0xff, sizeof(irqs->eventfd));
	irqs->epoll = epoll_create1(EPOLL_CLOEXEC);
	ret = irqs->epoll < 0 ? -errno : watch(irqs, vu_client_sock(client), EPOLLRDHUP, SOCKET);
	if (!ret)
		ret = use_best_kind(irqs);
	if (ret) {
		vfio_irqs_free(irqs);
		return ret;
	}
	*out = irqs;
	return 0;
}

void vfio_irqs_free(struct vfio_irqs *irqs)
{
	if (!irqs)
		return;
	for (unsigned int i = 0; i < MAX_VECTORS; i++)
		if (irqs->eventfd[i] >= 0)
			close(irqs->eventfd[i]);
	if (irqs->epoll >= 0)
		close(irqs->epoll);
	free(irqs);
}

/* ---- waiting ---------------------------------------------------------------------------- */

enum uiocap_irq_kind vfio_irqs_kind(const struct vfio_irqs *irqs, unsigned int *vectors)
{
	*vectors = irqs->vectors;
	return irqs->kind;
}

int vfio_irqs_fd(const struct vfio_irqs *irqs)
{
	return irqs->epoll;
}

void vfio_irqs_get(const struct vfio_irqs *irqs, unsigned int vector, struct uiocap_irq *out)
{
	*out = irqs->seen[vector];
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

static int sleep_ns(struct vfio_irqs *irqs, struct epoll_event *events, int64_t timeout_ns)
{
	struct timespec ts = { timeout_ns / NS_PER_S, timeout_ns % NS_PER_S };
	bool ever = timeout_ns < 0;

	++*irqs->syscalls;
	return epoll_pwait2(irqs->epoll, events, MAX_VECTORS + 1, ever ? NULL : &ts, NULL);
}

/* The same, but never less than a millisecond. */
static int sleep_ms(struct vfio_irqs *irqs, struct epoll_event *events, int64_t timeout_ns)
{
	int64_t ms = timeout_ns / NS_PER_MS + (timeout_ns % NS_PER_MS > 0);

	++*irqs->syscalls;
	return epoll_wait(irqs->epoll, events, MAX_VECTORS + 1,
			  timeout_ns < 0 ? -1 : ms < INT_MAX ? (int)ms : INT_MAX);
}

static int sleep_for_events(struct vfio_irqs *irqs, struct epoll_event *events, int64_t timeout_ns)
{
	int ret = -1;

	if (!irqs->coarse)
		ret = sleep_ns(irqs, events, timeout_ns);
	if (ret < 0 && (irqs->coarse || errno == ENOSYS)) {
		irqs->coarse = true;
		ret = sleep_ms(irqs, events, timeout_ns);
	}
	return ret < 0 ? -errno : ret;
}

static void note(struct vfio_irqs *irqs, uint32_t what, uint64_t now)
{
	if (what == SOCKET) {
		vu_client_lose(irqs->client);
		return;
	}
	irqs->seen[what].count++;
	irqs->seen[what].time_ns = now;
	irqs->masked = irqs->kind == UIOCAP_IRQ_INTX;
}

int vfio_irqs_wait(struct vfio_irqs *irqs, int64_t timeout_ns)
{
	struct epoll_event events[MAX_VECTORS + 1];
	int n;

	if (irqs->masked) {
		irqs->masked = false;
		vu_unmask_intx(irqs->client);
	}
	n = sleep_for_events(irqs, events, timeout_ns);
	if (n <= 0)
		return n;
	for (int i = 0; i < n; i++)
		note(irqs, events[i].data.u32, now_ns());
	return vu_client_gone(irqs->client) ? -ENODEV : 1;
}
