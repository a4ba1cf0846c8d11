/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * regs.c - registers, interrupts and memory as they are: for bringing a card up
 */
#include <errno.h>

#include "internal.h"
#include "times.h"

const struct uiocap_register *uiocap_card_register(const struct uiocap_card *card, unsigned int n)
{
	return card->card->ops->reg ? card->card->ops->reg(card->card, n) : NULL;
}

size_t uiocap_bar_size(const struct uiocap_card *card, unsigned int bar)
{
	return card->t->ops->bar_size(card->t, bar);
}

static bool is_register(const struct uiocap_card *card, unsigned int bar, uint32_t offset)
{
	size_t size = uiocap_bar_size(card, bar);

	return offset % 4 == 0 && size >= 4 && offset <= size - 4;
}

int uiocap_reg_read(struct uiocap_card *card, unsigned int bar, uint32_t offset, uint32_t *value)
{
	if (!is_register(card, bar, offset))
		return -EINVAL;
	return card->t->ops->read32(card->t, bar, offset, value);
}

int uiocap_reg_write(struct uiocap_card *card, unsigned int bar, uint32_t offset, uint32_t value)
{
	if (!is_register(card, bar, offset))
		return -EINVAL;
	return card->t->ops->write32(card->t, bar, offset, value);
}

int uiocap_irq_get(const struct uiocap_card *card, unsigned int vector, struct uiocap_irq *out)
{
	if (vector >= card->t->vectors)
		return -EINVAL;
	card->t->ops->irq(card->t, vector, out);
	return 0;
}

int uiocap_irq_wait(struct uiocap_card *card, int64_t timeout_ns)
{
	struct transport *t = card->t;
	int err = t->ops->check(t);
	int ret = err ? err : t->ops->wait(t, timeout_ns);

	if (ret != 1)
		return ret;
	err = t->ops->check(t);		/* a reset ends the wait, too */
	if (err)
		return err;
	if (!t->acks && card->card->ops->ack)
		card->card->ops->ack(card->card);
	return 1;
}

int uiocap_irq_raise(struct uiocap_card *card, unsigned int vector)
{
	if (!card->card->ops->raise)
		return -ENOTSUP;
	return card->card->ops->raise(card->card, vector);
}

int uiocap_card_segment(const struct uiocap_card *card, unsigned int n, struct uiocap_segment *out)
{
	if (n >= card->t->segments)
		return -EINVAL;
	*out = card->t->segment[n];
	return 0;
}
