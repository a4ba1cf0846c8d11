/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sim-process.c - starts and ends a uiocap-card */
#include "sim-process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"

#define CARD_SOCKET	3	/* the child's descriptor for it */
#define MAX_OPTIONS	32
#define MAX_WORDS	65536
#define GRACE_MS	2000

/**
 * struct sim_process - a running card
 * @pid:   it
 * @pidfd: likewise, and never somebody else
 * @words: a memfd that takes what it says on stderr
 */
struct sim_process {
	struct uiocap_ctx *ctx;
	pid_t pid;
	int pidfd;
	int words;
};

/* ---- its arguments ------------------------------------------------------------------------ */

static void free_arguments(char **argv)
{
	for (unsigned int i = 0; argv[i]; i++)
		free(argv[i]);
}

/* What a unit multiplies by, as in uiocap-card(1): K 1000, Ki 1024. 0: there is no such unit. */
static uint64_t unit_bytes(const char *unit, size_t len)
{
	static const char names[] = "KMG";
	const char *name = len ? memchr(names, *unit, sizeof(names) - 1) : NULL;
	bool binary = len == 2 && unit[1] == 'i';
	uint64_t bytes = 1;

	if (!name || len > 2 || (len == 2 && !binary))
		return len == 0;
	for (; name >= names; name--)
		bytes *= binary ? 1024 : 1000;
	return bytes;
}

/* "64Mi", all of it. */
static bool parse_size(const char *text, size_t len, uint64_t *out)
{
	uint64_t n = 0, unit;
	size_t i;

	for (i = 0; i < len && text[i] >= '0' && text[i] <= '9'; i++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(text[i] - '0'), &n))
			return false;
	unit = unit_bytes(text + i, len - i);
	return i && unit && !__builtin_mul_overflow(n, unit, out);
}

static bool starts(const char *option, const char *name)
{
	return !strncmp(option, name, strlen(name));
}

/* 1: the option was ours and makes sense, 0: it was not, -EINVAL: it makes none */
static int take_option(const char *option, size_t len, struct sim_memory *memory)
{
	uint64_t n;

	if (starts(option, "dma="))
		return parse_size(option + 4, len - 4, &memory->size) ? 1 : -EINVAL;
	if (!starts(option, "segments="))
		return 0;
	if (!parse_size(option + 9, len - 9, &n) || n > UINT_MAX)
		return -EINVAL;
	memory->segments = n;
	return 1;
}

static int add_option(const char *option, size_t len, char **argv, unsigned int *n)
{
	if (!len || *n == MAX_OPTIONS)
		return -EINVAL;
	if (asprintf(&argv[*n], "--%.*s", (int)len, option) < 0) {
		argv[*n] = NULL;
		return -ENOMEM;
	}
	++*n;
	return 0;
}

static int add_options(const char *options, char **argv, unsigned int n, struct sim_memory *memory)
{
	while (*options) {
		size_t len = strcspn(options, ",");
		int ret = take_option(options, len, memory);

		if (!ret)
			ret = add_option(options, len, argv, &n);
		if (ret < 0)
			return ret;
		options += len;
		options += *options == ',';
	}
	return 0;
}

static int make_arguments(const char *program, const char *options, char **argv,
			  struct sim_memory *memory)
{
	argv[0] = strdup(program);
	if (!argv[0])
		return -ENOMEM;
	if (asprintf(&argv[1], "--socket-fd=%d", CARD_SOCKET) < 0) {
		argv[1] = NULL;
		return -ENOMEM;
	}
	return add_options(options, argv, 2, memory);
}

/* ---- starting it ---------------------------------------------------------------------------- */

/*
 * Out of the terminal's process group, so that ^C reaches who uses the card and not the card; and
 * with no signal blocked or ignored that our own program blocks or ignores.
 */
static int set_attributes(posix_spawnattr_t *attr)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setpgroup(attr, 0);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setsigdefault(attr, &all);
	return posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
					      POSIX_SPAWN_SETSIGDEF);
}

static int spawn(struct sim_process *sim, char **argv, int sock)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int ret;

	ret = posix_spawn_file_actions_init(&files);
	if (ret)
		return -ret;
	ret = posix_spawnattr_init(&attr);
	if (ret)
		goto destroy_files;
	ret = set_attributes(&attr);
	if (!ret)
		ret = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	if (!ret)
		ret = posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	if (!ret)
		ret = posix_spawn_file_actions_adddup2(&files, sim->words, 2);
	if (!ret)
		ret = posix_spawn_file_actions_adddup2(&files, sock, CARD_SOCKET);
	if (!ret)
		ret = posix_spawnp(&sim->pid, argv[0], &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
destroy_files:
	posix_spawn_file_actions_destroy(&files);
	return -ret;
}

/* A descriptor that the child's own 0 … CARD_SOCKET cannot run over. */
static int move_up(int *fd)
{
	int up = fcntl(*fd, F_DUPFD_CLOEXEC, CARD_SOCKET + 1);
	int err = errno;

	close(*fd);
	*fd = up;
	return up < 0 ? -err : 0;
}

static int run(struct sim_process *sim, char **argv, int *sock)
{
	int pair[2];
	int ret;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -errno;
	ret = move_up(&pair[1]);
	if (!ret)
		ret = spawn(sim, argv, pair[1]);
	if (pair[1] >= 0)
		close(pair[1]);
	if (ret) {
		close(pair[0]);
		return ret;
	}
	sim->pidfd = pidfd_open(sim->pid, 0);
	*sock = pair[0];
	return 0;
}

/* Room for what the card says; what does not fit it cannot say. */
static int make_words(int *words)
{
	*words = memfd_create("uiocap-card", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (*words < 0)
		return -errno;
	if (ftruncate(*words, MAX_WORDS) || fcntl(*words, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK))
		return -errno;
	return move_up(words);
}

static int start(struct sim_process *sim, char **argv, int *sock)
{
	int ret = make_words(&sim->words);

	if (!ret)
		ret = run(sim, argv, sock);
	if (!ret)
		return 0;
	ctx_log(sim->ctx, UIOCAP_LOG_ERROR,
		"cannot start the simulated card %s: %s (install it, or set UIOCAP_CARD to its path)",
		argv[0], strerror(-ret));
	if (sim->words >= 0)
		close(sim->words);
	return ret == -ENOENT ? -ENODEV : ret;
}

int sim_process_start(struct uiocap_ctx *ctx, const char *options, struct sim_memory *memory,
		      int *sock, struct sim_process **out)
{
	const char *program = secure_getenv("UIOCAP_CARD");
	char *argv[MAX_OPTIONS + 1] = { NULL };
	struct sim_process *sim = calloc(1, sizeof(*sim));
	int ret;

	if (!sim)
		return -ENOMEM;
	sim->ctx = ctx;
	ret = make_arguments(program && *program ? program : "uiocap-card", options, argv, memory);
	if (ret == -EINVAL)
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"sim:%s makes no sense: options of uiocap-card(1), dma=SIZE and segments=N, with commas between",
			options);
	if (!ret)
		ret = start(sim, argv, sock);
	free_arguments(argv);
	if (ret) {
		free(sim);
		return ret;
	}
	*out = sim;
	return 0;
}

/* ---- ending it ------------------------------------------------------------------------------ */

static void pass_on(struct sim_process *sim, int severity)
{
	FILE *words = fdopen(sim->words, "r");
	char line[256];

	if (!words) {
		close(sim->words);
		return;
	}
	rewind(words);
	while (fgets(line, sizeof(line), words) && *line) {
		line[strcspn(line, "\n")] = '\0';
		ctx_log(sim->ctx, severity, "%s", line);
	}
	fclose(words);
}

/* Whoever collects all children of the program may have collected this one already. */
static int collect(struct sim_process *sim)
{
	struct pollfd fd = { .fd = sim->pidfd, .events = POLLIN };
	pid_t pid;
	int status;

	if (sim->pidfd < 0)
		kill(sim->pid, SIGTERM);
	else if (poll(&fd, 1, GRACE_MS) <= 0)
		pidfd_send_signal(sim->pidfd, SIGKILL, NULL, 0);
	do {
		pid = waitpid(sim->pid, &status, 0);
	} while (pid < 0 && errno == EINTR);
	if (sim->pidfd >= 0)
		close(sim->pidfd);
	return pid == sim->pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int sim_process_end(struct sim_process *sim, int severity)
{
	int status;

	if (!sim)
		return -1;
	status = collect(sim);
	pass_on(sim, severity);
	free(sim);
	return status;
}
