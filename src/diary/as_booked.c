/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * as_booked: the visit that a booking is, for moving and restoring it.
 *
 * People, rooms to choose among and materials come from today's menu, retired services included;
 * the time does not: where the menu has changed since, the visit keeps the shape of its own holds,
 * since that is what was promised and what the booking shows. Where it has not, another person
 * takes their own time; and price, where it is the menu's still (booking_reschedule says for whom).
 */
#include "diary/booking_parts.h"

#include <assert.h>

/* Whether it is as its person does it by today's menu. */
static bool same_time(const struct booking *b, const struct visit *v, const struct visit_by *by)
{
    const struct visit_shape *shape = by->shape ? by->shape : &v->shape;
    return b->end_s == b->start_s + shape->length_s &&
           b->outer_from_s == b->start_s + shape->outer_from_off_s &&
           b->outer_to_s == b->start_s + shape->outer_to_off_s;
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

/* Builds the shape from the holds, active or given back. */
static enum result shape_of_holds(struct work *w, const struct booking *b, struct visit *v)
{
    const size_t works = sizeof v->shape.work / sizeof v->shape.work[0];
    const size_t needs = sizeof v->shape.needs / sizeof v->shape.needs[0];
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT h.resource_id, h.start_s, h.end_s FROM hold h"
                 " WHERE h.workspace_id = $1 AND h.booking_id = $2 ORDER BY h.start_s, h.id",
                 db_i(w->actor.workspace_id), db_i(b->id));
    if (res != OK)
        return res;
    assert(r.count > 0); /* a booking keeps the holds it gave back */
    struct visit_shape *shape = arena_new(w->arena, struct visit_shape);
    shape->length_s = b->end_s - b->start_s;
    shape->outer_from_off_s = b->outer_from_s - b->start_s;
    shape->outer_to_off_s = b->outer_to_s - b->start_s;
    for (size_t i = 0; i < r.count; i++) {
        struct span at = {db_int(&r, i, 1) - b->start_s, db_int(&r, i, 2) - b->start_s};
        int64_t id = db_int(&r, i, 0);
        assert(shape->work_count < works && shape->need_count < needs);
        if (id == b->staff_id)
            shape->work[shape->work_count++] = at;
        else
            shape->needs[shape->need_count++] =
                (struct visit_need){at.from_s, at.to_s, choice_of(w->arena, &v->shape, id)};
    }
    v->shape = *shape;
    v->as_booked = true;
    for (size_t i = 0; i < v->person_count; i++)
        v->by[i].shape = NULL;
    return OK;
}

/* A price that is not the menu's was agreed, and is the same with everybody. */
static void keep_price(struct visit *v, int64_t price)
{
    v->price = price;
    for (size_t i = 0; i < v->person_count; i++)
        v->by[i].price = price;
}

enum result booking_visit(struct work *w, const struct workspace *ws, const struct booking *b,
                          int64_t staff_id, struct visit *ret)
{
    int64_t *ids = arena_new_array(w->arena, b->service_count + 1, int64_t);
    for (size_t i = 0; i < b->service_count; i++)
        ids[i] = b->services[i].service_id;
    struct visit_ask ask = {.service_ids = ids,
                            .service_count = b->service_count,
                            .staff_id = staff_id,
                            .also_retired = true};
    enum result res = visit_prepare(w, ws, &ask, ret);
    if (res != OK)
        return res;
    struct visit_by by = visit_by(w->arena, ret, b->staff_id);
    ret->price = by.price;
    if (b->price != by.price)
        keep_price(ret, b->price);
    return same_time(b, ret, &by) ? OK : shape_of_holds(w, b, ret);
}
