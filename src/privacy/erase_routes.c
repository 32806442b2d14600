/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* erase_routes: erasing a client, and the list of those who were, without their names. */
#include "base/app.h"
#include "base/log.h"
#include "privacy/internal.h"

enum { NAME_MAX = 120 };

struct erase_in {
    struct str name;
};
static const struct field erase_in_fields[] = {
    FIELD_STR(struct erase_in, name, 1, NAME_MAX, .required = true,
              .doc = "the client's name as it stands, typed once more: this cannot be undone"),
};
static const struct shape erase_in_shape = SHAPE("EraseClient", struct erase_in, erase_in_fields);

struct erasure_out {
    struct opt_int id, client_id, erased_at;
    struct str by, kept;
};
static const struct field erasure_fields[] = {
    FIELD_ID(struct erasure_out, id),
    FIELD_ID(struct erasure_out, client_id),
    FIELD_INSTANT(struct erasure_out, erased_at),
    FIELD_STR(struct erasure_out, by, 0, 0, .doc = "empty: done again after a restore"),
    FIELD_RAW(struct erasure_out, kept, .json = RAW_ANY,
              .doc = "what stays without a name, and what went, in counts"),
};
static const struct shape erasure_shape =
    SHAPE("ClientErasure", struct erasure_out, erasure_fields);

struct erasures_query {
    struct opt_int limit;
    struct str cursor;
};
static const struct field erasures_query_fields[] = {PAGE_FIELDS(struct erasures_query)};
static const struct shape erasures_query_shape =
    SHAPE("ClientErasuresQuery", struct erasures_query, erasures_query_fields);

static struct erasure_out *read_rows(struct arena *a, const struct db_rows *r)
{
    struct erasure_out *list = arena_new_array(a, r->count + 1, struct erasure_out);
    for (size_t i = 0; i < r->count; i++)
        list[i] = (struct erasure_out){
            .id = some_int(db_int(r, i, 0)),
            .client_id = some_int(db_int(r, i, 1)),
            .erased_at = some_int(db_int(r, i, 2)),
            .by = db_str(r, i, 3),
            .kept = db_str(r, i, 4),
        };
    return list;
}

static enum result get_erasures(struct request *rq, struct work *w)
{
    const struct erasures_query *q = rq->query_in;
    size_t limit = q->limit.set ? (size_t)q->limit.value : PAGE_LIMIT_DEFAULT;
    bool given;
    int64_t key = 0, before_id = INT64_MAX;
    struct db_rows r;
    enum result res = cursor_read(w, q->cursor, &given, &key, &before_id);
    if (res == OK)
        res = db_query(w->tx, &r,
                       "SELECT id, client_id, erased_s, by_name, kept FROM client_erasure"
                       " WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                       db_i(w->actor.workspace_id), db_i(before_id), db_i((int64_t)limit + 1));
    if (res != OK)
        return res;
    struct erasure_out *list = read_rows(w->arena, &r);
    size_t count = r.count > limit ? limit : r.count;
    struct str next = {0};
    if (r.count > limit)
        next = cursor_write(w->arena, 0, list[count - 1].id.value);
    answer_list(rq, &erasure_shape, list, count, next, w->actor.permissions);
    return OK;
}

/* ---- what follows once it is durable ---- */

struct aftermath {
    const struct app *app;
    struct erasure_line line;
    const int64_t *merged;
    size_t merged_count;
    const char **letter_ids;
    size_t letter_id_count;
};

/* The database has it for good; what cannot be done here is in the log for the operator. */
static void follow_up(void *arg)
{
    const struct aftermath *a = arg;
    struct erasure_line line = a->line;
    (void)!erasures_append(a->app->data, line);
    for (size_t i = 0; i < a->merged_count; i++) {
        line.client_id = a->merged[i];
        (void)!erasures_append(a->app->data, line);
    }
    letter_files_remove(a->app->mail_dir, a->letter_ids, a->letter_id_count);
    if (db_forget_log(a->app->db) != OK)
        log_event(LOG_WARN, "the database's log still holds what was erased", NULL);
}

static enum result post_erase(struct request *rq, struct work *w)
{
    const struct erase_in *in = rq->in;
    struct subject client;
    struct erasing done;
    struct db_rows r;
    int64_t id = request_id_param(rq, 0);
    enum result res = db_exec(w->tx,
                              "UPDATE client SET version = version"
                              " WHERE workspace_id = $1 AND id = $2",
                              db_i(w->actor.workspace_id), db_i(id));
    if (res == OK)
        res = subject_load(w, id, &client);
    if (res != OK)
        return res;
    if (!str_eq(str_trim(in->name), str_trim(client.name)))
        return problem_field(w->problem, "name", "mismatch",
                             "Type the client's name exactly as it stands. Nothing was erased.");
    res = erase_client(w, id, w->now_s, &done);
    if (res == OK)
        res = db_one(w->tx, &r,
                     "SELECT id, client_id, erased_s, by_name, kept FROM client_erasure"
                     " WHERE workspace_id = $1 AND client_id = $2",
                     db_i(w->actor.workspace_id), db_i(id));
    if (res != OK)
        return res;
    struct aftermath *after = arena_new(w->arena, struct aftermath);
    *after = (struct aftermath){.app = w->app,
                                .line = {w->actor.workspace_id, id, w->now_s},
                                .merged = done.merged,
                                .merged_count = done.merged_count,
                                .letter_ids = done.letter_ids,
                                .letter_id_count = done.letter_id_count};
    db_after_commit(w->tx, follow_up, after);
    answer_json(rq, 200, &erasure_shape, read_rows(w->arena, &r), w->actor.permissions);
    return OK;
}

static const struct route erase_routes[] = {
    {
        .method = HTTP_POST_,
        .path = "/api/v1/clients/{id}/erase",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .body = &erase_in_shape,
        .status = 200,
        .answer = &erasure_shape,
        .handler = post_erase,
        .tag = "privacy",
        .summary = "Erase everything that says who a client was; the past keeps its figures",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/clients/erasures",
        .who = WHO_OWNER,
        .mode = MODE_READ,
        .query = &erasures_query_shape,
        .status = 200,
        .answer = &erasure_shape,
        .answer_is_list = true,
        .handler = get_erasures,
        .tag = "privacy",
        .summary = "Who was erased, by number, newest first",
    },
};
const struct route_table erase_table = {erase_routes, sizeof erase_routes / sizeof erase_routes[0]};
