/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* named: whom and what the rows' ids stand for. */
#include "report/internal.h"

#include <string.h>

static void name_rows(struct report *r, const char *group, const struct db_rows *rows)
{
    for (size_t i = 0; i < r->row_count; i++) {
        struct report_row *row = &r->rows[i];
        if (strcmp(row->group, group) != 0)
            continue;
        for (size_t k = 0; k < rows->count && !row->name.ptr; k++)
            if (db_int(rows, k, 0) == row->id)
                row->name = db_str(rows, k, 1);
    }
}

enum result report_name_people(struct work *w, struct report *r)
{
    struct db_rows rows;
    enum result res = db_query(w->tx, &rows,
                               "SELECT id, name FROM resource WHERE workspace_id = $1"
                               " AND kind = 'person' ORDER BY id LIMIT 2000",
                               db_i(w->actor.workspace_id));
    if (res == OK)
        name_rows(r, "staff", &rows);
    return res;
}

enum result report_name_services(struct work *w, struct report *r)
{
    struct db_rows rows;
    enum result res = db_query(
        w->tx, &rows, "SELECT id, name FROM service WHERE workspace_id = $1 ORDER BY id LIMIT 5000",
        db_i(w->actor.workspace_id));
    if (res == OK)
        name_rows(r, "service", &rows);
    return res;
}
