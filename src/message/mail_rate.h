/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mail_rate: how fast a mail service may be called, by all processes of a database together.
 *
 * One row per provider (migrations/0008_delivery.sql) holds a virtual schedule (GCRA): each call
 * that is taken moves next_ms on by the time it costs, and a call may be taken while next_ms lies
 * no further ahead than the burst allows. The burst is so small that, where the rate is small, no
 * second sees more calls than the rate. Whoever asks locks the row to the end of the transaction,
 * so two processes never take the same call; calls that are taken and not made are lost, which is
 * the safe side.
 *
 * A pause that the provider asks for stands in the same row and holds for everybody.
 *
 * Both are wall-clock times, written by any machine. A clock that goes back afterwards would leave
 * them far ahead: so what lies further ahead than a legitimate value can (the burst; the pause's
 * own length; each and RATE_SKEW_MS, by which the machines' clocks may differ) counts as past.
 * Providers without a rate have no row and ask nothing.
 */
#ifndef CAREOPS_MESSAGE_MAIL_RATE_H
#define CAREOPS_MESSAGE_MAIL_RATE_H

#include "db/db.h"

enum { RATE_SKEW_MS = 10000, RATE_PAUSE_MAX_MS = 24 * 3600 * 1000 };

/* What the row says, and what may be done by it. Pure. */
struct rate_state {
    int64_t next_ms, paused_until_ms, paused_for_ms;
};

/*
 * Takes at most `wanted` calls at now_ms and moves the schedule on; returns how many. Where that is
 * fewer than wanted, *ret_wait_ms is how long until one more may be taken, else 0.
 */
size_t rate_take(struct rate_state *s, int per_second, int64_t now_ms, size_t wanted,
                 int64_t *ret_wait_ms);

/* The same in a transaction, with the provider's row locked until it ends. */
enum result mail_rate_take(struct db_tx *tx, const char *provider, int per_second, int64_t now_ms,
                           size_t wanted, size_t *ret_taken, int64_t *ret_wait_ms) must_check;

/* The provider wants nobody to call for so long; a pause that ends later stands. */
enum result mail_rate_pause(struct db_tx *tx, const char *provider, int64_t now_ms,
                            int64_t for_ms) must_check;

#endif
