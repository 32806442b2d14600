/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * delivery: what is known about a message after a provider has taken it, and whether its reader has
 * been told.
 *
 * `delivery` is the provider's last word: accepted < delayed < delivered < bounced < complained.
 * Reports come late, twice and in any order, so it only ever rises, and the order in which they
 * come does not matter.
 *
 * `untold` is ours: 1 while, as far as we know, the message has not reached its reader and that
 * matters (matters_until_s). A later message to the same address about the same booking that was
 * taken tells them all that they need; so does a person (told_s), for good.
 */
#ifndef CAREOPS_MESSAGE_DELIVERY_H
#define CAREOPS_MESSAGE_DELIVERY_H

#include "db/work.h"

/* In the order of their rank. */
enum delivery {
    DELIVERY_ACCEPTED,
    DELIVERY_DELAYED,
    DELIVERY_DELIVERED,
    DELIVERY_BOUNCED,
    DELIVERY_COMPLAINED, /* it arrived, and its reader called it spam */
    DELIVERY__MAX,
};
extern const char *const delivery_names[]; /* by the enum, NULL-terminated */

/* The message `id` was taken: what went before it to the same address about the same booking (0:
 * about none) is overtaken. */
enum result delivery_overtake(struct db_tx *tx, int64_t workspace_id, int64_t id,
                              int64_t booking_id, struct str to_address) must_check;

/* A provider's report about a message that it has, or has had. */
struct delivery_report {
    struct str provider_id;
    int64_t workspace_id, id; /* of the message, as we told the provider; 0: not said */
    enum delivery delivery;
    int64_t at_s;    /* when it happened, by the provider's clock */
    struct str word; /* one line, as the provider says it */
};

/*
 * Finds the message by the provider's id, else by ours, and moves it on. One that was still
 * unknown, queued or parked is settled: it is sent, whatever this report says of what came then. A
 * bounce and a complaint are audited, so that whoever listens hears of them. A report about no
 * message of ours, or about an older copy, changes nothing and is OK.
 *
 * In a transaction that is nobody's yet; afterwards the work is at the message's business.
 */
enum result delivery_take(struct work *w, const struct delivery_report *r) must_check;

#endif
