/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * not_told: the people who, as far as we know, have not been told what they should know, and what
 * to do about each. The most urgent first; gone once it matters no more.
 *
 * Each line says why in words that a person understands, and one next step. A row is on the list by
 * its `untold` (delivery.h); a person takes it off by saying that they have told them.
 */
#include "message/message_routes.h"

#include "message/not_told.h"

#include "audit/audit.h"
#include "mail/mail.h"
#include "message/delivery.h"
#include "message/email_view.h"
#include "message/letter.h"
#include "message/mailer.h"
#include "message/outbox.h"

#include <string.h>

/* So short before it matters, a call is better than any letter. */
enum { SOON_S = 2 * 3600 };

/* ---- shapes ---- */

static const struct field client_fields[] = {
    FIELD_ID(struct untold_client, id, .maybe = true),
    FIELD_STR(struct untold_client, name, 0, 0),
    FIELD_STR(struct untold_client, email, 0, 0, .maybe = true,
              .doc = "where it went, or would go"),
    FIELD_STR(struct untold_client, phone, 0, 0, .maybe = true),
};
static const struct shape client_shape = SHAPE("UntoldClient", struct untold_client, client_fields);

const char *const next_step_names[] = {"retry", "correct_address", "add_address", "call", "wait",
                                       NULL};
static const struct field step_fields[] = {
    FIELD_WORD(struct next_step, code, next_step_names),
    FIELD_STR(struct next_step, message, 0, 0),
    FIELD_STR(struct next_step, url, 0, 0, .maybe = true, .doc = "where this API does it"),
};
static const struct shape step_shape = SHAPE("NextStep", struct next_step, step_fields);

static const struct field untold_fields[] = {
    FIELD_ID(struct untold_view, email_id),
    FIELD_WORD(struct untold_view, kind, letter_kind_names),
    FIELD_OBJECT(struct untold_view, client, client_shape),
    FIELD_ID(struct untold_view, booking_id, .maybe = true),
    FIELD_INSTANT(struct untold_view, booking_start, .maybe = true),
    FIELD_STR(struct untold_view, subject, 0, 0),
    FIELD_WORD(struct untold_view, status, outbox_status_names),
    FIELD_WORD(struct untold_view, delivery, delivery_names, .maybe = true),
    FIELD_STR(struct untold_view, why, 0, 0, .doc = "a sentence"),
    FIELD_STR(struct untold_view, last_error, 0, 0, .maybe = true,
              .doc = "what the mail service said"),
    FIELD_OBJECT(struct untold_view, next_step, step_shape),
    FIELD_INSTANT(struct untold_view, at, .doc = "since when"),
    FIELD_INSTANT(struct untold_view, matters_until, .doc = "after this it is of no use to them"),
};
static const struct shape untold_shape = SHAPE("Untold", struct untold_view, untold_fields);

struct untold_query {
    struct opt_int limit;
    struct str cursor;
};
static const struct field untold_query_fields[] = {PAGE_FIELDS(struct untold_query)};
static const struct shape untold_query_shape =
    SHAPE("UntoldQuery", struct untold_query, untold_query_fields);

/* ---- why, and what to do ---- */

/* A row of the list, as it is judged. */
struct untold_row {
    int64_t id, client_id, matters_until_s;
    bool unknown;
    struct str status, delivery, to_address, phone, last_error;
};

enum reason {
    REASON_BOUNCED,
    REASON_NO_ADDRESS,
    REASON_BAD_ADDRESS,
    REASON_UNKNOWN,
    REASON_GIVEN_UP,
    REASON_WAITING,
    REASON_HELD_BACK,
};

static enum reason reason_of(const struct untold_row *r)
{
    if (r->delivery.ptr && str_is(r->delivery, "bounced"))
        return REASON_BOUNCED;
    if (r->to_address.len == 0)
        return REASON_NO_ADDRESS;
    if (str_is(r->status, "suppressed"))
        return REASON_HELD_BACK;
    if (!mail_address_ok(r->to_address) ||
        (r->last_error.ptr && str_starts(r->last_error, STR(MAIL_REFUSED_RECIPIENT))))
        return REASON_BAD_ADDRESS;
    if (str_is(r->status, "queued"))
        return REASON_WAITING;
    return r->unknown ? REASON_UNKNOWN : REASON_GIVEN_UP;
}

static const struct {
    const char *why;
    const char *code;
    const char *todo;
    const char *url; /* of the client, or of the message with this behind it; NULL: none */
} words[] = {
    [REASON_BOUNCED] = {"The message came back: this address takes no mail from us.",
                        "correct_address", "Ask for the right address, and correct it.", "client"},
    [REASON_NO_ADDRESS] = {"We have no e-mail address for them.", "add_address",
                           "Add an e-mail address, or call.", "client"},
    [REASON_BAD_ADDRESS] = {"The address does not exist, or is none.", "correct_address",
                            "Ask for the right address, and correct it.", "client"},
    [REASON_UNKNOWN] = {"The mail service did not answer: it may have arrived or not.", "call",
                        "Ask them whether they have it, then say so here.", "told"},
    [REASON_GIVEN_UP] = {"The mail service did not take the message.", "retry", "Try it again.",
                         "retry"},
    [REASON_WAITING] = {"The mail service has not taken the message so far.", "wait",
                        "It is tried again by itself.", NULL},
    [REASON_HELD_BACK] = {"The message was held back, so nobody has told them.", "call",
                          "Tell them in another way, then say so here.", "told"},
};

static struct str step_url(struct arena *a, const struct untold_row *r, const char *which)
{
    if (!which || (strcmp(which, "client") == 0 && r->client_id == 0))
        return (struct str){0};
    if (strcmp(which, "client") == 0)
        return str_printf(a, "/api/v1/clients/%lld", (long long)r->client_id);
    return str_printf(a, "/api/v1/emails/%lld/%s", (long long)r->id, which);
}

static void judge(struct work *w, const struct untold_row *r, struct untold_view *v)
{
    enum reason reason = reason_of(r);
    v->why = str_of(words[reason].why);
    bool soon = r->matters_until_s - w->now_s < SOON_S && r->phone.len > 0;
    *v->next_step = (struct next_step){
        .code = str_of(soon ? "call" : words[reason].code),
        .message = str_of(soon ? "Call them: there is little time left." : words[reason].todo),
        .url = step_url(w->arena, r, soon ? "told" : words[reason].url),
    };
}

/* ---- the list ---- */

static struct untold_view read_untold(struct work *w, const struct db_rows *r, size_t i)
{
    struct str word = db_str(r, i, 8);
    bool bounced = db_str(r, i, 6).ptr && str_is(db_str(r, i, 6), "bounced");
    struct untold_row row = {
        .id = db_int(r, i, 0),
        .client_id = db_int(r, i, 2),
        .matters_until_s = db_int(r, i, 9),
        .unknown = db_int(r, i, 10) != 0,
        .status = db_str(r, i, 5),
        .delivery = db_str(r, i, 6),
        .to_address = db_str(r, i, 12),
        .phone = db_str(r, i, 15),
        .last_error = db_str(r, i, 7),
    };
    struct untold_view v = {
        .email_id = some_int(row.id),
        .kind = db_str(r, i, 1),
        .booking_id = db_opt_int(r, i, 3),
        .booking_start = db_opt_int(r, i, 16),
        .subject = db_str(r, i, 4),
        .status = row.status,
        .delivery = row.delivery,
        .last_error = bounced && word.ptr ? word : row.last_error,
        .at = some_int(db_int(r, i, 11)),
        .matters_until = some_int(row.matters_until_s),
        .client = arena_new(w->arena, struct untold_client),
        .next_step = arena_new(w->arena, struct next_step),
    };
    *v.client = (struct untold_client){
        .id = db_opt_int(r, i, 2),
        .name = db_str(r, i, 14).ptr ? db_str(r, i, 14) : db_str(r, i, 13),
        .phone = row.phone,
    };
    if (row.to_address.len > 0)
        v.client->email = row.to_address;
    judge(w, &row, &v);
    return v;
}

static enum result query_untold(struct work *w, int64_t key, int64_t id, int64_t limit,
                                struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT m.id, m.kind, m.client_id, m.booking_id, m.subject, m.status,"
                    " m.delivery, m.last_error, m.provider_word, m.matters_until_s,"
                    " m.outcome_unknown, COALESCE(m.delivery_s, m.created_s), m.to_address,"
                    " m.to_name, c.name, c.phone, b.start_s FROM message m"
                    " LEFT JOIN client c ON c.workspace_id = $1 AND c.id = m.client_id"
                    " LEFT JOIN booking b ON b.workspace_id = $1 AND b.id = m.booking_id"
                    " WHERE m.workspace_id = $1 AND m.untold = 1"
                    " AND (m.matters_until_s, m.id) > ($2, $3)"
                    " ORDER BY m.matters_until_s, m.id LIMIT $4",
                    db_i(w->actor.workspace_id), db_i(key), db_i(id), db_i(limit));
}

enum result not_told_first(struct work *w, int64_t limit, struct untold_view **ret,
                           size_t *ret_count)
{
    struct db_rows r;
    enum result result = query_untold(w, w->now_s, INT64_MAX, limit, &r);
    if (result != OK)
        return result;
    struct untold_view *views = arena_new_array(w->arena, r.count + 1, struct untold_view);
    for (size_t i = 0; i < r.count; i++)
        views[i] = read_untold(w, &r, i);
    *ret = views;
    *ret_count = r.count;
    return OK;
}

static enum result list_untold(struct request *rq, struct work *w)
{
    const struct untold_query *q = rq->query_in;
    bool paged;
    int64_t key = 0;
    int64_t id = 0;
    enum result result = cursor_read(w, q->cursor, &paged, &key, &id);
    if (result != OK)
        return result;
    if (!paged || key <= w->now_s) {
        key = w->now_s;
        id = INT64_MAX;
    }
    int64_t limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT;
    struct db_rows r;
    result = query_untold(w, key, id, limit + 1, &r);
    if (result != OK)
        return result;
    size_t count = r.count < (size_t)limit ? r.count : (size_t)limit;
    struct untold_view *views = arena_new_array(w->arena, count + 1, struct untold_view);
    for (size_t i = 0; i < count; i++)
        views[i] = read_untold(w, &r, i);
    struct str next = {0};
    if (r.count > count)
        next = cursor_write(w->arena, views[count - 1].matters_until.value,
                            views[count - 1].email_id.value);
    answer_list(rq, &untold_shape, views, count, next, w->actor.permissions);
    return OK;
}

/* ---- "I have told them" ---- */

struct told_in {
    struct str how;
};
static const struct field told_fields[] = {
    FIELD_STR(struct told_in, how, 1, 200, .doc = "by phone, at the door …"),
};
static const struct shape told_shape = SHAPE("ToldIn", struct told_in, told_fields);

/* What waits to be tried again would only come behind what they know already. */
static enum result set_told(struct work *w, int64_t id)
{
    int64_t changed = 0;
    enum result result =
        db_count(w->tx, &changed,
                 "UPDATE message SET told_by = $3, told_s = $4, untold = 0,"
                 " reason = CASE WHEN status = 'queued' THEN 'told'"
                 " ELSE reason END,"
                 " status = CASE WHEN status = 'queued' THEN 'suppressed'"
                 " ELSE status END, version = version + 1"
                 " WHERE workspace_id = $1 AND id = $2 AND untold = 1",
                 db_i(w->actor.workspace_id), db_i(id), db_s(w->actor.name), db_i(w->now_s));
    if (result == OK && changed == 0)
        result = problem_set(w->problem, CONFLICT, "invalid_transition",
                             "As far as we know, its reader has been told.");
    return result;
}

static enum result audit_told(struct work *w, int64_t id, struct str how)
{
    struct audit a;
    audit_begin(&a, w, "email", id, "told");
    audit_str(&a, "how", (struct str){0}, how);
    return audit_end(&a);
}

static enum result post_told(struct request *rq, struct work *w)
{
    const struct told_in *in = rq->in;
    struct email_view v;
    enum result result = email_load(rq, w, &v);
    if (result == OK)
        result = route_check_version(rq, w, v.version.value);
    if (result == OK)
        result = set_told(w, v.id.value);
    if (result == OK)
        result = audit_told(w, v.id.value, in->how);
    if (result == OK)
        result = email_load(rq, w, &v);
    if (result == OK)
        email_answer(rq, w, &v);
    return result;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/emails/not-told",
        .who = WHO_OWNER,
        .mode = MODE_READ,
        .query = &untold_query_shape,
        .status = 200,
        .answer = &untold_shape,
        .answer_is_list = true,
        .handler = list_untold,
        .tag = "messages",
        .summary = "Who was not told what they should know, the most urgent first",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/emails/{id}/told",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .body = &told_shape,
        .body_optional = true,
        .status = 200,
        .answer = &email_shape,
        .handler = post_told,
        .tag = "messages",
        .summary = "They have been told in another way",
    },
};
const struct route_table not_told_table = {routes, sizeof routes / sizeof *routes};
