/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stock_value: what lies on the shelves at the end of the period, and how it came to that: the
 * level at the end is read once an item, and the days' changes lead back from it. */
#include "report/internal.h"

#include "stock/stock.h"

enum result report_read_stock_value(struct work *w, struct report *r)
{
    struct db_rows rows;
    enum result res = db_query(
        w->tx, &rows,
        "SELECT i.id, i.name, i.unit, " UNIT_COST ", (SELECT m.on_hand_after FROM stock_move m"
        "  WHERE m.workspace_id = $1 AND m.item_id = i.id AND m.on_hand_delta <> 0 AND m.at_s < $2"
        "  ORDER BY m.at_s DESC, m.id DESC LIMIT 1)"
        " FROM item i WHERE i.workspace_id = $1 LIMIT 5000",
        db_i(w->actor.workspace_id), db_i(r->period.to_s));
    for (size_t i = 0; res == OK && i < rows.count; i++) {
        struct sums s = {0};
        s.of[FIG_ON_HAND] = db_int(&rows, i, 4);
        if (s.of[FIG_ON_HAND] == 0)
            continue;
        s.of[FIG_ITEMS] = 1;
        s.of[FIG_UNPRICED] = db_is_null(&rows, i, 3);
        s.of[FIG_STOCK_VALUE] = s.of[FIG_ON_HAND] * db_int(&rows, i, 3);
        sums_add(&r->total, &s);
        struct report_row *row = r->with_rows ? report_row(r, "item", db_int(&rows, i, 0)) : NULL;
        if (!row)
            continue;
        row->name = db_str(&rows, i, 1);
        row->unit = db_str(&rows, i, 2);
        row->unpriced = db_is_null(&rows, i, 3);
        row->sums = s;
    }
    r->total.of[FIG_ON_HAND] = 0; /* litres and pieces are no sum */
    if (res != OK)
        return res;
    res = db_query_values(
        w->tx, &rows,
        "SELECT " LOCAL_DAY ", SUM(b.value) FROM (SELECT m.at_s AS start_s,"
        " m.on_hand_delta * " UNIT_COST " AS value FROM item i CROSS JOIN stock_move m"
        " WHERE i.workspace_id = $1 AND " UNIT_COST " IS NOT NULL AND m.workspace_id = $1"
        " AND m.item_id = i.id AND m.on_hand_delta <> 0 AND m.at_s >= $2 AND m.at_s < $3"
        " AND $4 = 0 AND $5 = 0) b"
        " GROUP BY 1 ORDER BY 1 LIMIT 500",
        report_values(w, r), REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++)
        report_day(r, db_int(&rows, i, 0))->of[FIG_STOCK_VALUE] += db_int(&rows, i, 1);
    return res;
}
