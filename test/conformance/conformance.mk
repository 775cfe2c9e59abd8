# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The conformance suite: keyvault.h alone, libcrypto for a second opinion.

CONFORMANCE_DIR = test/conformance
CONFORMANCE_OBJ = $(patsubst $(CONFORMANCE_DIR)/%.c,$(BUILD)/test/conformance.d/%.o, \
	$(filter-out %/small.c,$(wildcard $(CONFORMANCE_DIR)/*.c)))

tests: $(BUILD)/test/conformance

$(BUILD)/test/conformance: $(CONFORMANCE_OBJ)
	$(CC) $(CFLAGS) -o $@ $^ -lcrypto -pthread

$(BUILD)/test/conformance.d/%.o: $(CONFORMANCE_DIR)/%.c \
		$(wildcard $(CONFORMANCE_DIR)/*.h) include/keyvault.h test/tap.h
	mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) -c -o $@ $<

TEST_GUEST += conformance:$(BUILD)/test/conformance
TEST_KERNELS += conformance
TEST_PACKAGES += libssl-dev python3-cryptography-vectors
