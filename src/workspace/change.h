/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * change: what an owner may change of a workspace, all in one request. Private to workspace/.
 *
 * A field that is absent stays; hours and closures are replaced whole.
 */
#ifndef CAREOPS_WORKSPACE_CHANGE_H
#define CAREOPS_WORKSPACE_CHANGE_H

#include "http/route.h"
#include "workspace/workspace.h"

struct workspace_in {
    struct str name, slug, timezone, currency, locale, address, phone, contact_email, accent_color;
    bool accent_color_null;
    struct opt_int slot_step_min, min_notice_min, max_advance_days, cancel_cutoff_min;
    struct opt_int session_idle_min, quiet_from, quiet_until;
    bool quiet_from_null, quiet_until_null;
    struct opt_bool auto_confirm, require_two_factor, staff_see_contacts;
    struct shape_list hours, closures;
};

/* Under If-Match. The workspace as it is then. */
enum result workspace_change(struct request *rq, struct work *w, const struct workspace_in *in,
                             struct workspace *ret) must_check;
/* Makes the public pages appear; CONFLICT not_ready with the checks that fail. Once published, OK
 * and nothing changes. Under If-Match. */
enum result workspace_publish(struct request *rq, struct work *w, struct workspace *ret) must_check;

#endif
