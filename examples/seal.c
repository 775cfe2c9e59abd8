// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Makes a key in the kernel and encrypts with it: the device, without a library. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include "keyvault.h"

int main(void)
{
	int fd = open("/dev/keyvault", O_RDWR);
	struct kv_genkey_req gen = { .algorithm = KV_ALG_AES256_GCM };
	char text[] = "Hello, World!";
	uint8_t sealed[sizeof(text)];
	uint8_t nonce[KV_AEAD_NONCE_SIZE], tag[KV_AEAD_TAG_SIZE];

	if (fd < 0 || ioctl(fd, KV_IOC_GENKEY, &gen)) {
		perror("keyvault");
		return 1;
	}
	struct kv_aead_encrypt_req enc = {
		.key_id = gen.key_id,
		.plaintext = text, .plaintext_len = sizeof(text),
		.ciphertext = sealed, .ciphertext_len = sizeof(sealed),
		.nonce_out = nonce,	/* the vault makes it: it never repeats */
		.tag = tag,
	};
	if (ioctl(fd, KV_IOC_AEAD_ENCRYPT, &enc)) {
		perror("keyvault: encrypt");
		return 1;
	}
	printf("%zu bytes sealed under key %llx\n", enc.ciphertext_len,
	       (unsigned long long)gen.key_id);
	return 0;
}
