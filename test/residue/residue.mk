# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# What is left of keys in memory: test/residue/residue boots a guest and looks.
$(BUILD)/test/residue-keys: test/residue/keys.c include/keyvault.h
	@mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) -o $@ $<

$(BUILD)/test/residue-search: test/residue/search.c
	@mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) -o $@ $<

tests: $(BUILD)/test/residue-keys $(BUILD)/test/residue-search
TEST_HOSTVM += residue:test/residue/residue 6.1
