/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * judge_parts: what the judges share: the day's rows in the orders in which they ask for them, and
 * the words of a finding. Private to judge_*.c.
 *
 * What is legal. A refused call had no effect. An acknowledged one had its effect before it was
 * answered. One whose outcome is unknown had it at any moment from its beginning on, or never; so
 * it may explain a state, and is never demanded. Every effect on a booking raises its version by
 * one, so where acknowledged versions follow each other without a gap no unknown call was between
 * them.
 */
#ifndef CAREOPS_CHAOS_JUDGE_PARTS_H
#define CAREOPS_CHAOS_JUDGE_PARTS_H

#include "chaos/judge.h"

struct court {
    const struct day *d;
    struct arena *a;
    struct arena *words; /* of the next finding: emptied by each */
    struct verdict *v;
    int64_t ended_s; /* the day's end, in UTC */

    const struct day_booking **by_id, **by_key; /* bookings; each of all of them */
    size_t bookings;

    const struct day_op **of_booking; /* calls that name a booking, by (booking, began) */
    size_t of_booking_count;
    const struct day_op **of_key; /* BOOK with a key, by (key, began) */
    size_t of_key_count;
    const struct day_op **scratch; /* as long as of_booking */

    /* When the server was killed, and when it answered again; rising. */
    int64_t *kill, *ready;
    size_t kills, readies;
};

/* A stretch of one of the lists above. */
struct calls {
    const struct day_op **op;
    size_t count;
};

/* Says which question is asked next. */
struct judgement *court_ask(struct court *c, const char *name, const char *question);
void court_skip(struct judgement *j, const char *why);
/* One finding more; the first FINDINGS_SHOWN_MAX keep their words. */
void court_found(struct court *c, struct judgement *j, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Words for a finding, gone with it: "0:07.250", minutes of the day; "2026-11-27 09:00 UTC". */
const char *court_moment(struct court *c, int64_t at_ms);
const char *court_instant(struct court *c, int64_t s);

const struct day_booking *court_booking(const struct court *c, int64_t id);
bool court_has_key(const struct court *c, uint32_t key);
/* The server was killed after the call had begun and answered again after it had ended, all before
 * `ms`: it cannot have its effect any more. */
bool court_is_dead_by(const struct court *c, const struct day_op *op, int64_t ms);
const struct day_service *court_service(const struct court *c, int64_t id);
const char *court_person(const struct court *c, int64_t id);
struct calls court_calls_of_booking(const struct court *c, int64_t booking);
struct calls court_calls_of_key(const struct court *c, uint32_t key);
/* The stretch of equal rows that begins at `from`. */
struct calls court_same_booking(const struct court *c, size_t from);
struct calls court_same_key(const struct court *c, size_t from);

/* Whether a call changes, if it has its effect, that booking's row. */
bool court_changes(const struct day_op *op);

void judge_acked(struct court *c);
void judge_nothing_extra(struct court *c);
void judge_same_answer(struct court *c);
void judge_overlap(struct court *c);
void judge_away(struct court *c);
void judge_winners(struct court *c);
void judge_ledger(struct court *c);
void judge_reserved(struct court *c);
void judge_confirmed(struct court *c);
void judge_private(struct court *c);
void judge_ready(struct court *c);
void judge_injected(struct court *c);

#endif
