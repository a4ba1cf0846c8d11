# SPDX-License-Identifier: GPL-2.0-or-later
# lockdown=integrity: the module loads if it is signed and not else, and the card works as ever
# shellcheck shell=dash

host()
{
	only debug || return 0
	cmdline lockdown=integrity
	card card --channels=8 --size=640x480 --rate=20M
	sign_module "$dir/signed.ko"
	file "$dir/signed.ko"
}

# sign_module FILE: a copy of the module, signed as uio_stub(4) says, with the key of this kernel.
sign_module()
{
	tree=$kernel/root/usr/src/linux-headers-$(cat "$kernel/release")
	cp "$module" "$1"
	"$tree/scripts/sign-file" sha256 "$tree/certs/signing_key.pem" "$tree/certs/signing_key.x509" "$1"
}

# In the middle of a module, a byte that the loader would not mind.
change_byte()
{
	cp "$1" "$2"
	printf 'x' | dd of="$2" bs=1 seek=64 conv=notrunc
}

guest()
{
	mount -t securityfs security /sys/kernel/security
	check "the kernel is locked down" grep -F '[integrity]' /sys/kernel/security/lockdown
	check_code "an unsigned module is refused" 1 insmod /modules/uio_stub.ko
	check "because of that" dmesg_has 'Lockdown: insmod: unsigned module loading is restricted'
	change_byte /signed.ko /tmp/changed.ko
	check_code "one that was changed after it was signed is refused, EKEYREJECTED" 129 \
		insmod /tmp/changed.ko

	mv /signed.ko /modules/uio_stub.ko
	card_up msix || return
	capture "MSI-X" -c all -t 1s -f check-edges --hold -w interrupt
	check "and registers can be read" uiocap regs -d uio0 peek ID
	check_code "while the card's configuration is not for writing" 1 write_config
}

dmesg_has()
{
	dmesg | grep "$1"
}

write_config()
{
	dd if=/dev/zero of="/sys/bus/pci/devices/$slot/config" bs=1 count=1 seek=13 conv=notrunc
}
