# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# make bench-kernel [KERNEL=6.1] [BENCH=--json]: instructions per operation,
# beside OpenSSL's and AF_ALG's, in a guest whose clock counts instructions.

BENCH_PACKAGES = $(VM_PACKAGES) libkcapi-dev libssl-dev

$(BUILD)/bench/kernel: bench/kernel.c include/keyvault.h
	@mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) -o $@ $< -lkcapi -lcrypto

bench-kernel:
	@test/setup $(BENCH_PACKAGES) >&2
	@$(MAKE) -s $(BUILD)/bench/kernel module KERNEL=$(or $(KERNEL),6.1) >&2
	@test/vm/run --kernel $(or $(KERNEL),6.1) --name bench --icount \
	    --timeout 1800 --no-verdict -- bench/guest $(BENCH)

.PHONY: bench-kernel
