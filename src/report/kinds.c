/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* kinds: the reports there are. */
#include "report/internal.h"

const char *const report_units[] = {"count", "money", "permille", "hundredths", NULL};

static const enum figure of_bookings[] = {FIG_VISITS,  FIG_COMPLETED, FIG_CONFIRMED, FIG_PENDING,
                                          FIG_NO_SHOW, FIG_ONLINE,    FIG_CANCELLED, FIG_ALL};
static const enum figure of_revenue[] = {FIG_COMPLETED_VALUE, FIG_BOOKED_VALUE, FIG_COMPLETED,
                                         FIG_AVERAGE_VALUE, FIG_VISITS};
static const enum figure of_people[] = {FIG_WORKED_MIN, FIG_OPEN_MIN, FIG_WORKED_PERMILLE};
static const enum figure of_no_shows[] = {FIG_NO_SHOW, FIG_COMPLETED, FIG_NO_SHOW_PERMILLE,
                                          FIG_NO_SHOW_VALUE};
static const enum figure of_cancellations[] = {
    FIG_CANCELLED,   FIG_ALL,       FIG_CANCELLED_PERMILLE, FIG_CANCELLED_VALUE, FIG_BY_CLIENT,
    FIG_BY_BUSINESS, FIG_WITHIN_2H, FIG_WITHIN_DAY,         FIG_WITHIN_3_DAYS,   FIG_WITHIN_WEEK,
    FIG_EARLIER,
};
static const enum figure of_retention[] = {FIG_CLIENTS,   FIG_NEW,     FIG_RETURNING,
                                           FIG_CAME_BACK, FIG_WAITING, FIG_RETURN_PERMILLE};
static const enum figure of_ratings[] = {FIG_RATINGS, FIG_STARS,   FIG_MEAN,    FIG_STARS_1,
                                         FIG_STARS_2, FIG_STARS_3, FIG_STARS_4, FIG_STARS_5};
static const enum figure of_stock_value[] = {FIG_STOCK_VALUE, FIG_ITEMS, FIG_UNPRICED};
static const enum figure of_stock_usage[] = {FIG_PLANNED_VALUE, FIG_USED_VALUE, FIG_WASTE_VALUE,
                                             FIG_ITEMS, FIG_UNPRICED};

static const enum figure of_stock_part[] = {FIG_STOCK_VALUE};
static const enum figure of_stock_item[] = {FIG_ON_HAND, FIG_STOCK_VALUE};
static const enum figure of_usage_part[] = {FIG_PLANNED_VALUE, FIG_USED_VALUE, FIG_WASTE_VALUE};
static const enum figure of_usage_item[] = {FIG_PLANNED,       FIG_USED,       FIG_WASTE,
                                            FIG_PLANNED_VALUE, FIG_USED_VALUE, FIG_WASTE_VALUE};

#define SHOWN(list) .shown = (list), .shown_count = sizeof(list) / sizeof((list)[0])
#define PARTS(list) .part_shown = (list), .part_shown_count = sizeof(list) / sizeof((list)[0])
#define ROWS(list)  .row_shown = (list), .row_shown_count = sizeof(list) / sizeof((list)[0])
#define FILTERED    .by_staff = true, .by_service = true

static const struct report_kind kinds[] = {
    {.name = "bookings",
     .unit = "count",
     .value = FIG_VISITS,
     SHOWN(of_bookings),
     FILTERED,
     .read = report_read_visits},
    {.name = "revenue",
     .unit = "money",
     .value = FIG_COMPLETED_VALUE,
     SHOWN(of_revenue),
     FILTERED,
     .read = report_read_visits},
    {.name = "utilisation",
     .unit = "permille",
     .value = FIG_WORKED_PERMILLE,
     SHOWN(of_people),
     .by_staff = true,
     .read = report_read_people},
    {.name = "no_shows",
     .unit = "permille",
     .value = FIG_NO_SHOW_PERMILLE,
     SHOWN(of_no_shows),
     FILTERED,
     .read = report_read_visits},
    {.name = "cancellations",
     .unit = "permille",
     .value = FIG_CANCELLED_PERMILLE,
     SHOWN(of_cancellations),
     FILTERED,
     .read = report_read_cancellations},
    {.name = "retention",
     .unit = "permille",
     .value = FIG_RETURN_PERMILLE,
     SHOWN(of_retention),
     FILTERED,
     .read = report_read_clients},
    {.name = "ratings",
     .unit = "hundredths",
     .value = FIG_MEAN,
     SHOWN(of_ratings),
     FILTERED,
     .read = report_read_ratings},
    {.name = "stock_value",
     .unit = "money",
     .value = FIG_STOCK_VALUE,
     SHOWN(of_stock_value),
     PARTS(of_stock_part),
     ROWS(of_stock_item),
     .is_level = true,
     .read = report_read_stock_value},
    {.name = "stock_usage",
     .unit = "money",
     .value = FIG_USED_VALUE,
     SHOWN(of_stock_usage),
     PARTS(of_usage_part),
     ROWS(of_usage_item),
     .read = report_read_stock_used},
};

const struct report_kind *report_kind_of(struct str name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_is(name, kinds[i].name))
            return &kinds[i];
    return NULL;
}
