/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* message_routes: the communication log over HTTP. The owner alone reads it. */
#include "message/message_routes.h"

#include "audit/audit.h"
#include "base/app.h"
#include "message/delivery.h"
#include "message/email_view.h"
#include "message/letter.h"
#include "message/mailer.h"
#include "message/mailer_queue.h"
#include "message/outbox.h"

/* ---- shapes ---- */

static const struct field email_fields[] = {
    FIELD_ID(struct email_view, id),
    FIELD_WORD(struct email_view, kind, letter_kind_names),
    FIELD_STR(struct email_view, to, 0, 0),
    FIELD_STR(struct email_view, to_name, 0, 0),
    FIELD_STR(struct email_view, subject, 0, 0),
    FIELD_WORD(struct email_view, status, outbox_status_names),
    FIELD_STR(struct email_view, reason, 0, 0, .maybe = true,
              .doc = "why a suppressed one was not sent"),
    FIELD_WORD(struct email_view, delivery, delivery_names, .maybe = true,
               .doc = "what the mail service last said of one that it has taken"),
    FIELD_INSTANT(struct email_view, delivered_at, .maybe = true, .doc = "when it said so"),
    FIELD_STR(struct email_view, provider_word, 0, 0, .maybe = true,
              .doc = "and how, in its own words"),
    FIELD_INT(struct email_view, priority, 0, 0, .doc = "0 goes first, 2 last"),
    FIELD_INT(struct email_view, attempts, 0, 0),
    FIELD_STR(struct email_view, last_error, 0, 0, .maybe = true,
              .doc = "why the last attempt did not succeed"),
    FIELD_STR(struct email_view, provider_id, 0, 0, .maybe = true,
              .doc = "how the mail service calls it"),
    FIELD_ID(struct email_view, booking_id, .maybe = true),
    FIELD_ID(struct email_view, client_id, .maybe = true),
    FIELD_INSTANT(struct email_view, created_at),
    FIELD_INSTANT(struct email_view, due_at, .maybe = true, .doc = "not tried again before this"),
    FIELD_INSTANT(struct email_view, sent_at, .maybe = true),
    FIELD_STR(struct email_view, told_by, 0, 0, .maybe = true,
              .doc = "who has told them in another way"),
    FIELD_INSTANT(struct email_view, told_at, .maybe = true),
    FIELD_STR(struct email_view, text, 0, 0, .omit = true,
              .doc = "the words, of one message alone; never those that hold a secret"),
    FIELD_INT(struct email_view, version, 0, 0),
};
const struct shape email_shape = SHAPE("Email", struct email_view, email_fields);

struct emails_query {
    struct opt_int limit;
    struct str cursor, kind;
    struct opt_int status, booking_id, client_id;
};
static const struct field emails_query_fields[] = {
    PAGE_FIELDS(struct emails_query),
    FIELD_ENUM(struct emails_query, status, outbox_status_names),
    FIELD_STR(struct emails_query, kind, 1, 40),
    FIELD_ID(struct emails_query, booking_id),
    FIELD_ID(struct emails_query, client_id),
};
static const struct shape emails_query_shape =
    SHAPE("EmailsQuery", struct emails_query, emails_query_fields);

/* ---- reading ---- */

#define EMAIL_COLUMNS                                                                             \
    "SELECT id, kind, to_address, to_name, subject, status, attempts, last_error, provider_id,"   \
    " booking_id, client_id, created_s, due_s, sent_s, version, body_text, delivery, delivery_s," \
    " provider_word, reason, told_by, told_s, priority FROM message"

static struct email_view read_email(const struct db_rows *r, size_t row, bool with_text)
{
    struct email_view v = {
        .id = some_int(db_int(r, row, 0)),
        .kind = db_str(r, row, 1),
        .to = db_str(r, row, 2),
        .to_name = db_str(r, row, 3),
        .subject = db_str(r, row, 4),
        .status = db_str(r, row, 5),
        .attempts = some_int(db_int(r, row, 6)),
        .last_error = db_str(r, row, 7),
        .provider_id = db_str(r, row, 8),
        .booking_id = db_opt_int(r, row, 9),
        .client_id = db_opt_int(r, row, 10),
        .created_at = some_int(db_int(r, row, 11)),
        .sent_at = db_opt_int(r, row, 13),
        .version = some_int(db_int(r, row, 14)),
        .delivery = db_str(r, row, 16),
        .delivered_at = db_opt_int(r, row, 17),
        .provider_word = db_str(r, row, 18),
        .reason = db_str(r, row, 19),
        .told_by = db_str(r, row, 20),
        .told_at = db_opt_int(r, row, 21),
        .priority = some_int(db_int(r, row, 22) % OWN_LANE),
    };
    if (str_is(v.status, "queued"))
        v.due_at = some_int(db_int(r, row, 12));
    if (with_text && !letter_is_secret(v.kind))
        v.text = db_str(r, row, 15);
    return v;
}

enum result email_load(struct request *rq, struct work *w, struct email_view *ret)
{
    struct db_rows r;
    enum result result = db_one(w->tx, &r, EMAIL_COLUMNS " WHERE workspace_id = $1 AND id = $2",
                                db_i(w->actor.workspace_id), db_i(request_id_param(rq, 0)));
    if (result == NOT_FOUND)
        return work_missing(w, "e-mail");
    if (result == OK)
        *ret = read_email(&r, 0, true);
    return result;
}

void email_answer(struct request *rq, struct work *w, const struct email_view *v)
{
    answer_etag(rq, v->version.value);
    answer_json(rq, 200, &email_shape, v, w->actor.permissions);
}

/* Each shape of the question has its index: by booking, client, state, kind, time. */
static enum result query_emails(struct work *w, const struct emails_query *q, int64_t below_id,
                                int64_t limit, struct db_rows *ret)
{
    int64_t ws = w->actor.workspace_id;
    const char *status = q->status.set ? outbox_status_names[q->status.value] : "";
    struct str kind = q->kind.ptr ? q->kind : STR("");
    if (q->booking_id.set)
        return db_query(w->tx, ret,
                        EMAIL_COLUMNS " WHERE workspace_id = $1 AND booking_id = $2 AND id < $3"
                                      " AND ($4 = '' OR status = $4) AND ($5 = '' OR kind = $5)"
                                      " AND ($7 = 0 OR client_id = $7) ORDER BY id DESC LIMIT $6",
                        db_i(ws), db_i(q->booking_id.value), db_i(below_id), db_z(status),
                        db_s(kind), db_i(limit), db_i(q->client_id.set ? q->client_id.value : 0));
    if (q->client_id.set)
        return db_query(w->tx, ret,
                        EMAIL_COLUMNS " WHERE workspace_id = $1 AND client_id = $2 AND id < $3"
                                      " AND ($4 = '' OR status = $4) AND ($5 = '' OR kind = $5)"
                                      " ORDER BY id DESC LIMIT $6",
                        db_i(ws), db_i(q->client_id.value), db_i(below_id), db_z(status),
                        db_s(kind), db_i(limit));
    if (q->status.set)
        return db_query(w->tx, ret,
                        EMAIL_COLUMNS " WHERE workspace_id = $1 AND status = $2 AND id < $3"
                                      " AND ($4 = '' OR kind = $4) ORDER BY id DESC LIMIT $5",
                        db_i(ws), db_z(status), db_i(below_id), db_s(kind), db_i(limit));
    if (q->kind.ptr)
        return db_query(w->tx, ret,
                        EMAIL_COLUMNS " WHERE workspace_id = $1 AND kind = $2 AND id < $3"
                                      " ORDER BY id DESC LIMIT $4",
                        db_i(ws), db_s(kind), db_i(below_id), db_i(limit));
    return db_query(w->tx, ret,
                    EMAIL_COLUMNS " WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                    db_i(ws), db_i(below_id), db_i(limit));
}

static enum result list_emails(struct request *rq, struct work *w)
{
    const struct emails_query *q = rq->query_in;
    bool paged;
    int64_t key = 0;
    int64_t id = 0;
    enum result result = cursor_read(w, q->cursor, &paged, &key, &id);
    if (result != OK)
        return result;
    int64_t limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT;
    struct db_rows r;
    result = query_emails(w, q, paged ? id : INT64_MAX, limit + 1, &r);
    if (result != OK)
        return result;
    size_t count = r.count < (size_t)limit ? r.count : (size_t)limit;
    struct email_view *views = arena_new_array(w->arena, count + 1, struct email_view);
    for (size_t i = 0; i < count; i++)
        views[i] = read_email(&r, i, false);
    struct str next = {0};
    if (r.count > count)
        next = cursor_write(w->arena, 0, views[count - 1].id.value);
    answer_list(rq, &email_shape, views, count, next, w->actor.permissions);
    return OK;
}

static enum result get_email(struct request *rq, struct work *w)
{
    struct email_view v;
    enum result result = email_load(rq, w, &v);
    if (result == OK)
        email_answer(rq, w, &v);
    return result;
}

/* ---- retry ---- */

static enum result queue_again(struct work *w, const struct email_view *v)
{
    int64_t changed = 0;
    enum result result =
        db_count(w->tx, &changed,
                 "UPDATE message SET status = 'queued', due_s = $3, attempts = 0,"
                 " first_attempt_s = NULL, outcome_unknown = 0, lease_owner = NULL,"
                 " lease_until_s = 0, last_error = NULL, version = version + 1"
                 " WHERE workspace_id = $1 AND id = $2 AND status = 'failed'",
                 db_i(w->actor.workspace_id), db_i(v->id.value), db_i(w->now_s));
    if (result == OK && changed == 0)
        result = problem_set(w->problem, CONFLICT, "invalid_transition",
                             "Only a message that failed can be tried again.");
    return result;
}

/* The same key goes again, so that what did arrive within the last day does not arrive twice. */
static enum result retry_email(struct request *rq, struct work *w)
{
    struct email_view v;
    enum result result = email_load(rq, w, &v);
    if (result == OK)
        result = route_check_version(rq, w, v.version.value);
    if (result == OK && letter_is_secret(v.kind))
        result = problem_set(w->problem, CONFLICT, "invalid_transition",
                             "Its words held a secret and are forgotten. Invite again, or ask for "
                             "a new link.");
    if (result == OK)
        result = queue_again(w, &v);
    if (result == OK)
        result = audit_action(w, "email", v.id.value, "retried");
    if (result == OK)
        result = email_load(rq, w, &v);
    if (result != OK)
        return result;
    if (w->app && w->app->mailer)
        db_after_commit(w->tx, mailer_wake, w->app->mailer);
    email_answer(rq, w, &v);
    return OK;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/emails",
        .who = WHO_OWNER,
        .mode = MODE_READ,
        .query = &emails_query_shape,
        .status = 200,
        .answer = &email_shape,
        .answer_is_list = true,
        .handler = list_emails,
        .tag = "messages",
        .summary = "Every e-mail that the business has sent or tried to send, newest first",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/emails/{id}",
        .who = WHO_OWNER,
        .mode = MODE_READ,
        .status = 200,
        .answer = &email_shape,
        .handler = get_email,
        .tag = "messages",
        .summary = "One e-mail with its words",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/emails/{id}/retry",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .status = 200,
        .answer = &email_shape,
        .handler = retry_email,
        .tag = "messages",
        .summary = "Try a failed e-mail again",
    },
};
const struct route_table message_table = {routes, sizeof routes / sizeof *routes};
