/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* time_off_request: the rows and the rules. See time_off_request.h. */
#include "team/time_off_request.h"

#include "audit/audit.h"
#include "base/app.h"
#include "message/letter.h"

const char *const request_status_names[] = {"pending", "approved", "declined", "withdrawn", NULL};

static enum request_status status_of(struct str name)
{
    for (int i = 0; i < REQUEST_STATUS__MAX; i++)
        if (str_is(name, request_status_names[i]))
            return (enum request_status)i;
    return REQUEST_WITHDRAWN;
}

/* ---- reading ---- */

#define REQUEST                                                                        \
    "SELECT t.id, t.staff_id, r.name, t.start_s, t.end_s, t.reason, t.status, t.note," \
    " t.decided_by, t.decided_s, t.created_s, t.version FROM time_off_request t"       \
    " JOIN resource r ON r.workspace_id = t.workspace_id AND r.id = t.staff_id"        \
    " WHERE t.workspace_id = $1"

static struct time_off_request request_of(const struct db_rows *rows, size_t i)
{
    return (struct time_off_request){
        .id = db_int(rows, i, 0),
        .staff_id = db_int(rows, i, 1),
        .staff_name = db_str(rows, i, 2),
        .start_s = db_int(rows, i, 3),
        .end_s = db_int(rows, i, 4),
        .reason = db_str(rows, i, 5),
        .status = status_of(db_str(rows, i, 6)),
        .note = db_str(rows, i, 7),
        .decided_by = db_str(rows, i, 8),
        .decided_s = db_opt_int(rows, i, 9),
        .created_s = db_int(rows, i, 10),
        .version = db_int(rows, i, 11),
    };
}

enum result request_load(struct work *w, int64_t id, struct time_off_request *ret)
{
    struct db_rows rows;
    enum result r =
        db_one(w->tx, &rows, REQUEST " AND t.id = $2", db_i(w->actor.workspace_id), db_i(id));
    if (r == NOT_FOUND)
        return work_missing(w, "time-off request");
    if (r == OK)
        *ret = request_of(&rows, 0);
    return r;
}

/* Each shape of the question has its index: by person, by state, else by id. */
static enum result query_page(struct work *w, const struct request_range *q, struct db_rows *ret)
{
    if (q->staff_id)
        return db_query(w->tx, ret,
                        REQUEST " AND t.staff_id = $2 AND t.id < $3"
                                " AND ($4 = '' OR t.status = $4) ORDER BY t.id DESC LIMIT $5",
                        db_i(w->actor.workspace_id), db_i(q->staff_id), db_i(q->before_id),
                        db_z(q->status), db_i(q->limit));
    if (*q->status)
        return db_query(
            w->tx, ret, REQUEST " AND t.status = $2 AND t.id < $3 ORDER BY t.id DESC LIMIT $4",
            db_i(w->actor.workspace_id), db_z(q->status), db_i(q->before_id), db_i(q->limit));
    return db_query(w->tx, ret, REQUEST " AND t.id < $2 ORDER BY t.id DESC LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(q->before_id), db_i(q->limit));
}

enum result request_page(struct work *w, const struct request_range *q,
                         struct time_off_request **ret, size_t *ret_count)
{
    struct db_rows rows;
    enum result r = query_page(w, q, &rows);
    if (r != OK)
        return r;
    struct time_off_request *list = arena_new_array(w->arena, rows.count, struct time_off_request);
    for (size_t i = 0; i < rows.count; i++)
        list[i] = request_of(&rows, i);
    *ret = list;
    *ret_count = rows.count;
    return OK;
}

enum result request_bookings(struct work *w, const struct time_off_request *t,
                             struct shape_list *ret)
{
    enum { VISIT_LONGEST_S = SECONDS_PER_DAY }; /* so far back a visit can have begun */
    struct db_rows rows;
    enum result r =
        db_query(w->tx, &rows,
                 "SELECT b.id, b.start_s, b.end_s, c.name FROM booking b"
                 " JOIN client c ON c.workspace_id = b.workspace_id"
                 "  AND c.id = b.client_id"
                 " WHERE b.workspace_id = $1 AND b.staff_id = $2 AND b.start_s >= $3"
                 " AND b.start_s < $4 AND b.end_s > $5"
                 " AND b.status IN ('pending', 'confirmed')"
                 " ORDER BY b.start_s, b.id LIMIT $6",
                 db_i(w->actor.workspace_id), db_i(t->staff_id), db_i(t->start_s - VISIT_LONGEST_S),
                 db_i(t->end_s), db_i(t->start_s), db_i(TIME_OFF_BOOKINGS_SHOWN));
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

/* ---- telling ---- */

static struct letter_business business_of(const struct workspace *ws)
{
    return (struct letter_business){
        .name = ws->name,
        .address = ws->address,
        .phone = ws->phone,
        .reply_to = ws->contact_email,
        .locale = ws->locale,
        .tz = ws->tz,
    };
}

/* An owner who asks for themselves needs no letter about it. */
static enum result tell_owners(struct work *w, const struct workspace *ws,
                               const struct time_off_request *t)
{
    struct letter_business business = business_of(ws);
    struct letter_time_off off = {t->start_s, t->end_s, t->staff_name, t->reason, STR("")};
    struct staff_member *owners;
    size_t count;
    enum result r = team_owners(w, &owners, &count);
    for (size_t i = 0; i < count && r == OK; i++) {
        if (owners[i].email.len == 0 || owners[i].id == t->staff_id)
            continue;
        struct letter_in in = {
            .business = &business,
            .to_name = owners[i].name,
            .to_address = owners[i].email,
            .url = str_printf(w->arena, "%s/app/team?view=requests", w->app->base_url),
            .time_off = &off,
        };
        r = letter_send(w, LETTER_TIME_OFF_REQUESTED, &in, t->id,
                        str_printf(w->arena, "%lld", (long long)owners[i].id));
    }
    return r;
}

static enum result tell_member(struct work *w, const struct workspace *ws,
                               const struct time_off_request *t)
{
    struct letter_business business = business_of(ws);
    struct letter_time_off off = {t->start_s, t->end_s, t->staff_name, t->reason, t->note};
    struct staff_member m;
    enum result r = team_member(w, t->staff_id, &m);
    if (r != OK || m.email.len == 0 || m.user_id == w->actor.user_id)
        return r;
    struct letter_in in = {
        .business = &business,
        .to_name = m.name,
        .to_address = m.email,
        .url = str_printf(w->arena, "%s/staff?view=me", w->app->base_url),
        .time_off = &off,
    };
    return letter_send(
        w, t->status == REQUEST_APPROVED ? LETTER_TIME_OFF_APPROVED : LETTER_TIME_OFF_DECLINED, &in,
        t->id, STR("decided"));
}

/* ---- changing ---- */

static enum result check_free(struct work *w, int64_t start_s, int64_t end_s)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT start_s, end_s FROM time_off_request"
                             " WHERE workspace_id = $1 AND staff_id = $2 AND status = 'pending'"
                             " AND end_s > $3 ORDER BY end_s LIMIT $4",
                             db_i(w->actor.workspace_id), db_i(w->actor.staff_id), db_i(w->now_s),
                             db_i(TIME_OFF_REQUESTS_OPEN));
    if (r != OK)
        return r;
    for (size_t i = 0; i < rows.count; i++)
        if (db_int(&rows, i, 0) < end_s && db_int(&rows, i, 1) > start_s)
            return problem_set(w->problem, CONFLICT, "already_exists",
                               "You have asked for part of this time already. Withdraw that "
                               "request first.");
    if (rows.count >= TIME_OFF_REQUESTS_OPEN)
        return problem_set(w->problem, CONFLICT, "limit_reached",
                           "%d requests wait for an answer already. Withdraw one first.",
                           TIME_OFF_REQUESTS_OPEN);
    return OK;
}

static enum result write_audit(struct work *w, const struct time_off_request *t, const char *action,
                               struct str before)
{
    struct audit a;
    audit_begin(&a, w, "time_off_request", t->id, action);
    audit_staff(&a, t->staff_id, 0);
    audit_str(&a, "status", before, str_of(request_status_names[t->status]));
    if (!before.ptr) {
        audit_str(&a, "staff", before, t->staff_name);
        audit_instant(&a, "start", (struct opt_int){0}, some_int(t->start_s));
        audit_instant(&a, "end", (struct opt_int){0}, some_int(t->end_s));
        audit_str(&a, "reason", STR(""), t->reason);
    }
    audit_str(&a, "note", STR(""), t->note);
    return audit_end(&a);
}

enum result request_make(struct work *w, const struct workspace *ws, int64_t start_s, int64_t end_s,
                         struct str reason, struct time_off_request *ret)
{
    enum result r = time_off_check(w, start_s, end_s);
    if (r == OK && end_s <= w->now_s)
        r = problem_field(w->problem, "end", "in_the_past",
                          "This time is over. Ask the owner to note it in your hours.");
    if (r == OK)
        r = check_free(w, start_s, end_s);
    if (r != OK)
        return r;
    int64_t id = env_id(w->env);
    r = db_exec(w->tx,
                "INSERT INTO time_off_request"
                " (workspace_id, id, staff_id, start_s, end_s, reason, status, created_s)"
                " VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7)",
                db_i(w->actor.workspace_id), db_i(id), db_i(w->actor.staff_id), db_i(start_s),
                db_i(end_s), db_s(reason), db_i(w->now_s));
    if (r == OK)
        r = request_load(w, id, ret);
    if (r == OK)
        r = write_audit(w, ret, "requested", (struct str){0});
    return r == OK ? tell_owners(w, ws, ret) : r;
}

static enum result refuse(struct work *w, const struct time_off_request *t, const char *verb)
{
    return problem_set(w->problem, CONFLICT, "invalid_transition",
                       "This request is %s already, so it cannot be %s.",
                       request_status_names[t->status], verb);
}

static enum result write_status(struct work *w, struct time_off_request *t, enum request_status to,
                                struct str note)
{
    struct str before = str_of(request_status_names[t->status]);
    bool decided = to != REQUEST_WITHDRAWN;
    enum result r = db_exec(
        w->tx,
        "UPDATE time_off_request SET status = $3, note = $4, decided_by = $5, decided_s = $6,"
        " version = version + 1 WHERE workspace_id = $1 AND id = $2",
        db_i(w->actor.workspace_id), db_i(t->id), db_z(request_status_names[to]), db_s(note),
        decided ? db_s(w->actor.name) : db_null(), decided ? db_i(w->now_s) : db_null());
    if (r == OK)
        r = request_load(w, t->id, t);
    return r == OK ? write_audit(w, t, request_status_names[to], before) : r;
}

enum result request_decide(struct work *w, const struct workspace *ws, struct time_off_request *t,
                           enum request_status to, struct str note)
{
    enum result r = OK;
    if (t->status == to)
        return OK;
    if (t->status != REQUEST_PENDING)
        return refuse(w, t, request_status_names[to]);
    if (to == REQUEST_APPROVED) {
        struct time_off off = {
            .start = some_int(t->start_s), .end = some_int(t->end_s), .reason = t->reason};
        r = time_off_add(w, t->staff_id, &off);
    }
    if (r == OK)
        r = write_status(w, t, to, note);
    return r == OK ? tell_member(w, ws, t) : r;
}

enum result request_withdraw(struct work *w, struct time_off_request *t)
{
    if (t->status == REQUEST_WITHDRAWN)
        return OK;
    if (t->status != REQUEST_PENDING)
        return refuse(w, t, "withdrawn");
    return write_status(w, t, REQUEST_WITHDRAWN, STR(""));
}
