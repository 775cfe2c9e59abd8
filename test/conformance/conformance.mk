# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The conformance suite: keyvault.h alone, libcrypto for a second opinion.
# narrow.c is a program of its own, for 32 bits.

CONFORMANCE_OBJ = $(patsubst %.c,$(BUILD)/%.o,$(filter-out %/narrow.c, \
	$(wildcard test/conformance/*.c)))
CONFORMANCE_H = $(wildcard test/conformance/*.h) include/keyvault.h test/tap.h

tests: $(BUILD)/test/conformance/run $(BUILD)/test/conformance-32

$(BUILD)/test/conformance/run: $(CONFORMANCE_OBJ)
	$(CC) $(CFLAGS) -o $@ $^ -lcrypto -pthread

$(CONFORMANCE_OBJ): $(BUILD)/%.o: %.c $(CONFORMANCE_H)
	@mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) -c -o $@ $<

$(BUILD)/test/conformance-32: test/conformance/narrow.c $(CONFORMANCE_H)
	@mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) -m32 -static -o $@ $<

TEST_HOST += header:test/conformance/header.sh
TEST_GUEST += conformance:$(BUILD)/test/conformance/run
TEST_GUEST += conformance-32:$(BUILD)/test/conformance-32
TEST_KERNELS += conformance conformance-32
TEST_PACKAGES += g++ gcc-multilib libssl-dev python3-cryptography-vectors
