/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * today: what an owner looks at first. The day and the week in figures, what waits for a hand, and
 * the health of a day to come. It owns no rows: everything is read from other features' tables, in
 * bounded questions along their indexes, and nothing is kept.
 *
 * Attention. Each code is a list of at most ATTENTION_EACH things, the most pressing first, and a
 * count (up to COUNT_MAX). An item carries what acting on it takes: ids, version, names.
 *
 * Health. A day begins at 100, and each cause takes points away:
 *
 *   staff     staff_inactive     15  the visit's person is switched off
 *             staff_off          15  time off meets the visit's work
 *             closed             10  the business is closed (hours, closure) for part of it
 *             outside_hours       5  the person does not work for part of it
 *   room      room_inactive      10  a room or device that it holds is switched off
 *             room_double        20  it is held twice at once (the database refuses it; looked at
 *                                    all the same)
 *   stock     stock_short        15  an item: all open visits up to the end of that day need more
 *                                    than there is on hand
 *             stock_inactive      5  an item that visits of that day need is switched off
 *             stock_low           2  an item that visits of that day need: what is left after them
 *                                    is at or under its reorder point
 *   forms     gate_visit         10  something that has to come first is missing: a patch test,
 *                                    another service
 *             gate_form           5  the same, and it is a form
 *             form_pending        2  a form that was asked for is not filled in (where no gate has
 *                                    counted it)
 *   messages  not_told            8  a client who, as far as we know, has not been told (each
 *                                    visit once)
 *   visits    unconfirmed         3  the visit is still a request
 *
 * Of the staff's causes one counts for a visit, the first in that order. The score is 100 less the
 * points of all causes, and 0 at least. Each cause is a line of the answer with its points, and
 * with the minutes of the visit that it touches, so that anybody can do the sum again. At most
 * CAUSES_MAX lines are given: as none costs less than a point, the score is 0 long before one is
 * left out.
 *
 * A day counts its visits that are pending or confirmed and start on it (tz_day_start to
 * tz_day_end), at most DAY_VISITS_MAX.
 */
#ifndef CAREOPS_TODAY_TODAY_H
#define CAREOPS_TODAY_TODAY_H

#include "http/route.h"

enum {
    ATTENTION_EACH = 10,
    COUNT_MAX = 1000,
    CAUSES_MAX = 200,
    DAY_VISITS_MAX = 1000,
};

extern const struct route_table today_table; /* /dashboard, /health */

#endif
