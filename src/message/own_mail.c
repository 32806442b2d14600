/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* own_mail: see own_mail.h. */
#include "message/own_mail.h"

const char *const own_mail_providers[] = {"server", "smtp", "resend", NULL};
const char *const own_mail_securities[] = {"starttls", "tls", "none", NULL};

static int index_of(const char *const *names, struct str name)
{
    for (int i = 0; names[i]; i++)
        if (str_is(name, names[i]))
            return i;
    return 0;
}

enum result own_mail_load(struct db_tx *tx, int64_t workspace_id, struct own_mail *ret)
{
    struct db_rows r;
    enum result result =
        db_one(tx, &r,
               "SELECT provider, from_name, from_address, smtp_host, smtp_port, smtp_security,"
               " smtp_username, smtp_password, resend_key, key_hint, version, free_s,"
               " rest_until_s, changed_s, failing_since_s, last_sent_s, last_error, tail_s"
               " FROM workspace_mail WHERE workspace_id = $1",
               db_i(workspace_id));
    *ret = (struct own_mail){.port = 587,
                             .from_name = STR(""),
                             .from_address = STR(""),
                             .host = STR(""),
                             .user = STR(""),
                             .password = STR(""),
                             .api_key = STR(""),
                             .key_hint = STR("")};
    if (result != OK)
        return result == NOT_FOUND ? OK : result;
    *ret = (struct own_mail){
        .kind = (enum own_mail_kind)index_of(own_mail_providers, db_str(&r, 0, 0)),
        .from_name = db_str(&r, 0, 1),
        .from_address = db_str(&r, 0, 2),
        .host = db_str(&r, 0, 3),
        .port = db_int(&r, 0, 4),
        .security = (enum mail_security)index_of(own_mail_securities, db_str(&r, 0, 5)),
        .user = db_str(&r, 0, 6),
        .password = db_str(&r, 0, 7),
        .api_key = db_str(&r, 0, 8),
        .key_hint = db_str(&r, 0, 9),
        .version = db_int(&r, 0, 10),
        .free_s = db_int(&r, 0, 11),
        .rest_until_s = db_int(&r, 0, 12),
        .changed_s = db_opt_int(&r, 0, 13),
        .failing_since_s = db_opt_int(&r, 0, 14),
        .last_sent_s = db_opt_int(&r, 0, 15),
        .last_error = db_str(&r, 0, 16),
        .tail_s = db_int(&r, 0, 17),
    };
    return OK;
}

enum result own_mail_turn(struct db_tx *tx, int64_t workspace_id, int64_t free_s, int64_t tail_s)
{
    return db_exec(tx, "UPDATE workspace_mail SET free_s = $2, tail_s = $3 WHERE workspace_id = $1",
                   db_i(workspace_id), db_i(free_s), db_i(tail_s));
}

/* The message alone was refused: the service works. */
static enum result note_good(struct db_tx *tx, int64_t workspace_id, int64_t now_s, bool sent)
{
    return db_exec(tx,
                   "UPDATE workspace_mail SET failures = 0, failing_since_s = NULL,"
                   " last_error = NULL, rest_until_s = 0,"
                   " last_sent_s = CASE WHEN $3 = 1 THEN $2 ELSE last_sent_s END"
                   " WHERE workspace_id = $1",
                   db_i(workspace_id), db_i(now_s), db_i(sent));
}

enum result own_mail_note(struct db_tx *tx, int64_t workspace_id, int64_t now_s,
                          enum mail_outcome outcome, int retry_after_s, const char *error)
{
    struct db_rows r;
    if (outcome == MAIL_ACCEPTED || outcome == MAIL_REFUSED)
        return note_good(tx, workspace_id, now_s, outcome == MAIL_ACCEPTED);
    enum result result =
        db_one(tx, &r,
               "UPDATE workspace_mail SET failures = failures + 1, last_error = $3,"
               " failing_since_s = COALESCE(failing_since_s, $2)"
               " WHERE workspace_id = $1 RETURNING failures",
               db_i(workspace_id), db_i(now_s), db_z(error));
    if (result != OK)
        return result == NOT_FOUND ? OK : result;
    int64_t rest_s = OWN_REST_MIN_S;
    for (int64_t i = 1; i < db_int(&r, 0, 0) && rest_s < OWN_REST_MAX_S; i++)
        rest_s *= 2;
    if (rest_s > OWN_REST_MAX_S)
        rest_s = OWN_REST_MAX_S;
    if (retry_after_s > rest_s)
        rest_s = retry_after_s;
    return db_exec(tx, "UPDATE workspace_mail SET rest_until_s = $2 WHERE workspace_id = $1",
                   db_i(workspace_id), db_i(now_s + rest_s));
}

bool own_mail_route(const struct own_mail *own, const struct seal *seal, struct arena *a,
                    struct own_route *ret)
{
    bool resend = own->kind == OWN_RESEND;
    struct str opened = {0};
    *ret = (struct own_route){0};
    if (!seal_open(seal, a, resend ? own->api_key : own->password, &opened))
        return false;
    ret->secret = (struct str){str_z(a, opened), opened.len};
    ret->to = (struct mail_route){
        .resend = resend,
        .host = str_z(a, own->host),
        .port = (int)own->port,
        .security = own->security,
        .user = !resend && own->user.len ? str_z(a, own->user) : NULL,
        .password = ret->secret.ptr,
        .api_key = ret->secret.ptr,
    };
    return true;
}

void own_route_wipe(struct own_route *r)
{
    if (r->secret.ptr)
        str_wipe(r->secret);
}
