// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_slots.c - uiocapd's ring: what is promised to who has reserved, and who may write
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"
#include "userdrv/daemon/guard.h"
#include "userdrv/daemon/slots.h"

#define COUNT	32
#define BYTES	8192

START_TEST(test_lifo)
{
	struct slots *s;
	int first, second;

	ck_assert_int_eq(slots_new(COUNT, BYTES, &s), 0);
	first = slots_take(s);
	second = slots_take(s);
	ck_assert_int_ne(first, second);
	slots_hold(s, first);
	slots_drop(s, first);
	ck_assert_uint_eq(slots_used(s), 2);
	slots_drop(s, first);
	ck_assert_uint_eq(slots_used(s), 1);
	ck_assert_int_eq(slots_take(s), first);	/* whose memory has been touched already */
	slots_free(s);
}
END_TEST

START_TEST(test_all_taken)
{
	bool seen[COUNT] = { false };
	struct slots *s;

	ck_assert_int_eq(slots_new(COUNT, BYTES, &s), 0);
	for (unsigned int i = 0; i < COUNT; i++) {
		int slot = slots_take(s);

		ck_assert(slot >= 0 && slot < COUNT && !seen[slot]);
		seen[slot] = true;
		memset(slots_data(s, slot), slot, BYTES);
	}
	ck_assert_int_eq(slots_take(s), -ENOSPC);
	for (unsigned int i = 0; i < COUNT; i++) {
		const unsigned char *data = slots_data(s, i);

		ck_assert(data[0] == i && data[BYTES - 1] == i);
	}
	slots_free(s);
}
END_TEST

START_TEST(test_reservations)
{
	struct slots *s;

	ck_assert_int_eq(slots_new(COUNT, BYTES, &s), 0);
	ck_assert_int_eq(slots_reserve(s, COUNT - 2), 0);
	ck_assert_int_eq(slots_reserve(s, 3), -ENOSPC);
	ck_assert_int_eq(slots_reserve(s, UINT32_MAX), -ENOSPC);
	ck_assert_uint_eq(slots_reserved(s), COUNT - 2);
	ck_assert_int_eq(slots_reserve(s, 2), 0);
	slots_unreserve(s, COUNT - 2);
	ck_assert_int_eq(slots_reserve(s, COUNT - 2), 0);
	slots_free(s);
}
END_TEST

#define OWNERS	8
#define STEPS	200000

/*
 * Owners hold what they like as long as they have reserved it. Whoever holds less than that always
 * finds a slot, and no slot is anybody's whose it was not when it was taken.
 */
START_TEST(test_promise)
{
	unsigned int held[OWNERS] = { 0 }, owner_of[COUNT][OWNERS] = { { 0 } };
	struct slots *s;

	srand(1);
	ck_assert_int_eq(slots_new(COUNT, BYTES, &s), 0);
	ck_assert_int_eq(slots_reserve(s, COUNT), 0);
	for (unsigned int step = 0; step < STEPS; step++) {
		unsigned int owner = rand() % OWNERS, slot = rand() % COUNT;

		if (rand() % 2 && held[owner] < COUNT / OWNERS) {
			int taken = slots_take(s);

			ck_assert_int_ge(taken, 0);
			for (unsigned int i = 0; i < OWNERS; i++) {
				ck_assert_uint_eq(owner_of[taken][i], 0);
				if (rand() % 2 && held[i] < COUNT / OWNERS) {
					slots_hold(s, taken);
					owner_of[taken][i] = 1;
					held[i]++;
				}
			}
			slots_drop(s, taken);
		} else if (owner_of[slot][owner]) {
			slots_drop(s, slot);
			owner_of[slot][owner] = 0;
			held[owner]--;
		}
	}
	slots_free(s);
}
END_TEST

START_TEST(test_sealed)
{
	struct slots *s;
	char byte = 1;
	void *p;

	ck_assert_int_eq(slots_new(COUNT, BYTES, &s), 0);
	ck_assert_ptr_eq(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, slots_fd(s), 0), MAP_FAILED);
	ck_assert_int_lt(pwrite(slots_fd(s), &byte, 1, 0), 0);
	ck_assert_int_lt(ftruncate(slots_fd(s), 4096), 0);
	ck_assert_int_lt(ftruncate(slots_fd(s), 2 * COUNT * BYTES), 0);
	ck_assert_int_lt(fcntl(slots_fd(s), F_ADD_SEALS, F_SEAL_WRITE), 0);
	p = mmap(NULL, COUNT * BYTES, PROT_READ, MAP_SHARED, slots_fd(s), 0);
	ck_assert_ptr_ne(p, MAP_FAILED);
	memset(slots_data(s, 3), 7, BYTES);
	ck_assert_int_eq(((char *)p)[3 * BYTES + BYTES - 1], 7);
	munmap(p, COUNT * BYTES);
	slots_free(s);
}
END_TEST

START_TEST(test_touched)
{
	struct slots *s;
	struct stat st;

	ck_assert_int_eq(slots_new(10000, BYTES, &s), 0);
	for (unsigned int i = 0; i < 10000; i++) {
		int slot = slots_take(s);

		memset(slots_data(s, slot), 1, BYTES);
		slots_drop(s, slot);
	}
	ck_assert_int_eq(fstat(slots_fd(s), &st), 0);
	ck_assert_int_eq(st.st_blocks * 512, BYTES);	/* what one slot takes */
	slots_free(s);
}
END_TEST

START_TEST(test_refused)
{
	struct slots *s;

	ck_assert_int_eq(slots_new(0, BYTES, &s), -EINVAL);
	ck_assert_int_eq(slots_new(1, 0, &s), -EINVAL);
	ck_assert_int_eq(slots_new(1, 100, &s), -EINVAL);
}
END_TEST

/* ---- memory that goes ------------------------------------------------------------------- */

static int read_from(void *data)
{
	return *(volatile const char *)data;
}

static int seven(void *data)
{
	(void)data;
	return 7;
}

/* Memory whose file has become too short is as that of a card that has gone: SIGBUS. */
START_TEST(test_guard)
{
	int fd = memfd_create("short", MFD_CLOEXEC);
	void *p;

	ck_assert_int_eq(ftruncate(fd, 4096), 0);
	p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	ck_assert_ptr_ne(p, MAP_FAILED);
	ck_assert_int_eq(guard_run(read_from, p), 0);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	for (int i = 0; i < 3; i++)	/* the signal is not blocked by the first */
		ck_assert_int_eq(guard_run(read_from, p), -ENODEV);
	ck_assert_int_eq(guard_run(seven, NULL), 7);
}
END_TEST

/* Elsewhere it is a bug, and kills. */
START_TEST(test_unguarded)
{
	int fd = memfd_create("short", MFD_CLOEXEC);
	void *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	pid_t child;
	int status;

	ck_assert_int_eq(guard_run(seven, NULL), 7);
	child = fork();
	if (child == 0)
		_exit(read_from(p));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);	/* a sanitizer exits */
}
END_TEST

suite_main("slots", test_lifo, test_all_taken, test_reservations, test_promise, test_sealed,
	   test_touched, test_refused, test_guard, test_unguarded)
