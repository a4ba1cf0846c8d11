// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of the PCI device. Root may write the last three, while the node is closed.
 *
 *	busy		1 while the node is open
 *	dma_size	bytes in the region
 *	irq_mode	the kind of interrupts; to be written also "auto"
 *	ack		"BAR STATUS ACK" in hexadecimal, or "none"
 */
#include <linux/sysfs.h>

#include "stub.h"

static const char * const attr_irq_modes[] = { "none", "intx", "msi", "msix", "auto" };
static struct device_attribute attr_busy, attr_dma_size, attr_irq_mode, attr_ack;

static ssize_t attr_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct stub *stub = dev_get_drvdata(dev);

	if (attr == &attr_busy)
		return sysfs_emit(buf, "%d\n", READ_ONCE(stub->owner) ? 1 : 0);
	if (attr == &attr_dma_size)
		return sysfs_emit(buf, "%llu\n", stub->info->dma_size);
	if (attr == &attr_irq_mode)
		return sysfs_emit(buf, "%s\n", attr_irq_modes[READ_ONCE(stub->info->irq_kind)]);
	if (stub->ack.bar < 0)
		return sysfs_emit(buf, "none\n");
	return sysfs_emit(buf, "%x %x %x\n", stub->ack.bar, stub->ack.status, stub->ack.ack);
}

static int attr_set_dma_size(struct stub *stub, const char *buf)
{
	char *end;
	u64 size = memparse(buf, &end);

	if (!size || size > LONG_MAX || !sysfs_streq(end, ""))
		return -EINVAL;
	return stub_dma_resize(stub, size);
}

/* What cannot be had leaves in force what there was. */
static int attr_set_irq(struct stub *stub, int mode, struct stub_ack ack)
{
	int old = stub->info->irq_kind, ret;

	swap(stub->ack, ack);
	ret = mode < 0 ? mode : stub_irq_setup(stub, mode);
	if (ret) {
		stub->ack = ack;
		stub_irq_setup(stub, old);
	}
	return ret;
}

static int attr_set_ack(struct stub *stub, const char *buf)
{
	struct stub_ack ack = { -1 };
	int end = 0;

	if (!sysfs_streq(buf, "none")) {
		if (sscanf(buf, "%x %x %x%n", &ack.bar, &ack.status, &ack.ack, &end) != 3 ||
		    !sysfs_streq(buf + end, ""))
			return -EINVAL;
		if (ack.bar < 0 || ack.bar >= PCI_STD_NUM_BARS || (ack.status | ack.ack) % 4 ||
		    max(ack.status, ack.ack) >= stub->bar_len[ack.bar])
			return -ENXIO;
	}
	return attr_set_irq(stub, stub->info->irq_kind, ack);
}

/* What an owner has stays as it is. */
static ssize_t attr_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct stub *stub = dev_get_drvdata(dev);
	int ret = -EBUSY;

	mutex_lock(&stub->lock);
	if (!stub->owner)
		ret = attr == &attr_dma_size ? attr_set_dma_size(stub, buf) :
		      attr == &attr_ack ? attr_set_ack(stub, buf) :
		      attr_set_irq(stub, sysfs_match_string(attr_irq_modes, buf), stub->ack);
	mutex_unlock(&stub->lock);
	return ret ? ret : count;
}

static struct device_attribute attr_busy = __ATTR(busy, 0444, attr_show, NULL);
static struct device_attribute attr_dma_size = __ATTR(dma_size, 0644, attr_show, attr_store);
static struct device_attribute attr_irq_mode = __ATTR(irq_mode, 0644, attr_show, attr_store);
static struct device_attribute attr_ack = __ATTR(ack, 0644, attr_show, attr_store);

static struct attribute *attr_all[] = {
	&attr_busy.attr, &attr_dma_size.attr, &attr_irq_mode.attr, &attr_ack.attr, NULL
};

static const struct attribute_group attr_group = { .attrs = attr_all };
const struct attribute_group *stub_attr_groups[] = { &attr_group, NULL };
