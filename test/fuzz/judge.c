/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * judge.c - does the answer agree with what keyvault.h promises?
 */
#include <errno.h>
#include <string.h>

#include "fuzz.h"

#define AROUND 256	/* bytes looked at before and behind an output */

static bool documented(int err)
{
	static const int all[] = {
		0, EPERM, ENOENT, KV_EREVOKED, KV_EEXPIRED, EOPNOTSUPP, EINVAL,
		ENOSPC, EMFILE, EEXIST, EOVERFLOW, EBADMSG, EFAULT, ENOMEM,
		ENOTTY,
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (err == all[i])
			return true;
	return false;
}

/* Whether the system copies the request in before the device sees it. */
static bool copied_first(const struct fz_call *c)
{
#ifdef __linux__
	(void)c;
	return false;
#else
	return c->request & IOC_IN;
#endif
}

static void judge_errno(const struct fz_call *c)
{
	const struct fz_file *f = c->desc->file;
	bool denied = (c->op->cap && !(f->caps & c->op->cap)) ||
		      (f->rdonly && !c->op->ask);
	/* with KV_CAP_DERIVE alone it depends on the key */
	bool either = c->op->request == KV_IOC_DESTROY &&
		      !(f->caps & KV_CAP_DESTROY);

	if (!documented(c->err))
		fz_bad(V_ERRNO, c, "not a documented errno");
	if (c->unknown) {
		if (c->err != ENOTTY && !(copied_first(c) && c->err == EFAULT))
			fz_bad(V_ERRNO, c, "unknown request is not ENOTTY");
		return;
	}
	if (c->compat && c->err == ENOTTY)
		return;
	if (f->unsure || (c->race && c->disturbed))
		return;
	if (!c->arg_reads && copied_first(c) && c->err == EFAULT)
		return;
	if (denied != (c->err == EPERM) && !(either && !denied))
		fz_bad(V_EPERM, c, "mask %#x, read-only %d", f->caps, f->rdonly);
	else if (!denied && !c->arg_reads && c->err != EFAULT)
		fz_bad(V_EFAULT, c, "request at a bad address");
}

/* How much the request says it has written at @f. */
static uint64_t written_len(const struct fz_call *c, const struct fz_field *f)
{
	const struct kv_list_req *list = (const void *)c->after;
	const struct kv_find_req *find = (const void *)c->req;

	if (c->op->request == KV_IOC_LIST)
		return list->num_keys * sizeof(uint64_t);
	if (c->op->request == KV_IOC_FIND && !find->name_out_len)
		return 0;
	return fz_len(c, f, c->after);
}

/* On success: every buffer could be used, and what was written fits. */
static unsigned int judge_buffers(const struct fz_call *c, struct mem_extent *w)
{
	unsigned int n = 0;

	for (int i = 0; i < FZ_FIELDS; i++) {
		const struct fz_field *f = &c->op->field[i];
		uint64_t at = fz_get(c->req, f->off, f->size), len;

		if (f->kind == F_IN && at &&
		    !mem_reads(at, fz_len(c, f, c->req)))
			fz_bad(V_EFAULT, c, "took input from a bad address");
		if (f->kind != F_OUT || !at)
			continue;
		len = written_len(c, f);
		if (len > fz_len(c, f, c->req))
			fz_bad(V_BEYOND, c, "length %#lx is over the room", len);
		else if (!mem_writes(at, len))
			fz_bad(V_EFAULT, c, "wrote to a bad address");
		w[n++] = (struct mem_extent){ at, len };
	}
	if (!c->arg_writes && FZ_ANSWERS(c->request))
		fz_bad(V_EFAULT, c, "wrote a request it cannot write");
	return n;
}

static void window(const struct fz_call *c, uint64_t at, uint64_t room,
		   const struct mem_extent *w, unsigned int n)
{
	uint64_t most = fz_one_in(64) ? MEM_SLOT_SIZE : 4096, differ;
	struct mem_extent e = { at - AROUND, 2 * AROUND };

	e.len += room < most ? room : most;
	differ = mem_check(e, w, n);
	if (!differ)
		return;
	if (c->err == EFAULT && c->disturbed)
		fz.stats->partial++;	/* the map changed in between */
	else
		fz_bad(c->err ? V_WROTE : V_BEYOND, c, "%lu bytes differ at %#lx",
	       differ, at);
}

static void judge_memory(struct fz_call *c)
{
	struct mem_extent w[FZ_FIELDS];
	unsigned int n = 0;

	if (!c->err && !c->unknown)
		n = judge_buffers(c, w);
	for (int i = 0; i < FZ_FIELDS; i++) {
		const struct fz_field *f = &c->op->field[i];

		if (f->kind == F_OUT)
			window(c, fz_get(c->req, f->off, f->size),
			       fz_len(c, f, c->req), w, n);
	}
}

/* The request itself: untouched on failure, and nothing around it ever. */
static void judge_request(const struct fz_call *c, size_t size)
{
	if (!mem_stage_intact(c->stage, size))
		fz_bad(V_BEYOND, c, "wrote around the request");
	if (c->err && !c->flipped && memcmp(c->req, c->after, size))
		fz_bad(V_WROTE, c, "failed, but the request has changed");
}

static void judge_values(const struct fz_call *c)
{
	const struct kv_keyinfo_req *info = (const void *)c->after;
	const struct kv_getcaps_req *caps = (const void *)c->after;
	const struct fz_file *f = c->desc->file;
	const struct fz_key *k;

	if (c->op->request == KV_IOC_GETCAPS && !f->unsure && !f->rdonly &&
	    caps->caps != f->caps)
		fz_bad(V_EPERM, c, "mask %#x, not %#x", caps->caps, f->caps);
	if (c->op->request != KV_IOC_GETINFO)
		return;
	k = model_find(c->desc->file, info->key_id);
	if (k && (k->alg != info->algorithm || k->bits != info->key_bits))
		fz_bad(V_KEYS, c, "key changed: algorithm %u, bits %u",
		       info->algorithm, info->key_bits);
}

/* What a request that succeeded has changed. */
static void learn(struct fz_call *c)
{
	uint64_t id = fz_get(c->req, c->op->field[0].off, 8);
	struct fz_key *k = c->op->field[0].kind == F_ID ?
			   model_find(c->desc->file, id) : NULL;

	if (c->op->makes_key) {
		for (int i = 0; i < FZ_FIELDS; i++)
			if (c->op->field[i].kind == F_RESULT)
				model_add(c->desc, fz_get(c->after,
					  c->op->field[i].off, 8), c);
	} else if (c->op->request == KV_IOC_DESTROY && k) {
		model_drop(c->desc->file, k);
	} else if (c->op->request == KV_IOC_REVOKE && k) {
		k->revoked = true;
	} else if (c->op->request == KV_IOC_SETNAME && k) {
		k->has_name = true;
		if (c->key)	/* whose name was given, maybe to another */
			c->key->has_name = true;
		k->named = c->sane;	/* only then we know which */
	} else if (c->op->request == KV_IOC_RESTRICT) {
		c->desc->file->caps &= fz_get(c->req, 0, 4);
	} else if (c->op->request == KV_IOC_GET_PUBKEY && c->sane && k &&
		   k->alg == KV_ALG_ED25519) {
		fz.have_public = true;
		memcpy(fz.public, ((struct kv_getpubkey_req *)c->req)->pubkey,
		       sizeof(fz.public));
	}
}

static void judge_keys(struct fz_call *c)
{
	if (c->op->makes_key && fz_one_in(4) &&
	    model_count_ok(c->desc) == 0)
		fz_bad(V_KEYS, c, "there are more or fewer keys than made");
}

/* After the free-running race only the bounds of our areas are certain. */
static void judge_raced(struct fz_call *c)
{
	struct mem_extent all = { 0, UINT64_MAX };

	judge_errno(c);
	mem_check(all, NULL, 0);
	model_recap(c->desc);
	model_resync(c->desc);
	for (unsigned int i = 0; c->op->request == KV_IOC_SETNAME &&
	     i < c->desc->file->keys; i++)
		c->desc->file->key[i].has_name = true;	/* whichever it was */
}

/* That it may fail with EPERM was looked at before. */
static void judge_success(const struct fz_call *c)
{
	if (c->sane && c->err && c->err != ENOMEM && c->err != EPERM &&
	    !c->disturbed && !c->desc->file->unsure &&
	    !(c->compat && c->err == ENOTTY))
		fz_bad(V_SANE, c, "a well-formed request failed");
}

void judge(struct fz_call *c)
{
	size_t size = c->unknown ? FZ_REQ_MAX : FZ_SIZE(c->op->request);

	memcpy(c->after, c->stage, size);
	if (c->race == RACE_SPIN && c->disturbed) {
		judge_raced(c);
		return;
	}
	judge_errno(c);
	judge_success(c);
	judge_request(c, size);
	if (!c->err && !c->unknown && !c->lost_desc) {
		judge_values(c);
		learn(c);
		trip(c);
	}
	judge_memory(c);
	if (c->lost_desc) {	/* others may have the file, but cannot be asked */
		c->desc->file->loose = c->desc->file->unsure = true;
		return;
	}
	if (c->disturbed)
		model_resync(c->desc);
	else
		judge_keys(c);
}
