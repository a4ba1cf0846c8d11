// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.h"

#include <errno.h>
#include <linux/vfio.h>
#include <string.h>

#include "message.h"

#define MAX_DATA	16	/* no register is wider than 8 */

struct access {
	struct vu_region_access where;
	uint8_t data[MAX_DATA];
};

int vu_get_pci(struct vu_client *c, bool *resettable)
{
	struct vu_device_info info = { .argsz = sizeof(info) };
	int ret;

	ret = vu_client_call(c, VU_DEVICE_INFO, &info, sizeof(info), NULL, 0, &info, sizeof(info));
	if (ret)
		return ret;
	*resettable = info.flags & VFIO_DEVICE_FLAGS_RESET;
	return info.flags & VFIO_DEVICE_FLAGS_PCI ? 0 : -ENOTSUP;
}

int vu_get_region_size(struct vu_client *c, uint32_t region, uint64_t *size)
{
	struct vu_region_info info = { .argsz = sizeof(info), .index = region };
	int ret;

	ret = vu_client_call(c, VU_REGION_INFO, &info, sizeof(info), NULL, 0, &info, sizeof(info));
	if (ret)
		return ret;
	*size = info.size;
	return 0;
}

int vu_get_irq_count(struct vu_client *c, uint32_t kind, uint32_t *count)
{
	struct vu_irq_info info = { .argsz = sizeof(info), .index = kind };
	int ret;

	ret = vu_client_call(c, VU_IRQ_INFO, &info, sizeof(info), NULL, 0, &info, sizeof(info));
	if (ret)
		return ret;
	*count = info.flags & VFIO_IRQ_INFO_EVENTFD ? info.count : 0;
	return 0;
}

/* As many in a message as the server takes. */
int vu_set_irqs(struct vu_client *c, uint32_t kind, const int *eventfds, uint32_t count)
{
	uint64_t limit = vu_client_limits(c)->max_msg_fds;
	uint32_t n;
	int ret = 0;

	if (!limit)
		return -ENOTSUP;
	if (limit > VU_MAX_FDS)
		limit = VU_MAX_FDS;
	for (uint32_t i = 0; i < count && !ret; i += n) {
		n = count - i < limit ? count - i : limit;
		struct vu_irq_set set = {
			.argsz = sizeof(set),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = kind,
			.start = i,
			.count = n,
		};

		ret = vu_client_call(c, VU_SET_IRQS, &set, sizeof(set), eventfds + i, n, NULL, 0);
	}
	return ret;
}

int vu_unmask_intx(struct vu_client *c)
{
	struct vu_irq_set set = {
		.argsz = sizeof(set),
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK,
		.index = VFIO_PCI_INTX_IRQ_INDEX,
		.count = 1,
	};

	return vu_client_post(c, VU_SET_IRQS, &set, sizeof(set));
}

int vu_read(struct vu_client *c, uint32_t region, uint64_t offset, void *data, uint32_t len)
{
	struct access reply = { .where = { offset, region, len } };
	size_t reply_len = sizeof(reply.where) + len;
	int ret;

	if (len > MAX_DATA)
		return -EINVAL;
	ret = vu_client_call(c, VU_REGION_READ, &reply.where, sizeof(reply.where), NULL, 0, &reply,
			     reply_len);
	if (ret)
		return ret;
	memcpy(data, reply.data, len);
	return 0;
}

static int make_write(struct access *access, uint32_t region, uint64_t offset, const void *data,
		      uint32_t len)
{
	if (len > MAX_DATA)
		return -EINVAL;
	access->where = (struct vu_region_access){ offset, region, len };
	memcpy(access->data, data, len);
	return 0;
}

int vu_write(struct vu_client *c, uint32_t region, uint64_t offset, const void *data, uint32_t len)
{
	struct access access;
	int ret = make_write(&access, region, offset, data, len);

	if (ret)
		return ret;
	return vu_client_call(c, VU_REGION_WRITE, &access, sizeof(access.where) + len, NULL, 0,
			      &access.where, sizeof(access.where));
}

int vu_post(struct vu_client *c, uint32_t region, uint64_t offset, const void *data, uint32_t len)
{
	struct access access;
	int ret = make_write(&access, region, offset, data, len);

	return ret ? ret : vu_client_post(c, VU_REGION_WRITE, &access, sizeof(access.where) + len);
}

int vu_map(struct vu_client *c, int fd, uint64_t offset, uint64_t addr, uint64_t size)
{
	struct vu_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.offset = offset,
		.addr = addr,
		.size = size,
	};

	return vu_client_call(c, VU_DMA_MAP, &map, sizeof(map), &fd, 1, NULL, 0);
}

int vu_reset(struct vu_client *c)
{
	return vu_client_call(c, VU_DEVICE_RESET, NULL, 0, NULL, 0, NULL, 0);
}
