/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* people: how much of the time in which people work is held by visits. See report.h. */
#include "report/internal.h"

#include "team/team.h"

/* Seconds of a normalised list that lie in each local day. */
static void add_open(struct report *r, const struct spans *open, struct sums *person)
{
    size_t at = 0;
    for (int64_t date = r->period.from; date <= r->period.to; date++) {
        int64_t start = tz_day_start(r->ws->tz, date), end = tz_day_end(r->ws->tz, date), sum = 0;
        at = spans_seek(*open, at, start);
        for (size_t i = at; i < open->count && open->items[i].from_s < end; i++) {
            int64_t from = open->items[i].from_s, to = open->items[i].to_s;
            sum += (to < end ? to : end) - (from > start ? from : start);
        }
        report_day(r, date)->of[FIG_OPEN_MIN] += sum;
        person->of[FIG_OPEN_MIN] += sum;
    }
}

/* What both lists have, by taking away what the second one has not. */
static struct spans both(struct arena *a, struct spans x, struct spans y)
{
    return spans_subtract(a, x, spans_subtract(a, x, y));
}

/* The spans are made in an arena of their own, since nobody needs them longer. */
static void open_of(struct report *r, const struct staff_calendar *c, struct sums *person)
{
    const struct workspace *ws = r->ws;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    struct date_range *shut = arena_new_array(&a, ws->closure_count + 1, struct date_range);
    for (size_t i = 0; i < ws->closure_count; i++)
        shut[i] = (struct date_range){ws->closures[i].from, ws->closures[i].to};
    int64_t first = r->period.from, last = r->period.to;
    struct spans open =
        hours_open(&a, ws->tz, first, last, ws->hours, ws->hours_count, shut, ws->closure_count);
    if (c->hours_own)
        open = both(&a, open,
                    hours_open(&a, ws->tz, first, last, c->weekly, c->weekly_count, shut,
                               ws->closure_count));
    open = spans_subtract(&a, open, spans_normalise(&a, c->off, c->off_count));
    add_open(r, &open, person);
    arena_done(&a);
}

/* $4 is the person here, whoever is asked for. */
static enum result worked_of(struct work *w, struct report *r, int64_t staff_id,
                             struct sums *person)
{
    struct report asked = *r;
    asked.staff_id = staff_id;
    struct db_rows rows;
    enum result res = db_query_values(
        w->tx, &rows,
        "SELECT " LOCAL_DAY ", SUM(b.end_s - b.start_s) FROM hold b"
        " WHERE b.workspace_id = $1 AND b.resource_id = $4 AND b.start_s >= $2 AND b.start_s < $3"
        " AND b.active = 1 AND b.booking_id IS NOT NULL AND $5 = 0 GROUP BY 1 ORDER BY 1 LIMIT 500",
        report_values(w, &asked), REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++) {
        int64_t seconds = db_int(&rows, i, 1);
        report_day(r, db_int(&rows, i, 0))->of[FIG_WORKED_MIN] += seconds;
        person->of[FIG_WORKED_MIN] += seconds;
    }
    return res;
}

/* Who can be booked counts with their hours, whoever has worked with what they worked. */
enum result report_read_people(struct work *w, struct report *r)
{
    struct db_rows people;
    enum result res = db_query(
        w->tx, &people,
        "SELECT m.id, m.bookable, p.name FROM staff m"
        " JOIN resource p ON p.workspace_id = m.workspace_id AND p.id = m.id"
        " WHERE m.workspace_id = $1 AND ($2 = 0 OR m.id = $2) ORDER BY p.active DESC, m.id LIMIT 400",
        db_i(w->actor.workspace_id), db_i(r->staff_id));
    if (res != OK)
        return res;
    int64_t *ids = arena_new_array(w->arena, people.count + 1, int64_t);
    for (size_t i = 0; i < people.count; i++)
        ids[i] = db_int(&people, i, 0);
    struct staff_calendar *calendars = NULL;
    res = team_calendars(w, ids, people.count, r->period.from_s, r->period.to_s, &calendars);
    for (size_t i = 0; res == OK && i < people.count; i++) {
        struct sums person = {0};
        if (db_int(&people, i, 1))
            open_of(r, &calendars[i], &person);
        res = worked_of(w, r, ids[i], &person);
        if (person.of[FIG_OPEN_MIN] == 0 && person.of[FIG_WORKED_MIN] == 0)
            continue;
        struct report_row *row = r->with_rows ? report_row(r, "staff", ids[i]) : NULL;
        if (row) {
            row->name = db_str(&people, i, 2);
            row->sums = person;
        }
    }
    return res;
}
