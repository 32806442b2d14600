/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * overview: one client at a glance: visits, spend, ratings, forms, and who may be the same person.
 *
 * It knows bookings, ratings, forms and conversations by their rows. Every figure is summed over
 * the rows of this one client, each by its index.
 */
#include "client/internal.h"

enum { SERVICES_MAX = 50 };

/* ---- what is shown ---- */

struct visit_out {
    struct opt_int id, start, end;
    struct str status, staff_name, services;
};
static const struct field visit_fields[] = {
    FIELD_ID(struct visit_out, id),
    FIELD_INSTANT(struct visit_out, start),
    FIELD_INSTANT(struct visit_out, end),
    FIELD_STR(struct visit_out, status, 0, 0),
    FIELD_STR(struct visit_out, staff_name, 0, 0),
    FIELD_RAW(struct visit_out, services, .json = RAW_TEXTS),
};
static const struct shape visit_shape = SHAPE("OverviewVisit", struct visit_out, visit_fields);

struct visits_out {
    struct opt_int total, upcoming, completed, cancelled, no_show;
    struct visit_out *next, *last;
};
static const struct field visits_fields[] = {
    FIELD_INT(struct visits_out, total, 0, 0),
    FIELD_INT(struct visits_out, upcoming, 0, 0, .doc = "booked and not begun yet"),
    FIELD_INT(struct visits_out, completed, 0, 0),
    FIELD_INT(struct visits_out, cancelled, 0, 0),
    FIELD_INT(struct visits_out, no_show, 0, 0),
    FIELD_OBJECT(struct visits_out, next, visit_shape, .maybe = true),
    FIELD_OBJECT(struct visits_out, last, visit_shape, .maybe = true,
                 .doc = "the last one that was completed"),
};
static const struct shape visits_shape = SHAPE("OverviewVisits", struct visits_out, visits_fields);

struct spend_out {
    struct opt_int completed, since;
    struct str currency;
};
static const struct field spend_fields[] = {
    FIELD_INT(struct spend_out, completed, 0, 0, .doc = "minor units, of completed visits"),
    FIELD_STR(struct spend_out, currency, 0, 0),
    FIELD_INSTANT(struct spend_out, since, .maybe = true, .doc = "the first of them"),
};
static const struct shape spend_shape = SHAPE("OverviewSpend", struct spend_out, spend_fields);

struct ratings_out {
    struct opt_int count, average;
};
static const struct field ratings_fields[] = {
    FIELD_INT(struct ratings_out, count, 0, 0),
    FIELD_QTY(struct ratings_out, average, 0, 0, .maybe = true, .doc = "stars"),
};
static const struct shape ratings_shape =
    SHAPE("OverviewRatings", struct ratings_out, ratings_fields);

struct forms_out {
    struct opt_int pending, completed;
};
static const struct field forms_fields[] = {
    FIELD_INT(struct forms_out, pending, 0, 0),
    FIELD_INT(struct forms_out, completed, 0, 0),
};
static const struct shape forms_shape = SHAPE("OverviewForms", struct forms_out, forms_fields);

static const char *const reasons[] = {"similar_email", "same_phone", "same_name", NULL};

struct duplicate_out {
    struct opt_int id;
    struct str name, email, phone, why;
};
static const struct field duplicate_fields[] = {
    FIELD_ID(struct duplicate_out, id),
    FIELD_STR(struct duplicate_out, name, 0, 0),
    FIELD_STR(struct duplicate_out, email, 0, 0, .maybe = true),
    FIELD_STR(struct duplicate_out, phone, 0, 0),
    FIELD_WORD(struct duplicate_out, why, reasons),
};
static const struct shape duplicate_shape =
    SHAPE("OverviewDuplicate", struct duplicate_out, duplicate_fields);

struct overview_out {
    struct client_out *client;
    struct visits_out *visits;
    struct spend_out *spend;
    struct ratings_out *ratings;
    struct forms_out *forms;
    struct opt_int conversation_id;
    struct shape_list duplicates;
};
static const struct field overview_fields[] = {
    FIELD_OBJECT(struct overview_out, client, client_view_shape),
    FIELD_OBJECT(struct overview_out, visits, visits_shape),
    FIELD_OBJECT(struct overview_out, spend, spend_shape),
    FIELD_OBJECT(struct overview_out, ratings, ratings_shape, .visible_to = RIGHT_OWNER),
    FIELD_OBJECT(struct overview_out, forms, forms_shape),
    FIELD_ID(struct overview_out, conversation_id, .maybe = true),
    FIELD_LIST(struct overview_out, duplicates, duplicate_shape, 0, DUPLICATES_MAX,
               .doc = "clients who may be the same person"),
};
const struct shape client_overview_shape =
    SHAPE("ClientOverview", struct overview_out, overview_fields);

/* ---- reading ---- */

static enum result read_sums(struct work *w, int64_t id, struct overview_out *out)
{
    struct db_rows r;
    enum result res = db_one(
        w->tx, &r,
        "SELECT COUNT(*),"
        " COALESCE(SUM(CASE WHEN status IN ('pending', 'confirmed') AND start_s > $3 THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN status = 'no_show' THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN status = 'completed' THEN price ELSE 0 END), 0),"
        " MIN(CASE WHEN status = 'completed' THEN start_s END),"
        " (SELECT currency FROM workspace WHERE id = $1)"
        " FROM booking WHERE workspace_id = $1 AND client_id = $2",
        db_i(w->actor.workspace_id), db_i(id), db_i(w->now_s));
    if (res != OK)
        return res;
    out->visits = arena_new(w->arena, struct visits_out);
    *out->visits = (struct visits_out){
        .total = some_int(db_int(&r, 0, 0)),
        .upcoming = some_int(db_int(&r, 0, 1)),
        .completed = some_int(db_int(&r, 0, 2)),
        .cancelled = some_int(db_int(&r, 0, 3)),
        .no_show = some_int(db_int(&r, 0, 4)),
    };
    out->spend = arena_new(w->arena, struct spend_out);
    *out->spend = (struct spend_out){
        .completed = some_int(db_int(&r, 0, 5)),
        .since = db_opt_int(&r, 0, 6),
        .currency = db_str(&r, 0, 7),
    };
    return OK;
}

static enum result read_services(struct work *w, int64_t booking_id, struct str *ret)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT name FROM booking_service WHERE workspace_id = $1"
                               " AND booking_id = $2 ORDER BY position LIMIT $3",
                               db_i(w->actor.workspace_id), db_i(booking_id), db_i(SERVICES_MAX));
    if (res != OK)
        return res;
    struct str_list names = {true, r.count, arena_new_array(w->arena, r.count, struct str)};
    for (size_t i = 0; i < r.count; i++)
        names.items[i] = db_str(&r, i, 0);
    *ret = client_list_json(w->arena, &names);
    return OK;
}

#define VISIT                                                                   \
    "SELECT b.id, b.start_s, b.end_s, b.status, p.name FROM booking b"          \
    " JOIN resource p ON p.workspace_id = b.workspace_id AND p.id = b.staff_id" \
    " WHERE b.workspace_id = $1 AND b.client_id = $2"

static enum result read_visit(struct work *w, int64_t id, bool next, struct visit_out **ret)
{
    struct db_rows r;
    enum result res =
        next
            ? db_one(w->tx, &r,
                     VISIT " AND b.status IN ('pending', 'confirmed') AND b.start_s > $3"
                           " ORDER BY b.start_s, b.id LIMIT 1",
                     db_i(w->actor.workspace_id), db_i(id), db_i(w->now_s))
            : db_one(w->tx, &r,
                     VISIT " AND b.status = 'completed' ORDER BY b.start_s DESC, b.id DESC LIMIT 1",
                     db_i(w->actor.workspace_id), db_i(id));
    *ret = NULL;
    if (res != OK)
        return res == NOT_FOUND ? OK : res;
    struct visit_out *v = arena_new(w->arena, struct visit_out);
    *v = (struct visit_out){
        .id = some_int(db_int(&r, 0, 0)),
        .start = some_int(db_int(&r, 0, 1)),
        .end = some_int(db_int(&r, 0, 2)),
        .status = db_str(&r, 0, 3),
        .staff_name = db_str(&r, 0, 4),
    };
    *ret = v;
    return read_services(w, v->id.value, &v->services);
}

static enum result read_words(struct work *w, int64_t id, struct overview_out *out)
{
    struct db_rows stars, forms, talk;
    enum result res = db_one(w->tx, &stars,
                             "SELECT COUNT(*), COALESCE(SUM(stars), 0) FROM rating"
                             " WHERE workspace_id = $1 AND client_id = $2",
                             db_i(w->actor.workspace_id), db_i(id));
    if (res == OK)
        res = db_one(w->tx, &forms,
                     "SELECT COALESCE(SUM(CASE WHEN status = 'pending' THEN 1 ELSE 0 END), 0),"
                     " COALESCE(SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END), 0)"
                     " FROM form_submission WHERE workspace_id = $1 AND client_id = $2",
                     db_i(w->actor.workspace_id), db_i(id));
    if (res != OK)
        return res;
    int64_t count = db_int(&stars, 0, 0), sum = db_int(&stars, 0, 1);
    out->ratings = arena_new(w->arena, struct ratings_out);
    out->ratings->count = some_int(count);
    if (count) /* to the hundredth, halves up */
        out->ratings->average = some_int((sum * 200 / count + 1) / 2 * 10);
    out->forms = arena_new(w->arena, struct forms_out);
    out->forms->pending = some_int(db_int(&forms, 0, 0));
    out->forms->completed = some_int(db_int(&forms, 0, 1));
    res = db_one(w->tx, &talk,
                 "SELECT id FROM conversation WHERE workspace_id = $1 AND client_id = $2",
                 db_i(w->actor.workspace_id), db_i(id));
    if (res == OK)
        out->conversation_id = some_int(db_int(&talk, 0, 0));
    return res == NOT_FOUND ? OK : res;
}

static enum result read_duplicates(struct work *w, const struct client *c, struct overview_out *out)
{
    struct client_duplicates *found = arena_new(w->arena, struct client_duplicates);
    enum result res = client_find_duplicates(w, c, found);
    if (res != OK)
        return res;
    struct duplicate_out *list = arena_new_array(w->arena, found->count, struct duplicate_out);
    for (size_t i = 0; i < found->count; i++) {
        const struct client *d = &found->items[i].client;
        list[i] = (struct duplicate_out){some_int(d->id), d->name, d->email, d->phone,
                                         str_of(found->items[i].why)};
    }
    out->duplicates = (struct shape_list){true, found->count, list};
    return OK;
}

enum result client_get_overview(struct request *rq, struct work *w)
{
    struct overview_out out = {0};
    struct client c;
    int64_t id = request_id_param(rq, 0);
    enum result res = client_load_known(w, id, &c);
    if (res == OK)
        res = read_sums(w, id, &out);
    if (res == OK)
        res = read_visit(w, id, true, &out.visits->next);
    if (res == OK)
        res = read_visit(w, id, false, &out.visits->last);
    if (res == OK)
        res = read_words(w, id, &out);
    if (res == OK)
        res = read_duplicates(w, &c, &out);
    if (res != OK)
        return res;
    struct client_out client = client_show(w, &c);
    out.client = &client;
    answer_json(rq, 200, &client_overview_shape, &out, w->actor.permissions);
    return OK;
}
