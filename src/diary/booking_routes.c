/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * booking_routes: bookings for owner and staff over HTTP.
 *
 * A member without the permission `bookings` sees and changes only what is theirs (w->sees_all);
 * anything else looks absent.
 */
#include "diary/availability.h"
#include "diary/booking_parts.h"
#include "diary/booking_view.h"
#include "diary/diary.h"
#include "diary/gates.h"
#include "diary/undo.h"

/* Loads the booking of the path as the caller may see it. `change`: takes the diary lock first and
 * checks If-Match. */
static enum result load_asked(struct request *rq, struct work *w, bool change, struct workspace *ws,
                              struct booking *b)
{
    enum result res = change ? diary_lock(w) : OK;
    if (res == OK)
        res = workspace_load(w, w->actor.workspace_id, ws);
    if (res == OK)
        res = booking_load(w, request_id_param(rq, 0), b);
    if (res == OK && !w->sees_all && b->staff_id != w->actor.staff_id)
        res = work_missing(w, "booking");
    return res == OK && change ? route_check_version(rq, w, b->version) : res;
}

static enum result answer_booking(struct request *rq, struct work *w, int status,
                                  const struct workspace *ws, const struct booking *b)
{
    answer_etag(rq, b->version);
    answer_json(rq, status, &booking_shape, booking_view_of(w->arena, ws, b), w->actor.permissions);
    return OK;
}

/* A booking in the hands of whoever changes it, and where it stood before. */
struct changing {
    struct workspace ws;
    struct booking b;
    struct undo_point before;
};

static enum result begin(struct request *rq, struct work *w, struct changing *c)
{
    enum result res = load_asked(rq, w, true, &c->ws, &c->b);
    return res == OK ? undo_mark(w, &c->b, &c->before) : res;
}

/* `res`: what came of it. */
static enum result end(struct request *rq, struct work *w, struct changing *c, enum result res,
                       const char *action)
{
    if (res == OK)
        res = undo_keep(w, &c->before, &c->b, action);
    return res == OK ? answer_booking(rq, w, 200, &c->ws, &c->b) : res;
}

struct tell_in {
    struct opt_bool tell;
};
#define TELL_DOC "false: no letters of this change, nor of what waited to be told before it"
static const struct field tell_fields[] = {
    FIELD_BOOL(struct tell_in, tell, .doc = TELL_DOC),
};
static const struct shape tell_shape = SHAPE("BookingTell", struct tell_in, tell_fields);

static bool is_quiet(struct opt_bool tell)
{
    return tell.set && !tell.value;
}

static enum result get_booking(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct booking b;
    enum result res = load_asked(rq, w, false, &ws, &b);
    return res == OK ? answer_booking(rq, w, 200, &ws, &b) : res;
}

/* ---- making ---- */

struct booking_in {
    struct id_list service_ids;
    struct opt_int staff_id, start, client_id;
    struct client_details *client;
    struct str notes;
    struct opt_bool override_hours;
};
static const struct field booking_in_fields[] = {
    FIELD_IDS(struct booking_in, service_ids, 1, VISIT_SERVICES_MAX, .required = true,
              .doc = "in the order they are done"),
    FIELD_ID(struct booking_in, staff_id, .doc = "absent: whoever it fits best"),
    FIELD_INSTANT(struct booking_in, start, .required = true,
                  .doc = "a past one is written down as it was"),
    FIELD_ID(struct booking_in, client_id),
    FIELD_OBJECT(struct booking_in, client, client_details_shape,
                 .doc = "found by e-mail, or made"),
    FIELD_STR(struct booking_in, notes, 0, 2000, .multiline = true),
    FIELD_BOOL(struct booking_in, override_hours,
               .doc = "also outside hours and off the grid; never over another visit"),
};
static const struct shape booking_in_shape =
    SHAPE("BookingNew", struct booking_in, booking_in_fields);

static bool sees_clients(const struct work *w)
{
    return w->actor.permissions & (PERM_CLIENTS | PERM_BOOKINGS);
}

/* Whoever may not see all clients knows those who have, or had, a visit with them; the others look
 * absent. */
static enum result check_known(struct work *w, int64_t client_id, const char *path)
{
    struct client known;
    struct db_rows r;
    enum result res =
        sees_clients(w)
            ? client_load(w, client_id, &known)
            : db_one(w->tx, &r,
                     "SELECT 1 FROM booking WHERE workspace_id = $1 AND client_id = $2"
                     " AND staff_id = $3 LIMIT 1",
                     db_i(w->actor.workspace_id), db_i(client_id), db_i(w->actor.staff_id));
    return res == NOT_FOUND ? work_missing_at(w, path, "client") : res;
}

/* The same for a client found by e-mail: whose name is on file is nobody's to learn by guessing. */
static enum result check_details(struct work *w, const struct client_details *in)
{
    struct client known;
    if (sees_clients(w) || in->email.len == 0)
        return OK;
    enum result res = client_by_email(w, in->email, &known);
    if (res == OK)
        res = check_known(w, known.id, "client.email");
    else if (res == NOT_FOUND)
        return OK;
    if (res != NOT_FOUND)
        return res;
    problem_clear(w->problem);
    return problem_set(w->problem, DENIED, "forbidden",
                       "You may not book for this address. Leave it out, or ask the owner.");
}

static enum result create_booking(struct request *rq, struct work *w)
{
    const struct booking_in *in = rq->in;
    if (!in->client && !in->client_id.set)
        return problem_field(w->problem, "client", "required",
                             "Say for whom: client_id, or client with a name.");
    if (in->client && in->client_id.set)
        return problem_field(w->problem, "client", "ambiguous",
                             "Give either client_id or client, not both.");
    int64_t staff_id = in->staff_id.value;
    if (in->staff_id.set && staff_id == 0)
        return work_missing_at(w, "staff_id", "member of staff");
    if (!w->sees_all) {
        if (staff_id && staff_id != w->actor.staff_id)
            return problem_set(w->problem, DENIED, "forbidden",
                               "You can book visits for yourself only.");
        staff_id = w->actor.staff_id;
    }
    if (in->client_id.set && in->client_id.value == 0)
        return work_missing_at(w, "client_id", "client");
    struct workspace ws;
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res == OK && in->client_id.set)
        res = check_known(w, in->client_id.value, "client_id");
    if (res == OK && in->client)
        res = check_details(w, in->client);
    if (res != OK)
        return res;
    struct booking_new new = {
        .service_ids = in->service_ids.ids,
        .service_count = in->service_ids.count,
        .staff_id = staff_id,
        .start_s = in->start.value,
        .client_id = in->client_id.value,
        .notes = in->notes,
        .by_staff = true,
        .override_hours = in->override_hours.set && in->override_hours.value,
    };
    if (in->client)
        new.client = *in->client;
    struct booking b;
    struct str url;
    res = booking_create(w, &ws, &new, &b, &url);
    return res == OK ? answer_booking(rq, w, 201, &ws, &b) : res;
}

/* ---- changing ---- */

struct booking_patch {
    struct opt_int start, staff_id, client_id;
    struct opt_int duration_min;
    struct client_correction *client;
    struct str notes;
    struct opt_bool override_hours, tell;
};
static const struct field booking_patch_fields[] = {
    FIELD_INSTANT(struct booking_patch, start, .doc = "reschedules"),
    FIELD_INT(struct booking_patch, duration_min, 5, VISIT_LENGTH_MAX_MIN,
              .doc =
                  "from start to end: the last stretch of work takes the difference and keeps at "
                  "least five minutes; buffers and rooms follow, the price stays"),
    FIELD_ID(struct booking_patch, staff_id, .doc = "reassigns"),
    FIELD_ID(struct booking_patch, client_id, .doc = "it was another client's"),
    FIELD_OBJECT(struct booking_patch, client, client_correction_shape,
                 .doc = "corrects the client's details"),
    FIELD_STR(struct booking_patch, notes, 0, 2000, .multiline = true),
    FIELD_BOOL(struct booking_patch, override_hours),
    FIELD_BOOL(struct booking_patch, tell, .doc = TELL_DOC),
};
static const struct shape booking_patch_shape =
    SHAPE("BookingPatch", struct booking_patch, booking_patch_fields);

static enum result correct(struct work *w, const struct workspace *ws, struct booking *b,
                           const struct booking_patch *in)
{
    struct client other = b->client;
    enum result res = OK;
    if (in->client && !sees_clients(w))
        return problem_set(w->problem, DENIED, "forbidden",
                           "You may not change clients' details. Ask the owner.");
    if (in->client_id.set) {
        res = check_known(w, in->client_id.value, "client_id");
        if (res == OK)
            res = client_load_known(w, in->client_id.value, &other);
        if (res == OK)
            res = client_keep_apart(w, &b->client, &other);
    }
    struct str notes = in->notes.ptr ? in->notes : b->notes;
    if (res == OK && (other.id != b->client_id || !str_eq(notes, b->notes) || in->client))
        res = booking_correct(w, b, other.id, notes, in->client != NULL);
    if (res == OK && in->client)
        res = client_correct(w, other.id, in->client);
    struct str was = b->client.email;
    int64_t was_id = b->client_id;
    if (res == OK)
        res = booking_load(w, b->id, b);
    bool other_hands = b->client_id != was_id || !str_eq(was, b->client.email);
    return res == OK && other_hands ? booking_hand_over(w, ws, b, is_quiet(in->tell)) : res;
}

static enum result patch_booking(struct request *rq, struct work *w)
{
    const struct booking_patch *in = rq->in;
    struct changing c;
    enum result res = begin(rq, w, &c);
    if (res != OK)
        return res;
    if (in->staff_id.set && in->staff_id.value == 0)
        return work_missing_at(w, "staff_id", "member of staff");
    if (in->staff_id.set && !w->sees_all && in->staff_id.value != w->actor.staff_id)
        return problem_set(w->problem, DENIED, "forbidden",
                           "You can keep visits for yourself only.");
    if (in->client_id.set || in->client || in->notes.ptr)
        res = correct(w, &c.ws, &c.b, in);
    bool moves = in->start.set || in->staff_id.set || in->duration_min.set;
    if (res == OK && moves) {
        struct booking_move move = {
            .start = in->start,
            .staff_id = in->staff_id.value,
            .duration_min = in->duration_min,
            .override_hours = in->override_hours.set && in->override_hours.value,
            .quiet = is_quiet(in->tell),
        };
        res = booking_reschedule(w, &c.ws, &c.b, &move);
    }
    return end(rq, w, &c, res, moves ? "rescheduled" : "corrected");
}

static enum result confirm(struct request *rq, struct work *w)
{
    const struct tell_in *in = rq->in;
    struct changing c;
    enum result res = begin(rq, w, &c);
    if (res == OK)
        res = booking_confirm(w, &c.ws, &c.b, is_quiet(in->tell));
    return end(rq, w, &c, res, "confirmed");
}

static enum result start(struct request *rq, struct work *w)
{
    struct changing c;
    enum result res = begin(rq, w, &c);
    if (res == OK)
        res = booking_start(w, &c.b);
    return end(rq, w, &c, res, "started");
}

static enum result cancel(struct request *rq, struct work *w)
{
    const struct tell_in *in = rq->in;
    struct changing c;
    enum result res = begin(rq, w, &c);
    if (res == OK)
        res = booking_cancel(w, &c.ws, &c.b, false, is_quiet(in->tell));
    return end(rq, w, &c, res, "cancelled");
}

static enum result restore(struct request *rq, struct work *w)
{
    const struct tell_in *in = rq->in;
    struct changing c;
    enum result res = begin(rq, w, &c);
    if (res == OK)
        res = booking_restore(w, &c.ws, &c.b, is_quiet(in->tell));
    return end(rq, w, &c, res, "restored");
}

static enum result no_show(struct request *rq, struct work *w)
{
    struct changing c;
    enum result res = begin(rq, w, &c);
    if (res == OK)
        res = booking_no_show(w, &c.b);
    return end(rq, w, &c, res, "no_show");
}

/* ---- taking it back ---- */

struct undo_in {
    struct opt_int version;
    struct opt_bool tell;
};
static const struct field undo_fields[] = {
    FIELD_INT(struct undo_in, version, 1, INT64_MAX, .required = true,
              .doc = "the one that the change made"),
    FIELD_BOOL(struct undo_in, tell, .doc = TELL_DOC),
};
static const struct shape undo_shape = SHAPE("BookingUndo", struct undo_in, undo_fields);

static enum result undo(struct request *rq, struct work *w)
{
    const struct undo_in *in = rq->in;
    struct workspace ws;
    struct booking b;
    enum result res = load_asked(rq, w, true, &ws, &b);
    if (res == OK)
        res = booking_undo(w, &ws, &b, in->version.value, is_quiet(in->tell));
    if (res == OK && !w->sees_all && b.staff_id != w->actor.staff_id)
        return work_missing(w, "booking");
    return res == OK ? answer_booking(rq, w, 200, &ws, &b) : res;
}

struct hush_in {
    struct opt_int version;
};
static const struct field hush_fields[] = {
    FIELD_INT(struct hush_in, version, 1, INT64_MAX, .required = true),
};
static const struct shape hush_shape = SHAPE("BookingHush", struct hush_in, hush_fields);

static enum result hush(struct request *rq, struct work *w)
{
    const struct hush_in *in = rq->in;
    struct workspace ws;
    struct booking b;
    enum result res = load_asked(rq, w, true, &ws, &b);
    if (res == OK)
        res = booking_hush(w, &b, in->version.value);
    return res == OK ? answer_booking(rq, w, 200, &ws, &b) : res;
}

/* ---- what came of it ---- */

struct used_in {
    struct opt_int item_id, quantity;
};
static const struct field used_fields[] = {
    FIELD_ID(struct used_in, item_id, .required = true),
    FIELD_QTY(struct used_in, quantity, 0, 1000000000, .required = true),
};
static const struct shape used_shape = SHAPE("UsedMaterial", struct used_in, used_fields);

static const char *const test_results[] = {"passed", "failed", NULL};

struct complete_in {
    struct shape_list materials;
    struct opt_int test_result;
};
static const struct field complete_fields[] = {
    FIELD_LIST(struct complete_in, materials, used_shape, 0, STOCK_LINES_MAX,
               .doc = "what was really used; absent: what was reserved"),
    FIELD_ENUM(struct complete_in, test_result, test_results,
               .doc = "of a patch test of other services, where it can be said already"),
};
static const struct shape complete_shape =
    SHAPE("BookingComplete", struct complete_in, complete_fields);

static enum result read_used(struct work *w, const struct complete_in *in, struct stock_line **ret)
{
    const struct used_in *used = in->materials.items;
    struct stock_line *lines =
        arena_new_array(w->arena, in->materials.count + 1, struct stock_line);
    for (size_t i = 0; i < in->materials.count; i++) {
        lines[i] = (struct stock_line){used[i].item_id.value, used[i].quantity.value};
        struct db_rows r;
        enum result res =
            db_one(w->tx, &r, "SELECT 1 FROM item WHERE workspace_id = $1 AND id = $2",
                   db_i(w->actor.workspace_id), db_i(lines[i].item_id));
        if (res == NOT_FOUND)
            return work_missing_at(w, arena_printf(w->arena, "materials.%zu.item_id", i), "item");
        if (res != OK)
            return res;
    }
    stock_sort(lines, in->materials.count);
    for (size_t i = 1; i < in->materials.count; i++)
        if (lines[i].item_id == lines[i - 1].item_id)
            return problem_field(w->problem, "materials", "duplicate", "Name each item once.");
    *ret = lines;
    return OK;
}

static enum result complete(struct request *rq, struct work *w)
{
    const struct complete_in *in = rq->in;
    struct changing c;
    struct stock_line *used = NULL;
    enum result res = begin(rq, w, &c);
    if (res == OK && in->materials.set)
        res = read_used(w, in, &used);
    if (res == OK)
        res = booking_complete(w, &c.b, used, in->materials.count);
    if (res == OK && in->test_result.set)
        res = booking_test_result(w, &c.b, in->test_result.value == 0);
    return end(rq, w, &c, res, "completed");
}

struct result_in {
    struct opt_int test_result;
};
static const struct field result_fields[] = {
    FIELD_ENUM(struct result_in, test_result, test_results, .required = true),
};
static const struct shape result_shape =
    SHAPE("BookingTestResult", struct result_in, result_fields);

static enum result test_result(struct request *rq, struct work *w)
{
    const struct result_in *in = rq->in;
    struct changing c;
    enum result res = begin(rq, w, &c);
    if (res == OK)
        res = booking_test_result(w, &c.b, in->test_result.value == 0);
    return end(rq, w, &c, res, "tested");
}

static enum result gates(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct booking b;
    enum result res = load_asked(rq, w, false, &ws, &b);
    return res == OK ? gates_answer(rq, w, &b) : res;
}

static enum result availability(struct request *rq, struct work *w)
{
    const struct availability_query *q = rq->query_in;
    struct workspace ws;
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res == OK && q->booking_id.set) {
        struct booking b;
        res = booking_load(w, q->booking_id.value, &b);
        bool theirs =
            res == OK && (w->actor.permissions & PERM_BOOKINGS || b.staff_id == w->actor.staff_id);
        if (res == NOT_FOUND || (res == OK && !theirs))
            return work_missing_at(w, "booking_id", "booking");
        return res == OK ? availability_answer_for(rq, w, &ws, &b, q) : res;
    }
    if (res == OK && q->client_id.set)
        res = check_known(w, q->client_id.value, "client_id");
    return res == OK ? availability_answer(rq, w, &ws, rq->query_in) : res;
}

static enum result history(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct booking b;
    enum result res = load_asked(rq, w, false, &ws, &b);
    return res == OK ? history_answer(rq, w, &b) : res;
}

static enum result messages(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct booking b;
    enum result res = load_asked(rq, w, false, &ws, &b);
    return res == OK ? booking_messages_answer(rq, w, b.id) : res;
}

static const struct field nothing_fields[] = {{.name = NULL}};
static const struct shape nothing_shape = {
    .name = "Nothing", .size = 1, .fields = nothing_fields, .field_count = 0};

#define OWN_BOOKINGS  .who = WHO_STAFF, .all_with = PERM_BOOKINGS, .tag = "bookings"
#define BOOKING_ROUTE OWN_BOOKINGS, .answer = &booking_shape
#define BOOKING_STEP \
    BOOKING_ROUTE, .method = HTTP_POST_, .mode = MODE_WRITE, .status = 200, .body_optional = true

static const struct route booking_routes[] = {
    {BOOKING_ROUTE, .method = HTTP_GET_, .path = "/api/v1/bookings", .mode = MODE_READ,
     .query = &bookings_query_shape, .status = 200, .answer_is_list = true, .handler = booking_list,
     .summary = "Bookings by start; unstaffed: left without staff; unmarked: ended and still open"},
    {OWN_BOOKINGS, .method = HTTP_GET_, .path = "/api/v1/bookings/export.csv", .mode = MODE_FREE,
     .query = &bookings_export_query_shape, .status = 200, .answer_is_file = true,
     .handler = booking_export, .summary = "The same as CSV, safe to open in a spreadsheet"},
    {BOOKING_ROUTE, .method = HTTP_POST_, .path = "/api/v1/bookings", .mode = MODE_WRITE,
     .idempotent = true, .body = &booking_in_shape, .status = 201, .handler = create_booking,
     .summary = "Book for a client, walk-ins included"},
    {BOOKING_ROUTE, .method = HTTP_GET_, .path = "/api/v1/bookings/{id}", .mode = MODE_READ,
     .status = 200, .handler = get_booking, .summary = "One booking"},
    {BOOKING_ROUTE, .method = HTTP_PATCH_, .path = "/api/v1/bookings/{id}", .mode = MODE_WRITE,
     .body = &booking_patch_shape, .status = 200, .handler = patch_booking,
     .summary = "Reschedule, reassign, make longer or shorter, or correct"},
    {BOOKING_STEP, .path = "/api/v1/bookings/{id}/confirm", .body = &tell_shape, .handler = confirm,
     .summary = "Confirm a pending booking"},
    {BOOKING_STEP, .path = "/api/v1/bookings/{id}/start", .body = &nothing_shape, .handler = start,
     .summary = "The visit begins now; once it has, this changes nothing"},
    {BOOKING_STEP, .path = "/api/v1/bookings/{id}/cancel", .body = &tell_shape, .handler = cancel,
     .summary = "Cancel: gives back slot and stock, tells the client"},
    {BOOKING_STEP, .path = "/api/v1/bookings/{id}/restore", .body = &tell_shape, .handler = restore,
     .summary = "Take a cancelled booking's slot and stock again"},
    {BOOKING_STEP, .path = "/api/v1/bookings/{id}/complete", .body = &complete_shape,
     .handler = complete, .summary = "Complete: consumes the materials"},
    {BOOKING_ROUTE, .method = HTTP_POST_, .mode = MODE_WRITE, .status = 200,
     .path = "/api/v1/bookings/{id}/test-result", .body = &result_shape, .handler = test_result,
     .summary = "How a completed patch test turned out; it may be put right"},
    {BOOKING_ROUTE, .method = HTTP_POST_, .mode = MODE_WRITE, .status = 200,
     .path = "/api/v1/bookings/{id}/undo", .body = &undo_shape, .handler = undo,
     .summary = "Take back the last change, if it was the last and is younger than a day"},
    {BOOKING_ROUTE, .method = HTTP_POST_, .mode = MODE_WRITE, .status = 200,
     .path = "/api/v1/bookings/{id}/hush", .body = &hush_shape, .handler = hush,
     .summary = "Stop the letters of the last change that still wait to go"},
    {OWN_BOOKINGS, .method = HTTP_GET_, .path = "/api/v1/bookings/{id}/gates", .mode = MODE_READ,
     .status = 200, .answer = &gate_shape, .answer_is_list = true, .handler = gates,
     .summary = "What its services ask for first, and whether that is so"},
    {BOOKING_STEP, .path = "/api/v1/bookings/{id}/no-show", .body = &nothing_shape,
     .handler = no_show, .summary = "The client did not come: gives back slot and stock"},
    {OWN_BOOKINGS, .method = HTTP_GET_, .path = "/api/v1/bookings/{id}/history", .mode = MODE_READ,
     .status = 200, .answer = &history_entry_shape, .answer_is_list = true, .handler = history,
     .summary = "Every change and message of a booking, oldest first"},
    {OWN_BOOKINGS, .method = HTTP_GET_, .path = "/api/v1/bookings/{id}/messages", .mode = MODE_READ,
     .status = 200, .answer = &booking_message_shape, .answer_is_list = true, .handler = messages,
     .summary = "What its client was told, what was held back and why, and what is still to come"},
    {.who = WHO_OWNER,
     .permissions = PERM_CLIENTS,
     .tag = "clients",
     .method = HTTP_GET_,
     .path = "/api/v1/clients/{id}/messages",
     .mode = MODE_READ,
     .query = &client_messages_query_shape,
     .status = 200,
     .answer = &booking_message_shape,
     .answer_is_list = true,
     .handler = client_messages,
     .summary = "What a client was told, what was held back and why, and what is still to come"},
    {.who = WHO_STAFF,
     .tag = "bookings",
     .method = HTTP_GET_,
     .path = "/api/v1/availability",
     .mode = MODE_READ,
     .query = &availability_explain_query_shape,
     .status = 200,
     .answer = &availability_shape,
     .handler = availability,
     .summary = "Free starts, and why the others are not"},
};
const struct route_table booking_table = {booking_routes,
                                          sizeof booking_routes / sizeof booking_routes[0]};
