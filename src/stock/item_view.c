/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* item_view: an item as it is told, with how long it will do; and as it is given. */
#include "stock/forecast.h"

enum { DEMAND_DAYS_MAX = 120, DEMAND_VISITS_MAX = 5000 };

/* ---- as it is told ---- */

struct pack_view {
    struct str name;
    struct opt_int size;
};
static const struct field pack_fields[] = {
    FIELD_STR(struct pack_view, name, 0, 0),
    FIELD_QTY(struct pack_view, size, 0, 0, .doc = "how much is in one"),
};
static const struct shape pack_shape = SHAPE("ItemPack", struct pack_view, pack_fields);

struct demand_view {
    struct opt_int date, visits, quantity;
};
static const struct field demand_fields[] = {
    FIELD_DATE(struct demand_view, date),
    FIELD_INT(struct demand_view, visits, 0, 0),
    FIELD_QTY(struct demand_view, quantity, 0, 0, .doc = "what they hold together"),
};
static const struct shape demand_shape = SHAPE("ItemDemand", struct demand_view, demand_fields);

struct item_view {
    struct opt_int id;
    struct str name, sku, unit, supplier, category;
    struct opt_int on_hand, reserved, available, reorder_point, unit_cost, value;
    struct pack_view *pack;
    struct opt_bool low, active;
    struct opt_int days_left, runs_out_on, per_day;
    struct str runs_out_by;
    struct opt_int version;
    struct shape_list demand;
    struct opt_int held_by_past;
};

static const char *const by_names[] = {"visits", "average", NULL};

/* clang-format off */
#define ITEM_FIELDS                                                                                \
    FIELD_ID(struct item_view, id),                                                                \
    FIELD_STR(struct item_view, name, 0, 0),                                                       \
    FIELD_STR(struct item_view, sku, 0, 0, .maybe = true),                                         \
    FIELD_STR(struct item_view, unit, 0, 0),                                                       \
    FIELD_STR(struct item_view, category, 0, 0, .doc = "\"\": none"),                              \
    FIELD_STR(struct item_view, supplier, 0, 0, .doc = "\"\": nobody was named"),                  \
    FIELD_QTY(struct item_view, on_hand, 0, 0, .doc = "what is on the shelf"),                     \
    FIELD_QTY(struct item_view, reserved, 0, 0, .doc = "of it, held by open bookings"),            \
    FIELD_QTY(struct item_view, available, 0, 0, .doc = "on_hand − reserved"),                     \
    FIELD_QTY(struct item_view, reorder_point, 0, 0),                                              \
    FIELD_INT(struct item_view, unit_cost, 0, 0, .maybe = true,                                    \
              .doc = "minor units for one unit, by the latest delivery that told it"),             \
    FIELD_INT(struct item_view, value, 0, 0, .maybe = true, .doc = "on_hand × unit_cost"),         \
    FIELD_OBJECT(struct item_view, pack, pack_shape, .maybe = true,                                \
                 .doc = "how it is delivered"),                                                    \
    FIELD_BOOL(struct item_view, low, .doc = "available is at or under the reorder point"),        \
    FIELD_BOOL(struct item_view, active, .doc = "false: retired; its past stays"),                 \
    FIELD_INT(struct item_view, days_left, 0, 0, .maybe = true,                                    \
              .doc = "whole days until it is used up, by visits that are booked or by the average of " \
                     "the last 28 days; null where nothing uses it"),                              \
    FIELD_DATE(struct item_view, runs_out_on, .maybe = true),                                      \
    FIELD_WORD(struct item_view, runs_out_by, by_names, .maybe = true),                            \
    FIELD_QTY(struct item_view, per_day, 0, 0, .doc = "consumed on average, of the last 28 days"), \
    FIELD_INT(struct item_view, version, 0, 0)
/* clang-format on */

static const struct field item_fields[] = {ITEM_FIELDS};
const struct shape item_shape = SHAPE("Item", struct item_view, item_fields);

static const struct field item_full_fields[] = {
    ITEM_FIELDS,
    FIELD_LIST(struct item_view, demand, demand_shape, 0, DEMAND_DAYS_MAX,
               .doc = "what visits to come hold of it, by local day"),
    FIELD_QTY(struct item_view, held_by_past, 0, 0,
              .doc = "what open visits hold that have begun: they are to be marked"),
};
const struct shape item_full_shape = SHAPE("ItemFull", struct item_view, item_full_fields);

struct item_view *item_view_of(struct arena *a, const struct item *item, const struct forecast *f)
{
    struct item_view *v = arena_new(a, struct item_view);
    *v = (struct item_view){
        .id = some_int(item->id),
        .name = item->name,
        .sku = item->sku,
        .unit = item->unit,
        .supplier = item->supplier.ptr ? item->supplier : STR(""),
        .category = item->category.ptr ? item->category : STR(""),
        .on_hand = some_int(item->on_hand),
        .reserved = some_int(item->reserved),
        .available = some_int(item->on_hand - item->reserved),
        .reorder_point = some_int(item->reorder_point),
        .unit_cost = item->unit_cost,
        .low = some_bool(item->on_hand - item->reserved <= item->reorder_point),
        .active = some_bool(item->active),
        .per_day = some_int(f->per_day),
        .version = some_int(item->version),
    };
    if (item->unit_cost.set)
        v->value = some_int(stock_value(item->on_hand, item->unit_cost.value));
    if (item->pack_name.ptr) {
        v->pack = arena_new(a, struct pack_view);
        *v->pack = (struct pack_view){item->pack_name, item->pack_size};
    }
    if (f->by != FORECAST_NONE) {
        v->days_left = some_int(f->days_left);
        v->runs_out_on = some_int(f->runs_out_on);
        v->runs_out_by = str_of(by_names[f->by - FORECAST_VISITS]);
    }
    return v;
}

enum result stock_zone(struct work *w, const struct tz **ret_tz, struct str *ret_currency)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r, "SELECT timezone, currency FROM workspace WHERE id = $1",
                             db_i(w->actor.workspace_id));
    if (res != OK)
        return res;
    *ret_tz = tz_find(db_str(&r, 0, 0));
    *ret_currency = db_str(&r, 0, 1);
    return OK;
}

enum result item_answer(struct request *rq, struct work *w, int status, const struct item *item)
{
    const struct tz *tz;
    struct str currency;
    struct forecast f = {0};
    enum result res = stock_zone(w, &tz, &currency);
    if (res == OK)
        res = forecast_one(w, tz, item, &f);
    if (res != OK)
        return res;
    answer_etag(rq, item->version);
    answer_json(rq, status, &item_shape, item_view_of(w->arena, item, &f), w->actor.permissions);
    return OK;
}

/* ---- what visits to come hold of it ---- */

/* The visits are walked by their start, and each is asked for this item: so what is read is what is
 * to come, which max_advance_days bounds, and not all that ever used it. */
static enum result read_demand(struct work *w, const struct tz *tz, const struct item *item,
                               struct item_view *v)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT x.start_s, x.quantity FROM (SELECT b.start_s AS start_s, b.id AS id,"
                 " (SELECT m.quantity FROM booking_material m WHERE m.workspace_id = b.workspace_id"
                 "  AND m.booking_id = b.id AND m.item_id = $2) AS quantity"
                 " FROM booking b WHERE b.workspace_id = $1 AND b.start_s >= $3 AND b.start_s < $5"
                 " AND b.status IN ('pending', 'confirmed')) x"
                 " WHERE x.quantity > 0 ORDER BY x.start_s, x.id LIMIT $4",
                 db_i(w->actor.workspace_id), db_i(item->id), db_i(w->now_s),
                 db_i(DEMAND_VISITS_MAX), db_i(forecast_until(w->now_s)));
    if (res != OK)
        return res;
    struct demand_view *days = arena_new_array(w->arena, DEMAND_DAYS_MAX, struct demand_view);
    size_t n = 0;
    int64_t ahead = 0;
    for (size_t i = 0; i < r.count; i++) {
        int64_t date = tz_date(tz, db_int(&r, i, 0)), quantity = db_int(&r, i, 1);
        ahead += quantity;
        bool same = n > 0 && days[n - 1].date.value == date;
        if (!same && n < DEMAND_DAYS_MAX)
            days[n++] = (struct demand_view){some_int(date), some_int(1), some_int(quantity)};
        else if (same) {
            days[n - 1].visits.value++;
            days[n - 1].quantity.value += quantity;
        }
    }
    v->demand = (struct shape_list){true, n, days};
    bool all = r.count < DEMAND_VISITS_MAX && ahead <= item->reserved;
    v->held_by_past = some_int(all ? item->reserved - ahead : 0);
    return OK;
}

enum result item_answer_full(struct request *rq, struct work *w, const struct item *item)
{
    const struct tz *tz;
    struct str currency;
    struct forecast f = {0};
    enum result res = stock_zone(w, &tz, &currency);
    if (res == OK)
        res = forecast_one(w, tz, item, &f);
    if (res != OK)
        return res;
    struct item_view *v = item_view_of(w->arena, item, &f);
    res = read_demand(w, tz, item, v);
    if (res != OK)
        return res;
    answer_etag(rq, item->version);
    answer_json(rq, 200, &item_full_shape, v, w->actor.permissions);
    return OK;
}

/* ---- as it is given ---- */

static const struct field pack_in_fields[] = {
    FIELD_STR(struct pack_in, name, 1, 40, .required = true, .doc = "carton, bottle …"),
    FIELD_QTY(struct pack_in, size, 1, QUANTITY_MAX, .required = true),
};
static const struct shape pack_in_shape = SHAPE("ItemPackNew", struct pack_in, pack_in_fields);

static const char unit_cost_doc[] = "minor units of the currency for one unit";

static const struct field item_new_fields[] = {
    FIELD_STR(struct item_in, name, 1, 120, .required = true),
    FIELD_STR(struct item_in, sku, 1, 60, .doc = "unique in the business"),
    FIELD_STR(struct item_in, unit, 1, 20, .required = true, .doc = "ml, g, piece …"),
    FIELD_QTY(struct item_in, reorder_point, 0, QUANTITY_MAX,
              .doc = "alert when available falls to this; default 0"),
    FIELD_INT(struct item_in, unit_cost, 0, COST_MAX, .doc = unit_cost_doc),
    FIELD_OBJECT(struct item_in, pack, pack_in_shape),
    FIELD_STR(struct item_in, supplier, 0, 120),
    FIELD_STR(struct item_in, category, 0, 60),
    FIELD_BOOL(struct item_in, active),
};
const struct shape item_new_shape = SHAPE("ItemNew", struct item_in, item_new_fields);

static const struct field item_patch_fields[] = {
    FIELD_STR(struct item_in, name, 1, 120),
    FIELD_STR(struct item_in, sku, 1, 60, .nullable = true,
              .nullable_offset = offsetof(struct item_in, sku_null)),
    FIELD_STR(struct item_in, unit, 1, 20),
    FIELD_QTY(struct item_in, reorder_point, 0, QUANTITY_MAX),
    FIELD_INT(struct item_in, unit_cost, 0, COST_MAX, .nullable = true,
              .nullable_offset = offsetof(struct item_in, unit_cost_null), .doc = unit_cost_doc),
    FIELD_OBJECT(struct item_in, pack, pack_in_shape, .nullable = true,
                 .nullable_offset = offsetof(struct item_in, pack_null)),
    FIELD_STR(struct item_in, supplier, 0, 120),
    FIELD_STR(struct item_in, category, 0, 60),
    FIELD_BOOL(struct item_in, active),
};
const struct shape item_patch_shape = SHAPE("ItemPatch", struct item_in, item_patch_fields);
