/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ratings: what clients gave, by the day they gave it. */
#include "report/internal.h"

#define STARS                                        \
    " COUNT(*), SUM(b.stars),"                       \
    " SUM(CASE WHEN b.stars = 1 THEN 1 ELSE 0 END)," \
    " SUM(CASE WHEN b.stars = 2 THEN 1 ELSE 0 END)," \
    " SUM(CASE WHEN b.stars = 3 THEN 1 ELSE 0 END)," \
    " SUM(CASE WHEN b.stars = 4 THEN 1 ELSE 0 END)," \
    " SUM(CASE WHEN b.stars = 5 THEN 1 ELSE 0 END)"
#define RATINGS                                                                               \
    " FROM (SELECT b.created_s AS start_s, b.stars, b.staff_id FROM rating b"                 \
    " WHERE b.workspace_id = $1 AND b.created_s >= $2 AND b.created_s < $3"                   \
    " AND ($4 = 0 OR b.staff_id = $4) AND ($5 = 0 OR EXISTS (SELECT 1 FROM booking_service x" \
    " WHERE x.workspace_id = $1 AND x.booking_id = b.booking_id AND x.service_id = $5))) b"

static void take(const struct db_rows *rows, size_t row, struct sums *to)
{
    to->of[FIG_RATINGS] += db_int(rows, row, 1);
    to->of[FIG_STARS] += db_int(rows, row, 2);
    for (int star = 0; star < 5; star++)
        to->of[FIG_STARS_1 + star] += db_int(rows, row, (size_t)(3 + star));
}

enum result report_read_ratings(struct work *w, struct report *r)
{
    const struct db_value *v = report_values(w, r);
    struct db_rows rows;
    enum result res = db_query_values(
        w->tx, &rows, "SELECT " LOCAL_DAY "," STARS RATINGS " GROUP BY 1 ORDER BY 1 LIMIT 500", v,
        REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++)
        take(&rows, i, report_day(r, db_int(&rows, i, 0)));
    if (res != OK || !r->with_rows)
        return res;
    res = db_query_values(w->tx, &rows,
                          "SELECT b.staff_id," STARS RATINGS
                          " GROUP BY b.staff_id ORDER BY 2 DESC, 1 LIMIT 1000",
                          v, REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++) {
        struct report_row *row = report_row(r, "staff", db_int(&rows, i, 0));
        if (row)
            take(&rows, i, &row->sums);
    }
    return res == OK ? report_name_people(w, r) : res;
}
