// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "server-memory.h"
#include "userdrv/vfio-user/message.h"

#define PAGE		4096u
#define WINDOW_SIZE	(UINT64_C(1) << 36)
#define MAX_WINDOWS	16

/* A stretch of bus addresses, WINDOW_SIZE long and aligned, and where in our own it is. */
struct window {
	uint64_t addr;
	uint8_t *host;
};

/* One map; @last is its last byte, so that a map may end where addresses end. */
struct map {
	uint64_t addr;
	uint64_t last;
	bool read;
	bool write;
};

struct memory {
	struct map *maps;	/* in order of address */
	size_t count;
	size_t room;
	struct window windows[MAX_WINDOWS];
	unsigned int windows_used;
	volatile sig_atomic_t torn;
	struct sigaction old_action;
};

/* A signal handler has no other way to find it. */
static struct memory *guarded;

/*
 * An access to a page that the client has cut off its file raises SIGBUS. The page is replaced by
 * one of our own, and the client is dropped when the device is done; all other SIGBUS is fatal.
 */
static void handle_sigbus(int sig, siginfo_t *info, void *context)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
	uintptr_t page = (uintptr_t)info->si_addr & ~(uintptr_t)(PAGE - 1);
	int err = errno;

	(void)context;
	for (unsigned int i = 0; i < guarded->windows_used; i++) {
		if (page - (uintptr_t)guarded->windows[i].host >= WINDOW_SIZE)
			continue;
		if (mmap((void *)page, PAGE, prot, flags, -1, 0) == MAP_FAILED)
			break;
		guarded->torn = 1;
		errno = err;
		return;
	}
	signal(sig, SIG_DFL);
}

int memory_new(struct memory **out)
{
	struct sigaction action = { .sa_sigaction = handle_sigbus, .sa_flags = SA_SIGINFO };
	struct memory *mem;

	if (guarded)
		return -EBUSY;
	mem = calloc(1, sizeof(*mem));
	if (!mem)
		return -ENOMEM;
	guarded = mem;
	sigaction(SIGBUS, &action, &mem->old_action);
	*out = mem;
	return 0;
}

void memory_free(struct memory *mem)
{
	if (!mem)
		return;
	sigaction(SIGBUS, &mem->old_action, NULL);
	guarded = NULL;
	for (unsigned int i = 0; i < mem->windows_used; i++)
		munmap(mem->windows[i].host, WINDOW_SIZE);
	free(mem->maps);
	free(mem);
}

/* Our address for bus address @addr, NULL where no window is; *@len is cut at the window's end. */
static uint8_t *host_of(const struct memory *mem, uint64_t addr, uint64_t *len)
{
	for (unsigned int i = 0; i < mem->windows_used; i++) {
		uint64_t off = addr - mem->windows[i].addr;

		if (off >= WINDOW_SIZE)
			continue;
		if (*len > WINDOW_SIZE - off)
			*len = WINDOW_SIZE - off;
		return mem->windows[i].host + off;
	}
	return NULL;
}

static int open_window(struct memory *mem, uint64_t addr)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	struct window *w = &mem->windows[mem->windows_used];
	void *host;

	if (mem->windows_used == MAX_WINDOWS)
		return -ENOSPC;
	host = mmap(NULL, WINDOW_SIZE, PROT_NONE, flags, -1, 0);
	if (host == MAP_FAILED)
		return -errno;
	w->addr = addr & ~(WINDOW_SIZE - 1);
	w->host = host;
	mem->windows_used++;
	return 0;
}

/* Whatever is mapped from @addr to @last makes way for nothing at all. */
static int clear(struct memory *mem, uint64_t addr, uint64_t last)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;

	for (unsigned int i = 0; i < mem->windows_used; i++) {
		const struct window *w = &mem->windows[i];
		uint64_t from = addr > w->addr ? addr - w->addr : 0;
		uint64_t to = last - w->addr < WINDOW_SIZE ? last - w->addr : WINDOW_SIZE - 1;

		if (from >= WINDOW_SIZE || last < w->addr)
			continue;
		if (mmap(w->host + from, to - from + 1, PROT_NONE, flags, -1, 0) == MAP_FAILED)
			return -errno;
	}
	return 0;
}

static int place(struct memory *mem, const struct memory_range *range, int fd)
{
	int prot = (range->read ? PROT_READ : 0) | (range->write ? PROT_WRITE : 0);
	uint64_t done, len;
	uint8_t *host;
	int ret;

	for (done = 0; done < range->size; done += len) {
		len = range->size - done;
		host = host_of(mem, range->addr + done, &len);
		if (!host) {
			ret = open_window(mem, range->addr + done);
			if (ret)
				return ret;
			len = 0;
			continue;
		}
		if (mmap(host, len, prot, MAP_SHARED | MAP_FIXED, fd, range->offset + done) ==
		    MAP_FAILED)
			return -errno;
	}
	return 0;
}

static int check_range(const struct memory_range *range)
{
	if (!range->size || (range->addr | range->size | range->offset) & (PAGE - 1))
		return -EINVAL;
	if (range->addr + (range->size - 1) < range->addr)
		return -EINVAL;
	return 0;
}

static int check_file(const struct memory_range *range, int fd)
{
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st) || fstatfs(fd, &fs))
		return -errno;
	if (!S_ISREG(st.st_mode) || fs.f_type != TMPFS_MAGIC)
		return -EINVAL;
	if (range->offset > (uint64_t)st.st_size ||
	    range->size > (uint64_t)st.st_size - range->offset)
		return -EINVAL;
	return 0;
}

/* The first map that ends at or after @addr. */
static size_t find(const struct memory *mem, uint64_t addr)
{
	size_t lo = 0, hi = mem->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (mem->maps[mid].last < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static int make_room(struct memory *mem)
{
	size_t room = mem->room ? mem->room * 2 : 16;
	struct map *maps;

	/* Each costs the kernel up to two of vm.max_map_count, which is 65530. */
	if (mem->count == VU_MAX_MAPS)
		return -ENOSPC;
	if (mem->count < mem->room)
		return 0;
	maps = reallocarray(mem->maps, room, sizeof(*maps));
	if (!maps)
		return -ENOMEM;
	mem->maps = maps;
	mem->room = room;
	return 0;
}

int memory_map(struct memory *mem, const struct memory_range *range, int fd)
{
	uint64_t last = range->addr + (range->size - 1);
	size_t i = find(mem, range->addr);
	int ret;

	ret = check_range(range);
	if (!ret && fd >= 0)
		ret = check_file(range, fd);
	if (ret)
		return ret;
	if (i < mem->count && mem->maps[i].addr <= last)
		return -EEXIST;
	ret = make_room(mem);
	if (ret)
		return ret;
	if (fd >= 0) {
		ret = place(mem, range, fd);
		if (ret) {
			clear(mem, range->addr, last);
			return ret;
		}
	}
	memmove(&mem->maps[i + 1], &mem->maps[i], (mem->count - i) * sizeof(*mem->maps));
	mem->maps[i] = (struct map){ .addr = range->addr, .last = last,
				     .read = fd >= 0 && range->read,
				     .write = fd >= 0 && range->write };
	mem->count++;
	return 0;
}

static int forget(struct memory *mem, size_t first, size_t end)
{
	int ret = 0;

	for (size_t i = first; i < end && !ret; i++)
		ret = clear(mem, mem->maps[i].addr, mem->maps[i].last);
	if (first == end)
		return 0;
	memmove(&mem->maps[first], &mem->maps[end], (mem->count - end) * sizeof(*mem->maps));
	mem->count -= end - first;
	return ret;
}

int memory_unmap(struct memory *mem, uint64_t addr, uint64_t size)
{
	uint64_t last = addr + (size - 1);
	size_t first, end;

	if (!size || last < addr)
		return -EINVAL;
	first = find(mem, addr);
	end = find(mem, last);
	if (end < mem->count && mem->maps[end].addr <= last) {
		if (mem->maps[end].last != last)
			return -EINVAL;
		end++;
	}
	if (first < end && mem->maps[first].addr < addr)
		return -EINVAL;
	return forget(mem, first, end);
}

int memory_unmap_all(struct memory *mem)
{
	return forget(mem, 0, mem->count);
}

void *memory_get(struct memory *mem, uint64_t addr, size_t len, bool write)
{
	uint64_t last = addr + (len - 1), inside = len;
	size_t i = find(mem, addr);
	uint64_t next = addr;
	uint8_t *host;

	if (!len || last < addr || !mem->count)
		return NULL;
	for (;; i++) {
		const struct map *m = mem->maps + i;

		if (i == mem->count || m->addr > next || !(write ? m->write : m->read))
			return NULL;
		if (m->last >= last)
			break;
		next = m->last + 1;
	}
	host = host_of(mem, addr, &inside);
	return inside == len ? host : NULL;
}

bool memory_torn(const struct memory *mem)
{
	return mem->torn;
}
