/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * frame.c - what a user may ask of a frame
 */
#include "internal.h"

const void *uiocap_frame_data(const struct uiocap_frame *frame)
{
	return frame->data;
}

size_t uiocap_frame_size(const struct uiocap_frame *frame)
{
	if (frame->channel->source->kind == UIOCAP_CHANNEL_VIDEO)
		return channel_frame_bytes(frame->channel);
	return frame->bytes;
}

struct uiocap_channel *uiocap_frame_channel(const struct uiocap_frame *frame)
{
	return frame->channel;
}

uint64_t uiocap_frame_number(const struct uiocap_frame *frame)
{
	return frame->number;
}

uint64_t uiocap_frame_card_number(const struct uiocap_frame *frame)
{
	return frame->card_number;
}

uint64_t uiocap_frame_lost(const struct uiocap_frame *frame)
{
	return frame->lost;
}

unsigned int uiocap_frame_status(const struct uiocap_frame *frame)
{
	return frame->status;
}

uint64_t uiocap_frame_card_time_ns(const struct uiocap_frame *frame)
{
	return frame->card_time_ns;
}

uint64_t uiocap_frame_host_time_ns(const struct uiocap_frame *frame)
{
	return frame->host_time_ns;
}

static bool has(const struct uiocap_frame *frame, uint32_t chunk)
{
	return frame->have[chunk / FRAME_WORD_BITS] >> chunk % FRAME_WORD_BITS & 1;
}

int uiocap_frame_next_gap(const struct uiocap_frame *frame, uint32_t *line, uint32_t *lines)
{
	const struct card_setup *s = &frame->channel->setup;
	const uint32_t height = frame->channel->source->height;
	uint32_t chunk = *line / s->chunk_lines;
	uint32_t begin, end;

	if (frame->arrived == s->chunks)
		return 0;
	while (chunk < s->chunks && has(frame, chunk))
		chunk++;
	if (chunk >= s->chunks)
		return 0;
	begin = chunk * s->chunk_lines;
	while (chunk < s->chunks && !has(frame, chunk))
		chunk++;
	end = chunk < s->chunks ? chunk * s->chunk_lines : height;
	if (begin < *line)
		begin = *line;
	if (begin >= end)
		return 0;
	*line = begin;
	*lines = end - begin;
	return 1;
}

void uiocap_frame_release(struct uiocap_frame *frame)
{
	if (frame)
		channel_return(frame->channel, frame);
}
