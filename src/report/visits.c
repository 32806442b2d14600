/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visits: what became of the bookings of a period, and their money: four kinds of report from one
 * reading. */
#include "report/internal.h"

/* In the order of `told`. With a service asked for, its lines are the money. */
#define PRICE                                                                                     \
    "CASE WHEN $5 = 0 THEN b.price ELSE (SELECT COALESCE(SUM(x.price), 0) FROM booking_service x" \
    " WHERE x.workspace_id = $1 AND x.booking_id = b.id AND x.service_id = $5) END"
#define SUMS_OF_BOOKINGS                                                                         \
    " COUNT(*),"                                                                                 \
    " SUM(CASE WHEN b.status = 'completed' THEN 1 ELSE 0 END),"                                  \
    " SUM(CASE WHEN b.status = 'confirmed' THEN 1 ELSE 0 END),"                                  \
    " SUM(CASE WHEN b.status = 'pending' THEN 1 ELSE 0 END),"                                    \
    " SUM(CASE WHEN b.status = 'cancelled' THEN 1 ELSE 0 END),"                                  \
    " SUM(CASE WHEN b.status = 'no_show' THEN 1 ELSE 0 END),"                                    \
    " SUM(CASE WHEN b.source = 'public' AND b.status <> 'cancelled' THEN 1 ELSE 0 END),"         \
    " SUM(CASE WHEN b.status IN ('pending', 'confirmed', 'completed') THEN b.price ELSE 0 END)," \
    " SUM(CASE WHEN b.status = 'completed' THEN b.price ELSE 0 END),"                            \
    " SUM(CASE WHEN b.status = 'no_show' THEN b.price ELSE 0 END),"                              \
    " SUM(CASE WHEN b.status = 'cancelled' THEN b.price ELSE 0 END)"

#define BOOKINGS_OF_DAYS                                                                         \
    " FROM (SELECT b.start_s, b.status, b.source, b.staff_id, " PRICE " AS price FROM booking b" \
    " WHERE" OF_PERIOD ") b"

static const enum figure told[] = {
    FIG_ALL,           FIG_COMPLETED,       FIG_CONFIRMED,
    FIG_PENDING,       FIG_CANCELLED,       FIG_NO_SHOW,
    FIG_ONLINE,        FIG_BOOKED_VALUE,    FIG_COMPLETED_VALUE,
    FIG_NO_SHOW_VALUE, FIG_CANCELLED_VALUE,
};
enum { TOLD = sizeof told / sizeof told[0] };

static void take(const struct db_rows *rows, size_t row, struct sums *to)
{
    for (size_t i = 0; i < TOLD; i++)
        to->of[told[i]] += db_int(rows, row, i + 1);
    to->of[FIG_VISITS] = to->of[FIG_ALL] - to->of[FIG_CANCELLED];
}

static enum result read_rows(struct work *w, struct report *r, const struct db_value *v)
{
    struct db_rows rows;
    enum result res = db_query_values(w->tx, &rows,
                                      "SELECT b.staff_id," SUMS_OF_BOOKINGS BOOKINGS_OF_DAYS
                                      " GROUP BY b.staff_id ORDER BY 2 DESC, 1 LIMIT 1000",
                                      v, REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++) {
        struct report_row *row = report_row(r, "staff", db_int(&rows, i, 0));
        if (row)
            take(&rows, i, &row->sums);
    }
    if (res == OK)
        res = report_name_people(w, r);
    if (res == OK)
        res = db_query_values(
            w->tx, &rows,
            "SELECT b.service_id," SUMS_OF_BOOKINGS
            " FROM (SELECT s.service_id, b.status, b.source, s.price FROM booking b"
            " CROSS JOIN booking_service s WHERE s.workspace_id = $1 AND s.booking_id = b.id"
            " AND ($5 = 0 OR s.service_id = $5) AND" OF_PERIOD ") b"
            " GROUP BY b.service_id ORDER BY 2 DESC, 1 LIMIT 2000",
            v, REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++) {
        struct report_row *row = report_row(r, "service", db_int(&rows, i, 0));
        if (row)
            take(&rows, i, &row->sums);
    }
    return res == OK ? report_name_services(w, r) : res;
}

enum result report_read_visits(struct work *w, struct report *r)
{
    const struct db_value *v = report_values(w, r);
    struct db_rows rows;
    enum result res = db_query_values(w->tx, &rows,
                                      "SELECT " LOCAL_DAY "," SUMS_OF_BOOKINGS BOOKINGS_OF_DAYS
                                      " GROUP BY 1 ORDER BY 1 LIMIT 500",
                                      v, REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++)
        take(&rows, i, report_day(r, db_int(&rows, i, 0)));
    return res == OK && r->with_rows ? read_rows(w, r, v) : res;
}

/* ---- who cancelled, and when ---- */

static const enum figure told_of_cancelled[] = {
    FIG_BY_CLIENT,     FIG_BY_BUSINESS, FIG_WITHIN_2H, FIG_WITHIN_DAY,
    FIG_WITHIN_3_DAYS, FIG_WITHIN_WEEK, FIG_EARLIER,
};
enum { TOLD_OF_CANCELLED = sizeof told_of_cancelled / sizeof told_of_cancelled[0] };

/* The sums stand by day; each of them is a row of the whole period as well. */
static void rows_of_totals(struct report *r)
{
    static const char *const words[] = {"client",        "business",    "within_2h", "within_day",
                                        "within_3_days", "within_week", "earlier"};
    struct sums total = {0};
    for (size_t i = 0; i < r->day_count; i++)
        sums_add(&total, &r->days[i]);
    for (size_t k = 0; k < TOLD_OF_CANCELLED; k++) {
        struct report_row *row = report_row(r, k < 2 ? "by" : "notice", -1 - (int64_t)k);
        if (!row)
            continue;
        row->word = words[k];
        row->sums.of[FIG_CANCELLED] = total.of[told_of_cancelled[k]];
        row->sums.of[FIG_ALL] = total.of[FIG_ALL];
    }
}

enum result report_read_cancellations(struct work *w, struct report *r)
{
    enum result res = report_read_visits(w, r);
    if (res != OK)
        return res;
    struct db_rows rows;
    res = db_query_values(
        w->tx, &rows,
        "SELECT " LOCAL_DAY ", SUM(CASE WHEN b.cancelled_by = 'client' THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN b.cancelled_by = 'client' THEN 0 ELSE 1 END),"
        " SUM(CASE WHEN b.notice_s < 7200 THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN b.notice_s >= 7200 AND b.notice_s < 86400 THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN b.notice_s >= 86400 AND b.notice_s < 259200 THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN b.notice_s >= 259200 AND b.notice_s < 604800 THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN b.notice_s >= 604800 THEN 1 ELSE 0 END)"
        " FROM (SELECT b.start_s, b.cancelled_by, b.start_s - b.cancelled_s AS notice_s"
        " FROM booking b WHERE b.status = 'cancelled' AND" OF_PERIOD ") b"
        " GROUP BY 1 ORDER BY 1 LIMIT 500",
        report_values(w, r), REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++)
        for (size_t k = 0; k < TOLD_OF_CANCELLED; k++)
            report_day(r, db_int(&rows, i, 0))->of[told_of_cancelled[k]] += db_int(&rows, i, k + 1);
    if (res == OK && r->with_rows)
        rows_of_totals(r);
    return res;
}
