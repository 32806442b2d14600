/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ask: which forms a booking asks for, and what becomes of that. See form.h. */
#include "form/form.h"

#include "form/internal.h"

enum { SERVICE_FORMS_READ_MAX = 50 };

/* The forms of a service that the client has not answered of late. */
static enum result wanted_by(struct work *w, int64_t service_id, int64_t client_id,
                             struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT f.id, f.form_revision FROM service_form sf"
                    " JOIN form f ON f.workspace_id = sf.workspace_id AND f.id = sf.form_id"
                    " WHERE sf.workspace_id = $1 AND sf.service_id = $2 AND f.active = 1"
                    " AND NOT EXISTS (SELECT 1 FROM form_submission s WHERE s.workspace_id = $1"
                    "  AND s.client_id = $3 AND s.form_id = f.id AND s.completed_s > $4)"
                    " ORDER BY f.id LIMIT $5",
                    db_i(w->actor.workspace_id), db_i(service_id), db_i(client_id),
                    db_i(w->now_s - FORM_GOOD_FOR_S), db_i(SERVICE_FORMS_READ_MAX));
}

/* The same of those that are asked for whatever the service, and that no service names. */
static enum result wanted_always(struct work *w, int64_t client_id, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT f.id, f.form_revision FROM form f WHERE f.workspace_id = $1"
                    " AND f.active = 1 AND f.every_visit = 1"
                    " AND NOT EXISTS (SELECT 1 FROM service_form sf WHERE sf.workspace_id = $1"
                    "  AND sf.form_id = f.id)"
                    " AND NOT EXISTS (SELECT 1 FROM service_require q WHERE q.workspace_id = $1"
                    "  AND q.form_id = f.id)"
                    " AND NOT EXISTS (SELECT 1 FROM form_submission s WHERE s.workspace_id = $1"
                    "  AND s.client_id = $2 AND s.form_id = f.id AND s.completed_s > $3)"
                    " ORDER BY f.id LIMIT $4",
                    db_i(w->actor.workspace_id), db_i(client_id), db_i(w->now_s - FORM_GOOD_FOR_S),
                    db_i(SERVICE_FORMS_READ_MAX));
}

static enum result put(struct work *w, int64_t booking_id, int64_t client_id, int64_t form_id,
                       int64_t revision)
{
    return db_exec(w->tx,
                   "INSERT INTO form_submission (workspace_id, id, form_id, form_revision,"
                   " booking_id, client_id, status, asked_s)"
                   " VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7)"
                   " ON CONFLICT (workspace_id, booking_id, form_id) WHERE status <> 'completed'"
                   " DO UPDATE"
                   " SET status = 'pending', version = form_submission.version + 1"
                   " WHERE form_submission.status = 'dropped'",
                   db_i(w->actor.workspace_id), db_i(env_id(w->env)), db_i(form_id), db_i(revision),
                   db_i(booking_id), db_i(client_id), db_i(w->now_s));
}

static enum result pending_of(struct work *w, int64_t booking_id, struct form_asked **ret,
                              size_t *ret_count)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT s.id, s.form_id, f.name, s.requested_s FROM form_submission s"
                 " JOIN form f ON f.workspace_id = s.workspace_id AND f.id = s.form_id"
                 " WHERE s.workspace_id = $1 AND s.booking_id = $2 AND s.status = 'pending'"
                 " AND f.active = 1 ORDER BY s.id LIMIT $3",
                 db_i(w->actor.workspace_id), db_i(booking_id), db_i(FORM_ASKED_MAX));
    if (res != OK)
        return res;
    struct form_asked *list = arena_new_array(w->arena, r.count, struct form_asked);
    for (size_t i = 0; i < r.count; i++)
        list[i] = (struct form_asked){
            .id = db_int(&r, i, 0),
            .form_id = db_int(&r, i, 1),
            .name = db_str(&r, i, 2),
            .requested_s = db_opt_int(&r, i, 3),
        };
    *ret = list;
    *ret_count = r.count;
    return OK;
}

enum result form_ask(struct work *w, int64_t booking_id, int64_t client_id,
                     const int64_t *service_ids, size_t count, struct form_asked **ret,
                     size_t *ret_count)
{
    enum result res = OK;
    for (size_t i = 0; res == OK && i <= count; i++) {
        struct db_rows forms;
        res = i < count ? wanted_by(w, service_ids[i], client_id, &forms)
                        : wanted_always(w, client_id, &forms);
        for (size_t k = 0; res == OK && k < forms.count; k++)
            res = put(w, booking_id, client_id, db_int(&forms, k, 0), db_int(&forms, k, 1));
    }
    return res == OK ? pending_of(w, booking_id, ret, ret_count) : res;
}

enum result form_ask_for(struct work *w, int64_t booking_id, int64_t client_id, int64_t form_id)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT form_revision FROM form"
                               " WHERE workspace_id = $1 AND id = $2 AND active = 1",
                               db_i(w->actor.workspace_id), db_i(form_id));
    if (res != OK || r.count == 0)
        return res;
    return put(w, booking_id, client_id, form_id, db_int(&r, 0, 0));
}

enum result form_pending(struct work *w, int64_t submission_id, struct form_pending *ret)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r,
                             "SELECT s.status, f.name, s.booking_id, s.client_id, s.requested_s,"
                             " f.active"
                             " FROM form_submission s"
                             " JOIN form f ON f.workspace_id = s.workspace_id AND f.id = s.form_id"
                             " WHERE s.workspace_id = $1 AND s.id = $2",
                             db_i(w->actor.workspace_id), db_i(submission_id));
    if (res == NOT_FOUND)
        return work_missing(w, "form to fill in");
    if (res == OK)
        *ret = (struct form_pending){
            .pending = str_is(db_str(&r, 0, 0), "pending") && db_int(&r, 0, 5) != 0,
            .form_name = db_str(&r, 0, 1),
            .booking_id = db_int(&r, 0, 2),
            .client_id = db_int(&r, 0, 3),
            .requested_s = db_opt_int(&r, 0, 4),
        };
    return res;
}

enum result form_requested(struct work *w, int64_t submission_id)
{
    return db_exec(w->tx,
                   "UPDATE form_submission SET requested_s = $3, version = version + 1"
                   " WHERE workspace_id = $1 AND id = $2 AND requested_s IS NULL",
                   db_i(w->actor.workspace_id), db_i(submission_id), db_i(w->now_s));
}

enum result form_drop(struct work *w, int64_t booking_id)
{
    return db_exec(w->tx,
                   "UPDATE form_submission SET status = 'dropped', version = version + 1"
                   " WHERE workspace_id = $1 AND booking_id = $2 AND status = 'pending'",
                   db_i(w->actor.workspace_id), db_i(booking_id));
}

enum result form_hand_over(struct work *w, int64_t booking_id, int64_t client_id)
{
    enum result res = db_exec(w->tx,
                              "DELETE FROM form_link WHERE workspace_id = $1 AND submission_id IN"
                              " (SELECT id FROM form_submission WHERE workspace_id = $1"
                              " AND booking_id = $2)",
                              db_i(w->actor.workspace_id), db_i(booking_id));
    if (res == OK)
        res = db_exec(
            w->tx,
            "UPDATE form_submission SET client_id = $3, requested_s = NULL,"
            " draft = NULL, draft_s = NULL, version = version + 1 WHERE workspace_id = $1 AND booking_id = $2"
            " AND status <> 'completed'",
            db_i(w->actor.workspace_id), db_i(booking_id), db_i(client_id));
    return res;
}

/* The number is written down: PostgreSQL plans an unknown LIMIT as a tenth of the table. */
enum result form_sweep(struct work *w)
{
    return db_exec(w->tx,
                   "UPDATE form_submission SET draft = NULL, draft_s = NULL"
                   " WHERE (workspace_id, id) IN (SELECT workspace_id, id FROM form_submission"
                   " WHERE draft_s < $1 ORDER BY draft_s LIMIT 500)",
                   db_i(w->now_s - FORM_DRAFT_LIFE_S));
}
