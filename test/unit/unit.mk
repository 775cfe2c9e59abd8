# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The unit tests of the core, in a process with the fake home:
#
#   build/test/unit        all of them, under ASan and UBSan
#   build/test/unit-tsan   threads, under TSan
#   make coverage          the lines of core/ that the first one runs

UNIT_CORE  = $(KV_CORE:%=core/%)
UNIT_FAKE  = $(addprefix test/unit/,fake fake_clock fake_user fake_inject fake_crypto)
UNIT_TESTS = $(addprefix test/unit/,unit scene test_fake test_table test_layout \
	     test_keys test_derive test_uses test_ciphers test_curves \
	     test_failures test_vault test_expiry test_ending test_nonces \
	     test_names test_vectors test_trace test_stack)

UNIT_CFLAGS = $(KV_CFLAGS) -D_GNU_SOURCE -Icore -Itest/unit -pthread
UNIT_ASAN = -fsanitize=address,undefined -fno-sanitize-recover=all \
	    -fno-omit-frame-pointer
UNIT_TSAN = -fsanitize=thread

UNIT_OBJ      = $(patsubst %,$(BUILD)/test/unit-asan.d/%.o,\
		$(UNIT_CORE) $(UNIT_FAKE) $(UNIT_TESTS))
UNIT_TSAN_OBJ = $(patsubst %,$(BUILD)/test/unit-tsan.d/%.o,\
		$(UNIT_CORE) $(UNIT_FAKE) test/unit/threads)
UNIT_COV_OBJ  = $(patsubst %,$(BUILD)/test/unit-cov.d/%.o,\
		$(UNIT_CORE) $(UNIT_FAKE) $(UNIT_TESTS))

$(BUILD)/test/unit-asan.d/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) $(UNIT_ASAN) -MMD -MP -c -o $@ $<

$(BUILD)/test/unit-tsan.d/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) $(UNIT_TSAN) -MMD -MP -c -o $@ $<

$(BUILD)/test/unit-cov.d/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -O0 --coverage -fprofile-update=atomic -MMD -MP -c -o $@ $<

$(BUILD)/test/unit: $(UNIT_OBJ)
	$(CC) $(UNIT_CFLAGS) $(UNIT_ASAN) -Wl,-z,now -o $@ $^ -lcrypto

$(BUILD)/test/unit-tsan: $(UNIT_TSAN_OBJ)
	$(CC) $(UNIT_CFLAGS) $(UNIT_TSAN) -o $@ $^ -lcrypto

$(BUILD)/test/unit-cov: $(UNIT_COV_OBJ)
	$(CC) $(UNIT_CFLAGS) --coverage -o $@ $^ -lcrypto

coverage: $(BUILD)/test/unit-cov
	@find $(BUILD)/test/unit-cov.d -name '*.gcda' -delete
	@$(BUILD)/test/unit-cov > $(BUILD)/test/unit-cov.log || \
	    { grep -v '^ok' $(BUILD)/test/unit-cov.log; exit 1; }
	@python3 test/unit/coverage $(BUILD)/test/unit-cov.d/core

-include $(UNIT_OBJ:.o=.d) $(UNIT_TSAN_OBJ:.o=.d) $(UNIT_COV_OBJ:.o=.d)

tests: $(BUILD)/test/unit $(BUILD)/test/unit-tsan
TEST_PACKAGES += gcc libssl-dev
# TSan wants its addresses where they are without address randomisation.
TEST_HOST += unit:$(BUILD)/test/unit
TEST_HOST += unit-threads:setarch -R $(BUILD)/test/unit-tsan

.PHONY: coverage
