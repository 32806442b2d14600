/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* clients: who was new, who came back. Each client of the period counts once, on the day of their
 * first completed visit in it. The 90 days are written as a difference, so that no index takes them
 * for a narrower way to a client's visits than the client. */
#include "report/internal.h"

enum result report_read_clients(struct work *w, struct report *r)
{
    struct db_rows rows;
    enum result res = db_query_values(
        w->tx, &rows,
        "SELECT " LOCAL_DAY ", b.known, COUNT(*),"
        " SUM(CASE WHEN b.start_s + 7776000 < $17 THEN b.back ELSE 0 END),"
        " SUM(CASE WHEN b.start_s + 7776000 < $17 THEN 0 ELSE 1 END)"
        " FROM (SELECT f.start_s,"
        "  CASE WHEN EXISTS (SELECT 1 FROM booking p WHERE p.workspace_id = $1"
        "   AND p.client_id = f.client_id AND p.status = 'completed' AND p.start_s < f.start_s)"
        "   THEN 1 ELSE 0 END AS known,"
        "  CASE WHEN EXISTS (SELECT 1 FROM booking n WHERE n.workspace_id = $1"
        "   AND n.client_id = f.client_id AND n.status = 'completed' AND n.start_s > f.start_s"
        "   AND n.start_s - f.start_s <= 7776000) THEN 1 ELSE 0 END AS back"
        "  FROM (SELECT b.client_id, MIN(b.start_s) AS start_s FROM booking b"
        "   WHERE b.status = 'completed' AND" OF_PERIOD " GROUP BY b.client_id) f) b"
        " GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 1000",
        report_values(w, r), REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++) {
        bool known = db_int(&rows, i, 1) != 0;
        int64_t count = db_int(&rows, i, 2);
        struct sums s = {0};
        s.of[FIG_CLIENTS] = count;
        s.of[known ? FIG_RETURNING : FIG_NEW] = count;
        s.of[FIG_CAME_BACK] = db_int(&rows, i, 3);
        s.of[FIG_WAITING] = db_int(&rows, i, 4);
        sums_add(report_day(r, db_int(&rows, i, 0)), &s);
        struct report_row *row = report_row(r, "clients", known ? -2 : -1);
        if (row) {
            row->word = known ? "returning" : "new";
            sums_add(&row->sums, &s);
        }
    }
    return res;
}
