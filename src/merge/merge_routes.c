/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* merge_routes: merging, undoing it, and the list of what was merged. See merge.h. */
#include "merge/internal.h"

#include "audit/audit.h"
#include "gate/gate.h"
#include "workspace/workspace.h"

/* ---- shapes ---- */

struct merge_in {
    struct opt_int other_id;
};
static const struct field in_fields[] = {
    FIELD_ID(struct merge_in, other_id, .required = true, .doc = "the client who goes into this"),
};
static const struct shape in_shape = SHAPE("ClientMergeNew", struct merge_in, in_fields);

struct other_out {
    struct opt_int id;
    struct str name, email, phone;
};
static const struct field other_fields[] = {
    FIELD_ID(struct other_out, id),
    FIELD_STR(struct other_out, name, 0, 0),
    FIELD_STR(struct other_out, email, 0, 0, .maybe = true),
    FIELD_STR(struct other_out, phone, 0, 0),
};
static const struct shape other_shape = SHAPE("MergedClient", struct other_out, other_fields);

struct merge_out {
    struct opt_int id, client_id, at, undone_at;
    struct str by, undone_by;
    struct other_out *other;
};
static const struct field merge_fields[] = {
    FIELD_ID(struct merge_out, id),
    FIELD_ID(struct merge_out, client_id, .doc = "who stays"),
    FIELD_OBJECT(struct merge_out, other, other_shape, .doc = "who went into them"),
    FIELD_INSTANT(struct merge_out, at),
    FIELD_STR(struct merge_out, by, 0, 0),
    FIELD_INSTANT(struct merge_out, undone_at, .maybe = true),
    FIELD_STR(struct merge_out, undone_by, 0, 0, .maybe = true),
};
static const struct shape merge_shape = SHAPE("ClientMerge", struct merge_out, merge_fields);

struct merged_out {
    struct merge_out *merge;
    struct client_out *client;
};
static const struct field merged_fields[] = {
    FIELD_OBJECT(struct merged_out, merge, merge_shape),
    FIELD_OBJECT(struct merged_out, client, client_view_shape),
};
static const struct shape merged_shape = SHAPE("ClientMerged", struct merged_out, merged_fields);

/* ---- reading ---- */

#define MERGE                                                                                     \
    "SELECT m.id, m.client_id, m.other_id, m.at_s, m.by_name, m.undone_s, m.undone_by, m.before," \
    " m.after, c.name, c.email, c.phone FROM client_merge m"                                      \
    " JOIN client c ON c.workspace_id = m.workspace_id AND c.id = m.other_id"                     \
    " WHERE m.workspace_id = $1"

static struct merge merge_of(const struct db_rows *r, size_t i)
{
    return (struct merge){
        .id = some_int(db_int(r, i, 0)),
        .client_id = some_int(db_int(r, i, 1)),
        .other_id = db_int(r, i, 2),
        .at = some_int(db_int(r, i, 3)),
        .by = db_str(r, i, 4),
        .undone_at = db_opt_int(r, i, 5),
        .undone_by = db_str(r, i, 6),
        .before = db_str(r, i, 7),
        .after = db_str(r, i, 8),
    };
}

static struct merge_out out_of(struct arena *a, const struct db_rows *r, size_t i)
{
    const struct merge m = merge_of(r, i);
    struct other_out *other = arena_new(a, struct other_out);
    *other = (struct other_out){some_int(m.other_id), db_str(r, i, 9), db_str(r, i, 10),
                                db_str(r, i, 11)};
    return (struct merge_out){m.id, m.client_id, m.at, m.undone_at, m.by, m.undone_by, other};
}

static enum result load(struct work *w, int64_t id, struct db_rows *ret)
{
    enum result r =
        db_one(w->tx, ret, MERGE " AND m.id = $2", db_i(w->actor.workspace_id), db_i(id));
    return r == NOT_FOUND ? work_missing(w, "merge") : r;
}

static enum result answer(struct request *rq, struct work *w, int64_t id)
{
    struct db_rows rows;
    struct client c;
    enum result r = load(w, id, &rows);
    if (r == OK)
        r = client_load(w, db_int(&rows, 0, 1), &c);
    if (r != OK)
        return r;
    struct merge_out merge = out_of(w->arena, &rows, 0);
    struct client_out client = client_show(w, &c);
    const struct merged_out out = {&merge, &client};
    answer_json(rq, 200, &merged_shape, &out, w->actor.permissions);
    return OK;
}

struct merges_query {
    struct opt_int client_id, limit;
    struct str cursor;
};
static const struct field query_fields[] = {
    FIELD_ID(struct merges_query, client_id, .doc = "who stayed"),
    PAGE_FIELDS(struct merges_query),
};
static const struct shape query_shape =
    SHAPE("ClientMergesQuery", struct merges_query, query_fields);

static enum result get_merges(struct request *rq, struct work *w)
{
    const struct merges_query *q = rq->query_in;
    size_t limit = q->limit.set ? (size_t)q->limit.value : PAGE_LIMIT_DEFAULT;
    bool paged;
    int64_t key = 0, before_id = INT64_MAX;
    struct db_rows rows;
    enum result r = cursor_read(w, q->cursor, &paged, &key, &before_id);
    if (r == OK)
        r = q->client_id.set
                ? db_query(w->tx, &rows,
                           MERGE " AND m.client_id = $2 AND m.id < $3 ORDER BY m.id DESC LIMIT $4",
                           db_i(w->actor.workspace_id), db_i(q->client_id.value), db_i(before_id),
                           db_i((int64_t)limit + 1))
                : db_query(w->tx, &rows, MERGE " AND m.id < $2 ORDER BY m.id DESC LIMIT $3",
                           db_i(w->actor.workspace_id), db_i(before_id), db_i((int64_t)limit + 1));
    if (r != OK)
        return r;
    size_t count = rows.count < limit ? rows.count : limit;
    struct merge_out *out = arena_new_array(w->arena, count, struct merge_out);
    for (size_t i = 0; i < count; i++)
        out[i] = out_of(w->arena, &rows, i);
    struct str next =
        rows.count > limit ? cursor_write(w->arena, 0, out[count - 1].id.value) : (struct str){0};
    answer_list(rq, &merge_shape, out, count, next, w->actor.permissions);
    return OK;
}

/* ---- merging ---- */

static enum result write_audit(struct work *w, int64_t client_id, const char *action,
                               int64_t other_id)
{
    struct audit a;
    audit_begin(&a, w, "client", client_id, action);
    audit_int(&a, "other_id", (struct opt_int){0}, some_int(other_id));
    return audit_end(&a);
}

static enum result load_two(struct work *w, int64_t id, struct opt_int other_id, struct client *ret,
                            struct client *ret_other)
{
    enum result r = workspace_lock(w);
    if (r == OK)
        r = client_load_known(w, id, ret);
    if (r != OK)
        return r;
    if (other_id.value == id)
        return problem_field(w->problem, "other_id", "same", "Name another client.");
    r = client_load_known(w, other_id.value, ret_other);
    if (r == NOT_FOUND)
        return work_missing_at(w, "other_id", "client");
    return r == OK ? client_keep_apart(w, ret, ret_other) : r;
}

/* First without the details, which are joined when the other's address is free. */
static enum result insert(struct work *w, const struct merge *m)
{
    return db_exec(w->tx,
                   "INSERT INTO client_merge (workspace_id, id, client_id, other_id, before, after,"
                   " at_s, by_name) VALUES ($1, $2, $3, $4, '', '', $5, $6)",
                   db_i(w->actor.workspace_id), db_i(m->id.value), db_i(m->client_id.value),
                   db_i(m->other_id), db_i(w->now_s),
                   db_s(w->actor.name.ptr ? w->actor.name : STR("")));
}

static enum result keep_details(struct work *w, const struct merge *m)
{
    return db_exec(w->tx,
                   "UPDATE client_merge SET before = $3, after = $4"
                   " WHERE workspace_id = $1 AND id = $2",
                   db_i(w->actor.workspace_id), db_i(m->id.value), db_s(m->before), db_s(m->after));
}

static enum result post_merge(struct request *rq, struct work *w)
{
    const struct merge_in *in = rq->in;
    struct client c, other;
    enum result r = load_two(w, request_id_param(rq, 0), in->other_id, &c, &other);
    if (r != OK)
        return r;
    struct merge m = {
        .id = some_int(env_id(w->env)), .client_id = some_int(c.id), .other_id = other.id};
    r = insert(w, &m);
    if (r == OK)
        r = rows_move(w, &m);
    if (r == OK)
        r = talk_move(w, &m);
    if (r == OK)
        r = client_become(w, &other, c.id, c.email.len == 0);
    if (r == OK)
        r = details_join(w, &c, &other, &m);
    if (r == OK)
        r = keep_details(w, &m);
    if (r == OK)
        r = gate_review(w, c.id, NULL);
    if (r == OK)
        r = write_audit(w, other.id, "became", c.id);
    if (r == OK)
        r = write_audit(w, c.id, "merged", other.id);
    return r == OK ? answer(rq, w, m.id.value) : r;
}

/* ---- undoing ---- */

static enum result check_undo(struct work *w, const struct merge *m, struct client *ret_other)
{
    struct client c;
    if (m->undone_at.set)
        return problem_set(w->problem, CONFLICT, "already_undone", "This merge has been undone.");
    if (m->before.len == 0)
        return problem_set(
            w->problem, CONFLICT, "merge_erased",
            "The data of this person was erased since, so there is nothing to part.");
    enum result r = client_load_any(w, m->other_id, ret_other);
    if (r == OK)
        r = client_load_any(w, m->client_id.value, &c);
    if (r != OK)
        return r;
    if (c.merged_into.set || ret_other->merged_into.value != c.id)
        return problem_set(w->problem, CONFLICT, "merged_again",
                           "This client has been merged with another one since. Undo that first.");
    return OK;
}

/* Asked once the client has given the address back: it may be theirs by another's hand, or
 * somebody else's. */
static enum result check_address(struct work *w, const struct client *other, int64_t client_id)
{
    struct client holder;
    enum result r = other->email.len ? client_by_email(w, other->email, &holder) : NOT_FOUND;
    if (r != OK)
        return r == NOT_FOUND ? OK : r;
    bool own = holder.id == client_id;
    if (own && (holder.email.len != other->email.len ||
                !str_eq(str_lower(w->arena, holder.email), str_lower(w->arena, other->email))))
        return OK; /* it is the other's all along, and only leads to the client */
    return problem_set(w->problem, CONFLICT, "address_taken",
                       own ? "The client has the address " STR_FMT
                             " as their own by now. Change it first."
                           : "Another client has the address " STR_FMT " by now. Change it first.",
                       STR_ARG(other->email));
}

static enum result post_undo(struct request *rq, struct work *w)
{
    struct db_rows rows;
    struct client other;
    enum result r = workspace_lock(w);
    if (r == OK)
        r = load(w, request_id_param(rq, 0), &rows);
    if (r != OK)
        return r;
    struct merge m = merge_of(&rows, 0);
    r = check_undo(w, &m, &other);
    if (r == OK)
        r = details_read_talk(w, &m);
    if (r == OK)
        r = rows_back(w, &m);
    if (r == OK)
        r = talk_back(w, &m);
    if (r == OK)
        r = details_part(w, &m, &other);
    if (r == OK)
        r = check_address(w, &other, m.client_id.value);
    if (r == OK)
        r = client_come_back(w, &other);
    if (r == OK)
        r = client_index_again(w, m.client_id.value);
    if (r == OK)
        r = db_exec(w->tx,
                    "UPDATE client_merge SET undone_s = $3, undone_by = $4"
                    " WHERE workspace_id = $1 AND id = $2",
                    db_i(w->actor.workspace_id), db_i(m.id.value), db_i(w->now_s),
                    db_s(w->actor.name.ptr ? w->actor.name : STR("")));
    if (r == OK)
        r = gate_review(w, m.client_id.value, NULL);
    if (r == OK)
        r = gate_review(w, m.other_id, NULL);
    if (r == OK)
        r = write_audit(w, m.other_id, "came_back", m.client_id.value);
    if (r == OK)
        r = write_audit(w, m.client_id.value, "merge_undone", m.other_id);
    return r == OK ? answer(rq, w, m.id.value) : r;
}

static const struct route routes[] = {
    {
        .method = HTTP_POST_,
        .path = "/api/v1/clients/{id}/merge",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_WRITE,
        .idempotent = true,
        .body = &in_shape,
        .status = 200,
        .answer = &merged_shape,
        .handler = post_merge,
        .tag = "client",
        .summary = "Everything of other_id becomes this client's; 409 merge_too_long",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/client-merges",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_READ,
        .query = &query_shape,
        .status = 200,
        .answer = &merge_shape,
        .answer_is_list = true,
        .handler = get_merges,
        .tag = "client",
        .summary = "Clients who were merged, the newest first",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/client-merges/{id}/undo",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_WRITE,
        .status = 200,
        .answer = &merged_shape,
        .handler = post_undo,
        .tag = "client",
        .summary = "Part them again; 409 already_undone, merged_again, address_taken, merge_erased",
    },
};
const struct route_table merge_table = {routes, sizeof routes / sizeof routes[0]};
