/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* link: minting the links of a letter after a visit, and finding whose one is. */
#include "feedback/internal.h"

#include "base/app.h"
#include "http/json_write.h"

enum { SERVICES_LIMIT = 64 * 1024 };

enum result feedback_mint(struct work *w, int64_t booking_id, int64_t client_id,
                          struct feedback_links *ret)
{
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    env_token(w->env, token, hash);
    enum result res =
        db_exec(w->tx,
                "INSERT INTO feedback_link (token_hash, workspace_id, booking_id, client_id,"
                " created_s) VALUES ($1, $2, $3, $4, $5)",
                db_s(str_copy(w->arena, str_of(hash))), db_i(w->actor.workspace_id),
                db_i(booking_id), db_i(client_id), db_i(w->now_s));
    *ret = (struct feedback_links){
        .rate_url = str_printf(w->arena, "%s/rate/%s", w->app->base_url, token),
        .unsubscribe_url = str_printf(w->arena, "%s/unsubscribe/%s", w->app->base_url, token),
    };
    return res;
}

enum result link_find(struct work *w, struct str token, struct workspace *ret_ws,
                      struct feedback_link *ret)
{
    char hash[TOKEN_HASH_TEXT];
    token_hash(token.ptr, token.len, hash);
    struct db_rows r;
    struct db_reach before = db_across(w->tx, "a client is found by their link's token alone");
    enum result res = db_one(
        w->tx, &r,
        "SELECT workspace_id, booking_id, client_id FROM feedback_link WHERE token_hash = $1",
        db_s(str_copy(w->arena, str_of(hash))));
    db_back(w->tx, before);
    if (res == NOT_FOUND)
        return work_missing(w, "link");
    if (res != OK)
        return res;
    work_enter(w, (struct actor){.kind = ACTOR_CLIENT, .workspace_id = db_int(&r, 0, 0)});
    ret->booking_id = db_int(&r, 0, 1);
    res = workspace_load(w, w->actor.workspace_id, ret_ws);
    if (res == OK)
        res = client_load(w, db_int(&r, 0, 2), &ret->client);
    if (res == OK)
        w->actor.name = ret->client.name;
    return res;
}

/* ---- the visit ---- */

static enum result load_services(struct work *w, struct rated_visit *v)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT name FROM booking_service WHERE workspace_id = $1"
                 " AND booking_id = $2 ORDER BY position LIMIT $3",
                 db_i(w->actor.workspace_id), db_i(v->booking_id), db_i(VISIT_SERVICES_MAX));
    if (res != OK)
        return res;
    struct buf list, words;
    buf_init(&list, SERVICES_LIMIT);
    buf_init(&words, SERVICES_LIMIT);
    struct json_out j = jw(&list);
    jw_open(&j, '[');
    for (size_t i = 0; i < r.count; i++) {
        jw_text(&j, db_str(&r, i, 0));
        buf_z(&words, i ? ", " : "");
        buf_str(&words, db_str(&r, i, 0));
    }
    jw_close(&j, ']');
    v->services = str_copy(w->arena, buf_view(&list));
    v->services_words = str_copy(w->arena, buf_view(&words));
    buf_done(&list);
    buf_done(&words);
    return OK;
}

enum result rated_visit_load(struct work *w, int64_t booking_id, struct rated_visit *ret)
{
    struct db_rows r;
    enum result res =
        db_one(w->tx, &r,
               "SELECT b.client_id, b.staff_id, b.start_s, b.end_s, b.status, p.name, c.name"
               " FROM booking b"
               " JOIN resource p ON p.workspace_id = b.workspace_id AND p.id = b.staff_id"
               " JOIN client c ON c.workspace_id = b.workspace_id AND c.id = b.client_id"
               " WHERE b.workspace_id = $1 AND b.id = $2",
               db_i(w->actor.workspace_id), db_i(booking_id));
    if (res != OK)
        return res;
    *ret = (struct rated_visit){
        .booking_id = booking_id,
        .client_id = db_int(&r, 0, 0),
        .staff_id = db_int(&r, 0, 1),
        .start_s = db_int(&r, 0, 2),
        .end_s = db_int(&r, 0, 3),
        .status = db_str(&r, 0, 4),
        .staff_name = db_str(&r, 0, 5),
        .client_name = db_str(&r, 0, 6),
    };
    return load_services(w, ret);
}
