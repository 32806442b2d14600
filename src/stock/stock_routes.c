/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stock_routes: items and movements over HTTP. Reading and writing need the owner or the permission
 * `inventory`. */
#include "stock/low_stock.h"
#include "stock/stock.h"

#include "audit/audit.h"

static const int64_t QUANTITY_MAX = 1000000000000; /* a thousand million units, in thousandths */

/* ---- shapes ---- */

struct item_view {
    struct opt_int id;
    struct str name, sku, unit;
    struct opt_int on_hand, reserved, available, reorder_point;
    struct opt_bool low, active;
    struct opt_int version;
};

static const struct field item_fields[] = {
    FIELD_ID(struct item_view, id),
    FIELD_STR(struct item_view, name, 0, 0),
    FIELD_STR(struct item_view, sku, 0, 0, .maybe = true),
    FIELD_STR(struct item_view, unit, 0, 0),
    FIELD_QTY(struct item_view, on_hand, 0, 0, .doc = "what is on the shelf"),
    FIELD_QTY(struct item_view, reserved, 0, 0, .doc = "of it, held by open bookings"),
    FIELD_QTY(struct item_view, available, 0, 0, .doc = "on_hand − reserved"),
    FIELD_QTY(struct item_view, reorder_point, 0, 0),
    FIELD_BOOL(struct item_view, low, .doc = "available is at or under the reorder point"),
    FIELD_BOOL(struct item_view, active),
    FIELD_INT(struct item_view, version, 0, 0),
};
static const struct shape item_shape = SHAPE("Item", struct item_view, item_fields);

struct item_in {
    struct str name, sku, unit;
    struct opt_int reorder_point;
    struct opt_bool active;
    bool sku_null;
};

static const struct field item_new_fields[] = {
    FIELD_STR(struct item_in, name, 1, 120, .required = true),
    FIELD_STR(struct item_in, sku, 1, 60, .doc = "unique in the business"),
    FIELD_STR(struct item_in, unit, 1, 20, .required = true, .doc = "ml, g, piece …"),
    FIELD_QTY(struct item_in, reorder_point, 0, 1000000000000,
              .doc = "alert when available falls to this; default 0"),
    FIELD_BOOL(struct item_in, active),
};
static const struct shape item_new_shape = SHAPE("ItemNew", struct item_in, item_new_fields);

static const struct field item_patch_fields[] = {
    FIELD_STR(struct item_in, name, 1, 120),
    FIELD_STR(struct item_in, sku, 1, 60, .nullable = true,
              .nullable_offset = offsetof(struct item_in, sku_null)),
    FIELD_STR(struct item_in, unit, 1, 20),
    FIELD_QTY(struct item_in, reorder_point, 0, 1000000000000),
    FIELD_BOOL(struct item_in, active),
};
static const struct shape item_patch_shape = SHAPE("ItemPatch", struct item_in, item_patch_fields);

struct items_query {
    struct opt_int limit;
    struct str cursor, q;
    struct opt_bool low;
};
static const struct field items_query_fields[] = {
    PAGE_FIELDS(struct items_query),
    FIELD_STR(struct items_query, q, 1, 120, .doc = "part of the name"),
    FIELD_BOOL(struct items_query, low, .doc = "only those at or under their reorder point"),
};
static const struct shape items_query_shape =
    SHAPE("ItemsQuery", struct items_query, items_query_fields);

static void view_of(const struct item *item, struct item_view *ret)
{
    *ret = (struct item_view){
        .id = some_int(item->id),
        .name = item->name,
        .sku = item->sku,
        .unit = item->unit,
        .on_hand = some_int(item->on_hand),
        .reserved = some_int(item->reserved),
        .available = some_int(item->on_hand - item->reserved),
        .reorder_point = some_int(item->reorder_point),
        .low = some_bool(item->on_hand - item->reserved <= item->reorder_point),
        .active = some_bool(item->active),
        .version = some_int(item->version),
    };
}

static void answer_item(struct request *rq, struct work *w, int status, const struct item *item)
{
    struct item_view view;
    view_of(item, &view);
    answer_etag(rq, item->version);
    answer_json(rq, status, &item_shape, &view, w->actor.permissions);
}

/* ---- items ---- */

static enum result list_items(struct request *rq, struct work *w)
{
    const struct items_query *q = rq->query_in;
    bool paged;
    int64_t key = 0, id = 0;
    enum result res = cursor_read(w, q->cursor, &paged, &key, &id);
    if (res != OK)
        return res;
    int64_t limit = q->limit.set ? q->limit.value : 50;
    struct db_rows r;
    /* Items are few (at most ITEMS_MAX a workspace), so a part of the name is looked for row by
     * row. */
    res = db_query(
        w->tx, &r,
        "SELECT id, name, sku, unit, reorder_point, on_hand, reserved, active, version FROM item"
        " WHERE workspace_id = $1 AND id > $2 AND ($3 = '' OR LOWER(name) LIKE LOWER('%' || $3 || '%') ESCAPE '!')"
        " AND ($4 = 0 OR low = $5) ORDER BY id LIMIT $6",
        db_i(w->actor.workspace_id), db_i(id),
        db_s(q->q.ptr ? str_like_escape(w->arena, q->q) : STR("")), db_i(q->low.set),
        db_i(q->low.value), db_i(limit + 1));
    if (res != OK)
        return res;
    struct item_view *views = arena_new_array(w->arena, r.count + 1, struct item_view);
    for (size_t i = 0; i < r.count; i++) {
        struct item item = {
            .id = db_int(&r, i, 0),
            .name = db_str(&r, i, 1),
            .sku = db_str(&r, i, 2),
            .unit = db_str(&r, i, 3),
            .reorder_point = db_int(&r, i, 4),
            .on_hand = db_int(&r, i, 5),
            .reserved = db_int(&r, i, 6),
            .active = db_int(&r, i, 7) != 0,
            .version = db_int(&r, i, 8),
        };
        view_of(&item, &views[i]);
    }
    size_t count = r.count;
    struct str next = {0};
    if (count > (size_t)limit) {
        count = (size_t)limit;
        next = cursor_write(w->arena, 0, views[count - 1].id.value);
    }
    answer_list(rq, &item_shape, views, count, next, w->actor.permissions);
    return OK;
}

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

static enum result create_item(struct request *rq, struct work *w)
{
    const struct item_in *in = rq->in;
    struct db_rows r;
    enum result res = db_one(w->tx, &r, "SELECT COUNT(*) FROM item WHERE workspace_id = $1",
                             db_i(w->actor.workspace_id));
    if (res != OK)
        return res;
    if (db_int(&r, 0, 0) >= ITEMS_MAX)
        return problem_set(w->problem, CONFLICT, "limit_reached",
                           "A business can have at most %d items.", ITEMS_MAX);
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
        .version = 1,
    };
    res = db_exec(
        w->tx,
        "INSERT INTO item (workspace_id, id, name, sku, unit, reorder_point, active, created_s)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        db_i(w->actor.workspace_id), db_i(item.id), db_s(item.name), db_s(item.sku),
        db_s(item.unit), db_i(item.reorder_point), db_i(item.active), db_i(w->now_s));
    if (res == OK)
        res = db_flush(w->tx); /* a SKU taken this moment is told here, by its name */
    if (res != OK)
        return res;
    struct audit a;
    audit_begin(&a, w, "item", item.id, "created");
    audit_str(&a, "name", (struct str){0}, item.name);
    audit_str(&a, "sku", (struct str){0}, item.sku);
    audit_str(&a, "unit", (struct str){0}, item.unit);
    audit_qty(&a, "reorder_point", 0, item.reorder_point);
    res = audit_end(&a);
    if (res == OK)
        answer_item(rq, w, 201, &item);
    return res;
}

static enum result get_item(struct request *rq, struct work *w)
{
    int64_t id = request_id_param(rq, 0);
    struct db_rows r;
    enum result res =
        db_one(w->tx, &r,
               "SELECT name, sku, unit, reorder_point, on_hand, reserved, active, version FROM item"
               " WHERE workspace_id = $1 AND id = $2",
               db_i(w->actor.workspace_id), db_i(id));
    if (res == NOT_FOUND)
        return work_missing(w, "item");
    if (res != OK)
        return res;
    struct item item = {
        .id = id,
        .name = db_str(&r, 0, 0),
        .sku = db_str(&r, 0, 1),
        .unit = db_str(&r, 0, 2),
        .reorder_point = db_int(&r, 0, 3),
        .on_hand = db_int(&r, 0, 4),
        .reserved = db_int(&r, 0, 5),
        .active = db_int(&r, 0, 6) != 0,
        .version = db_int(&r, 0, 7),
    };
    answer_item(rq, w, 200, &item);
    return OK;
}

static enum result write_item(struct work *w, const struct item *before, struct item *after)
{
    after->version = before->version + 1;
    enum result res = db_exec(
        w->tx,
        "UPDATE item SET name = $3, sku = $4, unit = $5, reorder_point = $6, active = $7,"
        " version = $8 WHERE workspace_id = $1 AND id = $2",
        db_i(w->actor.workspace_id), db_i(after->id), db_s(after->name), db_s(after->sku),
        db_s(after->unit), db_i(after->reorder_point), db_i(after->active), db_i(after->version));
    if (res == OK)
        res = db_flush(w->tx);
    if (res != OK)
        return res;
    struct audit a;
    audit_begin(&a, w, "item", after->id, "changed");
    audit_str(&a, "name", before->name, after->name);
    audit_str(&a, "sku", before->sku, after->sku);
    audit_str(&a, "unit", before->unit, after->unit);
    audit_qty(&a, "reorder_point", before->reorder_point, after->reorder_point);
    audit_bool(&a, "active", before->active, after->active);
    return audit_end(&a);
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
    struct item after = *before;
    if (in->name.ptr)
        after.name = in->name;
    if (in->sku.ptr || in->sku_null)
        after.sku = in->sku;
    if (in->unit.ptr)
        after.unit = in->unit;
    if (in->reorder_point.set)
        after.reorder_point = in->reorder_point.value;
    if (in->active.set)
        after.active = in->active.value;
    res = write_item(w, before, &after);
    if (res == OK)
        res = stock_level_changed(w, &after);
    if (res == OK)
        answer_item(rq, w, 200, &after);
    return res;
}

/* ---- movements ---- */

struct movement_view {
    struct opt_int id;
    struct str kind;
    struct opt_int on_hand_delta, reserved_delta, on_hand_after, reserved_after, booking_id;
    struct str actor, reason;
    struct opt_int at;
};

static const char *const movement_kinds[] = {"receive", "count",   "waste",   "adjust",
                                             "reserve", "release", "consume", NULL};

static const struct field movement_fields[] = {
    FIELD_ID(struct movement_view, id),
    FIELD_WORD(struct movement_view, kind, movement_kinds),
    FIELD_QTY(struct movement_view, on_hand_delta, 0, 0),
    FIELD_QTY(struct movement_view, reserved_delta, 0, 0),
    FIELD_QTY(struct movement_view, on_hand_after, 0, 0),
    FIELD_QTY(struct movement_view, reserved_after, 0, 0),
    FIELD_ID(struct movement_view, booking_id, .maybe = true),
    FIELD_STR(struct movement_view, actor, 0, 0),
    FIELD_STR(struct movement_view, reason, 0, 0),
    FIELD_INSTANT(struct movement_view, at),
};
static const struct shape movement_shape =
    SHAPE("StockMovement", struct movement_view, movement_fields);

static const char *const hand_kinds[] = {"receive", "count", "waste", "adjust", NULL};

struct movement_in {
    struct opt_int kind, quantity;
    struct str reason;
};
static const struct field movement_in_fields[] = {
    FIELD_ENUM(struct movement_in, kind, hand_kinds, .required = true),
    FIELD_QTY(struct movement_in, quantity, -1000000000000, 1000000000000, .required = true,
              .doc = "count: the counted total; adjust: signed; else more than 0"),
    FIELD_STR(struct movement_in, reason, 0, 300),
};
static const struct shape movement_in_shape =
    SHAPE("StockMovementNew", struct movement_in, movement_in_fields);

struct movements_query {
    struct opt_int limit;
    struct str cursor;
};
static const struct field movements_query_fields[] = {PAGE_FIELDS(struct movements_query)};
static const struct shape movements_query_shape =
    SHAPE("StockMovementsQuery", struct movements_query, movements_query_fields);

static void read_movement(const struct db_rows *r, size_t row, struct movement_view *ret)
{
    struct str name = db_str(r, row, 8);
    *ret = (struct movement_view){
        .id = some_int(db_int(r, row, 0)),
        .kind = db_str(r, row, 1),
        .on_hand_delta = some_int(db_int(r, row, 2)),
        .reserved_delta = some_int(db_int(r, row, 3)),
        .on_hand_after = some_int(db_int(r, row, 4)),
        .reserved_after = some_int(db_int(r, row, 5)),
        .booking_id = db_opt_int(r, row, 6),
        .actor = name.len ? name : db_str(r, row, 7),
        .reason = db_str(r, row, 9),
        .at = some_int(db_int(r, row, 10)),
    };
}

static enum result list_movements(struct request *rq, struct work *w)
{
    const struct movements_query *q = rq->query_in;
    int64_t item_id = request_id_param(rq, 0);
    bool paged;
    int64_t key = 0, id = 0;
    enum result res = cursor_read(w, q->cursor, &paged, &key, &id);
    if (res != OK)
        return res;
    struct db_rows r;
    res = db_one(w->tx, &r, "SELECT 1 FROM item WHERE workspace_id = $1 AND id = $2",
                 db_i(w->actor.workspace_id), db_i(item_id));
    if (res != OK)
        return res == NOT_FOUND ? work_missing(w, "item") : res;
    int64_t limit = q->limit.set ? q->limit.value : 50;
    res = db_query(
        w->tx, &r,
        "SELECT id, kind, on_hand_delta, reserved_delta, on_hand_after, reserved_after, booking_id,"
        " actor_kind, actor_name, reason, at_s FROM stock_move"
        " WHERE workspace_id = $1 AND item_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4",
        db_i(w->actor.workspace_id), db_i(item_id), db_i(paged ? id : INT64_MAX), db_i(limit + 1));
    if (res != OK)
        return res;
    struct movement_view *views = arena_new_array(w->arena, r.count + 1, struct movement_view);
    for (size_t i = 0; i < r.count; i++)
        read_movement(&r, i, &views[i]);
    size_t count = r.count;
    struct str next = {0};
    if (count > (size_t)limit) {
        count = (size_t)limit;
        next = cursor_write(w->arena, 0, views[count - 1].id.value);
    }
    answer_list(rq, &movement_shape, views, count, next, w->actor.permissions);
    return OK;
}

/* What a movement by hand does to the shelf; the reservations of bookings stay covered. */
static enum result hand_delta(struct work *w, const struct item *item, enum move_kind kind,
                              int64_t quantity, int64_t *ret_delta)
{
    if ((kind == MOVE_RECEIVE || kind == MOVE_WASTE) && quantity <= 0)
        return problem_field(w->problem, "quantity", "out_of_range",
                             "Give a quantity of more than 0.");
    if (kind == MOVE_COUNT && quantity < 0)
        return problem_field(w->problem, "quantity", "out_of_range",
                             "A counted total is 0 or more.");
    if (kind == MOVE_ADJUST && quantity == 0)
        return problem_field(w->problem, "quantity", "out_of_range",
                             "Give the difference, for example -1.5 or 2.");
    *ret_delta = kind == MOVE_COUNT   ? quantity - item->on_hand
                 : kind == MOVE_WASTE ? -quantity
                                      : quantity;
    int64_t after = item->on_hand + *ret_delta;
    if (after > QUANTITY_MAX)
        return problem_field(w->problem, "quantity", "out_of_range",
                             "That would be more than a thousand million units.");
    if (after < item->reserved || after < 0) {
        char on_hand[THOUSANDTHS_TEXT], reserved[THOUSANDTHS_TEXT];
        thousandths_format(item->on_hand, on_hand);
        thousandths_format(item->reserved, reserved);
        return problem_set(
            w->problem, CONFLICT, "out_of_stock",
            "There are %s on hand, of which %s are reserved for bookings. Cancel or complete those"
            " bookings first, or receive stock.",
            on_hand, reserved);
    }
    return OK;
}

static enum result audit_movement(struct work *w, const struct item *item, enum move_kind kind,
                                  int64_t before)
{
    static const char *const actions[] = {"received", "counted", "wasted", "adjusted"};
    struct audit a;
    audit_begin(&a, w, "item", item->id, actions[kind]);
    audit_qty(&a, "on_hand", before, item->on_hand);
    return audit_end(&a);
}

static enum result create_movement(struct request *rq, struct work *w)
{
    const struct movement_in *in = rq->in;
    int64_t id = request_id_param(rq, 0);
    struct item *item;
    enum result res = stock_lock(w, &id, 1, &item);
    if (res != OK)
        return res;
    enum move_kind kind =
        (enum move_kind)in->kind.value; /* hand_kinds stands in the order of enum move_kind */
    int64_t delta = 0;
    res = hand_delta(w, item, kind, in->quantity.value, &delta);
    if (res != OK)
        return res;
    struct stock_cause cause = {.reason = in->reason};
    int64_t before = item->on_hand;
    res = stock_move(w, item, kind, delta, 0, &cause);
    if (res == OK)
        res = audit_movement(w, item, kind, before);
    if (res != OK)
        return res;
    struct db_rows r;
    res = db_one(
        w->tx, &r,
        "SELECT id, kind, on_hand_delta, reserved_delta, on_hand_after, reserved_after, booking_id,"
        " actor_kind, actor_name, reason, at_s FROM stock_move WHERE workspace_id = $1 AND item_id = $2"
        " AND id = $3",
        db_i(w->actor.workspace_id), db_i(id), db_i(cause.cause_id));
    if (res != OK)
        return res;
    struct movement_view view;
    read_movement(&r, 0, &view);
    answer_json(rq, 201, &movement_shape, &view, w->actor.permissions);
    return OK;
}

#define ITEM_ROUTE .who = WHO_OWNER, .permissions = PERM_INVENTORY, .tag = "stock"

static const struct route stock_routes[] = {
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/items", .mode = MODE_READ,
     .query = &items_query_shape, .status = 200, .answer = &item_shape, .answer_is_list = true,
     .handler = list_items, .summary = "Items with what is on hand, reserved and available"},
    {ITEM_ROUTE, .method = HTTP_POST_, .path = "/api/v1/items", .mode = MODE_WRITE,
     .idempotent = true, .body = &item_new_shape, .status = 201, .answer = &item_shape,
     .handler = create_item, .summary = "Add an item; stock comes in by a movement"},
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/items/{id}", .mode = MODE_READ,
     .status = 200, .answer = &item_shape, .handler = get_item, .summary = "One item"},
    {ITEM_ROUTE, .method = HTTP_PATCH_, .path = "/api/v1/items/{id}", .mode = MODE_WRITE,
     .body = &item_patch_shape, .status = 200, .answer = &item_shape, .handler = patch_item,
     .summary = "Change an item's name, unit or reorder point"},
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/items/{id}/movements", .mode = MODE_READ,
     .query = &movements_query_shape, .status = 200, .answer = &movement_shape,
     .answer_is_list = true, .handler = list_movements,
     .summary = "The item's ledger, newest first"},
    {ITEM_ROUTE, .method = HTTP_POST_, .path = "/api/v1/items/{id}/movements", .mode = MODE_WRITE,
     .idempotent = true, .body = &movement_in_shape, .status = 201, .answer = &movement_shape,
     .handler = create_movement, .summary = "Receive, count, waste or adjust"},
};
const struct route_table stock_table = {stock_routes, sizeof stock_routes / sizeof stock_routes[0]};
