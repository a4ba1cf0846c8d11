// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/pci_regs.h>
#include <string.h>

#include "fake_device.h"

static struct fake_device *fake_of(struct device *dev)
{
	return (struct fake_device *)dev;
}

static uint32_t get32(const struct fake_device *fake, size_t off)
{
	uint32_t value;

	memcpy(&value, fake->bar + off, sizeof(value));
	return value;
}

static uint64_t get64(const struct fake_device *fake, size_t off)
{
	return get32(fake, off) | (uint64_t)get32(fake, off + 4) << 32;
}

static void set_intx(struct fake_device *fake, bool active)
{
	fake->config[PCI_STATUS] = active ? PCI_STATUS_INTERRUPT : 0;
	if (active && fake->dev.bus)
		fake->dev.bus->raise(fake->dev.bus, DEVICE_IRQ_INTX, 0);
}

static void copy(struct fake_device *fake)
{
	struct device_bus *bus = fake->dev.bus;
	uint32_t len = get32(fake, FAKE_COPY_LEN), done = 0;
	const void *from = bus->memory(bus, get64(fake, FAKE_COPY_FROM), len, false);
	void *to = bus->memory(bus, get64(fake, FAKE_COPY_TO), len, true);

	if (from && to) {
		memmove(to, from, len);
		done = 1;
	}
	memcpy(fake->bar + FAKE_COPY, &done, sizeof(done));
}

static void fake_read(struct device *dev, unsigned int region, uint64_t off, void *buf, size_t len)
{
	struct fake_device *fake = fake_of(dev);

	memcpy(buf, (region == DEVICE_REGION_CONFIG ? fake->config : fake->bar) + off, len);
}

static void fake_write(struct device *dev, unsigned int region, uint64_t off, const void *buf,
		       size_t len)
{
	struct fake_device *fake = fake_of(dev);

	fake->writes++;
	memcpy((region == DEVICE_REGION_CONFIG ? fake->config : fake->bar) + off, buf, len);
	if (region == DEVICE_REGION_CONFIG || len != 4)
		return;
	if (off == FAKE_RAISE_MSIX)
		dev->bus->raise(dev->bus, DEVICE_IRQ_MSIX, get32(fake, off));
	else if (off == FAKE_INTX)
		set_intx(fake, get32(fake, off) & 1);
	else if (off == FAKE_COPY)
		copy(fake);
}

static void fake_reset(struct device *dev)
{
	struct fake_device *fake = fake_of(dev);

	fake->resets++;
	memset(fake->bar, 0, sizeof(fake->bar));
	set_intx(fake, false);
}

static uint64_t fake_work(struct device *dev, uint64_t now_ns)
{
	struct fake_device *fake = fake_of(dev);

	fake->works++;
	if (fake->due_ns <= now_ns)
		fake->due_ns = UINT64_MAX;
	return fake->due_ns;
}

void fake_device_init(struct fake_device *fake)
{
	memset(fake, 0, sizeof(*fake));
	fake->due_ns = UINT64_MAX;
	fake->dev = (struct device){
		.region_size = {
			[0] = FAKE_BAR_SIZE,
			[DEVICE_REGION_CONFIG] = sizeof(fake->config),
		},
		.irqs = {
			[DEVICE_IRQ_INTX] = 1,
			[DEVICE_IRQ_MSI] = 1,
			[DEVICE_IRQ_MSIX] = FAKE_VECTORS,
		},
		.read = fake_read,
		.write = fake_write,
		.reset = fake_reset,
		.work = fake_work,
	};
	fake->config[PCI_VENDOR_ID] = FAKE_VENDOR & 0xff;
	fake->config[PCI_VENDOR_ID + 1] = FAKE_VENDOR >> 8;
	fake->config[PCI_DEVICE_ID] = FAKE_DEVICE & 0xff;
	fake->config[PCI_DEVICE_ID + 1] = FAKE_DEVICE >> 8;
	fake->config[PCI_CLASS_DEVICE + 1] = 0xff;
	fake->config[PCI_INTERRUPT_PIN] = 1;
}
