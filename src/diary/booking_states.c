/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* booking_states: confirm, start, cancel, restore, complete, no-show: each checks the state, moves
 * holds and stock, and writes what happened. See booking.h. */
#include "audit/audit.h"
#include "base/seeded.h"
#include "diary/booking_parts.h"
#include "diary/gates.h"
#include "message/outbox.h"

#include <string.h>

enum result booking_refuse_transition(struct work *w, const struct booking *b, const char *verb)
{
    static const char *const words[] = {"pending", "confirmed", "cancelled", "completed",
                                        "no-show"};
    static const char *const next[] = {
        "Confirm or cancel it.", "Complete, cancel or move it.",
        "Restore it first.",     "It is finished.",
        "It is finished.",
    };
    return problem_set(w->problem, CONFLICT, "invalid_transition", "A %s booking cannot be %s. %s",
                       words[b->status], verb, next[b->status]);
}

static bool is_open(const struct booking *b)
{
    return b->status == BOOKING_PENDING || b->status == BOOKING_CONFIRMED;
}

size_t booking_reserved(struct work *w, const struct booking *b, struct stock_line **ret)
{
    struct stock_line *lines = arena_new_array(w->arena, b->material_count + 1, struct stock_line);
    size_t n = 0;
    for (size_t i = 0; i < b->material_count; i++)
        if (b->materials[i].quantity > 0)
            lines[n++] = (struct stock_line){b->materials[i].item_id, b->materials[i].quantity};
    *ret = lines;
    return n;
}

/* Writes the new state and what was counted up, with one audit event. `told`: the client is told,
 * so the revision rises. */
static enum result write_state(struct work *w, struct booking *b, enum booking_status to,
                               const char *action, bool told)
{
    struct str before = str_of(booking_status_names[b->status]);
    bool cancelled = to == BOOKING_CANCELLED;
    enum result res = db_exec(
        w->tx,
        "UPDATE booking SET status = $3, cancelled_from = $4, cancelled_by = $5, cancelled_s = $6, stock_step = $7,"
        " revision = revision + $8, started_s = $9, version = version + 1 WHERE workspace_id = $1 AND id = $2",
        db_i(w->actor.workspace_id), db_i(b->id), db_z(booking_status_names[to]),
        cancelled ? db_s(before) : db_null(), cancelled ? db_s(b->cancelled_by) : db_null(),
        cancelled ? db_i(w->now_s) : db_null(), db_i(b->stock_step), db_i(told),
        to == BOOKING_CANCELLED || to == BOOKING_NO_SHOW ? db_null() : db_opt(b->started_s));
    if (res != OK)
        return res;
    struct audit a;
    audit_begin(&a, w, "booking", b->id, action);
    audit_staff(&a, b->staff_id, 0);
    audit_str(&a, "status", before, str_of(booking_status_names[to]));
    return audit_end(&a);
}

static enum result drop_holds(struct work *w, const struct booking *b)
{
    return db_exec(
        w->tx,
        "UPDATE hold SET active = 0 WHERE workspace_id = $1 AND booking_id = $2 AND active = 1",
        db_i(w->actor.workspace_id), db_i(b->id));
}

static enum result release_stock(struct work *w, struct booking *b)
{
    struct stock_line *lines;
    size_t n = booking_reserved(w, b, &lines);
    b->stock_step++;
    if (SEEDED(RELEASE_FORGOTTEN))
        return OK;
    enum result res = stock_release(w, b->id, b->stock_step, lines, n);
    if (SEEDED(RELEASE_TWICE) && res == OK)
        res = stock_release(w, b->id, ++b->stock_step, lines, n);
    return res;
}

enum result booking_confirm(struct work *w, const struct workspace *ws, struct booking *b,
                            bool quiet)
{
    if (b->status == BOOKING_CONFIRMED)
        return OK;
    if (b->status != BOOKING_PENDING)
        return booking_refuse_transition(w, b, "confirmed");
    enum result res = write_state(w, b, BOOKING_CONFIRMED, "confirmed", true);
    if (res == OK)
        res = booking_load(w, b->id, b);
    if (res == OK)
        res = booking_tell(w, ws, b, TELL_CONFIRMED, 0, quiet);
    return res == OK ? booking_settle(w, b) : res;
}

enum result booking_start(struct work *w, struct booking *b)
{
    if (!is_open(b))
        return booking_refuse_transition(w, b, "started");
    if (b->started_s.set)
        return OK;
    enum result res = booking_require_gates(w, b);
    if (res != OK)
        return res;
    res = db_exec(w->tx,
                  "UPDATE booking SET started_s = $3, version = version + 1"
                  " WHERE workspace_id = $1 AND id = $2",
                  db_i(w->actor.workspace_id), db_i(b->id), db_i(w->now_s));
    if (res != OK)
        return res;
    struct audit a;
    audit_begin(&a, w, "booking", b->id, "started");
    audit_instant(&a, "started_at", b->started_s, some_int(w->now_s));
    res = audit_end(&a);
    return res == OK ? booking_load(w, b->id, b) : res;
}

enum result booking_cancel(struct work *w, const struct workspace *ws, struct booking *b,
                           bool by_client, bool quiet)
{
    if (!is_open(b))
        return booking_refuse_transition(w, b, "cancelled");
    b->cancelled_by = by_client ? STR("client") : STR("staff");
    enum result res = drop_holds(w, b);
    if (res == OK)
        res = release_stock(w, b);
    if (res == OK)
        res = write_state(w, b, BOOKING_CANCELLED, "cancelled", true);
    if (res == OK)
        res = booking_load(w, b->id, b);
    if (res == OK)
        res = booking_tell(w, ws, b, TELL_CANCELLED, 0, quiet);
    return res == OK ? booking_settle(w, b) : res;
}

enum result booking_withdraw(struct work *w, struct booking *b)
{
    if (!is_open(b))
        return booking_refuse_transition(w, b, "cancelled");
    b->cancelled_by = STR("staff");
    enum result res = drop_holds(w, b);
    if (res == OK)
        res = release_stock(w, b);
    if (res == OK)
        res = write_state(w, b, BOOKING_CANCELLED, "cancelled", false);
    if (res == OK)
        res = booking_load(w, b->id, b);
    if (res == OK)
        res = outbox_supersede(w, b->id, true);
    return res == OK ? booking_settle(w, b) : res;
}

enum result booking_refuse_person(struct work *w, const struct booking *b, enum result res)
{
    if (res != INVALID || w->problem->field_count == 0 ||
        strcmp(w->problem->fields[0].path, "staff_id") != 0)
        return res;
    problem_clear(w->problem);
    return problem_set(w->problem, CONFLICT, "slot_taken",
                       "%s does not perform this any more. Book it anew.",
                       str_z(w->arena, b->staff_name));
}

/* The same person at the same time, whatever the hours and the menu say by now; rooms are assigned
 * anew, since another visit may have taken the old one. */
enum result booking_restore(struct work *w, const struct workspace *ws, struct booking *b,
                            bool quiet)
{
    if (b->status != BOOKING_CANCELLED)
        return booking_refuse_transition(w, b, "restored");
    if (b->client.erased_s.set)
        return problem_set(w->problem, CONFLICT, "client_erased",
                           "This client's data was erased, so nobody would come. Book it anew for "
                           "whoever does.");
    struct visit v;
    enum result res = booking_refuse_person(w, b, booking_visit(w, ws, b, b->staff_id, &v));
    if (res != OK)
        return res;
    struct place place;
    struct place_ask where = {
        .start_s = b->start_s, .judge = 0, .except_booking_id = b->id, .offer_nearest = true};
    res = booking_find_place(w, &v, &where, &place);
    if (res == OK)
        res = booking_hold(w, b->id, &v, &place);
    struct stock_line *lines;
    size_t n = booking_reserved(w, b, &lines);
    b->stock_step++;
    if (res == OK)
        res = stock_reserve(w, b->id, b->stock_step, lines, n);
    if (res == OK)
        res = write_state(w, b, b->cancelled_from, "restored", true);
    if (res == OK)
        res = booking_load(w, b->id, b);
    if (res == OK && visit_is_gated(&v))
        res = booking_check_gates(w, b, false);
    if (res == OK)
        res = booking_tell(w, ws, b, TELL_RESTORED, 0, quiet);
    return res == OK ? booking_settle(w, b) : res;
}

static enum result write_used(struct work *w, const struct booking *b,
                              const struct stock_line *used, size_t used_count)
{
    enum result res = db_exec(
        w->tx, "UPDATE booking_material SET used = 0 WHERE workspace_id = $1 AND booking_id = $2",
        db_i(w->actor.workspace_id), db_i(b->id));
    for (size_t i = 0; i < used_count && res == OK; i++)
        res = db_exec(
            w->tx,
            "INSERT INTO booking_material (workspace_id, booking_id, item_id, quantity, used)"
            " VALUES ($1, $2, $3, 0, $4)"
            " ON CONFLICT (workspace_id, booking_id, item_id) DO UPDATE SET used = excluded.used",
            db_i(w->actor.workspace_id), db_i(b->id), db_i(used[i].item_id),
            db_i(used[i].quantity));
    return res;
}

enum result booking_complete(struct work *w, struct booking *b, const struct stock_line *used,
                             size_t used_count)
{
    if (!is_open(b))
        return booking_refuse_transition(w, b, "completed");
    enum result res = booking_require_gates(w, b);
    if (res != OK)
        return res;
    struct stock_line *reserved;
    size_t n = booking_reserved(w, b, &reserved);
    if (!used || b->client.sample) { /* of a sample client nothing is used, whatever is said */
        used = reserved;
        used_count = n;
    }
    b->stock_step++;
    res = stock_consume(w, b->id, b->stock_step, reserved, n, used, used_count);
    if (res == OK)
        res = write_used(w, b, used, used_count);
    if (res == OK)
        res = write_state(w, b, BOOKING_COMPLETED, "completed", false);
    if (res == OK)
        res = booking_load(w, b->id, b);
    return res == OK ? booking_settle(w, b) : res;
}

enum result booking_no_show(struct work *w, struct booking *b)
{
    if (!is_open(b))
        return booking_refuse_transition(w, b, "marked as a no-show");
    enum result res = drop_holds(w, b);
    if (res == OK)
        res = release_stock(w, b);
    if (res == OK)
        res = write_state(w, b, BOOKING_NO_SHOW, "no_show", false);
    if (res == OK)
        res = booking_load(w, b->id, b);
    return res == OK ? booking_settle(w, b) : res;
}

enum result booking_test_result(struct work *w, struct booking *b, bool passed)
{
    if (!b->is_test)
        return problem_field(w->problem, "test_result", "not_a_test",
                             "No service of this visit is a patch test of another.");
    if (b->status != BOOKING_COMPLETED)
        return problem_set(w->problem, CONFLICT, "invalid_transition",
                           "A test has a result once it is completed. Complete it first.");
    if (str_is(b->test_result, passed ? "passed" : "failed"))
        return OK;
    enum result res =
        db_exec(w->tx,
                "UPDATE booking SET test_result = $3, version = version + 1"
                " WHERE workspace_id = $1 AND id = $2",
                db_i(w->actor.workspace_id), db_i(b->id), db_z(passed ? "passed" : "failed"));
    if (res != OK)
        return res;
    struct audit a;
    audit_begin(&a, w, "booking", b->id, "tested");
    audit_staff(&a, b->staff_id, 0);
    audit_note(&a, "test_result", "written down"); /* which it was is the client's own affair */
    res = audit_end(&a);
    if (res == OK)
        res = gate_review(w, b->client_id, NULL);
    return res == OK ? booking_load(w, b->id, b) : res;
}
