/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * readiness: what still stands between a business and its first booking.
 *
 * Each check says whether it holds, in words for the owner, and where to mend it. The required ones
 * are those without which no time could ever be offered: opening hours, an active service, and an
 * active bookable person who performs one. The others are advice and hold nothing back.
 */
#ifndef CAREOPS_WORKSPACE_READINESS_H
#define CAREOPS_WORKSPACE_READINESS_H

#include "http/route.h"
#include "workspace/workspace.h"

struct readiness_check {
    struct str code, message, fix_url;
    struct opt_bool ok, required;
};

struct readiness {
    struct opt_bool ready;
    struct shape_list checks; /* struct readiness_check */
};

extern const struct shape readiness_shape;     /* {ready, checks} */
extern const struct shape readiness_gap_shape; /* {checks}: further member of a not_ready problem */

enum result readiness_of(struct work *w, const struct workspace *ws,
                         struct readiness *ret) must_check;
/* Only the required checks that do not hold. */
struct readiness readiness_gaps(struct arena *a, const struct readiness *all);

#endif
