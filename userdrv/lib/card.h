/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * card.h - the seam between frames and one kind of card
 *
 * A card kind is one file: it finds out what the card has, starts and stops its channels, posts
 * buffers and collects what has arrived. It does not know what a frame's owner does with it, nor
 * how the card is reached. doc/porting.md leads through one.
 *
 * Buffers are posted in order and filled in that order. The n-th buffer posted to a channel since
 * its start is called slot n; a buffer consists of chunks, each with its own bus address.
 */
#ifndef UIOCAP_CARD_H
#define UIOCAP_CARD_H

#include "transport.h"

/**
 * struct card_source - what a channel of the card offers
 * @kind:            video or stream
 * @width_bytes:     bytes in a line; streams: the largest buffer that makes sense
 * @height:          lines in a frame; streams: 1
 * @period_ns:       from frame to frame, or 0
 * @chunk_lines:     the default
 * @max_chunk_bytes: the largest transfer
 * @max_posted:      most chunks that can be posted at a time
 * @max_buffers:     most buffers that the channel can have; 0: as many as fit
 * @absent:          the channel cannot be enabled: a service that has others does not capture it
 */
struct card_source {
	enum uiocap_channel_kind kind;
	uint32_t width_bytes;
	uint32_t height;
	uint64_t period_ns;
	uint32_t chunk_lines;
	uint32_t max_chunk_bytes;
	uint32_t max_posted;
	unsigned int max_buffers;
	bool absent;
};

/**
 * struct card_setup - how a channel is to be run, fixed from start to stop
 * @chunk_bytes: bytes of each chunk of a buffer but the last
 * @last_bytes:  bytes of the last
 * @chunk_lines: video: lines in a chunk
 * @chunks:      chunks in a buffer
 * @pool:        buffers that there are
 * @buffers:     most of them that are ever posted at a time
 * @chunk_bus:   the card's address of each chunk of each buffer, that of chunk c of buffer b at
 *               b × chunks + c; stays there until after stop
 * @hold:        wait for buffers rather than drop
 * @irq:         interrupt at each end of a frame; else never
 * @idle_ns:     streams: silence that ends a buffer
 * @ring:        memory of ops->ring_bytes(), zeroed, in one segment, 64-byte aligned
 */
struct card_setup {
	uint32_t chunk_bytes;
	uint32_t last_bytes;
	uint32_t chunk_lines;
	uint32_t chunks;
	unsigned int pool;
	unsigned int buffers;
	const uint64_t *chunk_bus;
	bool hold;
	bool irq;
	uint64_t idle_ns;
	struct uiocap_segment ring;
};

#define CARD_RUN_CORRUPT	(1u << 0)	/* the card says that data in it is damaged */
#define CARD_RUN_END		(1u << 1)	/* the source has ended, nothing follows */
#define CARD_RUN_LATE		(1u << 2)	/* streams: bytes before it were lost */
#define CARD_RUN_ELSEWHERE	(1u << 3)	/* the frame is at @data and not in its buffer */
#define CARD_RUN_LAST		(1u << 4)	/* nothing more comes of its slot */

/**
 * struct card_run - consecutive chunks of one frame that have arrived
 * @slot:    which buffer they are in
 * @first:   chunk in that buffer
 * @count:   chunks; 0 only together with CARD_RUN_END
 * @frame:   the frame's number, from 0 at start
 * @bytes:   payload bytes in all of them
 * @flags:   CARD_RUN_…
 * @time_ns: card time of the last of them
 * @data:    with CARD_RUN_ELSEWHERE: where the frame begins, and
 * @number:  what number the card has given it
 */
struct card_run {
	uint64_t slot;
	uint32_t first;
	uint32_t count;
	uint64_t frame;
	uint32_t bytes;
	uint32_t flags;
	uint64_t time_ns;
	uint8_t *data;
	uint64_t number;
};

struct card;

/**
 * struct card_ops - one kind of card
 * @name:       "refcard"
 * @matches:    is this PCI function one?
 * @open:       identifies the card, resets it, finds its sources. -ENODEV: reads as dead
 * @close:      frees; the card has been stopped
 * @ring_bytes: DMA memory that a channel's rings need
 * @start:      programs the channel and lets it run; nothing is posted yet
 * @stop:       returns when the channel writes no more; -ETIMEDOUT otherwise
 * @post:       the next slot is buffer number @buffer; the card need not know yet
 * @flush:      tells the card of everything posted; one register write at most
 * @collect:    fills in at most @max runs, in order; never one of a slot that was not posted, nor
 *              of chunks beyond its end. What makes no sense is counted and skipped.
 *              @now_ns: CLOCK_MONOTONIC, to extend a card's clock that wraps
 * @counts:     completions taken since start, and those of them that made no sense
 * @produced:   frames (streams: buffers) the card produced since start; exact after @stop
 * @missed:     frames that the source has produced since the last completion, by the clock; asked
 *              after a reset and @stop, when @produced has been forgotten. NULL: cannot tell
 * @last_word:  frames produced, as the card has said unasked before it went, else 0. NULL: never
 *              does
 * @ack:        acknowledges an interrupt, before its news are collected; where the transport does
 *              not. NULL: needs none
 * @alive:      0, or -ENODEV where the registers read as dead; called after a while of silence.
 *              NULL: cannot tell
 * @stuck:      would nothing more come of the channel, without a new start? It has stopped by
 *              itself, or has filled all that was posted and told of none. Asked after a second of
 *              silence. NULL: cannot tell
 * @raise:      has the card interrupt, for tests; NULL: cannot
 * @reg:        register @n by name, or NULL past the end
 */
struct card_ops {
	const char *name;
	bool (*matches)(uint16_t vendor, uint16_t device);
	int (*open)(struct transport *t, struct card **out);
	void (*close)(struct card *card);
	size_t (*ring_bytes)(const struct card *card, unsigned int ch, const struct card_setup *s);
	int (*start)(struct card *card, unsigned int ch, const struct card_setup *s);
	int (*stop)(struct card *card, unsigned int ch);
	void (*post)(struct card *card, unsigned int ch, unsigned int buffer);
	void (*flush)(struct card *card, unsigned int ch);
	unsigned int (*collect)(struct card *card, unsigned int ch, uint64_t now_ns,
				struct card_run *runs, unsigned int max);
	void (*counts)(const struct card *card, unsigned int ch, uint64_t *chunks, uint64_t *bad);
	int (*produced)(struct card *card, unsigned int ch, uint64_t *frames);
	uint64_t (*missed)(struct card *card, unsigned int ch);
	uint64_t (*last_word)(const struct card *card, unsigned int ch);
	void (*ack)(struct card *card);
	int (*alive)(struct card *card);
	bool (*stuck)(struct card *card, unsigned int ch);
	int (*raise)(struct card *card, unsigned int vector);
	const struct uiocap_register *(*reg)(const struct card *card, unsigned int n);
};

/**
 * struct card - what is the same for all; embedded in each one's own
 * @ops:     its kind
 * @t:       how it is reached; belongs to who opened the card
 * @model:   what the user is told that it is; NULL: the name of its kind
 * @serial:  0 where it has none
 * @sources: how many channels
 * @source:  each of them; belongs to the card
 */
struct card {
	const struct card_ops *ops;
	struct transport *t;
	const char *model;
	uint64_t serial;
	unsigned int sources;
	struct card_source *source;
};

extern const struct card_ops card_refcard;
extern const struct card_ops card_edu;
extern const struct card_ops card_raw;
extern const struct card_ops card_service;

/** card_find - the kind of that name (where not NULL) or for these ids, or NULL */
const struct card_ops *card_find(const char *name, uint16_t vendor, uint16_t device);

#endif
