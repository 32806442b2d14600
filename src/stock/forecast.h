/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * forecast: for how long what is on the shelf will do.
 *
 * Two things use it up: the visits that are booked, and those that will be, which are taken to use
 * as much a day as the last 28 days did. Whichever is through first counts:
 *
 *   by visits    the local date of the last open visit to come that holds the item, where open
 *                visits hold all there is (available is 0). Where something is available, booked
 *                visits alone never use all of it, since none is taken that would.
 *   by average   today + on_hand × span ÷ used, whole days, rounded down. `used` is what was
 *                consumed (movements `consume` alone: what was thrown away once says nothing of
 *                next week) in the 28 × 24 hours until now, `span` those 28 days, or for a younger
 *                item its days so far, at least 7.
 *
 * days_left counts from today's local date, which is 0; runs_out_on is that date. Both are null
 * where nothing uses the item: no visit to come holds all of it, and nothing was consumed.
 *
 * For a list this costs two statements, however long it is.
 */
#ifndef CAREOPS_STOCK_FORECAST_H
#define CAREOPS_STOCK_FORECAST_H

#include "stock/internal.h"

enum {
    FORECAST_DAYS = 28,
    FORECAST_DAYS_LEAST = 7,
    FORECAST_DAYS_LEFT_MAX = 3650,
    FORECAST_AHEAD_DAYS = 750, /* nobody books further ahead */
};

enum forecast_by { FORECAST_NONE, FORECAST_VISITS, FORECAST_AVERAGE };

struct forecast {
    int64_t used;         /* consumed in the last FORECAST_DAYS, thousandths */
    int64_t last_visit_s; /* the last open visit to come that holds it; 0: none */
    enum forecast_by by;
    int64_t days_left, runs_out_on; /* where `by` says something */
    int64_t per_day;                /* thousandths */
};

/* Pure: fills the rest from `used` and `last_visit_s`. */
void forecast_judge(const struct item *item, const struct tz *tz, int64_t now_s,
                    struct forecast *f);

/* Since when consumption counts, and until when visits do. */
int64_t forecast_since(int64_t now_s);
int64_t forecast_until(int64_t now_s);

/* Fills last_visit_s of those of which nothing is available: one statement, or none. */
enum result forecast_visits(struct work *w, const struct item *items, struct forecast *f,
                            size_t count) must_check;

/* All of it for one item. */
enum result forecast_one(struct work *w, const struct tz *tz, const struct item *item,
                         struct forecast *ret) must_check;

#endif
