/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * booking_messages: the whole truth about what a client was told, of one booking or altogether:
 * every message with the last word that is known of it, why others were held back, and what is
 * still to come.
 */
#include "diary/booking_parts.h"
#include "diary/diary.h"

#include "job/job.h"
#include "message/delivery.h"
#include "message/letter.h"
#include "message/outbox.h"
#include "message/outbox_list.h"
#include "message/rule.h"

#include <string.h>

enum {
    MESSAGES_MAX = 500,
    WAITING_MAX = 20,
    VISITS_MAX = 20,                    /* of a client, whose messages to come are told */
    THANKS_OUT_S = 8 * SECONDS_PER_DAY, /* after a visit nothing more comes */
};

enum { STATE_PLANNED, STATE_QUEUED, STATE_SENT, STATE_FAILED, STATE_SUPPRESSED };
static const char *const states[] = {"planned", "queued", "sent", "failed", "suppressed", NULL};

struct booking_message {
    struct opt_int email_id, booking_id, due_at, sent_at, delivered_at, attempts;
    struct opt_bool not_told;
    struct str kind, state, reason, delivery, to, subject, last_error, told_by;
};
static const struct field message_fields[] = {
    FIELD_WORD(struct booking_message, kind, letter_kind_names),
    FIELD_WORD(struct booking_message, state, states,
               .doc = "planned: it goes by itself at due_at, if it is still wanted then"),
    FIELD_ID(struct booking_message, email_id, .maybe = true,
             .doc = "as /emails has it; none while it is planned"),
    FIELD_ID(struct booking_message, booking_id, .maybe = true),
    FIELD_INSTANT(struct booking_message, due_at, .maybe = true),
    FIELD_INSTANT(struct booking_message, sent_at, .maybe = true),
    FIELD_STR(struct booking_message, reason, 0, 0, .maybe = true,
              .doc = "why a suppressed one is not sent"),
    FIELD_WORD(struct booking_message, delivery, delivery_names, .maybe = true,
               .doc = "the mail service's last word"),
    FIELD_INSTANT(struct booking_message, delivered_at, .maybe = true),
    FIELD_BOOL(struct booking_message, not_told,
               .doc = "as far as we know its reader does not know, and it matters"),
    FIELD_STR(struct booking_message, told_by, 0, 0, .maybe = true,
              .doc = "who has told them in another way"),
    FIELD_INT(struct booking_message, attempts, 0, 0),
    FIELD_STR(struct booking_message, to, 0, 0, .omit = true, .visible_to = SEES_CONTACTS),
    FIELD_STR(struct booking_message, subject, 0, 0, .maybe = true),
    FIELD_STR(struct booking_message, last_error, 0, 0, .omit = true, .visible_to = SEES_CONTACTS),
};
const struct shape booking_message_shape =
    SHAPE("BookingMessage", struct booking_message, message_fields);

struct client_messages_query {
    struct opt_int limit;
    struct str cursor;
};
static const struct field client_messages_query_fields[] = {
    PAGE_FIELDS(struct client_messages_query)};
const struct shape client_messages_query_shape =
    SHAPE("ClientMessagesQuery", struct client_messages_query, client_messages_query_fields);

static struct booking_message of_entry(const struct outbox_entry *e)
{
    struct booking_message m = {
        .kind = e->kind,
        .state = e->status,
        .email_id = some_int(e->id),
        .booking_id = e->booking_id,
        .sent_at = e->sent_s,
        .reason = e->reason,
        .delivery = e->delivery,
        .delivered_at = e->delivery_s,
        .not_told = some_bool(e->untold),
        .told_by = e->told_by,
        .attempts = some_int(e->attempts),
        .to = e->to_address,
        .subject = e->subject,
        .last_error = e->last_error,
    };
    if (str_is(e->status, states[STATE_QUEUED]))
        m.due_at = some_int(e->due_s);
    return m;
}

/* Only what is a letter: a visit's end and its completion are jobs too, and nobody's message. */
static bool is_letter(struct str kind)
{
    for (size_t i = 0; letter_kind_names[i]; i++)
        if (str_is(kind, letter_kind_names[i]))
            return true;
    return false;
}

static enum result is_on(struct work *w, struct str kind, bool *ret)
{
    struct rule rule;
    *ret = true;
    for (int i = 0; i < RULE__MAX; i++) {
        if (!str_is(kind, rule_kinds[i].name))
            continue;
        enum result res = rule_load(w, (enum rule_key)i, &rule);
        *ret = res == OK && rule.enabled;
        return res;
    }
    return OK;
}

static enum result add_planned(struct work *w, const struct job_waiting *jobs, size_t count,
                               struct booking_message *all, size_t *n)
{
    for (size_t i = 0; i < count; i++) {
        bool on = is_letter(jobs[i].kind);
        enum result res = on ? is_on(w, jobs[i].kind, &on) : OK;
        if (res != OK)
            return res;
        if (on)
            all[(*n)++] = (struct booking_message){
                .kind = jobs[i].kind,
                .state = str_of(states[STATE_PLANNED]),
                .booking_id = some_int(jobs[i].booking_id),
                .due_at = some_int(jobs[i].due_s),
                .not_told = some_bool(false),
                .attempts = some_int(0),
            };
    }
    return OK;
}

enum result booking_messages_answer(struct request *rq, struct work *w, int64_t booking_id)
{
    struct outbox_entry *sent;
    struct job_waiting *jobs;
    size_t sent_count, job_count, n = 0;
    enum result res = outbox_of_booking(w, booking_id, MESSAGES_MAX, &sent, &sent_count);
    if (res == OK)
        res = job_of_booking(w, booking_id, WAITING_MAX, &jobs, &job_count);
    if (res != OK)
        return res;
    struct booking_message *all =
        arena_new_array(w->arena, sent_count + job_count + 1, struct booking_message);
    for (size_t i = 0; i < sent_count; i++)
        if (sent[i].to_client)
            all[n++] = of_entry(&sent[i]);
    res = add_planned(w, jobs, job_count, all, &n);
    if (res == OK)
        answer_list(rq, &booking_message_shape, all, n, (struct str){0}, w->actor.permissions);
    return res;
}

/* ---- a client's ---- */

/* Of the visits that are to come or were just now, nearest first. */
static enum result planned_of_client(struct work *w, int64_t client_id, struct booking_message *all,
                                     size_t *n)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT id FROM booking WHERE workspace_id = $1 AND client_id = $2"
                               " AND start_s >= $3 ORDER BY start_s, id LIMIT $4",
                               db_i(w->actor.workspace_id), db_i(client_id),
                               db_i(w->now_s - THANKS_OUT_S), db_i(VISITS_MAX));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        struct job_waiting *jobs;
        size_t count;
        res = job_of_booking(w, db_int(&r, i, 0), WAITING_MAX, &jobs, &count);
        if (res == OK)
            res = add_planned(w, jobs, count, all, n);
    }
    return res;
}

/* A page's place: so many of the planned ones are told already (key, over 0), or all of them and
 * those sent down to an id (key 0). */
struct messages_page {
    int64_t limit, told, below_id;
    bool planned;
};

static enum result read_page(struct request *rq, struct work *w, struct messages_page *ret)
{
    const struct client_messages_query *q = rq->query_in;
    bool paged;
    *ret = (struct messages_page){.limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT};
    enum result res = cursor_read(w, q->cursor, &paged, &ret->told, &ret->below_id);
    ret->planned = !paged || ret->told > 0;
    if (!paged)
        ret->told = 0;
    if (ret->planned)
        ret->below_id = INT64_MAX;
    return res;
}

/* The sent ones that the page has room for; the cursor where there are more. */
static enum result add_sent(struct work *w, int64_t client_id, const struct messages_page *page,
                            int64_t room, struct booking_message *all, size_t *n,
                            struct str *ret_next)
{
    struct outbox_entry *sent;
    size_t count;
    enum result res = outbox_of_client(w, client_id, page->below_id, (int)room + 1, &sent, &count);
    if (res != OK)
        return res;
    size_t shown = count < (size_t)room ? count : (size_t)room;
    for (size_t i = 0; i < shown; i++)
        all[(*n)++] = of_entry(&sent[i]);
    if (count > shown)
        *ret_next = cursor_write(w->arena, 0, shown ? sent[shown - 1].id : page->below_id);
    return OK;
}

enum result client_messages(struct request *rq, struct work *w)
{
    struct messages_page page;
    struct client client;
    size_t planned_count = 0, n = 0;
    enum result res = client_load_known(w, request_id_param(rq, 0), &client);
    if (res == OK)
        res = read_page(rq, w, &page);
    if (res != OK)
        return res;
    struct booking_message *planned =
        arena_new_array(w->arena, (size_t)VISITS_MAX * WAITING_MAX, struct booking_message);
    struct booking_message *all =
        arena_new_array(w->arena, (size_t)page.limit, struct booking_message);
    if (page.planned)
        res = planned_of_client(w, client.id, planned, &planned_count);
    size_t at = (size_t)page.told < planned_count ? (size_t)page.told : planned_count;
    while (at < planned_count && n < (size_t)page.limit)
        all[n++] = planned[at++];
    struct str next = {0};
    if (at < planned_count)
        next = cursor_write(w->arena, (int64_t)at, 0);
    else if (res == OK)
        res = add_sent(w, client.id, &page, page.limit - (int64_t)n, all, &n, &next);
    if (res == OK)
        answer_list(rq, &booking_message_shape, all, n, next, w->actor.permissions);
    return res;
}
