// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server-irqs.h"
#include "server-memory.h"
#include "server-session.h"
#include "userdrv/vfio-user/capabilities.h"
#include "userdrv/vfio-user/message.h"

/**
 * struct session - one client
 * @bus:     what the device sees of it
 * @ready:   versions have been agreed on
 * @broken:  -errno when the client has to go
 * @payload: bytes of @reply after its header
 * @reply:   to the message under way
 */
struct session {
	struct device_bus bus;
	struct device *dev;
	struct memory *mem;
	struct irqs *irqs;
	server_log_fn log;
	void *log_data;
	bool ready;
	int broken;
	size_t payload;
	struct {
		struct vu_header header;
		uint8_t payload[VU_MAX_MESSAGE - sizeof(struct vu_header)];
	} reply;
};

/**
 * struct request - a message in parts
 * @header:  its header
 * @payload: what follows that
 * @len:     bytes of the payload
 * @fds:     descriptors; -1 in place of those that have been taken
 * @nfds:    how many
 */
struct request {
	struct vu_header header;
	const uint8_t *payload;
	size_t len;
	int *fds;
	unsigned int nfds;
};

static void __attribute__((format(printf, 2, 3))) complain(struct session *s, const char *fmt, ...)
{
	char line[128];
	va_list ap;

	if (!s->log)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	s->log(s->log_data, line);
}

/* The fixed part of the payload; @more says whether anything may follow it. */
static int take(const struct request *req, void *part, size_t size, bool more)
{
	if (req->len < size || (req->len > size && !more))
		return -EINVAL;
	memcpy(part, req->payload, size);
	return 0;
}

static int answer(struct session *s, const void *payload, size_t len)
{
	memcpy(s->reply.payload, payload, len);
	s->payload = len;
	return 0;
}

static int do_version(struct session *s, const struct request *req)
{
	struct vu_version version;
	struct capabilities theirs;

	if (take(req, &version, sizeof(version), true) || s->ready)
		return -EINVAL;
	if (version.major != VU_MAJOR)
		return s->broken = -EPROTONOSUPPORT;
	if (capabilities_parse((const char *)req->payload + sizeof(version),
			       req->len - sizeof(version), &theirs))
		return -EINVAL;
	s->ready = true;
	version.minor = VU_MINOR;
	answer(s, &version, sizeof(version));
	memcpy(s->reply.payload + s->payload, VU_CAPABILITIES, sizeof(VU_CAPABILITIES));
	s->payload += sizeof(VU_CAPABILITIES);
	return 0;
}

static int do_dma_map(struct session *s, const struct request *req)
{
	uint32_t known = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE;
	struct vu_dma_map map;
	struct memory_range range;

	if (take(req, &map, sizeof(map), false) || map.flags & ~known || req->nfds > 1)
		return -EINVAL;
	range = (struct memory_range){
		.addr = map.addr,
		.size = map.size,
		.offset = map.offset,
		.read = map.flags & VFIO_DMA_MAP_FLAG_READ,
		.write = map.flags & VFIO_DMA_MAP_FLAG_WRITE,
	};
	return memory_map(s->mem, &range, req->nfds ? req->fds[0] : -1);
}

/* Ranges that were never mapped are fine: QEMU sends such for each part of an IOMMU's domain. */
static int do_dma_unmap(struct session *s, const struct request *req)
{
	struct vu_dma_unmap unmap;
	int ret;

	if (take(req, &unmap, sizeof(unmap), false) || unmap.flags & ~VFIO_DMA_UNMAP_FLAG_ALL)
		return -EINVAL;
	if (unmap.flags & VFIO_DMA_UNMAP_FLAG_ALL)
		ret = memory_unmap_all(s->mem);
	else
		ret = memory_unmap(s->mem, unmap.addr, unmap.size);
	if (ret && ret != -EINVAL)
		s->broken = ret;
	return ret ? ret : answer(s, &unmap, sizeof(unmap));
}

static int do_device_info(struct session *s, const struct request *req)
{
	struct vu_device_info info;

	if (take(req, &info, sizeof(info), false) || info.argsz < sizeof(info))
		return -EINVAL;
	info = (struct vu_device_info){
		.argsz = sizeof(info),
		.flags = VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI,
		.regions = DEVICE_REGIONS,
		.irqs = DEVICE_IRQ_KINDS,
	};
	return answer(s, &info, sizeof(info));
}

static int do_region_info(struct session *s, const struct request *req)
{
	struct vu_region_info info;

	if (take(req, &info, sizeof(info), false) || info.argsz < sizeof(info) ||
	    info.index >= DEVICE_REGIONS)
		return -EINVAL;
	info = (struct vu_region_info){
		.argsz = sizeof(info),
		.index = info.index,
		.size = s->dev->region_size[info.index],
	};
	if (info.size)
		info.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	return answer(s, &info, sizeof(info));
}

static int do_irq_info(struct session *s, const struct request *req)
{
	struct vu_irq_info info;

	if (take(req, &info, sizeof(info), false) || info.argsz < sizeof(info) ||
	    info.index >= DEVICE_IRQ_KINDS)
		return -EINVAL;
	info = (struct vu_irq_info){
		.argsz = sizeof(info),
		.flags = VFIO_IRQ_INFO_EVENTFD,
		.index = info.index,
		.count = s->dev->irqs[info.index],
	};
	if (info.index == DEVICE_IRQ_INTX)
		info.flags |= VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED;
	return answer(s, &info, sizeof(info));
}

static int do_set_irqs(struct session *s, const struct request *req)
{
	return irqs_set(s->irqs, req->payload, req->len, req->fds, req->nfds);
}

static int check_access(struct session *s, const struct vu_region_access *access)
{
	uint64_t size;

	if (access->region >= DEVICE_REGIONS || !access->count || access->count > VU_MAX_XFER)
		return -EINVAL;
	size = s->dev->region_size[access->region];
	if (access->offset > size || access->count > size - access->offset)
		return -EINVAL;
	return 0;
}

static int do_region_read(struct session *s, const struct request *req)
{
	struct vu_region_access access;

	if (take(req, &access, sizeof(access), false) || check_access(s, &access))
		return -EINVAL;
	answer(s, &access, sizeof(access));
	s->dev->read(s->dev, access.region, access.offset, s->reply.payload + sizeof(access),
		     access.count);
	s->payload += access.count;
	return 0;
}

static int do_region_write(struct session *s, const struct request *req)
{
	struct vu_region_access access;

	if (take(req, &access, sizeof(access), true) || check_access(s, &access))
		return -EINVAL;
	if (req->len != sizeof(access) + access.count)
		return -EINVAL;
	s->dev->write(s->dev, access.region, access.offset, req->payload + sizeof(access),
		      access.count);
	return answer(s, &access, sizeof(access));
}

static int do_device_reset(struct session *s, const struct request *req)
{
	if (req->len)
		return -EINVAL;
	s->dev->reset(s->dev);
	return 0;
}

static int dispatch(struct session *s, const struct request *req)
{
	static int (*const commands[])(struct session *, const struct request *) = {
		[VU_VERSION] = do_version,
		[VU_DMA_MAP] = do_dma_map,
		[VU_DMA_UNMAP] = do_dma_unmap,
		[VU_DEVICE_INFO] = do_device_info,
		[VU_REGION_INFO] = do_region_info,
		[VU_IRQ_INFO] = do_irq_info,
		[VU_SET_IRQS] = do_set_irqs,
		[VU_REGION_READ] = do_region_read,
		[VU_REGION_WRITE] = do_region_write,
		[VU_DEVICE_RESET] = do_device_reset,
	};
	unsigned int command = req->header.command;

	if (command >= sizeof(commands) / sizeof(*commands) || !commands[command])
		return -ENOTSUP;
	return commands[command](s, req);
}

static void finish_reply(struct session *s, const struct vu_header *header, int error)
{
	if (error)
		s->payload = 0;
	s->reply.header = (struct vu_header){
		.id = header->id,
		.command = header->command,
		.size = sizeof(*header) + s->payload,
		.flags = VU_TYPE_REPLY | (error ? VU_ERROR : 0),
		.error = -error,
	};
	if (header->flags & VU_NO_REPLY)
		s->reply.header.size = 0;
}

/* We send no commands, so a reply answers nothing; and nothing comes before the versions. */
static int check_header(struct session *s, const struct vu_header *header, size_t len)
{
	if (len < sizeof(*header) || header->size != len || len > VU_MAX_MESSAGE)
		return -EPROTO;
	if ((header->flags & VU_TYPE) != VU_TYPE_COMMAND)
		return -EPROTO;
	return s->ready || header->command == VU_VERSION ? 0 : -EPROTO;
}

static int handle(struct session *s, struct request *req, size_t len)
{
	int ret;

	s->reply.header.size = 0;
	s->payload = 0;
	ret = check_header(s, &req->header, len);
	if (ret) {
		complain(s, "client sent what is no message: dropped");
		return ret;
	}
	ret = dispatch(s, req);
	if (ret)
		complain(s, "client's command %u failed: %s", req->header.command, strerror(-ret));
	finish_reply(s, &req->header, ret);
	return s->broken;
}

int session_message(struct session *s, const void *msg, size_t len, int *fds, unsigned int nfds)
{
	struct request req = { .fds = fds, .nfds = nfds };
	int ret;

	memcpy(&req.header, msg, len < sizeof(req.header) ? len : sizeof(req.header));
	if (len >= sizeof(req.header)) {
		req.payload = (const uint8_t *)msg + sizeof(req.header);
		req.len = len - sizeof(req.header);
	}
	ret = handle(s, &req, len);
	for (unsigned int i = 0; i < nfds; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
	return ret;
}

size_t session_reply(const struct session *s, const void **reply)
{
	*reply = &s->reply;
	return s->reply.header.size;
}

bool session_broken(const struct session *s)
{
	return memory_torn(s->mem);
}

static struct session *session_of(struct device_bus *bus)
{
	return (struct session *)((char *)bus - offsetof(struct session, bus));
}

static void *bus_memory(struct device_bus *bus, uint64_t addr, size_t len, bool write)
{
	return memory_get(session_of(bus)->mem, addr, len, write);
}

static bool bus_irq_enabled(struct device_bus *bus, enum device_irq kind, unsigned int vector)
{
	return irqs_enabled(session_of(bus)->irqs, kind, vector);
}

static void bus_raise(struct device_bus *bus, enum device_irq kind, unsigned int vector)
{
	irqs_raise(session_of(bus)->irqs, kind, vector);
}

int session_new(struct device *dev, server_log_fn log, void *log_data, struct session **out)
{
	struct session *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return -ENOMEM;
	s->bus = (struct device_bus){ bus_memory, bus_irq_enabled, bus_raise };
	s->dev = dev;
	s->log = log;
	s->log_data = log_data;
	ret = memory_new(&s->mem);
	if (!ret)
		ret = irqs_new(dev, &s->irqs);
	if (ret) {
		memory_free(s->mem);
		free(s);
		return ret;
	}
	dev->bus = &s->bus;
	dev->reset(dev);
	*out = s;
	return 0;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	s->dev->reset(s->dev);
	s->dev->bus = NULL;
	irqs_free(s->irqs);
	memory_free(s->mem);
	free(s);
}
