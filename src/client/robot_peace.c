/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* robot_peace: clients whom the robot leaves in peace. See client.h. */
#include "client/client.h"

#include "audit/audit.h"

enum { CLOCKS_DIFFER_S = 60 };

static enum result subscribe(struct work *w, int64_t client_id, struct opt_int since)
{
    int64_t changed = 0;
    bool subscribed = !since.set;
    enum result res = db_count(w->tx, &changed,
                               "UPDATE client SET unsubscribed_s = $3, version = version + 1"
                               " WHERE workspace_id = $1 AND id = $2"
                               " AND (unsubscribed_s IS NULL) <> ($3 IS NULL)",
                               db_i(w->actor.workspace_id), db_i(client_id), db_opt(since));
    if (res != OK || changed == 0)
        return res;
    struct audit a;
    audit_begin(&a, w, "client", client_id, subscribed ? "subscribed" : "unsubscribed");
    audit_bool(&a, "subscribed", !subscribed, subscribed);
    return audit_end(&a);
}

enum result client_subscribe(struct work *w, int64_t client_id, bool subscribed)
{
    return subscribe(w, client_id, subscribed ? (struct opt_int){0} : some_int(w->now_s));
}

enum result client_unsubscribed_since(struct work *w, int64_t client_id, int64_t since_s)
{
    return subscribe(w, client_id, some_int(since_s));
}

/* A pause that ends later than one can was begun by a clock that ran ahead: it is none. */
bool client_paused(const struct client *c, int64_t now_s)
{
    int64_t left_s = c->paused_until_s.set ? c->paused_until_s.value - now_s : 0;
    return left_s > 0 && left_s <= CLIENT_PAUSE_S + CLOCKS_DIFFER_S;
}

enum result client_peace(struct work *w, int64_t client_id, struct client_peace *ret)
{
    struct client c;
    enum result res = client_load(w, client_id, &c);
    if (res == OK)
        *ret = (struct client_peace){
            .paused = client_paused(&c, w->now_s),
            .unsubscribed = c.unsubscribed_s.set,
        };
    return res;
}

enum result client_pause(struct work *w, int64_t client_id)
{
    enum result res =
        db_exec(w->tx,
                "UPDATE client SET paused_until_s = $3, paused_by = $4,"
                " version = version + 1 WHERE workspace_id = $1 AND id = $2",
                db_i(w->actor.workspace_id), db_i(client_id), db_i(w->now_s + CLIENT_PAUSE_S),
                db_s(w->actor.name.ptr ? w->actor.name : STR("")));
    return res == OK ? audit_action(w, "client", client_id, "paused") : res;
}

enum result client_pause_until(struct work *w, int64_t client_id, struct opt_int until_s,
                               struct str by)
{
    return db_exec(w->tx,
                   "UPDATE client SET paused_until_s = $3, paused_by = $4, version = version + 1"
                   " WHERE workspace_id = $1 AND id = $2",
                   db_i(w->actor.workspace_id), db_i(client_id), db_opt(until_s),
                   until_s.set ? db_s(by) : db_s((struct str){0}));
}

enum result client_resume(struct work *w, int64_t client_id)
{
    int64_t changed = 0;
    enum result res = db_count(w->tx, &changed,
                               "UPDATE client SET paused_until_s = NULL, paused_by = NULL,"
                               " version = version + 1 WHERE workspace_id = $1 AND id = $2"
                               " AND paused_until_s IS NOT NULL",
                               db_i(w->actor.workspace_id), db_i(client_id));
    return res == OK && changed ? audit_action(w, "client", client_id, "resumed") : res;
}
