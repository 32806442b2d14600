/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * good_day: a small Chaos Day on which everything was right, and the means to make one thing wrong.
 *
 * Two people, a few services, and one booking for each story that a day can tell; the key of a
 * booking is its story:
 */
#ifndef CAREOPS_TESTS_UNIT_CHAOS_GOOD_DAY_H
#define CAREOPS_TESTS_UNIT_CHAOS_GOOD_DAY_H

#include "unit.h"

#include "chaos/judge.h"

enum {
    KEY_PLAIN = 1, /* made, and that is all */
    KEY_CHANGED,   /* moved, cancelled, restored */
    KEY_RETRIED,   /* first without an answer, then acknowledged, then asked once more */
    KEY_NEVER,     /* without an answer, and it did not happen */
    KEY_SILENT,    /* without an answer, and it did */
    KEY_REFUSED,   /* 409 */
    KEY_COLOUR,    /* work, processing, work: 10:00 to 11:15, free from 10:30 to 11:00 */
    KEY_INSIDE,    /* in that processing, from its first second on */
    KEY_TOUCHING,  /* up to its last */
    KEY_CANCELLED,
    KEY_WALK_IN, /* written down later, completed */
    KEY_NO_SHOW,
    KEY_MAYBE_MOVED,  /* a move without an answer that happened */
    KEY_MAYBE_STAYED, /* one that did not */
    KEY_RUSH = 20,    /* five of them, for two people */
    RUSH_CLIENTS = 5,
    KEY_STAYED = 30, /* with Mia, who calls in sick afterwards: it stays where it is */
    KEY_LEFT,        /* the same, moved to Lena */
    KEY_SICK,        /* no booking: Mia's time off */

    LENA = 11,
    MIA = 12,
    CUT = 21,    /* 30 min, buffers of 5 and 10 min, 1.5 of the shampoo */
    COLOUR = 22, /* as above, no buffers, no stock */
    TRIM = 23,   /* 15 min, nothing else */
    SHAMPOO = 31,

    SICK_S = 1800003600 + 2 * 86400, /* when Mia's begins, a day long */
    AT_NINE = 1800003600,            /* 09:00 of the day that is booked, in UTC */
    MINUTE = 60,
};

/* The id of the booking with this key, as the system would have given it. */
static inline int64_t id_of(uint32_t key)
{
    return 1000 + (int64_t)key;
}

void good_day(struct day *d);
/* The same with a day on which Mia calls in sick: KEY_STAYED, KEY_LEFT and KEY_SICK. */
void good_sick_day(struct day *d);

/* Of the day's rows, to change them. */
struct day_booking *booking_of(struct day *d, uint32_t key);
/* The nth (from 0) call of this verb for this key or its booking. */
struct day_op *op_of(struct day *d, enum day_verb verb, uint32_t key, size_t nth);
struct day_stock_move *move_of(struct day *d, uint32_t key, const char *cause);
struct day_mail *mail_of(struct day *d, uint32_t key);
/* As if the transaction that made it had never been: booking, its moves, its letters. The stock is
 * right afterwards. */
void forget(struct day *d, uint32_t key);
/* Sets on hand and reserved to the sums of the moves. */
void balance(struct day *d);

/* Judged: nobody finds anything and the verdict holds. */
void assert_good(struct day *d);
/* Judged: this one has `findings` findings, nobody else has any, and the verdict does not hold. */
void assert_found(struct day *d, const char *judge, int64_t findings);

#endif
