/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_card_stream.c - byte streams of the simulated card and where they come from (refcard §5.2)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "card_host.h"
#include "sim/pattern.h"
#include "sim/size.h"
#include "sim/source.h"
#include "suite.h"

#define BUFFER	4096u

static struct card_host h;
static struct host_channel hc;
static struct source *source;
static char path[] = "/tmp/test_card_stream.XXXXXX";
static int fifo;

static void open_spec(const char *spec)
{
	struct sim_config config = host_config(1);

	ck_assert_int_eq(source_open(spec, 0, &source), 0);
	config.channel[0].kind = (struct channel_kind) { .kind = REFCARD_KIND_STREAM };
	config.channel[0].source = source;
	host_open(&h, &config);
}

static void close_all(void)
{
	host_close(&h);
	source_close(source);
}

/* A FIFO, and a card that reads it; the writer is ours and non-blocking. */
static void open_fifo(uint32_t idle_us, uint32_t ctrl)
{
	strcpy(path + strlen(path) - 6, "XXXXXX");
	ck_assert_int_ge(close(mkstemp(path)), 0);
	unlink(path);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	open_spec(path);
	host_ch_write(&h, 0, REFCARD_CH_IDLE, idle_us);
	host_start(&hc, &h, 0, 4, ctrl);
	fifo = open(path, O_WRONLY | O_NONBLOCK);
	ck_assert_int_ge(fifo, 0);
}

static void close_fifo(void)
{
	if (fifo >= 0)
		close(fifo);
	unlink(path);
	close_all();
}

static void post(unsigned int n)
{
	host_post(&hc, n, BUFFER, 16);
	host_ring(&hc);
}

/* The next buffer, its flags without phase and length. */
static const uint8_t *take(uint32_t *len, uint32_t *flags)
{
	uint32_t number = hc.taken;
	struct refcard_done done;

	ck_assert(host_take(&hc, &done));
	ck_assert_uint_eq(done.frame, number);
	ck_assert_uint_eq(done.where, number);
	*len = done.status & REFCARD_DONE_LEN;
	*flags = done.status & ~(REFCARD_DONE_LEN | REFCARD_DONE_PHASE);
	return hc.data + number % 16 * BUFFER;
}

#define BOTH	(REFCARD_DONE_SOF | REFCARD_DONE_EOF)

static void expect(const char *text, uint32_t flags)
{
	uint32_t len, have;
	const uint8_t *data = take(&len, &have);

	ck_assert_uint_eq(len, strlen(text));
	ck_assert_mem_eq(data, text, len);
	ck_assert_uint_eq(have, BOTH | flags);
}

static void expect_nothing(void)
{
	struct refcard_done done;

	ck_assert(!host_take(&hc, &done));
}

static void say(const char *text)
{
	ck_assert_int_eq(write(fifo, text, strlen(text)), strlen(text));
}

/* ---- the pattern --------------------------------------------------------------------------- */

/* Every byte, whether the length is a multiple of the buffers or not. */
START_TEST(all_bytes)
{
	const char *const specs[] = { "pattern:100000", "pattern:40960", "pattern:1", "pattern:0" };

	for (unsigned int i = 0; i < 4; i++) {
		uint64_t pos = 0, want = strtoull(specs[i] + 8, NULL, 10);
		uint32_t len, flags;

		open_spec(specs[i]);
		host_start(&hc, &h, 0, 4, REFCARD_CH_HOLD);
		do {
			const uint8_t *data;

			post(1);
			host_work(&h, NS_PER_MS);
			data = take(&len, &flags);
			ck_assert_int_eq(pattern_check_stream(0, pos, data, len), -1);
			ck_assert(len == BUFFER || flags & REFCARD_DONE_END);
			pos += len;
		} while (!(flags & REFCARD_DONE_END));
		ck_assert_uint_eq(pos, want);
		ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_PRODUCED_LO), want);
		ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_STATUS), 0);
		post(1);
		host_work(&h, NS_PER_MS);
		expect_nothing();
		close_all();
	}
}
END_TEST

START_TEST(starts_anew)
{
	uint32_t len, flags;

	open_spec("pattern");
	for (unsigned int round = 0; round < 2; round++) {
		host_start(&hc, &h, 0, 4, REFCARD_CH_HOLD);
		post(3);
		host_work(&h, NS_PER_MS);
		for (unsigned int i = 0; i < 3; i++) {
			const uint8_t *data = take(&len, &flags);

			ck_assert_int_eq(pattern_check_stream(0, i * BUFFER, data, BUFFER), -1);
		}
		expect_nothing();
	}
	close_all();
}
END_TEST

/* Without HOLD and without buffers bytes are lost, counted, and the gap is marked. */
START_TEST(dropped_bytes_are_counted)
{
	uint64_t dropped, produced, pos;
	const uint8_t *data;
	uint32_t len, flags;

	open_spec("pattern:100M");
	host_start(&hc, &h, 0, 4, 0);
	post(2);
	h.dev->work(h.dev, host_now);
	h.dev->work(h.dev, host_now);
	for (unsigned int i = 0; i < 2; i++) {
		take(&len, &flags);
		ck_assert_uint_eq(flags, BOTH);
	}
	dropped = host_ch_read(&h, 0, REFCARD_CH_DROPPED_LO);
	produced = host_ch_read(&h, 0, REFCARD_CH_PRODUCED_LO);
	ck_assert_uint_gt(dropped, 0);
	ck_assert_uint_eq(produced, dropped + 2 * BUFFER);
	pos = produced;
	post(2);
	h.dev->work(h.dev, host_now);
	data = take(&len, &flags);
	ck_assert_uint_eq(flags, BOTH | REFCARD_DONE_OVERRUN);
	ck_assert_int_eq(pattern_check_stream(0, pos, data, len), -1);
	take(&len, &flags);
	ck_assert_uint_eq(flags, BOTH);
	close_all();
}
END_TEST

/* ---- a pipe -------------------------------------------------------------------------------- */

/* A partial buffer comes when the line has been silent for IDLE, not earlier, not much later. */
START_TEST(silence_ends_a_buffer)
{
	open_fifo(5000, 0);
	post(4);
	host_work(&h, 10 * NS_PER_MS);
	expect_nothing();
	say("hello");
	host_work(&h, 3 * NS_PER_MS);
	say(" world");
	host_work(&h, 4900 * NS_PER_US);
	expect_nothing();
	host_work(&h, 1100 * NS_PER_US);
	expect("hello world", 0);
	say("x");
	host_work(&h, 6 * NS_PER_MS);
	expect("x", 0);
	host_work(&h, 100 * NS_PER_MS);
	expect_nothing();
	close_fifo();
}
END_TEST

START_TEST(writer_goes)
{
	open_fifo(5000, 0);
	post(4);
	say("last words");
	close(fifo);
	fifo = -1;
	host_work(&h, 2 * NS_PER_MS);
	expect("last words", REFCARD_DONE_END);
	ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_STATUS), 0);
	close_fifo();
}
END_TEST

/* The end is told even if a buffer for it comes late. */
START_TEST(end_waits_for_a_buffer)
{
	open_fifo(0, REFCARD_CH_HOLD);
	post(1);
	say("all");
	host_work(&h, 2 * NS_PER_MS);
	expect("all", 0);
	close(fifo);
	fifo = -1;
	host_work(&h, 50 * NS_PER_MS);
	ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_STATUS), REFCARD_CH_RUNNING);
	post(1);
	host_work(&h, 2 * NS_PER_MS);
	expect("", REFCARD_DONE_END);
	close_fifo();
}
END_TEST

/* HOLD: the pipe fills up and its writer waits; nothing is lost. */
START_TEST(hold_stops_the_writer)
{
	static uint8_t bytes[3 * 65536];
	size_t written = 0, got = 0;
	uint32_t len, flags;
	ssize_t n;

	open_fifo(0, REFCARD_CH_HOLD);
	pattern_stream(0, 0, bytes, sizeof(bytes));
	while ((n = write(fifo, bytes + written, sizeof(bytes) - written)) > 0)
		written += (size_t)n;
	host_work(&h, 50 * NS_PER_MS);
	ck_assert_int_eq(write(fifo, bytes, 1), -1);
	while (got < written) {
		const uint8_t *data;

		post(1);
		host_work(&h, NS_PER_MS);
		data = take(&len, &flags);
		ck_assert_int_eq(pattern_check_stream(0, got, data, len), -1);
		got += len;
	}
	ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_DROPPED_LO), 0);
	close_fifo();
}
END_TEST

/* §8: what has arrived is not lost by stopping. */
START_TEST(stop_completes_the_buffer)
{
	open_fifo(1000000, 0);
	post(4);
	say("half");
	host_work(&h, 10 * NS_PER_MS);
	expect_nothing();
	host_ch_write(&h, 0, REFCARD_CH_CTRL, 0);
	expect("half", 0);
	close_fifo();
}
END_TEST

/* ---- other sources ------------------------------------------------------------------------- */

START_TEST(a_file)
{
	FILE *file;
	int fd;

	strcpy(path + strlen(path) - 6, "XXXXXX");
	fd = mkstemp(path);
	file = fdopen(fd, "w");
	fputs("from a file", file);
	fclose(file);
	open_spec(path);
	for (unsigned int round = 0; round < 2; round++) {
		host_start(&hc, &h, 0, 4, 0);
		post(4);
		host_work(&h, NS_PER_MS);
		expect("from a file", REFCARD_DONE_END);
	}
	unlink(path);
	close_all();
}
END_TEST

START_TEST(bad_sources)
{
	ck_assert_int_eq(source_open("/nonexistent/file", 0, &source), -ENOENT);
	ck_assert_int_eq(source_open("/tmp", 0, &source), -EISDIR);
	ck_assert_int_eq(source_open("pattern:", 0, &source), -EINVAL);
	ck_assert_int_eq(source_open("pattern:5x", 0, &source), -EINVAL);
	ck_assert_int_eq(source_open("patterns", 0, &source), -ENOENT);
	source_close(NULL);
}
END_TEST

START_TEST(sizes)
{
	const struct {
		const char *text;
		uint64_t size;
	} good[] = {
		{ "0", 0 }, { "300", 300 }, { "64K", 64000 }, { "64k", 64000 }, { "64Ki", 65536 },
		{ "1.5M", 1500000 }, { "0.5Mi", 524288 }, { "350M", 350000000 },
		{ "2G", 2000000000 }, { "1T", 1000000000000 }, { "4294967297", 4294967297 },
		{ "9007199254740993", 9007199254740993 },
	};
	const char *const bad[] = {
		"", "K", "-1", "+1", " 1", "1 ", "1x", "1KK", "1Kib", "1.", ".5", "1..5", "0x10",
		"1e3", "inf", "nan", "99999999999T", "1i", "1Ki ",
	};
	uint64_t size;

	for (unsigned int i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_assert_int_eq(size_parse(good[i].text, &size), 0);
		ck_assert_uint_eq(size, good[i].size);
	}
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(size_parse(bad[i], &size) == -EINVAL, "\"%s\" was taken", bad[i]);
}
END_TEST

suite_main("card_stream", all_bytes, starts_anew, dropped_bytes_are_counted, silence_ends_a_buffer,
	   writer_goes, end_waits_for_a_buffer, hold_stops_the_writer, stop_completes_the_buffer,
	   a_file, bad_sources, sizes)
