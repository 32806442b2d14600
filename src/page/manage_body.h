/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* manage_body: the client's visit as readable HTML, before and without JavaScript. */
#ifndef CAREOPS_PAGE_MANAGE_BODY_H
#define CAREOPS_PAGE_MANAGE_BODY_H

#include "diary/booking.h"

void manage_body(struct buf *out, const struct workspace *ws, const struct booking *b);

#endif
