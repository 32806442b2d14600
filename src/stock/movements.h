/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* movements: an item's ledger as it is read, newest first, with what caused each movement. */
#ifndef CAREOPS_STOCK_MOVEMENTS_H
#define CAREOPS_STOCK_MOVEMENTS_H

#include "stock/stock.h"

struct movement {
    int64_t id, on_hand_delta, reserved_delta, on_hand_after, reserved_after, at_s;
    struct str kind, actor, reason;
    struct opt_int booking_id, stocktake_id, unit_cost;
    struct opt_int visit_s, client_id; /* of the booking */
    struct str client;
    bool by_client; /* who moved it is one, whose name not everybody may know */
};

/* `m` is the movement, which comes with its visit and that visit's client. */
#define MOVEMENT_COLUMNS                                                                        \
    "m.id, m.kind, m.on_hand_delta, m.reserved_delta, m.on_hand_after, m.reserved_after,"       \
    " m.booking_id, m.actor_kind, m.actor_name, m.reason, m.at_s, m.unit_cost, m.stocktake_id," \
    " b.start_s, c.id, c.name"
#define MOVEMENT_FROM                                                                 \
    " FROM stock_move m"                                                              \
    " LEFT JOIN booking b ON b.workspace_id = m.workspace_id AND b.id = m.booking_id" \
    " LEFT JOIN client c ON c.workspace_id = b.workspace_id AND c.id = b.client_id"
void movement_read(const struct db_rows *r, size_t row, struct movement *ret);

struct movements_asked {
    int64_t item_id, before_id, from_s, to_s, limit;
    const char *kind; /* "": all */
};
enum result movements_page(struct work *w, const struct movements_asked *q, struct movement **ret,
                           size_t *ret_count) must_check;

/* Who moved it, as the reader may know it. */
struct str movement_actor(const struct work *w, const struct movement *m);
bool movement_clients_seen(const struct work *w);

/* The item without a lock; 404 where there is none. */
enum result movements_item(struct work *w, int64_t id, struct item *ret) must_check;

#endif
