/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pick_routes: keeping a picked time for a client, and giving it back. See pick.h. */
#include "diary/booking_view.h"
#include "diary/diary.h"
#include "diary/pick.h"

struct hold_in {
    struct id_list service_ids;
    struct opt_int start, staff_id;
    struct str replaces;
};
static const struct field hold_in_fields[] = {
    FIELD_IDS(struct hold_in, service_ids, 1, VISIT_SERVICES_MAX, .required = true),
    FIELD_INSTANT(struct hold_in, start, .required = true, .doc = "one of the offered starts"),
    FIELD_ID(struct hold_in, staff_id, .doc = "absent: anyone"),
    FIELD_STR(struct hold_in, replaces, 1, PICK_TOKEN_MAX,
              .doc = "the token of an earlier hold, which is given back"),
};
static const struct shape hold_in_shape = SHAPE("PublicHoldNew", struct hold_in, hold_in_fields);

static const struct field staff_fields[] = {
    FIELD_ID(struct person_view, id),
    FIELD_STR(struct person_view, name, 0, 0),
};
static const struct shape staff_shape = SHAPE("PublicHoldStaff", struct person_view, staff_fields);

struct hold_view {
    struct str hold_token;
    struct opt_int expires_at, expires_in, start, price;
    struct person_view *staff;
};
static const struct field hold_fields[] = {
    FIELD_STR(struct hold_view, hold_token, 0, 0, .doc = "goes with the booking"),
    FIELD_INSTANT(struct hold_view, expires_at),
    FIELD_INT(struct hold_view, expires_in, 0, 0, .doc = "the same in seconds from now"),
    FIELD_INSTANT(struct hold_view, start),
    FIELD_OBJECT(struct hold_view, staff, staff_shape, .doc = "whose time it is"),
    FIELD_INT(struct hold_view, price, 0, 0, .doc = "of the visit with this person"),
};
static const struct shape hold_shape = SHAPE("PublicHold", struct hold_view, hold_fields);

static enum result post_hold(struct request *rq, struct work *w)
{
    const struct hold_in *in = rq->in;
    struct workspace ws;
    enum result res = workspace_public(w, rq->params[0], &ws);
    if (res != OK)
        return res;
    if (in->staff_id.set && in->staff_id.value == 0)
        return work_missing_at(w, "staff_id", "member of staff");
    struct pick_new new = {
        .service_ids = in->service_ids.ids,
        .service_count = in->service_ids.count,
        .staff_id = in->staff_id.value,
        .start_s = in->start.value,
        .replaces = in->replaces,
        .client = str_of(rq->client),
    };
    struct pick made;
    res = pick_make(w, &ws, &new, &made);
    if (res != OK)
        return res;
    struct person_view staff = {some_int(made.staff_id), made.staff_name};
    struct hold_view view = {
        .hold_token = made.token,
        .expires_at = some_int(made.expires_s),
        .expires_in = some_int(made.expires_s - w->now_s),
        .start = some_int(made.start_s),
        .staff = &staff,
        .price = some_int(made.price),
    };
    answer_json(rq, 201, &hold_shape, &view, 0);
    return OK;
}

static enum result delete_hold(struct request *rq, struct work *w)
{
    struct workspace ws;
    enum result res = workspace_public(w, rq->params[0], &ws);
    return res == OK ? pick_give_back(w, rq->params[1]) : res;
}

#define HOLD_ROUTE .who = WHO_ANYONE, .tag = "public", .mode = MODE_WRITE, .rate = RATE_PUBLIC_WRITE

static const struct route pick_routes[] = {
    {HOLD_ROUTE, .method = HTTP_POST_, .path = "/api/v1/public/{slug}/holds", .idempotent = true,
     .body = &hold_in_shape, .status = 201, .answer = &hold_shape, .handler = post_hold,
     .summary = "Keep an offered start while the form is filled in"},
    {HOLD_ROUTE, .method = HTTP_DELETE_, .path = "/api/v1/public/{slug}/holds/{token}",
     .status = 204, .handler = delete_hold, .summary = "Give it back"},
};
const struct route_table pick_table = {pick_routes, sizeof pick_routes / sizeof pick_routes[0]};
