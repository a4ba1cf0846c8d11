// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report.c - what came of a capture
 */
#include <inttypes.h>

#include "report.h"
#include "table.h"

static const struct column columns[] = {
	{ .key = "channel", .title = "CHANNEL", .right = true },
	{ .key = "frames", .title = "FRAMES", .right = true },
	{ .key = "lost", .title = "LOST", .right = true, .alarm = true },
	{ .key = "incomplete", .title = "INCOMPLETE", .right = true, .alarm = true },
	{ .key = "damaged", .title = "DAMAGED", .right = true, .alarm = true, .hidden = true },
	{ .key = "fps", .title = "FPS", .right = true, .decimals = 2 },
	{ .key = "mb_per_s", .title = "MB/s", .right = true, .decimals = 2 },
	{ 0 },
};

static const char *const end_names[] = {
	[CAPTURE_COUNT] = "count",
	[CAPTURE_DURATION] = "duration",
	[CAPTURE_SIGNAL] = "signal",
	[CAPTURE_READER] = "reader",
	[CAPTURE_SOURCE] = "source",
	[CAPTURE_TIMEOUT] = "timeout",
	[CAPTURE_FAILURE] = "failure",
};

static double ratio(double a, double b)
{
	return b > 0 ? a / b : 0;
}

static void put_tally(struct json_object *row, const struct tally *t,
		      const struct capture_options *o, double seconds)
{
	put_number(row, "produced", t->produced);
	put_number(row, "frames", t->frames);
	put_number(row, "lost", t->lost);
	put_number(row, "incomplete", t->incomplete);
	if (o->sink->checks)
		put_number(row, "damaged", t->damaged);
	else
		put_text(row, "damaged", NULL);
	put_number(row, "resets", t->resets);
	put_number(row, "reset_lost", t->reset_lost);
	put_number(row, "bytes", t->bytes);
	put_real(row, "fps", ratio((double)t->frames, seconds));
	put_real(row, "mb_per_s", ratio((double)t->bytes / 1e6, seconds));
}

static struct json_object *channel_rows(const struct capture_options *o,
					const struct capture_result *r)
{
	struct json_object *rows = json_object_new_array();
	double seconds = (double)r->usage.wall_ns / 1e9;

	for (unsigned int n = 0; n < SINK_CHANNELS; n++) {
		struct json_object *row;

		if (!r->tally[n].channel)
			continue;
		row = json_object_new_object();
		put_number(row, "channel", n);
		put_tally(row, &r->tally[n], o, seconds);
		json_object_array_add(rows, row);
	}
	return rows;
}

static struct json_object *total_object(const struct capture_options *o,
					const struct capture_result *r)
{
	const struct usage *u = &r->usage;
	struct json_object *total = json_object_new_object();
	double gigabytes = (double)r->total.bytes / 1e9;
	double driver_s = (double)(u->cpu_ns - u->sink_cpu_ns) / 1e9;

	put_tally(total, &r->total, o, (double)u->wall_ns / 1e9);
	put_real(total, "cpu_s", driver_s);
	put_real(total, "cpu_s_per_gb", ratio(driver_s, gigabytes));
	put_real(total, "sink_cpu_s", (double)u->sink_cpu_ns / 1e9);
	put_number(total, "interrupts", u->interrupts);
	put_number(total, "lost_interrupts", u->lost_irqs);
	put_number(total, "syscalls", u->syscalls);
	put_real(total, "syscalls_per_frame", ratio((double)u->syscalls, (double)r->total.frames));
	return total;
}

static uint64_t get_number(struct json_object *from, const char *key)
{
	return json_object_get_uint64(json_object_object_get(from, key));
}

static int print_totals(FILE *out, const struct capture_options *o, struct json_object *total)
{
	double sink_s = json_object_get_double(json_object_object_get(total, "sink_cpu_s"));

	fprintf(out, "\nIn all        %.2f MB/s, %" PRIu64 " frames, %" PRIu64 " lost\n",
		json_object_get_double(json_object_object_get(total, "mb_per_s")),
		get_number(total, "frames"), get_number(total, "lost"));
	if (o->on_reset == UIOCAP_ON_RESET_RESUME)
		fprintf(out, "Resets        %" PRIu64 ", which cost %" PRIu64 " of these\n",
			get_number(total, "resets"), get_number(total, "reset_lost"));
	fprintf(out, "CPU time      %.3f s per GB",
		json_object_get_double(json_object_object_get(total, "cpu_s_per_gb")));
	if (o->sink->frame)
		fprintf(out, ", and %.3f s in all for %s", sink_s, o->sink->name);
	fprintf(out, "\nInterrupts    %" PRIu64, get_number(total, "interrupts"));
	if (get_number(total, "lost_interrupts"))
		fprintf(out, ", and %" PRIu64 " lost", get_number(total, "lost_interrupts"));
	fprintf(out, "\nSystem calls  %.2f per frame\n",
		json_object_get_double(json_object_object_get(total, "syscalls_per_frame")));
	return ferror(out) ? -1 : 0;
}

int report_table(FILE *out, const struct capture_options *o, const struct capture_result *r)
{
	struct table_style style = { 0 };
	struct json_object *rows = channel_rows(o, r), *total = total_object(o, r);
	int err;

	if (o->sink->checks)
		style.columns = "CHANNEL,FRAMES,LOST,INCOMPLETE,DAMAGED,FPS,MB/s";
	err = table_print(out, columns, &style, rows);
	if (!err)
		err = print_totals(out, o, total);
	json_object_put(rows);
	json_object_put(total);
	return err;
}

int report_json(FILE *out, const struct device *device, const struct capture_options *o,
		const struct capture_result *r)
{
	struct json_object *document = json_object_new_object();
	int err;

	put_text(document, "device", device->info.spec);
	put_text(document, "model", device->info.model);
	put_text(document, "format", o->sink->name);
	put_text(document, "end", end_names[r->end]);
	put_real(document, "seconds", (double)r->usage.wall_ns / 1e9);
	json_object_object_add(document, "channels", channel_rows(o, r));
	json_object_object_add(document, "total", total_object(o, r));
	err = json_print(out, document);
	json_object_put(document);
	return err;
}
