# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Ed25519 alone: its arithmetic and signatures under ASan and UBSan, what is left
# on its stack, and what test/ed25519/outside sees.

ED_D	  = $(BUILD)/test/ed25519.d
ED_CORE   = $(addprefix core/,ed25519 ed25519_table fe25519 ge25519 sc25519)
ED_CFLAGS = $(KV_CFLAGS) -D_GNU_SOURCE -Icore -Itest/unit -pthread
ED_ASAN	  = -fsanitize=address,undefined -fno-sanitize-recover=all

ED_CHECKED  = arithmetic signatures edges
# Lazy binding leaves registers on the stack.
ED_PLAIN    = stack tables bench
ED_VECTORS ?= /usr/lib/python3/dist-packages/cryptography_vectors/asymmetric/Ed25519

$(ED_D)/asan/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ED_CFLAGS) $(ED_ASAN) -MMD -MP -c -o $@ $<

$(ED_D)/plain/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ED_CFLAGS) -MMD -MP -c -o $@ $<

$(ED_CHECKED:%=$(ED_D)/%): $(ED_D)/%: $(ED_D)/asan/test/ed25519/%.o \
		$(ED_D)/asan/test/ed25519/home.o $(ED_CORE:%=$(ED_D)/asan/%.o)
	$(CC) $(ED_CFLAGS) $(ED_ASAN) -o $@ $^ -lcrypto

$(ED_PLAIN:%=$(ED_D)/%): $(ED_D)/%: $(ED_D)/plain/test/ed25519/%.o \
		$(ED_D)/plain/test/ed25519/home.o $(ED_CORE:%=$(ED_D)/plain/%.o)
	$(CC) $(ED_CFLAGS) -Wl,-z,now -o $@ $^ -lcrypto

-include $(wildcard $(ED_D)/*/core/*.d $(ED_D)/*/test/ed25519/*.d)

tests: $(ED_CHECKED:%=$(ED_D)/%) $(ED_PLAIN:%=$(ED_D)/%)
TEST_PACKAGES += gcc clang valgrind libssl-dev python3 python3-cryptography-vectors
TEST_HOST += ed25519-arithmetic:$(ED_D)/arithmetic
TEST_HOST += ed25519:$(ED_D)/signatures $(ED_VECTORS)
TEST_HOST += ed25519-edges:$(ED_D)/edges
TEST_HOST += ed25519-stack:$(ED_D)/stack
TEST_HOST += ed25519-outside:test/ed25519/outside
