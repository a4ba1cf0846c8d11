/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * transport-vfio-user.c - a card that another process plays, without any kernel: a vfio-user server
 *
 *	vfio-user:PATH		the server that listens at PATH
 *	sim[:OPTION,…]		a simulated card of our own, for as long as it is open
 *
 * OPTIONs of sim are those of uiocap-card(1), and dma=SIZE and segments=N, which say what DMA
 * memory it gets. That memory is ours; the server maps it too, so that payload is never sent.
 */
#include "transport.h"

#include <endian.h>
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"
#include "shared-memory.h"
#include "sim-process.h"
#include "userdrv/vfio-user/commands.h"
#include "vfio-irqs.h"

#define SOCKET_PREFIX	"vfio-user:"
#define BARS		6

/* Nothing that a server does takes long; one that is silent for so long is stuck. */
#define PATIENCE_NS	INT64_C(10000000000)

/* Once in so many looks at memory the socket is looked at as well: a few times a second at most. */
#define LOOKS		(1u << 20)

/**
 * struct vfio_user - a card at the other end of a socket
 * @sim:    the process, where the card is our own
 * @client: the connection
 * @irqs:   the card's interrupts
 * @bar:    bytes of each BAR
 * @looks:  calls of check
 */
struct vfio_user {
	struct transport t;
	struct sim_process *sim;
	struct vu_client *client;
	struct vfio_irqs *irqs;
	uint64_t bar[BARS];
	unsigned int looks;
};

static struct vfio_user *to_vfio_user(const struct transport *t)
{
	return (struct vfio_user *)t;
}

/* ---- registers -------------------------------------------------------------------------- */

static size_t vfio_user_bar_size(const struct transport *t, unsigned int bar)
{
	return bar < BARS ? to_vfio_user(t)->bar[bar] : 0;
}

static bool is_register(const struct transport *t, unsigned int bar, uint32_t offset)
{
	size_t len = vfio_user_bar_size(t, bar);

	return offset % 4 == 0 && len >= 4 && offset <= len - 4;
}

static int vfio_user_read32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t *value)
{
	uint32_t le;
	int ret;

	if (!is_register(t, bar, offset))
		return -EINVAL;
	ret = vu_read(to_vfio_user(t)->client, bar, offset, &le, sizeof(le));
	*value = ret ? UINT32_MAX : le32toh(le);
	return vu_client_gone(to_vfio_user(t)->client) ? -ENODEV : ret;
}

/* Posted, as on the bus. The message is sent after what was stored before it, and so arrives. */
static int vfio_user_write32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t value)
{
	uint32_t le = htole32(value);

	if (!is_register(t, bar, offset))
		return -EINVAL;
	return vu_post(to_vfio_user(t)->client, bar, offset, &le, sizeof(le)) ? -ENODEV : 0;
}

/* ---- state ------------------------------------------------------------------------------ */

/* Nobody but us can reset the card, so it is as we left it, or gone. */
static int vfio_user_check(const struct transport *t)
{
	struct vfio_user *v = to_vfio_user(t);

	if (++v->looks % LOOKS == 0) {
		struct pollfd fd = { .fd = vu_client_sock(v->client), .events = POLLRDHUP };

		v->t.syscalls++;
		if (poll(&fd, 1, 0) > 0)
			vu_client_lose(v->client);
	}
	return vu_client_gone(v->client) ? -ENODEV : 0;
}

static void vfio_user_accept(struct transport *t)
{
	(void)t;
}

/* ---- interrupts ------------------------------------------------------------------------- */

static void vfio_user_irq(const struct transport *t, unsigned int vector, struct uiocap_irq *out)
{
	vfio_irqs_get(to_vfio_user(t)->irqs, vector, out);
}

static int vfio_user_wait(struct transport *t, int64_t timeout_ns)
{
	struct vfio_user *v = to_vfio_user(t);

	if (vu_client_gone(v->client))
		return -ENODEV;
	return vfio_irqs_wait(v->irqs, timeout_ns);
}

/* ---- open and close --------------------------------------------------------------------- */

static int set_command(struct vfio_user *v, uint16_t command)
{
	uint16_t le = htole16(command);

	return vu_write(v->client, VFIO_PCI_CONFIG_REGION_INDEX, PCI_COMMAND, &le, sizeof(le));
}

static int identify(struct vfio_user *v)
{
	bool resettable;
	uint16_t ids[2];
	int ret;

	ret = vu_get_pci(v->client, &resettable);
	if (!ret && resettable)
		ret = vu_reset(v->client);
	if (!ret)
		ret = vu_read(v->client, VFIO_PCI_CONFIG_REGION_INDEX, PCI_VENDOR_ID, ids,
			      sizeof(ids));
	for (unsigned int bar = 0; bar < BARS && !ret; bar++)
		ret = vu_get_region_size(v->client, bar, &v->bar[bar]);
	if (ret)
		return ret;
	v->t.vendor = le16toh(ids[0]);
	v->t.device = le16toh(ids[1]);
	return 0;
}

static int set_up_memory(struct vfio_user *v, const struct sim_memory *memory)
{
	const struct uiocap_segment *segment;
	int fd, ret;

	ret = shared_memory_new(&v->t, memory->size, memory->segments, &fd);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < v->t.segments && !ret; i++) {
		segment = &v->t.segment[i];
		ret = vu_map(v->client, fd, (uint8_t *)segment->data - v->t.dma, segment->bus,
			     segment->len);
	}
	close(fd);
	return ret;
}

static int set_up(struct vfio_user *v, int sock, const struct sim_memory *memory)
{
	int ret;

	ret = vu_client_new(sock, PATIENCE_NS, &v->t.syscalls, &v->client);
	if (!ret)
		ret = identify(v);
	if (!ret)
		ret = set_up_memory(v, memory);
	if (!ret)
		ret = vfio_irqs_new(v->client, &v->t.syscalls, &v->irqs);
	if (!ret)
		ret = set_command(v, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	if (ret)
		return ret;
	v->t.irq_kind = vfio_irqs_kind(v->irqs, &v->t.vectors);
	v->t.fd = vfio_irqs_fd(v->irqs);
	return 0;
}

/* Returns the socket. */
static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int sock, err;

	if (!*path || strlen(path) >= sizeof(addr.sun_path))
		return -EINVAL;
	strcpy(addr.sun_path, path);
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (sock < 0)
		return -errno;
	if (!connect(sock, (const struct sockaddr *)&addr, sizeof(addr)))
		return sock;
	err = errno;
	close(sock);
	if (err == EAGAIN)	/* too many are waiting there already */
		return -EBUSY;
	return err == ENOENT || err == ECONNREFUSED ? -ENODEV : -err;
}

static void explain(struct uiocap_ctx *ctx, const char *spec, int error)
{
	switch (error) {
	case -EBUSY:
		ctx_log(ctx, UIOCAP_LOG_ERROR, "%s is in use, and has one owner at a time", spec);
		break;
	case -ENODEV:
		ctx_log(ctx, UIOCAP_LOG_ERROR, "nobody serves a card at %s", spec);
		break;
	case -EPROTO:
		ctx_log(ctx, UIOCAP_LOG_ERROR, "what serves %s does not speak vfio-user %d.%d",
			spec, VU_MAJOR, VU_MINOR);
		break;
	default:
		ctx_log(ctx, UIOCAP_LOG_ERROR, "cannot set up the card %s: %s", spec,
			strerror(-error));
	}
}

/* A card of our own that could not be set up has most likely not liked its options, and said so. */
static int explain_sim(struct vfio_user *v, int error)
{
	int status;

	vu_client_free(v->client);
	v->client = NULL;
	status = sim_process_end(v->sim, UIOCAP_LOG_ERROR);
	v->sim = NULL;
	if (status == SIM_PROCESS_USAGE)
		return -EINVAL;
	if (error == -EBUSY)	/* it hung up */
		error = -ENODEV;
	ctx_log(v->t.ctx, UIOCAP_LOG_ERROR, "the simulated card did not start (exit status %d): %s",
		status, strerror(-error));
	return error;
}

/* Orderly where there still is somebody: once bus mastering is off, nothing of ours is written. */
static void vfio_user_close(struct transport *t)
{
	struct vfio_user *v = to_vfio_user(t);

	if (v->client && !vu_client_gone(v->client))
		set_command(v, 0);
	vfio_irqs_free(v->irqs);
	vu_client_free(v->client);
	sim_process_end(v->sim, UIOCAP_LOG_WARNING);
	shared_memory_free(t);
	free(v->t.spec);
	free(v);
}

static int open_socket(struct vfio_user *v, const char *path)
{
	const struct sim_memory memory = SIM_MEMORY_DEFAULT;
	int sock = connect_to(path);
	int ret;

	ret = sock < 0 ? sock : set_up(v, sock, &memory);
	if (ret)
		explain(v->t.ctx, v->t.spec, ret);
	return ret;
}

static int open_sim(struct vfio_user *v, const char *options)
{
	struct sim_memory memory = SIM_MEMORY_DEFAULT;
	int sock, ret;

	ret = sim_process_start(v->t.ctx, options, &memory, &sock, &v->sim);
	if (ret)
		return ret;
	ret = set_up(v, sock, &memory);
	return ret ? explain_sim(v, ret) : 0;
}

static int vfio_user_open(struct uiocap_ctx *ctx, const char *spec, struct transport **out)
{
	struct vfio_user *v = calloc(1, sizeof(*v));
	size_t prefix = strlen(SOCKET_PREFIX);
	int ret;

	if (!v)
		return -ENOMEM;
	v->t = (struct transport){ .ops = &transport_vfio_user, .ctx = ctx, .fd = -1 };
	v->t.spec = strdup(spec);
	if (!v->t.spec)
		ret = -ENOMEM;
	else if (!strncmp(spec, SOCKET_PREFIX, prefix))
		ret = open_socket(v, spec + prefix);
	else
		ret = open_sim(v, spec[3] ? spec + 4 : "");
	if (ret) {
		vfio_user_close(&v->t);
		return ret;
	}
	*out = &v->t;
	return 0;
}

static bool vfio_user_matches(const char *spec)
{
	return !strcmp(spec, "sim") || !strncmp(spec, "sim:", 4) ||
	       !strncmp(spec, SOCKET_PREFIX, strlen(SOCKET_PREFIX));
}

const struct transport_ops transport_vfio_user = {
	.name		= "vfio-user",
	.matches	= vfio_user_matches,
	.open		= vfio_user_open,
	.close		= vfio_user_close,
	.bar_size	= vfio_user_bar_size,
	.read32		= vfio_user_read32,
	.write32	= vfio_user_write32,
	.check		= vfio_user_check,
	.accept		= vfio_user_accept,
	.wait		= vfio_user_wait,
	.irq		= vfio_user_irq,
};
