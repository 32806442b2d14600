/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* recent: what has just happened, from the audit, with the names as they are now. */
#include "today/internal.h"

enum { LOOKED_AT = 60, SHOWN = 12 };

struct recent_view {
    struct opt_int id, at, entity_id, booking_id, client_id;
    struct str actor_kind, actor_name, entity, action, name;
};
static const struct field recent_fields[] = {
    FIELD_ID(struct recent_view, id),
    FIELD_INSTANT(struct recent_view, at),
    FIELD_WORD(struct recent_view, actor_kind, actor_kind_names),
    FIELD_STR(struct recent_view, actor_name, 0, 0),
    FIELD_STR(struct recent_view, entity, 0, 0),
    FIELD_ID(struct recent_view, entity_id),
    FIELD_STR(struct recent_view, action, 0, 0),
    FIELD_STR(struct recent_view, name, 0, 0, .maybe = true,
              .doc = "of the client, the item, the service …"),
    FIELD_ID(struct recent_view, booking_id, .maybe = true),
    FIELD_ID(struct recent_view, client_id, .maybe = true),
};
const struct shape recent_shape = SHAPE("RecentEvent", struct recent_view, recent_fields);

/* Sign-ins, reading and the program's own housekeeping are no news. */
static bool is_news(struct str entity)
{
    static const char *const news[] = {
        "booking", "client", "conversation",     "rating",    "item", "form_submission",
        "service", "staff",  "time_off_request", "workspace", NULL};
    for (size_t i = 0; news[i]; i++)
        if (str_is(entity, news[i]))
            return true;
    return false;
}

/* {booking, client, name} of what an event is about; NOT_FOUND where it is of no kind or gone. */
static enum result find_name(struct work *w, struct str entity, int64_t id, struct db_rows *ret)
{
    int64_t ws = w->actor.workspace_id;
    if (str_is(entity, "booking"))
        return db_one(w->tx, ret,
                      "SELECT b.id, c.id, c.name FROM booking b JOIN client c"
                      " ON c.workspace_id = b.workspace_id AND c.id = b.client_id"
                      " WHERE b.workspace_id = $1 AND b.id = $2",
                      db_i(ws), db_i(id));
    if (str_is(entity, "client"))
        return db_one(w->tx, ret,
                      "SELECT NULL, id, name FROM client WHERE workspace_id = $1 AND id = $2",
                      db_i(ws), db_i(id));
    if (str_is(entity, "conversation"))
        return db_one(w->tx, ret,
                      "SELECT NULL, c.id, c.name FROM conversation v JOIN client c"
                      " ON c.workspace_id = v.workspace_id AND c.id = v.client_id"
                      " WHERE v.workspace_id = $1 AND v.id = $2",
                      db_i(ws), db_i(id));
    if (str_is(entity, "rating"))
        return db_one(w->tx, ret,
                      "SELECT t.booking_id, c.id, c.name FROM rating t JOIN client c"
                      " ON c.workspace_id = t.workspace_id AND c.id = t.client_id"
                      " WHERE t.workspace_id = $1 AND t.id = $2",
                      db_i(ws), db_i(id));
    if (str_is(entity, "form_submission"))
        return db_one(w->tx, ret,
                      "SELECT s.booking_id, c.id, c.name FROM form_submission s JOIN client c"
                      " ON c.workspace_id = s.workspace_id AND c.id = s.client_id"
                      " WHERE s.workspace_id = $1 AND s.id = $2",
                      db_i(ws), db_i(id));
    if (str_is(entity, "item"))
        return db_one(w->tx, ret,
                      "SELECT NULL, NULL, name FROM item WHERE workspace_id = $1 AND id = $2",
                      db_i(ws), db_i(id));
    if (str_is(entity, "service"))
        return db_one(w->tx, ret,
                      "SELECT NULL, NULL, name FROM service WHERE workspace_id = $1 AND id = $2",
                      db_i(ws), db_i(id));
    if (str_is(entity, "staff"))
        return db_one(w->tx, ret,
                      "SELECT NULL, NULL, name FROM resource WHERE workspace_id = $1 AND id = $2",
                      db_i(ws), db_i(id));
    if (str_is(entity, "time_off_request"))
        return db_one(w->tx, ret,
                      "SELECT NULL, NULL, p.name FROM time_off_request q JOIN resource p"
                      " ON p.workspace_id = q.workspace_id AND p.id = q.staff_id"
                      " WHERE q.workspace_id = $1 AND q.id = $2",
                      db_i(ws), db_i(id));
    return NOT_FOUND;
}

enum result recent_list(struct work *w, struct shape_list *ret)
{
    struct db_rows r, named;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT id, at_s, actor_kind, actor_name, entity, entity_id, action"
                 " FROM audit_event WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2",
                 db_i(w->actor.workspace_id), db_i(LOOKED_AT));
    if (res != OK)
        return res;
    struct recent_view *views = arena_new_array(w->arena, SHOWN + 1, struct recent_view);
    size_t n = 0;
    for (size_t i = 0; i < r.count && n < SHOWN; i++) {
        if (!is_news(db_str(&r, i, 4)) || str_is(db_str(&r, i, 6), "clinical_read"))
            continue;
        struct recent_view v = {
            .id = some_int(db_int(&r, i, 0)),
            .at = some_int(db_int(&r, i, 1)),
            .actor_kind = db_str(&r, i, 2),
            .actor_name = db_str(&r, i, 3),
            .entity = db_str(&r, i, 4),
            .entity_id = some_int(db_int(&r, i, 5)),
            .action = db_str(&r, i, 6),
        };
        res = find_name(w, v.entity, v.entity_id.value, &named);
        if (res == OK) {
            v.booking_id = db_opt_int(&named, 0, 0);
            v.client_id = db_opt_int(&named, 0, 1);
            v.name = db_str(&named, 0, 2);
        } else if (res != NOT_FOUND) {
            return res;
        }
        views[n++] = v;
    }
    *ret = (struct shape_list){true, n, views};
    return OK;
}
