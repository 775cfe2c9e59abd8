# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The fuzzer: $(BUILD)/test/fuzz, run in the guest by test/fuzz/guest.
FUZZ_COUNT ?= 100000
FUZZ_SRC := $(addprefix test/fuzz/,main.c table.c sane.c sane_use.c mutate.c \
	memory.c model.c race.c judge.c trip.c)

$(BUILD)/test/fuzz: $(FUZZ_SRC) test/fuzz/fuzz.h \
		test/fuzz/sane.h include/keyvault.h
	@mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) -pthread -o $@ $(FUZZ_SRC)

tests: $(BUILD)/test/fuzz
# A run that can be repeated; make test FUZZ_SEED= takes another each time.
FUZZ_SEED ?= 11
TEST_GUEST += fuzz:test/fuzz/guest $(FUZZ_COUNT) $(FUZZ_SEED)
