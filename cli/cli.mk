# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# keyvault(1), linked with the static library: it runs from where it was built.
KV_CLI_OBJ = $(addprefix $(BUILD)/cli/,agree.o data.o encode.o error.o exec.o \
	     files.o input.o json.o keys.o main.o options.o outfile.o \
	     progress.o show.o vault.o vaults.o)

all: $(BUILD)/cli/keyvault

$(KV_CLI_OBJ): $(BUILD)/cli/%.o: cli/%.c cli/cli.h include/libkeyvault.h \
		include/keyvault.h
	@mkdir -p $(@D)
	$(CC) $(KV_CFLAGS) -c -o $@ $<

$(BUILD)/cli/keyvault: $(KV_CLI_OBJ) $(BUILD)/lib/libkeyvault.a
	$(CC) $(KV_CFLAGS) $(LDFLAGS) -o $@ $(KV_CLI_OBJ) \
		$(BUILD)/lib/libkeyvault.a

install: install-cli install-man
install-cli: $(BUILD)/cli/keyvault
	install -d $(DESTDIR)$(PREFIX)/bin \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 755 $(BUILD)/cli/keyvault $(DESTDIR)$(PREFIX)/bin
	install -m 644 cli/keyvault.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/keyvault

install-man:
	for page in man/*.[1-9]; do \
		install -D -m 644 $$page \
		$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page#man/} || exit; \
	done

.PHONY: install install-cli install-man
