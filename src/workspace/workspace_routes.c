/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* workspace_routes: the business over HTTP. */
#include "workspace/change.h"
#include "workspace/hours.h"
#include "workspace/readiness.h"
#include "workspace/slug.h"
#include "workspace/workspace.h"

enum { MINUTES_PER_MONTH = 31 * MINUTES_PER_DAY };

static const struct field patch_fields[] = {
    FIELD_STR(struct workspace_in, name, 1, 120),
    FIELD_STR(struct workspace_in, slug, 2, SLUG_MAX, .format = STR_SLUG,
              .doc = "the public address: /book/<slug>"),
    FIELD_STR(struct workspace_in, timezone, 1, 64, .format = STR_TIMEZONE,
              .doc = "IANA time zone; hours and dates are in it"),
    FIELD_STR(struct workspace_in, currency, 3, 3, .format = STR_CURRENCY,
              .doc = "ISO 4217; fixed once there are bookings"),
    FIELD_STR(struct workspace_in, locale, 2, 35, .format = STR_LOCALE),
    FIELD_STR(struct workspace_in, address, 0, 500, .multiline = true),
    FIELD_STR(struct workspace_in, phone, 0, 32, .format = STR_PHONE),
    FIELD_STR(struct workspace_in, contact_email, 0, 254, .format = STR_EMAIL),
    FIELD_STR(struct workspace_in, accent_color, 7, 7, .format = STR_COLOR, .nullable = true,
              .nullable_offset = offsetof(struct workspace_in, accent_color_null),
              .doc = "#rrggbb; null for the program's own"),
    FIELD_INT(struct workspace_in, slot_step_min, 5, 240, .doc = "minutes between offered starts"),
    FIELD_INT(struct workspace_in, min_notice_min, 0, MINUTES_PER_MONTH,
              .doc = "how long before its start a visit can still be booked"),
    FIELD_INT(struct workspace_in, max_advance_days, 1, 730, .doc = "how far ahead"),
    FIELD_INT(struct workspace_in, cancel_cutoff_min, 0, MINUTES_PER_MONTH,
              .doc = "how long before its start a client can still cancel or move it"),
    FIELD_BOOL(struct workspace_in, auto_confirm, .doc = "false: a public booking waits for a yes"),
    FIELD_INT(struct workspace_in, session_idle_min, 5, 43200,
              .doc = "minutes after which a session that nobody uses ends"),
    FIELD_BOOL(struct workspace_in, require_two_factor,
               .doc = "members without a second factor must set it up before anything else"),
    FIELD_BOOL(struct workspace_in, staff_see_contacts,
               .doc = "true: every member of staff sees phone and e-mail of their visits' clients"),
    FIELD_CLOCK(struct workspace_in, quiet_from, .nullable = true,
                .nullable_offset = offsetof(struct workspace_in, quiet_from_null),
                .doc = "from then to quiet_until nothing goes to clients by itself; null for none"),
    FIELD_CLOCK(struct workspace_in, quiet_until, .nullable = true,
                .nullable_offset = offsetof(struct workspace_in, quiet_until_null)),
    FIELD_LIST(struct workspace_in, hours, hours_span_shape, 0, HOURS_MAX,
               .doc = "opening hours, replaced whole"),
    FIELD_LIST(struct workspace_in, closures, closure_span_shape, 0, CLOSURES_MAX,
               .doc = "closed days, replaced whole"),
};
static const struct shape patch_shape = SHAPE("WorkspacePatch", struct workspace_in, patch_fields);

static enum result answer(struct request *rq, struct work *w, const struct workspace *ws)
{
    answer_etag(rq, ws->version);
    answer_json(rq, 200, &workspace_shape, workspace_view(w->arena, ws), w->actor.permissions);
    return OK;
}

static enum result get_workspace(struct request *rq, struct work *w)
{
    struct workspace ws;
    enum result r = workspace_load(w, w->actor.workspace_id, &ws);
    return r == OK ? answer(rq, w, &ws) : r;
}

static enum result patch_workspace(struct request *rq, struct work *w)
{
    struct workspace ws;
    enum result r = workspace_change(rq, w, rq->in, &ws);
    return r == OK ? answer(rq, w, &ws) : r;
}

static enum result get_readiness(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct readiness state;
    enum result r = workspace_load(w, w->actor.workspace_id, &ws);
    if (r == OK)
        r = readiness_of(w, &ws, &state);
    if (r == OK)
        answer_json(rq, 200, &readiness_shape, &state, w->actor.permissions);
    return r;
}

static enum result post_publish(struct request *rq, struct work *w)
{
    struct workspace ws;
    enum result r = workspace_publish(rq, w, &ws);
    return r == OK ? answer(rq, w, &ws) : r;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/workspace",
        .who = WHO_STAFF,
        .mode = MODE_READ,
        .status = 200,
        .answer = &workspace_shape,
        .handler = get_workspace,
        .tag = "workspace",
        .summary = "The business with its hours, closures and booking policy",
    },
    {
        .method = HTTP_PATCH_,
        .path = "/api/v1/workspace",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .body = &patch_shape,
        .status = 200,
        .answer = &workspace_shape,
        .handler = patch_workspace,
        .tag = "workspace",
        .summary = "Change the business; lists are replaced whole",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/workspace/readiness",
        .who = WHO_OWNER,
        .mode = MODE_READ,
        .status = 200,
        .answer = &readiness_shape,
        .handler = get_readiness,
        .tag = "workspace",
        .summary = "What is missing before clients can book",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/workspace/publish",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .versioned = true,
        .status = 200,
        .answer = &workspace_shape,
        .handler = post_publish,
        .tag = "workspace",
        .summary = "Open the public pages; 409 not_ready with the checks that fail",
    },
};
const struct route_table workspace_table = {routes, sizeof routes / sizeof routes[0]};
