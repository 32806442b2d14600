/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* book_body: readable HTML of the public pages, before and without JavaScript. Everything from
 * outside is escaped. */
#ifndef CAREOPS_PAGE_BOOK_BODY_H
#define CAREOPS_PAGE_BOOK_BODY_H

#include "diary/public.h"
#include "workspace/workspace.h"

enum { BODY_RATINGS_MAX = 3 };

/* `view`: the menu, and what clients said. */
void book_body(struct buf *out, const struct workspace *ws, const struct public_view *view);
void body_business(struct buf *out, const struct workspace *ws);
/* "45 min", "1 h", "1 h 05" */
void body_duration(struct buf *out, int minutes);

#endif
