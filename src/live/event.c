/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * event: who hears of which change, and in what words.
 *
 * One table says both. An event stands for a GET that the listener may make, and whoever may not
 * make it does not hear of it. What the table does not know is the owner's, and the member's whom
 * the row itself names.
 */
#include "live/internal.h"

#include "base/civil.h"
#include "http/shape.h"

enum { MATERIALS_MAX = 200 };

enum reach {
    REACH_OWNER,  /* the owner, and who has one of the permissions */
    REACH_STAFF,  /* and whom the row names: the visit is or was theirs, or they asked */
    REACH_CLIENT, /* and whoever may see the conversation, or looked after it until now */
    REACH_SELF,   /* and the member that it is about */
    REACH_ALL,    /* every member */
    REACH_NOBODY, /* what no page shows as it happens */
};

static const struct rule {
    const char *entity; /* as the audit calls it */
    const char *prefix; /* of the event's kind */
    unsigned permissions;
    enum reach reach;
} rules[] = {
    {"booking", "booking", PERM_BOOKINGS, REACH_STAFF},
    {"item", "stock", PERM_INVENTORY, REACH_OWNER},
    {"stocktake", "stocktake", PERM_INVENTORY, REACH_OWNER},
    {"client", "client", PERM_CLIENTS, REACH_OWNER},
    {"client_import", "client_import", PERM_CLIENTS, REACH_OWNER},
    {"client_export", "client_export", 0, REACH_NOBODY},
    {"conversation", "message", PERM_INBOX, REACH_CLIENT},
    {"form_submission", "form_submission", PERM_BOOKINGS, REACH_STAFF},
    {"rating", "rating", 0, REACH_OWNER},
    {"staff", "staff", 0, REACH_SELF},
    {"time_off_request", "time_off_request", 0, REACH_STAFF},
    {"service", "service", 0, REACH_ALL},
    {"resource", "resource", 0, REACH_ALL},
    {"workspace", "workspace", 0, REACH_ALL},
    {"saved_reply", "saved_reply", 0, REACH_ALL},
    {"session", "session", 0, REACH_NOBODY},
    {"user", "user", 0, REACH_NOBODY},
};
static const struct rule unknown_rule = {.reach = REACH_STAFF};

static const struct rule *rule_of(struct str entity)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_is(entity, rules[i].entity))
            return &rules[i];
    return &unknown_rule;
}

static bool is(struct opt_int id, int64_t staff_id)
{
    return id.set && staff_id != 0 && id.value == staff_id;
}

static bool hears(const struct actor *a, const struct rule *rule, const struct change *c)
{
    if (rule->reach == REACH_NOBODY)
        return false;
    if (a->kind == ACTOR_OWNER || rule->reach == REACH_ALL || (a->permissions & rule->permissions))
        return true;
    if (a->token_id) /* it owns nothing (http/access.h) */
        return false;
    if (rule->reach == REACH_STAFF || rule->reach == REACH_CLIENT)
        return is(c->staff_id, a->staff_id) || is(c->other_staff_id, a->staff_id);
    return rule->reach == REACH_SELF && a->staff_id != 0 && c->entity_id == a->staff_id;
}

/* ---- words ---- */

struct event_view {
    struct opt_int id, at, staff_id, other_staff_id;
    struct str kind, actor_kind, request_id;
};
static const struct field event_fields[] = {
    FIELD_ID(struct event_view, id, .maybe = true),
    FIELD_STR(struct event_view, kind, 0, 0),
    FIELD_INSTANT(struct event_view, at),
    FIELD_STR(struct event_view, actor_kind, 0, 0, .omit = true),
    FIELD_STR(struct event_view, request_id, 0, 0, .omit = true),
    FIELD_ID(struct event_view, staff_id, .omit = true),
    FIELD_ID(struct event_view, other_staff_id, .omit = true),
};
static const struct shape event_shape = SHAPE("LiveEvent", struct event_view, event_fields);

/* The id comes last, so that a client which loses the stream before it asks for all of it again. */
static void write_id(struct position at, struct buf *out)
{
    char text[POSITION_TEXT];
    position_format(at, text);
    buf_printf(out, "id: %s\n", text);
}

static void write_event(const struct event_view *v, struct buf *out)
{
    buf_z(out, "event: ");
    buf_str(out, v->kind);
    buf_z(out, "\ndata: ");
    shape_write(out, &event_shape, v, PERM_ALL); /* JSON: one line, whatever stands in it */
    buf_byte(out, '\n');
}

static void tell_change(struct arena *a, const struct rule *rule, const struct change *c,
                        struct buf *out)
{
    struct str prefix = rule->prefix ? str_of(rule->prefix) : c->entity;
    struct event_view v = {
        .id = some_int(c->entity_id),
        .kind = str_printf(a, STR_FMT "." STR_FMT, STR_ARG(prefix), STR_ARG(c->action)),
        .at = some_int(c->at_s),
        .actor_kind = c->actor_kind,
        .request_id = c->request_id,
        .staff_id = c->staff_id,
        .other_staff_id = c->other_staff_id,
    };
    write_event(&v, out);
    write_id(c->at, out);
    buf_byte(out, '\n');
}

/* ---- stock that moves with a visit has no row of its own ---- */

static bool moves_stock(const struct change *c)
{
    static const char *const actions[] = {"created", "cancelled", "restored", "completed",
                                          "no_show"};
    if (!str_is(c->entity, "booking"))
        return false;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (str_is(c->action, actions[i]))
            return true;
    return false;
}

static enum result tell_stock(struct work *w, const struct change *c, struct buf *out)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT item_id FROM booking_material WHERE workspace_id = $1"
                 " AND booking_id = $2 ORDER BY item_id LIMIT $3",
                 db_i(w->actor.workspace_id), db_i(c->entity_id), db_i(MATERIALS_MAX));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        struct event_view v = {
            .id = some_int(db_int(&r, i, 0)),
            .kind = STR("stock.moved"),
            .at = some_int(c->at_s),
            .request_id = c->request_id,
        };
        write_event(&v, out);
        buf_byte(out, '\n');
    }
    return res;
}

enum result event_tell(struct work *w, const struct change *c, struct buf *out)
{
    const struct rule *rule = rule_of(c->entity);
    bool stock =
        moves_stock(c) && (w->actor.kind == ACTOR_OWNER || (w->actor.permissions & PERM_INVENTORY));
    enum result res = stock ? tell_stock(w, c, out) : OK;
    bool told = hears(&w->actor, rule, c);
    if (res == OK && !told && rule->reach == REACH_CLIENT)
        res = inbox_owns(w, c->entity_id, &told);
    if (res == OK && told)
        tell_change(w->arena, rule, c, out);
    return res;
}

void event_reset(struct position at, int64_t now_s, struct buf *out)
{
    struct event_view v = {.kind = STR("reset"), .at = some_int(now_s)};
    write_event(&v, out);
    write_id(at, out);
    buf_byte(out, '\n');
}

/* A comment keeps the connection alive; the id behind it is no event, and makes coming back cheap.
 */
void event_heartbeat(struct position at, struct buf *out)
{
    buf_z(out, ": still here\n");
    write_id(at, out);
    buf_byte(out, '\n');
}
