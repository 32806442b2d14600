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

enum result recent_list(struct work *w, struct shape_list *ret)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT e.id, e.at_s, e.actor_kind, e.actor_name, e.entity, e.entity_id, e.action, b.id,"
        " c.id, COALESCE(c.name, i.name, s.name, p.name) FROM"
        " (SELECT * FROM audit_event WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2) e"
        " LEFT JOIN booking b ON b.workspace_id = $1 AND b.id = e.entity_id"
        " LEFT JOIN conversation v ON v.workspace_id = $1 AND v.id = e.entity_id"
        " LEFT JOIN rating t ON t.workspace_id = $1 AND t.id = e.entity_id"
        " LEFT JOIN form_submission f ON f.workspace_id = $1 AND f.id = e.entity_id"
        " LEFT JOIN client c ON c.workspace_id = $1"
        "  AND c.id = COALESCE(b.client_id, v.client_id, t.client_id, f.client_id, e.entity_id)"
        " LEFT JOIN item i ON i.workspace_id = $1 AND i.id = e.entity_id"
        " LEFT JOIN service s ON s.workspace_id = $1 AND s.id = e.entity_id"
        " LEFT JOIN time_off_request q ON q.workspace_id = $1 AND q.id = e.entity_id"
        " LEFT JOIN resource p ON p.workspace_id = $1 AND p.id = COALESCE(q.staff_id, e.entity_id)"
        " ORDER BY e.id DESC",
        db_i(w->actor.workspace_id), db_i(LOOKED_AT));
    if (res != OK)
        return res;
    struct recent_view *views = arena_new_array(w->arena, SHOWN + 1, struct recent_view);
    size_t n = 0;
    for (size_t i = 0; i < r.count && n < SHOWN; i++)
        if (is_news(db_str(&r, i, 4)) && !str_is(db_str(&r, i, 6), "clinical_read"))
            views[n++] = (struct recent_view){
                .id = some_int(db_int(&r, i, 0)),
                .at = some_int(db_int(&r, i, 1)),
                .actor_kind = db_str(&r, i, 2),
                .actor_name = db_str(&r, i, 3),
                .entity = db_str(&r, i, 4),
                .entity_id = some_int(db_int(&r, i, 5)),
                .action = db_str(&r, i, 6),
                .booking_id = db_opt_int(&r, i, 7),
                .client_id = db_opt_int(&r, i, 8),
                .name = db_str(&r, i, 9),
            };
    *ret = (struct shape_list){true, n, views};
    return OK;
}
