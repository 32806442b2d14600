/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* book_body: readable HTML of the public pages, before and without JavaScript. Everything from
 * outside is escaped. */
#ifndef CAREOPS_PAGE_BOOK_BODY_H
#define CAREOPS_PAGE_BOOK_BODY_H

#include "catalog/catalog.h"
#include "workspace/workspace.h"

void book_body(struct buf *out, const struct workspace *ws, const struct service *services,
               size_t count);
void body_business(struct buf *out, const struct workspace *ws);
/* "45 min", "1 h", "1 h 05" */
void body_duration(struct buf *out, int minutes);

#endif
