/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stock_routes: items over HTTP. Reading and writing need the owner or the permission
 * `inventory`. */
#include "stock/forecast.h"
#include "stock/low_stock.h"

#include "audit/audit.h"
#include "base/fold.h"

enum sort { SORT_NONE, SORT_NAME, SORT_AVAILABLE, SORT_DAYS_LEFT, SORT_LOW };
static const char *const sort_names[] = {"id", "name", "available", "days_left", "low", NULL};

struct items_query {
    struct opt_int limit;
    struct str cursor, q, category;
    struct opt_bool low, active;
    struct opt_int sort;
};
static const struct field items_query_fields[] = {
    PAGE_FIELDS(struct items_query),
    FIELD_STR(struct items_query, q, 1, 120,
              .doc = "part of the name, SKU, supplier or category; case and accents do not count"),
    FIELD_BOOL(struct items_query, low, .doc = "only those at or under their reorder point"),
    FIELD_STR(struct items_query, category, 1, 60),
    FIELD_BOOL(struct items_query, active, .doc = "false: only the retired; absent: all"),
    FIELD_ENUM(struct items_query, sort, sort_names,
               .doc =
                   "the least first; what has no days_left comes last. Default: as they were made"),
};
static const struct shape items_query_shape =
    SHAPE("ItemsQuery", struct items_query, items_query_fields);

/* ---- the list ---- */

struct listed {
    struct item item;
    struct forecast forecast;
    struct str key; /* its name, folded, where one sorts by it */
};

static int by_id(const struct listed *a, const struct listed *b)
{
    return (a->item.id > b->item.id) - (a->item.id < b->item.id);
}

static int by_name(const void *x, const void *y)
{
    const struct listed *a = x, *b = y;
    size_t shorter = a->key.len < b->key.len ? a->key.len : b->key.len;
    int c = shorter ? memcmp(a->key.ptr, b->key.ptr, shorter) : 0;
    if (c == 0)
        c = (a->key.len > b->key.len) - (a->key.len < b->key.len);
    return c ? c : by_id(a, b);
}

static int by_available(const void *x, const void *y)
{
    const struct listed *a = x, *b = y;
    int64_t m = a->item.on_hand - a->item.reserved, n = b->item.on_hand - b->item.reserved;
    return m != n ? (m > n) - (m < n) : by_id(a, b);
}

static int64_t days_of(const struct listed *l)
{
    return l->forecast.by == FORECAST_NONE ? INT64_MAX : l->forecast.days_left;
}

static int by_days_left(const void *x, const void *y)
{
    int64_t m = days_of(x), n = days_of(y);
    return m != n ? (m > n) - (m < n) : by_id(x, y);
}

static bool is_low(const struct item *item)
{
    return item->on_hand - item->reserved <= item->reorder_point;
}

static int by_low(const void *x, const void *y)
{
    const struct listed *a = x, *b = y;
    int c = is_low(&b->item) - is_low(&a->item);
    return c ? c : by_name(x, y);
}

static bool holds(struct arena *a, struct str text, struct str wanted)
{
    struct str folded = fold(a, text);
    return folded.len && memmem(folded.ptr, folded.len, wanted.ptr, wanted.len);
}

/* Signs alone are nothing that a name could have. */
static bool fits(struct arena *a, const struct item *item, struct str wanted)
{
    if (!wanted.ptr)
        return true;
    if (!wanted.len)
        return false;
    return holds(a, item->name, wanted) || holds(a, item->sku, wanted) ||
           holds(a, item->supplier, wanted) || holds(a, item->category, wanted);
}

/*
 * Items are few (ITEMS_MAX a workspace), so one statement reads those that a filter leaves, and
 * what is sought or put in order is so here: names as people compare them, days as forecast.h has
 * them. In the order of ids and without words to seek, the statement reads a page and no more.
 */
static enum result read_items(struct work *w, const struct items_query *q, int64_t after_id,
                              int64_t limit, struct listed **ret, size_t *ret_count)
{
    struct db_rows r;
    struct str wanted = {0};
    if (q->q.ptr) {
        wanted = fold(w->arena, q->q);
        if (!wanted.ptr)
            wanted = STR("");
    }
    enum result res = db_query(
        w->tx, &r,
        "SELECT " ITEM_COLUMNS ", COALESCE((SELECT SUM(-m.on_hand_delta) FROM stock_move m"
        "  WHERE m.workspace_id = i.workspace_id AND m.item_id = i.id AND m.kind = 'consume'"
        "  AND m.at_s > $2 AND m.at_s <= $8), 0)"
        " FROM item i WHERE i.workspace_id = $1 AND i.id > $3"
        " AND ($4 < 0 OR i.low = $4) AND ($5 < 0 OR i.active = $5) AND ($6 = '' OR i.category = $6)"
        " ORDER BY i.id LIMIT $7",
        db_i(w->actor.workspace_id), db_i(forecast_since(w->now_s)), db_i(after_id),
        db_i(q->low.set ? q->low.value : -1), db_i(q->active.set ? q->active.value : -1),
        db_s(q->category.ptr ? q->category : STR("")), db_i(limit), db_i(w->now_s));
    if (res != OK)
        return res;
    struct listed *list = arena_new_array(w->arena, r.count + 1, struct listed);
    size_t n = 0;
    for (size_t i = 0; i < r.count; i++) {
        struct listed *l = &list[n];
        *l = (struct listed){.forecast.used = db_int(&r, i, ITEM_COLUMN_COUNT)};
        item_read(&r, i, &l->item);
        n += fits(w->arena, &l->item, wanted);
    }
    *ret = list;
    *ret_count = n;
    return OK;
}

static enum result judge_items(struct work *w, struct listed *list, size_t count)
{
    const struct tz *tz;
    struct str currency;
    enum result res = stock_zone(w, &tz, &currency);
    struct item *items = arena_new_array(w->arena, count + 1, struct item);
    struct forecast *f = arena_new_array(w->arena, count + 1, struct forecast);
    for (size_t i = 0; i < count; i++) {
        items[i] = list[i].item;
        f[i] = list[i].forecast;
    }
    if (res == OK)
        res = forecast_visits(w, items, f, count);
    for (size_t i = 0; res == OK && i < count; i++) {
        forecast_judge(&items[i], tz, w->now_s, &f[i]);
        list[i].forecast = f[i];
    }
    return res;
}

static void sort_items(struct arena *a, enum sort sort, struct listed *list, size_t count)
{
    bool named = sort == SORT_NAME || sort == SORT_LOW;
    for (size_t i = 0; named && i < count; i++)
        list[i].key = fold(a, list[i].item.name);
    if (sort != SORT_NONE)
        qsort(list, count, sizeof *list,
              sort == SORT_NAME        ? by_name
              : sort == SORT_LOW       ? by_low
              : sort == SORT_AVAILABLE ? by_available
                                       : by_days_left);
}

/* A page goes on behind the item that ended the last one, wherever that stands by now; where it is
 * gone, at the same place. */
static size_t begin_at(const struct listed *list, size_t count, int64_t place, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].item.id == id)
            return i + 1;
    return place < 0 || (size_t)place > count ? count : (size_t)place;
}

static enum result list_items(struct request *rq, struct work *w)
{
    const struct items_query *q = rq->query_in;
    enum sort sort = q->sort.set ? (enum sort)q->sort.value : SORT_NONE;
    bool whole = sort != SORT_NONE || q->q.ptr, paged;
    int64_t place = 0, id = 0, limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT;
    enum result res = cursor_read(w, q->cursor, &paged, &place, &id);
    if (res != OK)
        return res;
    struct listed *list;
    size_t count;
    res = read_items(w, q, whole ? 0 : id, whole ? ITEMS_MAX : limit + 1, &list, &count);
    if (res == OK)
        res = judge_items(w, list, count);
    if (res != OK)
        return res;
    sort_items(w->arena, sort, list, count);
    size_t from = whole && paged ? begin_at(list, count, place, id) : 0;
    size_t shown = count - from < (size_t)limit ? count - from : (size_t)limit;
    char *views = arena_alloc(w->arena, (shown + 1) * item_shape.size);
    for (size_t i = 0; i < shown; i++)
        memcpy(views + i * item_shape.size,
               item_view_of(w->arena, &list[from + i].item, &list[from + i].forecast),
               item_shape.size);
    struct str next = {0};
    if (from + shown < count)
        next = cursor_write(w->arena, (int64_t)(from + shown), list[from + shown - 1].item.id);
    answer_list(rq, &item_shape, views, shown, next, w->actor.permissions);
    return OK;
}

/* ---- all of them in a few figures ---- */

struct category_view {
    struct str name;
    struct opt_int items;
};
static const struct field category_fields[] = {
    FIELD_STR(struct category_view, name, 0, 0),
    FIELD_INT(struct category_view, items, 0, 0),
};
static const struct shape category_shape =
    SHAPE("ItemCategory", struct category_view, category_fields);

struct summary_view {
    struct opt_int items, low, retired, value, unpriced, open_stocktakes;
    struct shape_list categories;
    struct str_list suppliers;
};
static const struct field summary_fields[] = {
    FIELD_INT(struct summary_view, items, 0, 0, .doc = "those that are not retired"),
    FIELD_INT(struct summary_view, low, 0, 0),
    FIELD_INT(struct summary_view, retired, 0, 0),
    FIELD_INT(struct summary_view, value, 0, 0,
              .doc = "what is on hand is worth, in minor units, of those that have a unit_cost"),
    FIELD_INT(struct summary_view, unpriced, 0, 0, .doc = "on hand, and without a unit_cost"),
    FIELD_INT(struct summary_view, open_stocktakes, 0, 0),
    FIELD_LIST(struct summary_view, categories, category_shape, 0, ITEMS_MAX),
    FIELD_STRS(struct summary_view, suppliers, 0, ITEMS_MAX),
};
static const struct shape summary_shape =
    SHAPE("StockSummary", struct summary_view, summary_fields);

static int64_t no_more_than_json(int64_t v)
{
    const int64_t most = ((int64_t)1 << 53) - 1;
    return v > most ? most : v;
}

/* The categories and the suppliers of those that are not retired. */
static enum result read_labels(struct work *w, struct summary_view *v)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT category, COUNT(*) FROM item WHERE workspace_id = $1"
                               " AND active = 1 AND category <> '' GROUP BY category",
                               db_i(w->actor.workspace_id));
    if (res != OK)
        return res;
    struct category_view *list = arena_new_array(w->arena, r.count + 1, struct category_view);
    for (size_t i = 0; i < r.count; i++)
        list[i] = (struct category_view){db_str(&r, i, 0), some_int(db_int(&r, i, 1))};
    v->categories = (struct shape_list){true, r.count, list};
    res = db_query(w->tx, &r,
                   "SELECT DISTINCT supplier FROM item WHERE workspace_id = $1 AND active = 1"
                   " AND supplier <> ''",
                   db_i(w->actor.workspace_id));
    if (res != OK)
        return res;
    struct str *names = arena_new_array(w->arena, r.count + 1, struct str);
    for (size_t i = 0; i < r.count; i++)
        names[i] = db_str(&r, i, 0);
    v->suppliers = (struct str_list){true, r.count, names};
    return OK;
}

static enum result get_summary(struct request *rq, struct work *w)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r, "SELECT active, low, on_hand, unit_cost FROM item WHERE workspace_id = $1",
        db_i(w->actor.workspace_id));
    if (res != OK)
        return res;
    int64_t items = 0, low = 0, retired = 0, value = 0, unpriced = 0;
    for (size_t i = 0; i < r.count; i++) {
        bool active = db_int(&r, i, 0) != 0;
        int64_t on_hand = db_int(&r, i, 2);
        items += active;
        retired += !active;
        low += active && db_int(&r, i, 1);
        if (db_is_null(&r, i, 3))
            unpriced += active && on_hand > 0;
        else
            value = no_more_than_json(value + stock_value(on_hand, db_int(&r, i, 3)));
    }
    struct summary_view v = {.items = some_int(items),
                             .low = some_int(low),
                             .retired = some_int(retired),
                             .value = some_int(value),
                             .unpriced = some_int(unpriced)};
    res = db_one(w->tx, &r,
                 "SELECT COUNT(*) FROM stocktake WHERE workspace_id = $1 AND status = 'open'",
                 db_i(w->actor.workspace_id));
    if (res != OK)
        return res;
    v.open_stocktakes = some_int(db_int(&r, 0, 0));
    res = read_labels(w, &v);
    if (res == OK)
        answer_json(rq, 200, &summary_shape, &v, w->actor.permissions);
    return res;
}

/* ---- one ---- */

static enum result sku_free(struct work *w, struct str sku, int64_t except_id)
{
    struct db_rows r;
    if (!sku.ptr)
        return OK;
    enum result res = db_one(w->tx, &r, "SELECT id FROM item WHERE workspace_id = $1 AND sku = $2",
                             db_i(w->actor.workspace_id), db_s(sku));
    if (res == OK && db_int(&r, 0, 0) != except_id)
        return problem_set(w->problem, CONFLICT, "already_exists",
                           "Another item has this SKU already.");
    return res == NOT_FOUND ? OK : res;
}

/* What differs from `before`, and of a new one what it has. */
static enum result audit_item(struct work *w, const char *action, const struct item *before,
                              const struct item *after)
{
    struct audit a;
    audit_begin(&a, w, "item", after->id, action);
    audit_str(&a, "name", before->name, after->name);
    audit_str(&a, "sku", before->sku, after->sku);
    audit_str(&a, "unit", before->unit, after->unit);
    audit_qty(&a, "reorder_point", before->reorder_point, after->reorder_point);
    audit_int(&a, "unit_cost", before->unit_cost, after->unit_cost);
    audit_str(&a, "pack", before->pack_name, after->pack_name);
    audit_qty(&a, "pack_size", before->pack_size.value, after->pack_size.value);
    audit_str(&a, "supplier", before->supplier, after->supplier);
    audit_str(&a, "category", before->category, after->category);
    if (before->id)
        audit_bool(&a, "active", before->active, after->active);
    return audit_end(&a);
}

static enum result room_for_one(struct work *w)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r, "SELECT COUNT(*) FROM item WHERE workspace_id = $1",
                             db_i(w->actor.workspace_id));
    if (res == OK && db_int(&r, 0, 0) >= ITEMS_MAX)
        return problem_set(w->problem, CONFLICT, "limit_reached",
                           "A business can have at most %d items.", ITEMS_MAX);
    return res;
}

static enum result create_item(struct request *rq, struct work *w)
{
    const struct item_in *in = rq->in;
    enum result res = room_for_one(w);
    if (res == OK)
        res = sku_free(w, in->sku, 0);
    if (res != OK)
        return res;
    struct item item = {
        .id = env_id(w->env),
        .name = in->name,
        .sku = in->sku,
        .unit = in->unit,
        .reorder_point = in->reorder_point.value,
        .active = in->active.set ? in->active.value : true,
        .unit_cost = in->unit_cost,
        .pack_name = in->pack ? in->pack->name : (struct str){0},
        .pack_size = in->pack ? in->pack->size : (struct opt_int){0},
        .supplier = in->supplier.ptr ? in->supplier : STR(""),
        .category = in->category.ptr ? in->category : STR(""),
        .created_s = w->now_s,
        .version = 1,
    };
    res = db_exec(
        w->tx,
        "INSERT INTO item (workspace_id, id, name, sku, unit, reorder_point, active, created_s, unit_cost,"
        " pack_name, pack_size, supplier, category)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        db_i(w->actor.workspace_id), db_i(item.id), db_s(item.name), db_s(item.sku),
        db_s(item.unit), db_i(item.reorder_point), db_i(item.active), db_i(w->now_s),
        db_opt(item.unit_cost), db_s(item.pack_name), db_opt(item.pack_size), db_s(item.supplier),
        db_s(item.category));
    if (res == OK)
        res = db_flush(w->tx); /* a SKU taken this moment is told here, by its name */
    const struct item nothing = {.supplier = STR(""), .category = STR("")};
    if (res == OK)
        res = audit_item(w, "created", &nothing, &item);
    return res == OK ? item_answer(rq, w, 201, &item) : res;
}

static enum result get_item(struct request *rq, struct work *w)
{
    struct db_rows r;
    enum result res = db_one(
        w->tx, &r, "SELECT " ITEM_COLUMNS " FROM item i WHERE i.workspace_id = $1 AND i.id = $2",
        db_i(w->actor.workspace_id), db_i(request_id_param(rq, 0)));
    if (res != OK)
        return res == NOT_FOUND ? work_missing(w, "item") : res;
    struct item item;
    item_read(&r, 0, &item);
    return item_answer_full(rq, w, &item);
}

static enum result write_item(struct work *w, const struct item *before, struct item *after)
{
    after->version = before->version + 1;
    enum result res =
        db_exec(w->tx,
                "UPDATE item SET name = $3, sku = $4, unit = $5, reorder_point = $6, active = $7,"
                " version = $8, unit_cost = $9, pack_name = $10, pack_size = $11, supplier = $12,"
                " category = $13 WHERE workspace_id = $1 AND id = $2",
                db_i(w->actor.workspace_id), db_i(after->id), db_s(after->name), db_s(after->sku),
                db_s(after->unit), db_i(after->reorder_point), db_i(after->active),
                db_i(after->version), db_opt(after->unit_cost), db_s(after->pack_name),
                db_opt(after->pack_size), db_s(after->supplier), db_s(after->category));
    if (res == OK)
        res = db_flush(w->tx);
    return res == OK ? audit_item(w, "changed", before, after) : res;
}

static struct item changed(const struct item *before, const struct item_in *in)
{
    struct item after = *before;
    if (in->name.ptr)
        after.name = in->name;
    if (in->sku.ptr || in->sku_null)
        after.sku = in->sku;
    if (in->unit.ptr)
        after.unit = in->unit;
    if (in->reorder_point.set)
        after.reorder_point = in->reorder_point.value;
    if (in->unit_cost.set || in->unit_cost_null)
        after.unit_cost = in->unit_cost;
    if (in->pack || in->pack_null) {
        after.pack_name = in->pack ? in->pack->name : (struct str){0};
        after.pack_size = in->pack ? in->pack->size : (struct opt_int){0};
    }
    if (in->supplier.ptr)
        after.supplier = in->supplier;
    if (in->category.ptr)
        after.category = in->category;
    if (in->active.set)
        after.active = in->active.value;
    return after;
}

static enum result patch_item(struct request *rq, struct work *w)
{
    const struct item_in *in = rq->in;
    int64_t id = request_id_param(rq, 0);
    struct item *before;
    enum result res = stock_lock(w, &id, 1, &before);
    if (res == OK)
        res = route_check_version(rq, w, before->version);
    if (res == OK)
        res = sku_free(w, in->sku, id);
    if (res != OK)
        return res;
    struct item after = changed(before, in);
    res = write_item(w, before, &after);
    if (res == OK)
        res = stock_level_changed(w, &after);
    return res == OK ? item_answer(rq, w, 200, &after) : res;
}

static const struct route stock_routes[] = {
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/items", .mode = MODE_READ,
     .query = &items_query_shape, .status = 200, .answer = &item_shape, .answer_is_list = true,
     .handler = list_items, .summary = "Items with what is on hand, reserved and available"},
    {ITEM_ROUTE, .method = HTTP_POST_, .path = "/api/v1/items", .mode = MODE_WRITE,
     .idempotent = true, .body = &item_new_shape, .status = 201, .answer = &item_shape,
     .handler = create_item, .summary = "Add an item; stock comes in by a movement"},
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/items/summary", .mode = MODE_READ,
     .status = 200, .answer = &summary_shape, .handler = get_summary,
     .summary = "All items in a few figures, with their categories and suppliers"},
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/items/export.csv", .mode = MODE_READ,
     .status = 200, .answer_is_file = true, .handler = get_items_csv,
     .summary = "All items as CSV, safe to open in a spreadsheet"},
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/items/{id}", .mode = MODE_READ,
     .status = 200, .answer = &item_full_shape, .handler = get_item,
     .summary = "One item, with what visits to come hold of it"},
    {ITEM_ROUTE, .method = HTTP_PATCH_, .path = "/api/v1/items/{id}", .mode = MODE_WRITE,
     .body = &item_patch_shape, .status = 200, .answer = &item_shape, .handler = patch_item,
     .summary = "Change what is known of an item, or retire it"},
};
const struct route_table stock_table = {stock_routes, sizeof stock_routes / sizeof stock_routes[0]};
