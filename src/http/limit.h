/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * limit: token buckets per key (a client's address, an account), bounded in number; the least
 * recently used is forgotten first. Monotonic time. Any thread (one mutex, held for a lookup).
 */
#ifndef CAREOPS_HTTP_LIMIT_H
#define CAREOPS_HTTP_LIMIT_H

#include "base/env.h"
#include "base/str.h"

struct limiter;

struct limit_rule {
    int burst;
    int refill_ms; /* one token back every so many milliseconds */
};

/* `keys_max` at least 1. */
struct limiter *limiter_new(const struct env *env, size_t keys_max, bool enabled);
void limiter_free(struct limiter *l);
/*
 * Takes one token of bucket (`rule_id`, key); 0 = allowed, else seconds (1 at least) until it would
 * be. IPv6 addresses count by their /64. A disabled limiter allows everything except where
 * `always`.
 */
int limiter_take(struct limiter *l, int rule_id, struct limit_rule rule, struct str key,
                 bool always);
/* Looks without taking. */
int limiter_peek(struct limiter *l, int rule_id, struct limit_rule rule, struct str key,
                 bool always);
/*
 * A name for `key` to count by where the key itself may not be kept: a hash under a secret that
 * ends with the program, equal for addresses that count as one. False, and nothing written, where
 * the limiter is disabled.
 */
enum { LIMITER_MARK_TEXT = 33 };
bool limiter_mark(const struct limiter *l, struct str key, char ret_mark[static LIMITER_MARK_TEXT]);
/* Puts one token back that was taken. */
void limiter_give(struct limiter *l, int rule_id, struct limit_rule rule, struct str key);
/* Fills the bucket again (a successful sign-in). */
void limiter_reset(struct limiter *l, int rule_id, struct str key);

#endif
