/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* figures: visits and money of days, and how many things wait. */
#include "today/internal.h"

#include "base/seeded.h"
#include "diary/booking.h"

struct figures_view {
    struct opt_int date, visits, pending, confirmed, completed, no_show, cancelled, minutes;
    struct opt_int booked, earned, by_now;
};
static const struct field figures_fields[] = {
    FIELD_DATE(struct figures_view, date, .maybe = true, .doc = "of a day"),
    FIELD_INT(struct figures_view, visits, 0, 0, .doc = "pending, confirmed and completed ones"),
    FIELD_INT(struct figures_view, pending, 0, 0),
    FIELD_INT(struct figures_view, confirmed, 0, 0),
    FIELD_INT(struct figures_view, completed, 0, 0),
    FIELD_INT(struct figures_view, no_show, 0, 0),
    FIELD_INT(struct figures_view, cancelled, 0, 0),
    FIELD_INT(struct figures_view, minutes, 0, 0, .doc = "of those visits"),
    FIELD_INT(struct figures_view, booked, 0, 0, .doc = "money: their prices"),
    FIELD_INT(struct figures_view, earned, 0, 0, .doc = "money: of the completed ones"),
    FIELD_INT(struct figures_view, by_now, 0, 0, .doc = "money: of those that have ended"),
};
const struct shape figures_shape = SHAPE("DayFigures", struct figures_view, figures_fields);

static struct figures_view view_of(const struct day_figures *f)
{
    return (struct figures_view){
        .date = f->date ? some_int(f->date) : (struct opt_int){0},
        .visits = some_int(f->count[BOOKING_PENDING] + f->count[BOOKING_CONFIRMED] +
                           f->count[BOOKING_COMPLETED]),
        .pending = some_int(f->count[BOOKING_PENDING]),
        .confirmed = some_int(f->count[BOOKING_CONFIRMED]),
        .completed = some_int(f->count[BOOKING_COMPLETED]),
        .no_show = some_int(f->count[BOOKING_NO_SHOW]),
        .cancelled = some_int(f->count[BOOKING_CANCELLED]),
        .minutes = some_int(f->minutes),
        .booked = some_int(f->booked),
        .earned = some_int(f->completed),
        .by_now = some_int(f->by_now),
    };
}

const struct figures_view *figures_view(struct arena *a, const struct day_figures *f)
{
    struct figures_view *v = arena_new(a, struct figures_view);
    *v = view_of(f);
    return v;
}

struct shape_list figures_list(struct arena *a, const struct day_figures *f, size_t count)
{
    struct figures_view *views = arena_new_array(a, count + 1, struct figures_view);
    for (size_t i = 0; i < count; i++)
        views[i] = view_of(&f[i]);
    return (struct shape_list){true, count, views};
}

int64_t figures_no_shows(const struct day_figures *f)
{
    return f->count[BOOKING_NO_SHOW];
}

/* A row is {status, visits, price, minutes, price of those that have ended} from `column` on. */
static void add_row(struct day_figures *f, const struct db_rows *r, size_t i, size_t column)
{
    struct str status = db_str(r, i, column);
    int64_t price = db_int(r, i, column + 2);
    for (size_t s = 0; booking_status_names[s]; s++)
        if (str_is(status, booking_status_names[s]))
            f->count[s] += db_int(r, i, column + 1);
    if (str_is(status, "cancelled") || str_is(status, "no_show"))
        return;
    f->booked += price;
    f->minutes += db_int(r, i, column + 3);
    f->by_now += db_int(r, i, column + 4);
    if (str_is(status, "completed"))
        f->completed += price;
}

#ifdef CAREOPS_SEEDED
/* The same, of whatever business: for COUNT_ACROSS alone. */
static enum result count_everybodys(struct work *w, int64_t from_s, int64_t to_s,
                                    struct day_figures *ret)
{
    struct db_rows r;
    struct db_reach before = db_across(w->tx, "a defect that was put in on purpose");
    enum result res = db_query(w->tx, &r,
                               "SELECT status, COUNT(*), CAST(SUM(price) AS BIGINT), 0, 0"
                               " FROM booking WHERE start_s >= $1 AND start_s < $2 GROUP BY status",
                               db_i(from_s), db_i(to_s));
    db_back(w->tx, before);
    for (size_t i = 0; res == OK && i < r.count; i++)
        add_row(ret, &r, i, 0);
    return res;
}
#endif

enum result figures_span(struct work *w, int64_t from_s, int64_t to_s, struct day_figures *ret)
{
    struct db_rows r;
    *ret = (struct day_figures){0};
#ifdef CAREOPS_SEEDED
    if (SEEDED(COUNT_ACROSS))
        return count_everybodys(w, from_s, to_s, ret);
#endif
    enum result res = db_query(
        w->tx, &r,
        "SELECT status, COUNT(*), CAST(SUM(price) AS BIGINT), CAST(SUM((end_s - start_s) / 60) AS BIGINT),"
        " CAST(SUM(CASE WHEN end_s <= $4 THEN price ELSE 0 END) AS BIGINT) FROM booking"
        " WHERE workspace_id = $1 AND start_s >= $2 AND start_s < $3 GROUP BY status",
        db_i(w->actor.workspace_id), db_i(from_s), db_i(to_s), db_i(w->now_s));
    for (size_t i = 0; res == OK && i < r.count; i++)
        add_row(ret, &r, i, 0);
    return res;
}

/* A day has 23 to 25 hours: where each begins is worked out here, and not in SQL. */
enum result figures_week(struct work *w, const struct workspace *ws, int64_t date,
                         struct day_figures ret[static WEEK_DAYS])
{
    struct db_rows r;
    int64_t from_s[WEEK_DAYS + 1];
    for (size_t d = 0; d <= WEEK_DAYS; d++)
        from_s[d] = tz_day_start(ws->tz, date + (int64_t)d);
    for (size_t d = 0; d < WEEK_DAYS; d++)
        ret[d] = (struct day_figures){.date = date + (int64_t)d};
    enum result res = db_query(
        w->tx, &r,
        "SELECT CASE WHEN start_s < $3 THEN 0 WHEN start_s < $4 THEN 1 WHEN start_s < $5 THEN 2"
        " WHEN start_s < $6 THEN 3 WHEN start_s < $7 THEN 4 WHEN start_s < $8 THEN 5 ELSE 6 END AS day,"
        " status, COUNT(*), CAST(SUM(price) AS BIGINT), CAST(SUM((end_s - start_s) / 60) AS BIGINT),"
        " CAST(SUM(CASE WHEN end_s <= $10 THEN price ELSE 0 END) AS BIGINT) FROM booking"
        " WHERE workspace_id = $1 AND start_s >= $2 AND start_s < $9 GROUP BY 1, 2",
        db_i(w->actor.workspace_id), db_i(from_s[0]), db_i(from_s[1]), db_i(from_s[2]),
        db_i(from_s[3]), db_i(from_s[4]), db_i(from_s[5]), db_i(from_s[6]), db_i(from_s[7]),
        db_i(w->now_s));
    for (size_t i = 0; res == OK && i < r.count; i++)
        add_row(&ret[db_int(&r, i, 0)], &r, i, 1);
    return res;
}

/* Each along an index of just such rows, and at most COUNT_MAX of it. */
enum result figures_counts(struct work *w, struct counts *ret)
{
    struct db_rows r;
    enum result res =
        db_one(w->tx, &r,
               "SELECT (SELECT COUNT(*) FROM (SELECT id FROM conversation WHERE workspace_id = $1"
               " AND folder = 'inbox' AND unanswered = 1 LIMIT $3) AS a),"
               " (SELECT COUNT(*) FROM (SELECT id FROM form_submission WHERE workspace_id = $1"
               " AND status = 'pending' AND requested_s <= $2 LIMIT $3) AS b),"
               " (SELECT COUNT(*) FROM (SELECT id FROM form_submission WHERE workspace_id = $1"
               " AND status = 'pending' AND requested_s <= $4 LIMIT $3) AS c),"
               " (SELECT COUNT(*) FROM (SELECT id FROM item WHERE workspace_id = $1"
               " AND low = 1 AND active = 1 LIMIT $3) AS d),"
               " (SELECT COUNT(*) FROM (SELECT id FROM message WHERE workspace_id = $1"
               " AND status = 'failed' LIMIT $3) AS e),"
               " (SELECT COUNT(*) FROM (SELECT id FROM message WHERE workspace_id = $1"
               " AND untold = 1 AND matters_until_s > $2 LIMIT $3) AS f),"
               " (SELECT COUNT(*) FROM (SELECT id FROM booking WHERE workspace_id = $1"
               " AND status = 'pending' AND start_s >= $2 LIMIT $3) AS g),"
               " (SELECT COUNT(*) FROM (SELECT id FROM booking WHERE workspace_id = $1"
               " AND end_s <= $2 AND status IN ('pending', 'confirmed') LIMIT $3) AS h),"
               " (SELECT COUNT(*) FROM (SELECT id FROM rating WHERE workspace_id = $1"
               " AND stars <= 3 AND handled_s IS NULL LIMIT $3) AS i),"
               " (SELECT COUNT(*) FROM (SELECT id FROM job WHERE workspace_id = $1"
               " AND status = 'parked' LIMIT $3) AS j),"
               " (SELECT COUNT(*) FROM (SELECT id FROM time_off_request WHERE workspace_id = $1"
               " AND status = 'pending' LIMIT $3) AS k)",
               db_i(w->actor.workspace_id), db_i(w->now_s), db_i(COUNT_MAX),
               db_i(w->now_s - (int64_t)24 * HOUR_S));
    if (res != OK)
        return res;
    *ret = (struct counts){
        .unanswered = db_int(&r, 0, 0),
        .pending_forms = db_int(&r, 0, 1),
        .overdue_forms = db_int(&r, 0, 2),
        .low_stock = db_int(&r, 0, 3),
        .failed_emails = db_int(&r, 0, 4),
        .not_told = db_int(&r, 0, 5),
        .unconfirmed = db_int(&r, 0, 6),
        .unmarked = db_int(&r, 0, 7),
        .low_ratings = db_int(&r, 0, 8),
        .parked_jobs = db_int(&r, 0, 9),
        .time_off_requests = db_int(&r, 0, 10),
    };
    return OK;
}
