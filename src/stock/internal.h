/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of stock/ share and nobody else sees. */
#ifndef CAREOPS_STOCK_INTERNAL_H
#define CAREOPS_STOCK_INTERNAL_H

#include "stock/stock.h"

#include "base/tz.h"
#include "http/shape.h"

/* A thousand million units, in thousandths. */
#define QUANTITY_MAX ((int64_t)1000000000000)
/* Of one unit or one pack, in minor units. */
#define COST_MAX ((int64_t)1000000000)

/* As item_read() takes them, the first of a row; `i` is the item. */
#define ITEM_COLUMNS                                                                                \
    "i.id, i.name, i.sku, i.unit, i.reorder_point, i.on_hand, i.reserved, i.low, i.low_count,"      \
    " i.active, i.version, i.last_move_id, i.last_count_id, i.unit_cost, i.pack_name, i.pack_size," \
    " i.supplier, i.category, i.created_s"
enum { ITEM_COLUMN_COUNT = 19 };
void item_read(const struct db_rows *r, size_t row, struct item *ret);

/* A business's zone, without the rest of it. */
enum result stock_zone(struct work *w, const struct tz **ret_tz,
                       struct str *ret_currency) must_check;

/* ---- how an item is told (item_view.c) ---- */

struct forecast;
struct item_view;
extern const struct shape item_shape, item_full_shape;
/* In the arena. */
struct item_view *item_view_of(struct arena *a, const struct item *item, const struct forecast *f);
/* Answers one, with its forecast and its ETag. */
enum result item_answer(struct request *rq, struct work *w, int status,
                        const struct item *item) must_check;

/* The same with what visits to come hold of it. */
enum result item_answer_full(struct request *rq, struct work *w,
                             const struct item *item) must_check;

extern const struct shape item_new_shape, item_patch_shape;
struct pack_in {
    struct str name;
    struct opt_int size;
};
struct item_in {
    struct str name, sku, unit, supplier, category;
    struct opt_int reorder_point, unit_cost;
    struct pack_in *pack;
    struct opt_bool active;
    bool sku_null, unit_cost_null, pack_null;
};

/* CONFLICT out_of_stock with the items, for staff. */
struct stock_short {
    struct opt_int item_id;
    struct str name;
    struct opt_int needed, available;
};
enum result stock_refuse_short(struct work *w, const struct stock_short *list, size_t count,
                               const char *detail) must_check;

/* What a movement by hand does to the shelf; the reservations of bookings stay covered. */
enum result stock_hand_delta(struct work *w, const struct item *item, enum move_kind kind,
                             int64_t quantity, int64_t *ret_delta) must_check;

/* The audit's row of a movement by hand. */
enum result stock_hand_audit(struct work *w, const struct item *item, enum move_kind kind,
                             int64_t before) must_check;

enum result get_items_csv(struct request *rq, struct work *w) must_check;
enum result get_movements_csv(struct request *rq, struct work *w) must_check;

#define ITEM_ROUTE .who = WHO_OWNER, .permissions = PERM_INVENTORY, .tag = "stock"

#endif
