/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* tables.c - prints the tables as they were compiled, one number a line */
#include <stdio.h>
#include "ge25519.h"
#include "home.h"

static void print(const char *name, const struct kv_fe *a)
{
	uint8_t bytes[32];

	kv_fe_to_bytes(bytes, a);
	printf("%s ", name);
	for (int i = 31; i >= 0; i--)
		printf("%02x", bytes[i]);
	for (int i = 0; i < 5; i++) {
		if (a->v[i] >> 51)
			printf(" (not tight)");
	}
	printf("\n");
}

static void print_point(const char *name, const struct kv_ge_affine *p)
{
	char full[64];

	snprintf(full, sizeof(full), "%s sum", name);
	print(full, &p->sum);
	snprintf(full, sizeof(full), "%s diff", name);
	print(full, &p->diff);
	snprintf(full, sizeof(full), "%s t2d", name);
	print(full, &p->t2d);
}

int main(void)
{
	char name[32];

	print("d", &kv_fe_d);
	print("2d", &kv_fe_2d);
	print("root", &kv_fe_root_minus_1);
	for (int i = 0; i < 32; i++) {
		for (int j = 0; j < 8; j++) {
			snprintf(name, sizeof(name), "comb %d %d", i, j);
			print_point(name, &kv_ge_base_comb[i][j]);
		}
		snprintf(name, sizeof(name), "odd %d", i);
		print_point(name, &kv_ge_base_odd[i]);
	}
	return 0;
}
