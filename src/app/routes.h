/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* routes: every route table of the program, in the order the docs list them. */
#ifndef CAREOPS_APP_ROUTES_H
#define CAREOPS_APP_ROUTES_H

#include "http/route.h"

extern const struct route_table ops_table;

extern const struct route_table *const all_tables[];
extern const size_t all_table_count;

#endif
