/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* low_stock: the message to the owners when an item falls to its reorder point. One per crossing:
 * the item's low_count is the occurrence. */
#ifndef CAREOPS_STOCK_LOW_STOCK_H
#define CAREOPS_STOCK_LOW_STOCK_H

#include "stock/stock.h"

enum result low_stock_tell(struct work *w, const struct item *item) must_check;

/* After the reorder point itself was changed: the same crossing rule. In stock.c. */
enum result stock_level_changed(struct work *w, struct item *item) must_check;

#endif
