/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * slots: judging starts, one or all of some days. See slots.h.
 *
 * A question about many days walks forward in time, so every list of spans is read with a cursor
 * that rarely moves: the work grows with starts × persons, not with the number of holds.
 */
#include "diary/slots.h"

#include "base/seeded.h"

#include <assert.h>
#include <string.h>

enum { STEP_MIN_MOST = 1440 };

/* The visit as some of the people do it, and what of the last start was the same for all of them.
 */
struct variant {
    const struct visit_shape *shape;
    size_t business_hint;
    bool open; /* the business is, for the whole of it */
    enum { ROOMS_UNKNOWN, ROOMS_FREE, ROOMS_BUSY } rooms;
};

/* One question: the rules, the cursors into their lists, and who was free at the last start. */
struct question {
    const struct slot_rules *rules;
    unsigned judge;
    size_t variant_count;
    struct variant *variants;
    size_t *variant_of; /* one a person */
    size_t *open_hints; /* one a person */
    size_t *busy_hints;
    size_t staff_count;
    int64_t *staff_ids;
};

const char *const slot_reason_codes[] = {
    [SLOT_OK] = "ok",
    [SLOT_OFF_GRID] = "off_grid",
    [SLOT_NO_STAFF] = "no_staff",
    [SLOT_CLOSED] = "closed",
    [SLOT_STAFF_OFF] = "staff_off",
    [SLOT_TOO_SOON] = "too_soon",
    [SLOT_TOO_FAR] = "too_far",
    [SLOT_OUT_OF_STOCK] = "out_of_stock",
    [SLOT_STAFF_BUSY] = "staff_busy",
    [SLOT_RESOURCE_BUSY] = "resource_busy",
    [SLOT_GATE] = "gate_unmet",
    [SLOT_REASON__MAX] = NULL,
};

static size_t variant_for(struct question *q, const struct visit_shape *shape)
{
    size_t i = 0;
    while (i < q->variant_count && q->variants[i].shape != shape)
        i++;
    if (i == q->variant_count)
        q->variants[q->variant_count++] = (struct variant){.shape = shape};
    return i;
}

static struct question ask(struct arena *a, const struct slot_rules *rules,
                           const struct visit_shape *shape, unsigned judge)
{
    size_t persons = rules->person_count;
    assert(rules->step_min >= 1 && rules->step_min <= STEP_MIN_MOST);
    assert(persons <= SLOT_PERSONS_MAX && rules->thing_count <= SLOT_THINGS_MAX);
    struct question q = {
        .rules = rules,
        .judge = judge,
        .variants = arena_new_array(a, persons, struct variant),
        .variant_of = arena_new_array(a, persons, size_t),
        .open_hints = arena_new_array(a, persons, size_t),
        .busy_hints = arena_new_array(a, persons, size_t),
        .staff_ids = arena_new_array(a, persons, int64_t),
    };
    for (size_t i = 0; i < persons; i++)
        q.variant_of[i] = variant_for(&q, slot_shape_of(&rules->persons[i], shape));
    return q;
}

/* Whether the visit with its buffers lies in open time, in hours that are judged at all. */
static bool fits_hours(const struct question *q, const struct visit_shape *v, struct spans open,
                       size_t *hint, int64_t start_s)
{
    if (!(q->judge & JUDGE_HOURS))
        return true;
    int64_t from = start_s + v->outer_from_off_s;
    *hint = spans_seek(open, *hint, from);
    return *hint < open.count && open.items[*hint].from_s <= from &&
           start_s + v->outer_to_off_s <= open.items[*hint].to_s;
}

/* Walks the visit's work and the person's holds side by side. */
static bool person_free(const struct question *q, const struct visit_shape *v, size_t person,
                        int64_t start_s)
{
    struct spans busy = q->rules->persons[person].busy;
    if (v->work_count == 0)
        return true;
    size_t i = spans_seek(busy, q->busy_hints[person], start_s + v->work[0].from_s);
    q->busy_hints[person] = i;
    for (size_t w = 0; w < v->work_count; w++) {
        while (i < busy.count && busy.items[i].to_s <= start_s + v->work[w].from_s)
            i++;
        if (i < busy.count && busy.items[i].from_s < start_s + v->work[w].to_s)
            return false;
        if (SEEDED(CLOSED_INTERVAL) && i > 0 &&
            busy.items[i - 1].to_s == start_s + v->work[w].from_s)
            return false;
    }
    return true;
}

/* What stands against every person alike: the clock, the horizon, the stock. */
static enum slot_reason judge_policy(const struct question *q, int64_t start_s, int64_t date)
{
    const struct slot_rules *r = q->rules;
    if ((q->judge & JUDGE_POLICY) && (start_s < r->earliest_s || start_s < r->now_s))
        return SLOT_TOO_SOON;
    if ((q->judge & JUDGE_POLICY) && date > r->last_date)
        return SLOT_TOO_FAR;
    if ((q->judge & JUDGE_STOCK) && r->out_of_stock)
        return SLOT_OUT_OF_STOCK;
    return SLOT_OK;
}

/* Looked for once a start and variant, and only where somebody is free. */
static bool rooms_free(const struct question *q, struct variant *v, int64_t start_s)
{
    int64_t things[VISIT_NEEDS_MAX];
    if (v->rooms == ROOMS_UNKNOWN)
        v->rooms =
            slot_assign_things(q->rules, v->shape, start_s, things) ? ROOMS_FREE : ROOMS_BUSY;
    return v->rooms == ROOMS_FREE;
}

/* How far one person comes, in the order of enum slot_reason. */
static enum slot_reason judge_person(struct question *q, size_t person, int64_t start_s,
                                     enum slot_reason policy)
{
    struct variant *v = &q->variants[q->variant_of[person]];
    if (!v->open)
        return SLOT_CLOSED;
    struct spans open = q->rules->persons[person].open;
    if (!fits_hours(q, v->shape, open, &q->open_hints[person], start_s))
        return SLOT_STAFF_OFF;
    if (policy != SLOT_OK)
        return policy;
    if (!person_free(q, v->shape, person, start_s))
        return SLOT_STAFF_BUSY;
    return rooms_free(q, v, start_s) ? SLOT_OK : SLOT_RESOURCE_BUSY;
}

/* Every gate but the grid's: gathers in `staff_ids` who could take it; where nobody could, the
 * reason of whoever comes furthest. */
static enum slot_reason judge(struct question *q, int64_t start_s, int64_t date)
{
    bool open = false;
    q->staff_count = 0;
    if (q->rules->person_count == 0)
        return SLOT_NO_STAFF;
    for (size_t i = 0; i < q->variant_count; i++) {
        struct variant *v = &q->variants[i];
        v->open = fits_hours(q, v->shape, q->rules->business_open, &v->business_hint, start_s);
        v->rooms = ROOMS_UNKNOWN;
        open = open || v->open;
    }
    if (!open)
        return SLOT_CLOSED;
    enum slot_reason policy = judge_policy(q, start_s, date), furthest = SLOT_CLOSED;
    for (size_t i = 0; i < q->rules->person_count; i++) {
        enum slot_reason reason = judge_person(q, i, start_s, policy);
        if (reason == SLOT_OK)
            q->staff_ids[q->staff_count++] = q->rules->persons[i].id;
        else if (reason > furthest)
            furthest = reason;
        if (policy != SLOT_OK && reason == policy)
            break; /* nobody comes further */
    }
    return q->staff_count ? SLOT_OK : furthest;
}

/* The slot for the start just judged. `before` is the slot before it, or NULL. */
static struct slot make_slot(struct arena *a, const struct question *q, int64_t start_s,
                             enum slot_reason reason, const struct slot *before)
{
    struct slot s = {.start_s = start_s, .reason = reason};
    if (reason != SLOT_OK)
        return s;
    size_t bytes = q->staff_count * sizeof *q->staff_ids;
    s.staff_count = q->staff_count;
    assert(s.staff_count > 0);
    if (before && before->reason == SLOT_OK && before->staff_count == s.staff_count &&
        memcmp(before->staff_ids, q->staff_ids, bytes) == 0) {
        s.staff_ids = before->staff_ids;
        return s;
    }
    int64_t *ids = arena_new_array(a, s.staff_count, int64_t);
    memcpy(ids, q->staff_ids, bytes);
    s.staff_ids = ids;
    return s;
}

/* What an empty day is called, from the reason of the start that came furthest. */
static enum slot_reason reason_of_day(enum slot_reason furthest)
{
    if (furthest <= SLOT_STAFF_OFF)
        return SLOT_CLOSED;
    return furthest == SLOT_RESOURCE_BUSY ? SLOT_STAFF_BUSY : furthest;
}

/* Judges every grid start of the day [from_s, to_s). */
static void offer_day(struct arena *a, struct question *q, int64_t from_s, int64_t to_s,
                      bool explain, struct slot_day *day)
{
    int64_t step = (int64_t)q->rules->step_min * 60;
    struct slot *slots = NULL;
    enum slot_reason furthest = SLOT_OFF_GRID;
    bool offered = false;
    for (int64_t start = from_s; start < to_s; start += step) {
        enum slot_reason reason = judge(q, start, day->date);
        offered = offered || reason == SLOT_OK;
        if (reason > furthest)
            furthest = reason;
        if (reason != SLOT_OK && !explain)
            continue;
        if (!slots)
            slots = arena_new_array(a, (size_t)((to_s - start + step - 1) / step), struct slot);
        const struct slot *before = day->count ? &slots[day->count - 1] : NULL;
        slots[day->count] = make_slot(a, q, start, reason, before);
        day->count++;
    }
    day->slots = slots;
    day->reason = offered ? SLOT_OK : reason_of_day(furthest);
}

void slots_days(struct arena *a, const struct slot_rules *rules, const struct visit_shape *shape,
                int64_t first, int64_t last, bool explain, struct slot_day *ret_days)
{
    assert(first <= last && last - first < SLOT_DAYS_MAX);
    struct question q = ask(a, rules, shape, JUDGE_ALL);
    int64_t from = tz_day_start(rules->tz, first);
    for (int64_t date = first; date <= last; date++) {
        int64_t to = tz_day_end(rules->tz, date);
        struct slot_day *day = &ret_days[date - first];
        *day = (struct slot_day){.date = date};
        offer_day(a, &q, from, to, explain, day);
        from = to;
    }
}

enum slot_reason slot_judge(struct arena *a, const struct slot_rules *rules,
                            const struct visit_shape *shape, int64_t start_s, unsigned judge_what,
                            struct slot *ret)
{
    struct question q = ask(a, rules, shape, judge_what);
    int64_t date = tz_day_of(rules->tz, start_s);
    int64_t since_midnight = start_s - tz_day_start(rules->tz, date);
    enum slot_reason reason = SLOT_OFF_GRID;
    if (!(judge_what & JUDGE_GRID) || since_midnight % ((int64_t)rules->step_min * 60) == 0)
        reason = judge(&q, start_s, date);
    *ret = make_slot(a, &q, start_s, reason, NULL);
    return reason;
}
