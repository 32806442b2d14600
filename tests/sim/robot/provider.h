/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * provider: a mail service with Resend's contract, whose memory is `provider.log`.
 *
 * A key is remembered for 24 hours: the same request again is answered as the first was, without a
 * second e-mail; another request under the key is a violation and written down as one. Of its
 * calls 30 % go wrong: refused for now (5xx), told to wait (429), lost on the way before or after
 * it was taken, answered with garbage, or left hanging until the caller gives up.
 *
 * Each call is a line: {"t": right, "w": wall clock, "life", "key", "sum": of the bytes, "got":
 * "taken" | "again" | "differs" | "not", "said": what the caller was told}.
 */
#ifndef CAREOPS_SIM_ROBOT_PROVIDER_H
#define CAREOPS_SIM_ROBOT_PROVIDER_H

#include "mail/mail.h"
#include "world.h"

enum { KEYS_MAX = 1 << 19, KEY_TEXT = 64 };

struct taken_key {
    char key[KEY_TEXT];
    uint64_t sum;
    int64_t at_ms;
};

struct sim_provider {
    struct life *life;
    struct mail_provider provider;
    struct taken_key *keys; /* KEYS_MAX, by hash */
    off_t read_to;          /* of the log; others write it, too */
    struct mail_done pending[MAIL_CAPACITY];
    int64_t ready_ms[MAIL_CAPACITY];
    size_t pending_count;
};

void sim_provider_init(struct sim_provider *p, struct life *l);
/* When the next answer is there; INT64_MAX: none is awaited. */
int64_t sim_provider_next_ms(const struct sim_provider *p);

#endif
