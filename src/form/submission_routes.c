/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* submission_routes: who was asked to fill forms in, and what they answered, for the business. */
#include "form/form.h"

#include "form/submission.h"

struct submissions_query {
    struct opt_int status, limit;
    struct str cursor;
};
static const struct field query_fields[] = {
    FIELD_ENUM(struct submissions_query, status, submission_statuses),
    PAGE_FIELDS(struct submissions_query),
};
static const struct shape query_shape =
    SHAPE("FormSubmissionsQuery", struct submissions_query, query_fields);

static const char *const states[] = {"pending", "overdue", "completed", NULL};
enum { STATE_OVERDUE = 1 };
static const struct field all_fields[] = {
    FIELD_ENUM(struct submissions_query, status, states),
    PAGE_FIELDS(struct submissions_query),
};
static const struct shape all_shape =
    SHAPE("SubmissionsQuery", struct submissions_query, all_fields);

static const struct field few_fields[] = {PAGE_FIELDS(struct submissions_query)};
static const struct shape few_shape =
    SHAPE("SubmissionsOfOneQuery", struct submissions_query, few_fields);

/* ---- page by page ---- */

static enum result answer_page(struct request *rq, struct work *w, struct submission_query *q)
{
    const struct submissions_query *in = rq->query_in;
    size_t limit = in->limit.set ? (size_t)in->limit.value : PAGE_LIMIT_DEFAULT, count;
    bool paged;
    int64_t key = 0, id = 0;
    struct submission_view *list;
    enum result res = cursor_read(w, in->cursor, &paged, &key, &id);
    if (res != OK)
        return res;
    q->below_id = paged ? id : INT64_MAX;
    q->below_requested_s = paged ? key : w->now_s - FORM_OVERDUE_S;
    q->limit = limit + 1;
    res = submission_list(w, q, &list, &count);
    if (res != OK)
        return res;
    struct str next = {0};
    if (count > limit) {
        count = limit;
        next = submission_cursor(w, q, submission_at(list, count - 1));
    }
    answer_list(rq, &submission_shape, list, count, next, w->actor.permissions);
    return OK;
}

static enum result get_of_form(struct request *rq, struct work *w)
{
    const struct submissions_query *in = rq->query_in;
    struct form form;
    enum result res = form_load(w, request_id_param(rq, 0), &form);
    if (res != OK)
        return res;
    struct submission_query q = {.form_id = form.id};
    if (in->status.set)
        q.status = submission_statuses[in->status.value];
    return answer_page(rq, w, &q);
}

static enum result get_all(struct request *rq, struct work *w)
{
    const struct submissions_query *in = rq->query_in;
    struct submission_query q = {.overdue = in->status.set && in->status.value == STATE_OVERDUE};
    if (in->status.set && !q.overdue)
        q.status = states[in->status.value];
    return answer_page(rq, w, &q);
}

/* ---- of one booking, of one client ---- */

/* Another member's visit looks absent, as it does everywhere. */
static enum result get_of_booking(struct request *rq, struct work *w)
{
    int64_t id = request_id_param(rq, 0);
    struct db_rows r;
    enum result res =
        db_one(w->tx, &r, "SELECT staff_id FROM booking WHERE workspace_id = $1 AND id = $2",
               db_i(w->actor.workspace_id), db_i(id));
    if (res == NOT_FOUND || (res == OK && !w->sees_all && db_int(&r, 0, 0) != w->actor.staff_id))
        return work_missing(w, "booking");
    return res == OK ? answer_page(rq, w, &(struct submission_query){.booking_id = id}) : res;
}

/* And somebody else's client. */
static enum result check_visits(struct work *w, int64_t client_id)
{
    struct db_rows r;
    if (w->sees_all)
        return OK;
    enum result res = db_one(w->tx, &r,
                             "SELECT 1 FROM booking WHERE workspace_id = $1 AND client_id = $2"
                             " AND staff_id = $3 LIMIT 1",
                             db_i(w->actor.workspace_id), db_i(client_id), db_i(w->actor.staff_id));
    return res == NOT_FOUND ? work_missing(w, "client") : res;
}

static enum result get_of_client(struct request *rq, struct work *w)
{
    struct client c;
    enum result res = client_load_known(w, request_id_param(rq, 0), &c);
    if (res == OK)
        res = check_visits(w, c.id);
    return res == OK ? answer_page(rq, w, &(struct submission_query){.client_id = c.id}) : res;
}

/* ---- one ---- */

static enum result get_one(struct request *rq, struct work *w)
{
    struct submission s;
    struct str answers;
    enum result res = submission_load(w, request_id_param(rq, 0), &s);
    if (res == OK && s.readable)
        res = submission_answers(w, &s, "read", &answers);
    if (res == OK)
        answer_json(rq, 200, &submission_full_shape, s.view, w->actor.permissions);
    return res;
}

#define LIST      .status = 200, .answer = &submission_shape, .answer_is_list = true, .mode = MODE_READ
#define OF_VISITS .who = WHO_STAFF, .all_with = PERM_BOOKINGS, .tag = "forms"

static const struct route routes[] = {
    {LIST, .method = HTTP_GET_, .path = "/api/v1/forms/{id}/submissions", .who = WHO_OWNER,
     .query = &query_shape, .handler = get_of_form, .tag = "forms",
     .summary = "Who was asked to fill it in and what they answered, newest first"},
    {LIST, .method = HTTP_GET_, .path = "/api/v1/submissions", .who = WHO_OWNER,
     .query = &all_shape, .handler = get_all, .tag = "forms",
     .summary = "The same of all forms; overdue: asked for more than a day ago, the last first"},
    {LIST, OF_VISITS, .method = HTTP_GET_, .path = "/api/v1/bookings/{id}/forms",
     .query = &few_shape, .handler = get_of_booking,
     .summary = "The forms of a visit, newest first"},
    {LIST, OF_VISITS, .method = HTTP_GET_, .path = "/api/v1/clients/{id}/forms",
     .query = &few_shape, .handler = get_of_client,
     .summary = "The forms of a client, newest first"},
    {OF_VISITS, .method = HTTP_GET_, .path = "/api/v1/submissions/{id}", .mode = MODE_WRITE,
     .written_down = true, .status = 200, .answer = &submission_full_shape, .handler = get_one,
     .summary = "One form of one client, with what was asked and what was answered"},
};
const struct route_table form_submission_table = {routes, sizeof routes / sizeof routes[0]};
