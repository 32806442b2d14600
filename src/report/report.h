/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * report: what happened in a period, in figures: one question, one answer, nothing kept.
 *
 * GET /api/v1/reports/{kind} (and …/{kind}/report.csv) reads the rows of the period by index and
 * adds them up, so every figure is what anybody would get from the rows themselves; no sums are
 * maintained that could drift. For that a period has at most REPORT_DAYS_MAX days.
 *
 * A period is whole local days of the business's zone, `from` to `to` inclusive; a day is what lies
 * between its midnights, so it has 23 or 25 hours where the clocks change. `by` cuts it into days,
 * weeks (from Monday) or calendar months; the first and the last one may be shorter.
 *
 * `compare`: previous
 *   from the first of a month on: as many months before, to the same day of the month (to its end
 *   where the period ends a month);
 *   else: as many days, as many whole weeks before as the period has begun, so that a Monday is
 *   held against a Monday;
 * last_year: the same dates a year before. The n-th part is held against the n-th.
 *
 * What is counted
 *   A visit belongs to the day in which it starts. `staff_id` and `service_id` narrow to visits of
 *   that person, and to visits that have that service; the money is then that service's lines'.
 *   bookings       value: visits, all that were not cancelled (pending, confirmed, completed,
 *                  no_show)
 *   revenue        value: completed_value, the prices of completed visits as they were booked.
 *                  booked_value: of pending, confirmed and completed ones
 *   utilisation    value: worked_min ‰ of open_min. Worked: the time that visits hold people,
 *                  buffers included, processing not, since the person is free meanwhile; a hold
 *                  counts on the day it begins. Open: the business's hours and the person's own, as
 *                  they are now (hours have no history), less closures and time off. More than
 *                  1000 ‰ is work outside of hours
 *   no_shows       value: no-shows ‰ of visits that took place or should have (completed, no_show)
 *   cancellations  value: cancelled ‰ of all bookings of the period; by whom, and how long before
 *                  the start
 *   retention      value: came_back ‰ of the clients of whom it can be told. A client of the period
 *                  has a completed visit in it; the first such counts. New: no completed visit
 *                  before it, else returning. Waiting: RETURN_DAYS days after it are not over.
 *                  Came back: of the others, those with another completed visit within them. Who is
 *                  back early waits as well, since only those would be told of at first
 *   ratings        value: the mean of the stars in hundredths. By the day it was given
 *   stock_value    value: on hand × unit_cost at the end of each part, as the ledger has it and at
 *                  today's costs. Items without a cost are counted (unpriced), not guessed
 *   stock_usage    value: used_value. Planned: what the completed visits of the period had
 *                  reserved; used: what completing them took; waste: written off in the period
 *
 * Ratios are rounded to the nearest, halves up, and are null where there is nothing to divide by.
 * Rows are the figures of each person, service, item, notice … the greatest first, at most
 * REPORT_ROWS_MAX of a group. No client is named: a member with `reports` need not know them.
 */
#ifndef CAREOPS_REPORT_REPORT_H
#define CAREOPS_REPORT_REPORT_H

#include "http/route.h"

enum { REPORT_DAYS_MAX = 400, REPORT_ROWS_MAX = 100, RETURN_DAYS = 90 };

extern const struct route_table report_table;

#endif
