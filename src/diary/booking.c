/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* booking: reading a booking, making one, moving one. Its states are in booking_states.c, its
 * messages in booking_tell.c. See booking.h. */
#include "diary/booking.h"

#include "audit/audit.h"
#include "db/split.h"
#include "diary/booking_parts.h"
#include "diary/gates.h"
#include "diary/pick.h"
#include "form/form.h"

#include <string.h>

const char *const booking_status_names[] = {"pending",   "confirmed", "cancelled",
                                            "completed", "no_show",   NULL};

enum booking_status booking_status_of(struct str name)
{
    for (int i = 0; i < BOOKING_STATUS__MAX; i++)
        if (str_is(name, booking_status_names[i]))
            return (enum booking_status)i;
    return BOOKING_PENDING;
}

/* ---- reading ---- */

static enum result load_services(struct work *w, struct booking *b)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT service_id, name, duration_min, price FROM booking_service"
                               " WHERE workspace_id = $1 AND booking_id = $2 ORDER BY position",
                               db_i(w->actor.workspace_id), db_i(b->id));
    if (res != OK)
        return res;
    b->service_count = r.count;
    b->services = arena_new_array(w->arena, r.count + 1, struct booked_service);
    for (size_t i = 0; i < r.count; i++)
        b->services[i] = (struct booked_service){db_int(&r, i, 0), db_str(&r, i, 1),
                                                 (int)db_int(&r, i, 2), db_int(&r, i, 3)};
    return OK;
}

static enum result load_materials(struct work *w, struct booking *b)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT m.item_id, i.name, i.unit, m.quantity, m.used FROM booking_material m"
                 " JOIN item i ON i.workspace_id = m.workspace_id AND i.id = m.item_id"
                 " WHERE m.workspace_id = $1 AND m.booking_id = $2 ORDER BY m.item_id",
                 db_i(w->actor.workspace_id), db_i(b->id));
    if (res != OK)
        return res;
    b->material_count = r.count;
    b->materials = arena_new_array(w->arena, r.count + 1, struct booked_material);
    for (size_t i = 0; i < r.count; i++)
        b->materials[i] =
            (struct booked_material){db_int(&r, i, 0), db_str(&r, i, 1), db_str(&r, i, 2),
                                     db_int(&r, i, 3), db_opt_int(&r, i, 4)};
    return OK;
}

/* Rooms and devices, also those that a cancelled booking held. */
static enum result load_things(struct work *w, struct booking *b)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT DISTINCT h.resource_id, r.name FROM hold h"
        " JOIN resource r ON r.workspace_id = h.workspace_id AND r.id = h.resource_id"
        " WHERE h.workspace_id = $1 AND h.booking_id = $2 AND r.kind <> 'person' ORDER BY h.resource_id",
        db_i(w->actor.workspace_id), db_i(b->id));
    if (res != OK)
        return res;
    b->thing_count = r.count;
    b->things = arena_new_array(w->arena, r.count + 1, struct booked_thing);
    for (size_t i = 0; i < r.count; i++)
        b->things[i] = (struct booked_thing){db_int(&r, i, 0), db_str(&r, i, 1)};
    return OK;
}

enum result booking_load(struct work *w, int64_t id, struct booking *ret)
{
    struct db_rows r;
    enum result res = db_one(
        w->tx, &r,
        "SELECT b.client_id, b.staff_id, b.status, b.start_s, b.end_s, b.outer_from_s, b.outer_to_s, b.price, b.notes,"
        " b.source, b.cancelled_from, b.cancelled_by, b.cancelled_s, b.revision, b.stock_step, b.version, b.created_s,"
        " r.name, b.started_s, b.made_start_s, b.made_staff_id, b.gates_unmet, b.test_result,"
        " EXISTS (SELECT 1 FROM booking_service x JOIN service_require q ON q.workspace_id = x.workspace_id AND q.required_id = x.service_id"
        "  WHERE x.workspace_id = b.workspace_id AND x.booking_id = b.id AND q.kind = 'patch_test')"
        " FROM booking b JOIN resource r ON r.workspace_id = b.workspace_id AND r.id = b.staff_id"
        " WHERE b.workspace_id = $1 AND b.id = $2",
        db_i(w->actor.workspace_id), db_i(id));
    if (res == NOT_FOUND)
        return work_missing(w, "booking");
    if (res != OK)
        return res;
    struct booking b = {
        .id = id,
        .client_id = db_int(&r, 0, 0),
        .staff_id = db_int(&r, 0, 1),
        .status = booking_status_of(db_str(&r, 0, 2)),
        .start_s = db_int(&r, 0, 3),
        .end_s = db_int(&r, 0, 4),
        .outer_from_s = db_int(&r, 0, 5),
        .outer_to_s = db_int(&r, 0, 6),
        .price = db_int(&r, 0, 7),
        .notes = db_str(&r, 0, 8),
        .source = db_str(&r, 0, 9),
        .cancelled_from = booking_status_of(db_str(&r, 0, 10)),
        .cancelled_by = db_str(&r, 0, 11),
        .cancelled_s = db_opt_int(&r, 0, 12),
        .revision = db_int(&r, 0, 13),
        .stock_step = db_int(&r, 0, 14),
        .version = db_int(&r, 0, 15),
        .created_s = db_int(&r, 0, 16),
        .staff_name = db_str(&r, 0, 17),
        .started_s = db_opt_int(&r, 0, 18),
        .made_start_s = db_opt_int(&r, 0, 19),
        .made_staff_id = db_opt_int(&r, 0, 20),
        .test_result = db_str(&r, 0, 22),
        .is_test = db_int(&r, 0, 23) != 0,
    };
    bool open = b.status == BOOKING_PENDING || b.status == BOOKING_CONFIRMED;
    b.gates_ok = !open || db_int(&r, 0, 21) == 0;
    res = client_load(w, b.client_id, &b.client);
    if (res == OK)
        res = load_services(w, &b);
    if (res == OK)
        res = load_materials(w, &b);
    if (res == OK)
        res = load_things(w, &b);
    if (res == OK)
        *ret = b;
    return res;
}

/* ---- finding and taking a place ---- */

static const char *refusal(enum slot_reason reason)
{
    switch (reason) {
    case SLOT_CLOSED: return "The business is closed for part of that time.";
    case SLOT_TOO_SOON: return "That time is too soon to be booked.";
    case SLOT_TOO_FAR: return "That time is further ahead than bookings are taken.";
    case SLOT_OFF_GRID: return "Visits do not start at that minute.";
    case SLOT_STAFF_OFF: return "Nobody who does this works at that time.";
    case SLOT_RESOURCE_BUSY: return "The room or device that this needs is taken at that time.";
    case SLOT_NO_STAFF: return "Nobody performs these services together.";
    default: return "That time has just been taken.";
    }
}

static enum result refuse_slot(struct work *w, const struct visit *v, const struct place_ask *ask,
                               enum slot_reason reason)
{
    if (ask->offer_nearest) {
        enum result res = booking_offer_nearest(w, v, ask->start_s, ask->except_booking_id);
        if (res != OK)
            return res;
    }
    bool by_hand = !(ask->judge & JUDGE_POLICY);
    bool hours = reason == SLOT_CLOSED || reason == SLOT_STAFF_OFF || reason == SLOT_OFF_GRID;
    return problem_set(w->problem, CONFLICT, "slot_taken", "%s%s", refusal(reason),
                       by_hand && hours
                           ? " Choose another time, or send override_hours to book it all the same."
                           : " Please choose another time.");
}

enum result booking_find_place(struct work *w, struct visit *v, const struct place_ask *ask,
                               struct place *ret)
{
    int64_t date = tz_date(v->ws->tz, ask->start_s);
    struct slot_rules rules;
    enum result res = pick_remove_expired(w);
    if (res == OK)
        res = visit_rules(w, v, date - FAIRNESS_DAYS, date + FAIRNESS_DAYS, ask->except_booking_id,
                          true, &rules);
    if (res != OK)
        return res;
    struct slot slot;
    enum slot_reason reason =
        slot_judge(w->arena, &rules, &v->shape, ask->start_s, ask->judge, &slot);
    if (reason != SLOT_OK)
        return refuse_slot(w, v, ask, reason);
    int64_t staff_id = slot_choose(&rules, &v->shape, &slot);
    for (size_t i = 0; i < slot.staff_count; i++)
        if (slot.staff_ids[i] == ask->prefer_staff_id)
            staff_id = ask->prefer_staff_id;
    visit_settle(w->arena, v, staff_id);
    *ret = (struct place){
        .start_s = ask->start_s,
        .staff_id = staff_id,
        .thing_ids = arena_new_array(w->arena, v->shape.need_count + 1, int64_t),
    };
    if (!slot_assign_things(&rules, &v->shape, ask->start_s, ret->thing_ids))
        return refuse_slot(w, v, ask, SLOT_RESOURCE_BUSY);
    return OK;
}

static enum result insert_hold(struct work *w, const struct holder *h, int64_t resource_id,
                               int64_t from_s, int64_t to_s)
{
    bool picked = h->pick_hash.ptr != NULL;
    return db_exec(
        w->tx,
        "INSERT INTO hold (workspace_id, resource_id, start_s, id, end_s, booking_id, pick_hash,"
        " pick_from, expires_s, active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        db_i(w->actor.workspace_id), db_i(resource_id), db_i(from_s), db_i(env_id(w->env)),
        db_i(to_s), picked ? db_null() : db_i(h->booking_id), db_s(h->pick_hash),
        db_s(h->pick_from), picked ? db_i(h->expires_s) : db_null());
}

enum result place_hold(struct work *w, const struct holder *holder, const struct visit *v,
                       const struct place *at)
{
    enum result res = OK;
    for (size_t i = 0; i < v->shape.work_count && res == OK; i++)
        res = insert_hold(w, holder, at->staff_id, at->start_s + v->shape.work[i].from_s,
                          at->start_s + v->shape.work[i].to_s);
    for (size_t i = 0; i < v->shape.need_count && res == OK; i++)
        res = insert_hold(w, holder, at->thing_ids[i], at->start_s + v->shape.needs[i].from_off_s,
                          at->start_s + v->shape.needs[i].to_off_s);
    return res;
}

enum result booking_hold(struct work *w, int64_t booking_id, const struct visit *v,
                         const struct place *at)
{
    enum result res = db_exec(w->tx, "DELETE FROM hold WHERE workspace_id = $1 AND booking_id = $2",
                              db_i(w->actor.workspace_id), db_i(booking_id));
    struct holder holder = {.booking_id = booking_id};
    if (SEEDED(MOVE_IN_TWO) && res == OK)
        res = db_split(w->tx);
    return res == OK ? place_hold(w, &holder, v, at) : res;
}

/* ---- making one ---- */

static unsigned judge_of(const struct work *w, bool by_staff, bool override_hours, int64_t start_s)
{
    if (!by_staff)
        return JUDGE_HOURS | JUDGE_GRID | JUDGE_POLICY;
    return override_hours || start_s < w->now_s ? 0 : JUDGE_HOURS | JUDGE_GRID;
}

enum result booking_insert(struct work *w, const struct visit *v, const struct booking *b)
{
    enum result res = db_exec(
        w->tx,
        "INSERT INTO booking (workspace_id, id, client_id, staff_id, status, start_s, end_s, outer_from_s, outer_to_s,"
        " price, notes, source, stock_step, created_s, made_start_s, made_staff_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $6, $4)",
        db_i(w->actor.workspace_id), db_i(b->id), db_i(b->client_id), db_i(b->staff_id),
        db_z(booking_status_names[b->status]), db_i(b->start_s), db_i(b->end_s),
        db_i(b->outer_from_s), db_i(b->outer_to_s), db_i(b->price), db_s(b->notes), db_s(b->source),
        db_i(b->stock_step), db_i(b->created_s));
    for (size_t i = 0; i < v->service_count && res == OK; i++)
        res = db_exec(
            w->tx,
            "INSERT INTO booking_service (workspace_id, booking_id, position, service_id, name, duration_min, price)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            db_i(w->actor.workspace_id), db_i(b->id), db_i((int64_t)i), db_i(v->services[i].id),
            db_s(v->services[i].name), db_i(v->services[i].shape.duration_min),
            db_i(v->services[i].price));
    for (size_t i = 0; i < v->line_count && res == OK; i++)
        res = db_exec(
            w->tx,
            "INSERT INTO booking_material (workspace_id, booking_id, item_id, quantity) VALUES ($1, $2, $3, $4)",
            db_i(w->actor.workspace_id), db_i(b->id), db_i(v->lines[i].item_id),
            db_i(v->lines[i].quantity));
    return res;
}

static enum result audit_created(struct work *w, const struct booking *b)
{
    struct audit a;
    audit_begin(&a, w, "booking", b->id, "created");
    audit_staff(&a, b->staff_id, 0);
    audit_str(&a, "status", (struct str){0}, str_of(booking_status_names[b->status]));
    audit_instant(&a, "start", (struct opt_int){0}, some_int(b->start_s));
    audit_instant(&a, "end", (struct opt_int){0}, some_int(b->end_s));
    audit_str(&a, "staff", (struct str){0}, b->staff_name);
    audit_int(&a, "price", (struct opt_int){0}, some_int(b->price));
    return audit_end(&a);
}

static enum result find_client(struct work *w, const struct booking_new *in, struct client *ret)
{
    bool created;
    *ret = (struct client){0};
    if (in->client_id) {
        enum result res = client_load_known(w, in->client_id, ret);
        if (res == NOT_FOUND && !ret->erased_s.set)
            return work_missing_at(w, "client_id", "client");
        return res;
    }
    struct client_details details = in->client;
    details.source = in->by_staff ? CLIENT_FROM_STAFF : CLIENT_FROM_BOOKING;
    return client_find_or_make(w, &details, ret, &created);
}

enum result booking_create(struct work *w, const struct workspace *ws, const struct booking_new *in,
                           struct booking *ret, struct str *ret_manage_url)
{
    struct visit v;
    struct visit_ask ask = {.service_ids = in->service_ids,
                            .service_count = in->service_count,
                            .staff_id = in->staff_id};
    enum result res = diary_lock(w);
    if (res == OK)
        res = visit_prepare(w, ws, &ask, &v);
    if (res != OK)
        return res;
    struct place place;
    struct place_ask where = {.start_s = in->start_s,
                              .judge = judge_of(w, in->by_staff, in->override_hours, in->start_s),
                              .offer_nearest = true};
    bool promised = false;
    if (in->hold_token.ptr)
        res = pick_take_over(w, &v, in->hold_token, in->start_s, &where.prefer_staff_id, &promised);
    if (promised && in->start_s >= w->now_s)
        where.judge &= ~(unsigned)JUDGE_POLICY; /* the notice was kept when the time was picked */
    if (res == OK)
        res = booking_find_place(w, &v, &where, &place);
    if (res != OK)
        return res;
    struct booking b = {
        .id = env_id(w->env),
        .staff_id = place.staff_id,
        .status = in->by_staff || ws->auto_confirm ? BOOKING_CONFIRMED : BOOKING_PENDING,
        .start_s = place.start_s,
        .end_s = place.start_s + v.shape.length_s,
        .outer_from_s = place.start_s + v.shape.outer_from_off_s,
        .outer_to_s = place.start_s + v.shape.outer_to_off_s,
        .price = v.price,
        .notes = in->notes.ptr ? in->notes : STR(""),
        .source = in->by_staff ? STR("staff") : STR("public"),
        .stock_step = 1,
        .created_s = w->now_s,
    };
    res = find_client(w, in, &b.client);
    b.client_id = b.client.id;
    if (b.client.sample)
        v.line_count = 0; /* stock is real */
    if (res == OK)
        res = client_booked(w, b.client_id);
    if (res == OK)
        res = booking_insert(w, &v, &b);
    if (res == OK)
        res = booking_hold(w, b.id, &v, &place);
    if (res == OK)
        res = stock_reserve(w, b.id, b.stock_step, v.lines, v.line_count);
    if (res == OK)
        res = booking_load(w, b.id, ret);
    if (res == OK && visit_is_gated(&v))
        res = booking_check_gates(w, ret, !in->by_staff);
    if (res == OK)
        res = audit_created(w, ret);
    if (res == OK)
        res = booking_link(w, ret->id, ret_manage_url);
    if (res == OK)
        res = booking_tell(w, ws, ret, TELL_CREATED, 0, false);
    return res == OK ? booking_settle(w, ret) : res;
}

/* ---- correcting and moving one ---- */

enum result booking_correct(struct work *w, const struct booking *b, int64_t client_id,
                            struct str notes, bool details)
{
    enum result res =
        db_exec(w->tx,
                "UPDATE booking SET client_id = $3, notes = $4, version = version + 1"
                " WHERE workspace_id = $1 AND id = $2",
                db_i(w->actor.workspace_id), db_i(b->id), db_i(client_id), db_s(notes));
    if (res != OK)
        return res;
    struct audit a;
    audit_begin(&a, w, "booking", b->id, "corrected");
    audit_staff(&a, b->staff_id, 0);
    audit_str(&a, "client_id", str_printf(w->arena, "%lld", (long long)b->client_id),
              str_printf(w->arena, "%lld", (long long)client_id));
    if (details)
        audit_note(&a, "client", "details corrected");
    audit_str(&a, "notes", b->notes, notes);
    res = audit_end(&a);
    if (res != OK || client_id == b->client_id)
        return res;
    /* What one has had done, the other has not. */
    res = gate_review(w, b->client_id, NULL);
    return res == OK ? gate_review(w, client_id, NULL) : res;
}

enum result booking_hand_over(struct work *w, const struct workspace *ws, struct booking *b,
                              bool quiet)
{
    enum result res =
        db_exec(w->tx, "DELETE FROM booking_link WHERE workspace_id = $1 AND booking_id = $2",
                db_i(w->actor.workspace_id), db_i(b->id));
    if (res == OK)
        res = db_exec(
            w->tx, "UPDATE booking SET revision = revision + 1 WHERE workspace_id = $1 AND id = $2",
            db_i(w->actor.workspace_id), db_i(b->id));
    if (res == OK)
        res = booking_load(w, b->id, b);
    if (res == OK)
        res = form_hand_over(w, b->id, b->client_id);
    bool open = b->status == BOOKING_PENDING || b->status == BOOKING_CONFIRMED;
    if (res != OK || !open)
        return res;
    res = booking_tell(w, ws, b, TELL_CONFIRMED, 0, quiet);
    return res == OK ? booking_settle(w, b) : res;
}

static enum result audit_moved(struct work *w, const struct booking *before,
                               const struct booking *after)
{
    struct audit a;
    bool other = before->staff_id != after->staff_id;
    bool same = !other && before->start_s == after->start_s;
    audit_begin(&a, w, "booking", after->id, same ? "resized" : "rescheduled");
    audit_staff(&a, after->staff_id, other ? before->staff_id : 0);
    audit_instant(&a, "start", some_int(before->start_s), some_int(after->start_s));
    audit_instant(&a, "end", some_int(before->end_s), some_int(after->end_s));
    audit_str(&a, "staff", before->staff_name, after->staff_name);
    audit_int(&a, "price", some_int(before->price), some_int(after->price));
    return audit_end(&a);
}

/* Somebody else does it in their own time, and for a client who chose them at their price; what the
 * business moves costs what was agreed. */
static enum result write_terms(struct work *w, const struct booking *b, const struct visit *v)
{
    enum result res = OK;
    bool time = !v->as_booked && v->shape.length_s != b->end_s - b->start_s;
    bool price = v->price != b->price;
    for (size_t i = 0; i < v->service_count && res == OK && (time || price); i++)
        res = db_exec(w->tx,
                      "UPDATE booking_service SET duration_min = $4, price = $5"
                      " WHERE workspace_id = $1 AND booking_id = $2 AND position = $3",
                      db_i(w->actor.workspace_id), db_i(b->id), db_i((int64_t)i),
                      db_i(time ? v->services[i].shape.duration_min : b->services[i].duration_min),
                      db_i(price ? v->services[i].price : b->services[i].price));
    return res;
}

static enum result write_move(struct work *w, const struct booking *b, const struct visit *v,
                              const struct place *place)
{
    enum result res = write_terms(w, b, v);
    if (res != OK)
        return res;
    return db_exec(
        w->tx,
        "UPDATE booking SET started_s = CASE WHEN start_s = $4 THEN started_s END,"
        " staff_id = $3, start_s = $4, end_s = $5, outer_from_s = $6, outer_to_s = $7, price = $8,"
        " revision = revision + 1, version = version + 1 WHERE workspace_id = $1 AND id = $2",
        db_i(w->actor.workspace_id), db_i(b->id), db_i(place->staff_id), db_i(place->start_s),
        db_i(place->start_s + v->shape.length_s), db_i(place->start_s + v->shape.outer_from_off_s),
        db_i(place->start_s + v->shape.outer_to_off_s), db_i(v->price));
}

/* The last service shows so much more (or less) time. */
static enum result lengthen(struct work *w, const struct booking *b, int64_t by_s)
{
    return db_exec(w->tx,
                   "UPDATE booking_service SET duration_min = duration_min + $3"
                   " WHERE workspace_id = $1 AND booking_id = $2 AND position = $4",
                   db_i(w->actor.workspace_id), db_i(b->id), db_i(by_s / 60),
                   db_i((int64_t)b->service_count - 1));
}

/* The services before the last one keep their time. */
static enum result stretch(struct work *w, const struct booking *b, int64_t length_s,
                           struct visit *v)
{
    int64_t floor_s = 0;
    for (size_t i = 0; i + 1 < b->service_count; i++)
        floor_s += (int64_t)b->services[i].duration_min * 60;
    if (visit_shape_stretch(&v->shape, floor_s, length_s))
        return OK;
    return problem_field(w->problem, "duration_min", "too_short",
                         "At least five minutes of work remain of the last service. Make it "
                         "longer, or cancel it.");
}

enum result booking_reschedule(struct work *w, const struct workspace *ws, struct booking *b,
                               const struct booking_move *move)
{
    if (b->status != BOOKING_PENDING && b->status != BOOKING_CONFIRMED)
        return booking_refuse_transition(w, b, "moved");
    struct booking before = *b;
    int64_t start_s = move->start.set ? move->start.value : b->start_s;
    int64_t staff_id = move->staff_id ? move->staff_id : move->any_staff ? 0 : b->staff_id;
    int64_t length_s = b->end_s - b->start_s;
    if (move->duration_min.set)
        length_s = move->duration_min.value * 60;
    bool resized = length_s != b->end_s - b->start_s;
    if (start_s == b->start_s && (staff_id == b->staff_id || staff_id == 0) && !resized)
        return OK;
    struct visit v;
    enum result res = resized ? booking_visit_kept(w, ws, b, staff_id, &v)
                              : booking_visit(w, ws, b, staff_id, &v);
    if (res == OK && resized)
        res = stretch(w, b, length_s, &v);
    if (res != OK)
        return res;
    struct place place;
    struct place_ask where = {
        .start_s = start_s,
        .judge = judge_of(w, !move->as_client, move->override_hours, start_s),
        .prefer_staff_id = b->staff_id,
        .except_booking_id = b->id,
        .offer_nearest = true,
    };
    if (!move->as_client && start_s == b->start_s)
        where.judge &= ~(unsigned)JUDGE_GRID; /* it stands there already */
    res = booking_find_place(w, &v, &where, &place);
    if (!move->as_client)
        v.price = b->price;
    if (res == OK)
        res = write_move(w, b, &v, &place);
    if (res == OK)
        res = booking_hold(w, b->id, &v, &place);
    if (res == OK && resized)
        res = lengthen(w, b, length_s - (before.end_s - before.start_s));
    if (res == OK)
        res = booking_load(w, b->id, b);
    if (res == OK && b->start_s != before.start_s && visit_is_gated(&v))
        res = booking_check_gates(w, b, false);
    if (res == OK)
        res = audit_moved(w, &before, b);
    if (res == OK)
        res = booking_tell(w, ws, b, TELL_RESCHEDULED, before.start_s, move->quiet);
    return res == OK ? booking_settle(w, b) : res;
}
