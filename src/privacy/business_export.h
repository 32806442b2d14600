/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* business_export: the parts of a business's own export, and its route. See business_export.c. */
#ifndef CAREOPS_PRIVACY_BUSINESS_EXPORT_H
#define CAREOPS_PRIVACY_BUSINESS_EXPORT_H

#include "privacy/internal.h"

/*
 * Rows after a key, in its order; the key stands in the first column and is not written. A page
 * never ends within the rows of one key, unless it says so (cut).
 */
struct business_part {
    const char *name;
    const struct export_column *columns; /* of what follows the key; ends with one without a name */
    enum result (*page)(struct work *w, int64_t after, struct db_rows *ret);
    bool cut; /* a page of EXPORT_EVENTS_PAGE rows may end within a key, whose rows come again */
};
extern const struct business_part business_parts[];
extern const size_t business_part_count;

#endif
