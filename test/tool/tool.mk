# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# End-to-end tests of library, tool, examples and manual pages.
KV_TOOL_TESTS = $(addprefix $(BUILD)/test/tool/,lib maxrss)

tests: $(KV_TOOL_TESTS)

$(KV_TOOL_TESTS): $(BUILD)/test/tool/%: test/tool/%.c test/tap.h \
		include/libkeyvault.h $(BUILD)/lib/libkeyvault.a
	@mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) $(LDFLAGS) -Itest -pthread -o $@ $< \
		$(BUILD)/lib/libkeyvault.a

TEST_PACKAGES += binutils g++ mandoc openssl pkg-config python3-cryptography xxd
TEST_HOST += docs:test/tool/docs
TEST_GUEST += lib:$(BUILD)/test/tool/lib
TEST_GUEST += tool-keys:test/tool/keys
TEST_GUEST += tool-files:test/tool/files
TEST_GUEST += tool-sessions:test/tool/sessions
TEST_GUEST += tool-completion:test/tool/completion
TEST_GUEST += tool-large:test/tool/large
