/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * pick: a time that a client has picked is kept for them while they fill in the form.
 *
 * A pick holds a person, rooms and devices in table `hold` like a booking does, so the database
 * refuses overlap for it too. It belongs to whoever has its token, of which only the hash is kept,
 * and to no booking; it reserves no stock, sends no message and leaves no audit event. It lasts
 * app->pick_s seconds (--pick-seconds) and is never needed: a booking without one follows the usual
 * rules.
 *
 * One that has run out (expires_s <= now_s) counts for nothing: reading ignores it, and whoever
 * takes a place removes it first, under diary_lock(). So of a booking with an old token and of
 * anyone else who wants that time the first transaction wins.
 *
 * At most PICKS_PER_ADDRESS open ones of one client address and PICKS_PER_BUSINESS in all; an
 * address is kept as limiter_mark() only, and counted only where the limiter is on.
 *
 * Every function runs inside a transaction; those that change something also take diary_lock() or,
 * where it says so, want it held.
 */
#ifndef CAREOPS_DIARY_PICK_H
#define CAREOPS_DIARY_PICK_H

#include "diary/visit.h"

enum { PICK_TOKEN_MAX = 64, PICKS_PER_ADDRESS = 3, PICKS_PER_BUSINESS = 30, PICK_SWEEP_ROWS = 500 };

struct pick_new {
    const int64_t *service_ids;
    size_t service_count;
    int64_t staff_id; /* 0 = anyone */
    int64_t start_s;
    struct str replaces; /* an earlier token, whose time is given back; absent: none */
    struct str client;   /* the address that asks */
};

struct pick {
    struct str token;
    int64_t start_s, expires_s;
    int64_t staff_id;
    struct str staff_name;
    int64_t price; /* with this person */
};

/*
 * By the rules of a client's booking, but for stock. CONFLICT slot_taken with the nearest free
 * starts, BUSY 429 too_many_holds; `replaces` then stands as it did.
 */
enum result pick_make(struct work *w, const struct workspace *ws, const struct pick_new *in,
                      struct pick *ret) must_check;

/* OK whether there is such a pick or not. */
enum result pick_give_back(struct work *w, struct str token) must_check;

/*
 * Removes the pick, so that its booking can take the time in the same transaction. Where it held
 * this very start, *ret_staff_id is who was promised and *ret_alive whether it still counts;
 * otherwise both are left alone. OK for an unknown token. The diary_lock() is the caller's.
 */
enum result pick_take_over(struct work *w, const struct visit *v, struct str token, int64_t start_s,
                           int64_t *ret_staff_id, bool *ret_alive) must_check;

/* Those of the workspace that have run out. The diary_lock() is the caller's. */
enum result pick_remove_expired(struct work *w) must_check;

/* Those of any workspace that have run out, at most PICK_SWEEP_ROWS rows: for the janitor. */
enum result pick_sweep(struct work *w) must_check;

/* What table `hold` knows a token by; in the arena. */
struct str pick_hash_of(struct arena *a, struct str token);

#endif
