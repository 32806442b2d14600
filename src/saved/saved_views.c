/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* saved_views: see saved_views.h. */
#include "saved/saved_views.h"

#include "workspace/workspace.h"

enum { SCREEN_MAX = 40, NAME_MAX_CHARS = 60, QUERY_MAX = 1000 };

struct view {
    struct opt_int id, created_at;
    struct str screen, name, query;
};
static const struct field view_fields[] = {
    FIELD_ID(struct view, id),
    FIELD_STR(struct view, screen, 0, 0),
    FIELD_STR(struct view, name, 0, 0),
    FIELD_STR(struct view, query, 0, 0, .doc = "the search part of the screen's address"),
    FIELD_INSTANT(struct view, created_at),
};
static const struct shape view_shape = SHAPE("SavedView", struct view, view_fields);

struct view_in {
    struct str screen, name, query;
};
static const struct field in_fields[] = {
    FIELD_STR(struct view_in, screen, 1, SCREEN_MAX, .required = true),
    FIELD_STR(struct view_in, name, 1, NAME_MAX_CHARS, .required = true),
    FIELD_STR(struct view_in, query, 0, QUERY_MAX, .required = true),
};
static const struct shape in_shape = SHAPE("SavedViewNew", struct view_in, in_fields);

struct views_query {
    struct str screen;
};
static const struct field query_fields[] = {
    FIELD_STR(struct views_query, screen, 1, SCREEN_MAX, .required = true),
};
static const struct shape query_shape = SHAPE("SavedViewsQuery", struct views_query, query_fields);

static enum result views_of(struct work *w, struct str screen, struct view **ret, size_t *ret_count)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT id, screen, name, query, created_s FROM saved_view WHERE workspace_id = $1"
        " AND user_id = $2 AND screen = $3 ORDER BY id LIMIT $4",
        db_i(w->actor.workspace_id), db_i(w->actor.user_id), db_s(screen), db_i(SAVED_VIEWS_MAX));
    if (res != OK)
        return res;
    *ret = arena_new_array(w->arena, r.count + 1, struct view);
    for (size_t i = 0; i < r.count; i++)
        (*ret)[i] = (struct view){
            .id = some_int(db_int(&r, i, 0)),
            .screen = db_str(&r, i, 1),
            .name = db_str(&r, i, 2),
            .query = db_str(&r, i, 3),
            .created_at = some_int(db_int(&r, i, 4)),
        };
    *ret_count = r.count;
    return OK;
}

static enum result list_views(struct request *rq, struct work *w)
{
    const struct views_query *q = rq->query_in;
    struct view *views;
    size_t count;
    enum result res = views_of(w, q->screen, &views, &count);
    if (res == OK)
        answer_list(rq, &view_shape, views, count, (struct str){0}, w->actor.permissions);
    return res;
}

static enum result post_view(struct request *rq, struct work *w)
{
    const struct view_in *in = rq->in;
    struct view *views;
    size_t count;
    bool known = false;
    struct view made = {.id = some_int(env_id(w->env)),
                        .screen = in->screen,
                        .name = in->name,
                        .query = in->query,
                        .created_at = some_int(w->now_s)};
    enum result res = workspace_lock(w); /* so that two at once count each other */
    if (res == OK)
        res = views_of(w, in->screen, &views, &count);
    for (size_t i = 0; res == OK && i < count; i++)
        if (str_eq(views[i].name, in->name)) {
            known = true;
            made.id = views[i].id;
            made.created_at = views[i].created_at;
        }
    if (res == OK && count == SAVED_VIEWS_MAX && !known)
        return problem_field(w->problem, "name", "too_many",
                             "Twenty lists are kept for a screen. Take one away first.");
    if (res == OK)
        res = db_exec(
            w->tx,
            "INSERT INTO saved_view (workspace_id, user_id, id, screen, name, query,"
            " created_s) VALUES ($1, $2, $3, $4, $5, $6, $7)"
            " ON CONFLICT (workspace_id, user_id, id) DO UPDATE SET query = excluded.query",
            db_i(w->actor.workspace_id), db_i(w->actor.user_id), db_i(made.id.value),
            db_s(made.screen), db_s(made.name), db_s(made.query), db_i(made.created_at.value));
    if (res == OK)
        answer_json(rq, 201, &view_shape, &made, w->actor.permissions);
    return res;
}

static enum result delete_view(struct request *rq, struct work *w)
{
    int64_t gone;
    enum result res = db_count(
        w->tx, &gone, "DELETE FROM saved_view WHERE workspace_id = $1 AND user_id = $2 AND id = $3",
        db_i(w->actor.workspace_id), db_i(w->actor.user_id), db_i(request_id_param(rq, 0)));
    return res == OK && gone == 0 ? work_missing(w, "saved list") : res;
}

#define VIEWS .who = WHO_STAFF, .no_token = true, .tag = "saved-views"

static const struct route routes[] = {
    {VIEWS, .method = HTTP_GET_, .path = "/api/v1/saved-views", .mode = MODE_READ,
     .query = &query_shape, .status = 200, .answer = &view_shape, .answer_is_list = true,
     .handler = list_views, .summary = "One's own saved lists of a screen"},
    {VIEWS, .method = HTTP_POST_, .path = "/api/v1/saved-views", .mode = MODE_WRITE,
     .idempotent = true, .body = &in_shape, .status = 201, .answer = &view_shape,
     .handler = post_view, .summary = "Keep a list under a name; the same name again replaces it"},
    {VIEWS, .method = HTTP_DELETE_, .path = "/api/v1/saved-views/{id}", .mode = MODE_WRITE,
     .status = 204, .handler = delete_view, .summary = "Take one away"},
};
const struct route_table saved_view_table = {routes, sizeof routes / sizeof routes[0]};
