/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stock_csv: items and ledgers as CSV, safe to open in a spreadsheet (transfer/csv.h). Numbers are
 * numbers there: no text of anybody's stands in them, so their minus is no formula. */
#include "stock/forecast.h"
#include "stock/movements.h"

#include "base/money.h"
#include "http/spool.h"
#include "transfer/csv.h"
#include "transfer/csv_answer.h"

enum { PAGE = 500 };

static void put(struct buf *out, struct str text)
{
    csv_cell(out, text.ptr ? text : STR(""), false);
}

static void put_plain(struct buf *out, const char *number)
{
    buf_z(out, ",");
    buf_z(out, number);
}

static void put_qty(struct buf *out, int64_t thousandths)
{
    char text[THOUSANDTHS_TEXT];
    thousandths_format(thousandths, text);
    put_plain(out, text);
}

static void put_money(struct buf *out, struct opt_int minor, struct str currency)
{
    buf_z(out, ",");
    if (minor.set)
        money_plain(out, minor.value, currency);
}

/* ---- items ---- */

static const char *const item_heads[] = {
    "id",        "name",      "sku",           "category",  "unit",  "on_hand",
    "reserved",  "available", "reorder_point", "unit_cost", "value", "currency",
    "pack_name", "pack_size", "supplier",      "active",    NULL};

static void write_item(struct arena *a, struct buf *out, const struct item *item,
                       struct str currency)
{
    struct opt_int value = {0};
    if (item->unit_cost.set)
        value = some_int(stock_value(item->on_hand, item->unit_cost.value));
    csv_cell(out, str_printf(a, "%lld", (long long)item->id), true);
    put(out, item->name);
    put(out, item->sku);
    put(out, item->category);
    put(out, item->unit);
    put_qty(out, item->on_hand);
    put_qty(out, item->reserved);
    put_qty(out, item->on_hand - item->reserved);
    put_qty(out, item->reorder_point);
    put_money(out, item->unit_cost, currency);
    put_money(out, value, currency);
    put(out, currency);
    put(out, item->pack_name);
    if (item->pack_size.set)
        put_qty(out, item->pack_size.value);
    else
        put_plain(out, "");
    put(out, item->supplier);
    put_plain(out, item->active ? "true" : "false");
    csv_end_record(out);
}

enum result get_items_csv(struct request *rq, struct work *w)
{
    const struct tz *tz;
    struct str currency;
    struct db_rows r;
    struct spool *spool;
    enum result res = stock_zone(w, &tz, &currency);
    if (res == OK)
        res =
            db_query(w->tx, &r,
                     "SELECT " ITEM_COLUMNS " FROM item i WHERE i.workspace_id = $1 ORDER BY i.id",
                     db_i(w->actor.workspace_id));
    if (res == OK)
        res = spool_new(rq, w->problem, w->app->data, &spool);
    if (res != OK)
        return res;
    csv_head(spool_out(spool), item_heads);
    for (size_t i = 0; i < r.count; i++) {
        struct item item;
        item_read(&r, i, &item);
        write_item(w->arena, spool_out(spool), &item, currency);
        spool_more(spool);
    }
    res = spool_answer(spool, w->problem, "text/csv; charset=utf-8");
    if (res == OK)
        answer_header(rq, "Content-Disposition", STR("attachment; filename=\"items.csv\""));
    return res;
}

/* ---- a ledger, page by page, so in bounded memory ---- */

static const char *const movement_heads[] = {"id",
                                             "at",
                                             "kind",
                                             "on_hand_delta",
                                             "reserved_delta",
                                             "on_hand_after",
                                             "reserved_after",
                                             "unit",
                                             "unit_cost",
                                             "booking_id",
                                             "client",
                                             "stocktake_id",
                                             "actor",
                                             "reason",
                                             NULL};

struct page {
    const struct work *caller;
    struct movements_asked asked;
    struct item item;
    const struct tz *tz;
    struct str currency;
    struct movement *list;
    size_t count;
};

static void put_id(struct arena *a, struct buf *out, struct opt_int id)
{
    put_plain(out, id.set ? str_z(a, str_printf(a, "%lld", (long long)id.value)) : "");
}

static void write_movement(struct arena *a, struct buf *out, const void *page, size_t i)
{
    const struct page *p = page;
    const struct movement *m = &p->list[i];
    char at[LOCAL_TEXT];
    tz_local_format(p->tz, m->at_s, at);
    csv_cell(out, str_printf(a, "%lld", (long long)m->id), true);
    put_plain(out, at);
    put(out, m->kind);
    put_qty(out, m->on_hand_delta);
    put_qty(out, m->reserved_delta);
    put_qty(out, m->on_hand_after);
    put_qty(out, m->reserved_after);
    put(out, p->item.unit);
    put_money(out, m->unit_cost, p->currency);
    put_id(a, out, m->booking_id);
    put(out, movement_clients_seen(p->caller) ? m->client : STR(""));
    put_id(a, out, m->stocktake_id);
    put(out, movement_actor(p->caller, m));
    put(out, m->reason);
    csv_end_record(out);
}

static enum result read_page(struct work *w, void *page, size_t *ret_count, bool *ret_more)
{
    struct page *p = page;
    enum result res = movements_item(w, p->asked.item_id, &p->item);
    if (res == OK)
        res = stock_zone(w, &p->tz, &p->currency);
    if (res == OK)
        res = movements_page(w, &p->asked, &p->list, &p->count);
    *ret_count = p->count;
    *ret_more = p->count == PAGE;
    return res;
}

static void next_page(void *page)
{
    struct page *p = page;
    if (p->count)
        p->asked.before_id = p->list[p->count - 1].id;
}

enum result get_movements_csv(struct request *rq, struct work *w)
{
    struct page p = {.caller = w,
                     .asked = {.item_id = request_id_param(rq, 0),
                               .before_id = INT64_MAX,
                               .from_s = INT64_MIN,
                               .to_s = INT64_MAX,
                               .kind = "",
                               .limit = PAGE}};
    const struct csv_list list = {
        .filename = "movements.csv",
        .headings = movement_heads,
        .page = &p,
        .read = read_page,
        .write = write_movement,
        .next = next_page,
    };
    return csv_answer(rq, w, &list);
}
