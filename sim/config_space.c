// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * config_space.c - a PCI Express endpoint's header and capabilities
 *
 * Names of registers and bits are those of linux/pci_regs.h, which follow the PCI specifications.
 */
#include "config_space.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "uiocap/refcard.h"

/* §2: where the capabilities are */
#define PM_CAP		0x40
#define MSI_CAP		0x50
#define MSIX_CAP	0x70
#define EXP_CAP		0x80
#define AER_CAP		0x100
#define DSN_CAP		0x150

#define CLASS_SIGNAL_PROCESSING	0x118000u	/* "other": base class 11, sub-class 80 */

#define PBA_OFFSET	0x800	/* in REFCARD_MSIX_BAR; the table is at 0 */

#define PAYLOAD_256	1	/* of PCI_EXP_DEVCAP_PAYLOAD */

#define COMMAND_BITS	(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY | \
			 PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE)

/* Little-endian, whatever the machine is. */
static void put(uint8_t *bytes, size_t off, uint64_t value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[off + i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get16(const struct config_space *cs, size_t off)
{
	return cs->bytes[off] | cs->bytes[off + 1] << 8;
}

static void set16(struct config_space *cs, size_t off, uint16_t value, uint16_t rw)
{
	put(cs->bytes, off, value, 2);
	put(cs->rw, off, rw, 2);
}

static void set32(struct config_space *cs, size_t off, uint32_t value, uint32_t rw)
{
	put(cs->bytes, off, value, 4);
	put(cs->rw, off, rw, 4);
}

static void add_header(struct config_space *cs, const struct config_choice *choice)
{
	set16(cs, PCI_VENDOR_ID, REFCARD_VENDOR_ID, 0);
	set16(cs, PCI_DEVICE_ID, REFCARD_DEVICE_ID, 0);
	set16(cs, PCI_COMMAND, 0, COMMAND_BITS);
	set16(cs, PCI_STATUS, PCI_STATUS_CAP_LIST, 0);
	set32(cs, PCI_CLASS_REVISION, CLASS_SIGNAL_PROCESSING << 8 | 1, 0);
	put(cs->rw, PCI_CACHE_LINE_SIZE, 0xff, 1);
	set32(cs, PCI_BASE_ADDRESS_0 + 4 * REFCARD_BAR, 0, ~(REFCARD_BAR_SIZE - 1u));
	if (choice->msix)
		set32(cs, PCI_BASE_ADDRESS_0 + 4 * REFCARD_MSIX_BAR, 0,
		      ~(REFCARD_MSIX_BAR_SIZE - 1u));
	set16(cs, PCI_SUBSYSTEM_VENDOR_ID, REFCARD_VENDOR_ID, 0);
	set16(cs, PCI_SUBSYSTEM_ID, REFCARD_DEVICE_ID, 0);
	put(cs->rw, PCI_INTERRUPT_LINE, 0xff, 1);
	put(cs->bytes, PCI_INTERRUPT_PIN, choice->intx, 1);
}

/* Puts a capability at the end of the list; @link is where the list's last pointer is. */
static size_t link_capability(struct config_space *cs, size_t link, uint8_t off, uint8_t id)
{
	cs->bytes[link] = off;
	cs->bytes[off + PCI_CAP_LIST_ID] = id;
	return off + PCI_CAP_LIST_NEXT;
}

static void add_power(struct config_space *cs)
{
	set16(cs, PM_CAP + PCI_PM_PMC, 3, 0);
	set16(cs, PM_CAP + PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET, PCI_PM_CTRL_STATE_MASK);
}

static void add_msi(struct config_space *cs)
{
	set16(cs, MSI_CAP + PCI_MSI_FLAGS, PCI_MSI_FLAGS_64BIT, PCI_MSI_FLAGS_ENABLE);
	set32(cs, MSI_CAP + PCI_MSI_ADDRESS_LO, 0, ~3u);
	set32(cs, MSI_CAP + PCI_MSI_ADDRESS_HI, 0, ~0u);
	set16(cs, MSI_CAP + PCI_MSI_DATA_64, 0, 0xffff);
}

static void add_msix(struct config_space *cs)
{
	set16(cs, MSIX_CAP + PCI_MSIX_FLAGS, REFCARD_VECTORS - 1,
	      PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	set32(cs, MSIX_CAP + PCI_MSIX_TABLE, REFCARD_MSIX_BAR, 0);
	set32(cs, MSIX_CAP + PCI_MSIX_PBA, PBA_OFFSET | REFCARD_MSIX_BAR, 0);
}

/* An endpoint of PCI Express 1.1 speed, eight lanes wide: 2 GB/s before overhead. */
static void add_express(struct config_space *cs)
{
	set16(cs, EXP_CAP + PCI_EXP_FLAGS, 2 | PCI_EXP_TYPE_ENDPOINT << 4, 0);
	set32(cs, EXP_CAP + PCI_EXP_DEVCAP, PAYLOAD_256 | PCI_EXP_DEVCAP_EXT_TAG |
	      PCI_EXP_DEVCAP_RBER | PCI_EXP_DEVCAP_FLR, 0);
	set16(cs, EXP_CAP + PCI_EXP_DEVCTL,
	      PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_NOSNOOP_EN | PCI_EXP_DEVCTL_READRQ_512B,
	      0x7fff);
	set32(cs, EXP_CAP + PCI_EXP_LNKCAP, PCI_EXP_LNKCAP_SLS_2_5GB | 8 << 4, 0);
	set16(cs, EXP_CAP + PCI_EXP_LNKCTL, 0, PCI_EXP_LNKCTL_RCB | PCI_EXP_LNKCTL_CCC |
	      PCI_EXP_LNKCTL_ES);
	set16(cs, EXP_CAP + PCI_EXP_LNKSTA, PCI_EXP_LNKSTA_CLS_2_5GB | PCI_EXP_LNKSTA_NLW_X8 |
	      PCI_EXP_LNKSTA_SLC, 0);
	set32(cs, EXP_CAP + PCI_EXP_DEVCAP2, PCI_EXP_DEVCAP2_COMP_TMOUT_DIS, 0);
	set16(cs, EXP_CAP + PCI_EXP_DEVCTL2, 0, PCI_EXP_DEVCTL2_COMP_TMOUT_DIS);
}

static void add_extended(struct config_space *cs, uint64_t serial)
{
	const uint32_t uncorrectable = PCI_ERR_UNC_DLP | PCI_ERR_UNC_POISON_TLP | PCI_ERR_UNC_FCP |
		PCI_ERR_UNC_COMP_TIME | PCI_ERR_UNC_COMP_ABORT | PCI_ERR_UNC_UNX_COMP |
		PCI_ERR_UNC_RX_OVER | PCI_ERR_UNC_MALF_TLP | PCI_ERR_UNC_ECRC | PCI_ERR_UNC_UNSUP;
	const uint32_t fatal = PCI_ERR_UNC_DLP | PCI_ERR_UNC_FCP | PCI_ERR_UNC_RX_OVER |
		PCI_ERR_UNC_MALF_TLP;
	const uint32_t correctable = PCI_ERR_COR_RCVR | PCI_ERR_COR_BAD_TLP | PCI_ERR_COR_BAD_DLLP |
		PCI_ERR_COR_REP_ROLL | PCI_ERR_COR_REP_TIMER | PCI_ERR_COR_ADV_NFAT;

	set32(cs, AER_CAP, PCI_EXT_CAP_ID_ERR | 2 << 16 | (uint32_t)DSN_CAP << 20, 0);
	set32(cs, AER_CAP + PCI_ERR_UNCOR_MASK, 0, uncorrectable);
	set32(cs, AER_CAP + PCI_ERR_UNCOR_SEVER, fatal, uncorrectable);
	set32(cs, AER_CAP + PCI_ERR_COR_MASK, PCI_ERR_COR_ADV_NFAT, correctable);
	set32(cs, DSN_CAP, PCI_EXT_CAP_ID_DSN | 1 << 16, 0);
	put(cs->bytes, DSN_CAP + 4, serial, 8);
}

void config_space_reset(struct config_space *cs, const struct config_choice *choice)
{
	size_t link = PCI_CAPABILITY_LIST;

	memset(cs, 0, sizeof(*cs));
	add_header(cs, choice);
	link = link_capability(cs, link, PM_CAP, PCI_CAP_ID_PM);
	add_power(cs);
	if (choice->msi) {
		link = link_capability(cs, link, MSI_CAP, PCI_CAP_ID_MSI);
		add_msi(cs);
	}
	if (choice->msix) {
		link = link_capability(cs, link, MSIX_CAP, PCI_CAP_ID_MSIX);
		add_msix(cs);
	}
	link_capability(cs, link, EXP_CAP, PCI_CAP_ID_EXP);
	add_express(cs);
	add_extended(cs, choice->serial);
}

void config_space_read(const struct config_space *cs, size_t off, void *buf, size_t len)
{
	memcpy(buf, cs->bytes + off, len);
}

bool config_space_write(struct config_space *cs, size_t off, const void *buf, size_t len)
{
	/* "Initiate FLR" is bit 15 of Device Control, and always reads 0. */
	const size_t flr = EXP_CAP + PCI_EXP_DEVCTL + 1;
	const uint8_t *from = buf;

	for (size_t i = 0; i < len; i++) {
		uint8_t *byte = &cs->bytes[off + i];
		uint8_t rw = cs->rw[off + i];

		*byte = (uint8_t)((*byte & ~rw) | (from[i] & rw));
	}
	return off <= flr && flr < off + len && from[flr - off] & PCI_EXP_DEVCTL_BCR_FLR >> 8;
}

bool config_space_may_master(const struct config_space *cs)
{
	return get16(cs, PCI_COMMAND) & PCI_COMMAND_MASTER &&
	       !(get16(cs, PM_CAP + PCI_PM_CTRL) & PCI_PM_CTRL_STATE_MASK);
}

bool config_space_intx_disabled(const struct config_space *cs)
{
	return get16(cs, PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE;
}

void config_space_show_intx(struct config_space *cs, bool pending)
{
	uint16_t status = (uint16_t)(get16(cs, PCI_STATUS) & ~PCI_STATUS_INTERRUPT);

	put(cs->bytes, PCI_STATUS, status | (pending ? PCI_STATUS_INTERRUPT : 0), 2);
}
