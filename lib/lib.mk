# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# libkeyvault: shared, static, and how to find them.
KV_LIB_VERSION = 0.1.0
KV_LIB_SO = libkeyvault.so.0
KV_LIB_OBJ = $(addprefix $(BUILD)/lib/,device.o error.o format.o key.o \
	     names.o open.o stream.o use.o)
KV_LIB_OUT = $(addprefix $(BUILD)/lib/,$(KV_LIB_SO) libkeyvault.so \
	     libkeyvault.a)

all: $(KV_LIB_OUT)

$(KV_LIB_OBJ): $(BUILD)/lib/%.o: lib/%.c lib/transport.h lib/format.h \
		include/libkeyvault.h include/keyvault.h
	@mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) -fPIC -Ilib -c -o $@ $<

$(BUILD)/lib/libkeyvault.a: $(KV_LIB_OBJ)
	rm -f $@
	$(AR) rcs $@ $(KV_LIB_OBJ)

$(BUILD)/lib/$(KV_LIB_SO): $(KV_LIB_OBJ) lib/libkeyvault.map
	$(CC) $(KV_CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(KV_LIB_SO) \
		-Wl,--version-script=lib/libkeyvault.map -Wl,-z,defs \
		-o $@ $(KV_LIB_OBJ)

$(BUILD)/lib/libkeyvault.so: $(BUILD)/lib/$(KV_LIB_SO)
	ln -sf $(KV_LIB_SO) $@

install: install-lib
install-lib: $(KV_LIB_OUT)
	install -d $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 644 include/keyvault.h include/libkeyvault.h \
		$(DESTDIR)$(PREFIX)/include
	install -m 644 $(BUILD)/lib/libkeyvault.a $(DESTDIR)$(PREFIX)/lib
	install -m 755 $(BUILD)/lib/$(KV_LIB_SO) $(DESTDIR)$(PREFIX)/lib
	ln -sf $(KV_LIB_SO) $(DESTDIR)$(PREFIX)/lib/libkeyvault.so
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(KV_LIB_VERSION)|' \
		lib/libkeyvault.pc.in \
		>$(DESTDIR)$(PREFIX)/lib/pkgconfig/libkeyvault.pc

.PHONY: install install-lib
