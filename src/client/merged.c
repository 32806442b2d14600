/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* merged: clients who turned out to be another one. See client.h. */
#include "client/internal.h"

enum result client_become(struct work *w, const struct client *other, int64_t into_id,
                          bool give_address)
{
    enum result r =
        db_exec(w->tx,
                "UPDATE client SET merged_into = $3, version = version + 1, email_key ="
                " CASE WHEN $4 = 1 THEN NULL ELSE email_key END"
                " WHERE workspace_id = $1 AND id = $2",
                db_i(w->actor.workspace_id), db_i(other->id), db_i(into_id), db_i(give_address));
    if (r == OK && other->terms_made)
        r = client_count_tags(w, other->tags, (struct str){0}, NULL);
    return r == OK ? client_index_again(w, other->id) : r;
}

enum result client_come_back(struct work *w, const struct client *other)
{
    struct str key = other->email.len ? str_lower(w->arena, other->email) : (struct str){0};
    enum result r = db_exec(w->tx,
                            "UPDATE client SET merged_into = NULL, email_key = $3,"
                            " version = version + 1 WHERE workspace_id = $1 AND id = $2",
                            db_i(w->actor.workspace_id), db_i(other->id), db_s(key));
    if (r == OK)
        r = client_count_tags(w, (struct str){0}, other->tags, NULL);
    return r == OK ? client_index_again(w, other->id) : r;
}
