/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_pattern.c - the test pattern is the one of the data sheet, and no damage escapes its check
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pattern.h"
#include "suite.h"

#define W	640u
#define H	480u

static uint8_t line[PATTERN_MAX_WIDTH];

/* ---- §11.1 and §11.3, written once more from the data sheet ----------------------------- */

static uint64_t scatter(uint64_t x)
{
	x ^= x >> 31;
	x *= 0x9e3779b97f4a7c15;
	x ^= x >> 29;
	x *= 0xd1342543de82ef95;
	return x ^ (x >> 32);
}

static unsigned int noise(unsigned int ch, uint32_t frame, unsigned int y, unsigned int x)
{
	uint64_t start = scatter(((uint64_t)ch << 48) + ((uint64_t)frame << 16) + y) >> 48;

	return (unsigned int)(scatter((start + x) % 65536) >> 61);
}

START_TEST(noise_is_the_documented_one)
{
	const uint32_t frames[] = { 0, 1, 77, UINT32_MAX };
	struct pattern *p;

	ck_assert_int_eq(pattern_new(5, W, H, &p), 0);
	for (unsigned int f = 0; f < 4; f++) {
		for (unsigned int y = 0; y < H; y += 7) {
			pattern_line(p, frames[f], y, line);
			for (unsigned int x = 0; x < W; x++)
				ck_assert_uint_eq(line[x] & 7, noise(5, frames[f], y, x));
		}
	}
	pattern_free(p);
}
END_TEST

static unsigned int colour(const struct pattern *p, uint32_t frame, unsigned int x, unsigned int y)
{
	pattern_line(p, frame, y, line);
	return line[x] & 0xf8;
}

/* §11.2: a point of each thing that is drawn */
START_TEST(picture_is_the_documented_one)
{
	struct pattern *p;

	ck_assert_int_eq(pattern_new(1, W, H, &p), 0);
	ck_assert_uint_eq(colour(p, 0, 33, 97), 0x50);		/* background */
	ck_assert_uint_eq(colour(p, 0, 64, 97), 0x88);		/* grid */
	ck_assert_uint_eq(colour(p, 0, 320, 76), 0xf8);		/* ring: d = 330 */
	ck_assert_uint_eq(colour(p, 0, 320, 84), 0x20);		/* disc */
	ck_assert_uint_eq(colour(p, 0, 320, 160), 0xf8);	/* "1": top of the stem */
	ck_assert_uint_eq(colour(p, 0, 280, 160), 0x20);	/* and beside it */
	ck_assert_uint_eq(colour(p, 0, 639, 0), 0xf8);		/* steps */
	ck_assert_uint_eq(colour(p, 0, 41, 59), 17 & 0xf8);
	ck_assert_uint_eq(colour(p, 0, 0, 479), 0x08);		/* stripes */
	ck_assert_uint_eq(colour(p, 0, 1, 420), 0xf8);
	ck_assert_uint_eq(colour(p, 0, 320, 420), 0x08);	/* bit 4 of 320 */
	ck_assert_uint_eq(colour(p, 0, 336, 420), 0xf8);
	pattern_free(p);
}
END_TEST

START_TEST(picture_moves)
{
	struct pattern *p;

	ck_assert_int_eq(pattern_new(0, W, H, &p), 0);
	/* the block: 40 wide, 4 a frame, around after 160 */
	ck_assert_uint_eq(colour(p, 0, 0, 60), 0xf8);
	ck_assert_uint_eq(colour(p, 0, 40, 60), 0x18);
	ck_assert_uint_eq(colour(p, 10, 39, 74), 0x18);
	ck_assert_uint_eq(colour(p, 10, 40, 74), 0xf8);
	ck_assert_uint_eq(colour(p, 159, 3, 60), 0xf8);
	ck_assert_uint_eq(colour(p, 160, 0, 60), 0xf8);
	ck_assert_uint_eq(colour(p, UINT32_MAX, 95 * 4 + 3, 60), 0xf8);
	/* the counter's last digit is at (112, 402): 1 has ink in its third column, 0 has not */
	ck_assert_uint_eq(colour(p, 1, 112 + 4, 406), 0xf8);
	ck_assert_uint_eq(colour(p, 0, 112 + 4, 406), 0x08);
	ck_assert_uint_eq(colour(p, 10, 112 + 4, 406), 0x08);
	pattern_free(p);
}
END_TEST

START_TEST(stream_is_the_documented_one)
{
	uint8_t bytes[1000];

	for (uint64_t pos = 0; pos < 20; pos++) {
		pattern_stream(3, pos, bytes, sizeof(bytes));
		for (uint64_t i = 0; i < sizeof(bytes); i++) {
			uint64_t word = scatter(((uint64_t)3 << 56) + (pos + i) / 8);

			ck_assert_uint_eq(bytes[i], word >> 8 * ((pos + i) % 8) & 0xff);
		}
	}
}
END_TEST

/* ---- checking ---------------------------------------------------------------------------- */

START_TEST(each_bit_is_checked)
{
	const unsigned int width = 100;	/* more than a vector, and a rest */
	struct pattern *p;

	ck_assert_int_eq(pattern_new(2, width, 70, &p), 0);
	for (unsigned int y = 0; y < 70; y++) {
		pattern_line(p, 9, y, line);
		ck_assert_int_eq(pattern_check_line(p, 9, y, line), -1);
		for (unsigned int bit = 0; bit < 8 * width; bit++) {
			line[bit / 8] ^= 1u << bit % 8;
			ck_assert_int_eq(pattern_check_line(p, 9, y, line), bit / 8);
			line[bit / 8] ^= 1u << bit % 8;
		}
	}
	pattern_free(p);
}
END_TEST

/* A line of another frame, of another place, of another channel is found out. */
START_TEST(no_line_is_another)
{
	struct pattern *p, *other;

	ck_assert_int_eq(pattern_new(2, W, H, &p), 0);
	ck_assert_int_eq(pattern_new(3, W, H, &other), 0);
	for (unsigned int y = 1; y < H; y++) {
		pattern_line(p, 1000, y, line);
		ck_assert_int_ge(pattern_check_line(p, 999, y, line), 0);
		ck_assert_int_ge(pattern_check_line(p, 1001, y, line), 0);
		ck_assert_int_ge(pattern_check_line(p, 1000 + 65536, y, line), 0);
		ck_assert_int_ge(pattern_check_line(p, 1000, y - 1, line), 0);
		ck_assert_int_ge(pattern_check_line(other, 1000, y, line), 0);
		memmove(line + 1, line, W - 1);
		ck_assert_int_ge(pattern_check_line(p, 1000, y, line), 0);
	}
	pattern_free(p);
	pattern_free(other);
}
END_TEST

START_TEST(stream_is_checked)
{
	static uint8_t bytes[10000];

	pattern_stream(0, 123456789, bytes, sizeof(bytes));
	ck_assert_int_eq(pattern_check_stream(0, 123456789, bytes, sizeof(bytes)), -1);
	ck_assert_int_eq(pattern_check_stream(0, 123456789, bytes, 0), -1);
	ck_assert_int_eq(pattern_check_stream(0, 123456790, bytes, sizeof(bytes)), 0);
	ck_assert_int_eq(pattern_check_stream(1, 123456789, bytes, sizeof(bytes)), 0);
	for (size_t i = 0; i < sizeof(bytes); i += 37) {
		bytes[i] ^= 0x10;
		ck_assert_int_eq(pattern_check_stream(0, 123456789, bytes, sizeof(bytes)), i);
		bytes[i] ^= 0x10;
	}
}
END_TEST

/* ---- sizes ------------------------------------------------------------------------------- */

/* Every line of a frame, nothing behind its end, whatever the size. */
START_TEST(any_size)
{
	const unsigned int sizes[][2] = {
		{ 1, 1 }, { 1, 500 }, { 500, 1 }, { 4, 4 }, { 31, 33 }, { 64, 64 }, { 63, 64 },
		{ 65, 1000 }, { 320, 240 }, { 1920, 64 }, { PATTERN_MAX_WIDTH, 3 },
	};

	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unsigned int w = sizes[i][0], h = sizes[i][1];
		uint8_t *exact = malloc(w);	/* for AddressSanitizer */
		struct pattern *p;

		ck_assert_int_eq(pattern_new(15, w, h, &p), 0);
		for (unsigned int y = 0; y < h; y++) {
			pattern_line(p, UINT32_MAX - y, y, exact);
			ck_assert_int_eq(pattern_check_line(p, UINT32_MAX - y, y, exact), -1);
		}
		pattern_free(p);
		free(exact);
	}
}
END_TEST

START_TEST(bad_sizes)
{
	struct pattern *p;

	ck_assert_int_eq(pattern_new(0, 0, 1, &p), -EINVAL);
	ck_assert_int_eq(pattern_new(0, 1, 0, &p), -EINVAL);
	ck_assert_int_eq(pattern_new(0, PATTERN_MAX_WIDTH + 1, 1, &p), -EINVAL);
	ck_assert_int_eq(pattern_new(0, 1, PATTERN_MAX_HEIGHT + 1, &p), -EINVAL);
	pattern_free(NULL);
}
END_TEST

suite_main("pattern", noise_is_the_documented_one, picture_is_the_documented_one, picture_moves,
	   stream_is_the_documented_one, each_bit_is_checked, no_line_is_another,
	   stream_is_checked, any_size, bad_sizes)
