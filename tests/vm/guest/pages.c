// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pages.c - what the stub's maps allow, and that they count by themselves; on QEMU's edu card
 *
 *	pages refused NODE	mappings that must not be had, and the second owner
 *	pages partial NODE	a mapping with a hole still shows the right memory
 *	pages counts NODE	a program that can make no system call sees interrupts
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stub.h"

#define EDU_IRQ_RAISE	(0x60 / 4)
#define ROUNDS		100
#define SPINS		200000000UL

static struct stub_node node;
static int wrong;

static void expect(const char *what, int got, int want)
{
	if (got == want)
		return;
	printf("%s: %s\n", what, got ? strerror(got) : "allowed");
	wrong = 1;
}

static void refused_map(const char *name, size_t page)
{
	char what[64];
	size_t size;
	int n = stub_map_find(&node, name, &size);

	snprintf(what, sizeof(what), "%s, private", name);
	expect(what, stub_map_errno(&node, n, size, PROT_READ, MAP_PRIVATE), EINVAL);
	snprintf(what, sizeof(what), "%s, a page too long", name);
	expect(what, stub_map_errno(&node, n, size + page, PROT_READ, MAP_SHARED), EINVAL);
	snprintf(what, sizeof(what), "%s, whole", name);
	expect(what, stub_map_errno(&node, n, size, PROT_READ, MAP_SHARED), 0);
}

static void refused(const char *name)
{
	size_t page = sysconf(_SC_PAGESIZE), size;
	int n = stub_map_find(&node, "info", &size);
	void *info = stub_map(&node, "info", PROT_READ);
	char path[64];

	refused_map("bar0", page);
	refused_map("dma", page);
	refused_map("info", page);
	expect("info, writable", stub_map_errno(&node, n, size, PROT_READ | PROT_WRITE, MAP_SHARED),
	       EACCES);
	expect("info, made writable",
	       mprotect(info, size, PROT_READ | PROT_WRITE) ? errno : 0, EACCES);
	snprintf(path, sizeof(path), "/dev/%s", name);
	expect("second owner", open(path, O_RDWR) < 0 ? errno : 0, EBUSY);
}

/* After the first page is gone, the mapping begins elsewhere; what it shows must not move. */
static void partial(void)
{
	size_t page = sysconf(_SC_PAGESIZE), size, i;
	uint32_t *whole = stub_map(&node, "dma", PROT_READ | PROT_WRITE);
	uint32_t *holed = stub_map(&node, "dma", PROT_READ);

	stub_map_find(&node, "dma", &size);
	for (i = 0; i < size; i += page)
		whole[i / 4] = i / page;
	munmap(holed, page);
	munmap(holed + 3 * page / 4, page);
	for (i = page; i < size; i += page)
		if (i != 3 * page && holed[i / 4] != i / page)
			die("page %zu shows page %u", i / page, holed[i / 4]);
	printf("%zu pages\n", size / page);
}

static void leave(const char *message, int code)
{
	if (write(1, message, strlen(message)) < 0)
		code = 1;
	syscall(SYS_exit, code);
}

/* In strict mode the kernel kills for any call but read, write, exit and sigreturn. */
static void counts(void)
{
	volatile uint32_t *regs = stub_map(&node, "bar0", PROT_READ | PROT_WRITE);
	const volatile struct uio_stub_info *info = stub_map(&node, "info", PROT_READ);
	const volatile struct uio_stub_vector *vector = &info->vector[0];
	uint64_t time_ns = vector->time_ns;
	unsigned long i, spins;

	stub_arm(&node);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))
		die("seccomp: %s", strerror(errno));
	for (i = 0; i < ROUNDS; i++) {
		uint64_t count = vector->count;

		regs[EDU_IRQ_RAISE] = 1;
		for (spins = 0; vector->count == count && spins < SPINS; spins++)
			;
		if (vector->count != count + 1)
			leave("the count does not follow\n", 1);
		if (vector->time_ns <= time_ns)
			leave("the time does not follow\n", 1);
		time_ns = vector->time_ns;
	}
	leave("every interrupt seen\n", 0);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		die("usage: pages refused|partial|counts NODE");
	stub_open(argv[2], &node);
	if (!strcmp(argv[1], "refused"))
		refused(argv[2]);
	else if (!strcmp(argv[1], "partial"))
		partial();
	else if (!strcmp(argv[1], "counts"))
		counts();
	else
		die("pages: what is '%s'?", argv[1]);
	return wrong;
}
