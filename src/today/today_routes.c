/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* today_routes: the owner's first page, and the health of a day. */
#include "today/internal.h"

#define TODAY_ROUTE \
    .method = HTTP_GET_, .who = WHO_OWNER, .mode = MODE_READ, .status = 200, .tag = "today"

static const struct route today_routes[] = {
    {TODAY_ROUTE, .path = "/api/v1/dashboard", .answer = &dashboard_shape, .handler = dashboard_get,
     .summary = "Today: figures, what needs a hand, the next two hours"},
    {TODAY_ROUTE, .path = "/api/v1/health", .query = &health_query_shape, .answer = &health_shape,
     .handler = health_get,
     .summary = "The health of a day to come: a score, and every cause with its points"},
};
const struct route_table today_table = {today_routes, sizeof today_routes / sizeof *today_routes};
