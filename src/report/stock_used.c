/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stock_used: what visits were planned to take, what they took, what was thrown away. */
#include "report/internal.h"

#define COST "COALESCE(" UNIT_COST ", 0)"
/* CROSS JOIN keeps SQLite to the order in which the tables stand: from the period's visits to what
 * they took, from each item to its movements of the period. */
#define USED_BY_VISITS                                                           \
    " FROM booking b CROSS JOIN booking_material m CROSS JOIN item i"            \
    " WHERE m.workspace_id = $1 AND m.booking_id = b.id AND i.workspace_id = $1" \
    " AND i.id = m.item_id AND b.status = 'completed' AND" OF_PERIOD
#define WASTED                                                                               \
    " FROM item i CROSS JOIN stock_move m WHERE i.workspace_id = $1 AND m.workspace_id = $1" \
    " AND m.item_id = i.id AND m.on_hand_delta <> 0 AND m.at_s >= $2 AND m.at_s < $3"        \
    " AND m.kind = 'waste' AND $4 = 0 AND $5 = 0"

static enum result read_days(struct work *w, struct report *r, const struct db_value *v)
{
    struct db_rows rows;
    enum result res = db_query_values(w->tx, &rows,
                                      "SELECT " LOCAL_DAY ", SUM(m.quantity * " COST
                                      "), SUM(COALESCE(m.used, 0) * " COST ")" USED_BY_VISITS
                                      " GROUP BY 1 ORDER BY 1 LIMIT 500",
                                      v, REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++) {
        struct sums *day = report_day(r, db_int(&rows, i, 0));
        day->of[FIG_PLANNED_VALUE] += db_int(&rows, i, 1);
        day->of[FIG_USED_VALUE] += db_int(&rows, i, 2);
    }
    if (res == OK)
        res = db_query_values(w->tx, &rows,
                              "SELECT " LOCAL_DAY ", SUM(b.value) FROM (SELECT m.at_s AS start_s,"
                              " -m.on_hand_delta * " COST " AS value" WASTED ") b"
                              " GROUP BY 1 ORDER BY 1 LIMIT 500",
                              v, REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++)
        report_day(r, db_int(&rows, i, 0))->of[FIG_WASTE_VALUE] += db_int(&rows, i, 1);
    return res;
}

/* Each item's row, with what it is. */
static enum result name_items(struct work *w, struct report *r)
{
    struct db_rows rows;
    enum result res = db_query(w->tx, &rows,
                               "SELECT i.id, i.name, i.unit, " UNIT_COST " FROM item i"
                               " WHERE i.workspace_id = $1 ORDER BY i.id LIMIT 5000",
                               db_i(w->actor.workspace_id));
    for (size_t k = 0, i = 0; res == OK && k < r->row_count; k++) {
        struct report_row *row = &r->rows[k];
        for (i = 0; i < rows.count && db_int(&rows, i, 0) != row->id; i++)
            continue;
        if (i == rows.count)
            continue;
        int64_t cost = db_int(&rows, i, 3);
        row->name = db_str(&rows, i, 1);
        row->unit = db_str(&rows, i, 2);
        row->unpriced = db_is_null(&rows, i, 3);
        int64_t *of = row->sums.of;
        of[FIG_PLANNED_VALUE] = of[FIG_PLANNED] * cost;
        of[FIG_USED_VALUE] = of[FIG_USED] * cost;
        of[FIG_WASTE_VALUE] = of[FIG_WASTE] * cost;
        r->total.of[FIG_ITEMS]++;
        r->total.of[FIG_UNPRICED] += row->unpriced;
    }
    return res;
}

/* Also where no rows are wanted: how many items, and how many of them without a cost. */
enum result report_read_stock_used(struct work *w, struct report *r)
{
    const struct db_value *v = report_values(w, r);
    enum result res = read_days(w, r, v);
    struct db_rows rows;
    if (res == OK)
        res = db_query_values(
            w->tx, &rows,
            "SELECT m.item_id, SUM(m.quantity), SUM(COALESCE(m.used, 0))" USED_BY_VISITS
            " GROUP BY m.item_id ORDER BY m.item_id LIMIT 5000",
            v, REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++) {
        struct report_row *row = report_row(r, "item", db_int(&rows, i, 0));
        if (row) {
            row->sums.of[FIG_PLANNED] = db_int(&rows, i, 1);
            row->sums.of[FIG_USED] = db_int(&rows, i, 2);
        }
    }
    if (res == OK)
        res = db_query_values(w->tx, &rows,
                              "SELECT m.item_id, SUM(-m.on_hand_delta)" WASTED
                              " GROUP BY m.item_id ORDER BY m.item_id LIMIT 5000",
                              v, REPORT_VALUES);
    for (size_t i = 0; res == OK && i < rows.count; i++) {
        struct report_row *row = report_row(r, "item", db_int(&rows, i, 0));
        if (row)
            row->sums.of[FIG_WASTE] = db_int(&rows, i, 1);
    }
    return res == OK ? name_items(w, r) : res;
}
