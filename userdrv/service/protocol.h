/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * protocol.h - what uiocapd and its clients say to each other; doc/protocol.md tells it in words
 *
 * A Unix socket of type SOCK_SEQPACKET: each packet is one message, which begins with a struct
 * message. Numbers are the machine's own, for both ends are on it. Whatever is reserved is 0.
 *
 *	client		service
 *	HELLO		WELCOME, with the descriptor of the ring's memory, or BYE
 *	START		STARTED: the channel's frames may come
 *	GIVE		FRAME, once for each buffer that was given, while frames come
 *	STOP		STOPPED, the last word of the channel
 *	ASK		STATE
 *			ENDED, once, for a channel whose source has ended
 *			BYE, at any time, and then the end of the connection
 *
 * A client gives *buffers*, which are places of its own in the ring for as long as it lives: for
 * each one it gets a frame, which it may read until it gives the buffer again and names the frame's
 * slot. Who has given none gets none, and finds in the next frame's number how many went by.
 *
 * STOP takes back the buffers that wait for a frame. Frames that came before stay the client's
 * until it starts the channel again, which begins with all of its buffers to be given, or goes. A
 * service that is about to hang up says STOPPED unasked. STOP is answered in any case.
 */
#ifndef UIOCAP_PROTOCOL_H
#define UIOCAP_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROTOCOL_MAGIC		0x50434f55	/* "UOCP" in a dump */
#define PROTOCOL_VERSION	1

#define MESSAGE_MAX_BYTES	65536
#define MESSAGE_MAX_CHANNELS	64
#define MESSAGE_MAX_CLIENTS	512
#define MESSAGE_MAX_RUNS	8192
#define MESSAGE_MAX_GIVEN	1024
#define MESSAGE_NAME_SIZE	32
#define MESSAGE_REASON_SIZE	120

enum message_type {
	MESSAGE_HELLO = 1,
	MESSAGE_START,
	MESSAGE_GIVE,
	MESSAGE_STOP,
	MESSAGE_ASK,

	MESSAGE_WELCOME = 0x81,
	MESSAGE_STARTED,
	MESSAGE_FRAME,
	MESSAGE_STOPPED,
	MESSAGE_STATE,
	MESSAGE_BYE,
	MESSAGE_ENDED,
};

/**
 * struct message - every message begins with it
 * @type:    enum message_type
 * @channel: which one it is about; 0 where none
 * @bytes:   of the whole message, this included
 */
struct message {
	uint16_t type;
	uint16_t channel;
	uint32_t bytes;
};

struct message_hello {
	struct message head;
	uint32_t magic;
	uint32_t version;
};

/**
 * struct message_channel - a channel of the service
 * @kind:        enum uiocap_channel_kind
 * @running:     0: the service does not capture it, and START is refused
 * @width_bytes: bytes in a line; streams: of a full buffer
 * @height:      lines in a frame; streams: 1
 * @chunk_lines: lines in a chunk, of which frames with gaps have some
 * @chunks:      chunks in a frame
 * @buffers:     most that a client may have of it
 * @period_ns:   from frame to frame, or 0
 */
struct message_channel {
	uint32_t kind;
	uint32_t running;
	uint32_t width_bytes;
	uint32_t height;
	uint32_t chunk_lines;
	uint32_t chunks;
	uint32_t buffers;
	uint32_t reserved;
	uint64_t period_ns;
};

/**
 * struct message_welcome - with the descriptor of a memfd, sealed against all but reading
 * @version:      PROTOCOL_VERSION
 * @channels:     how many there are in @channel
 * @serial:       the card's serial number, or 0
 * @memory_bytes: of the memfd
 * @slot_bytes:   from slot to slot in it, a multiple of 4096
 * @slots:        how many
 * @model:        card kind, with its 0
 * @slot:         PCI address or "", with its 0
 */
struct message_welcome {
	struct message head;
	uint32_t version;
	uint32_t channels;
	uint64_t serial;
	uint64_t memory_bytes;
	uint32_t slot_bytes;
	uint32_t slots;
	char model[MESSAGE_NAME_SIZE];
	char slot[MESSAGE_NAME_SIZE];
	struct message_channel channel[];
};

/** struct message_start - @buffers: that the client will have, given or in its hands */
struct message_start {
	struct message head;
	uint32_t buffers;
	uint32_t reserved;
};

/** struct message_started - @error: 0; EBUSY started, ENOSPC no room in the ring, ENOENT not run */
struct message_started {
	struct message head;
	uint32_t error;
	uint32_t reserved;
};

/**
 * struct message_give - buffers to be filled
 * @buffers: how many
 * @slots:   how many of them come with a frame that has been read: @slot is where those were
 */
struct message_give {
	struct message head;
	uint32_t buffers;
	uint32_t slots;
	uint32_t slot[];
};

struct message_stop {
	struct message head;
};

/** struct message_stopped - @produced: frames since the channel's first GIVE, lost ones included */
struct message_stopped {
	struct message head;
	uint64_t produced;
};

/** struct message_run - chunks of a frame that have arrived */
struct message_run {
	uint16_t first;
	uint16_t count;
};

/**
 * struct message_frame - a frame lies in the ring
 * @slot:         where
 * @status:       UIOCAP_FRAME_…
 * @number:       counted from 0 at the first GIVE; a gap to the one before is what was lost
 * @card_number:  the card's own, from 0 at the service's start and again after a reset
 * @card_time_ns: the card's clock
 * @bytes:        payload bytes that have arrived
 * @runs:         0: all chunks are there; else those of @run are, in order, with gaps between
 */
struct message_frame {
	struct message head;
	uint32_t slot;
	uint32_t status;
	uint64_t number;
	uint64_t card_number;
	uint64_t card_time_ns;
	uint32_t bytes;
	uint32_t runs;
	struct message_run run[];
};

/** struct message_ended - to who has given a buffer that will never be filled: nothing follows */
struct message_ended {
	struct message head;
};

struct message_ask {
	struct message head;
};

/** struct message_channel_state - since the service has started; as struct uiocap_stats */
struct message_channel_state {
	uint64_t produced;
	uint64_t delivered;
	uint64_t incomplete;
	uint64_t lost;
	uint64_t bytes;
	uint64_t resets;
};

/**
 * struct message_client_state - one client
 * @pid:       who it is, and @uid, @gid; as SO_PEERCRED says
 * @sent:      frames
 * @lost:      frames that it had given no buffer for
 * @bytes:     in those that were sent
 * @channels:  bit n: channel n is started
 * @free:      buffers that wait for a frame
 * @held:      buffers with a frame that it has not given back
 * @name:      of its program, with its 0
 */
struct message_client_state {
	uint32_t pid;
	uint32_t uid;
	uint32_t gid;
	uint32_t reserved;
	uint64_t sent;
	uint64_t lost;
	uint64_t bytes;
	uint64_t channels;
	uint32_t free;
	uint32_t held;
	char name[MESSAGE_NAME_SIZE];
};

/**
 * struct message_state - how the service is doing
 * @time_ns:    CLOCK_MONOTONIC, when
 * @started_ns: likewise, when it began to capture
 * @irqs:       interrupts of all vectors
 * @lost_irqs:  as uiocap_card_lost_irqs()
 * @channels:   that many struct message_channel_state follow,
 * @clients:    and then that many struct message_client_state
 */
struct message_state {
	struct message head;
	uint64_t time_ns;
	uint64_t started_ns;
	uint64_t irqs;
	uint64_t lost_irqs;
	uint32_t channels;
	uint32_t clients;
	struct message_channel_state channel[];
};

/** message_clients - the clients of a state, which lie behind its channels */
static inline const struct message_client_state *message_clients(const struct message_state *state)
{
	return (const struct message_client_state *)(state->channel + state->channels);
}

/** struct message_bye - @reason: one line, with its 0 */
struct message_bye {
	struct message head;
	char reason[MESSAGE_REASON_SIZE];
};

/**
 * message_check - whether a packet of @len bytes, from a client or from a service, is a message
 * @packet: 8-byte aligned
 *
 * Returns its type, or -EPROTO. From then on what its fields say of its own size is true, counts
 * are within the limits above, strings end, and runs are in order, apart, and not empty. Whether
 * channels, slots and chunks exist is for the caller to see.
 */
int message_check(const void *packet, size_t len);

/**
 * message_send - a packet of @len bytes, without waiting, together with a descriptor
 * @memory: that of the ring, for WELCOME; -1: none
 *
 * As sendmsg(2), without SIGPIPE.
 */
ssize_t message_send(int sock, const void *packet, size_t len, int memory);

#endif
