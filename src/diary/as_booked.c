/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * as_booked: the visit that a booking is, for moving and restoring it.
 *
 * People, rooms to choose among and materials come from today's menu, retired services included;
 * the time does not: where the menu has changed since, the visit keeps the shape of its own holds,
 * since that is what was promised and what the booking shows.
 */
#include "diary/booking_parts.h"

#include <assert.h>

static bool same_time(const struct booking *b, const struct visit *v)
{
    return b->end_s == b->start_s + v->shape.length_s &&
           b->outer_from_s == b->start_s + v->shape.outer_from_off_s &&
           b->outer_to_s == b->start_s + v->shape.outer_to_off_s;
}

/* Today's choice of rooms that holds this one, or it alone. */
static struct need choice_of(struct arena *a, const struct visit_shape *today, int64_t thing_id)
{
    for (size_t i = 0; i < today->need_count; i++)
        for (size_t k = 0; k < today->needs[i].need.count; k++)
            if (today->needs[i].need.any_of[k] == thing_id)
                return today->needs[i].need;
    int64_t *alone = arena_new(a, int64_t);
    *alone = thing_id;
    return (struct need){1, alone};
}

enum result booking_holds(struct work *w, int64_t booking_id, struct held **ret, size_t *ret_count)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT h.resource_id, h.start_s, h.end_s FROM hold h"
                 " WHERE h.workspace_id = $1 AND h.booking_id = $2 ORDER BY h.start_s, h.id",
                 db_i(w->actor.workspace_id), db_i(booking_id));
    if (res != OK)
        return res;
    assert(r.count > 0); /* a booking keeps the holds it gave back */
    *ret_count = r.count;
    *ret = arena_new_array(w->arena, r.count, struct held);
    for (size_t i = 0; i < r.count; i++)
        (*ret)[i] = (struct held){db_int(&r, i, 0), {db_int(&r, i, 1), db_int(&r, i, 2)}};
    return OK;
}

/* The shape that these holds are of. `choice` false: in these rooms alone. */
static void shape_of_holds(struct arena *a, const struct booking *b, const struct held *holds,
                           size_t count, bool choice, struct visit *v)
{
    const size_t works = sizeof v->shape.work / sizeof v->shape.work[0];
    const size_t needs = sizeof v->shape.needs / sizeof v->shape.needs[0];
    const struct visit_shape none = {0};
    struct visit_shape *shape = arena_new(a, struct visit_shape);
    shape->length_s = b->end_s - b->start_s;
    shape->outer_from_off_s = b->outer_from_s - b->start_s;
    shape->outer_to_off_s = b->outer_to_s - b->start_s;
    for (size_t i = 0; i < count; i++) {
        struct span at = {holds[i].at.from_s - b->start_s, holds[i].at.to_s - b->start_s};
        int64_t id = holds[i].resource_id;
        assert(shape->work_count < works && shape->need_count < needs);
        if (id == b->staff_id)
            shape->work[shape->work_count++] = at;
        else
            shape->needs[shape->need_count++] = (struct visit_need){
                at.from_s, at.to_s, choice_of(a, choice ? &v->shape : &none, id)};
    }
    v->shape = *shape;
}

/* Services, people and materials as the menu has them today. */
static enum result prepare(struct work *w, const struct workspace *ws, const struct booking *b,
                           int64_t staff_id, struct visit *ret)
{
    int64_t *ids = arena_new_array(w->arena, b->service_count + 1, int64_t);
    for (size_t i = 0; i < b->service_count; i++)
        ids[i] = b->services[i].service_id;
    struct visit_ask ask = {.service_ids = ids,
                            .service_count = b->service_count,
                            .staff_id = staff_id,
                            .also_retired = true};
    return visit_prepare(w, ws, &ask, ret);
}

enum result booking_visit(struct work *w, const struct workspace *ws, const struct booking *b,
                          int64_t staff_id, struct visit *ret)
{
    enum result res = prepare(w, ws, b, staff_id, ret);
    if (res != OK || same_time(b, ret))
        return res;
    struct held *holds;
    size_t count;
    res = booking_holds(w, b->id, &holds, &count);
    if (res == OK)
        shape_of_holds(w->arena, b, holds, count, true, ret);
    return res;
}

enum result booking_visit_as_held(struct work *w, const struct workspace *ws,
                                  const struct booking *b, const struct held *holds, size_t count,
                                  bool exact, struct visit *ret)
{
    enum result res = prepare(w, ws, b, b->staff_id, ret);
    if (res == OK)
        shape_of_holds(w->arena, b, holds, count, !exact, ret);
    return res;
}
