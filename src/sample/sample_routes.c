/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sample_routes: see sample.h. */
#include "sample/internal.h"

struct sample_view {
    struct opt_bool present, calendar_empty;
    struct opt_int clients, bookings, conversations, ratings;
};
static const struct field view_fields[] = {
    FIELD_BOOL(struct sample_view, present, .doc = "sample data is in"),
    FIELD_BOOL(struct sample_view, calendar_empty,
               .doc = "the business has no visit at all, invented or real"),
    FIELD_INT(struct sample_view, clients, 0, 0),
    FIELD_INT(struct sample_view, bookings, 0, 0,
              .doc = "of these clients: with whatever was booked for them since"),
    FIELD_INT(struct sample_view, conversations, 0, 0),
    FIELD_INT(struct sample_view, ratings, 0, 0),
};
static const struct shape view_shape = SHAPE("SampleData", struct sample_view, view_fields);

static struct sample_view view_of(const struct sample_counts *c, bool calendar_empty)
{
    return (struct sample_view){
        .present = {true, c->clients > 0},
        .calendar_empty = {true, calendar_empty},
        .clients = some_int(c->clients),
        .bookings = some_int(c->bookings),
        .conversations = some_int(c->conversations),
        .ratings = some_int(c->ratings),
    };
}

static enum result get_sample(struct request *rq, struct work *w)
{
    struct sample_counts there;
    struct db_rows r;
    enum result res = sample_count(w, &there);
    if (res == OK)
        res = db_one(w->tx, &r,
                     "SELECT COUNT(*) FROM (SELECT id FROM booking WHERE workspace_id = $1"
                     " LIMIT 1) AS any_visit",
                     db_i(w->actor.workspace_id));
    if (res != OK)
        return res;
    const struct sample_view view = view_of(&there, db_int(&r, 0, 0) == 0);
    answer_json(rq, 200, &view_shape, &view, w->actor.permissions);
    return OK;
}

static enum result post_sample(struct request *rq, struct work *w)
{
    struct sample_counts made;
    enum result res = sample_put_in(w, &made);
    if (res != OK)
        return res;
    const struct sample_view view = view_of(&made, false);
    answer_json(rq, 201, &view_shape, &view, w->actor.permissions);
    return OK;
}

static enum result delete_sample(struct request *rq, struct work *w)
{
    enum result res = sample_take_out(w);
    if (res == OK)
        answer_empty(rq, 204);
    return res;
}

#define SAMPLE .path = "/api/v1/workspace/sample", .who = WHO_OWNER, .tag = "workspace"

static const struct route routes[] = {
    {SAMPLE, .method = HTTP_GET_, .mode = MODE_READ, .status = 200, .answer = &view_shape,
     .handler = get_sample, .summary = "Whether sample data is in, and how much"},
    {SAMPLE, .method = HTTP_POST_, .mode = MODE_WRITE, .idempotent = true, .status = 201,
     .answer = &view_shape, .handler = post_sample,
     .summary = "An invented week to look around in; 409 where it is in, or nothing can be booked"},
    {SAMPLE, .method = HTTP_DELETE_, .mode = MODE_WRITE, .status = 204, .handler = delete_sample,
     .summary = "All sample clients go, with all that is theirs"},
};
const struct route_table sample_table = {routes, sizeof routes / sizeof routes[0]};
