/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_vfio_memory.c - vfio-user server: the client's memory */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "suite.h"
#include "vfio_talk.h"

#define PAGE	4096u
#define RW	(VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)

static int make_memory(size_t size)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	ck_assert_int_eq(ftruncate(fd, size), 0);
	return fd;
}

/* Whether this process still has the client's memory in its address space. */
static bool is_mapped(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	bool found = false;
	char line[512];

	while (fgets(line, sizeof(line), maps))
		found |= strstr(line, "/memfd:test") != NULL;
	fclose(maps);
	return found;
}

/* Let go of before the reply, and when the client goes. */
START_TEST(let_go)
{
	int fd = make_memory(4 * PAGE);

	ck_assert_int_eq(talk_map(0, 2 * PAGE, 0, RW, fd), 0);
	ck_assert_int_eq(talk_map(2 * PAGE, 2 * PAGE, 2 * PAGE, RW, fd), 0);
	close(fd);
	ck_assert(is_mapped());
	ck_assert_int_eq(talk_unmap(0, 2 * PAGE), 0);
	ck_assert(is_mapped());
	ck_assert_int_eq(talk_unmap(2 * PAGE, 2 * PAGE), 0);
	ck_assert(!is_mapped());
	fd = make_memory(PAGE);
	ck_assert_int_eq(talk_map(0, PAGE, 0, RW, fd), 0);
	close(fd);
	session_free(talk.session);
	ck_assert(!is_mapped());
	talk_new_session();
}
END_TEST

START_TEST(memory)
{
	int fd = make_memory(4 * PAGE);
	char *data = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	strcpy(data + PAGE, "payload");
	ck_assert(!talk_copy(0x1000, 0x2000, 8));
	ck_assert_int_eq(talk_map(0x1000, 2 * PAGE, PAGE, RW, fd), 0);
	close(fd);
	ck_assert(talk_copy(0x1000, 0x2000, 8));
	ck_assert_str_eq(data + 2 * PAGE, "payload");
	ck_assert(talk_copy(0x1000, 0x2ff8, 8));
	ck_assert(!talk_copy(0x1000, 0x2ff9, 8));
	ck_assert(!talk_copy(0xfff, 0x2000, 8));
	ck_assert(!talk_copy(0x1000, 0x2000, 0));
	ck_assert_int_eq(talk_unmap(0x1000, 2 * PAGE), 0);
	ck_assert(!talk_copy(0x1000, 0x2000, 8));
	munmap(data, 4 * PAGE);
}
END_TEST

/* Pages of a file in any order, as an IOMMU has them, are one piece to the card. */
START_TEST(scattered)
{
	enum { PAGES = 64 };
	const uint64_t base = 0xffffc000;	/* and beyond 4 GiB */
	int fd = make_memory(2 * PAGES * PAGE);
	uint32_t *data = mmap(NULL, 2 * PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	const size_t words = PAGE / sizeof(*data);

	for (size_t i = 0; i < PAGES; i++) {
		size_t page = i * 37 % PAGES;

		for (size_t w = 0; w < words; w++)
			data[page * words + w] = i * words + w;
		ck_assert_int_eq(talk_map(base + i * PAGE, PAGE, page * PAGE, RW, fd), 0);
	}
	ck_assert_int_eq(talk_map(0x5000, PAGES * PAGE, PAGES * PAGE, RW, fd), 0);
	ck_assert(talk_copy(base, 0x5000, PAGES * PAGE));
	for (size_t w = 0; w < PAGES * words; w++)
		ck_assert_uint_eq(data[PAGES * words + w], w);
	/* a hole in the middle: no longer */
	ck_assert_int_eq(talk_unmap(base + 7 * PAGE, PAGE), 0);
	ck_assert(!talk_copy(base, 0x5000, PAGES * PAGE));
	ck_assert(talk_copy(base, 0x5000, 7 * PAGE));
	ck_assert(talk_copy(base + 8 * PAGE, 0x5000, (PAGES - 8) * PAGE));
	ck_assert(!talk_copy(base + 7 * PAGE, 0x5000, 4));
	munmap(data, 2 * PAGES * PAGE);
	close(fd);
}
END_TEST

START_TEST(directions)
{
	int fd = make_memory(3 * PAGE);

	ck_assert_int_eq(talk_map(0, PAGE, 0, VFIO_DMA_MAP_FLAG_READ, fd), 0);
	ck_assert_int_eq(talk_map(PAGE, PAGE, PAGE, RW, fd), 0);
	ck_assert_int_eq(talk_map(2 * PAGE, PAGE, 2 * PAGE, VFIO_DMA_MAP_FLAG_WRITE, fd), 0);
	ck_assert_int_eq(talk_map(3 * PAGE, PAGE, 0, 0, fd), 0);
	ck_assert_int_eq(talk_map(4 * PAGE, PAGE, 0, RW, -1), 0);
	ck_assert(talk_copy(0, PAGE, 16));
	ck_assert(!talk_copy(PAGE, 0, 16));
	ck_assert(talk_copy(PAGE, 2 * PAGE, 16));
	ck_assert(!talk_copy(2 * PAGE, PAGE, 16));
	ck_assert(!talk_copy(3 * PAGE, PAGE, 16));
	ck_assert(!talk_copy(PAGE, 4 * PAGE, 16));
	ck_assert(!talk_copy(PAGE - 8, PAGE, 16) || talk_copy(PAGE - 8, PAGE, 16));
	ck_assert(!talk_copy(PAGE, PAGE - 8, 16));
	close(fd);
}
END_TEST

START_TEST(read_only_descriptor)
{
	int rw = make_memory(PAGE), ro;
	char path[64];

	sprintf(path, "/proc/self/fd/%d", rw);
	ro = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(talk_map(0, PAGE, 0, RW, ro), -EACCES);
	ck_assert_int_eq(talk_map(0, PAGE, 0, VFIO_DMA_MAP_FLAG_READ, ro), 0);
	close(rw);
	close(ro);
}
END_TEST

START_TEST(bad_maps)
{
	int fd = make_memory(4 * PAGE), before = talk_open_files();

	ck_assert_int_eq(talk_map(0, 0, 0, RW, fd), -EINVAL);
	ck_assert_int_eq(talk_map(1, PAGE, 0, RW, fd), -EINVAL);
	ck_assert_int_eq(talk_map(0, PAGE + 1, 0, RW, fd), -EINVAL);
	ck_assert_int_eq(talk_map(0, PAGE, 512, RW, fd), -EINVAL);
	ck_assert_int_eq(talk_map(0, PAGE, 0, 4, fd), -EINVAL);
	ck_assert_int_eq(talk_map(0, 5 * PAGE, 0, RW, fd), -EINVAL);
	ck_assert_int_eq(talk_map(0, PAGE, 4 * PAGE, RW, fd), -EINVAL);
	ck_assert_int_eq(talk_map(0, PAGE, -(uint64_t)PAGE, RW, fd), -EINVAL);
	ck_assert_int_eq(talk_map(-(uint64_t)PAGE, 2 * PAGE, 0, RW, fd), -EINVAL);
	ck_assert_int_eq(talk_map(PAGE, -(uint64_t)PAGE, 0, RW, -1), 0);
	ck_assert_int_eq(talk_unmap(PAGE, -(uint64_t)PAGE), 0);
	ck_assert_int_eq(talk_map(-(uint64_t)PAGE, PAGE, 0, RW, fd), 0);
	ck_assert_int_eq(talk_ask(VU_DMA_MAP, "short", 5), -EINVAL);
	ck_assert_int_eq(talk_open_files(), before);
	close(fd);
}
END_TEST

/* An access to these could wait for ever, or do worse. */
START_TEST(bad_files)
{
	int pipes[2], file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	ck_assert_int_eq(pipe(pipes), 0);
	ck_assert_int_eq(talk_map(0, PAGE, 0, RW, pipes[0]), -EINVAL);
	ck_assert_int_eq(talk_map(0, PAGE, 0, VFIO_DMA_MAP_FLAG_READ, file), -EINVAL);
	close(file);
	file = open("/dev/zero", O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(talk_map(0, PAGE, 0, RW, file), -EINVAL);
	close(file);
	close(pipes[0]);
	close(pipes[1]);
}
END_TEST

START_TEST(overlaps)
{
	int fd = make_memory(8 * PAGE);

	ck_assert_int_eq(talk_map(4 * PAGE, 2 * PAGE, 0, RW, fd), 0);
	ck_assert_int_eq(talk_map(4 * PAGE, 2 * PAGE, 0, RW, fd), -EEXIST);
	ck_assert_int_eq(talk_map(3 * PAGE, 2 * PAGE, 0, RW, fd), -EEXIST);
	ck_assert_int_eq(talk_map(5 * PAGE, PAGE, 0, RW, fd), -EEXIST);
	ck_assert_int_eq(talk_map(5 * PAGE, 3 * PAGE, 0, RW, -1), -EEXIST);
	ck_assert_int_eq(talk_map(0, 8 * PAGE, 0, RW, fd), -EEXIST);
	ck_assert_int_eq(talk_map(3 * PAGE, PAGE, 0, RW, fd), 0);
	ck_assert_int_eq(talk_map(6 * PAGE, PAGE, 0, RW, fd), 0);
	/* partly inside: nothing happens; wholly inside: all of them go */
	ck_assert_int_eq(talk_unmap(5 * PAGE, 4 * PAGE), -EINVAL);
	ck_assert_int_eq(talk_unmap(0, 5 * PAGE), -EINVAL);
	ck_assert(talk_copy(3 * PAGE, 6 * PAGE, 4));
	ck_assert_int_eq(talk_unmap(0, 6 * PAGE), 0);
	ck_assert(!talk_copy(3 * PAGE, 6 * PAGE, 4));
	ck_assert(!talk_copy(4 * PAGE, 6 * PAGE, 4));
	ck_assert(talk_copy(6 * PAGE, 6 * PAGE + 8, 4));
	close(fd);
}
END_TEST

START_TEST(unmaps)
{
	struct vu_dma_unmap all = { .argsz = sizeof(all), .flags = VFIO_DMA_UNMAP_FLAG_ALL };
	int fd = make_memory(4 * PAGE);

	ck_assert_int_eq(talk_unmap(0, PAGE), 0);
	ck_assert_int_eq(talk_unmap(0x123, UINT64_C(1) << 63), 0);
	ck_assert_int_eq(talk_unmap(0, UINT64_MAX), 0);
	ck_assert_int_eq(talk_unmap(0, 0), -EINVAL);
	ck_assert_int_eq(talk_unmap(2, UINT64_MAX), -EINVAL);
	ck_assert_int_eq(talk_map(0, PAGE, 0, RW, fd), 0);
	ck_assert_int_eq(talk_map(UINT64_C(1) << 40, PAGE, PAGE, RW, fd), 0);
	ck_assert(talk_copy(0, UINT64_C(1) << 40, 4));
	ck_assert_int_eq(talk_ask(VU_DMA_UNMAP, &all, sizeof(all)), 0);
	ck_assert(!talk_copy(0, 16, 4));
	ck_assert(!talk_copy(UINT64_C(1) << 40, (UINT64_C(1) << 40) + 16, 4));
	all.flags = VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP;
	ck_assert_int_eq(talk_ask(VU_DMA_UNMAP, &all, sizeof(all)), -EINVAL);
	close(fd);
}
END_TEST

/* Windows of bus addresses: a map over the border of two, and more of them than there may be. */
START_TEST(windows)
{
	const uint64_t border = UINT64_C(1) << 36;
	int fd = make_memory(2 * PAGE), ret = 0;
	unsigned int n;

	ck_assert_int_eq(talk_map(border - PAGE, 2 * PAGE, 0, RW, fd), 0);
	ck_assert(talk_copy(border - 16, border, 16));
	ck_assert(!talk_copy(border - 16, border + 64, 32));	/* the limit of this layout */
	ck_assert_int_eq(talk_unmap(border - PAGE, 2 * PAGE), 0);
	ck_assert(!talk_copy(border - 16, border, 16));
	for (n = 2; !ret; n++)
		ret = talk_map(n * border, PAGE, 0, RW, fd);
	ck_assert_int_eq(ret, -ENOSPC);
	ck_assert_uint_gt(n, 8);
	ck_assert(!talk_copy((n - 1) * border, (n - 1) * border + 16, 4));
	ck_assert(talk_copy((n - 2) * border, (n - 2) * border + 16, 4));
	ck_assert_int_eq(talk_map(border + PAGE, PAGE, 0, RW, fd), 0);
	close(fd);
}
END_TEST

START_TEST(many_maps)
{
	int fd = make_memory(PAGE), ret = 0;
	uint64_t n;

	for (n = 0; !ret; n++)
		ret = talk_map(2 * n * PAGE, PAGE, 0, RW, n % 16 ? -1 : fd);
	ck_assert_int_eq(ret, -ENOSPC);
	ck_assert_uint_eq(n - 1, VU_MAX_MAPS);
	ck_assert(talk_copy(16 * 2 * PAGE, 48 * 2 * PAGE, 16));
	ck_assert_int_eq(talk_unmap(0, UINT64_MAX), 0);
	ck_assert_int_eq(talk_map(0, PAGE, 0, RW, fd), 0);
	close(fd);
}
END_TEST

/* The client cuts off what it has given: the card goes on, the client does not. */
START_TEST(torn_memory)
{
	int fd = make_memory(4 * PAGE);

	ck_assert_int_eq(talk_map(0, 4 * PAGE, 0, RW, fd), 0);
	ck_assert(talk_copy(0, 2 * PAGE, 2 * PAGE));
	ck_assert(!session_broken(talk.session));
	ck_assert_int_eq(ftruncate(fd, PAGE), 0);
	ck_assert(talk_copy(2 * PAGE, 0, 2 * PAGE));
	ck_assert(session_broken(talk.session));
	session_free(talk.session);
	ck_assert_int_eq(session_new(&talk.fake.dev, NULL, NULL, &talk.session), 0);
	ck_assert(!session_broken(talk.session));
	close(fd);
}
END_TEST

/* SIGBUS for any other reason is as fatal as ever. */
START_TEST(other_sigbus)
{
	int fd = make_memory(PAGE);
	volatile char *data = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);

	ck_assert_int_eq(ftruncate(fd, 0), 0);
	*data;
}
END_TEST

static Suite *memory_suite(void)
{
	Suite *suite = suite_create("vfio-user server: memory");
	TCase *tc;

	tc = tcase_create("memory");
	tcase_add_checked_fixture(tc, talk_set_up, talk_tear_down);
	tcase_set_timeout(tc, 60);	/* many_maps, on a busy machine */
	tcase_add_test(tc, let_go);
	tcase_add_test(tc, memory);
	tcase_add_test(tc, scattered);
	tcase_add_test(tc, directions);
	tcase_add_test(tc, read_only_descriptor);
	tcase_add_test(tc, bad_maps);
	tcase_add_test(tc, bad_files);
	tcase_add_test(tc, overlaps);
	tcase_add_test(tc, unmaps);
	tcase_add_test(tc, windows);
	tcase_add_test(tc, many_maps);
	tcase_add_test(tc, torn_memory);
	tcase_add_test_raise_signal(tc, other_sigbus, SIGBUS);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return suite_run(memory_suite());
}
