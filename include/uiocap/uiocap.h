/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * uiocap.h - frames from a PCIe acquisition card, in user space
 *
 * The objects, from the outside in:
 *
 *	uiocap_ctx	what belongs to the whole program: where messages go
 *	uiocap_list	the cards of this machine
 *	uiocap_monitor	tells when one comes or goes
 *	uiocap_card	an open card; it has channels, registers, interrupts, a DMA region
 *	uiocap_channel	a source of frames
 *	uiocap_frame	a frame, borrowed from its channel until it is released
 *
 * Rules for all of them:
 *
 * Errors. A function that returns int returns 0 (or a number that its description names), or a
 * negative errno. Constructors store the new object through their last argument and leave it alone
 * when they fail. A function named next or acquire returns 1 when there was one, 0 when there was
 * none. What went wrong in words goes to the context's log function.
 *
 * Threads. A card, its channels and its frames belong to one thread at a time; different cards may
 * be used by different threads without a lock. A context may be shared once its log is set.
 *
 * Ownership. A pointer that a getter returns belongs to the object and lives as long as it.
 * Strings are never NULL unless the description says so.
 *
 * Units are part of the names: _ns nanoseconds, _bytes, _lines. A timeout of 0 does not wait, a
 * negative one waits for ever. Times are CLOCK_MONOTONIC unless they are the card's own.
 *
 * The library never prints, exits, starts threads, blocks signals or keeps global state.
 */
#ifndef UIOCAP_UIOCAP_H
#define UIOCAP_UIOCAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uiocap/devices.h"

#ifdef __cplusplus
extern "C" {
#endif

struct uiocap_ctx;
struct uiocap_card;
struct uiocap_channel;
struct uiocap_frame;

/* ---- context ---------------------------------------------------------------------------- */

/* Severities are those of syslog(3): 3 error, 4 warning, 6 info, 7 debug. */
#define UIOCAP_LOG_ERROR	3
#define UIOCAP_LOG_WARNING	4
#define UIOCAP_LOG_INFO		6
#define UIOCAP_LOG_DEBUG	7

/**
 * uiocap_log_fn - takes a message, one line without its newline
 * @data:     as given to uiocap_ctx_set_log()
 * @severity: UIOCAP_LOG_…
 * @message:  the text; valid during the call only
 *
 * Called on the thread that called into the library; must not call the library back.
 */
typedef void (*uiocap_log_fn)(void *data, int severity, const char *message);

/** uiocap_ctx_new - a context whose messages go nowhere. Since 0.1. Errors: -ENOMEM. */
int uiocap_ctx_new(struct uiocap_ctx **out);

/** uiocap_ctx_free - every card and list made from it must be closed. NULL is fine. Since 0.1. */
void uiocap_ctx_free(struct uiocap_ctx *ctx);

/**
 * uiocap_ctx_set_log - says where messages go, before the context is used. Since 0.1.
 * @fn:       NULL: nowhere
 * @severity: the least severe that is still wanted (UIOCAP_LOG_WARNING …)
 */
void uiocap_ctx_set_log(struct uiocap_ctx *ctx, uiocap_log_fn fn, void *data, int severity);

/** uiocap_version - the library's, as "0.1.0"; static. Any thread. Since 0.1. */
const char *uiocap_version(void);

/* ---- card ------------------------------------------------------------------------------- */

enum uiocap_wait {
	UIOCAP_WAIT_INTERRUPT,	/* block until the card interrupts */
	UIOCAP_WAIT_BUSY,	/* look at the rings without end: lowest latency, a whole core */
	UIOCAP_WAIT_ADAPTIVE,	/* look for a while, then block */
	UIOCAP_WAIT_TIMER,	/* look now and then: for cards without interrupts */
};

enum uiocap_irq_kind {
	UIOCAP_IRQ_NONE,
	UIOCAP_IRQ_INTX,
	UIOCAP_IRQ_MSI,
	UIOCAP_IRQ_MSIX,
};

/**
 * struct uiocap_card_info - what a card is
 * @spec:       as it was opened, in full ("/dev/uio0", "vfio-user:/run/card.sock")
 * @model:      card kind in force; of a service: there
 * @transport:  "uio", "vfio-user" or "service"
 * @slot:       PCI address, or ""
 * @serial:     the card's serial number, 0 where it has none
 * @channels:   how many
 * @vectors:    interrupt vectors in use
 * @irq_kind:   how the card interrupts
 * @dma_bytes:  size of the DMA region
 * @segments:   contiguous stretches it consists of
 * @iommu:      whether an IOMMU keeps the card inside the region
 */
struct uiocap_card_info {
	const char *spec;
	const char *model;
	const char *transport;
	const char *slot;
	uint64_t serial;
	unsigned int channels;
	unsigned int vectors;
	enum uiocap_irq_kind irq_kind;
	uint64_t dma_bytes;
	unsigned int segments;
	bool iommu;
};

/**
 * struct uiocap_stats - what came of a channel's frames since start
 * @produced:   frames that the card produced while the channel was enabled (streams: buffers)
 * @delivered:  whole, and handed out or ready to be
 * @incomplete: likewise, but with something missing or damaged
 * @lost:       of which nothing arrived, dropped by the card mostly
 * @bytes:      payload bytes of those that arrived
 * @chunks:     completions taken from the ring
 * @bad:        completions that made no sense and were ignored
 * @resets:     how often the channel was started anew, see uiocap_card_set_on_reset()
 * @reset_lost: of the lost ones, those that went by meanwhile
 *
 * produced = delivered + incomplete + lost, always: while the card runs, of the frames known of;
 * after uiocap_card_stop(), of those that the card itself has counted.
 *
 * @reset_lost is worked out from the card's clock, to one or so for each reset, where the source
 * has a period and does not wait for buffers; else it is 0. What a stream has lost is not known.
 */
struct uiocap_stats {
	uint64_t produced;
	uint64_t delivered;
	uint64_t incomplete;
	uint64_t lost;
	uint64_t bytes;
	uint64_t chunks;
	uint64_t bad;
	uint64_t resets;
	uint64_t reset_lost;
};

/**
 * uiocap_card_open - opens a card and takes exclusive charge of it
 * @spec:  uio0, /dev/uio0, 0000:03:00.0, sim[:OPTIONS], vfio-user:PATH, unix:PATH
 * @model: card kind to use ("refcard", "edu"; "raw": any card, without channels, to look at its
 *         registers and interrupts), or NULL: found by PCI id
 *
 * The card is quiet afterwards: reset, no DMA, no channel enabled. Since 0.1.
 * Errors: -ENODEV no such card, or it reads as dead; -EBUSY somebody else has it; -EACCES, -EPERM
 * (no IOMMU and no CAP_SYS_RAWIO); -EPROTO module and library speak different versions; -ENOTSUP
 * no card kind supports it; -EINVAL @spec makes no sense.
 *
 * unix:PATH is a service that shares its card, see service.h: it is nobody's own, and not reset.
 * Errors besides: -ECONNREFUSED the service does not want us, -ETIMEDOUT it does not answer.
 */
int uiocap_card_open(struct uiocap_ctx *ctx, const char *spec, const char *model,
		     struct uiocap_card **out);

/** uiocap_card_close - stops and closes. -EBUSY while a frame is held. NULL is fine. Since 0.1. */
int uiocap_card_close(struct uiocap_card *card);

void uiocap_card_get_info(const struct uiocap_card *card, struct uiocap_card_info *out);

/** uiocap_card_channel - channel @n, counted from 0, or NULL. It lives as long as the card. */
struct uiocap_channel *uiocap_card_channel(struct uiocap_card *card, unsigned int n);

/**
 * uiocap_card_set_wait - how to wait for frames; interrupt where the card can, else timer
 * @spin_ns: adaptive: how long to look before blocking; timer: the period; 0: a good default
 *
 * Since 0.1. Errors: -ENOTSUP interrupt or adaptive on a card without interrupts; -EBUSY started.
 */
int uiocap_card_set_wait(struct uiocap_card *card, enum uiocap_wait mode, int64_t spin_ns);

enum uiocap_on_reset { UIOCAP_ON_RESET_FAIL, UIOCAP_ON_RESET_RESUME };

/**
 * uiocap_card_set_on_reset - what to do when the card is reset under us; fail; at any time
 *
 * Resume: acquire and dispatch wait until the card is there again, at most their timeout, and start
 * anew what ran. Frames ready or held stay valid, one under way is handed out with what came of it.
 * Numbers go on rising; the first frame after it has UIOCAP_FRAME_LATE. Since 0.1. Errors: -EINVAL.
 */
int uiocap_card_set_on_reset(struct uiocap_card *card, enum uiocap_on_reset what);

/**
 * uiocap_card_start - shares the DMA region out and starts every enabled channel
 *
 * Forgets frames of the run before that were not acquired. Since 0.1.
 * Errors: -ENOSPC the region is too small (the message says what would fit), -EINVAL no channel is
 * enabled, -EBUSY started or a frame still held, -ENODEV the card is gone, -ESTALE it is just being
 * reset (try again).
 */
int uiocap_card_start(struct uiocap_card *card);

/**
 * uiocap_card_stop - stops every channel and waits until the card writes no more
 *
 * Frames that came before it can still be acquired, those held stay valid. Since 0.1. Errors:
 * -ETIMEDOUT the card does not stop (it has been reset), -ENODEV.
 */
int uiocap_card_stop(struct uiocap_card *card);

/**
 * uiocap_card_acquire - the next frame of any channel, in fair turns
 *
 * Since 0.1. Returns 1 and a borrowed frame, 0 on timeout, -ENODEV when the card is gone or does
 * not answer, -ESTALE when it was reset under us (stop and start it again, or see set_on_reset),
 * -EINTR, -ENODATA when every channel has ended or the card is stopped and all is handed out.
 */
int uiocap_card_acquire(struct uiocap_card *card, int64_t timeout_ns, struct uiocap_frame **out);

/**
 * uiocap_card_dispatch - hands frames to the channels' callbacks
 *
 * Waits at most @timeout_ns for the first, then takes what is there. The callbacks may release,
 * acquire and stop. Returns how many frames it handed out, or what acquire returns. Since 0.1.
 */
int uiocap_card_dispatch(struct uiocap_card *card, int64_t timeout_ns);

/**
 * uiocap_card_fd - descriptor for poll(2): any event means "call acquire or dispatch with 0"
 *
 * Belongs to the card. It is for cards that interrupt, and for the modes of waiting that take
 * interrupts; in the others nothing makes it readable. Since 0.1.
 */
int uiocap_card_fd(const struct uiocap_card *card);

/** uiocap_card_get_stats - the sum over all channels; of resets the most. Since 0.1. */
void uiocap_card_get_stats(const struct uiocap_card *card, struct uiocap_stats *out);

/**
 * uiocap_card_syscalls - system calls that the library has made for this card since it was opened
 *
 * Waiting, and on a transport without mapped registers every access to one. Since 0.1.
 */
uint64_t uiocap_card_syscalls(const struct uiocap_card *card);

/**
 * uiocap_card_lost_irqs - interrupts that the card owed for a frame and that never came
 *
 * Since it was opened. No frame is lost by it: it is found in memory 100 ms later at most, 500 ms
 * where nothing came for a second. Only what was waited for in vain is counted; what another
 * interrupt makes good within 100 ms is not noticed. The first is told as a warning. Since 0.1.
 */
uint64_t uiocap_card_lost_irqs(const struct uiocap_card *card);

/* ---- channel ---------------------------------------------------------------------------- */

enum uiocap_channel_kind {
	UIOCAP_CHANNEL_VIDEO,	/* frames of lines, 8 bits a pixel */
	UIOCAP_CHANNEL_STREAM,	/* buffers of bytes */
};

/**
 * struct uiocap_channel_info - what a channel delivers
 * @number:      counted from 0
 * @kind:        video or stream
 * @width_bytes: bytes in a line (streams: in a full buffer)
 * @height:      lines in a frame (streams: 1)
 * @period_ns:   time from frame to frame, 0 where it is not fixed
 * @chunk_lines: lines that the card transfers at a time
 * @buffers:     frame buffers
 */
struct uiocap_channel_info {
	unsigned int number;
	enum uiocap_channel_kind kind;
	uint32_t width_bytes;
	uint32_t height;
	uint64_t period_ns;
	uint32_t chunk_lines;
	unsigned int buffers;
};

void uiocap_channel_get_info(const struct uiocap_channel *channel, struct uiocap_channel_info *out);
void uiocap_channel_get_stats(const struct uiocap_channel *channel, struct uiocap_stats *out);

/**
 * uiocap_channel_enable - whether start includes it; no channel is, at first
 *
 * Since 0.1. Errors: -EBUSY started; -ENODATA a service does not capture it.
 */
int uiocap_channel_enable(struct uiocap_channel *channel, bool enable);

/**
 * uiocap_channel_set_buffers - how many frame buffers; 0: what the region gives, at most 64
 *
 * Channels that name no number all get the same, as many as fit. Since 0.1.
 * Errors: -EINVAL 1 (one is filled while another is read), -EBUSY started.
 */
int uiocap_channel_set_buffers(struct uiocap_channel *channel, unsigned int buffers);

/**
 * uiocap_channel_set_chunk_lines - lines a transfer; 0: the card's own choice (16)
 *
 * Since 0.1. Errors: -EINVAL more than a frame has or a transfer can carry, -EBUSY started.
 */
int uiocap_channel_set_chunk_lines(struct uiocap_channel *channel, uint32_t lines);

/** uiocap_channel_set_hold - the source waits for free buffers, where it can, and drops nothing. */
int uiocap_channel_set_hold(struct uiocap_channel *channel, bool hold);

/** uiocap_channel_set_idle - streams: a silence that ends a partial buffer; 0: 1 ms. */
int uiocap_channel_set_idle(struct uiocap_channel *channel, uint64_t idle_ns);

/**
 * uiocap_frame_fn - takes a frame of a channel, and releases it now or later, on the same thread
 */
typedef void (*uiocap_frame_fn)(void *data, struct uiocap_frame *frame);

/** uiocap_channel_set_callback - for uiocap_card_dispatch(); NULL: frames are released unseen. */
void uiocap_channel_set_callback(struct uiocap_channel *channel, uiocap_frame_fn fn, void *data);

/** uiocap_channel_acquire - as uiocap_card_acquire(), for one channel. */
int uiocap_channel_acquire(struct uiocap_channel *channel, int64_t timeout_ns,
			   struct uiocap_frame **out);

/* ---- frame ------------------------------------------------------------------------------ */

/* uiocap_frame_status() is a set of these; a frame with neither of the first two is whole. */
#define UIOCAP_FRAME_MISSING	(1u << 0)	/* lines never came: uiocap_frame_next_gap() */
#define UIOCAP_FRAME_CORRUPT	(1u << 1)	/* the card says that the data is damaged */
#define UIOCAP_FRAME_LATE	(1u << 2)	/* frames, bytes lost before it, or a reset */
#define UIOCAP_FRAME_END	(1u << 3)	/* streams: nothing follows; -ENODATA says it too */

/**
 * uiocap_frame_data - the payload, in the DMA region
 *
 * Lines follow one another without padding. Valid until the release; read it, do not write it.
 */
const void *uiocap_frame_data(const struct uiocap_frame *frame);

/** uiocap_frame_size - bytes of payload; for video always width × height. */
size_t uiocap_frame_size(const struct uiocap_frame *frame);

struct uiocap_channel *uiocap_frame_channel(const struct uiocap_frame *frame);

/** uiocap_frame_number - from 0 at start; a gap to the one before is what was lost between. */
uint64_t uiocap_frame_number(const struct uiocap_frame *frame);

/** uiocap_frame_card_number - the card's own, from 0 at start and again after a reset. */
uint64_t uiocap_frame_card_number(const struct uiocap_frame *frame);

/** uiocap_frame_lost - how many frames were lost just before this one. */
uint64_t uiocap_frame_lost(const struct uiocap_frame *frame);

unsigned int uiocap_frame_status(const struct uiocap_frame *frame);

/** uiocap_frame_card_time_ns - the card's clock when its last byte was in memory. */
uint64_t uiocap_frame_card_time_ns(const struct uiocap_frame *frame);

/** uiocap_frame_host_time_ns - CLOCK_MONOTONIC at the look that found it complete. */
uint64_t uiocap_frame_host_time_ns(const struct uiocap_frame *frame);

/**
 * uiocap_frame_next_gap - which lines are missing
 * @line:  in: where to look from (0 at first); out: the first missing line
 * @lines: out: how many
 *
 * Returns 1, or 0 when there is no further gap. Ask again from *line + *lines. What the buffer
 * holds there is undefined: older data of the same channel. Since 0.1.
 */
int uiocap_frame_next_gap(const struct uiocap_frame *frame, uint32_t *line, uint32_t *lines);

/**
 * uiocap_frame_release - gives it back; its buffer is posted to the card again. NULL is fine
 *
 * Makes no system call on a card whose registers are mapped. Since 0.1.
 */
void uiocap_frame_release(struct uiocap_frame *frame);

/* ---- registers, interrupts, memory: for bringing a card up -------------------------------- */

/**
 * struct uiocap_register - a register that the card kind knows by name
 * @name:     "IRQ_STATUS", "CH3.DOORBELL"
 * @bar:      BAR
 * @offset:   in the BAR, bytes
 * @readable: reading has no side effect and gives a value
 * @writable: may be written
 */
struct uiocap_register {
	const char *name;
	unsigned int bar;
	uint32_t offset;
	bool readable;
	bool writable;
};

/** uiocap_card_register - number @n in order of offset, or NULL past the end. */
const struct uiocap_register *uiocap_card_register(const struct uiocap_card *card, unsigned int n);

/** uiocap_bar_size - bytes of BAR @bar that can be reached; 0: there is none. Since 0.1. */
size_t uiocap_bar_size(const struct uiocap_card *card, unsigned int bar);

/** uiocap_reg_read - 32 bits. -EINVAL: no such BAR, unaligned or beyond its end; -ENODEV: gone. */
int uiocap_reg_read(struct uiocap_card *card, unsigned int bar, uint32_t offset, uint32_t *value);
int uiocap_reg_write(struct uiocap_card *card, unsigned int bar, uint32_t offset, uint32_t value);

/**
 * struct uiocap_irq - what an interrupt vector has done since the stub was bound
 * @count:   interrupts
 * @time_ns: CLOCK_MONOTONIC time of the latest, 0: never
 * @status:  acknowledge status read with it
 */
struct uiocap_irq {
	uint64_t count;
	uint64_t time_ns;
	uint32_t status;
};

/** uiocap_irq_get - reads memory, no system call. -EINVAL: no such vector. */
int uiocap_irq_get(const struct uiocap_card *card, unsigned int vector, struct uiocap_irq *out);

/** uiocap_irq_wait - 1 when one came since the last call, 0: timeout, -ENODEV, -ESTALE, -EINTR. */
int uiocap_irq_wait(struct uiocap_card *card, int64_t timeout_ns);

/** uiocap_irq_raise - has the card raise one, by its self test. -ENOTSUP where it has none. */
int uiocap_irq_raise(struct uiocap_card *card, unsigned int vector);

/**
 * struct uiocap_segment - a stretch of the DMA region
 * @data: where it is mapped
 * @bus:  the address that the card uses for it
 * @len:  bytes
 */
struct uiocap_segment {
	void *data;
	uint64_t bus;
	size_t len;
};

/**
 * uiocap_card_segment - stretch @n of the DMA region; -EINVAL past the last
 *
 * The region is the library's while the card is started.
 */
int uiocap_card_segment(const struct uiocap_card *card, unsigned int n, struct uiocap_segment *out);

#ifdef __cplusplus
}
#endif

#endif
