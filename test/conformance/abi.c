/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* abi.c - the numbers of the interface, and requests that are none of it */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "call.h"
#include "header.h"

/*
 * Request numbers as programs have them compiled in: direction, size, group and
 * number put together by hand. The two systems write "in" and "out" in opposite
 * bits, so _IOW and _IOR differ.
 */
#ifdef __linux__
#define W 0x40000000ul
#define R 0x80000000ul
#else
#define W 0x80000000ul
#define R 0x40000000ul
#endif

static void request_numbers(void)
{
	static const struct { unsigned long ours, wanted; } table[] = {
		{ KV_IOC_GENKEY, 0xC0184B01ul },
		{ KV_IOC_DESTROY, W | 0x00084B02ul },
		{ KV_IOC_GETINFO, 0xC0284B03ul },
		{ KV_IOC_LIST, 0xC0104B04ul },
		{ KV_IOC_REVOKE, W | 0x00084B05ul },
		{ KV_IOC_RESTRICT, W | 0x00084B06ul },
		{ KV_IOC_GETCAPS, R | 0x00084B07ul },
		{ KV_IOC_ENCRYPT, 0xC0404B0Aul },
		{ KV_IOC_DECRYPT, 0xC0384B0Bul },
		{ KV_IOC_AEAD_ENCRYPT, 0xC0504B0Cul },
		{ KV_IOC_AEAD_DECRYPT, 0xC0484B0Dul },
		{ KV_IOC_SIGN, 0xC0284B14ul },
		{ KV_IOC_VERIFY, 0xC0304B15ul },
		{ KV_IOC_MAC, 0xC0284B16ul },
		{ KV_IOC_HASH, 0xC0284B17ul },
		{ KV_IOC_GET_PUBKEY, 0xC0184B18ul },
		{ KV_IOC_KEYEXCHANGE, 0xC0284B1Eul },
		{ KV_IOC_DERIVE, 0xC0404B1Ful },
		{ KV_IOC_IMPORT, 0xC0204B28ul },
		{ KV_IOC_SETNAME, W | 0x00184B32ul },
		{ KV_IOC_FIND, 0xC0204B33ul },
		{ KV_IOC_GETALG, 0xC0784B34ul },
		{ KV_IOC_SUBKEY, 0xC0384B35ul },
	};
	unsigned int i;

	EQ(ARRAY_LEN(table), op_count);
	for (i = 0; i < ARRAY_LEN(table); i++) {
		context("row %u", i);
		EQ(table[i].ours, table[i].wanted);
	}
}

/* Each row of the suite's own table answers a good request. */
static void every_request_works(void)
{
	const struct op *op;

	FOR_OPS(op) {
		const struct alg *alg;
		struct call call;

		for (alg = algs; alg < algs + alg_count; alg++) {
			int fd;

			if (op->kinds ? !(op->kinds & alg->kind) : alg != algs)
				continue;
			context("%s %s", op->name, op->kinds ? alg->name : "");
			fd = vault_open();
			call_init(&call, op, alg,
				  op->kinds ? key_known(fd, alg) : 0);
			EQ(call_make(fd, &call), 0);
			close(fd);
		}
	}
}

static bool is_a_request(unsigned long number)
{
	const struct op *op;

	FOR_OPS(op)
		if (op->request == number)
			return true;
	return false;
}

static void unknown_numbers(void)
{
	uint8_t arg[256];
	unsigned int i;
	int fd = vault_open();

	memset(arg, UNTOUCHED, sizeof(arg));
	for (i = 0; i < 256; i++) {
		unsigned long numbers[] = {
			_IOWR('K', i, char[24]), _IOW('K', i, char[24]),
			_IOR('K', i, char[24]), _IO('K', i),
			_IOWR('J', i, char[24]), _IOWR('k', i, char[24]),
		};
		unsigned int k;

		for (k = 0; k < ARRAY_LEN(numbers); k++) {
			if (is_a_request(numbers[k]))
				continue;
			context("number %u, variant %u", i, k);
			EQ(request(fd, numbers[k], arg), ENOTTY);
		}
	}
	CHECK(all(arg, UNTOUCHED, sizeof(arg)));
	EQ(key_count(fd), 0);
	close(fd);
}

/* The right number and group with another size or direction. */
static void wrong_sizes_and_directions(void)
{
	const unsigned long size_mask = 0x1FFF0000ul;
	const struct op *op;
	uint8_t arg[256];
	int fd = vault_open();

	memset(arg, UNTOUCHED, sizeof(arg));
	FOR_OPS(op) {
		unsigned long base = op->request & ~(size_mask | R | W);
		unsigned long size;

		for (size = 0; size < sizeof(arg); size += 4) {
			unsigned long bits = base | (size << 16);
			unsigned long tries[] = {
				bits, bits | R, bits | W, bits | R | W,
			};
			unsigned int k;

			for (k = 0; k < ARRAY_LEN(tries); k++) {
				if (is_a_request(tries[k]))
					continue;
				context("%s, size %lu, direction %u", op->name,
					size, k);
				EQ(request(fd, tries[k], arg), ENOTTY);
			}
		}
	}
	CHECK(all(arg, UNTOUCHED, sizeof(arg)));
	EQ(key_count(fd), 0);
	close(fd);
}

static void not_a_stream(void)
{
	char byte = 0;
	int fd = vault_open();

	EQ(read(fd, &byte, 1), -1);
	EQ(write(fd, &byte, 1), -1);
	close(fd);
}

/* Old programs do not always clear the padding of the old requests. */
static void padding(void)
{
	struct kv_restrict_req narrow = { .caps = KV_CAP_ALL, ._pad = 1 };
	const struct op *op;
	struct call call;
	int fd = vault_open();
	uint64_t id;

	EQ(request(fd, KV_IOC_RESTRICT, &narrow), 0);
	call_init(&call, op_find("hash"), NULL, 0);
	call.req.hash._pad = 0xFFFFFFFFu;
	EQ(call_make(fd, &call), 0);
	id = key_make(fd, KV_ALG_HMAC_SHA256);
	call_init(&call, op_find("derive"), NULL, id);
	call.req.derive._pad = 0x80000000u;
	EQ(call_make(fd, &call), 0);
	call_init(&call, op_find("getinfo"), NULL, id);
	call.req.getinfo._pad = 7;
	EQ(call_make(fd, &call), 0);
	FOR_OPS(op) {
		unsigned int bit;

		if (op->pad == NONE)
			continue;
		for (bit = 0; bit < 32; bit++) {
			context("%s, bit %u of _pad", op->name, bit);
			call_init(&call, op, NULL, id);
			call_set(&call, op->pad, 4, 1u << bit);
			call_refused(fd, &call, EINVAL);
		}
	}
	close(fd);
}

TESTS(abi) = {
	TEST(request_numbers),
	TEST(every_request_works),
	TEST(unknown_numbers),
	TEST(wrong_sizes_and_directions),
	TEST(not_a_stream),
	TEST(padding),
	TESTS_END
};
