/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stocktake_routes: counting the shelf over HTTP. */
#include "stock/stocktake.h"

static const char *const statuses[] = {"open", "finished", "cancelled", NULL};

struct line_view {
    struct opt_int item_id;
    struct str name, sku, unit, category, pack_name, counted_by;
    struct opt_int pack_size, expected, counted, variance, value, counted_at;
    struct opt_bool overtaken;
};
static const struct field line_fields[] = {
    FIELD_ID(struct line_view, item_id),
    FIELD_STR(struct line_view, name, 0, 0),
    FIELD_STR(struct line_view, sku, 0, 0, .maybe = true),
    FIELD_STR(struct line_view, unit, 0, 0),
    FIELD_STR(struct line_view, category, 0, 0),
    FIELD_STR(struct line_view, pack_name, 0, 0, .maybe = true),
    FIELD_QTY(struct line_view, pack_size, 0, 0, .maybe = true),
    FIELD_QTY(struct line_view, counted, 0, 0, .maybe = true),
    FIELD_QTY(struct line_view, expected, 0, 0, .maybe = true,
              .doc = "what the ledger said when it was counted; null until then"),
    FIELD_QTY(struct line_view, variance, 0, 0, .maybe = true, .doc = "counted − expected"),
    FIELD_INT(struct line_view, value, 0, 0, .maybe = true,
              .doc = "what the variance is worth, in minor units; null without a unit_cost"),
    FIELD_INSTANT(struct line_view, counted_at, .maybe = true),
    FIELD_STR(struct line_view, counted_by, 0, 0),
    FIELD_BOOL(struct line_view, overtaken,
               .doc = "finished: a newer count had the word, so this one changed nothing"),
};
static const struct shape line_shape = SHAPE("StocktakeLine", struct line_view, line_fields);

struct stocktake_view {
    struct opt_int id;
    struct str name, category, status;
    struct opt_int items, counted, variance_value, started_at;
    struct str started_by;
    struct opt_int ended_at;
    struct str ended_by;
    struct opt_int version;
    struct shape_list lines;
};
/* clang-format off */
#define STOCKTAKE_FIELDS                                                                           \
    FIELD_ID(struct stocktake_view, id),                                                           \
    FIELD_STR(struct stocktake_view, name, 0, 0),                                                  \
    FIELD_STR(struct stocktake_view, category, 0, 0, .doc = "\"\": not of one category"),          \
    FIELD_WORD(struct stocktake_view, status, statuses),                                           \
    FIELD_INT(struct stocktake_view, items, 0, 0),                                                 \
    FIELD_INT(struct stocktake_view, counted, 0, 0, .doc = "so many of them"),                     \
    FIELD_INT(struct stocktake_view, variance_value, 0, 0, .maybe = true,                          \
              .doc = "finished: what all that differed is worth, in minor units"),                 \
    FIELD_INSTANT(struct stocktake_view, started_at),                                              \
    FIELD_STR(struct stocktake_view, started_by, 0, 0),                                            \
    FIELD_INSTANT(struct stocktake_view, ended_at, .maybe = true),                                 \
    FIELD_STR(struct stocktake_view, ended_by, 0, 0),                                              \
    FIELD_INT(struct stocktake_view, version, 0, 0)
/* clang-format on */
static const struct field stocktake_fields[] = {STOCKTAKE_FIELDS};
static const struct shape stocktake_shape =
    SHAPE("Stocktake", struct stocktake_view, stocktake_fields);
static const struct field stocktake_full_fields[] = {
    STOCKTAKE_FIELDS,
    FIELD_LIST(struct stocktake_view, lines, line_shape, 0, STOCKTAKE_LINES_MAX),
};
static const struct shape stocktake_full_shape =
    SHAPE("StocktakeFull", struct stocktake_view, stocktake_full_fields);

static struct stocktake_view view_of(const struct stocktake *s)
{
    return (struct stocktake_view){
        .id = some_int(s->id),
        .name = s->name,
        .category = s->category,
        .status = s->status,
        .items = some_int(s->items),
        .counted = some_int(s->counted),
        .variance_value = s->variance_value,
        .started_at = some_int(s->started_s),
        .started_by = s->started_by,
        .ended_at = s->ended_s,
        .ended_by = s->ended_by,
        .version = some_int(s->version),
    };
}

static struct line_view line_view_of(const struct stocktake_line *l)
{
    return (struct line_view){
        .item_id = some_int(l->item_id),
        .name = l->name,
        .sku = l->sku,
        .unit = l->unit,
        .category = l->category,
        .pack_name = l->pack_name,
        .pack_size = l->pack_size,
        .counted = l->counted,
        .expected = l->expected,
        .variance = stocktake_variance(l),
        .value = stocktake_variance_value(l),
        .counted_at = l->counted_s,
        .counted_by = l->counted_by,
        .overtaken = some_bool(l->overtaken),
    };
}

static enum result answer_full(struct request *rq, struct work *w, int status, int64_t id)
{
    struct stocktake s;
    struct stocktake_line *lines;
    size_t count;
    enum result res = stocktake_load(w, id, &s);
    if (res == OK)
        res = stocktake_lines(w, id, &lines, &count);
    if (res != OK)
        return res;
    struct line_view *views = arena_new_array(w->arena, count + 1, struct line_view);
    for (size_t i = 0; i < count; i++)
        views[i] = line_view_of(&lines[i]);
    struct stocktake_view v = view_of(&s);
    v.lines = (struct shape_list){true, count, views};
    answer_etag(rq, s.version);
    answer_json(rq, status, &stocktake_full_shape, &v, w->actor.permissions);
    return OK;
}

struct stocktakes_query {
    struct opt_int limit;
    struct str cursor;
};
static const struct field stocktakes_query_fields[] = {PAGE_FIELDS(struct stocktakes_query)};
static const struct shape stocktakes_query_shape =
    SHAPE("StocktakesQuery", struct stocktakes_query, stocktakes_query_fields);

static enum result list_stocktakes(struct request *rq, struct work *w)
{
    const struct stocktakes_query *q = rq->query_in;
    bool paged;
    int64_t key = 0, id = 0, limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT;
    enum result res = cursor_read(w, q->cursor, &paged, &key, &id);
    struct stocktake *list;
    size_t count;
    if (res == OK)
        res = stocktake_list(w, paged ? id : INT64_MAX, limit + 1, &list, &count);
    if (res != OK)
        return res;
    size_t shown = count > (size_t)limit ? (size_t)limit : count;
    struct stocktake_view *views = arena_new_array(w->arena, shown + 1, struct stocktake_view);
    for (size_t i = 0; i < shown; i++)
        views[i] = view_of(&list[i]);
    struct str next = {0};
    if (shown < count)
        next = cursor_write(w->arena, 0, list[shown - 1].id);
    answer_list(rq, &stocktake_shape, views, shown, next, w->actor.permissions);
    return OK;
}

static const struct field new_fields[] = {
    FIELD_STR(struct stocktake_new, name, 0, 120),
    FIELD_STR(struct stocktake_new, category, 1, 60, .doc = "count the items of this one"),
    FIELD_IDS(struct stocktake_new, item_ids, 1, PAGE_LIMIT_MAX,
              .doc = "count these; without this and category, all that are not retired"),
};
static const struct shape new_shape = SHAPE("StocktakeNew", struct stocktake_new, new_fields);

static enum result create_stocktake(struct request *rq, struct work *w)
{
    const struct stocktake_new *in = rq->in;
    int64_t id = 0;
    if (in->category.ptr && in->item_ids.set)
        return problem_field(w->problem, "item_ids", "ambiguous",
                             "Give a category or a list of items, not both.");
    enum result res = stocktake_open(w, in, &id);
    return res == OK ? answer_full(rq, w, 201, id) : res;
}

static enum result get_stocktake(struct request *rq, struct work *w)
{
    return answer_full(rq, w, 200, request_id_param(rq, 0));
}

struct line_in {
    struct opt_int counted, ago_s;
    bool counted_null;
};
static const struct field line_in_fields[] = {
    FIELD_QTY(struct line_in, counted, 0, QUANTITY_MAX, .nullable = true,
              .nullable_offset = offsetof(struct line_in, counted_null),
              .doc = "null takes the number back"),
    FIELD_INT(struct line_in, ago_s, 0, COUNTED_AGO_MAX_S,
              .doc = "how many seconds ago it was counted, where it waited for a network"),
};
static const struct shape line_in_shape =
    SHAPE("StocktakeLineCount", struct line_in, line_in_fields);

static enum result put_line(struct request *rq, struct work *w)
{
    const struct line_in *in = rq->in;
    int64_t id = request_id_param(rq, 0), item_id = request_id_param(rq, 1);
    if (!in->counted.set && !in->counted_null)
        return problem_field(w->problem, "counted", "required",
                             "Give what was counted, or null to take it back.");
    struct stocktake_line line;
    enum result res = stocktake_count(w, id, item_id, in->counted, in->ago_s.value);
    if (res == OK)
        res = stocktake_line(w, id, item_id, &line);
    if (res != OK)
        return res;
    struct line_view v = line_view_of(&line);
    answer_json(rq, 200, &line_shape, &v, w->actor.permissions);
    return OK;
}

static enum result finish(struct request *rq, struct work *w)
{
    struct stocktake s;
    enum result res = stocktake_take(w, rq, request_id_param(rq, 0), &s);
    if (res == OK)
        res = stocktake_finish(w, &s);
    return res == OK ? answer_full(rq, w, 200, s.id) : res;
}

static enum result cancel(struct request *rq, struct work *w)
{
    struct stocktake s;
    enum result res = stocktake_take(w, rq, request_id_param(rq, 0), &s);
    if (res == OK)
        res = stocktake_cancel(w, &s);
    return res == OK ? answer_full(rq, w, 200, s.id) : res;
}

static enum result reopen(struct request *rq, struct work *w)
{
    int64_t id = request_id_param(rq, 0);
    enum result res = stocktake_reopen(w, id);
    return res == OK ? answer_full(rq, w, 200, id) : res;
}

static const struct route stocktake_routes[] = {
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/stocktakes", .mode = MODE_READ,
     .query = &stocktakes_query_shape, .status = 200, .answer = &stocktake_shape,
     .answer_is_list = true, .handler = list_stocktakes, .summary = "Stocktakes, newest first"},
    {ITEM_ROUTE, .method = HTTP_POST_, .path = "/api/v1/stocktakes", .mode = MODE_WRITE,
     .idempotent = true, .body = &new_shape, .body_optional = true, .status = 201,
     .answer = &stocktake_full_shape, .handler = create_stocktake,
     .summary = "Begin to count: everything, a category, or a list"},
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/stocktakes/{id}", .mode = MODE_READ,
     .status = 200, .answer = &stocktake_full_shape, .handler = get_stocktake,
     .summary = "A stocktake with its lines"},
    {ITEM_ROUTE, .method = HTTP_PUT_, .path = "/api/v1/stocktakes/{id}/lines/{item_id}",
     .mode = MODE_WRITE, .body = &line_in_shape, .status = 200, .answer = &line_shape,
     .handler = put_line, .summary = "What was counted of an item; may be said again"},
    {ITEM_ROUTE, .method = HTTP_POST_, .path = "/api/v1/stocktakes/{id}/finish", .mode = MODE_WRITE,
     .status = 200, .answer = &stocktake_full_shape, .handler = finish,
     .summary = "Write what was counted into the ledger"},
    {ITEM_ROUTE, .method = HTTP_POST_, .path = "/api/v1/stocktakes/{id}/cancel", .mode = MODE_WRITE,
     .status = 200, .answer = &stocktake_full_shape, .handler = cancel,
     .summary = "Drop a stocktake; the stock stays as it is"},
    {ITEM_ROUTE, .method = HTTP_POST_, .path = "/api/v1/stocktakes/{id}/reopen", .mode = MODE_WRITE,
     .status = 200, .answer = &stocktake_full_shape, .handler = reopen,
     .summary = "Take up a dropped stocktake again, with what was counted"},
};
const struct route_table stocktake_table = {stocktake_routes,
                                            sizeof stocktake_routes / sizeof stocktake_routes[0]};
