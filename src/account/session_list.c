/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * session_list: a person's open sessions, in whichever of their workspaces: seeing them, ending
 * them, moving the own one to another workspace.
 */
#include "account/internal.h"

#include "audit/audit.h"
#include "base/app.h"

struct session_view {
    struct opt_int id, workspace_id, created_at, last_seen_at;
    struct str address, user_agent;
    struct opt_bool current;
};

static const struct field view_fields[] = {
    FIELD_ID(struct session_view, id),
    FIELD_ID(struct session_view, workspace_id),
    FIELD_INSTANT(struct session_view, created_at, .doc = "when they signed in"),
    FIELD_INSTANT(struct session_view, last_seen_at, .doc = "to the minute"),
    FIELD_STR(struct session_view, address, 0, ADDRESS_TEXT, .doc = "where it was opened"),
    FIELD_STR(struct session_view, user_agent, 0, 300, .doc = "what the browser said it is"),
    FIELD_BOOL(struct session_view, current, .doc = "the one that asks"),
};
const struct shape session_view_shape = SHAPE("OpenSession", struct session_view, view_fields);

static const struct field query_fields[] = {PAGE_FIELDS(struct page_in)};
const struct shape sessions_query_shape = SHAPE("SessionsQuery", struct page_in, query_fields);

struct switch_in {
    struct opt_int workspace_id;
};
static const struct field switch_fields[] = {
    FIELD_ID(struct switch_in, workspace_id, .required = true, .doc = "one of `workspaces`"),
};
const struct shape session_switch_shape = SHAPE("SessionSwitch", struct switch_in, switch_fields);

/* Newest first. Those that have ended by themselves are not listed. */
static enum result read_sessions(struct work *w, int64_t below_id, int64_t limit,
                                 struct db_rows *ret)
{
    struct db_reach before = db_across(w->tx, "a person's sessions are in any business");
    enum result r =
        db_query(w->tx, ret,
                 "SELECT s.id, s.workspace_id, s.created_s, s.last_seen_s, s.address,"
                 " s.user_agent FROM session s JOIN workspace ws ON ws.id = s.workspace_id"
                 " WHERE s.user_id = $1 AND s.id < $2 AND s.expires_s > $3"
                 " AND s.last_seen_s + ws.session_idle_min * 60 > $3"
                 " ORDER BY s.id DESC LIMIT $4",
                 db_i(w->actor.user_id), db_i(below_id), db_i(w->now_s), db_i(limit));
    db_back(w->tx, before);
    return r;
}

enum result get_sessions(struct request *rq, struct work *w)
{
    const struct page_in *q = rq->query_in;
    int64_t limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT;
    bool paged;
    int64_t key = 0, id = 0;
    struct db_rows rows;
    enum result r = account_need_session(w);
    if (r == OK)
        r = cursor_read(w, q->cursor, &paged, &key, &id);
    if (r == OK)
        r = read_sessions(w, paged ? id : INT64_MAX, limit + 1, &rows);
    if (r != OK)
        return r;
    size_t count = rows.count < (size_t)limit ? rows.count : (size_t)limit;
    struct session_view *list = arena_new_array(w->arena, count + 1, struct session_view);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct session_view){
            .id = db_opt_int(&rows, i, 0),
            .workspace_id = db_opt_int(&rows, i, 1),
            .created_at = db_opt_int(&rows, i, 2),
            .last_seen_at = db_opt_int(&rows, i, 3),
            .address = db_str(&rows, i, 4),
            .user_agent = db_str(&rows, i, 5),
            .current = some_bool(db_int(&rows, i, 0) == w->actor.session_id),
        };
    struct str next = {0};
    if (rows.count > count)
        next = cursor_write(w->arena, 0, list[count - 1].id.value);
    answer_list(rq, &session_view_shape, list, count, next, w->actor.permissions);
    return OK;
}

enum result delete_session_by_id(struct request *rq, struct work *w)
{
    int64_t id = request_id_param(rq, 0), ended = 0;
    enum result r = account_need_session(w);
    if (r != OK)
        return r;
    struct db_reach before = db_across(w->tx, "a person ends their session in any business");
    r = db_count(w->tx, &ended, "DELETE FROM session WHERE user_id = $1 AND id = $2",
                 db_i(w->actor.user_id), db_i(id));
    db_back(w->tx, before);
    if (r == OK && ended == 0)
        r = work_missing(w, "session");
    if (r == OK)
        r = audit_action(w, "session", id, "ended");
    if (r == OK && id == w->actor.session_id)
        account_cookie(rq, w, "");
    return r;
}

enum result post_end_others(struct request *rq, struct work *w)
{
    (void)rq;
    enum result r = account_need_session(w);
    if (r == OK)
        r = account_end_sessions(w, w->actor.user_id, w->actor.session_id);
    return r == OK ? audit_action(w, "user", w->actor.user_id, "other_sessions_ended") : r;
}

/* Everywhere: also what browsers were known by is forgotten, and this one empties its stores. */
enum result post_end_all(struct request *rq, struct work *w)
{
    enum result r = account_need_session(w);
    if (r == OK)
        r = account_end_sessions(w, w->actor.user_id, 0);
    if (r == OK)
        r = devices_forget(w, w->actor.user_id);
    if (r == OK)
        r = audit_action(w, "user", w->actor.user_id, "all_sessions_ended");
    if (r != OK)
        return r;
    account_cookie(rq, w, "");
    answer_header(rq, "Clear-Site-Data", STR("\"cache\", \"cookies\", \"storage\""));
    return OK;
}

enum result post_switch(struct request *rq, struct work *w)
{
    const struct switch_in *in = rq->in;
    char token[TOKEN_TEXT];
    enum result r = account_switch(w, rq, in->workspace_id.value, token);
    if (r == OK)
        r = audit_action(w, "session", w->actor.session_id, "created");
    if (r == OK)
        r = account_answer_session(rq, w);
    if (r == OK)
        account_cookie(rq, w, token);
    return r;
}
