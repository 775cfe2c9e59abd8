/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * fuzz.h - random and mutated requests to /dev/keyvault, judged one by one
 *
 * A request starts well formed (sane.c), may be spoiled (mutate.c), may be
 * disturbed by a second thread while it runs (race.c), and is then compared
 * with what keyvault.h promises (judge.c). What a descriptor may do and which
 * keys it has is known (model.c), so a well-formed request must succeed and a
 * forbidden one must be EPERM.
 */
#ifndef TEST_FUZZ_H
#define TEST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keyvault.h"

/* What a request's number says: its bytes, and whether it is written back. */
/* And whether a thread can be caught in its copy (race.c). */
#ifdef __linux__
#define FZ_HAS_FAULTS		1
#define FZ_SIZE(request)	((request) >> 16 & 0x3fff)
#define FZ_ANSWERS(request)	((request) >> 31 & 1)
#else
#define FZ_HAS_FAULTS		0
#define FZ_SIZE(request)	IOCPARM_LEN(request)
#define FZ_ANSWERS(request)	(((request) & IOC_OUT) != 0)
#endif
#define FZ_REQ_MAX	256	/* bytes; more than any request */
#define FZ_FIELDS	12
#define FZ_KEYS		48	/* per vault, well below its quota */
#define FZ_FILES	8
#define FZ_DESCS	12
#define FZ_ERRNOS	160

/* What a field of a request means. */
enum fz_kind {
	F_END, F_ID, F_ALG, F_BITS, F_FLAGS, F_TTL, F_CAPS, F_PAD, F_COUNT,
	F_IN,			/* pointer the kernel reads */
	F_OUT,			/* pointer the kernel writes */
	F_LEN,			/* length of an F_IN */
	F_ROOM,			/* in/out: room of an F_OUT, then its length */
	F_RESULT,		/* out */
};

struct fz_field {
	uint8_t kind, off, size;
	uint8_t len_off, len_size;	/* of a pointer's length; size 0: none */
	uint32_t limit;			/* bytes, or the fixed length */
};

struct fz_call;

struct fz_op {
	const char *name;
	unsigned long request;
	uint32_t cap;			/* any one of them */
	bool ask;			/* allowed on O_RDONLY */
	bool makes_key;			/* its last field is the id */
	unsigned int weight;
	void (*sane)(struct fz_call *c);
	struct fz_field field[FZ_FIELDS];
};

extern const struct fz_op fz_ops[];
extern const unsigned int fz_op_count;

/* The model: open files, the keys in them, descriptors onto them. */
struct fz_key {
	uint64_t id;
	uint32_t alg, bits;
	bool public, mortal, revoked, has_name, named;
};

struct fz_file {
	bool used, rdonly, shared;	/* shared: with other processes */
	bool loose;			/* its keys are not known exactly */
	bool unsure;			/* nor what it may do */
	uint32_t caps;
	unsigned int refs, keys;
	struct fz_key key[FZ_KEYS];
};

struct fz_desc {
	int fd;				/* -1: free */
	struct fz_file *file;
};

#define RACE_CONTENT	64	/* first bytes of the input that a race flips */

enum fz_race { RACE_NONE, RACE_SPIN, RACE_FAULT };

struct fz_call {
	const struct fz_op *op;
	struct fz_desc *desc;
	struct fz_key *key;		/* the one it uses, or NULL */
	unsigned long request;
	uint8_t req[FZ_REQ_MAX];	/* as given */
	uint8_t after[FZ_REQ_MAX];	/* as found afterwards */
	uint8_t *stage;			/* where it lies, writable for us */
	uint64_t arg;			/* what the kernel is told */
	bool arg_reads, arg_writes;	/* the kernel can */
	bool bad_place;			/* give it a bad address */
	bool unknown;			/* the number is no request's */
	bool sane;			/* must succeed */
	bool compat;			/* by the 32-bit entry */
	bool disturbed;			/* state or maps change during the call */
	bool flipped;			/* the request changes during the call */
	bool content;			/* the input changes during the call */
	bool lost_desc;			/* the race closed it */
	enum fz_race race;
	int err;			/* 0 or errno */
};

/* What can go wrong; a test each. */
enum fz_verdict {
	V_WROTE, V_BEYOND, V_ERRNO, V_EPERM, V_EFAULT, V_SANE,
	V_ROUND, V_KEYS, V_FILE, V_COUNT
};

/* Shared by all processes. */
struct fz_stats {
	uint64_t calls[32], ok[32], errs[32][FZ_ERRNOS];
	uint64_t unknown, races, faults, compat, trips, partial;
	uint64_t bad[V_COUNT];
};

/* The last message that was encrypted, in mem_sealed(): text, then AAD. */
#define FZ_SEALED_MAX	2048
struct fz_sealed {
	const struct fz_file *file;	/* NULL: none */
	uint64_t key_id;
	uint16_t len, aad_len;
	uint8_t nonce[KV_AEAD_NONCE_SIZE], tag[KV_AEAD_TAG_SIZE];
};

struct fz_world {
	uint64_t rng, seed;
	unsigned int proc;
	uint64_t serial;		/* of the call; also names */
	struct fz_stats *stats;
	struct fz_file file[FZ_FILES];
	struct fz_desc desc[FZ_DESCS];
	struct fz_sealed sealed;
	uint64_t stale[64];		/* ids that once were */
	uint8_t public[32];
	bool have_public, have_compat;
};

extern struct fz_world fz;

/* main.c */
uint64_t fz_rand(void);
static inline uint64_t fz_below(uint64_t n) { return fz_rand() % n; }
static inline bool fz_one_in(uint64_t n) { return fz_below(n) == 0; }
void fz_bad(enum fz_verdict v, const struct fz_call *c, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A field's value in a request, whatever its width. */
uint64_t fz_get(const uint8_t *req, unsigned int off, unsigned int size);
void fz_put(uint8_t *req, unsigned int off, unsigned int size, uint64_t v);
/* The length that goes with pointer @f in @req, in bytes. */
uint64_t fz_len(const struct fz_call *c, const struct fz_field *f,
		const uint8_t *req);

/*
 * memory.c: inputs (read-only for the kernel), four output slots, the place of
 * the request, and addresses that are bad in many ways. Outputs and their
 * surroundings have known contents, which mem_check() compares.
 */
#define MEM_SLOTS	5
#define MEM_SLOT_FAULT	4	/* the slot whose pages come from race.c */
#define MEM_SLOT_SIZE	(KV_MAX_DATA_SIZE + 65536)
#define MEM_FAULT_SIZE	65536
#define MEM_IN_SIZE	(KV_MAX_DATA_SIZE + 65536)

struct mem_extent { uint64_t at, len; };

bool mem_init(void);
const void *mem_in(size_t len);			/* readable, random contents */
/* 4 KiB of the inputs that mem_in() never gives; and where we write them. */
const uint8_t *mem_sealed(uint8_t **writable);
void *mem_in_alias(uint64_t at);		/* writable, same bytes, or NULL */
void *mem_out(unsigned int slot, size_t len);	/* in slot 0 to 3 */
void *mem_fault(size_t len);			/* in the fault slot */
uint8_t *mem_slot(unsigned int slot, size_t *size);
const uint8_t *mem_shadow(unsigned int slot);
uint8_t *mem_stage(size_t size);		/* a place for a request */
bool mem_stage_intact(const uint8_t *stage, size_t size); /* around it */
uint64_t mem_stage_readonly(const uint8_t *stage);
char *mem_name(void);				/* KV_MAX_NAME_SIZE bytes */
uint64_t mem_bad(size_t len);			/* cannot hold @len bytes */
bool mem_reads(uint64_t at, uint64_t len);
bool mem_writes(uint64_t at, uint64_t len);
/*
 * Compares @window with what was there before, but for @n extents written on
 * purpose; returns the number of bytes that differ, and puts all back.
 */
uint64_t mem_check(struct mem_extent window, const struct mem_extent *written,
		   unsigned int n);
bool mem_file_intact(void);

/* model.c */
bool model_init(int shared_fd);
void model_churn(void);				/* opens, dups, passes, closes */
struct fz_desc *model_desc(void);
void model_lose(struct fz_desc *d);		/* closed by somebody else */
void model_close_all(void);
bool model_may_make(const struct fz_desc *d);	/* GENKEY */
struct fz_key *model_key(struct fz_file *f, bool (*fits)(const struct fz_key *));
void model_add(struct fz_desc *d, uint64_t id, const struct fz_call *c);
void model_drop(struct fz_file *f, struct fz_key *k);
struct fz_key *model_find(struct fz_file *f, uint64_t id);
void model_resync(struct fz_desc *d);
void model_recap(struct fz_desc *d);		/* asks what it may do */
/* The vault has as many keys as the model, or -1 where that is unknown. */
int model_count_ok(const struct fz_desc *d);

/* sane.c, mutate.c, race.c, judge.c */
uint32_t sane_alg(void);
uint32_t sane_bits(uint32_t alg);
void mutate(struct fz_call *c);
void mutate_place(struct fz_call *c, size_t size);
bool race_init(void);
void race_arm(struct fz_call *c);	/* may move a buffer */
void race_start(struct fz_call *c);	/* the request is in its place */
void race_disarm(struct fz_call *c);
void call_do(struct fz_call *c);		/* the ioctl itself */
void judge(struct fz_call *c);			/* and learn from it */
void trip(const struct fz_call *c);		/* decrypt, verify what was made */

#endif
