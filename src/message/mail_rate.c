/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mail_rate: see mail_rate.h. */
#include "message/mail_rate.h"

#include <assert.h>

enum { MS_PER_S = 1000 };

static int64_t call_ms(int per_second)
{
    return (MS_PER_S + per_second - 1) / per_second;
}

/* How far the schedule may lie ahead when a call is taken: a quarter of a second's calls at once.
 */
static int64_t ahead_ms(int per_second)
{
    int64_t burst = per_second / 4;
    return burst > 1 ? (burst - 1) * call_ms(per_second) : 0;
}

static int64_t pause_left_ms(const struct rate_state *s, int64_t now_ms)
{
    int64_t left = s->paused_until_ms - now_ms;
    return left > s->paused_for_ms + RATE_SKEW_MS ? 0 : left;
}

size_t rate_take(struct rate_state *s, int per_second, int64_t now_ms, size_t wanted,
                 int64_t *ret_wait_ms)
{
    assert(per_second > 0);
    int64_t cost = call_ms(per_second);
    int64_t ahead = ahead_ms(per_second);
    int64_t pause = pause_left_ms(s, now_ms);
    *ret_wait_ms = pause;
    if (pause > 0)
        return 0;
    if (s->next_ms < now_ms || s->next_ms > now_ms + ahead + cost + RATE_SKEW_MS)
        s->next_ms = now_ms;
    size_t taken = 0;
    for (; taken < wanted && s->next_ms <= now_ms + ahead; taken++)
        s->next_ms += cost;
    *ret_wait_ms = taken < wanted ? s->next_ms - now_ms - ahead : 0;
    return taken;
}

enum result mail_rate_take(struct db_tx *tx, const char *provider, int per_second, int64_t now_ms,
                           size_t wanted, size_t *ret_taken, int64_t *ret_wait_ms)
{
    struct db_rows r;
    /* The update that changes nothing takes the lock, on both engines. */
    enum result result = db_one(tx, &r,
                                "INSERT INTO mail_rate (provider) VALUES ($1)"
                                " ON CONFLICT (provider) DO UPDATE SET provider = $1"
                                " RETURNING next_ms, paused_until_ms, paused_for_ms",
                                db_z(provider));
    if (result != OK)
        return result;
    struct rate_state s = {db_int(&r, 0, 0), db_int(&r, 0, 1), db_int(&r, 0, 2)};
    *ret_taken = rate_take(&s, per_second, now_ms, wanted, ret_wait_ms);
    if (*ret_taken == 0)
        return OK;
    return db_exec(tx, "UPDATE mail_rate SET next_ms = $2 WHERE provider = $1", db_z(provider),
                   db_i(s.next_ms));
}

enum result mail_rate_pause(struct db_tx *tx, const char *provider, int64_t now_ms, int64_t for_ms)
{
    int64_t length = for_ms < RATE_PAUSE_MAX_MS ? for_ms : RATE_PAUSE_MAX_MS;
    /* One that is there stands only where it is a legitimate one and ends later. */
    return db_exec(tx,
                   "INSERT INTO mail_rate (provider, paused_until_ms, paused_for_ms)"
                   " VALUES ($1, $2, $3) ON CONFLICT (provider) DO UPDATE SET"
                   " paused_until_ms = $2, paused_for_ms = $3"
                   " WHERE mail_rate.paused_until_ms < $2"
                   " OR mail_rate.paused_until_ms > $4 + mail_rate.paused_for_ms",
                   db_z(provider), db_i(now_ms + length), db_i(length),
                   db_i(now_ms + RATE_SKEW_MS));
}
