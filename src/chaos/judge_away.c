/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * judge_away: who called in sick is away, and nobody is put into that time.
 *
 * A visit that was there before may stay, since the system says so (API: bookings in that time
 * stay), and so may one that is written down later as it was. What is judged is where a visit was
 * put: by a booking or a move that began after the time off had been acknowledged it must not have
 * come there. One call of unknown outcome that is older, and may have put it there, explains it.
 */
#include "chaos/judge_parts.h"

#include <inttypes.h>

/* Who asked for the same time off of the same person. */
struct asked {
    int64_t times, acknowledged; /* by different keys */
    int64_t since;               /* when it was acknowledged first; INT64_MAX: never */
};

static bool same_wish(const struct day_op *a, const struct day_op *b)
{
    return a->verb == DAY_AWAY && a->staff == b->staff && a->start_s == b->start_s;
}

/* Whether a call before this one asks for the same, or, with `keyed`, is the same call once more.
 */
static bool seen_before(const struct day_op *all, const struct day_op *op, bool keyed,
                        bool acknowledged)
{
    for (const struct day_op *at = all; at < op; at++)
        if (same_wish(at, op) && (!keyed || at->key == op->key) &&
            (!acknowledged || at->outcome == DAY_ACKNOWLEDGED))
            return true;
    return false;
}

static struct asked count_asked(const struct day *d, const struct day_op *wish)
{
    const struct day_op *all = day_rows(&d->ops);
    struct asked ret = {.since = INT64_MAX};
    for (const struct day_op *op = wish; op < all + d->ops.count; op++) {
        if (!same_wish(op, wish) || op->outcome == DAY_REFUSED)
            continue;
        ret.times += !seen_before(all, op, true, false);
        if (op->outcome != DAY_ACKNOWLEDGED)
            continue;
        ret.acknowledged += !seen_before(all, op, true, true);
        if (op->ended < ret.since)
            ret.since = op->ended;
    }
    return ret;
}

static bool holds_time(const struct day_booking *b)
{
    return str_is(b->status, "pending") || str_is(b->status, "confirmed") ||
           str_is(b->status, "completed");
}

/* May have put the visit where it is. */
static bool puts_there(const struct day_op *op, const struct day_booking *b)
{
    return (op->verb == DAY_BOOK || op->verb == DAY_MOVE) && op->outcome != DAY_REFUSED &&
           op->start_s == b->start_s && (op->staff == 0 || op->staff == b->staff);
}

/* The first of those who may have; INT64_MAX: nobody, which another judge finds. */
static int64_t put_there(const struct court *c, const struct day_booking *b)
{
    const struct calls of[] = {court_calls_of_booking(c, b->id), court_calls_of_key(c, b->key)};
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < of[i].count; k++)
            if (puts_there(of[i].op[k], b) && of[i].op[k]->began < first)
                first = of[i].op[k]->began;
    return first;
}

static void look_at_visits(struct court *c, struct judgement *j, const struct day_away *away,
                           int64_t since)
{
    for (size_t i = 0; i < c->bookings; i++) {
        const struct day_booking *b = c->by_id[i];
        if (b->staff != away->staff || b->start_s >= away->to_s || b->end_s <= away->from_s ||
            b->start_s < c->d->began_s || !holds_time(b))
            continue;
        j->looked_at++;
        int64_t put = put_there(c, b);
        if (put != INT64_MAX && put > since)
            court_found(c, j,
                        "Booking %" PRId64 " (key %" PRIu32
                        ") was put at %s, where %s is away: asked at %s, and the time off had been "
                        "acknowledged at %s.",
                        b->id, b->key, court_instant(c, b->start_s), court_person(c, b->staff),
                        court_moment(c, put), court_moment(c, since));
    }
}

static void look_at_time_off(struct court *c, struct judgement *j, const struct day_op *wish)
{
    struct asked asked = count_asked(c->d, wish);
    const struct day_away *away = day_rows(&c->d->aways), *found = NULL;
    int64_t there = 0;
    for (size_t i = 0; i < c->d->aways.count; i++)
        if (away[i].staff == wish->staff && away[i].from_s == wish->start_s) {
            there++;
            found = away + i;
        }
    j->looked_at++;
    if (there < asked.acknowledged)
        court_found(c, j,
                    "The time off of %s from %s was acknowledged %" PRId64
                    " times and is there %" PRId64 " times.",
                    court_person(c, wish->staff), court_instant(c, wish->start_s),
                    asked.acknowledged, there);
    if (there > asked.times)
        court_found(c, j,
                    "The time off of %s from %s was asked for %" PRId64
                    " times and is there %" PRId64 " times.",
                    court_person(c, wish->staff), court_instant(c, wish->start_s), asked.times,
                    there);
    if (found && asked.acknowledged)
        look_at_visits(c, j, found, asked.since);
}

void judge_away(struct court *c)
{
    struct judgement *j =
        court_ask(c, "away", "Is who called in sick away, and was nobody put into that time?");
    const struct day_op *op = day_rows(&c->d->ops);
    for (size_t i = 0; i < c->d->ops.count; i++)
        if (op[i].verb == DAY_AWAY && !seen_before(op, op + i, false, false))
            look_at_time_off(c, j, op + i);
}
