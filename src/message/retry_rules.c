/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* retry_rules: see retry_rules.h. */
#include "message/retry_rules.h"

#include "base/seeded.h"
#include "message/mailer.h"

#include <assert.h>

/* 5 s, 10 s, … 1 h, each with up to a quarter more, so that what failed together does not return
 * together. */
static int64_t backoff_s(int64_t attempts, uint32_t chance)
{
    int64_t delay = MAILER_BACKOFF_MIN_S;
    for (int64_t i = 1; i < attempts && delay < MAILER_BACKOFF_MAX_S; i++)
        delay *= 2;
    delay += delay / 4 * (chance % 1000) / 1000;
    return delay < MAILER_BACKOFF_MAX_S ? delay : MAILER_BACKOFF_MAX_S;
}

/* The provider named a time: a little later than that, so that not everybody comes at once. */
static int64_t asked_s(int64_t retry_after_s, uint32_t chance)
{
    int64_t wait = retry_after_s + chance % (retry_after_s / 10 + 2);
    return wait < RETRY_AHEAD_MAX_S ? wait : RETRY_AHEAD_MAX_S;
}

int64_t retry_first_attempt_s(struct opt_int first_attempt_s, int64_t now_s)
{
    return first_attempt_s.set && first_attempt_s.value < now_s ? first_attempt_s.value : now_s;
}

bool retry_key_forgotten(bool unknown, int64_t first_attempt_s, int64_t now_s,
                         int64_t remembers_keys_s)
{
    return unknown && remembers_keys_s > 0 && now_s - first_attempt_s >= remembers_keys_s &&
           !SEEDED(MAIL_KEY_FORGOTTEN);
}

static void give_up(struct decision *d, const char *why, const struct mail_result *r)
{
    d->end = ROW_FAILED;
    snprintf(d->error, sizeof d->error, "%s %s", why, r->error);
}

struct decision retry_decide(const struct attempt *a, const struct mail_result *r)
{
    assert(a->attempts >= 1);
    struct decision d = {.unknown = a->unknown_before || r->outcome == MAIL_UNKNOWN};
    snprintf(d.error, sizeof d.error, "%s", r->error);

    if (r->outcome == MAIL_ACCEPTED) {
        d.end = ROW_SENT;
    } else if (r->outcome == MAIL_REFUSED) {
        d.end = ROW_FAILED;
    } else if (r->outcome == MAIL_UNKNOWN && a->remembers_keys_s == 0 && a->unknown_before) {
        give_up(&d, "It may have arrived; the answer was lost twice.", r);
    } else if (retry_key_forgotten(d.unknown, a->first_attempt_s, a->now_s, a->remembers_keys_s)) {
        give_up(&d, "It may have arrived; the outcome stayed unknown too long.", r);
    } else if (a->now_s - a->first_attempt_s >= MAILER_GIVE_UP_S) {
        give_up(&d, "Given up after 24 hours.", r);
    } else {
        d.end = ROW_AGAIN;
        d.due_s = a->now_s + (r->retry_after_s > 0 ? asked_s(r->retry_after_s, a->chance)
                                                   : backoff_s(a->attempts, a->chance));
    }
    return d;
}
