// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "pattern.h"
#include "size.h"

#define DEFAULT_CHANNELS	8
#define DEFAULT_WIDTH		640
#define DEFAULT_HEIGHT		480
#define DEFAULT_RATE		350000000u

/* §4: 16 lines of any width then are a multiple of 64 bytes */
#define WIDTH_UNIT		4

static const char usage[] =
"Usage: uiocap-card --socket PATH [OPTION]...\n"
"A simulated acquisition card (refcard) that a vfio-user client can use: QEMU, or libuiocap.\n"
"\n"
"  -s, --socket PATH     wait for clients at this Unix socket\n"
"      --socket-fd N     serve the one client at descriptor N, then exit\n"
"      --ready-fd N      write a line to descriptor N when clients can connect\n"
"      --once            exit when the first client has gone\n"
"      --stats           on exit, print what happened as JSON\n"
"\n"
"  -c, --channels N      video channels [8]\n"
"      --size WxH        bytes in a line, lines in a frame [640x480]\n"
"      --rate BYTES      bytes a second of all video channels together [350M]\n"
"      --fps N           frames a second of each channel, instead of --rate\n"
"      --unpaced         as fast as memory allows, instead of --rate\n"
"      --no-fifo         each chunk on its own, not all that are due, 5000 times a second\n"
"      --stream SOURCE   add a byte-stream channel: a file, a FIFO, \"-\", pattern[:BYTES]\n"
"      --irq KIND        interrupts it can do: msix (and all others) [msix], msi, intx, none\n"
"      --serial N        serial number [1]\n"
"      --fault SPEC      KIND[:channel=N][:after=N][:count=N][:arg=N]; see uiocap-card(1)\n"
"\n"
"  -h, --help\n"
"  -V, --version\n"
"\n"
"BYTES takes K, M, G, T (of 1000) and Ki, Mi, Gi, Ti (of 1024).\n";

enum {
	OPT_SOCKET_FD = 256,
	OPT_READY_FD,
	OPT_ONCE,
	OPT_STATS,
	OPT_SIZE,
	OPT_RATE,
	OPT_FPS,
	OPT_UNPACED,
	OPT_NO_FIFO,
	OPT_STREAM,
	OPT_IRQ,
	OPT_SERIAL,
	OPT_FAULT,
};

static const struct option longopts[] = {
	{ "socket", required_argument, NULL, 's' },
	{ "socket-fd", required_argument, NULL, OPT_SOCKET_FD },
	{ "ready-fd", required_argument, NULL, OPT_READY_FD },
	{ "once", no_argument, NULL, OPT_ONCE },
	{ "stats", no_argument, NULL, OPT_STATS },
	{ "channels", required_argument, NULL, 'c' },
	{ "size", required_argument, NULL, OPT_SIZE },
	{ "rate", required_argument, NULL, OPT_RATE },
	{ "fps", required_argument, NULL, OPT_FPS },
	{ "unpaced", no_argument, NULL, OPT_UNPACED },
	{ "no-fifo", no_argument, NULL, OPT_NO_FIFO },
	{ "stream", required_argument, NULL, OPT_STREAM },
	{ "irq", required_argument, NULL, OPT_IRQ },
	{ "serial", required_argument, NULL, OPT_SERIAL },
	{ "fault", required_argument, NULL, OPT_FAULT },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

/**
 * struct pace - the three ways to say how fast; the one given last counts
 * @rate: bytes a second in all, or 0
 * @fps:  frames a second of each channel, or 0
 */
struct pace {
	uint64_t rate;
	double fps;
};

static int wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static int wrong(const char *fmt, ...)
{
	va_list args;

	fputs("uiocap-card: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return -EINVAL;
}

/* All of @text as a number, decimal or 0x…, up to @max. */
static int parse_number(const char *text, uint64_t max, uint64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*out = strtoull(text, &end, 0);
	return errno || *end || *out > max ? -EINVAL : 0;
}

static int take_fd(const char *name, const char *text, int *fd)
{
	uint64_t n;

	if (parse_number(text, INT_MAX, &n))
		return wrong("--%s: \"%s\" is no descriptor", name, text);
	*fd = (int)n;
	return 0;
}

static int take_channels(const char *text, struct options *o)
{
	uint64_t n;

	if (parse_number(text, REFCARD_MAX_CHANNELS, &n))
		return wrong("--channels: \"%s\" is not a number from 0 to %d", text,
			     REFCARD_MAX_CHANNELS);
	o->channels = (unsigned int)n;
	return 0;
}

static int take_size(const char *text, struct options *o)
{
	unsigned int w, h;
	int end = 0;

	if (sscanf(text, "%6ux%6u%n", &w, &h, &end) != 2 || text[end])
		return wrong("--size: \"%s\" is not like 640x480", text);
	if (!w || w > PATTERN_MAX_WIDTH || w % WIDTH_UNIT)
		return wrong("--size: a line has %d to %u bytes, a multiple of %d, not %u",
			     WIDTH_UNIT, PATTERN_MAX_WIDTH, WIDTH_UNIT, w);
	if (!h || h > PATTERN_MAX_HEIGHT)
		return wrong("--size: a frame has 1 to %u lines, not %u", PATTERN_MAX_HEIGHT, h);
	o->width = w;
	o->height = h;
	return 0;
}

static int take_rate(const char *text, struct pace *pace)
{
	if (size_parse(text, &pace->rate) || !pace->rate)
		return wrong("--rate: \"%s\" is no number of bytes such as 350M", text);
	pace->fps = 0;
	return 0;
}

static int take_fps(const char *text, struct pace *pace)
{
	char *end;

	pace->rate = 0;
	pace->fps = strtod(text, &end);
	if (end == text || *end || !isfinite(pace->fps) || pace->fps <= 0)
		return wrong("--fps: \"%s\" is no number of frames a second such as 25", text);
	return 0;
}

static int take_stream(const char *source, struct options *o)
{
	if (o->streams == OPTIONS_STREAMS_MAX)
		return wrong("--stream: a card has %d channels at most", REFCARD_MAX_CHANNELS);
	o->stream[o->streams++] = source;
	return 0;
}

static int take_irq(const char *text, struct options *o)
{
	static const char *const names[] = { "msix", "msi", "intx", "none" };

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(text, names[i])) {
			o->irq = (enum options_irq)i;
			return 0;
		}
	}
	return wrong("--irq: \"%s\" is none of msix, msi, intx, none", text);
}

static int take_fault(const char *text, struct options *o)
{
	if (o->faults.count == FAULTS_MAX)
		return wrong("--fault: %d at most", FAULTS_MAX);
	if (fault_parse(text, &o->faults.fixed[o->faults.count]))
		return wrong("--fault: \"%s\" makes no sense; see uiocap-card(1)", text);
	o->faults.count++;
	return 0;
}

static int take_serial(const char *text, struct options *o)
{
	if (parse_number(text, UINT64_MAX, &o->serial))
		return wrong("--serial: \"%s\" is no number", text);
	return 0;
}

static int take(int opt, const char *arg, struct options *o, struct pace *pace)
{
	switch (opt) {
	case 's':
		o->socket = arg;
		return 0;
	case OPT_SOCKET_FD:
		return take_fd("socket-fd", arg, &o->socket_fd);
	case OPT_READY_FD:
		return take_fd("ready-fd", arg, &o->ready_fd);
	case OPT_ONCE:
		o->once = true;
		return 0;
	case OPT_STATS:
		o->stats = true;
		return 0;
	case 'c':
		return take_channels(arg, o);
	case OPT_SIZE:
		return take_size(arg, o);
	case OPT_RATE:
		return take_rate(arg, pace);
	case OPT_FPS:
		return take_fps(arg, pace);
	case OPT_UNPACED:
		*pace = (struct pace) { 0 };
		return 0;
	case OPT_NO_FIFO:
		o->no_fifo = true;
		return 0;
	case OPT_STREAM:
		return take_stream(arg, o);
	case OPT_IRQ:
		return take_irq(arg, o);
	case OPT_SERIAL:
		return take_serial(arg, o);
	case OPT_FAULT:
		return take_fault(arg, o);
	}
	fputs("Try \"uiocap-card --help\".\n", stderr);
	return -EINVAL;
}

static int set_period(struct options *o, const struct pace *pace)
{
	double bytes = (double)o->width * o->height * o->channels;
	double period = 0;

	if (pace->fps > 0)
		period = NS_PER_S / pace->fps;
	else if (pace->rate)
		period = bytes * NS_PER_S / (double)pace->rate;
	else
		return 0;
	if (!o->channels)
		return 0;
	if (period < 1 || period > UINT32_MAX)
		return wrong("a frame every %.3g ns: the card can do 1 to %u", period, UINT32_MAX);
	o->period_ns = (uint32_t)llround(period);
	return 0;
}

static int check(const struct options *o)
{
	if ((o->socket != NULL) == (o->socket_fd >= 0))
		return wrong("one of --socket and --socket-fd is needed");
	if (!(o->channels + o->streams) || o->channels + o->streams > REFCARD_MAX_CHANNELS)
		return wrong("a card has 1 to %d channels, not %u", REFCARD_MAX_CHANNELS,
			     o->channels + o->streams);
	return 0;
}

enum options_verdict options_parse(int argc, char **argv, struct options *o)
{
	struct pace pace = { .rate = DEFAULT_RATE };
	int opt;

	*o = (struct options) {
		.socket_fd = -1,
		.ready_fd = -1,
		.channels = DEFAULT_CHANNELS,
		.width = DEFAULT_WIDTH,
		.height = DEFAULT_HEIGHT,
		.serial = 1,
	};
	while ((opt = getopt_long(argc, argv, "s:c:hV", longopts, NULL)) != -1) {
		if (opt == 'h' || opt == 'V') {
			fputs(opt == 'h' ? usage : "uiocap-card " PACKAGE_VERSION "\n", stdout);
			return OPTIONS_DONE;
		}
		if (take(opt, optarg, o, &pace))
			return OPTIONS_WRONG;
	}
	if (optind < argc) {
		wrong("what is \"%s\"?", argv[optind]);
		return OPTIONS_WRONG;
	}
	return check(o) || set_period(o, &pace) ? OPTIONS_WRONG : OPTIONS_RUN;
}
