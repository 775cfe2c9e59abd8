# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The tracepoints, and the man page's bpftrace examples, in the guest.
$(BUILD)/test/trace: test/trace/trace.c test/tap.h include/keyvault.h
	@mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) -o $@ $<

tests: $(BUILD)/test/trace
TEST_PACKAGES += bpftrace
TEST_GUEST += trace:test/trace/guest
