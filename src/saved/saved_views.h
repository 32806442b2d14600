/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * saved_views: lists that a person keeps under a name, with their filters.
 *
 * Each is one member's own, for one screen of the office, and is the search part of that screen's
 * address: what it means is the page's affair. At most SAVED_VIEWS_MAX a screen. A name is there
 * once a screen; saving it again replaces what it stood for.
 */
#ifndef CAREOPS_SAVED_SAVED_VIEWS_H
#define CAREOPS_SAVED_SAVED_VIEWS_H

#include "http/route.h"

enum { SAVED_VIEWS_MAX = 20 };

extern const struct route_table saved_view_table; /* /saved-views */

#endif
