/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * idempotency: the same request twice has one effect and one answer (API.md, Idempotency-Key).
 *
 * The record is written in the transaction of the effect, before it: whoever comes second with the
 * same key waits for the first (PostgreSQL by the unique key, SQLite by its one writer) and then
 * replays its answer byte for byte. Only successes are recorded; a refused call had no effect and
 * may be tried again. A record counts for 24 hours. Its scope (caller, method, path) is stored as a
 * hash, because paths can hold tokens.
 */
#ifndef CAREOPS_HTTP_IDEMPOTENCY_H
#define CAREOPS_HTTP_IDEMPOTENCY_H

#include "db/work.h"
#include "http/request.h"

enum { IDEMPOTENCY_KEY_MAX = 255, IDEMPOTENCY_KEEP_S = 24 * 3600, IDEMPOTENCY_SWEEP_ROWS = 500 };

struct idempotency {
    struct str key; /* absent: this request has none */
    int64_t workspace_id;
    char scope[TOKEN_HASH_TEXT];
    bool replayed; /* the answer is filled already; the handler must not run */
};

/* Reads and checks the header; INVALID (400 invalid_idempotency_key). */
enum result idempotency_key(const struct request *rq, struct problem *p,
                            struct str *ret_key) must_check;
/* Takes the key, or fills the answer of the first request with it, or refuses (422
 * idempotency_key_reused). `x->key` must be set. */
enum result idempotency_begin(struct idempotency *x, struct work *w, struct request *rq) must_check;
/* Records the answer, if it is a success; else gives the key back. */
enum result idempotency_finish(const struct idempotency *x, struct work *w,
                               const struct request *rq) must_check;
/* Removes records that no longer count, at most IDEMPOTENCY_SWEEP_ROWS of them; call again while it
 * tells of as many. In a writing transaction, from the robot. */
enum result idempotency_sweep(struct work *w, int64_t *ret_removed) must_check;

#endif
