// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * metrics-text.c - figures in the text format of OpenMetrics 1.0
 *
 * https://prometheus.io/docs/specs/om/open_metrics_spec/: all samples of a family stand together,
 * below what it is; those of a counter end with _total; the last line is "# EOF".
 */
#include "metrics-text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "slots.h"

static void family(FILE *out, const char *name, const char *type, const char *unit,
		   const char *help)
{
	fprintf(out, "# TYPE %s %s\n", name, type);
	if (unit)
		fprintf(out, "# UNIT %s %s\n", name, unit);
	fprintf(out, "# HELP %s %s\n", name, help);
}

static void counter(FILE *out, const char *name, const char *unit, const char *help, uint64_t value)
{
	family(out, name, "counter", unit, help);
	fprintf(out, "%s_total %" PRIu64 "\n", name, value);
}

static void gauge(FILE *out, const char *name, const char *help, uint64_t value)
{
	family(out, name, "gauge", NULL, help);
	fprintf(out, "%s %" PRIu64 "\n", name, value);
}

/* Slots are PCI addresses and models words of ours; yet no label may break the syntax. */
static void label(FILE *out, const char *text)
{
	for (; *text; text++)
		if (*text == '\\' || *text == '"')
			fprintf(out, "\\%c", *text);
		else if (*text != '\n')
			fputc(*text, out);
}

static void write_card(FILE *out, const struct source *source)
{
	const struct uiocap_card_info *info = source_info(source);

	family(out, "uiocap_card", "info", NULL, "The card that is captured from.");
	fputs("uiocap_card_info{spec=\"", out);
	label(out, info->spec);
	fputs("\",slot=\"", out);
	label(out, info->slot);
	fputs("\",model=\"", out);
	label(out, info->model);
	fprintf(out, "\",serial=\"0x%016" PRIx64 "\"} 1\n", info->serial);
}

static void write_frames(FILE *out, const struct source *source)
{
	static const char name[] = "uiocap_channel_frames";

	family(out, name, "counter", NULL,
	       "Frames that the channel has produced, by what became of them.");
	for (unsigned int n = 0; n < source_channels(source); n++) {
		struct uiocap_stats stats;

		source_get_stats(source, n, &stats);
		fprintf(out, "%s_total{channel=\"%u\",result=\"whole\"} %" PRIu64 "\n", name, n,
			stats.delivered);
		fprintf(out, "%s_total{channel=\"%u\",result=\"incomplete\"} %" PRIu64 "\n", name,
			n, stats.incomplete);
		fprintf(out, "%s_total{channel=\"%u\",result=\"lost\"} %" PRIu64 "\n", name, n,
			stats.lost);
	}
}

static void write_bytes(FILE *out, const struct source *source)
{
	family(out, "uiocap_channel_bytes", "counter", "bytes", "Payload that has arrived.");
	for (unsigned int n = 0; n < source_channels(source); n++) {
		struct uiocap_stats stats;

		source_get_stats(source, n, &stats);
		fprintf(out, "uiocap_channel_bytes_total{channel=\"%u\"} %" PRIu64 "\n", n,
			stats.bytes);
	}
}

static void write_resets(FILE *out, const struct source *source)
{
	family(out, "uiocap_channel_resets", "counter", NULL,
	       "How often the channel was started anew after a reset of the card.");
	for (unsigned int n = 0; n < source_channels(source); n++) {
		struct uiocap_stats stats;

		source_get_stats(source, n, &stats);
		fprintf(out, "uiocap_channel_resets_total{channel=\"%u\"} %" PRIu64 "\n", n,
			stats.resets);
	}
}

static void write_clients(FILE *out, const struct server *server)
{
	struct server_totals totals;

	server_get_totals(server, &totals);
	gauge(out, "uiocap_clients", "Clients that are connected.", totals.clients);
	counter(out, "uiocap_client_frames", NULL, "Frames sent to clients.", totals.sent);
	counter(out, "uiocap_client_lost_frames", NULL,
		"Frames that a client had given no buffer for.", totals.lost);
	counter(out, "uiocap_client_bytes", "bytes", "Payload in the frames sent to clients.",
		totals.bytes);
}

static void write_ring(FILE *out, const struct source *source)
{
	const struct slots *slots = source_slots(source);

	counter(out, "uiocap_copied_bytes", "bytes", "Payload copied into the ring.",
		source_copied(source));
	gauge(out, "uiocap_ring_slots", "Frames that the ring has room for.", slots_count(slots));
	gauge(out, "uiocap_ring_reserved_slots", "Of these, reserved by clients.",
	      slots_reserved(slots));
	gauge(out, "uiocap_ring_used_slots", "Of these, with a frame that a client holds.",
	      slots_used(slots));
}

char *metrics_text(const struct source *source, const struct server *server)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	write_card(out, source);
	write_frames(out, source);
	write_bytes(out, source);
	write_resets(out, source);
	counter(out, "uiocap_interrupts", NULL, "Interrupts of the card.", source_irqs(source));
	counter(out, "uiocap_lost_interrupts", NULL,
		"Interrupts that the card owed for a frame and that never came.",
		source_lost_irqs(source));
	write_clients(out, server);
	write_ring(out, source);
	fputs("# EOF\n", out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
