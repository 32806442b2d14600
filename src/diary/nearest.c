/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* nearest: the free starts nearest to one that could not be had, as a further member of the
 * refusal. */
#include "diary/booking.h"

#include "diary/availability.h"

enum { NEAREST_COUNT = 3, NEAREST_BEFORE_DAYS = 3, NEAREST_AFTER_DAYS = 14 };

struct nearest_view {
    struct shape_list nearest;
};
static const struct field nearest_fields[] = {
    FIELD_LIST(struct nearest_view, nearest, slot_shape, 0, NEAREST_COUNT,
               .doc = "the nearest free starts"),
};
static const struct shape nearest_shape =
    SHAPE("NearestSlots", struct nearest_view, nearest_fields);

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* Keeps the best few, sorted by distance. */
static size_t keep(const struct slot **best, size_t count, const struct slot *s, int64_t wanted_s)
{
    size_t at = count;
    while (at > 0 && distance(best[at - 1]->start_s, wanted_s) > distance(s->start_s, wanted_s))
        at--;
    if (at == NEAREST_COUNT)
        return count;
    size_t n = count < NEAREST_COUNT ? count + 1 : NEAREST_COUNT;
    for (size_t i = n - 1; i > at; i--)
        best[i] = best[i - 1];
    best[at] = s;
    return n;
}

enum result booking_offer_nearest(struct work *w, const struct visit *v, int64_t wanted_s,
                                  int64_t except_booking_id)
{
    int64_t date = tz_date(v->ws->tz, wanted_s), today = tz_date(v->ws->tz, w->now_s);
    int64_t first = date - NEAREST_BEFORE_DAYS < today ? today : date - NEAREST_BEFORE_DAYS;
    int64_t last = date + NEAREST_AFTER_DAYS;
    if (last < first || last - first > AVAILABILITY_DAYS_MAX - 1)
        last = first + NEAREST_AFTER_DAYS;
    struct slot_rules rules;
    enum result res = visit_rules(w, v, first, last, except_booking_id, true, &rules);
    if (res != OK)
        return res;
    struct slot_day *days = arena_new_array(w->arena, (size_t)(last - first) + 1, struct slot_day);
    slots_days(w->arena, &rules, &v->shape, first, last, false, days);
    const struct slot *best[NEAREST_COUNT] = {0};
    size_t count = 0;
    for (int64_t d = 0; d <= last - first; d++)
        for (size_t i = 0; i < days[d].count; i++)
            count = keep(best, count, &days[d].slots[i], wanted_s);
    struct nearest_view *view = arena_new(w->arena, struct nearest_view);
    struct slot_view *slots = arena_new_array(w->arena, NEAREST_COUNT, struct slot_view);
    for (size_t i = 0; i < count; i++)
        slot_view_of(w->arena, v, best[i], &slots[i]);
    view->nearest = (struct shape_list){true, count, slots};
    w->problem->extra_shape = &nearest_shape;
    w->problem->extra = view;
    return OK;
}
