/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * fit: whether the people of visits are there for them, by the rule that slots are offered by: a
 * visit with its buffers lies wholly inside the business's hours and its person's (diary/slots.h).
 * It held when the visit was made, or somebody passed over it; hours, closures and time off may
 * have changed since.
 */
#include "today/internal.h"

#include "base/civil.h"
#include "team/team.h"

#include <stdlib.h>

const char *const misfit_codes[] = {"", "staff_inactive", "staff_off", "closed", "outside_hours"};

struct visit_row *visit_rows(struct arena *a, const struct db_rows *r)
{
    struct visit_row *rows = arena_new_array(a, r->count + 1, struct visit_row);
    for (size_t i = 0; i < r->count; i++)
        rows[i] = (struct visit_row){
            .id = db_int(r, i, 0),
            .version = db_int(r, i, 1),
            .status = db_str(r, i, 2),
            .start_s = db_int(r, i, 3),
            .end_s = db_int(r, i, 4),
            .outer_from_s = db_int(r, i, 5),
            .outer_to_s = db_int(r, i, 6),
            .client_id = db_int(r, i, 7),
            .staff_id = db_int(r, i, 8),
            .price = db_int(r, i, 9),
            .gates_unmet = db_int(r, i, 10),
            .client_name = db_str(r, i, 11),
            .client_phone = db_str(r, i, 12),
            .staff_name = db_str(r, i, 13),
            .staff_active = db_int(r, i, 14) != 0,
            .services = db_str(r, i, 15),
        };
    return rows;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static size_t people_of(struct arena *a, const struct visit_row *visits, size_t count,
                        int64_t **ret)
{
    int64_t *ids = arena_new_array(a, count + 1, int64_t);
    for (size_t i = 0; i < count; i++)
        ids[i] = visits[i].staff_id;
    qsort(ids, count, sizeof *ids, by_value);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (n == 0 || ids[n - 1] != ids[i])
            ids[n++] = ids[i];
    *ret = ids;
    return n;
}

static int64_t met_s(struct spans s, int64_t from_s, int64_t to_s)
{
    int64_t sum = 0;
    for (size_t i = spans_seek(s, 0, from_s); i < s.count && s.items[i].from_s < to_s; i++) {
        int64_t a = s.items[i].from_s > from_s ? s.items[i].from_s : from_s;
        int64_t b = s.items[i].to_s < to_s ? s.items[i].to_s : to_s;
        sum += b - a;
    }
    return sum;
}

static struct fit misfit(enum misfit why, int64_t seconds)
{
    return (struct fit){why, (seconds + MINUTE_S - 1) / MINUTE_S};
}

/* When one person works: their own hours (else the business's), and their time off. */
struct presence {
    int64_t staff_id;
    bool hours_own;
    struct spans open, off;
};

static struct fit fit_one(const struct visit_row *v, struct spans business,
                          const struct presence *p)
{
    int64_t from_s = v->outer_from_s, to_s = v->outer_to_s;
    if (!v->staff_active)
        return misfit(MISFIT_INACTIVE, to_s - from_s);
    int64_t off_s = met_s(p->off, from_s, to_s);
    if (off_s > 0)
        return misfit(MISFIT_OFF, off_s);
    int64_t closed_s = to_s - from_s - met_s(business, from_s, to_s);
    if (closed_s > 0)
        return misfit(MISFIT_CLOSED, closed_s);
    int64_t idle_s = p->hours_own ? to_s - from_s - met_s(p->open, from_s, to_s) : 0;
    return idle_s > 0 ? misfit(MISFIT_HOURS, idle_s) : (struct fit){FIT, 0};
}

static const struct presence *presence_find(const struct presence *list, size_t count, int64_t id)
{
    size_t low = 0, high = count;
    while (low + 1 < high) {
        size_t mid = low + (high - low) / 2;
        if (list[mid].staff_id <= id)
            low = mid;
        else
            high = mid;
    }
    return &list[low];
}

enum result fit_of(struct work *w, const struct workspace *ws, const struct visit_row *visits,
                   size_t count, struct fit **ret)
{
    *ret = arena_new_array(w->arena, count + 1, struct fit);
    if (count == 0)
        return OK;
    int64_t from_s = visits[0].outer_from_s, to_s = visits[0].outer_to_s;
    for (size_t i = 0; i < count; i++) {
        from_s = visits[i].outer_from_s < from_s ? visits[i].outer_from_s : from_s;
        to_s = visits[i].outer_to_s > to_s ? visits[i].outer_to_s : to_s;
    }
    int64_t first = tz_date(ws->tz, from_s) - 1, last = tz_date(ws->tz, to_s) + 1;
    struct date_range *closures =
        arena_new_array(w->arena, ws->closure_count + 1, struct date_range);
    for (size_t i = 0; i < ws->closure_count; i++)
        closures[i] = (struct date_range){ws->closures[i].from, ws->closures[i].to};
    struct spans business = hours_open(w->arena, ws->tz, first, last, ws->hours, ws->hours_count,
                                       closures, ws->closure_count);
    int64_t *ids;
    size_t people = people_of(w->arena, visits, count, &ids);
    struct staff_calendar *calendars;
    enum result res = team_calendars(w, ids, people, from_s, to_s, &calendars);
    if (res != OK)
        return res;
    struct presence *present = arena_new_array(w->arena, people + 1, struct presence);
    for (size_t i = 0; i < people; i++) {
        const struct staff_calendar *c = &calendars[i];
        present[i] = (struct presence){.staff_id = c->staff_id, .hours_own = c->hours_own};
        if (c->hours_own)
            present[i].open =
                hours_open(w->arena, ws->tz, first, last, c->weekly, c->weekly_count, NULL, 0);
        present[i].off = spans_normalise(w->arena, c->off, c->off_count);
    }
    for (size_t i = 0; i < count; i++)
        (*ret)[i] =
            fit_one(&visits[i], business, presence_find(present, people, visits[i].staff_id));
    return OK;
}
