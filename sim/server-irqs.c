// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server-irqs.h"
#include "userdrv/vfio-user/wire.h"

/**
 * struct irqs - who listens to what
 * @dev:    whose interrupts they are
 * @masked: the INTx line signals nothing
 * @fds:    for each kind, an eventfd or -1 for each vector
 */
struct irqs {
	struct device *dev;
	bool masked;
	int *fds[DEVICE_IRQ_KINDS];
};

int irqs_new(struct device *dev, struct irqs **out)
{
	struct irqs *irqs = calloc(1, sizeof(*irqs));

	if (!irqs)
		return -ENOMEM;
	irqs->dev = dev;
	for (unsigned int kind = 0; kind < DEVICE_IRQ_KINDS; kind++) {
		size_t bytes = dev->irqs[kind] * sizeof(int);

		if (dev->irqs[kind] > IRQS_MAX_VECTORS) {
			irqs_free(irqs);
			return -EINVAL;
		}
		if (!bytes)
			continue;
		irqs->fds[kind] = malloc(bytes);
		if (!irqs->fds[kind]) {
			irqs_free(irqs);
			return -ENOMEM;
		}
		memset(irqs->fds[kind], 0xff, bytes);
	}
	*out = irqs;
	return 0;
}

void irqs_free(struct irqs *irqs)
{
	if (!irqs)
		return;
	for (unsigned int kind = 0; kind < DEVICE_IRQ_KINDS; kind++) {
		if (!irqs->fds[kind])
			continue;
		for (unsigned int i = 0; i < irqs->dev->irqs[kind]; i++)
			if (irqs->fds[kind][i] >= 0)
				close(irqs->fds[kind][i]);
		free(irqs->fds[kind]);
	}
	free(irqs);
}

/* A write to a full pipe or to a strange file could block for ever; an eventfd's need not. */
static int make_safe(int fd)
{
	static const char eventfd[] = "anon_inode:[eventfd]";
	char link[32], target[sizeof(eventfd)];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, target, sizeof(target));
	if (n != sizeof(eventfd) - 1 || memcmp(target, eventfd, n))
		return -EINVAL;
	return fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) ? -errno : 0;
}

/* PCI 3.0 §6.2.2, §6.2.3: the status bit shows the function's wish, the command bit forbids it. */
static bool intx_active(struct device *dev)
{
	uint16_t command, status;

	dev->read(dev, DEVICE_REGION_CONFIG, PCI_COMMAND, &command, sizeof(command));
	dev->read(dev, DEVICE_REGION_CONFIG, PCI_STATUS, &status, sizeof(status));
	return status & PCI_STATUS_INTERRUPT && !(command & PCI_COMMAND_INTX_DISABLE);
}

bool irqs_enabled(const struct irqs *irqs, enum device_irq kind, unsigned int vector)
{
	return vector < irqs->dev->irqs[kind] && irqs->fds[kind][vector] >= 0;
}

void irqs_raise(struct irqs *irqs, enum device_irq kind, unsigned int vector)
{
	static const uint64_t one = 1;

	if (!irqs_enabled(irqs, kind, vector))
		return;
	if (kind == DEVICE_IRQ_INTX) {
		if (irqs->masked)
			return;
		irqs->masked = true;
	}
	/* Full means that the client has 2^64 - 2 of them still to look at: one less is no loss. */
	if (write(irqs->fds[kind][vector], &one, sizeof(one)) < 0)
		return;
}

static void mask_intx(struct irqs *irqs, bool mask)
{
	irqs->masked = mask;
	if (!mask && intx_active(irqs->dev))
		irqs_raise(irqs, DEVICE_IRQ_INTX, 0);
}

/* Takes @fd unless it fails; -1: nobody listens any more. */
static int listen_to(struct irqs *irqs, enum device_irq kind, unsigned int vector, int fd)
{
	int *slot = &irqs->fds[kind][vector];

	if (fd >= 0) {
		int ret = make_safe(fd);

		if (ret)
			return ret;
	}
	if (*slot >= 0)
		close(*slot);
	*slot = fd;
	if (kind == DEVICE_IRQ_INTX)
		mask_intx(irqs, false);
	return 0;
}

/* Each vector gets its descriptor, or all of them none. */
static int set_eventfds(struct irqs *irqs, const struct vu_irq_set *set, int *fds,
			unsigned int nfds)
{
	if (!(set->flags & VFIO_IRQ_SET_ACTION_TRIGGER))
		return -ENOTSUP;
	if (nfds && nfds != set->count)
		return -EINVAL;
	for (uint32_t i = 0; i < set->count; i++) {
		int ret = listen_to(irqs, set->index, set->start + i, nfds ? fds[i] : -1);

		if (ret)
			return ret;
		if (nfds)
			fds[i] = -1;
	}
	return 0;
}

/* linux/vfio.h, at struct vfio_irq_set: no data and a count of 0 end a kind as a whole. */
static int silence(struct irqs *irqs, enum device_irq kind)
{
	for (unsigned int i = 0; i < irqs->dev->irqs[kind]; i++)
		listen_to(irqs, kind, i, -1);
	return 0;
}

static int act_on(struct irqs *irqs, const struct vu_irq_set *set, uint32_t vector)
{
	if (set->flags & VFIO_IRQ_SET_ACTION_TRIGGER)
		irqs_raise(irqs, set->index, vector);
	else if (set->index == DEVICE_IRQ_INTX)
		mask_intx(irqs, set->flags & VFIO_IRQ_SET_ACTION_MASK);
	else
		return -ENOTSUP;
	return 0;
}

static bool one_bit(uint32_t flags)
{
	return flags && !(flags & (flags - 1));
}

static int check_set(const struct irqs *irqs, const struct vu_irq_set *set)
{
	uint32_t data = set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK;
	uint32_t action = set->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK;
	uint32_t vectors;

	if (!one_bit(data) || !one_bit(action) || set->flags != (data | action))
		return -EINVAL;
	if (set->index >= DEVICE_IRQ_KINDS)
		return -EINVAL;
	vectors = irqs->dev->irqs[set->index];
	if (set->start > vectors || set->count > vectors - set->start)
		return -EINVAL;
	return 0;
}

int irqs_set(struct irqs *irqs, const uint8_t *payload, size_t len, int *fds, unsigned int nfds)
{
	const uint8_t *chosen = payload + sizeof(struct vu_irq_set);
	struct vu_irq_set set;
	size_t bools;
	int ret;

	if (len < sizeof(set))
		return -EINVAL;
	memcpy(&set, payload, sizeof(set));
	ret = check_set(irqs, &set);
	if (ret)
		return ret;
	bools = set.flags & VFIO_IRQ_SET_DATA_BOOL ? set.count : 0;
	if (len - sizeof(set) != bools)
		return -EINVAL;
	if (set.flags & VFIO_IRQ_SET_DATA_EVENTFD)
		return set_eventfds(irqs, &set, fds, nfds);
	if (!set.count && set.flags & VFIO_IRQ_SET_ACTION_TRIGGER)
		return silence(irqs, set.index);
	for (uint32_t i = 0; i < set.count && !ret; i++)
		if (!bools || chosen[i])
			ret = act_on(irqs, &set, set.start + i);
	return ret;
}
