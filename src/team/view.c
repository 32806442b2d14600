/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* view: a member as answers show one. */
#include "team/internal.h"

#include "workspace/hours.h"

enum { BOOKINGS_LEFT_MAX = 200 };
/* 50 × 500 services stay under what a query may yield. */
enum { VIEW_CHUNK = 50 };

static const struct field staff_hours_fields[] = {
    FIELD_BOOL(struct staff_hours_out, inherits, .doc = "works whenever the business is open"),
    FIELD_LIST(struct staff_hours_out, weekly, hours_span_shape, 0, STAFF_HOURS_MAX),
    FIELD_INT(struct staff_hours_out, version, 0, 0),
};
const struct shape staff_hours_shape =
    SHAPE("StaffHours", struct staff_hours_out, staff_hours_fields);

static const struct field booking_left_fields[] = {
    FIELD_ID(struct booking_left, id),
    FIELD_INSTANT(struct booking_left, start),
    FIELD_INSTANT(struct booking_left, end),
    FIELD_STR(struct booking_left, client_name, 0, 120),
};
const struct shape booking_left_shape =
    SHAPE("BookingLeft", struct booking_left, booking_left_fields);

static const char *const invitation_status_names[] = {"queued",  "sent",     "failed",
                                                      "expired", "accepted", NULL};
enum { INVITE_QUEUED, INVITE_SENT, INVITE_FAILED, INVITE_EXPIRED, INVITE_ACCEPTED };

static const struct field invitation_fields[] = {
    FIELD_ENUM(struct invitation_out, status, invitation_status_names,
               .doc = "failed: the letter could not be delivered, last_error says why"),
    FIELD_INSTANT(struct invitation_out, expires_at, .maybe = true),
    FIELD_STR(struct invitation_out, last_error, 0, 400, .maybe = true),
};
static const struct shape invitation_shape =
    SHAPE("Invitation", struct invitation_out, invitation_fields);

static const struct field staff_fields[] = {
    FIELD_ID(struct staff_out, id),
    FIELD_STR(struct staff_out, name, 0, 120),
    FIELD_STR(struct staff_out, email, 0, 254),
    FIELD_ENUM(struct staff_out, role, role_names),
    FIELD_FLAGS(struct staff_out, permissions, permission_names, .doc = "an owner has all"),
    FIELD_BOOL(struct staff_out, bookable),
    FIELD_BOOL(struct staff_out, active),
    FIELD_BOOL(struct staff_out, invited, .doc = "has not joined yet"),
    FIELD_OBJECT(struct staff_out, invitation, invitation_shape, .maybe = true),
    FIELD_IDS(struct staff_out, service_ids, 0, SERVICES_OF_A_MEMBER),
    FIELD_OBJECT(struct staff_out, hours, staff_hours_shape),
    FIELD_LIST(struct staff_out, bookings_left, booking_left_shape, 0, BOOKINGS_LEFT_MAX,
               .omit = true, .doc = "after deactivating: future bookings now without staff"),
    FIELD_INT(struct staff_out, version, 0, 0),
};
const struct shape staff_shape = SHAPE("Staff", struct staff_out, staff_fields);

static struct invitation_out *show_invitation(struct arena *a, const struct staff_member *m,
                                              int64_t now_s)
{
    if (!m->was_invited)
        return NULL;
    struct invitation_out *out = arena_new(a, struct invitation_out);
    *out = (struct invitation_out){.status = some_int(INVITE_ACCEPTED)};
    if (!m->invited)
        return out;
    out->expires_at = m->invite_expires_s;
    out->last_error = m->letter_error;
    if (str_is(m->letter_status, "failed") || str_is(m->letter_status, "suppressed"))
        out->status = some_int(INVITE_FAILED);
    else if (m->invite_expires_s.set && m->invite_expires_s.value <= now_s)
        out->status = some_int(INVITE_EXPIRED);
    else
        out->status = some_int(str_is(m->letter_status, "sent") ? INVITE_SENT : INVITE_QUEUED);
    return out;
}

static struct staff_out show(struct arena *a, const struct staff_member *m, int64_t now_s)
{
    struct staff_hours_out *hours = arena_new(a, struct staff_hours_out);
    *hours = (struct staff_hours_out){
        .inherits = some_bool(!m->hours_own),
        .weekly = {.set = true},
        .version = some_int(m->version),
    };
    return (struct staff_out){
        .id = some_int(m->id),
        .name = m->name,
        .email = m->email,
        .role = some_int(m->owner ? 0 : 1),
        .permissions = some_int(m->owner ? PERM_ALL : m->permissions),
        .bookable = some_bool(m->bookable),
        .active = some_bool(m->active),
        .invited = some_bool(m->invited),
        .invitation = show_invitation(a, m, now_s),
        .service_ids = {.set = true},
        .hours = hours,
        .version = some_int(m->version),
    };
}

static struct staff_out *find(struct staff_out *list, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].id.value == id)
            return &list[i];
    return NULL;
}

/* `list` is sorted by id. */
static enum result read_services(struct work *w, struct staff_out *list, size_t count)
{
    struct db_rows rows;
    enum result r = db_query(
        w->tx, &rows,
        "SELECT p.staff_id, p.service_id FROM service_staff p"
        " JOIN service s ON s.workspace_id = p.workspace_id AND s.id = p.service_id"
        " WHERE p.workspace_id = $1 AND p.staff_id BETWEEN $2 AND $3 AND s.retired = 0"
        " ORDER BY p.staff_id, p.service_id LIMIT 25000",
        db_i(w->actor.workspace_id), db_i(list[0].id.value), db_i(list[count - 1].id.value));
    if (r != OK)
        return r;
    int64_t *ids = arena_new_array(w->arena, rows.count, int64_t);
    for (size_t i = 0; i < rows.count; i++) {
        ids[i] = db_int(&rows, i, 1);
        struct staff_out *member = find(list, count, db_int(&rows, i, 0));
        if (!member)
            continue;
        if (member->service_ids.count++ == 0)
            member->service_ids.ids = &ids[i];
    }
    return OK;
}

static enum result read_hours(struct work *w, struct staff_out *list, size_t count)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT staff_id, weekday, start_min, end_min FROM staff_hours"
                             " WHERE workspace_id = $1 AND staff_id BETWEEN $2 AND $3"
                             " ORDER BY staff_id, weekday, start_min LIMIT 3500",
                             db_i(w->actor.workspace_id), db_i(list[0].id.value),
                             db_i(list[count - 1].id.value));
    if (r != OK)
        return r;
    struct hours_span *spans = arena_new_array(w->arena, rows.count, struct hours_span);
    for (size_t i = 0; i < rows.count; i++) {
        spans[i] = (struct hours_span){
            .weekday = db_opt_int(&rows, i, 1),
            .start = db_opt_int(&rows, i, 2),
            .end = db_opt_int(&rows, i, 3),
        };
        struct staff_out *member = find(list, count, db_int(&rows, i, 0));
        if (!member)
            continue;
        if (member->hours->weekly.count++ == 0)
            member->hours->weekly.items = &spans[i];
    }
    return OK;
}

enum result team_view(struct work *w, const struct staff_member *members, size_t count,
                      struct staff_out **ret)
{
    struct staff_out *list = arena_new_array(w->arena, count, struct staff_out);
    for (size_t i = 0; i < count; i++)
        list[i] = show(w->arena, &members[i], w->now_s);
    for (size_t from = 0; from < count; from += VIEW_CHUNK) {
        size_t n = count - from < VIEW_CHUNK ? count - from : VIEW_CHUNK;
        enum result r = read_services(w, list + from, n);
        if (r == OK)
            r = read_hours(w, list + from, n);
        if (r != OK)
            return r;
    }
    *ret = list;
    return OK;
}
