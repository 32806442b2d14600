/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * link: the client's own link to a form.
 *
 * A token is 32 random bytes, only its hash is stored; it works until a week after the visit. It
 * opens one submission and nothing else, and signs nobody in.
 */
#include "form/form.h"

#include "base/seal.h"
#include "form/internal.h"

enum { LINK_LIFE_S = 7 * SECONDS_PER_DAY };

/* Where a form without fields is filled in; absent: here. */
static enum result elsewhere(struct work *w, int64_t submission_id, struct str *ret)
{
    struct db_rows r;
    enum result res =
        db_one(w->tx, &r,
               "SELECT CASE WHEN v.fields = $3 THEN f.external_url END FROM form_submission s"
               " JOIN form f ON f.workspace_id = s.workspace_id AND f.id = s.form_id"
               " JOIN form_version v ON v.workspace_id = s.workspace_id AND v.form_id = s.form_id"
               "  AND v.form_revision = s.form_revision"
               " WHERE s.workspace_id = $1 AND s.id = $2",
               db_i(w->actor.workspace_id), db_i(submission_id), db_z(fields_none));
    if (res == NOT_FOUND)
        return work_missing(w, "form to fill in");
    if (res == OK)
        *ret = db_str(&r, 0, 0);
    return res;
}

enum result form_link(struct work *w, int64_t submission_id, struct str *ret_url)
{
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    struct str external;
    enum result res = elsewhere(w, submission_id, &external);
    if (res == OK && external.ptr)
        *ret_url = external;
    if (res != OK || external.ptr)
        return res;
    env_token(w->env, token, hash);
    res = db_exec(w->tx,
                  "INSERT INTO form_link (token_hash, workspace_id, submission_id, created_s)"
                  " VALUES ($1, $2, $3, $4)",
                  db_s(str_copy(w->arena, str_of(hash))), db_i(w->actor.workspace_id),
                  db_i(submission_id), db_i(w->now_s));
    *ret_url = str_printf(w->arena, "%s/form/%s", w->app->base_url, token);
    return res;
}

bool visit_is_open(struct str booking_status, int64_t end_s, int64_t now_s)
{
    return (str_is(booking_status, "pending") || str_is(booking_status, "confirmed")) &&
           now_s < end_s;
}

static enum form_state state_of(struct str status, bool visit_open)
{
    if (str_is(status, "completed"))
        return FORM_COMPLETED;
    return str_is(status, "pending") && visit_open ? FORM_PENDING : FORM_CLOSED;
}

enum result form_is_awaited(struct work *w, int64_t submission_id, bool *ret)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT 1 FROM form_submission s"
        " JOIN booking b ON b.workspace_id = s.workspace_id AND b.id = s.booking_id"
        " JOIN booking_service x ON x.workspace_id = b.workspace_id AND x.booking_id = b.id"
        " JOIN service_require r ON r.workspace_id = x.workspace_id"
        "  AND r.service_id = x.service_id AND r.form_id = s.form_id"
        " WHERE s.workspace_id = $1 AND s.id = $2"
        " AND b.status IN ('pending', 'confirmed') LIMIT 1",
        db_i(w->actor.workspace_id), db_i(submission_id));
    if (res == OK)
        *ret = r.count > 0;
    return res;
}

static enum result load(struct work *w, int64_t submission_id, struct form_found *f)
{
    struct db_rows r;
    enum result res =
        db_one(w->tx, &r,
               "SELECT s.id, s.status, s.completed_s, s.booking_id, s.client_id, f.name, v.fields,"
               " b.status, b.start_s, b.end_s, s.form_id, f.thanks, f.external_url, s.draft,"
               " s.draft_s, b.staff_id FROM form_submission s"
               " JOIN form f ON f.workspace_id = s.workspace_id AND f.id = s.form_id"
               " JOIN form_version v ON v.workspace_id = s.workspace_id AND v.form_id = s.form_id"
               "  AND v.form_revision = s.form_revision"
               " JOIN booking b ON b.workspace_id = s.workspace_id AND b.id = s.booking_id"
               " WHERE s.workspace_id = $1 AND s.id = $2",
               db_i(w->actor.workspace_id), db_i(submission_id));
    if (res != OK)
        return res;
    bool open = visit_is_open(db_str(&r, 0, 7), db_int(&r, 0, 9), w->now_s);
    if (!open)
        res = form_is_awaited(w, submission_id, &open);
    if (res != OK)
        return res;
    *f = (struct form_found){
        .id = db_int(&r, 0, 0),
        .state = state_of(db_str(&r, 0, 1), open),
        .completed_s = db_opt_int(&r, 0, 2),
        .booking_id = db_int(&r, 0, 3),
        .name = db_str(&r, 0, 5),
        .fields = fields_read(w->arena, db_str(&r, 0, 6)),
        .start_s = db_int(&r, 0, 8),
        .end_s = db_int(&r, 0, 9),
        .form_id = db_int(&r, 0, 10),
        .thanks = db_str(&r, 0, 11),
        .staff_id = db_int(&r, 0, 15),
    };
    if (f->fields.count == 0)
        f->external_url = db_str(&r, 0, 12);
    /* One that another key has sealed is as good as none. */
    if (f->state == FORM_PENDING && !db_is_null(&r, 0, 13) &&
        seal_open(w->app->seal, w->arena, db_str(&r, 0, 13), &f->draft))
        f->draft_s = db_opt_int(&r, 0, 14);
    return client_load(w, db_int(&r, 0, 4), &f->client);
}

enum result form_find(struct work *w, struct str token, struct workspace *ret_ws,
                      struct form_found **ret)
{
    char hash[TOKEN_HASH_TEXT];
    token_hash(token.ptr, token.len, hash);
    struct db_rows r;
    struct form_found *f = arena_new(w->arena, struct form_found);
    struct db_reach before = db_across(w->tx, "a form is found by its link's token alone");
    enum result res =
        db_one(w->tx, &r, "SELECT workspace_id, submission_id FROM form_link WHERE token_hash = $1",
               db_s(str_copy(w->arena, str_of(hash))));
    db_back(w->tx, before);
    if (res == NOT_FOUND)
        return work_missing(w, "form link");
    if (res != OK)
        return res;
    work_enter(w, (struct actor){.kind = ACTOR_CLIENT, .workspace_id = db_int(&r, 0, 0)});
    res = workspace_load(w, w->actor.workspace_id, ret_ws);
    if (res == OK)
        res = load(w, db_int(&r, 0, 1), f);
    if (res == OK && f->end_s + LINK_LIFE_S < w->now_s)
        return work_missing(w, "form link");
    if (res != OK)
        return res;
    w->actor.name = f->client.name;
    *ret = f;
    return OK;
}

enum form_state form_state_of(const struct form_found *f)
{
    return f->state;
}

struct str form_name_of(const struct form_found *f)
{
    return f->name;
}
