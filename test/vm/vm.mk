# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The module: for the running kernel or another (make module KERNEL=6.1), for
# all the kernels that the tests run on (make modules); and its installation.

KERNELS	= 6.1 6.12 7
RUNNING	= $(shell uname -r)
KDIR	?= /lib/modules/$(RUNNING)/build
BUILD_PACKAGES = gcc libc6-dev make
VM_PACKAGES = $(BUILD_PACKAGES) busybox-static cpio kmod libelf1 pahole perl \
	      qemu-system-x86 xz-utils zstd

modules: $(KERNELS:%=$(BUILD)/module/%/keyvault.ko)

$(KERNELS:%=$(BUILD)/module/%/keyvault.ko): $(BUILD)/module/%/keyvault.ko: FORCE
	BUILD=$(BUILD) test/vm/module $*

# For the running kernel, in a copy too: the sources stay clean.
running = $(CURDIR)/$(BUILD)/module/$(RUNNING)

module: $(BUILD)/module/$(if $(KERNEL),$(KERNEL),$(RUNNING))/keyvault.ko

$(BUILD)/module/$(RUNNING)/keyvault.ko: FORCE
	@test -e $(KDIR)/Makefile || { echo "the headers of kernel $(RUNNING)" \
	    "are missing; on Debian: apt install linux-headers-$(RUNNING)"; exit 1; }
	mkdir -p $(running)/src
	cp -au --parents core include plat/linux $(running)/src
	$(MAKE) -C $(KDIR) M=$(running)/src/plat/linux modules
	cp $(running)/src/plat/linux/keyvault.ko $@

# On a real machine, as root. The device is root's until udev gives it to the
# group keyvault.
install-module: module
	$(MAKE) -C $(KDIR) M=$(running)/src/plat/linux \
	    INSTALL_MOD_PATH=$(DESTDIR) modules_install
	install -D -m 644 plat/linux/keyvault.sysusers \
	    $(DESTDIR)/usr/lib/sysusers.d/keyvault.conf
	install -D -m 644 plat/linux/60-keyvault.rules \
	    $(DESTDIR)/usr/lib/udev/rules.d/60-keyvault.rules
	install -d $(DESTDIR)/usr/lib/modules-load.d
	echo keyvault >$(DESTDIR)/usr/lib/modules-load.d/keyvault.conf
	test -n "$(DESTDIR)" || { depmod -a $(RUNNING) && \
	    systemd-sysusers keyvault.conf && udevadm control --reload && \
	    modprobe keyvault; }

FORCE:
.PHONY: FORCE modules module install-module

# tools: the guests' tools themselves; load: the module as a module.
TEST_HOSTVM += tools:test/vm/selftest
TEST_GUEST += load:test/vm/load
TEST_KERNELS += load
