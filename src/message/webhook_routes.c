/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * webhook_routes: Resend's reports about messages, and word of mail that has come in, over HTTP.
 *
 * Anybody can call, so what is not signed is refused before there is a transaction and leaves no
 * trace. A signed report is read once: its id is kept in the transaction of what it changes, for as
 * long as Resend sends one again, and a second one with that id is answered like the first.
 */
#include "message/message_routes.h"

#include "base/app.h"
#include "mail/resend_event.h"
#include "message/delivery.h"
#include "message/mail_fetch.h"

#include <string.h>

/* Resend tries a report for ten hours; one that somebody kept is refused after five minutes. */
enum { SEEN_LIFE_S = 3 * 24 * 3600 };

/* ---- before the transaction ---- */

static enum result refuse(struct work *w, const char *code, const char *detail)
{
    w->problem->status = 401;
    return problem_set(w->problem, DENIED, code, "%s", detail);
}

static enum result check_signature(const struct request *rq, struct work *w, struct str secret)
{
    struct resend_signature s = {
        .id = request_header(rq, "svix-id"),
        .timestamp = request_header(rq, "svix-timestamp"),
        .signatures = request_header(rq, "svix-signature"),
    };
    switch (resend_verify(secret, &s, rq->body, env_now_s(w->env))) {
    case RESEND_SIGNED: return OK;
    case RESEND_UNSIGNED:
        return refuse(w, "not_signed",
                      "The headers svix-id, svix-timestamp and svix-signature are wanted.");
    case RESEND_STALE:
        return refuse(w, "stale_signature",
                      "The time of the signature is more than 5 minutes from ours.");
    case RESEND_FORGED: break;
    }
    return refuse(w, "bad_signature",
                  "The signature does not fit the body and the webhook's secret.");
}

/* Leaves the report in rq->in. */
static enum result read_report(struct request *rq, struct work *w)
{
    const char *secret = w->app ? w->app->resend_webhook_secret : NULL;
    if (!secret)
        return problem_set(w->problem, NOT_FOUND, "not_found", "There is nothing at this address.");
    if (rq->body.len > RESEND_EVENT_MAX) {
        w->problem->status = 413;
        return problem_set(w->problem, INVALID, "body_too_large", "A report has at most %d KiB.",
                           RESEND_EVENT_MAX / 1024);
    }
    enum result result = check_signature(rq, w, str_of(secret));
    if (result != OK)
        return result;
    struct resend_event *event = arena_new(rq->arena, struct resend_event);
    rq->in = event;
    if (resend_event_read(rq->body, event))
        return OK;
    w->problem->status = 400;
    return problem_set(w->problem, INVALID, "malformed_json", "The body is no report.");
}

/* ---- the change ---- */

static bool followed(enum resend_event_kind kind, enum delivery *ret)
{
    switch (kind) {
    case RESEND_SENT: *ret = DELIVERY_ACCEPTED; return true;
    case RESEND_DELAYED: *ret = DELIVERY_DELAYED; return true;
    case RESEND_DELIVERED: *ret = DELIVERY_DELIVERED; return true;
    case RESEND_BOUNCED:
    case RESEND_FAILED: *ret = DELIVERY_BOUNCED; return true; /* neither will ever arrive */
    case RESEND_COMPLAINED: *ret = DELIVERY_COMPLAINED; return true;
    case RESEND_RECEIVED:
    case RESEND_OTHER: break;
    }
    return false;
}

/* "7-12" → workspace 7, message 12; zeros where it is not ours. */
static void read_tag(struct str tag, struct delivery_report *ret)
{
    const char *dash = tag.len ? memchr(tag.ptr, '-', tag.len) : NULL;
    int64_t ws;
    int64_t id;
    if (!dash)
        return;
    size_t len = (size_t)(dash - tag.ptr);
    if (!str_int((struct str){tag.ptr, len}, &ws) ||
        !str_int((struct str){dash + 1, tag.len - len - 1}, &id) || ws <= 0 || id <= 0)
        return;
    ret->workspace_id = ws;
    ret->id = id;
}

static enum result see(struct request *rq, struct work *w, bool *ret_first)
{
    int64_t added = 0;
    enum result result = db_count(w->tx, &added,
                                  "INSERT INTO webhook_seen (id, seen_s) VALUES ($1, $2)"
                                  " ON CONFLICT (id) DO NOTHING",
                                  db_s(request_header(rq, "svix-id")), db_i(w->now_s));
    *ret_first = added > 0;
    return result;
}

static enum result post_resend(struct request *rq, struct work *w)
{
    const struct resend_event *event = rq->in;
    struct delivery_report report = {
        .provider_id = str_of(event->email_id),
        /* Their clock may be ahead of ours; nothing has happened in the future. */
        .at_s = event->at_s > 0 && event->at_s < w->now_s ? event->at_s : w->now_s,
        .word = str_of(event->word),
    };
    bool first = false;
    bool comes_in = event->kind == RESEND_RECEIVED;
    if ((!comes_in && !followed(event->kind, &report.delivery)) || !*event->email_id)
        return OK;
    read_tag(str_of(event->tag), &report);
    enum result result = see(rq, w, &first);
    if (result == OK && first && comes_in)
        return mail_fetch_put(w, str_of(event->email_id));
    return result == OK && first ? delivery_take(w, &report) : result;
}

enum result webhook_sweep(struct work *w)
{
    /* The number is written down: PostgreSQL plans an unknown LIMIT as a tenth of the table. */
    return db_exec(w->tx,
                   "DELETE FROM webhook_seen WHERE id IN (SELECT id FROM webhook_seen"
                   " WHERE seen_s < $1 ORDER BY seen_s LIMIT 500)",
                   db_i(w->now_s - SEEN_LIFE_S));
}

static const struct route routes[] = {
    {
        .method = HTTP_POST_,
        .path = "/api/v1/webhooks/resend",
        .who = WHO_ANYONE,
        .mode = MODE_WRITE,
        .rate = RATE_WEBHOOK,
        .body_raw = true,
        .also = {401, 404},
        .status = 200,
        .before = read_report,
        .handler = post_resend,
        .tag = "messages",
        .summary =
            "What became of a message, or that one has come in, as Resend reports it, signed by"
            " the webhook's secret",
    },
};
const struct route_table webhook_table = {routes, sizeof routes / sizeof *routes};
