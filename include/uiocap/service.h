/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * service.h - services that share cards: which there are, how they and their clients are doing
 *
 * A service, uiocapd(8), has a card and hands its frames to any number of programs. They open it
 * as they would a card, by "unix:PATH", and all that uiocap.h says holds; uiocap_service(3) has
 * what differs. What is here is for looking on. The rules are those of uiocap.h.
 */
#ifndef UIOCAP_SERVICE_H
#define UIOCAP_SERVICE_H

#include "uiocap/uiocap.h"

#ifdef __cplusplus
extern "C" {
#endif

struct uiocap_service;
struct uiocap_service_list;

/**
 * uiocap_service_list_new - the services of this machine, by their sockets in /run/uiocap
 *
 * A snapshot, in order of name. None of them is asked anything. Since 0.1. Errors: -ENOMEM, those
 * of reading the directory.
 */
int uiocap_service_list_new(struct uiocap_ctx *ctx, struct uiocap_service_list **out);

/**
 * uiocap_service_list_next - 1 and the next service, or 0
 * @spec: what uiocap_card_open() takes: "unix:/run/uiocap/pci-0000:03:00.0"
 *
 * @spec lives as long as the list. Since 0.1.
 */
int uiocap_service_list_next(struct uiocap_service_list *list, const char **spec);

void uiocap_service_list_free(struct uiocap_service_list *list);

/**
 * struct uiocap_service_channel - a channel of the service's card
 * @info:     what it delivers; of @buffers, how many a client can have at most
 * @captured: whether the service captures it
 * @stats:    since the service has started; chunks, bad and reset_lost are not known
 */
struct uiocap_service_channel {
	struct uiocap_channel_info info;
	bool captured;
	struct uiocap_stats stats;
};

/**
 * struct uiocap_service_client - a program that has connected
 * @name:     of the program
 * @pid:      process
 * @uid:      user, and
 * @gid:      group that it runs as
 * @channels: bit n: it captures channel n
 * @sent:     frames that it was given
 * @lost:     frames that went by because it had no buffer free
 * @bytes:    of the frames it was given
 * @free:     buffers that wait for a frame
 * @held:     buffers with a frame that it has not given back
 */
struct uiocap_service_client {
	const char *name;
	unsigned int pid;
	unsigned int uid;
	unsigned int gid;
	uint64_t channels;
	uint64_t sent;
	uint64_t lost;
	uint64_t bytes;
	unsigned int free;
	unsigned int held;
};

/**
 * struct uiocap_service_state - how a service is doing
 * @model:      card kind
 * @slot:       PCI address, or ""
 * @serial:     the card's serial number, 0 where it has none
 * @time_ns:    when this was so
 * @started_ns: when it began to capture
 * @irqs:       interrupts of the card since
 * @lost_irqs:  as uiocap_card_lost_irqs()
 * @channels:   how many
 * @clients:    how many; the one that asks is among them
 * @channel:    all of them
 * @client:     likewise
 */
struct uiocap_service_state {
	const char *model;
	const char *slot;
	uint64_t serial;
	uint64_t time_ns;
	uint64_t started_ns;
	uint64_t irqs;
	uint64_t lost_irqs;
	unsigned int channels;
	unsigned int clients;
	const struct uiocap_service_channel *channel;
	const struct uiocap_service_client *client;
};

/**
 * uiocap_service_open - connects to a service, to look on
 * @spec: "unix:PATH"
 *
 * Since 0.1. Errors: -EINVAL no such name; -ENODEV nobody serves there; -EACCES; -ECONNREFUSED the
 * service does not want us, and has said why; -EPROTO it is no service; -ETIMEDOUT; -ENOMEM.
 */
int uiocap_service_open(struct uiocap_ctx *ctx, const char *spec, struct uiocap_service **out);

/**
 * uiocap_service_get_state - asks the service how it is doing
 * @out: and all that it points to lives until the next call
 *
 * Since 0.1. Errors: -ENODEV it has gone, -ETIMEDOUT it has not answered for 10 s.
 */
int uiocap_service_get_state(struct uiocap_service *service,
			     const struct uiocap_service_state **out);

/** uiocap_service_close - NULL is fine. Since 0.1. */
void uiocap_service_close(struct uiocap_service *service);

#ifdef __cplusplus
}
#endif

#endif
