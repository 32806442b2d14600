/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * judge_asked: nothing is there that nobody asked for, the same key is answered the same, and a
 * rush on one slot has as many winners as there is room for.
 */
#include "chaos/judge_parts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

/* ---- nothing-extra ---- */

/* A call that can be the reason of something. */
static bool may_have_happened(const struct day_op *op)
{
    return op->outcome != DAY_REFUSED;
}

static bool asked_for_start(struct calls made, struct calls later, int64_t start_s)
{
    for (size_t i = 0; i < made.count; i++)
        if (may_have_happened(made.op[i]) && made.op[i]->start_s == start_s)
            return true;
    for (size_t i = 0; i < later.count; i++)
        if (may_have_happened(later.op[i]) && later.op[i]->verb == DAY_MOVE &&
            later.op[i]->start_s == start_s)
            return true;
    return false;
}

static bool asked(struct calls later, enum day_verb verb)
{
    for (size_t i = 0; i < later.count; i++)
        if (later.op[i]->verb == verb && may_have_happened(later.op[i]))
            return true;
    return false;
}

/* Judge_acked knows better where there is an acknowledged change. */
static bool any_acknowledged(struct calls later)
{
    for (size_t i = 0; i < later.count; i++)
        if (later.op[i]->outcome == DAY_ACKNOWLEDGED && court_changes(later.op[i]))
            return true;
    return false;
}

/* Whether somebody asked for the state it is in, or it comes by itself once the visit is over. */
static bool state_was_asked_for(const struct court *c, struct calls later,
                                const struct day_booking *b)
{
    bool over = b->end_s <= c->ended_s;
    if (str_is(b->status, "cancelled"))
        return asked(later, DAY_CANCEL);
    if (str_is(b->status, "completed"))
        return over || asked(later, DAY_COMPLETE);
    if (str_is(b->status, "no_show"))
        return over || asked(later, DAY_NO_SHOW);
    return str_is(b->status, "pending") || str_is(b->status, "confirmed");
}

static void judge_one_extra(struct court *c, struct judgement *j, const struct day_booking *b)
{
    struct calls made = court_calls_of_key(c, b->key);
    struct calls later = court_calls_of_booking(c, b->id);
    bool possible = false;
    for (size_t i = 0; i < made.count; i++)
        possible = possible || may_have_happened(made.op[i]);
    if (b->key == 0 || made.count == 0)
        court_found(c, j, "Booking %" PRId64 " (" STR_FMT ") at %s was asked for by nobody.", b->id,
                    STR_ARG(b->client_mark), court_instant(c, b->start_s));
    else if (!possible)
        court_found(c, j, "Booking %" PRId64 " (key %" PRIu32 ") is there although it was refused.",
                    b->id, b->key);
    else if (any_acknowledged(later))
        return;
    else if (!asked_for_start(made, later, b->start_s))
        court_found(c, j, "Booking %" PRId64 " (key %" PRIu32 ") is at %s, which nobody asked for.",
                    b->id, b->key, court_instant(c, b->start_s));
    else if (!state_was_asked_for(c, later, b))
        court_found(c, j,
                    "Booking %" PRId64 " (key %" PRIu32 ") is " STR_FMT ", which nobody asked for.",
                    b->id, b->key, STR_ARG(b->status));
}

void judge_nothing_extra(struct court *c)
{
    struct judgement *j =
        court_ask(c, "nothing-extra",
                  "Is nothing there that nobody asked for, and nothing twice that was asked once?");
    for (size_t i = 0; i < c->bookings; i++) {
        const struct day_booking *b = c->by_key[i];
        j->looked_at++;
        judge_one_extra(c, j, b);
        if (i > 0 && b->key && c->by_key[i - 1]->key == b->key) {
            c->v->doubled++;
            court_found(c, j, "The key %" PRIu32 " has two bookings: %" PRId64 " and %" PRId64 ".",
                        b->key, c->by_key[i - 1]->id, b->id);
        }
    }
}

/* ---- same-answer ---- */

static const char *answer_of(struct court *c, const struct day_op *op)
{
    return arena_printf(c->words, "%d, booking %" PRId64, op->status, op->booking);
}

/* Refused because of what is there, not before anybody looked: too many calls, not signed in. */
static bool refused_on_its_merits(const struct day_op *op)
{
    return op->outcome == DAY_REFUSED &&
           (op->status == 404 || op->status == 409 || op->status == 410 || op->status == 422);
}

/* A refusal is wrong where the booking was there already: an acknowledgement came before, or it is
 * there at the end and only calls that were dead by then can have made it. */
static bool refused_though_made(const struct court *c, struct calls all,
                                const struct day_op *refusal)
{
    bool acknowledged_before = false, made_later = false, made_before = false;
    for (size_t i = 0; i < all.count; i++) {
        const struct day_op *op = all.op[i];
        if (op->outcome == DAY_REFUSED)
            continue;
        if (op->outcome == DAY_ACKNOWLEDGED && op->ended <= refusal->began)
            acknowledged_before = true;
        if (court_is_dead_by(c, op, refusal->began))
            made_before = true;
        else
            made_later = true;
    }
    if (acknowledged_before)
        return true;
    if (made_later || !made_before || !c->d->all_read)
        return false;
    return court_has_key(c, refusal->key);
}

static void judge_answers(struct court *c, struct judgement *j, struct calls all)
{
    const struct day_op *yes = NULL;
    bool compared = false;
    for (size_t i = 0; i < all.count; i++) {
        const struct day_op *op = all.op[i];
        if (op->outcome != DAY_ACKNOWLEDGED)
            continue;
        bool comparable = yes && yes->answer && op->answer;
        compared = compared || comparable;
        if (yes && ((comparable && yes->answer != op->answer) ||
                    (yes->booking && op->booking && yes->booking != op->booking))) {
            compared = true;
            court_found(c, j,
                        "The key %" PRIu32 " was answered %s at %s, and %s at %s: not the same.",
                        op->key, answer_of(c, yes), court_moment(c, yes->ended), answer_of(c, op),
                        court_moment(c, op->ended));
            break;
        }
        yes = yes ? yes : op;
    }
    for (size_t i = 0; i < all.count; i++) {
        const struct day_op *op = all.op[i];
        if (!refused_on_its_merits(op) || all.count < 2)
            continue;
        compared = true;
        if (!refused_though_made(c, all, op))
            continue;
        court_found(c, j,
                    "The key %" PRIu32 " was refused at %s (%d " STR_FMT
                    ") although its booking had been made.",
                    op->key, court_moment(c, op->ended), op->status, STR_ARG(op->code));
        break;
    }
    j->looked_at += compared;
}

void judge_same_answer(struct court *c)
{
    struct judgement *j =
        court_ask(c, "same-answer", "Is a request that is sent again answered as the first time?");
    for (size_t i = 0; i < c->of_key_count;) {
        struct calls all = court_same_key(c, i);
        judge_answers(c, j, all);
        i += all.count;
    }
}

/* ---- winners ---- */

/* One rush while its calls are counted. */
struct rush {
    uint32_t number;
    int64_t start_s;
    int64_t asked, won, unknown; /* keys */
    bool refused;                /* somebody was told that the slot is taken */
};

static int by_rush(const void *a, const void *b)
{
    const struct day_op *x = *(const struct day_op *const *)a;
    const struct day_op *y = *(const struct day_op *const *)b;
    if (x->rush != y->rush)
        return x->rush < y->rush ? -1 : 1;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x > y) - (x < y);
}

/* One client of the rush: all calls under one key. */
static void count_client(const struct court *c, struct rush *r, const struct day_op **op,
                         size_t count)
{
    bool acknowledged = false, refused = false;
    for (size_t i = 0; i < count; i++) {
        acknowledged = acknowledged || op[i]->outcome == DAY_ACKNOWLEDGED;
        refused = refused || op[i]->outcome == DAY_REFUSED;
        r->refused =
            r->refused || (op[i]->outcome == DAY_REFUSED && str_is(op[i]->code, "slot_taken"));
    }
    r->asked++;
    r->won += acknowledged || court_has_key(c, op[0]->key);
    r->unknown += !acknowledged && !refused;
}

static void judge_rush(struct court *c, struct judgement *j, const struct rush *r)
{
    int64_t people = (int64_t)c->d->people.count;
    int64_t room = r->asked < people ? r->asked : people;
    if (r->unknown == r->asked)
        return;
    j->looked_at++;
    if (r->won > room)
        court_found(c, j,
                    "The rush on %s was won by %" PRId64 " of %" PRId64
                    ", and there was room for %" PRId64 ".",
                    court_instant(c, r->start_s), r->won, r->asked, room);
    else if (r->won < room && r->refused)
        court_found(c, j,
                    "In the rush on %s somebody was told that it was taken, although only %" PRId64
                    " of %" PRId64 " places were.",
                    court_instant(c, r->start_s), r->won, room);
}

void judge_winners(struct court *c)
{
    struct judgement *j = court_ask(
        c, "winners", "Did a rush on one time have as many winners as there was room for?");
    const struct day_op **op = calloc(c->of_key_count ? c->of_key_count : 1, sizeof *op);
    assert(op);
    size_t count = 0;
    for (size_t i = 0; i < c->of_key_count; i++)
        if (c->of_key[i]->rush)
            op[count++] = c->of_key[i];
    qsort(op, count, sizeof *op, by_rush);
    for (size_t i = 0; i < count;) {
        struct rush r = {.number = op[i]->rush, .start_s = op[i]->start_s};
        while (i < count && op[i]->rush == r.number) {
            size_t from = i;
            while (i < count && op[i]->rush == r.number && op[i]->key == op[from]->key)
                i++;
            count_client(c, &r, op + from, i - from);
        }
        judge_rush(c, j, &r);
    }
    free(op);
}
