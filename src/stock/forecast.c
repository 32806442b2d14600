/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* forecast: reads what uses an item and judges when it is through. See forecast.h. */
#include "stock/forecast.h"

#include "base/civil.h"

int64_t forecast_since(int64_t now_s)
{
    return now_s - (int64_t)FORECAST_DAYS * SECONDS_PER_DAY;
}

int64_t forecast_until(int64_t now_s)
{
    return now_s + (int64_t)FORECAST_AHEAD_DAYS * SECONDS_PER_DAY;
}

static int64_t span_days(const struct item *item, int64_t now_s)
{
    int64_t age = (now_s - item->created_s) / SECONDS_PER_DAY;
    return age < FORECAST_DAYS_LEAST ? FORECAST_DAYS_LEAST
           : age > FORECAST_DAYS     ? FORECAST_DAYS
                                     : age;
}

void forecast_judge(const struct item *item, const struct tz *tz, int64_t now_s, struct forecast *f)
{
    int64_t today = tz_date(tz, now_s), span = span_days(item, now_s);
    f->by = FORECAST_NONE;
    f->per_day = f->used / span;
    if (f->used > 0) {
        f->by = FORECAST_AVERAGE;
        /* on_hand is at most 10^12 and span 28, far within 64 bits */
        f->days_left = item->on_hand * span / f->used;
        if (f->days_left > FORECAST_DAYS_LEFT_MAX)
            f->days_left = FORECAST_DAYS_LEFT_MAX;
    }
    bool promised = item->on_hand > 0 && item->on_hand == item->reserved && f->last_visit_s > 0;
    if (promised) {
        int64_t days = tz_date(tz, f->last_visit_s) - today;
        if (days < 0)
            days = 0;
        if (f->by == FORECAST_NONE || days < f->days_left) {
            f->by = FORECAST_VISITS;
            f->days_left = days;
        }
    }
    f->runs_out_on = today + f->days_left;
}

static size_t find(const struct item *items, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].id == id)
            return i;
    return count;
}

enum result forecast_visits(struct work *w, const struct item *items, struct forecast *f,
                            size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count && !any; i++)
        any = items[i].on_hand > 0 && items[i].on_hand == items[i].reserved;
    if (!any)
        return OK;
    struct db_rows r;
    /* The visits to come, put together by a sum: no index of items may lead through all the past.
     */
    enum result res = db_query(
        w->tx, &r,
        "SELECT m.item_id + 0, MAX(b.start_s) FROM booking b"
        " JOIN booking_material m ON m.workspace_id = b.workspace_id AND m.booking_id = b.id"
        " WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"
        " AND b.status IN ('pending', 'confirmed') AND m.quantity > 0 GROUP BY m.item_id + 0",
        db_i(w->actor.workspace_id), db_i(w->now_s), db_i(forecast_until(w->now_s)));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        size_t at = find(items, count, db_int(&r, i, 0));
        if (at < count)
            f[at].last_visit_s = db_int(&r, i, 1);
    }
    return res;
}

enum result forecast_one(struct work *w, const struct tz *tz, const struct item *item,
                         struct forecast *ret)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r,
                             "SELECT COALESCE(SUM(-on_hand_delta), 0) FROM stock_move"
                             " WHERE workspace_id = $1 AND item_id = $2 AND kind = 'consume'"
                             " AND at_s > $3 AND at_s <= $4",
                             db_i(w->actor.workspace_id), db_i(item->id),
                             db_i(forecast_since(w->now_s)), db_i(w->now_s));
    if (res != OK)
        return res;
    struct forecast f = {.used = db_int(&r, 0, 0)};
    res = forecast_visits(w, item, &f, 1);
    if (res != OK)
        return res;
    forecast_judge(item, tz, w->now_s, &f);
    *ret = f;
    return OK;
}
