/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top-rows.h - what uiocap top shows: the difference of two states of a service
 */
#ifndef TOP_ROWS_H
#define TOP_ROWS_H

#include <json-c/json.h>

#include "uiocap/service.h"

/**
 * struct top_sample - a state to compare the next one with
 * @time_ns:  when
 * @irqs:     interrupts until then
 * @channels: how many there are in @channel
 * @clients:  how many there are in @client, of which the names have gone
 */
struct top_sample {
	uint64_t time_ns;
	uint64_t irqs;
	unsigned int channels;
	unsigned int clients;
	struct uiocap_service_channel *channel;
	struct uiocap_service_client *client;
};

/** top_sample_take - in the place of what was in @sample. -ENOMEM leaves it as it was */
int top_sample_take(struct top_sample *sample, const struct uiocap_service_state *now);

/** top_sample_free - what is in it, once */
void top_sample_free(struct top_sample *sample);

/** top_document - all of it: the service's own figures, "channels" and "clients" */
struct json_object *top_document(const char *spec, const struct top_sample *before,
				 const struct uiocap_service_state *now);

/** top_is_self - whether that client is this program, which only looks on */
bool top_is_self(const struct uiocap_service_client *client);

#endif
