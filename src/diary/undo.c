/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* undo: see undo.h. */
#include "diary/undo.h"

#include "audit/audit.h"
#include "diary/booking_parts.h"
#include "diary/gates.h"
#include "job/job.h"
#include "message/outbox.h"

enum { HOLDS_TEXT_MAX = 16 * 1024 };

static bool is_open(enum booking_status s)
{
    return s == BOOKING_PENDING || s == BOOKING_CONFIRMED;
}

static bool holds_its_time(enum booking_status s)
{
    return is_open(s) || s == BOOKING_COMPLETED;
}

/* ---- keeping ---- */

static struct str holds_text(struct arena *a, const struct held *holds, size_t count)
{
    struct buf text;
    buf_init(&text, HOLDS_TEXT_MAX);
    for (size_t i = 0; i < count; i++) {
        buf_int(&text, holds[i].resource_id);
        buf_byte(&text, ' ');
        buf_int(&text, holds[i].at.from_s);
        buf_byte(&text, ' ');
        buf_int(&text, holds[i].at.to_s);
        buf_byte(&text, ' ');
    }
    struct str s = str_copy(a, buf_view(&text));
    buf_done(&text);
    return s;
}

static enum result holds_of(struct work *w, int64_t booking_id, struct str *ret)
{
    struct held *holds;
    size_t count;
    enum result res = booking_holds(w, booking_id, &holds, &count);
    if (res == OK)
        *ret = holds_text(w->arena, holds, count);
    return res;
}

/* Our own text: numbers, each with a space behind it. */
static int64_t next_number(struct str *text)
{
    int64_t n = 0;
    bool negative = text->len && *text->ptr == '-';
    size_t i = negative;
    while (i < text->len && text->ptr[i] != ' ')
        n = n * 10 + (text->ptr[i++] - '0');
    text->ptr += i + 1;
    text->len -= i + 1;
    return negative ? -n : n;
}

static size_t read_holds(struct arena *a, struct str text, struct held **ret)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == ' ';
    n /= 3;
    *ret = arena_new_array(a, n + 1, struct held);
    for (size_t i = 0; i < n; i++) {
        (*ret)[i].resource_id = next_number(&text);
        (*ret)[i].at.from_s = next_number(&text);
        (*ret)[i].at.to_s = next_number(&text);
    }
    return n;
}

enum result undo_mark(struct work *w, const struct booking *b, struct undo_point *ret)
{
    *ret = (struct undo_point){.before = *b};
    return holds_of(w, b->id, &ret->holds);
}

static enum result remove_expired(struct work *w)
{
    return db_exec(w->tx, "DELETE FROM booking_undo WHERE workspace_id = $1 AND at_s < $2",
                   db_i(w->actor.workspace_id), db_i(w->now_s - UNDO_LIFE_S));
}

static bool same_details(const struct client *x, const struct client *y)
{
    return str_eq(x->name, y->name) && str_eq(x->phone, y->phone) && str_eq(x->email, y->email) &&
           !x->email.ptr == !y->email.ptr;
}

enum result undo_keep(struct work *w, const struct undo_point *from, const struct booking *after,
                      const char *action)
{
    const struct booking *b = &from->before;
    if (after->version == b->version)
        return OK;
    bool corrected = after->client_id == b->client_id && !same_details(&b->client, &after->client);
    bool cancelled = b->status == BOOKING_CANCELLED;
    enum result res = remove_expired(w);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM booking_undo WHERE workspace_id = $1 AND booking_id = $2",
                      db_i(w->actor.workspace_id), db_i(b->id));
    return res == OK
               ? db_exec(
                     w->tx,
                     "INSERT INTO booking_undo (workspace_id, booking_id, version, at_s, action,"
                     " client_id, staff_id, status, start_s, end_s, outer_from_s, outer_to_s, notes,"
                     " cancelled_from, cancelled_by, cancelled_s, started_s, test_result, holds,"
                     " client_name, client_email, client_phone, client_version)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
                     " $17, $18, $19, $20, $21, $22, $23)",
                     db_i(w->actor.workspace_id), db_i(b->id), db_i(after->version), db_i(w->now_s),
                     db_z(action), db_i(b->client_id), db_i(b->staff_id),
                     db_z(booking_status_names[b->status]), db_i(b->start_s), db_i(b->end_s),
                     db_i(b->outer_from_s), db_i(b->outer_to_s), db_s(b->notes),
                     cancelled ? db_z(booking_status_names[b->cancelled_from]) : db_null(),
                     cancelled ? db_s(b->cancelled_by) : db_null(), db_opt(b->cancelled_s),
                     db_opt(b->started_s), db_s(b->test_result), db_s(from->holds),
                     corrected ? db_s(b->client.name) : db_null(),
                     corrected ? db_s(b->client.email) : db_null(),
                     corrected ? db_s(b->client.phone) : db_null(),
                     corrected ? db_i(after->client.version) : db_null())
               : res;
}

/* ---- what there is to take back ---- */

struct way_back {
    struct booking to; /* the booking, with the fields that change as they were */
    struct str action, holds;
    struct str client_name, client_email, client_phone;
    struct opt_int client_version; /* set: the client's details go back too */
};

/* NOT_FOUND without words. */
static enum result load(struct work *w, const struct booking *b, struct way_back *ret)
{
    struct db_rows r;
    enum result res = db_one(
        w->tx, &r,
        "SELECT action, client_id, staff_id, status, start_s, end_s, outer_from_s, outer_to_s,"
        " notes, cancelled_from, cancelled_by, cancelled_s, started_s, test_result, holds,"
        " client_name, client_email, client_phone, client_version FROM booking_undo"
        " WHERE workspace_id = $1 AND booking_id = $2 AND version = $3 AND at_s >= $4",
        db_i(w->actor.workspace_id), db_i(b->id), db_i(b->version), db_i(w->now_s - UNDO_LIFE_S));
    if (res != OK)
        return res;
    *ret = (struct way_back){
        .to = *b,
        .action = db_str(&r, 0, 0),
        .holds = db_str(&r, 0, 14),
        .client_name = db_str(&r, 0, 15),
        .client_email = db_str(&r, 0, 16),
        .client_phone = db_str(&r, 0, 17),
        .client_version = db_opt_int(&r, 0, 18),
    };
    struct booking *to = &ret->to;
    to->client_id = db_int(&r, 0, 1);
    to->staff_id = db_int(&r, 0, 2);
    to->status = booking_status_of(db_str(&r, 0, 3));
    to->start_s = db_int(&r, 0, 4);
    to->end_s = db_int(&r, 0, 5);
    to->outer_from_s = db_int(&r, 0, 6);
    to->outer_to_s = db_int(&r, 0, 7);
    to->notes = db_str(&r, 0, 8);
    to->cancelled_from = booking_status_of(db_str(&r, 0, 9));
    to->cancelled_by = db_str(&r, 0, 10);
    to->cancelled_s = db_opt_int(&r, 0, 11);
    to->started_s = db_opt_int(&r, 0, 12);
    to->test_result = db_str(&r, 0, 13);
    return OK;
}

enum result undo_possible(struct work *w, const struct booking *b, bool *ret)
{
    struct way_back back;
    enum result res = load(w, b, &back);
    *ret = res == OK && !b->client.erased_s.set;
    return res == NOT_FOUND ? OK : res;
}

static enum result refuse(struct work *w, const char *why)
{
    return problem_set(w->problem, CONFLICT, "invalid_transition", "%s", why);
}

static enum result find_way_back(struct work *w, const struct booking *b, int64_t version,
                                 struct way_back *ret)
{
    struct client was;
    if (version != b->version)
        return refuse(w, "The visit has been changed since. Look at it again.");
    enum result res = load(w, b, ret);
    if (res == NOT_FOUND)
        return refuse(w, "There is no change left to take back: that is possible for a day, and "
                         "until something else happens to the visit.");
    if (res == OK && b->client.erased_s.set)
        return problem_set(w->problem, CONFLICT, "client_erased",
                           "This client's data was erased, and nothing of it comes back.");
    if (res == OK && ret->to.client_id != b->client_id)
        res = client_load_known(w, ret->to.client_id, &was);
    if (res == OK && ret->client_version.set && ret->client_version.value != b->client.version)
        return refuse(w,
                      "The client's details have been changed again since. Change them by hand.");
    return res;
}

/* ---- going back ---- */

static enum result insert_held(struct work *w, const struct booking *b, const struct held *holds,
                               size_t count, bool active)
{
    enum result res = db_exec(w->tx, "DELETE FROM hold WHERE workspace_id = $1 AND booking_id = $2",
                              db_i(w->actor.workspace_id), db_i(b->id));
    for (size_t i = 0; i < count && res == OK; i++)
        res = db_exec(w->tx,
                      "INSERT INTO hold (workspace_id, resource_id, start_s, id, end_s, booking_id,"
                      " active) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                      db_i(w->actor.workspace_id), db_i(holds[i].resource_id),
                      db_i(holds[i].at.from_s), db_i(env_id(w->env)), db_i(holds[i].at.to_s),
                      db_i(b->id), db_i(active));
    return res;
}

/* Its person and time again; in its rooms where they are free, else in others that do as well. */
static enum result take_place(struct work *w, const struct workspace *ws, const struct booking *to,
                              const struct held *holds, size_t count)
{
    struct place place;
    struct place_ask where = {.start_s = to->start_s, .except_booking_id = to->id};
    enum result res = CONFLICT;
    for (int others = 0; others < 2 && res == CONFLICT; others++) {
        struct visit v;
        problem_clear(w->problem);
        where.offer_nearest = others == 1;
        res = booking_refuse_person(
            w, to, booking_visit_as_held(w, ws, to, holds, count, others == 0, &v));
        if (res != OK)
            return res;
        res = booking_find_place(w, &v, &where, &place);
        if (res == OK)
            res = booking_hold(w, to->id, &v, &place);
    }
    return res;
}

static enum result place_back(struct work *w, const struct workspace *ws, const struct booking *b,
                              const struct way_back *back)
{
    struct held *holds;
    struct str now;
    enum result res = holds_of(w, b->id, &now);
    if (res != OK)
        return res;
    size_t count = read_holds(w->arena, back->holds, &holds);
    bool was = holds_its_time(back->to.status), is = holds_its_time(b->status);
    if (was == is && str_eq(now, back->holds))
        return OK;
    return was ? take_place(w, ws, &back->to, holds, count)
               : insert_held(w, b, holds, count, false);
}

static size_t used_lines(struct work *w, const struct booking *b, struct stock_line **ret)
{
    struct stock_line *lines = arena_new_array(w->arena, b->material_count + 1, struct stock_line);
    size_t n = 0;
    for (size_t i = 0; i < b->material_count; i++)
        if (b->materials[i].used.value > 0)
            lines[n++] = (struct stock_line){b->materials[i].item_id, b->materials[i].used.value};
    *ret = lines;
    return n;
}

/* What completing it wrote down. */
static enum result forget_used(struct work *w, const struct booking *b)
{
    enum result res =
        db_exec(w->tx,
                "DELETE FROM booking_material WHERE workspace_id = $1 AND booking_id = $2"
                " AND quantity = 0",
                db_i(w->actor.workspace_id), db_i(b->id));
    return res == OK ? db_exec(w->tx,
                               "UPDATE booking_material SET used = NULL"
                               " WHERE workspace_id = $1 AND booking_id = $2",
                               db_i(w->actor.workspace_id), db_i(b->id))
                     : res;
}

static enum result stock_back(struct work *w, const struct booking *b, struct booking *to)
{
    bool was = is_open(to->status), is = is_open(b->status);
    if (was == is)
        return OK;
    struct stock_line *reserved, *used;
    size_t n = booking_reserved(w, b, &reserved), m = used_lines(w, b, &used);
    to->stock_step++;
    if (!was)
        return stock_release(w, b->id, to->stock_step, reserved, n);
    if (b->status != BOOKING_COMPLETED)
        return stock_reserve(w, b->id, to->stock_step, reserved, n);
    enum result res = stock_unconsume(w, b->id, to->stock_step, reserved, n, used, m);
    return res == OK ? forget_used(w, b) : res;
}

static enum result write_back(struct work *w, const struct booking *to)
{
    bool cancelled = to->status == BOOKING_CANCELLED;
    return db_exec(
        w->tx,
        "UPDATE booking SET client_id = $3, staff_id = $4, status = $5, start_s = $6, end_s = $7,"
        " outer_from_s = $8, outer_to_s = $9, notes = $10, cancelled_from = $11,"
        " cancelled_by = $12, cancelled_s = $13, started_s = $14, test_result = $15,"
        " stock_step = $16, revision = revision + 1, version = version + 1"
        " WHERE workspace_id = $1 AND id = $2",
        db_i(w->actor.workspace_id), db_i(to->id), db_i(to->client_id), db_i(to->staff_id),
        db_z(booking_status_names[to->status]), db_i(to->start_s), db_i(to->end_s),
        db_i(to->outer_from_s), db_i(to->outer_to_s), db_s(to->notes),
        cancelled ? db_z(booking_status_names[to->cancelled_from]) : db_null(),
        cancelled ? db_s(to->cancelled_by) : db_null(),
        cancelled ? db_opt(to->cancelled_s) : db_null(), db_opt(to->started_s),
        db_s(to->test_result), db_i(to->stock_step));
}

static enum result details_back(struct work *w, const struct way_back *back)
{
    if (!back->client_version.set)
        return OK;
    struct client_in in = {.name = back->client_name,
                           .email = back->client_email,
                           .phone = back->client_phone,
                           .email_null = !back->client_email.ptr};
    return client_change(NULL, w, back->to.client_id, &in);
}

static enum result audit_undone(struct work *w, const struct booking *before,
                                const struct booking *after, struct str action)
{
    struct audit a;
    bool other = before->staff_id != after->staff_id;
    audit_begin(&a, w, "booking", after->id, "undone");
    audit_staff(&a, after->staff_id, other ? before->staff_id : 0);
    audit_str(&a, "undone", (struct str){0}, action);
    audit_str(&a, "status", str_of(booking_status_names[before->status]),
              str_of(booking_status_names[after->status]));
    audit_instant(&a, "start", some_int(before->start_s), some_int(after->start_s));
    audit_instant(&a, "end", some_int(before->end_s), some_int(after->end_s));
    audit_str(&a, "staff", before->staff_name, after->staff_name);
    audit_instant(&a, "started_at", before->started_s, after->started_s);
    audit_str(&a, "client_id", str_printf(w->arena, "%lld", (long long)before->client_id),
              str_printf(w->arena, "%lld", (long long)after->client_id));
    audit_str(&a, "notes", before->notes, after->notes);
    return audit_end(&a);
}

/* Nobody was told that a visit is done or that somebody did not come; and there is no letter that
 * takes back a confirmation. */
static enum result tell_back(struct work *w, const struct workspace *ws, const struct booking *was,
                             struct booking *b, bool quiet)
{
    bool handed = b->client_id != was->client_id || !str_eq(b->client.email, was->client.email);
    bool moved = b->start_s != was->start_s || b->staff_id != was->staff_id;
    if (handed)
        return booking_hand_over(w, ws, b, quiet);
    if (was->status == BOOKING_CANCELLED && is_open(b->status))
        return booking_tell(w, ws, b, TELL_RESTORED, 0, quiet);
    if (is_open(was->status) && b->status == BOOKING_CANCELLED)
        return booking_tell(w, ws, b, TELL_CANCELLED, 0, quiet);
    if (is_open(b->status) && moved)
        return booking_tell(w, ws, b, TELL_RESCHEDULED, was->start_s, quiet);
    return OK;
}

static enum result check_gates(struct work *w, const struct booking *was, const struct booking *b)
{
    bool back_in = !is_open(was->status) || b->start_s != was->start_s;
    return is_open(b->status) && back_in ? booking_check_gates(w, b, false) : OK;
}

static enum result forget(struct work *w, const struct booking *b)
{
    return db_exec(w->tx, "DELETE FROM booking_undo WHERE workspace_id = $1 AND booking_id = $2",
                   db_i(w->actor.workspace_id), db_i(b->id));
}

/* Once all is as it was: who else has to know. */
static enum result tidy(struct work *w, const struct workspace *ws, const struct booking *was,
                        struct booking *b, struct str action, bool quiet)
{
    enum result res = check_gates(w, was, b);
    if (res == OK)
        res = audit_undone(w, was, b, action);
    if (res == OK && was->client_id != b->client_id)
        res = gate_review(w, was->client_id, NULL);
    if (res == OK)
        res = tell_back(w, ws, was, b, quiet);
    if (res == OK && was->status == BOOKING_COMPLETED && b->status != BOOKING_COMPLETED)
        res = job_drop(w, "follow_up", b->id, (struct str){0}); /* nobody is thanked for it */
    return res == OK ? booking_settle(w, b) : res;
}

enum result booking_undo(struct work *w, const struct workspace *ws, struct booking *b,
                         int64_t version, bool quiet)
{
    struct way_back back;
    struct booking was = *b;
    enum result res = find_way_back(w, b, version, &back);
    if (res != OK)
        return res;
    struct booking *to = &back.to;
    int64_t longer_s = (to->end_s - to->start_s) - (b->end_s - b->start_s);
    res = place_back(w, ws, b, &back);
    if (res == OK)
        res = stock_back(w, b, to);
    if (res == OK)
        res = write_back(w, to);
    if (res == OK && longer_s)
        res = booking_lengthen(w, b, longer_s);
    if (res == OK)
        res = details_back(w, &back);
    if (res == OK)
        res = forget(w, b);
    if (res == OK)
        res = booking_load(w, b->id, b);
    return res == OK ? tidy(w, ws, &was, b, back.action, quiet) : res;
}

/* ---- do not tell ---- */

enum result booking_hush(struct work *w, const struct booking *b, int64_t version)
{
    int64_t stopped;
    if (version != b->version)
        return refuse(w, "The visit has been changed since. Look at it again.");
    enum result res = outbox_hush(w, b->id, &stopped);
    if (res == OK && stopped == 0)
        return refuse(w, "The letters of this change have gone already, or there were none.");
    return res == OK ? audit_action(w, "booking", b->id, "hushed") : res;
}
