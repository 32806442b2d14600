/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* team: reading members and their calendars, and adding one. See team.h. */
#include "team/team.h"

#include "audit/audit.h"
#include "base/seeded.h"
#include "team/internal.h"

/* ---- members ---- */

/* $1 is the workspace. */
#define MEMBER                                                                              \
    "SELECT m.id, m.user_id, r.name, u.email, m.role, m.permissions, m.bookable, r.active," \
    " m.hours_own, u.must_change_password, r.version, m.confirmed, m.invite_message_id,"    \
    " m.invite_expires_s, l.status, l.last_error FROM staff m"                              \
    " JOIN resource r ON r.workspace_id = m.workspace_id AND r.id = m.id"                   \
    " JOIN user_account u ON u.id = m.user_id"                                              \
    " LEFT JOIN message l ON l.workspace_id = $1 AND l.id = m.invite_message_id"

static struct staff_member member_of(const struct db_rows *rows, size_t i)
{
    return (struct staff_member){
        .id = db_int(rows, i, 0),
        .user_id = db_int(rows, i, 1),
        .name = db_str(rows, i, 2),
        .email = db_str(rows, i, 3),
        .owner = str_is(db_str(rows, i, 4), "owner"),
        .permissions = (unsigned)db_int(rows, i, 5) & PERM_ALL,
        .bookable = db_int(rows, i, 6) != 0,
        .active = db_int(rows, i, 7) != 0,
        .hours_own = db_int(rows, i, 8) != 0,
        .confirmed = db_int(rows, i, 11) != 0,
        .invited = db_int(rows, i, 9) != 0 || db_int(rows, i, 11) == 0,
        .version = db_int(rows, i, 10),
        .was_invited = !db_is_null(rows, i, 12),
        .invite_expires_s = db_opt_int(rows, i, 13),
        .letter_status = db_str(rows, i, 14),
        .letter_error = db_str(rows, i, 15),
    };
}

static struct staff_member *members_of(struct arena *a, const struct db_rows *rows)
{
    struct staff_member *list = arena_new_array(a, rows->count, struct staff_member);
    for (size_t i = 0; i < rows->count; i++)
        list[i] = member_of(rows, i);
    return list;
}

enum result member_asked(const struct request *rq, struct work *w, int64_t *ret_id)
{
    *ret_id = request_id_param(rq, 0);
    if (w->sees_all || *ret_id == w->actor.staff_id)
        return OK;
    return work_missing(w, "member of staff");
}

enum result team_member(struct work *w, int64_t staff_id, struct staff_member *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows, MEMBER " WHERE m.workspace_id = $1 AND m.id = $2",
                           db_i(w->actor.workspace_id), db_i(staff_id));
    if (r == NOT_FOUND)
        return work_missing(w, "member of staff");
    if (r == OK)
        *ret = member_of(&rows, 0);
    return r;
}

enum result team_member_of_user(struct work *w, int64_t workspace_id, int64_t user_id,
                                struct staff_member *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows, MEMBER " WHERE m.workspace_id = $1 AND m.user_id = $2",
                           db_i(workspace_id), db_i(user_id));
    if (r == NOT_FOUND)
        return work_missing(w, "member of staff");
    if (r == OK)
        *ret = member_of(&rows, 0);
    return r;
}

enum result team_owners(struct work *w, struct staff_member **ret, size_t *ret_count)
{
    struct db_rows rows;
    enum result r =
        db_query(w->tx, &rows,
                 MEMBER " WHERE m.workspace_id = $1 AND m.role = 'owner'"
                        " AND r.active = 1 AND m.confirmed = 1 AND u.must_change_password = 0"
                        " ORDER BY m.id LIMIT 10",
                 db_i(w->actor.workspace_id));
    if (r != OK)
        return r;
    *ret = members_of(w->arena, &rows);
    *ret_count = rows.count;
    return OK;
}

enum result team_page(struct work *w, int64_t after_id, size_t limit, struct staff_member **ret,
                      size_t *ret_count)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             MEMBER " WHERE m.workspace_id = $1 AND m.id > $2"
                                    " ORDER BY m.id LIMIT $3",
                             db_i(w->actor.workspace_id), db_i(after_id), db_i((int64_t)limit));
    if (r != OK)
        return r;
    *ret = members_of(w->arena, &rows);
    *ret_count = rows.count;
    return OK;
}

enum result team_add(struct work *w, int64_t user_id, struct str name, bool owner,
                     unsigned permissions, bool bookable, int64_t *ret_staff_id)
{
    int64_t id = env_id(w->env);
    enum result r = db_exec(w->tx,
                            "INSERT INTO resource (workspace_id, id, kind, name, created_s)"
                            " VALUES ($1, $2, 'person', $3, $4)",
                            db_i(w->actor.workspace_id), db_i(id), db_s(name), db_i(w->now_s));
    if (r == OK)
        r = db_exec(w->tx,
                    "INSERT INTO staff (workspace_id, id, user_id, role, permissions, bookable)"
                    " VALUES ($1, $2, $3, $4, $5, $6)",
                    db_i(w->actor.workspace_id), db_i(id), db_i(user_id),
                    db_z(role_names[owner ? 0 : 1]), db_i(permissions), db_i(bookable));
    if (r != OK)
        return r;

    struct audit a;
    audit_begin(&a, w, "staff", id, "created");
    audit_str(&a, "name", (struct str){0}, name);
    audit_str(&a, "role", (struct str){0}, str_of(role_names[owner ? 0 : 1]));
    audit_int(&a, "permissions", (struct opt_int){0}, some_int(permissions));
    audit_bool(&a, "bookable", false, bookable);
    r = audit_end(&a);
    if (r == OK)
        *ret_staff_id = id;
    return r;
}

/* ---- calendars ---- */

/* The members asked for, so that rows, which come by id, find theirs. */
struct asked {
    struct staff_calendar *list;
    size_t count;
    int64_t least, most;
};

static struct staff_calendar *asked_find(const struct asked *q, int64_t staff_id)
{
    for (size_t i = 0; i < q->count; i++)
        if (q->list[i].staff_id == staff_id)
            return &q->list[i];
    return NULL;
}

static enum result read_members(struct work *w, const struct asked *q)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT m.id, m.hours_own FROM staff m"
                             " JOIN resource r ON r.workspace_id = m.workspace_id AND r.id = m.id"
                             " WHERE m.workspace_id = $1 AND m.id BETWEEN $2 AND $3"
                             " AND r.active = 1 ORDER BY m.id LIMIT 200",
                             db_i(w->actor.workspace_id), db_i(q->least), db_i(q->most));
    for (size_t i = 0; r == OK && i < rows.count; i++) {
        struct staff_calendar *c = asked_find(q, db_int(&rows, i, 0));
        if (c)
            c->hours_own = db_int(&rows, i, 1) != 0;
    }
    return r;
}

/* How many rows from `first` on are of the same member. */
static size_t run_length(const struct db_rows *rows, size_t first)
{
    size_t n = 1;
    while (first + n < rows->count && db_int(rows, first + n, 0) == db_int(rows, first, 0))
        n++;
    return n;
}

static enum result read_weekly(struct work *w, const struct asked *q)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT h.staff_id, h.weekday, h.start_min, h.end_min"
                             " FROM staff_hours h"
                             " JOIN resource r ON r.workspace_id = h.workspace_id"
                             "  AND r.id = h.staff_id"
                             " WHERE h.workspace_id = $1 AND h.staff_id BETWEEN $2 AND $3"
                             " AND r.active = 1 ORDER BY h.staff_id, h.weekday, h.start_min"
                             " LIMIT 14000",
                             db_i(w->actor.workspace_id), db_i(q->least), db_i(q->most));
    if (r != OK)
        return r;
    for (size_t i = 0, n; i < rows.count; i += n) {
        n = run_length(&rows, i);
        struct staff_calendar *c = asked_find(q, db_int(&rows, i, 0));
        if (!c)
            continue;
        c->weekly_count = n;
        c->weekly = arena_new_array(w->arena, n, struct weekly_span);
        for (size_t k = 0; k < n; k++)
            c->weekly[k] = (struct weekly_span){
                .weekday = (int)db_int(&rows, i + k, 1),
                .start_min = (int)db_int(&rows, i + k, 2),
                .end_min = (int)db_int(&rows, i + k, 3),
            };
    }
    return OK;
}

static enum result read_time_off(struct work *w, const struct asked *q, int64_t from_s,
                                 int64_t to_s)
{
    struct db_rows rows;
    if (SEEDED(TIME_OFF_IGNORED))
        return OK;
    enum result r = db_query(w->tx, &rows,
                             "SELECT t.staff_id, t.start_s, t.end_s FROM time_off t"
                             " JOIN resource r ON r.workspace_id = t.workspace_id"
                             "  AND r.id = t.staff_id"
                             " WHERE t.workspace_id = $1 AND t.staff_id BETWEEN $2 AND $3"
                             " AND t.end_s > $4 AND t.start_s < $5 AND r.active = 1"
                             " ORDER BY t.staff_id, t.start_s, t.end_s LIMIT 50000",
                             db_i(w->actor.workspace_id), db_i(q->least), db_i(q->most),
                             db_i(from_s), db_i(to_s));
    if (r != OK)
        return r;
    for (size_t i = 0, n; i < rows.count; i += n) {
        n = run_length(&rows, i);
        struct staff_calendar *c = asked_find(q, db_int(&rows, i, 0));
        if (!c)
            continue;
        c->off_count = n;
        c->off = arena_new_array(w->arena, n, struct span);
        for (size_t k = 0; k < n; k++)
            c->off[k] = (struct span){db_int(&rows, i + k, 1), db_int(&rows, i + k, 2)};
    }
    return OK;
}

enum result team_calendars(struct work *w, const int64_t *staff_ids, size_t count, int64_t from_s,
                           int64_t to_s, struct staff_calendar **ret)
{
    struct asked q = {
        .list = arena_new_array(w->arena, count, struct staff_calendar),
        .count = count,
    };
    for (size_t i = 0; i < count; i++) {
        q.list[i] = (struct staff_calendar){.staff_id = staff_ids[i], .hours_own = true};
        if (i == 0 || staff_ids[i] < q.least)
            q.least = staff_ids[i];
        if (i == 0 || staff_ids[i] > q.most)
            q.most = staff_ids[i];
    }
    enum result r = OK;
    if (count > 0)
        r = read_members(w, &q);
    if (r == OK && count > 0)
        r = read_weekly(w, &q);
    if (r == OK && count > 0)
        r = read_time_off(w, &q, from_s, to_s);
    if (r == OK)
        *ret = q.list;
    return r;
}
