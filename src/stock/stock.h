/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * stock: items and their append-only ledger.
 *
 * Every change of a quantity is one stock_move row whose cause (kind, id, step) is unique per item,
 * and the item's sums change in the same transaction; the database refuses on_hand < 0 and reserved
 * > on_hand as the last word. available = on_hand − reserved.
 *
 * When available falls to or under the reorder point the owner gets one alert; `item.low` remembers
 * it, and only rising above clears it.
 *
 * Lock order: a caller that also locks people or bookings does that first; items are always locked
 * in order of id (stock_lock). Quantities are thousandths of the item's unit.
 */
#ifndef CAREOPS_STOCK_STOCK_H
#define CAREOPS_STOCK_STOCK_H

#include "catalog/catalog.h"
#include "db/work.h"
#include "http/route.h"

enum { ITEMS_MAX = 5000, STOCK_LINES_MAX = 60 };

struct item {
    int64_t id;
    struct str name, sku, unit;
    int64_t reorder_point, on_hand, reserved;
    bool low, active;
    int64_t low_count; /* alerts so far: the occurrence of the latest */
    int64_t
        last_move_id; /* ids of an item's movements rise strictly, in the order of their effect */
    int64_t version;
};

/* Locks these items (ids sorted, unique) until the end of the transaction and reads them, in that
 * order. An absent one: NOT_FOUND. */
enum result stock_lock(struct work *w, const int64_t *ids, size_t count,
                       struct item **ret) must_check;

enum move_kind {
    MOVE_RECEIVE,
    MOVE_COUNT,
    MOVE_WASTE,
    MOVE_ADJUST,
    MOVE_RESERVE,
    MOVE_RELEASE,
    MOVE_CONSUME
};

struct stock_cause {
    bool booking;     /* else by hand */
    int64_t cause_id; /* the booking; for a movement by hand stock_move fills in the row's own id */
    int64_t step;
    struct str reason;
};

/*
 * Writes one movement of a locked item and updates `item` in place; alerts the owner at the
 * crossing. The caller has checked that the sums stay legal; what the database refuses even so is
 * CONFLICT (item_stock_check).
 */
enum result stock_move(struct work *w, struct item *item, enum move_kind kind,
                       int64_t on_hand_delta, int64_t reserved_delta,
                       struct stock_cause *cause) must_check;

/* One line of the materials of a visit. `quantity` reserved, `used` consumed. */
struct stock_line {
    int64_t item_id;
    int64_t quantity;
};

/* By item, as every list of lines has to be. */
void stock_sort(struct stock_line *lines, size_t count);

/* Sums the materials of services into lines sorted by item, one an item. At most STOCK_LINES_MAX
 * (INVALID past it). */
enum result stock_lines(struct work *w, const struct service *services, size_t count,
                        struct stock_line **ret, size_t *ret_count) must_check;

/* Whether all lines are available now (reads, no lock): for slots. */
enum result stock_enough(struct work *w, const struct stock_line *lines, size_t count,
                         bool *ret) must_check;

/*
 * Reserves all lines for a booking, or none: CONFLICT `out_of_stock`, for staff with the short
 * items in the problem. `already` quantities (a booking that is re-made keeps its own) are not
 * needed here: release first.
 */
enum result stock_reserve(struct work *w, int64_t booking_id, int64_t step,
                          const struct stock_line *lines, size_t count) must_check;
enum result stock_release(struct work *w, int64_t booking_id, int64_t step,
                          const struct stock_line *lines, size_t count) must_check;
/* Consumes `used` and gives back the reservations of `reserved` (both sorted by item). More used
 * than reserved must be available. */
enum result stock_consume(struct work *w, int64_t booking_id, int64_t step,
                          const struct stock_line *reserved, size_t reserved_count,
                          const struct stock_line *used, size_t used_count) must_check;

/* The other way round, by new rows: what was `used` is on hand again and `reserved` is reserved.
 * CONFLICT `out_of_stock` where others have reserved it meanwhile. */
enum result stock_unconsume(struct work *w, int64_t booking_id, int64_t step,
                            const struct stock_line *reserved, size_t reserved_count,
                            const struct stock_line *used, size_t used_count) must_check;

extern const struct route_table stock_table;

#endif
