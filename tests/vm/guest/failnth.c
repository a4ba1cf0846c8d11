// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * failnth.c - has the kernel fail each allocation that it makes for an operation, one at a time
 *
 *	failnth write STATE FILE TEXT UNDO_FILE UNDO_TEXT
 *	failnth open NODE
 *	failnth map NODE MAP
 *	failnth touch NODE MAP
 *
 * The first allocation fails in the first attempt, the second in the second, until one attempt has
 * no allocation left to fail: that one has to succeed. What `write` did is undone if it succeeds;
 * after one that fails, STATE is what it was: a file or a link, which need not exist. A page fault
 * never fails, for the kernel repeats it. Needs fail-nth in /proc, of CONFIG_FAULT_INJECTION.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stub.h"

/* Where nothing else is, so that the page tables are new each time. */
#define FAR_AWAY ((void *)0x200000000000)

/**
 * struct operation - what is tried with allocations that fail
 * @name:    its name on the command line
 * @words:   how many arguments it has
 * @prepare: is called ahead of each attempt, with no failures
 * @attempt: returns 0 or an errno
 * @finish:  undoes an attempt, or looks whether one that failed has changed anything
 */
struct operation {
	const char *name;
	int words;
	void (*prepare)(void);
	int (*attempt)(void);
	void (*finish)(int err);
};

static char **words;
static struct stub_node node;
static size_t map_size;
static off_t map_offset;
static void *map;
static int file;
static char state[256];

/* What STATE is: where a link leads, what is in a file, or nothing. */
static void get_state(char text[256])
{
	ssize_t len = readlink(words[0], text, 255);
	int fd;

	if (len < 0) {
		fd = open(words[0], O_RDONLY);
		len = read(fd, text, 255);
		close(fd);
	}
	text[len < 0 ? 0 : len] = '\0';
}

static void write_prepare(void)
{
	get_state(state);
	file = open(words[1], O_WRONLY);
}

static int write_attempt(void)
{
	return write(file, words[2], strlen(words[2])) < 0 ? errno : 0;
}

static void write_finish(int err)
{
	char now[256];

	close(file);
	get_state(now);
	if (err && strcmp(now, state))
		die("it failed, and yet %s is '%s' instead of '%s'", words[0], now, state);
	if (err)
		return;
	file = open(words[3], O_WRONLY);
	if (write(file, words[4], strlen(words[4])) < 0)
		die("%s: %s", words[3], strerror(errno));
	close(file);
}

static void open_prepare(void)
{
	snprintf(state, sizeof(state), "/dev/%s", words[0]);
}

static int open_attempt(void)
{
	file = open(state, O_RDWR);
	return file < 0 ? errno : 0;
}

static void open_finish(int err)
{
	if (!err)
		close(file);
	else if (err != ENOMEM && err != ENFILE)
		die("%s: %s", state, strerror(err));
}

static void map_prepare(void)
{
	if (!node.fd) {
		stub_open(words[0], &node);
		map_offset = stub_map_find(&node, words[1], &map_size) * sysconf(_SC_PAGESIZE);
	}
}

static int map_attempt(void)
{
	map = mmap(FAR_AWAY, map_size, PROT_READ, MAP_SHARED | MAP_FIXED_NOREPLACE, node.fd,
		   map_offset);
	return map == MAP_FAILED ? errno : 0;
}

static void map_finish(int err)
{
	if (!err)
		munmap(map, map_size);
	else if (err != ENOMEM)
		die("mmap: %s", strerror(err));
}

static void touch_prepare(void)
{
	map_prepare();
	if (map_attempt())
		die("mmap: %s", strerror(errno));
}

static int touch_attempt(void)
{
	(void)*(volatile uint32_t *)map;
	return 0;
}

static const struct operation operations[] = {
	{ "write", 5, write_prepare, write_attempt, write_finish },
	{ "open", 1, open_prepare, open_attempt, open_finish },
	{ "map", 2, map_prepare, map_attempt, map_finish },
	{ "touch", 2, touch_prepare, touch_attempt, map_finish },
};

/* From here on the @nth allocation of this thread fails; 0: none. */
static void set_nth(int fd, unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fd, text, len, 0) != len)
		die("fail-nth: %s", strerror(errno));
}

/* Has that allocation come about? */
static int has_failed(int fd)
{
	char digit;

	if (pread(fd, &digit, 1, 0) != 1)
		die("fail-nth: %s", strerror(errno));
	return digit == '0';
}

static void run(const struct operation *op)
{
	int fd = open("/proc/thread-self/fail-nth", O_RDWR), injected, err;
	unsigned int nth = 0, failures = 0;

	do {
		op->prepare();
		set_nth(fd, ++nth);
		err = op->attempt();
		injected = has_failed(fd);
		set_nth(fd, 0);
		op->finish(err);
		if (err && !injected)
			die("attempt %u had all it wanted, and yet: %s", nth, strerror(err));
		failures += err != 0;
	} while (injected);
	if (nth == 1)
		die("there was no allocation to fail");
	printf("%u allocations, without %u of which it fails\n", nth - 1, failures);
}

int main(int argc, char **argv)
{
	size_t i;

	words = argv + 2;
	for (i = 0; i < sizeof(operations) / sizeof(*operations); i++) {
		if (argc != operations[i].words + 2 || strcmp(argv[1], operations[i].name))
			continue;
		run(&operations[i]);
		return 0;
	}
	die("usage: failnth write|open|map|touch ARGUMENT…");
}
