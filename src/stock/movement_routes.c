/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* movement_routes: an item's ledger over HTTP: read, with the cause of each movement, and written
 * by hand. */
#include "stock/internal.h"
#include "stock/movements.h"

#include "audit/audit.h"

enum { PACKS_MAX = 100000, LEVEL_DAYS_MAX = 366, LEVEL_DAYS_DEFAULT = 90, LEVEL_MOVES_MAX = 20000 };

/* ---- a movement, as it is told ---- */

struct visitor_view {
    struct opt_int id;
    struct str name;
};
static const struct field visitor_fields[] = {
    FIELD_ID(struct visitor_view, id),
    FIELD_STR(struct visitor_view, name, 0, 0, .doc = "\"\" of a client who was erased"),
};
static const struct shape visitor_shape =
    SHAPE("StockMovementClient", struct visitor_view, visitor_fields);

struct visit_view {
    struct opt_int id, start;
    struct visitor_view *client;
};
static const struct field visit_fields[] = {
    FIELD_ID(struct visit_view, id),
    FIELD_INSTANT(struct visit_view, start),
    FIELD_OBJECT(struct visit_view, client, visitor_shape,
                 .visible_to = PERM_BOOKINGS | PERM_CLIENTS),
};
static const struct shape visit_shape =
    SHAPE("StockMovementVisit", struct visit_view, visit_fields);

struct movement_view {
    struct opt_int id;
    struct str kind;
    struct opt_int on_hand_delta, reserved_delta, on_hand_after, reserved_after, booking_id;
    struct opt_int stocktake_id, unit_cost;
    struct visit_view *visit;
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
    FIELD_OBJECT(struct movement_view, visit, visit_shape, .maybe = true,
                 .doc = "the booking that it is for"),
    FIELD_ID(struct movement_view, stocktake_id, .maybe = true),
    FIELD_INT(struct movement_view, unit_cost, 0, 0, .maybe = true,
              .doc = "what a unit was worth then, in minor units"),
    FIELD_STR(struct movement_view, actor, 0, 0),
    FIELD_STR(struct movement_view, reason, 0, 0),
    FIELD_INSTANT(struct movement_view, at),
};
static const struct shape movement_shape =
    SHAPE("StockMovement", struct movement_view, movement_fields);

void movement_read(const struct db_rows *r, size_t row, struct movement *ret)
{
    struct str name = db_str(r, row, 8);
    *ret = (struct movement){
        .id = db_int(r, row, 0),
        .kind = db_str(r, row, 1),
        .on_hand_delta = db_int(r, row, 2),
        .reserved_delta = db_int(r, row, 3),
        .on_hand_after = db_int(r, row, 4),
        .reserved_after = db_int(r, row, 5),
        .booking_id = db_opt_int(r, row, 6),
        .actor = name.len ? name : db_str(r, row, 7),
        .reason = db_str(r, row, 9),
        .at_s = db_int(r, row, 10),
        .unit_cost = db_opt_int(r, row, 11),
        .stocktake_id = db_opt_int(r, row, 12),
        .visit_s = db_opt_int(r, row, 13),
        .client_id = db_opt_int(r, row, 14),
        .client = db_str(r, row, 15),
        .by_client = str_is(db_str(r, row, 7), "client"),
    };
}

bool movement_clients_seen(const struct work *w)
{
    return w->actor.permissions & (PERM_BOOKINGS | PERM_CLIENTS);
}

struct str movement_actor(const struct work *w, const struct movement *m)
{
    return m->by_client && !movement_clients_seen(w) ? STR("client") : m->actor;
}

static void view_movement(const struct work *w, const struct movement *m, struct movement_view *ret)
{
    struct arena *a = w->arena;
    *ret = (struct movement_view){
        .id = some_int(m->id),
        .kind = m->kind,
        .on_hand_delta = some_int(m->on_hand_delta),
        .reserved_delta = some_int(m->reserved_delta),
        .on_hand_after = some_int(m->on_hand_after),
        .reserved_after = some_int(m->reserved_after),
        .booking_id = m->booking_id,
        .stocktake_id = m->stocktake_id,
        .unit_cost = m->unit_cost,
        .actor = movement_actor(w, m),
        .reason = m->reason,
        .at = some_int(m->at_s),
    };
    if (!m->visit_s.set)
        return;
    ret->visit = arena_new(a, struct visit_view);
    *ret->visit = (struct visit_view){.id = m->booking_id, .start = m->visit_s};
    ret->visit->client = arena_new(a, struct visitor_view);
    *ret->visit->client = (struct visitor_view){m->client_id, m->client};
}

/* ---- the ledger, read ---- */

enum result movements_page(struct work *w, const struct movements_asked *q, struct movement **ret,
                           size_t *ret_count)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT " MOVEMENT_COLUMNS MOVEMENT_FROM
                 " WHERE m.workspace_id = $1 AND m.item_id = $2 AND m.id < $3 AND m.id >= $4"
                 " AND m.at_s >= $5 AND m.at_s < $6 AND ($7 = '' OR m.kind = $7)"
                 " ORDER BY m.id DESC LIMIT $8",
                 db_i(w->actor.workspace_id), db_i(q->item_id), db_i(q->before_id),
                 db_i(q->from_s > 0 ? env_id_at(q->from_s) : 0), db_i(q->from_s), db_i(q->to_s),
                 db_z(q->kind), db_i(q->limit));
    if (res != OK)
        return res;
    struct movement *list = arena_new_array(w->arena, r.count + 1, struct movement);
    for (size_t i = 0; i < r.count; i++)
        movement_read(&r, i, &list[i]);
    *ret = list;
    *ret_count = r.count;
    return OK;
}

struct movements_query {
    struct opt_int limit;
    struct str cursor, from, to;
    struct opt_int kind;
};
static const struct field movements_query_fields[] = {
    PAGE_FIELDS(struct movements_query),
    FIELD_ENUM(struct movements_query, kind, movement_kinds),
    FIELD_STR(struct movements_query, from, 10, 40,
              .doc = "a local date (from its start) or an instant"),
    FIELD_STR(struct movements_query, to, 10, 40,
              .doc = "a local date (to its end) or an instant (before it)"),
};
static const struct shape movements_query_shape =
    SHAPE("StockMovementsQuery", struct movements_query, movements_query_fields);

enum result movements_item(struct work *w, int64_t id, struct item *ret)
{
    struct db_rows r;
    enum result res = db_one(
        w->tx, &r, "SELECT " ITEM_COLUMNS " FROM item i WHERE i.workspace_id = $1 AND i.id = $2",
        db_i(w->actor.workspace_id), db_i(id));
    if (res == OK)
        item_read(&r, 0, ret);
    return res == NOT_FOUND ? work_missing(w, "item") : res;
}

static enum result list_movements(struct request *rq, struct work *w)
{
    const struct movements_query *q = rq->query_in;
    const struct tz *tz;
    struct str currency;
    struct item item;
    bool paged;
    int64_t key = 0, id = 0, limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT;
    struct movements_asked asked = {
        .item_id = request_id_param(rq, 0),
        .from_s = INT64_MIN,
        .to_s = INT64_MAX,
        .kind = q->kind.set ? movement_kinds[q->kind.value] : "",
        .limit = limit + 1,
    };
    enum result res = cursor_read(w, q->cursor, &paged, &key, &id);
    if (res == OK)
        res = movements_item(w, asked.item_id, &item);
    if (res == OK)
        res = stock_zone(w, &tz, &currency);
    if (res == OK)
        res = work_bound(w, tz, q->from, false, "from", &asked.from_s);
    if (res == OK)
        res = work_bound(w, tz, q->to, true, "to", &asked.to_s);
    if (res != OK)
        return res;
    asked.before_id = paged ? id : INT64_MAX;
    struct movement *list;
    size_t count;
    res = movements_page(w, &asked, &list, &count);
    if (res != OK)
        return res;
    size_t shown = count > (size_t)limit ? (size_t)limit : count;
    struct movement_view *views = arena_new_array(w->arena, shown + 1, struct movement_view);
    for (size_t i = 0; i < shown; i++)
        view_movement(w, &list[i], &views[i]);
    struct str next = {0};
    if (shown < count)
        next = cursor_write(w->arena, 0, list[shown - 1].id);
    answer_list(rq, &movement_shape, views, shown, next, w->actor.permissions);
    return OK;
}

/* ---- what stood on the shelf at the end of each day ---- */

struct levels_query {
    struct opt_int days;
};
static const struct field levels_query_fields[] = {
    FIELD_INT(struct levels_query, days, 7, LEVEL_DAYS_MAX, .doc = "until today; default 90"),
};
static const struct shape levels_query_shape =
    SHAPE("StockLevelsQuery", struct levels_query, levels_query_fields);

struct level_view {
    struct opt_int date, on_hand, reserved;
};
static const struct field level_fields[] = {
    FIELD_DATE(struct level_view, date),
    FIELD_QTY(struct level_view, on_hand, 0, 0, .doc = "at the end of that day, today: now"),
    FIELD_QTY(struct level_view, reserved, 0, 0),
};
static const struct shape level_shape = SHAPE("StockLevel", struct level_view, level_fields);

struct levels_view {
    struct shape_list days;
};
static const struct field levels_fields[] = {
    FIELD_LIST(struct levels_view, days, level_shape, 0, LEVEL_DAYS_MAX,
               .doc = "the oldest first; fewer than were asked for where the item is younger"),
};
static const struct shape levels_shape = SHAPE("StockLevels", struct levels_view, levels_fields);

/* From today's level backwards: a day's movements, taken away, leave what the day before ended
 * with. */
static size_t walk_back(const struct tz *tz, const struct item *item, const struct db_rows *r,
                        int64_t today, int64_t first, struct level_view *days)
{
    int64_t on_hand = item->on_hand, reserved = item->reserved;
    size_t at = 0, n = 0;
    for (int64_t d = today; d >= first; d--) {
        days[n++] = (struct level_view){some_int(d), some_int(on_hand), some_int(reserved)};
        while (at < r->count && tz_date(tz, db_int(r, at, 0)) >= d) {
            on_hand = db_int(r, at, 1) - db_int(r, at, 2);
            reserved = db_int(r, at, 3) - db_int(r, at, 4);
            at++;
        }
        if (at == r->count && r->count == LEVEL_MOVES_MAX)
            break; /* further back nothing was read */
    }
    return n;
}

static enum result get_levels(struct request *rq, struct work *w)
{
    const struct levels_query *q = rq->query_in;
    const struct tz *tz;
    struct str currency;
    struct item item;
    enum result res = movements_item(w, request_id_param(rq, 0), &item);
    if (res == OK)
        res = stock_zone(w, &tz, &currency);
    if (res != OK)
        return res;
    int64_t today = tz_date(tz, w->now_s), made = tz_date(tz, item.created_s);
    int64_t first = today + 1 - (q->days.set ? q->days.value : LEVEL_DAYS_DEFAULT);
    if (first < made)
        first = made > today ? today : made;
    int64_t from_s = tz_day_start(tz, first);
    struct db_rows r;
    res = db_query(w->tx, &r,
                   "SELECT at_s, on_hand_after, on_hand_delta, reserved_after, reserved_delta"
                   " FROM stock_move WHERE workspace_id = $1 AND item_id = $2 AND id >= $3"
                   " AND id <= $6 AND at_s >= $4 ORDER BY id DESC LIMIT $5",
                   db_i(w->actor.workspace_id), db_i(item.id), db_i(env_id_at(from_s)),
                   db_i(from_s), db_i(LEVEL_MOVES_MAX), db_i(item.last_move_id));
    if (res != OK)
        return res;
    struct level_view *days = arena_new_array(w->arena, LEVEL_DAYS_MAX + 1, struct level_view);
    size_t n = walk_back(tz, &item, &r, today, first, days);
    for (size_t i = 0; i < n / 2; i++) {
        struct level_view other = days[i];
        days[i] = days[n - 1 - i];
        days[n - 1 - i] = other;
    }
    struct levels_view v = {{true, n, days}};
    answer_json(rq, 200, &levels_shape, &v, w->actor.permissions);
    return OK;
}

/* ---- the ledger, written by hand ---- */

static const char *const hand_kinds[] = {"receive", "count", "waste", "adjust", NULL};

struct movement_in {
    struct opt_int kind, quantity, packs, unit_cost;
    struct str reason;
};
static const struct field movement_in_fields[] = {
    FIELD_ENUM(struct movement_in, kind, hand_kinds, .required = true),
    FIELD_QTY(struct movement_in, quantity, -QUANTITY_MAX, QUANTITY_MAX,
              .doc = "count: the counted total; adjust: signed; else more than 0"),
    FIELD_INT(struct movement_in, packs, 1, PACKS_MAX,
              .doc = "receive: so many of the item's packs, in place of quantity"),
    FIELD_INT(struct movement_in, unit_cost, 0, COST_MAX,
              .doc = "receive: what one unit cost, from now on the item's, in minor units"),
    FIELD_STR(struct movement_in, reason, 0, 300),
};
static const struct shape movement_in_shape =
    SHAPE("StockMovementNew", struct movement_in, movement_in_fields);

enum result stock_hand_delta(struct work *w, const struct item *item, enum move_kind kind,
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

/* By packs or by units, and not both. */
static enum result read_quantity(struct work *w, const struct movement_in *in,
                                 const struct item *item, int64_t *ret)
{
    bool receives = in->kind.value == MOVE_RECEIVE;
    if (!receives && (in->packs.set || in->unit_cost.set))
        return problem_field(w->problem, in->packs.set ? "packs" : "unit_cost", "not_for_this_kind",
                             "Only what is received comes in packs and has a price.");
    if (in->packs.set && in->quantity.set)
        return problem_field(w->problem, "packs", "ambiguous",
                             "Give the quantity or the number of packs, not both.");
    if (!in->packs.set && !in->quantity.set)
        return problem_field(w->problem, "quantity", "required", "Give the quantity.");
    if (in->packs.set && !item->pack_size.set)
        return problem_field(w->problem, "packs", "no_pack",
                             "This item has no pack. Say first how much is in one.");
    *ret = in->packs.set ? in->packs.value * item->pack_size.value : in->quantity.value;
    return OK;
}

enum result stock_hand_audit(struct work *w, const struct item *item, enum move_kind kind,
                             int64_t before)
{
    static const char *const actions[] = {"received", "counted", "wasted", "adjusted"};
    struct audit a;
    audit_begin(&a, w, "item", item->id, actions[kind]);
    audit_qty(&a, "on_hand", before, item->on_hand);
    return audit_end(&a);
}

/* What a delivery says of the price holds from it on. */
static enum result take_cost(struct work *w, struct item *item, struct opt_int unit_cost)
{
    bool same = item->unit_cost.set && item->unit_cost.value == unit_cost.value;
    if (!unit_cost.set || same)
        return OK;
    struct audit a;
    audit_begin(&a, w, "item", item->id, "changed");
    audit_int(&a, "unit_cost", item->unit_cost, unit_cost);
    item->unit_cost = unit_cost;
    enum result res = audit_end(&a);
    return res == OK ? db_exec(w->tx,
                               "UPDATE item SET unit_cost = $3 WHERE workspace_id = $1 AND id = $2",
                               db_i(w->actor.workspace_id), db_i(item->id), db_i(unit_cost.value))
                     : res;
}

static enum result create_movement(struct request *rq, struct work *w)
{
    const struct movement_in *in = rq->in;
    int64_t id = request_id_param(rq, 0), quantity = 0, delta = 0;
    struct item *item;
    enum result res = stock_lock(w, &id, 1, &item);
    if (res == OK)
        res = read_quantity(w, in, item, &quantity);
    if (res != OK)
        return res;
    enum move_kind kind =
        (enum move_kind)in->kind.value; /* hand_kinds stands in the order of enum move_kind */
    res = stock_hand_delta(w, item, kind, quantity, &delta);
    if (res == OK)
        res = take_cost(w, item, in->unit_cost);
    if (res != OK)
        return res;
    struct stock_cause cause = {.reason = in->reason};
    int64_t before = item->on_hand;
    res = stock_move(w, item, kind, delta, 0, &cause);
    if (res == OK)
        res = stock_hand_audit(w, item, kind, before);
    if (res != OK)
        return res;
    struct movements_asked asked = {.item_id = id,
                                    .before_id = cause.cause_id + 1,
                                    .from_s = INT64_MIN,
                                    .to_s = INT64_MAX,
                                    .kind = "",
                                    .limit = 1};
    struct movement *made;
    size_t count;
    res = movements_page(w, &asked, &made, &count);
    if (res != OK)
        return res;
    struct movement_view view;
    view_movement(w, made, &view);
    answer_json(rq, 201, &movement_shape, &view, w->actor.permissions);
    return OK;
}

static const struct route movement_routes[] = {
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/items/{id}/movements", .mode = MODE_READ,
     .query = &movements_query_shape, .status = 200, .answer = &movement_shape,
     .answer_is_list = true, .handler = list_movements,
     .summary = "The item's ledger, newest first"},
    {ITEM_ROUTE, .method = HTTP_POST_, .path = "/api/v1/items/{id}/movements", .mode = MODE_WRITE,
     .idempotent = true, .body = &movement_in_shape, .status = 201, .answer = &movement_shape,
     .handler = create_movement, .summary = "Receive, count, waste or adjust"},
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/items/{id}/movements.csv", .mode = MODE_FREE,
     .status = 200, .answer_is_file = true, .handler = get_movements_csv,
     .summary = "The whole ledger of an item as CSV, newest first"},
    {ITEM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/items/{id}/levels", .mode = MODE_READ,
     .query = &levels_query_shape, .status = 200, .answer = &levels_shape, .handler = get_levels,
     .summary = "What was on hand at the end of each day"},
};
const struct route_table movement_table = {movement_routes,
                                           sizeof movement_routes / sizeof movement_routes[0]};
