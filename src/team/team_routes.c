/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* team_routes: members of staff over HTTP. Sign-up and time off have files of their own. */
#include "team/internal.h"

#include "workspace/hours.h"

static const struct field staff_query_fields[] = {PAGE_FIELDS(struct page_in)};
static const struct shape staff_query_shape =
    SHAPE("StaffQuery", struct page_in, staff_query_fields);

static const struct field staff_patch_fields[] = {
    FIELD_STR(struct staff_in, name, 1, 120),
    FIELD_ENUM(struct staff_in, role, role_names),
    FIELD_FLAGS(struct staff_in, permissions, permission_names),
    FIELD_BOOL(struct staff_in, bookable, .doc = "clients can book them"),
    FIELD_IDS(struct staff_in, service_ids, 0, SERVICES_OF_A_MEMBER, .doc = "replaced whole"),
};
static const struct shape staff_patch_shape =
    SHAPE("StaffPatch", struct staff_in, staff_patch_fields);

static const struct field hours_fields[] = {
    FIELD_LIST(struct staff_hours_in, weekly, hours_span_shape, 0, STAFF_HOURS_MAX,
               .required = true, .doc = "replaced whole; empty means never"),
    FIELD_BOOL(struct staff_hours_in, inherits,
               .doc = "true with an empty list: whenever the business is open"),
};
static const struct shape hours_shape = SHAPE("StaffHoursIn", struct staff_hours_in, hours_fields);

static enum result read_one(struct work *w, int64_t staff_id, struct staff_out **ret)
{
    struct staff_member m;
    enum result r = team_member(w, staff_id, &m);
    return r == OK ? team_view(w, &m, 1, ret) : r;
}

/* The member as they are now, with what deactivating left behind (absent otherwise). */
static enum result answer(struct request *rq, struct work *w, int status, int64_t staff_id,
                          struct shape_list bookings_left)
{
    struct staff_out *out;
    enum result r = read_one(w, staff_id, &out);
    if (r != OK)
        return r;
    out->bookings_left = bookings_left;
    answer_etag(rq, out->version.value);
    answer_json(rq, status, &staff_shape, out, w->actor.permissions);
    return OK;
}

static const struct shape_list none;

static enum result get_members(struct request *rq, struct work *w)
{
    const struct page_in *page = rq->query_in;
    size_t limit = page->limit.set ? (size_t)page->limit.value : PAGE_LIMIT_DEFAULT;
    bool given;
    int64_t key = 0, after_id = 0;
    struct staff_member *members;
    struct staff_out *list;
    size_t count;
    enum result r = cursor_read(w, page->cursor, &given, &key, &after_id);
    if (r == OK)
        r = team_page(w, after_id, limit + 1, &members, &count);
    if (r != OK)
        return r;
    struct str next = {0};
    if (count > limit) {
        count = limit;
        next = cursor_write(w->arena, 0, members[count - 1].id);
    }
    r = team_view(w, members, count, &list);
    if (r == OK)
        answer_list(rq, &staff_shape, list, count, next, w->actor.permissions);
    return r;
}

static enum result get_member(struct request *rq, struct work *w)
{
    int64_t staff_id;
    enum result r = member_asked(rq, w, &staff_id);
    return r == OK ? answer(rq, w, 200, staff_id, none) : r;
}

static enum result post_member(struct request *rq, struct work *w)
{
    int64_t staff_id;
    enum result r = invite(w, rq->in, &staff_id);
    return r == OK ? answer(rq, w, 201, staff_id, none) : r;
}

static enum result patch_member(struct request *rq, struct work *w)
{
    int64_t staff_id = request_id_param(rq, 0);
    enum result r = member_change(rq, w, staff_id, rq->in);
    return r == OK ? answer(rq, w, 200, staff_id, none) : r;
}

static enum result post_deactivate(struct request *rq, struct work *w)
{
    int64_t staff_id = request_id_param(rq, 0);
    struct shape_list left;
    enum result r = member_deactivate(rq, w, staff_id, &left);
    return r == OK ? answer(rq, w, 200, staff_id, left) : r;
}

static enum result post_reactivate(struct request *rq, struct work *w)
{
    int64_t staff_id = request_id_param(rq, 0);
    enum result r = member_reactivate(rq, w, staff_id);
    return r == OK ? answer(rq, w, 200, staff_id, none) : r;
}

static enum result post_reinvite(struct request *rq, struct work *w)
{
    int64_t staff_id = request_id_param(rq, 0);
    enum result r = invite_again(rq, w, staff_id, rq->in);
    return r == OK ? answer(rq, w, 200, staff_id, none) : r;
}

static enum result get_hours(struct request *rq, struct work *w)
{
    int64_t staff_id;
    struct staff_out *out;
    enum result r = member_asked(rq, w, &staff_id);
    if (r == OK)
        r = read_one(w, staff_id, &out);
    if (r != OK)
        return r;
    answer_etag(rq, out->version.value);
    answer_json(rq, 200, &staff_hours_shape, out->hours, w->actor.permissions);
    return OK;
}

static enum result put_hours(struct request *rq, struct work *w)
{
    enum result r = member_hours(rq, w, request_id_param(rq, 0), rq->in);
    return r == OK ? get_hours(rq, w) : r;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/staff",
        .who = WHO_OWNER,
        .mode = MODE_READ,
        .query = &staff_query_shape,
        .status = 200,
        .answer = &staff_shape,
        .answer_is_list = true,
        .handler = get_members,
        .tag = "team",
        .summary = "Members of staff, deactivated ones too, oldest first",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/staff",
        .slow = true,
        .who = WHO_OWNER,
        .no_token = true,
        .mode = MODE_WRITE,
        .idempotent = true,
        .body = &staff_new_shape,
        .status = 201,
        .answer = &staff_shape,
        .before = invite_prepare,
        .handler = post_member,
        .tag = "team",
        .summary = "Invite someone; their first password goes by e-mail alone",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/staff/{id}",
        .who = WHO_STAFF,
        .all_with = RIGHT_OWNER,
        .mode = MODE_READ,
        .status = 200,
        .answer = &staff_shape,
        .handler = get_member,
        .tag = "team",
        .summary = "One member of staff",
    },
    {
        .method = HTTP_PATCH_,
        .path = "/api/v1/staff/{id}",
        .who = WHO_OWNER,
        .no_token = true,
        .mode = MODE_WRITE,
        .body = &staff_patch_shape,
        .status = 200,
        .answer = &staff_shape,
        .handler = patch_member,
        .tag = "team",
        .summary = "Change a member's name, role, permissions or services",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/staff/{id}/deactivate",
        .who = WHO_OWNER,
        .no_token = true,
        .mode = MODE_WRITE,
        .status = 200,
        .answer = &staff_shape,
        .handler = post_deactivate,
        .tag = "team",
        .summary =
            "Switch a member off: sessions end at once; lists the bookings left without staff",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/staff/{id}/reactivate",
        .who = WHO_OWNER,
        .no_token = true,
        .mode = MODE_WRITE,
        .status = 200,
        .answer = &staff_shape,
        .handler = post_reactivate,
        .tag = "team",
        .summary = "Switch a member on again",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/staff/{id}/resend-invite",
        .slow = true,
        .who = WHO_OWNER,
        .no_token = true,
        .mode = MODE_WRITE,
        .body = &staff_reinvite_shape,
        .body_optional = true,
        .status = 200,
        .answer = &staff_shape,
        .before = invite_prepare,
        .handler = post_reinvite,
        .tag = "team",
        .summary = "Send a new first password to someone who has not used the first one",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/staff/{id}/hours",
        .who = WHO_STAFF,
        .all_with = RIGHT_OWNER,
        .mode = MODE_READ,
        .status = 200,
        .answer = &staff_hours_shape,
        .handler = get_hours,
        .tag = "team",
        .summary = "When a member works",
    },
    {
        .method = HTTP_PUT_,
        .path = "/api/v1/staff/{id}/hours",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .body = &hours_shape,
        .status = 200,
        .answer = &staff_hours_shape,
        .handler = put_hours,
        .tag = "team",
        .summary = "Replace a member's weekly hours",
    },
};
const struct route_table team_table = {routes, sizeof routes / sizeof routes[0]};
