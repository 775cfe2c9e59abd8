// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Signs its argument with a fresh Ed25519 key, and checks the signature:
 *
 *   cc libkeyvault_sign.c $(pkg-config --cflags --libs libkeyvault)
 */
#include <stdio.h>
#include <string.h>

#include <libkeyvault.h>

static int sign(struct kv *kv, const char *text)
{
	uint8_t sig[KV_ED25519_SIGNATURE_SIZE];
	uint64_t key;
	int err;

	err = kv_generate(kv, KV_ALG_ED25519, 0, 0, &key);
	if (!err)
		err = kv_sign(kv, key, text, strlen(text), sig);
	if (err)
		return err;
	for (size_t i = 0; i < sizeof(sig); i++)
		printf("%02x", sig[i]);
	printf("\n");

	/* 0 for a valid signature, and for nothing else */
	return kv_verify(kv, key, text, strlen(text), sig, sizeof(sig));
}

int main(int argc, char **argv)
{
	struct kv *kv = NULL;
	int err;

	err = kv_open(&kv, 0);	/* the session's vault, or a new one */
	if (!err)
		err = sign(kv, argc > 1 ? argv[1] : "Hello, World!");
	if (err)
		fprintf(stderr, "%s: %s\n", argv[0], kv_strerror(err));
	kv_close(kv);		/* the last close wipes the keys */
	return err ? 1 : 0;
}
