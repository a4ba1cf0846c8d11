// SPDX-License-Identifier: GPL-2.0-only
/*
 * attr.c - attributes of the PCI device
 *
 *	abi		UIO_STUB_ABI
 *	busy		1 while the node is open
 *	dma_size	bytes in the region
 *	irq_mode	the kind of interrupts; to be written also "auto"
 *	ack		"BAR STATUS ACK" in hexadecimal, or "none"
 *
 * Root may write the last three, while the node is closed.
 */
#include <linux/sysfs.h>

#include "stub.h"

static struct stub *attr_stub(struct device *dev)
{
	return pci_get_drvdata(to_pci_dev(dev));
}

/* Takes the lock, but not from an owner. */
static int attr_lock(struct stub *stub)
{
	mutex_lock(&stub->lock);
	if (!stub->owner)
		return 0;
	mutex_unlock(&stub->lock);
	return -EBUSY;
}

static ssize_t abi_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", UIO_STUB_ABI);
}
static DEVICE_ATTR_RO(abi);

static ssize_t busy_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(attr_stub(dev)->owner) ? 1 : 0);
}
static DEVICE_ATTR_RO(busy);

static ssize_t dma_size_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", attr_stub(dev)->info->dma_size);
}

static ssize_t dma_size_store(struct device *dev, struct device_attribute *attr,
			      const char *buf, size_t count)
{
	struct stub *stub = attr_stub(dev);
	char *end;
	u64 size = memparse(buf, &end);
	int ret;

	if (!size || size > LONG_MAX || !sysfs_streq(end, ""))
		return -EINVAL;
	ret = attr_lock(stub);
	if (ret)
		return ret;
	size = PAGE_ALIGN(size);
	if (size != stub->info->dma_size)
		ret = stub_dma_alloc(stub, size);
	mutex_unlock(&stub->lock);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(dma_size);

static int attr_set_irq(struct stub *stub, int mode, struct stub_ack ack)
{
	int ret;

	stub_irq_free(stub);
	stub->irq_mode = mode;
	stub->ack = ack;
	ret = stub_irq_alloc(stub);
	return ret ? ret : stub_irq_request(stub);
}

/* What cannot be had leaves it as it was. */
static int attr_change_irq(struct stub *stub, int mode, struct stub_ack ack)
{
	struct stub_ack old_ack = stub->ack;
	int old_mode = stub->irq_mode;
	int ret = attr_lock(stub);

	if (ret)
		return ret;
	ret = attr_set_irq(stub, mode, ack);
	if (ret)
		attr_set_irq(stub, old_mode, old_ack);
	mutex_unlock(&stub->lock);
	return ret;
}

static ssize_t irq_mode_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", stub_irq_modes[READ_ONCE(attr_stub(dev)->info->irq_kind)]);
}

static ssize_t irq_mode_store(struct device *dev, struct device_attribute *attr,
			      const char *buf, size_t count)
{
	struct stub *stub = attr_stub(dev);
	int mode = __sysfs_match_string(stub_irq_modes, -1, buf);
	int ret = mode < 0 ? mode : attr_change_irq(stub, mode, stub->ack);

	return ret ? ret : count;
}
static DEVICE_ATTR_RW(irq_mode);

static ssize_t ack_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct stub_ack *ack = &attr_stub(dev)->ack;

	if (ack->bar < 0)
		return sysfs_emit(buf, "none\n");
	return sysfs_emit(buf, "%x %x %x\n", ack->bar, ack->status, ack->ack);
}

static ssize_t ack_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	struct stub *stub = attr_stub(dev);
	struct stub_ack ack = { -1 };
	int ret, end = 0;

	if (!sysfs_streq(buf, "none")) {
		ret = sscanf(buf, "%x %x %x%n", &ack.bar, &ack.status, &ack.ack, &end);
		if (ret != 3 || !sysfs_streq(buf + end, ""))
			return -EINVAL;
		if (!stub_bar_has(stub, ack.bar, ack.status) || !stub_bar_has(stub, ack.bar, ack.ack))
			return -ENXIO;
	}
	ret = attr_change_irq(stub, stub->irq_mode, ack);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(ack);

static struct attribute *stub_attrs[] = {
	&dev_attr_abi.attr,
	&dev_attr_ack.attr,
	&dev_attr_busy.attr,
	&dev_attr_dma_size.attr,
	&dev_attr_irq_mode.attr,
	NULL
};
static const struct attribute_group stub_attr_group = { .attrs = stub_attrs };
const struct attribute_group *stub_attr_groups[] = { &stub_attr_group, NULL };
