/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_node.c - a node of the stub's, with its memory in this process */
#define _GNU_SOURCE
#include "fake_node.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_machine.h"

#define MAPS	4

static const struct {
	const char *name;
	size_t len;
} map[MAPS] = {
	{ "info", 8192 }, { "dma", NODE_DMA_BYTES }, { "bar0", NODE_BAR_BYTES }, { "bar2", 4096 },
};

static int memory[MAPS];	/* descriptors */
static void *mapped[MAPS];
static int library_end, test_end;
static atomic_bool removed;	/* by another thread, in some tests */
static int open_error;

int __real_open(const char *path, int flags, ...);
void *__real_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset);
ssize_t __real_read(int fd, void *buf, size_t len);
int __wrap_open(const char *path, int flags, ...);
void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset);
ssize_t __wrap_read(int fd, void *buf, size_t len);

static bool is_node(int fd)
{
	struct stat st, ours;

	return !fstat(fd, &st) && !fstat(library_end, &ours) && S_ISSOCK(st.st_mode) &&
	       st.st_ino == ours.st_ino;
}

int __wrap_open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	if (!strstr(path, "/dev/uio0") || access(path, F_OK))
		return __real_open(path, flags, mode);
	ck_assert_int_eq(flags, O_RDWR | O_CLOEXEC);
	if (!open_error)
		return fcntl(library_end, F_DUPFD_CLOEXEC, 0);
	errno = open_error;
	return -1;
}

void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	long n = offset / sysconf(_SC_PAGESIZE);

	if (fd < 0 || !is_node(fd))
		return __real_mmap(addr, len, prot, flags, fd, offset);
	ck_assert_int_lt(n, MAPS);
	ck_assert_uint_eq(len, map[n].len);
	ck_assert_int_eq(flags, MAP_SHARED);
	ck_assert_int_eq(prot, n ? PROT_READ | PROT_WRITE : PROT_READ);
	return __real_mmap(addr, len, prot, flags, memory[n], 0);
}

ssize_t __wrap_read(int fd, void *buf, size_t len)
{
	ssize_t got = __real_read(fd, buf, len);

	if (!removed || !is_node(fd))
		return got;
	errno = EIO;
	return -1;
}

static void make_map(int n)
{
	char size[16];

	memory[n] = memfd_create(map[n].name, MFD_CLOEXEC);
	ck_assert_int_ge(memory[n], 0);
	ck_assert_int_eq(ftruncate(memory[n], map[n].len), 0);
	mapped[n] = mmap(NULL, map[n].len, PROT_READ | PROT_WRITE, MAP_SHARED, memory[n], 0);
	ck_assert_ptr_ne(mapped[n], MAP_FAILED);
	snprintf(size, sizeof(size), "0x%zx", map[n].len);
	fake_machine_file(map[n].name, "/sys/class/uio/uio0/maps/map%d/name", n);
	fake_machine_file(size, "/sys/class/uio/uio0/maps/map%d/size", n);
}

static void fill_info(struct uio_stub_info *info)
{
	*info = (struct uio_stub_info){
		.magic = UIO_STUB_MAGIC, .abi = UIO_STUB_ABI, .size = sizeof(*info),
		.state = UIO_STUB_LIVE, .generation = 7, .irq_kind = UIO_STUB_IRQ_MSI,
		.vectors = 1, .segments = 2, .flags = UIO_STUB_IOMMU, .dma_size = NODE_DMA_BYTES,
		.segment = {
			{ .bus = 0x100000, .offset = 0, .len = NODE_DMA_BYTES / 4 },
			{ .bus = 0x800000, .offset = NODE_DMA_BYTES / 4,
			  .len = NODE_DMA_BYTES / 4 * 3 },
		},
	};
}

void fake_node_set_up(void)
{
	int n, ends[2];

	fake_machine_set_up();
	fake_machine_function(NODE_SLOT, 0x1234, 0x11e8, "uio_stub");
	fake_machine_uio(NODE_SLOT, "uio0");
	for (n = 0; n < MAPS; n++)
		make_map(n);
	fill_info(mapped[0]);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	library_end = ends[0];
	test_end = ends[1];
	removed = false;
	open_error = 0;
}

void fake_node_tear_down(void)
{
	int n;

	for (n = 0; n < MAPS; n++) {
		munmap(mapped[n], map[n].len);
		close(memory[n]);
	}
	close(library_end);
	close(test_end);
	fake_machine_tear_down();
}

struct uio_stub_info *fake_node_info(void)
{
	return mapped[0];
}

void *fake_node_dma(void)
{
	return mapped[1];
}

void *fake_node_bar0(void)
{
	return mapped[2];
}

void fake_node_open_fails(int err)
{
	open_error = err;
}

void fake_node_notify(void)
{
	int32_t count = 1;

	ck_assert_int_eq(write(test_end, &count, sizeof(count)), sizeof(count));
}

void fake_node_interrupt(void)
{
	__atomic_fetch_add(&fake_node_info()->vector[0].count, 1, __ATOMIC_RELEASE);
	fake_node_notify();
}

void fake_node_remove(void)
{
	fake_node_info()->state = UIO_STUB_REMOVED;
	memset(mapped[2], 0xff, map[2].len);
	removed = true;
	fake_node_notify();
}

int fake_node_written(void)
{
	int32_t value;

	if (recv(test_end, &value, sizeof(value), MSG_DONTWAIT) != sizeof(value))
		return -1;
	return value;
}
