/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attention_visits: visits that wait for a yes, for a mark, for somebody who is there, for what has
 * to come first. */
#include "today/attention.h"

enum {
    DAY_S = 24 * HOUR_S,
    SOON_S = DAY_S,
    GATES_SOON_S = 2 * DAY_S,
    FORMS_SOON_S = 7 * DAY_S,
    FIT_DAYS = 7,
    FIT_VISITS = 500,
    VISIT_MAX_S = 2 * DAY_S, /* no visit is longer (hold_span) */
    FAR_S = 1100 * DAY_S,    /* nor further ahead */
    ASKED_S = 1100 * DAY_S,  /* nor was its form asked for earlier */
};

static struct attention_item *add_visit(struct attention *list, const char *code,
                                        enum severity severity, const struct visit_row *v)
{
    struct attention_item *item = attention_add(list, code, severity);
    item->id = item->booking_id = some_int(v->id);
    item->version = some_int(v->version);
    item->start = some_int(v->start_s);
    item->end = some_int(v->end_s);
    item->status = v->status;
    item->services = v->services;
    item->client_id = some_int(v->client_id);
    item->client_name = v->client_name;
    item->client_phone = v->client_phone;
    item->staff_id = some_int(v->staff_id);
    item->staff_name = v->staff_name;
    item->fix_url = str_printf(list->w->arena, "/app?visit=%lld", (long long)v->id);
    return item;
}

static struct str of_client(struct arena *a, const struct visit_row *v, const char *what)
{
    return str_printf(a, "The visit of " STR_FMT " %s", STR_ARG(v->client_name), what);
}

/* ---- a yes, a mark ---- */

static enum result unconfirmed(struct attention *list)
{
    struct work *w = list->w;
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 VISIT_SELECT " WHERE b.workspace_id = $1 AND b.status = 'pending'"
                              " AND b.start_s >= $2 ORDER BY b.start_s, b.id LIMIT $3",
                 db_i(w->actor.workspace_id), db_i(w->now_s), db_i(ATTENTION_EACH));
    if (res != OK)
        return res;
    const struct visit_row *v = visit_rows(w->arena, &r);
    for (size_t i = 0; i < r.count; i++) {
        bool soon = v[i].start_s < w->now_s + SOON_S;
        add_visit(list, "unconfirmed", soon ? SEVERITY_URGENT : SEVERITY_WARNING, &v[i])->message =
            of_client(w->arena, &v[i], "waits to be confirmed.");
    }
    return OK;
}

static enum result unmarked(struct attention *list)
{
    struct work *w = list->w;
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               VISIT_SELECT " WHERE b.workspace_id = $1 AND b.end_s <= $2"
                                            " AND b.status IN ('pending', 'confirmed')"
                                            " ORDER BY b.end_s, b.id LIMIT $3",
                               db_i(w->actor.workspace_id), db_i(w->now_s), db_i(ATTENTION_EACH));
    if (res != OK)
        return res;
    const struct visit_row *v = visit_rows(w->arena, &r);
    for (size_t i = 0; i < r.count; i++)
        add_visit(list, "unmarked", SEVERITY_WARNING, &v[i])->message = of_client(
            w->arena, &v[i], "has ended and is marked neither as completed nor as a no-show.");
    return OK;
}

enum result attention_visits(struct attention *list)
{
    enum result res = unconfirmed(list);
    return res == OK ? unmarked(list) : res;
}

/* ---- somebody who is there ---- */

static const char *const misfit_words[MISFIT__MAX] = {
    [FIT] = "",
    [MISFIT_INACTIVE] = "is with somebody who is switched off.",
    [MISFIT_OFF] = "lies in the time off of its person.",
    [MISFIT_CLOSED] = "lies in a time when the business is closed.",
    [MISFIT_HOURS] = "lies outside of the hours of its person.",
};

struct orphans {
    struct attention *list;
    size_t count[MISFIT__MAX];
    size_t total;
    int64_t seen[ATTENTION_EACH * MISFIT__MAX];
};

static bool is_new(const struct orphans *o, int64_t id)
{
    for (size_t i = 0; i < o->total; i++)
        if (o->seen[i] == id)
            return false;
    return true;
}

static enum result add_orphans(struct orphans *o, const struct db_rows *r)
{
    struct work *w = o->list->w;
    const struct visit_row *v = visit_rows(w->arena, r);
    struct fit *fits;
    enum result res = fit_of(w, o->list->ws, v, r->count, &fits);
    for (size_t i = 0; res == OK && i < r->count; i++) {
        enum misfit why = fits[i].why;
        if (why == FIT || o->count[why] == ATTENTION_EACH || !is_new(o, v[i].id))
            continue;
        o->count[why]++;
        o->seen[o->total++] = v[i].id;
        bool nobody = why == MISFIT_INACTIVE || why == MISFIT_OFF;
        struct attention_item *item = add_visit(o->list, misfit_codes[why],
                                                nobody ? SEVERITY_URGENT : SEVERITY_WARNING, &v[i]);
        item->minutes = some_int(fits[i].minutes);
        item->message = of_client(w->arena, &v[i], misfit_words[why]);
    }
    return res;
}

/* However far ahead: by the few people who are switched off, and by the times off to come. */
static enum result without_person(struct orphans *o)
{
    struct work *w = o->list->w;
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        VISIT_COLUMNS " FROM resource r"
                      " CROSS JOIN booking b"
                      " JOIN client c ON c.workspace_id = b.workspace_id AND c.id = b.client_id"
                      " WHERE r.workspace_id = $1 AND r.kind = 'person' AND r.active = 0"
                      " AND b.workspace_id = $1 AND b.staff_id = r.id"
                      " AND b.start_s >= $2 AND b.start_s < $4"
                      " AND b.status IN ('pending', 'confirmed')"
                      " ORDER BY b.start_s, b.id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(w->now_s), db_i(ATTENTION_EACH), db_i(w->now_s + FAR_S));
    if (res == OK)
        res = add_orphans(o, &r);
    if (res == OK)
        res = db_query(w->tx, &r,
                       VISIT_COLUMNS
                       " FROM time_off t"
                       " CROSS JOIN booking b"
                       " JOIN client c ON c.workspace_id = b.workspace_id AND c.id = b.client_id"
                       " JOIN resource r ON r.workspace_id = b.workspace_id AND r.id = b.staff_id"
                       " WHERE t.workspace_id = $1 AND t.end_s > $2"
                       " AND b.workspace_id = $1 AND b.staff_id = t.staff_id"
                       " AND b.start_s >= $2 AND b.start_s < $5"
                       " AND b.start_s > t.start_s - $4 AND b.start_s < t.end_s"
                       " AND b.outer_to_s > t.start_s AND b.outer_from_s < t.end_s"
                       " AND b.status IN ('pending', 'confirmed')"
                       " ORDER BY b.start_s, b.id LIMIT $3",
                       db_i(w->actor.workspace_id), db_i(w->now_s), db_i(ATTENTION_EACH),
                       db_i(VISIT_MAX_S), db_i(w->now_s + FAR_S));
    return res == OK ? add_orphans(o, &r) : res;
}

enum result attention_orphans(struct attention *list)
{
    struct work *w = list->w;
    struct orphans o = {.list = list};
    struct db_rows r;
    enum result res = without_person(&o);
    if (res == OK)
        res = db_query(w->tx, &r,
                       VISIT_SELECT
                       " WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"
                       " AND b.status IN ('pending', 'confirmed')"
                       " ORDER BY b.start_s, b.id LIMIT $4",
                       db_i(w->actor.workspace_id), db_i(w->now_s),
                       db_i(w->now_s + (int64_t)FIT_DAYS * DAY_S), db_i(FIT_VISITS));
    return res == OK ? add_orphans(&o, &r) : res;
}

/* ---- what has to come first ---- */

/* As GET /bookings?gates=urgent: where a visit is missing, or a form and they are near. */
enum result attention_gates(struct attention *list)
{
    struct work *w = list->w;
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 VISIT_SELECT " WHERE b.workspace_id = $1 AND b.gates_unmet > 0"
                              " AND b.status IN ('pending', 'confirmed') AND b.start_s >= $2"
                              " AND b.start_s < $5 AND (b.gates_unmet = 2 OR b.start_s < $3)"
                              " ORDER BY b.start_s, b.id LIMIT $4",
                 db_i(w->actor.workspace_id), db_i(w->now_s), db_i(w->now_s + GATES_SOON_S),
                 db_i(ATTENTION_EACH), db_i(w->now_s + FAR_S));
    if (res != OK)
        return res;
    const struct visit_row *v = visit_rows(w->arena, &r);
    for (size_t i = 0; i < r.count; i++) {
        bool soon = v[i].start_s < w->now_s + SOON_S;
        struct attention_item *item =
            add_visit(list, "gate_unmet", soon ? SEVERITY_URGENT : SEVERITY_WARNING, &v[i]);
        item->kind = v[i].gates_unmet == 2 ? STR("visit") : STR("form");
        item->message = of_client(w->arena, &v[i], "waits for something that has to come first.");
    }
    return OK;
}

/* Those that a gate waits for are told by it. The index has what is asked for and not answered:
 * about as long as the list of visits to come. */
enum result attention_forms(struct attention *list)
{
    struct work *w = list->w;
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT s.id, s.version, s.requested_s, f.name, b.id, b.start_s, c.id, c.name, c.phone"
        " FROM form_submission s"
        " JOIN form f ON f.workspace_id = s.workspace_id AND f.id = s.form_id"
        " JOIN booking b ON b.workspace_id = s.workspace_id AND b.id = s.booking_id"
        " JOIN client c ON c.workspace_id = s.workspace_id AND c.id = s.client_id"
        " WHERE s.workspace_id = $1 AND s.status = 'pending'"
        " AND s.requested_s > $5 AND s.requested_s <= $2"
        " AND b.status IN ('pending', 'confirmed') AND b.gates_unmet = 0"
        " AND b.start_s >= $2 AND b.start_s < $3"
        " ORDER BY b.start_s, s.id LIMIT $4",
        db_i(w->actor.workspace_id), db_i(w->now_s), db_i(w->now_s + FORMS_SOON_S),
        db_i(ATTENTION_EACH), db_i(w->now_s - ASKED_S));
    if (res != OK)
        return res;
    for (size_t i = 0; i < r.count; i++) {
        bool overdue = db_int(&r, i, 2) <= w->now_s - DAY_S;
        bool soon = db_int(&r, i, 5) < w->now_s + GATES_SOON_S;
        if (!overdue && !soon)
            continue;
        struct attention_item *item =
            attention_add(list, overdue ? "form_overdue" : "form_pending",
                          overdue && soon ? SEVERITY_WARNING : SEVERITY_INFO);
        item->id = some_int(db_int(&r, i, 0));
        item->version = some_int(db_int(&r, i, 1));
        item->at = some_int(db_int(&r, i, 2));
        item->name = db_str(&r, i, 3);
        item->booking_id = some_int(db_int(&r, i, 4));
        item->start = some_int(db_int(&r, i, 5));
        item->client_id = some_int(db_int(&r, i, 6));
        item->client_name = db_str(&r, i, 7);
        item->client_phone = db_str(&r, i, 8);
        item->fix_url = str_printf(w->arena, "/app?visit=%lld", (long long)item->booking_id.value);
        item->message = str_printf(w->arena, STR_FMT " has not filled in \"" STR_FMT "\".",
                                   STR_ARG(item->client_name), STR_ARG(item->name));
    }
    return OK;
}
