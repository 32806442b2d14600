/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * change: changing members, switching them off and on.
 *
 * Every function first takes the workspace's lock: "at least one active owner" is a rule over all
 * members, and two owners who deactivate each other at the same moment must not both succeed.
 */
#include "team/internal.h"

#include "audit/audit.h"
#include "workspace/hours.h"
#include "workspace/ids.h"
#include "workspace/workspace.h"

enum result member_open(struct request *rq, struct work *w, int64_t staff_id,
                        struct staff_member *ret)
{
    enum result r = workspace_lock(w);
    if (r == OK)
        r = team_member(w, staff_id, ret);
    return r == OK ? route_check_version(rq, w, ret->version) : r;
}

static enum result count_members(struct work *w, const char *sql, int64_t but_id, int64_t *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows, sql, db_i(w->actor.workspace_id), db_i(but_id));
    if (r == OK)
        *ret = db_int(&rows, 0, 0);
    return r;
}

enum result team_room_for_one(struct work *w)
{
    int64_t active;
    enum result r = count_members(w,
                                  "SELECT COUNT(*) FROM resource"
                                  " WHERE workspace_id = $1 AND id <> $2 AND kind = 'person'"
                                  " AND active = 1",
                                  0, &active);
    if (r == OK && active >= STAFF_MAX)
        return problem_set(w->problem, CONFLICT, "limit_reached",
                           "A business has at most %d active members of staff.", STAFF_MAX);
    return r;
}

/* For a member who is about to be an active owner no longer. Who has not joined yet may never do
 * so, and does not count. */
static enum result check_other_owner(struct work *w, const struct staff_member *m)
{
    if (!m->owner || !m->active || m->invited)
        return OK;
    int64_t others;
    enum result r = count_members(w,
                                  "SELECT COUNT(*) FROM staff m JOIN resource r"
                                  " ON r.workspace_id = m.workspace_id AND r.id = m.id"
                                  " JOIN user_account u ON u.id = m.user_id"
                                  " WHERE m.workspace_id = $1 AND m.id <> $2"
                                  " AND m.role = 'owner' AND r.active = 1 AND m.confirmed = 1"
                                  " AND u.must_change_password = 0",
                                  m->id, &others);
    if (r == OK && others == 0)
        return problem_set(
            w->problem, CONFLICT, "invalid_transition",
            "This is the last owner. Make someone an owner who has joined the team first.");
    return r;
}

/* One by one, so that who keeps a service keeps their own price and time for it. */
static enum result unassign_others(struct work *w, int64_t staff_id, struct id_list keep)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT service_id FROM service_staff"
                             " WHERE workspace_id = $1 AND staff_id = $2"
                             " ORDER BY service_id LIMIT 2000",
                             db_i(w->actor.workspace_id), db_i(staff_id));
    for (size_t i = 0; r == OK && i < rows.count; i++) {
        bool kept = false;
        for (size_t k = 0; k < keep.count && !kept; k++)
            kept = keep.ids[k] == db_int(&rows, i, 0);
        if (!kept)
            r = db_exec(w->tx,
                        "DELETE FROM service_staff"
                        " WHERE workspace_id = $1 AND service_id = $2 AND staff_id = $3",
                        db_i(w->actor.workspace_id), db_i(db_int(&rows, i, 0)), db_i(staff_id));
    }
    return r;
}

enum result member_assign(struct work *w, int64_t staff_id, struct id_list service_ids)
{
    if (ids_distinct(w, "service_ids", service_ids) != OK)
        return INVALID;
    enum result r = unassign_others(w, staff_id, service_ids);
    bool unknown = false;
    for (size_t i = 0; r == OK && i < service_ids.count; i++) {
        int64_t added = 0;
        r = db_count(w->tx, &added,
                     "INSERT INTO service_staff (workspace_id, service_id, staff_id)"
                     " SELECT workspace_id, id, $2 FROM service"
                     " WHERE workspace_id = $1 AND id = $3 AND retired = 0"
                     " AND (SELECT COUNT(*) FROM service_staff"
                     "  WHERE workspace_id = $1 AND service_id = $3 AND staff_id <> $2) < $4"
                     " ON CONFLICT (workspace_id, service_id, staff_id)"
                     "  DO UPDATE SET staff_id = excluded.staff_id",
                     db_i(w->actor.workspace_id), db_i(staff_id), db_i(service_ids.ids[i]),
                     db_i(MEMBERS_OF_A_SERVICE));
        if (r == OK && added == 0) {
            ids_unknown(w, "service_ids", i,
                        "There is no such service, or it has as many people as it can have.");
            unknown = true;
        }
    }
    return r == OK && unknown ? NOT_FOUND : r;
}

/* The services of a member as they are, for the audit. */
static enum result services_text(struct work *w, int64_t staff_id, struct str *ret)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT service_id FROM service_staff"
                             " WHERE workspace_id = $1 AND staff_id = $2"
                             " ORDER BY service_id LIMIT 2000",
                             db_i(w->actor.workspace_id), db_i(staff_id));
    if (r != OK)
        return r;
    struct id_list list = {true, rows.count, arena_new_array(w->arena, rows.count, int64_t)};
    for (size_t i = 0; i < rows.count; i++)
        list.ids[i] = db_int(&rows, i, 0);
    *ret = ids_text(w->arena, list);
    return OK;
}

static enum result write_member(struct work *w, const struct staff_member *m)
{
    enum result r = db_exec(w->tx,
                            "UPDATE resource SET name = $3, version = version + 1"
                            " WHERE workspace_id = $1 AND id = $2",
                            db_i(w->actor.workspace_id), db_i(m->id), db_s(m->name));
    if (r == OK)
        r = db_exec(w->tx,
                    "UPDATE staff SET role = $3, permissions = $4, bookable = $5"
                    " WHERE workspace_id = $1 AND id = $2",
                    db_i(w->actor.workspace_id), db_i(m->id), db_z(role_names[m->owner ? 0 : 1]),
                    db_i(m->permissions), db_i(m->bookable));
    return r;
}

/* PATCH's own part: who they are and what they may. */
static struct staff_member merge(const struct staff_in *in, const struct staff_member *now)
{
    struct staff_member next = *now;
    if (in->name.ptr)
        next.name = in->name;
    if (in->role.set)
        next.owner = in->role.value == 0;
    if (in->permissions.set)
        next.permissions = (unsigned)in->permissions.value;
    if (in->bookable.set)
        next.bookable = in->bookable.value;
    return next;
}

enum result member_change(struct request *rq, struct work *w, int64_t staff_id,
                          const struct staff_in *in)
{
    struct staff_member was;
    struct str did = STR(""), does = STR("");
    enum result r = member_open(rq, w, staff_id, &was);
    if (r != OK)
        return r;
    struct staff_member is = merge(in, &was);
    if (!is.owner)
        r = check_other_owner(w, &was);
    if (r == OK)
        r = write_member(w, &is);
    if (r == OK && in->service_ids.set) {
        r = services_text(w, staff_id, &did);
        if (r == OK)
            r = member_assign(w, staff_id, in->service_ids);
        if (r == OK)
            r = services_text(w, staff_id, &does);
    }
    if (r != OK)
        return r;

    struct audit a;
    audit_begin(&a, w, "staff", staff_id, "changed");
    audit_str(&a, "name", was.name, is.name);
    audit_str(&a, "role", str_of(role_names[was.owner ? 0 : 1]),
              str_of(role_names[is.owner ? 0 : 1]));
    audit_int(&a, "permissions", some_int(was.permissions), some_int(is.permissions));
    audit_bool(&a, "bookable", was.bookable, is.bookable);
    audit_str(&a, "service_ids", did, does);
    return audit_end(&a);
}

/* ---- off and on ---- */

static enum result set_active(struct work *w, const struct staff_member *m, bool active)
{
    enum result r = db_exec(w->tx,
                            "UPDATE resource SET active = $3, version = version + 1"
                            " WHERE workspace_id = $1 AND id = $2",
                            db_i(w->actor.workspace_id), db_i(m->id), db_i(active));
    if (r != OK)
        return r;
    struct audit a;
    audit_begin(&a, w, "staff", m->id, active ? "reactivated" : "deactivated");
    audit_bool(&a, "active", m->active, active);
    return audit_end(&a);
}

/* What is still to come for a member, so that someone else can take it. */
static enum result bookings_left(struct work *w, int64_t staff_id, struct shape_list *ret)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT b.id, b.start_s, b.end_s, c.name FROM booking b"
                             " JOIN client c ON c.workspace_id = b.workspace_id"
                             "  AND c.id = b.client_id"
                             " WHERE b.workspace_id = $1 AND b.staff_id = $2 AND b.start_s > $3"
                             " AND b.status IN ('pending', 'confirmed')"
                             " ORDER BY b.start_s, b.id LIMIT 200",
                             db_i(w->actor.workspace_id), db_i(staff_id), db_i(w->now_s));
    if (r != OK)
        return r;
    struct booking_left *list = arena_new_array(w->arena, rows.count, struct booking_left);
    for (size_t i = 0; i < rows.count; i++)
        list[i] = (struct booking_left){
            .id = db_opt_int(&rows, i, 0),
            .start = db_opt_int(&rows, i, 1),
            .end = db_opt_int(&rows, i, 2),
            .client_name = db_str(&rows, i, 3),
        };
    *ret = (struct shape_list){.set = true, .count = rows.count, .items = list};
    return OK;
}

/* All that lets a member in. */
static enum result shut_out(struct work *w, const struct staff_member *m)
{
    enum result r = account_end_member_sessions(w, m->user_id);
    return r == OK ? account_end_tokens(w, m->id) : r;
}

enum result member_deactivate(struct request *rq, struct work *w, int64_t staff_id,
                              struct shape_list *ret_bookings_left)
{
    struct staff_member m;
    enum result r = member_open(rq, w, staff_id, &m);
    if (r == OK && m.active)
        r = check_other_owner(w, &m);
    if (r == OK && m.active)
        r = set_active(w, &m, false);
    if (r == OK)
        r = shut_out(w, &m);
    if (r == OK)
        r = invitations_end(w, m.id);
    return r == OK ? bookings_left(w, staff_id, ret_bookings_left) : r;
}

enum result member_reactivate(struct request *rq, struct work *w, int64_t staff_id)
{
    struct staff_member m;
    enum result r = member_open(rq, w, staff_id, &m);
    if (r != OK || m.active)
        return r;
    r = team_room_for_one(w);
    if (r == OK) /* what was opened at the moment of switching off opens nothing again */
        r = shut_out(w, &m);
    return r == OK ? set_active(w, &m, true) : r;
}

/* ---- hours ---- */

static enum result read_weekly(struct work *w, int64_t staff_id, struct weekly_span **ret,
                               size_t *ret_count)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT weekday, start_min, end_min FROM staff_hours"
                             " WHERE workspace_id = $1 AND staff_id = $2"
                             " ORDER BY weekday, start_min LIMIT 70",
                             db_i(w->actor.workspace_id), db_i(staff_id));
    if (r != OK)
        return r;
    struct weekly_span *spans = arena_new_array(w->arena, rows.count, struct weekly_span);
    for (size_t i = 0; i < rows.count; i++)
        spans[i] = (struct weekly_span){
            .weekday = (int)db_int(&rows, i, 0),
            .start_min = (int)db_int(&rows, i, 1),
            .end_min = (int)db_int(&rows, i, 2),
        };
    *ret = spans;
    *ret_count = rows.count;
    return OK;
}

static enum result write_weekly(struct work *w, int64_t staff_id, bool own,
                                const struct weekly_span *spans, size_t count)
{
    enum result r =
        db_exec(w->tx, "UPDATE staff SET hours_own = $3 WHERE workspace_id = $1 AND id = $2",
                db_i(w->actor.workspace_id), db_i(staff_id), db_i(own));
    if (r == OK)
        r = db_exec(w->tx,
                    "UPDATE resource SET version = version + 1"
                    " WHERE workspace_id = $1 AND id = $2",
                    db_i(w->actor.workspace_id), db_i(staff_id));
    if (r == OK)
        r = db_exec(w->tx, "DELETE FROM staff_hours WHERE workspace_id = $1 AND staff_id = $2",
                    db_i(w->actor.workspace_id), db_i(staff_id));
    for (size_t i = 0; r == OK && i < count; i++)
        r = db_exec(w->tx,
                    "INSERT INTO staff_hours"
                    " (workspace_id, staff_id, weekday, start_min, end_min)"
                    " VALUES ($1, $2, $3, $4, $5)",
                    db_i(w->actor.workspace_id), db_i(staff_id), db_i(spans[i].weekday),
                    db_i(spans[i].start_min), db_i(spans[i].end_min));
    return r;
}

enum result member_hours(struct request *rq, struct work *w, int64_t staff_id,
                         const struct staff_hours_in *in)
{
    struct staff_member m;
    struct weekly_span *was, *is;
    size_t was_count, is_count;
    bool own = !(in->inherits.set && in->inherits.value);
    if (!own && in->weekly.count > 0)
        return problem_field(w->problem, "weekly", "contradiction",
                             "Leave this empty for the business's hours.");
    enum result r = member_open(rq, w, staff_id, &m);
    if (r == OK)
        r = hours_read(w, "weekly", &in->weekly, &is, &is_count);
    if (r == OK)
        r = read_weekly(w, staff_id, &was, &was_count);
    if (r == OK)
        r = write_weekly(w, staff_id, own, is, is_count);
    if (r != OK)
        return r;

    struct audit a;
    audit_begin(&a, w, "staff", staff_id, "hours_changed");
    audit_bool(&a, "inherits", !m.hours_own, !own);
    audit_str(&a, "weekly", hours_text(w->arena, was, was_count),
              hours_text(w->arena, is, is_count));
    return audit_end(&a);
}
