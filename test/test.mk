# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# make test, make test-kernels: sets up, builds and runs every suite that the
# folders' fragments registered (see test/run):
#
#   TEST_HOST    += NAME:COMMAND [ARGUMENT...]    on this machine
#   TEST_GUEST   += NAME:COMMAND [ARGUMENT...]    in a guest, module loaded
#   TEST_HOSTVM  += NAME:COMMAND [ARGUMENT...]    here, boots guests itself
#   TEST_KERNELS += NAME        of TEST_GUEST: on every kernel, not 6.1 alone
#   TEST_PACKAGES += PACKAGE    what a suite needs from Debian
#   tests: FILE                 what must be built before
#
# A word with a colon behind a name begins a suite; its arguments hold none.
# make test SUITES="NAME..." runs some only.

TEST_PACKAGES += $(VM_PACKAGES) debootstrap python3

run_suites = BUILD=$(BUILD) python3 test/run --only '$(SUITES)'

setup:
	@test/setup $(sort $(TEST_PACKAGES))

tests: all modules

test: setup
	$(MAKE) -j$$(nproc) tests
	$(run_suites) --host '$(TEST_HOST)' --guest '$(TEST_GUEST)' \
	    --hostvm '$(TEST_HOSTVM)' --every '$(TEST_KERNELS)' \
	    --kernels '$(KERNELS)'

test-kernels: setup
	$(MAKE) -j$$(nproc) tests
	$(run_suites) --guest '$(TEST_GUEST)' --every '$(TEST_KERNELS)' \
	    --kernels '$(KERNELS)' --every-only

.PHONY: setup tests test test-kernels
