/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* health_causes: what can be wrong with a day, group by group. Each question walks the day's visits
 * by their start; the stock's walks the open visits up to the end of that day. */
#include "today/health_view.h"

static int64_t minutes_of(const struct visit_row *v)
{
    return (v->end_s - v->start_s) / MINUTE_S;
}

/* ---- staff ---- */

enum result health_staff(struct health *h)
{
    static const enum cause_code codes[MISFIT__MAX] = {
        [MISFIT_INACTIVE] = CAUSE_STAFF_INACTIVE,
        [MISFIT_OFF] = CAUSE_STAFF_OFF,
        [MISFIT_CLOSED] = CAUSE_CLOSED,
        [MISFIT_HOURS] = CAUSE_OUTSIDE_HOURS,
    };
    struct fit *fits;
    enum result res = fit_of(h->w, h->ws, h->visits, h->visit_count, &fits);
    for (size_t i = 0; res == OK && i < h->visit_count; i++)
        if (fits[i].why != FIT)
            health_visit(h, codes[fits[i].why], fits[i].minutes, &h->visits[i]);
    return res;
}

/* ---- rooms and devices ---- */

enum result health_rooms(struct health *h)
{
    struct work *w = h->w;
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT b.id, h.resource_id, h.start_s, h.end_s, r.name, r.active FROM booking b"
                 " JOIN hold h ON h.workspace_id = b.workspace_id AND h.booking_id = b.id"
                 " JOIN resource r ON r.workspace_id = h.workspace_id AND r.id = h.resource_id"
                 " WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"
                 " AND b.status IN ('pending', 'confirmed') AND h.active = 1 AND r.kind <> 'person'"
                 " ORDER BY h.resource_id, h.start_s, h.id LIMIT $4",
                 db_i(w->actor.workspace_id), db_i(h->from_s), db_i(h->to_s),
                 db_i((int64_t)DAY_VISITS_MAX * 10));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        const struct visit_row *v = health_find(h, db_int(&r, i, 0));
        bool off = db_int(&r, i, 5) == 0;
        int64_t both_s = 0;
        if (i > 0 && db_int(&r, i - 1, 1) == db_int(&r, i, 1)) {
            int64_t before_s = db_int(&r, i - 1, 3), until_s = db_int(&r, i, 3);
            both_s = (before_s < until_s ? before_s : until_s) - db_int(&r, i, 2);
        }
        if (!v || (!off && both_s <= 0))
            continue;
        int64_t held_s = db_int(&r, i, 3) - db_int(&r, i, 2);
        struct cause *c = health_visit(h, off ? CAUSE_ROOM_INACTIVE : CAUSE_ROOM_DOUBLE,
                                       (off ? held_s : both_s) / MINUTE_S, v);
        if (!c)
            continue;
        c->resource_id = some_int(db_int(&r, i, 1));
        c->resource_name = db_str(&r, i, 4);
    }
    return res;
}

/* ---- stock ---- */

/* Left is what is on hand less what all open visits up to the end of the day need, also those that
 * have ended and are not marked: the index of open visits by their end has just those, and `+ 0`
 * keeps the planner from another one. */
static enum result needs_of(struct health *h, struct db_rows *ret)
{
    struct work *w = h->w;
    return db_query(
        w->tx, ret,
        "SELECT i.id, i.name, i.unit, i.active, i.on_hand, i.reorder_point, n.needed, n.on_day, n.minutes"
        " FROM (SELECT m.item_id, CAST(SUM(m.quantity) AS BIGINT) AS needed,"
        "  CAST(SUM(CASE WHEN b.start_s >= $2 THEN m.quantity ELSE 0 END) AS BIGINT) AS on_day,"
        "  CAST(SUM(CASE WHEN b.start_s >= $2 THEN (b.end_s - b.start_s) / 60 ELSE 0 END) AS BIGINT)"
        "  AS minutes FROM booking b"
        "  CROSS JOIN booking_material m"
        "  WHERE m.workspace_id = b.workspace_id AND m.booking_id = b.id"
        "  AND b.workspace_id = $1 AND b.status IN ('pending', 'confirmed')"
        "  AND b.end_s > 0 AND b.end_s < $4 AND b.start_s + 0 < $3 GROUP BY m.item_id) n"
        " JOIN item i ON i.workspace_id = $1 AND i.id = n.item_id"
        " WHERE n.on_day > 0 ORDER BY i.name, i.id LIMIT $5",
        db_i(w->actor.workspace_id), db_i(h->from_s), db_i(h->to_s),
        db_i(h->to_s + (int64_t)48 * HOUR_S), db_i(CAUSES_MAX));
}

enum result health_stock(struct health *h)
{
    struct db_rows r;
    enum result res = needs_of(h, &r);
    for (size_t i = 0; res == OK && i < r.count; i++) {
        int64_t on_hand = db_int(&r, i, 4), reorder = db_int(&r, i, 5), needed = db_int(&r, i, 6);
        int64_t left = on_hand - needed;
        bool inactive = db_int(&r, i, 3) == 0;
        if (left > reorder && !inactive)
            continue;
        struct cause *c = health_cause(h,
                                       left < 0   ? CAUSE_STOCK_SHORT
                                       : inactive ? CAUSE_STOCK_INACTIVE
                                                  : CAUSE_STOCK_LOW,
                                       db_int(&r, i, 8));
        if (!c)
            continue;
        c->item_id = some_int(db_int(&r, i, 0));
        c->item_name = db_str(&r, i, 1);
        c->unit = db_str(&r, i, 2);
        c->needed = some_int(db_int(&r, i, 7));
        c->on_hand = some_int(on_hand);
        c->left = some_int(left);
        c->reorder_point = some_int(reorder);
        c->fix_url =
            str_printf(h->w->arena, "/app/inventory/%lld?do=receive", (long long)c->item_id.value);
    }
    return res;
}

/* ---- forms, and what else comes first ---- */

/* COALESCE keeps the planner from the lists of all that is pending. */
enum result health_forms(struct health *h)
{
    struct work *w = h->w;
    for (size_t i = 0; i < h->visit_count; i++)
        if (h->visits[i].gates_unmet > 0)
            health_visit(h, h->visits[i].gates_unmet == 2 ? CAUSE_GATE_VISIT : CAUSE_GATE_FORM,
                         minutes_of(&h->visits[i]), &h->visits[i]);
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT s.booking_id, s.id, f.name FROM form_submission s"
                 " JOIN form f ON f.workspace_id = s.workspace_id AND f.id = s.form_id"
                 " WHERE s.workspace_id = $1 AND s.booking_id IN (SELECT b.id FROM booking b"
                 "  WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"
                 "  AND b.status IN ('pending', 'confirmed') AND b.gates_unmet = 0)"
                 " AND COALESCE(s.status, '') = 'pending' AND COALESCE(s.requested_s, 0) > 0"
                 " ORDER BY s.booking_id, s.id LIMIT $4",
                 db_i(w->actor.workspace_id), db_i(h->from_s), db_i(h->to_s), db_i(CAUSES_MAX));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        const struct visit_row *v = health_find(h, db_int(&r, i, 0));
        struct cause *c = v ? health_visit(h, CAUSE_FORM_PENDING, minutes_of(v), v) : NULL;
        if (!c)
            continue;
        c->submission_id = some_int(db_int(&r, i, 1));
        c->form_name = db_str(&r, i, 2);
    }
    return res;
}

/* ---- messages ---- */

enum result health_messages(struct health *h)
{
    struct work *w = h->w;
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT b.id, MAX(m.id) FROM booking b"
                               " CROSS JOIN message m"
                               " WHERE m.workspace_id = b.workspace_id AND m.booking_id = b.id"
                               " AND b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"
                               " AND b.status IN ('pending', 'confirmed')"
                               " AND m.untold = 1 AND m.matters_until_s > $4"
                               " GROUP BY b.start_s, b.id ORDER BY b.start_s, b.id LIMIT $5",
                               db_i(w->actor.workspace_id), db_i(h->from_s), db_i(h->to_s),
                               db_i(w->now_s), db_i(CAUSES_MAX));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        const struct visit_row *v = health_find(h, db_int(&r, i, 0));
        struct cause *c = v ? health_visit(h, CAUSE_NOT_TOLD, minutes_of(v), v) : NULL;
        if (c)
            c->email_id = some_int(db_int(&r, i, 1));
    }
    return res;
}

/* ---- a yes ---- */

enum result health_unconfirmed(struct health *h)
{
    for (size_t i = 0; i < h->visit_count; i++)
        if (str_is(h->visits[i].status, "pending"))
            health_visit(h, CAUSE_UNCONFIRMED, minutes_of(&h->visits[i]), &h->visits[i]);
    return OK;
}
