# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
KV_EXAMPLES = $(addprefix $(BUILD)/examples/,seal libkeyvault_sign pass_fd)

all: $(KV_EXAMPLES)

$(KV_EXAMPLES): $(BUILD)/examples/%: examples/%.c include/keyvault.h \
		include/libkeyvault.h $(BUILD)/lib/libkeyvault.a
	@mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/lib/libkeyvault.a
