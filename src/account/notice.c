/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* notice: see notice.h. */
#include "account/notice.h"

#include "base/app.h"
#include "workspace/workspace.h"

/* Of user_account u, what the joins add: memberships m and their resource r. */
#define ADDRESSEE_COLUMNS "u.id, m.workspace_id, r.name, u.email, ws.name"
#define ADDRESSEE_JOINS                                                   \
    " JOIN staff m ON m.user_id = u.id"                                   \
    " JOIN resource r ON r.workspace_id = m.workspace_id AND r.id = m.id" \
    " JOIN workspace ws ON ws.id = m.workspace_id"

static enum result read_row(enum result r, const struct db_rows *rows, struct addressee *ret)
{
    if (r == OK)
        *ret = (struct addressee){
            .user_id = db_int(rows, 0, 0),
            .workspace_id = db_int(rows, 0, 1),
            .name = db_str(rows, 0, 2),
            .email = db_str(rows, 0, 3),
            .business = db_str(rows, 0, 4),
        };
    return r;
}

enum result addressee_by_email(struct work *w, struct str email, struct addressee *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT " ADDRESSEE_COLUMNS " FROM user_account u" ADDRESSEE_JOINS
                           " WHERE u.email = $1 AND r.active = 1 AND m.confirmed = 1"
                           " ORDER BY m.id LIMIT 1",
                           db_s(email));
    return read_row(r, &rows, ret);
}

enum result addressee_by_link(struct work *w, const char *token_hash, struct addressee *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT " ADDRESSEE_COLUMNS " FROM password_reset p"
                           " JOIN user_account u ON u.id = p.user_id" ADDRESSEE_JOINS
                           " WHERE p.token_hash = $1 AND p.expires_s > $2 AND m.confirmed = 1"
                           " ORDER BY r.active DESC, m.id LIMIT 1",
                           db_z(token_hash), db_i(w->now_s));
    return read_row(r, &rows, ret);
}

enum result notice_send(struct work *w, enum letter_kind kind, const struct addressee *to,
                        struct str url, int valid_min)
{
    struct workspace ws;
    enum result r = workspace_load(w, to->workspace_id, &ws);
    if (r != OK)
        return r;
    const struct letter_business business = workspace_letterhead(&ws);
    const struct letter_in letter = {
        .business = &business,
        .to_name = to->name,
        .to_address = to->email,
        .url = url,
        .valid_min = valid_min,
    };
    struct str occurrence = str_printf(w->arena, "%lld", (long long)env_id(w->env));
    return letter_send(w, kind, &letter, to->user_id, occurrence);
}

enum result notice_to(struct work *w, enum letter_kind kind, const struct addressee *to)
{
    return notice_send(w, kind, to, str_printf(w->arena, "%s/login", w->app->base_url), 0);
}

enum result notice_to_actor(struct work *w, enum letter_kind kind)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT " ADDRESSEE_COLUMNS " FROM user_account u" ADDRESSEE_JOINS
                           " WHERE u.id = $1 AND m.workspace_id = $2",
                           db_i(w->actor.user_id), db_i(w->actor.workspace_id));
    struct addressee to;
    r = read_row(r, &rows, &to);
    if (r == NOT_FOUND)
        return work_missing(w, "account");
    return r == OK ? notice_to(w, kind, &to) : r;
}
