// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verb-info.c - uiocap info: what a card is and has
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "device.h"
#include "table.h"
#include "talk.h"

#define BARS	6	/* of a PCI function */

struct settings {
	const char *device;
	const char *model;
	bool json;
};

static const struct option_spec options[] = {
	OPTION_DEVICE,
	OPTION_MODEL,
	OPTION_JSON,
	{ 0 },
};

static const struct column fields[] = {
	{ .key = "device", .title = "Device" },
	{ .key = "model", .title = "Model" },
	{ .key = "serial", .title = "Serial" },
	{ .key = "transport", .title = "Transport" },
	{ .key = "slot", .title = "Slot" },
	{ .key = "link", .title = "Link" },
	{ .key = "interrupts", .title = "Interrupts" },
	{ .key = "vectors", .title = "Vectors" },
	{ .key = "dma_bytes", .title = "DMA bytes" },
	{ .key = "dma_mapping", .title = "DMA mapping" },
	{ .key = "iommu", .title = "IOMMU" },
	{ 0 },
};

static const struct column bar_columns[] = {
	{ .key = "bar", .title = "BAR", .right = true },
	{ .key = "bytes", .title = "BYTES", .right = true },
	{ .key = "mapping", .title = "MAPPING" },
	{ 0 },
};

static const struct column segment_columns[] = {
	{ .key = "segment", .title = "SEGMENT", .right = true },
	{ .key = "bus", .title = "BUS ADDRESS" },
	{ .key = "bytes", .title = "BYTES", .right = true },
	{ 0 },
};

static const struct column channel_columns[] = {
	{ .key = "channel", .title = "CHANNEL", .right = true },
	{ .key = "kind", .title = "KIND" },
	{ .key = "width", .title = "WIDTH", .right = true },
	{ .key = "height", .title = "HEIGHT", .right = true },
	{ .key = "fps", .title = "FPS", .right = true, .decimals = 2 },
	{ .key = "chunk_lines", .title = "CHUNK LINES", .right = true },
	{ 0 },
};

static const char *const irq_names[] = {
	[UIOCAP_IRQ_NONE] = "none",
	[UIOCAP_IRQ_INTX] = "INTx",
	[UIOCAP_IRQ_MSI] = "MSI",
	[UIOCAP_IRQ_MSIX] = "MSI-X",
};

static int take_option(void *data, int key, const char *value)
{
	struct settings *s = data;

	switch (key) {
	case 'd':
		s->device = value;
		break;
	case 'J':
		s->json = true;
		break;
	default:
		s->model = value;
		break;
	}
	return 0;
}

/* One line of a PCI function's directory in /sys, or "". */
static void read_attribute(const char *slot, const char *name, char *buf, int size)
{
	char path[128];
	FILE *f;

	*buf = '\0';
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", slot, name);
	f = fopen(path, "re");
	if (!f)
		return;
	if (fgets(buf, size, f))
		buf[strcspn(buf, "\n")] = '\0';
	fclose(f);
}

/* "5.0 GT/s PCIe x4 of 8.0 GT/s PCIe x8": what it could be shows a card in a slot too narrow. */
static void put_link(struct json_object *o, const char *slot)
{
	char speed[32], width[8], max_speed[32], max_width[8], text[96];

	read_attribute(slot, "current_link_speed", speed, sizeof(speed));
	read_attribute(slot, "current_link_width", width, sizeof(width));
	read_attribute(slot, "max_link_speed", max_speed, sizeof(max_speed));
	read_attribute(slot, "max_link_width", max_width, sizeof(max_width));
	snprintf(text, sizeof(text), "%s x%s of %s x%s", speed, width, max_speed, max_width);
	put_text(o, "link", *slot && *speed ? text : NULL);
}

/*
 * How the processor sees a map, which decides what a read costs: as uio_stub.h has it. Of the
 * region that holds where DMA is coherent, which is not known of other architectures. A card that
 * is a program shares memory, and its registers are messages.
 */
static const char *mapping_of(const struct uiocap_card_info *info, bool registers)
{
	bool stub = strcmp(info->transport, "uio") == 0;

	if (registers)
		return stub ? "uncached" : NULL;
#ifndef __x86_64__
	if (stub)
		return NULL;
#endif
	return "cached";
}

static struct json_object *card_object(const struct uiocap_card_info *info)
{
	struct json_object *o = json_object_new_object();

	put_text(o, "device", info->spec);
	put_text(o, "model", info->model);
	if (info->serial)
		put_hex(o, "serial", info->serial, 16);
	else
		put_text(o, "serial", NULL);
	put_text(o, "transport", info->transport);
	put_text(o, "slot", *info->slot ? info->slot : NULL);
	put_link(o, info->slot);
	put_text(o, "interrupts", irq_names[info->irq_kind]);
	put_number(o, "vectors", info->vectors);
	put_number(o, "dma_bytes", info->dma_bytes);
	put_text(o, "dma_mapping", mapping_of(info, false));
	put_flag(o, "iommu", info->iommu);
	return o;
}

static struct json_object *bar_rows(const struct device *device)
{
	struct json_object *rows = json_object_new_array();

	for (unsigned int bar = 0; bar < BARS; bar++) {
		size_t bytes = uiocap_bar_size(device->card, bar);
		struct json_object *row;

		if (!bytes)
			continue;
		row = json_object_new_object();
		put_number(row, "bar", bar);
		put_number(row, "bytes", bytes);
		put_text(row, "mapping", mapping_of(&device->info, true));
		json_object_array_add(rows, row);
	}
	return rows;
}

static struct json_object *segment_rows(const struct uiocap_card *card)
{
	struct json_object *rows = json_object_new_array();
	struct uiocap_segment segment;

	for (unsigned int n = 0; !uiocap_card_segment(card, n, &segment); n++) {
		struct json_object *row = json_object_new_object();

		put_number(row, "segment", n);
		put_hex(row, "bus", segment.bus, 1);
		put_number(row, "bytes", segment.len);
		json_object_array_add(rows, row);
	}
	return rows;
}

static struct json_object *channel_row(const struct uiocap_channel *channel)
{
	struct json_object *row = json_object_new_object();
	struct uiocap_channel_info info;

	uiocap_channel_get_info(channel, &info);
	put_number(row, "channel", info.number);
	put_text(row, "kind", info.kind == UIOCAP_CHANNEL_VIDEO ? "video" : "stream");
	put_number(row, "width", info.width_bytes);
	put_number(row, "height", info.height);
	if (info.period_ns)
		put_real(row, "fps", 1e9 / (double)info.period_ns);
	else
		put_text(row, "fps", NULL);
	put_number(row, "chunk_lines", info.chunk_lines);
	return row;
}

static struct json_object *channel_rows(const struct device *device)
{
	struct json_object *rows = json_object_new_array();

	for (unsigned int n = 0; n < device->info.channels; n++)
		json_object_array_add(rows, channel_row(uiocap_card_channel(device->card, n)));
	return rows;
}

static int print_part(const struct column *columns, struct json_object *o, const char *key)
{
	struct json_object *rows = json_object_object_get(o, key);

	if (json_object_array_length(rows) == 0)
		return 0;
	putchar('\n');
	return table_print(stdout, columns, &(struct table_style){ 0 }, rows);
}

static int print_all(struct json_object *o)
{
	int err = record_print(stdout, fields, o);

	if (!err)
		err = print_part(bar_columns, o, "bars");
	if (!err)
		err = print_part(segment_columns, o, "segments");
	if (!err)
		err = print_part(channel_columns, o, "channels");
	return err;
}

static int show(const struct settings *s, const struct device *device)
{
	struct json_object *o = card_object(&device->info);
	int err;

	json_object_object_add(o, "bars", bar_rows(device));
	json_object_object_add(o, "segments", segment_rows(device->card));
	json_object_object_add(o, "channels", channel_rows(device));
	err = s->json ? json_print(stdout, o) : print_all(o);
	json_object_put(o);
	return err ? say_failed("show the card", err) : EXIT_OK;
}

static int run(int argc, char **argv)
{
	struct settings s = { 0 };
	int code = options_parse(&verb_info, argc, argv, take_option, &s);
	struct device device;

	if (code != OPTIONS_DONE)
		return code;
	if (optind < argc)
		s.device = argv[optind++];
	if (optind < argc)
		return usage_error(&verb_info, "unexpected '%s': one card at a time", argv[optind]);
	code = device_open(s.device, s.model, &device);
	if (code)
		return code;
	code = show(&s, &device);
	device_close(&device);
	return code;
}

const struct verb verb_info = {
	.name = "info",
	.operands = "[DEVICE]",
	.summary = "Show what a card is: link, interrupts, memory, channels",
	.options = options,
	.run = run,
};
