/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv_table: a report as a table that a spreadsheet opens: amounts in minor units, as everywhere.
 */
#include "report/internal.h"

#include "transfer/csv.h"

enum { CSV_MAX = 1024 * 1024 };

static void put_date(struct arena *a, struct buf *out, int64_t date, bool first)
{
    char text[DATE_TEXT];
    date_format(date, text);
    csv_cell(out, str_copy(a, str_of(text)), first);
}

/* Numbers are no formulas, so a minus needs no guard. */
static void put_number(struct buf *out, struct opt_int v, bool quantity)
{
    char text[THOUSANDTHS_TEXT];
    buf_byte(out, ',');
    if (!v.set)
        return;
    if (!quantity) {
        buf_int(out, v.value);
        return;
    }
    thousandths_format(v.value, text);
    buf_z(out, text);
}

static void put_head(struct buf *out, const enum figure *shown, size_t count)
{
    for (size_t i = 0; i < count; i++)
        csv_cell(out, str_of(figure_name(shown[i])), false);
    csv_end_record(out);
}

static void put_figures(struct buf *out, const struct figures *f, const enum figure *shown,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_number(out, f->of[shown[i]], figure_is_quantity(shown[i]));
    csv_end_record(out);
}

static void write_series(struct arena *a, struct buf *out, const struct report_kind *k,
                         const struct report_out *r)
{
    const enum figure *shown = k->part_shown ? k->part_shown : k->shown;
    size_t count = k->part_shown ? k->part_shown_count : k->shown_count;
    buf_z(out, "from,to,value,previous");
    put_head(out, shown, count);
    const struct point_out *points = r->series.items;
    for (size_t i = 0; i < r->series.count; i++) {
        put_date(a, out, points[i].from.value, true);
        put_date(a, out, points[i].to.value, false);
        put_number(out, points[i].value, false);
        put_number(out, points[i].previous, false);
        put_figures(out, points[i].figures, shown, count);
    }
}

static void write_rows(struct arena *a, struct buf *out, const struct report_kind *k,
                       const struct report_out *r)
{
    const enum figure *shown = k->row_shown ? k->row_shown : k->shown;
    size_t count = k->row_shown ? k->row_shown_count : k->shown_count;
    buf_z(out, "group,id,name,unit,value");
    put_head(out, shown, count);
    const struct row_out *rows = r->rows.items;
    for (size_t i = 0; i < r->rows.count; i++) {
        const struct row_out *row = &rows[i];
        csv_cell(out, row->group, true);
        csv_cell(out, row->id.set ? str_printf(a, "%lld", (long long)row->id.value) : STR(""),
                 false);
        csv_cell(out, row->word.ptr ? row->word : row->name, false);
        csv_cell(out, row->unit.ptr ? row->unit : STR(""), false);
        put_number(out, row->value, false);
        put_figures(out, row->figures, shown, count);
    }
}

struct str report_csv(struct arena *a, const struct report_kind *kind, const struct report_out *out,
                      bool rows)
{
    struct buf text;
    buf_init(&text, CSV_MAX);
    buf_z(&text, "\xEF\xBB\xBF"); /* by which spreadsheets know UTF-8 */
    if (rows)
        write_rows(a, &text, kind, out);
    else
        write_series(a, &text, kind, out);
    struct str copy = str_copy(a, buf_view(&text));
    buf_done(&text);
    return copy;
}
