/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * erase_steps: what an erasure does to each table.
 *
 * The past keeps its figures: bookings, their prices, services and materials, movements of stock,
 * stars and the audit's who, what and when stay. What says who the client was, what they or others
 * wrote about them, and whatever leads to them, goes.
 */
#include "privacy/internal.h"

#include "base/app.h"
#include "inbox/inbox.h"

enum { FILES_MAX = 20000, RECENT_MAX = 200, RECORDS_LIVE_S = 2 * 24 * 3600 };

#define OURS  db_i(e->w->actor.workspace_id)
#define THEIR db_i(e->client_id)

/* ---- who did what ---- */

/*
 * Both ledgers have a trigger that lets exactly this through, while an erasure is under way
 * (migrations/0018_privacy.sql). The members that stay are the same list as there.
 */
#define IMPERSONAL_SQLITE                                                                       \
    "UPDATE audit_event SET changes = (SELECT json_group_object(m.key, json(CASE m.type"        \
    " WHEN 'text' THEN json_quote(m.value) ELSE m.value END)) FROM json_each(changes) m"        \
    " WHERE m.key IN ('status', 'start', 'end', 'staff', 'price', 'started_at', 'client_id',"   \
    " 'booking_id', 'stars', 'may_show', 'handled', 'shown', 'hidden', 'source', 'subscribed'," \
    " 'folder', 'assigned_to', 'other_id', 'form', 'missing')),"                                \
    " actor_name = CASE WHEN actor_kind IN ('client', 'visitor') THEN '' ELSE actor_name END"   \
    " WHERE workspace_id = $1 AND entity_id IN"
#define IMPERSONAL_POSTGRES                                                                   \
    "UPDATE audit_event SET changes = careops_impersonal(changes),"                           \
    " actor_name = CASE WHEN actor_kind IN ('client', 'visitor') THEN '' ELSE actor_name END" \
    " WHERE workspace_id = $1 AND entity_id IN"

#define IN_BOOKINGS " (SELECT id FROM booking WHERE workspace_id = $1 AND client_id = $2)"
/* Those that were theirs before they were handed over. */
#define IN_FORMER                                              \
    " (SELECT booking_id FROM message WHERE workspace_id = $1" \
    "  AND client_id = $2 AND booking_id IS NOT NULL)"
#define IN_CONVERSATIONS " (SELECT id FROM conversation WHERE workspace_id = $1 AND client_id = $2)"
#define IN_RATINGS       " (SELECT id FROM rating WHERE workspace_id = $1 AND client_id = $2)"
#define IN_LETTERS       " (SELECT id FROM message WHERE workspace_id = $1 AND client_id = $2)"
#define IN_SUBMISSIONS \
    " (SELECT id FROM form_submission WHERE workspace_id = $1 AND client_id = $2)"

static enum result erase_events_of(struct erasing *e, const char *sql)
{
    int64_t changed = 0;
    enum result res = db_count(e->w->tx, &changed, sql, OURS, THEIR);
    e->events += changed;
    return res;
}

static enum result erase_events(struct erasing *e)
{
    struct db_tx *tx = e->w->tx;
    enum result res =
        erase_events_of(e, db_sql(tx, IMPERSONAL_SQLITE " ($2)", IMPERSONAL_POSTGRES " ($2)"));
    if (res == OK)
        res = erase_events_of(
            e, db_sql(tx, IMPERSONAL_SQLITE IN_BOOKINGS, IMPERSONAL_POSTGRES IN_BOOKINGS));
    if (res == OK)
        res = erase_events_of(
            e, db_sql(tx, IMPERSONAL_SQLITE IN_FORMER, IMPERSONAL_POSTGRES IN_FORMER));
    if (res == OK)
        res = erase_events_of(e, db_sql(tx, IMPERSONAL_SQLITE IN_CONVERSATIONS,
                                        IMPERSONAL_POSTGRES IN_CONVERSATIONS));
    if (res == OK)
        res = erase_events_of(
            e, db_sql(tx, IMPERSONAL_SQLITE IN_RATINGS, IMPERSONAL_POSTGRES IN_RATINGS));
    if (res == OK)
        res = erase_events_of(
            e, db_sql(tx, IMPERSONAL_SQLITE IN_SUBMISSIONS, IMPERSONAL_POSTGRES IN_SUBMISSIONS));
    if (res == OK)
        res = erase_events_of(
            e, db_sql(tx, IMPERSONAL_SQLITE IN_LETTERS, IMPERSONAL_POSTGRES IN_LETTERS));
    return res;
}

static enum result erase_moves(struct erasing *e)
{
    return db_count(
        e->w->tx, &e->moves,
        "UPDATE stock_move SET actor_name = '' WHERE workspace_id = $1"
        " AND actor_kind IN ('client', 'visitor') AND actor_name <> '' AND cause_kind = 'booking'"
        " AND (item_id, cause_id) IN (SELECT m.item_id, m.booking_id FROM booking b"
        /* cross: so that SQLite begins with the client's few bookings */
        "  CROSS JOIN booking_material m WHERE b.workspace_id = $1 AND b.client_id = $2"
        "  AND m.workspace_id = $1 AND m.booking_id = b.id)",
        OURS, THEIR);
}

/* ---- what is on its way, and what was sent ---- */

static enum result note_files(struct erasing *e)
{
    struct db_rows r;
    if (!e->w->app->mail_dir)
        return OK;
    enum result res = db_query(e->w->tx, &r,
                               "SELECT message_id FROM message WHERE workspace_id = $1"
                               " AND (client_id = $2 OR kind = 'owner_daily_digest') LIMIT $3",
                               OURS, THEIR, db_i(FILES_MAX));
    if (res != OK)
        return res;
    e->letter_ids = arena_new_array(e->w->arena, r.count + 1, const char *);
    for (size_t i = 0; i < r.count; i++)
        e->letter_ids[i] = str_z(e->w->arena, db_str(&r, i, 0));
    e->letter_id_count = r.count;
    return OK;
}

/*
 * Of a letter stays that there was one, of which kind and when. The day's digests name whoever
 * came that day: their words go too, all of them, since a name is a poor thing to search by.
 */
static enum result erase_letters(struct erasing *e)
{
    enum result res = note_files(e);
    if (res == OK)
        res = db_count(
            e->w->tx, &e->letters,
            "UPDATE message SET to_name = '', to_address = '', reply_to = '', subject = '',"
            " body_text = '', body_html = NULL, calendar = NULL, calendar_method = NULL,"
            " last_error = NULL, provider_id = NULL, provider_word = NULL, unsubscribe_url = NULL,"
            " untold = 0, told_by = NULL, lease_owner = NULL, lease_until_s = 0,"
            " occurrence = 'erased/' || id,"
            " reason = CASE WHEN status = 'sent' THEN reason ELSE 'erased' END,"
            " status = CASE WHEN status = 'sent' THEN 'sent' ELSE 'suppressed' END,"
            " version = version + 1 WHERE workspace_id = $1 AND client_id = $2",
            OURS, THEIR);
    if (res != OK)
        return res;
    return db_exec(e->w->tx,
                   "UPDATE message SET body_text = '', body_html = NULL,"
                   " reason = CASE WHEN status = 'sent' THEN reason ELSE 'erased' END,"
                   " status = CASE WHEN status = 'sent' THEN 'sent' ELSE 'suppressed' END,"
                   " version = version + 1"
                   " WHERE workspace_id = $1 AND kind = 'owner_daily_digest'",
                   OURS);
}

/* The end of a visit is still to be marked; nobody is reminded, thanked or asked. */
static enum result erase_jobs(struct erasing *e)
{
    return db_exec(
        e->w->tx,
        "UPDATE job SET last_error = NULL, lease_owner = NULL, version = version + 1,"
        " outcome = CASE WHEN status IN ('waiting', 'late', 'parked')"
        "  AND kind NOT IN ('visit_end', 'visit_completion') THEN 'erased' ELSE outcome END,"
        " ended_s = CASE WHEN status IN ('waiting', 'late', 'parked')"
        "  AND kind NOT IN ('visit_end', 'visit_completion') THEN $3 ELSE ended_s END,"
        " status = CASE WHEN status IN ('waiting', 'late', 'parked')"
        "  AND kind NOT IN ('visit_end', 'visit_completion') THEN 'dropped' ELSE status END"
        " WHERE workspace_id = $1 AND booking_id IN"
        " (SELECT id FROM booking WHERE workspace_id = $1 AND client_id = $2)",
        OURS, THEIR, db_i(e->w->now_s));
}

/* ---- what was answered, for a day ---- */

/* A public route's record is of no business. What it answered names the booking. */
static enum result erase_public_answers(struct erasing *e)
{
    struct db_rows r;
    struct work *w = e->w;
    enum result res = db_query(w->tx, &r,
                               "SELECT id FROM booking WHERE workspace_id = $1 AND client_id = $2"
                               " AND created_s > $3 LIMIT $4",
                               OURS, THEIR, db_i(w->now_s - RECORDS_LIVE_S), db_i(RECENT_MAX));
    struct db_reach before = db_across(w->tx, "a public route's record is of no business");
    for (size_t i = 0; res == OK && i < r.count; i++)
        res = db_exec(w->tx, "DELETE FROM idempotency WHERE workspace_id = 0 AND body LIKE $1",
                      db_s(str_printf(w->arena, "%%\"%lld\"%%", (long long)db_int(&r, i, 0))));
    db_back(w->tx, before);
    return res;
}

/* The business's own are of one day and few; which of them name the client is not to be told from
 * outside, so all go: a request of today that is sent again runs again. */
static enum result erase_answers(struct erasing *e)
{
    enum result res =
        db_exec(e->w->tx, "DELETE FROM idempotency WHERE workspace_id = $1 AND key <> ''", OURS);
    return res == OK ? erase_public_answers(e) : res;
}

/* ---- conversations ---- */

#define IN_MESSAGES                                                     \
    " (SELECT m.id FROM conversation c JOIN conversation_message m"     \
    "  ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id" \
    "  WHERE c.workspace_id = $1 AND c.client_id = $2)"

/* What messages are found by is made of their words, so it goes before these. */
static enum result erase_words(struct erasing *e)
{
    struct db_rows r;
    enum result res = db_one(e->w->tx, &r,
                             "SELECT id FROM conversation WHERE workspace_id = $1"
                             " AND client_id = $2",
                             OURS, THEIR);
    return res == OK ? inbox_forget_words(e->w, db_int(&r, 0, 0)) : res == NOT_FOUND ? OK : res;
}

static enum result erase_attachments(struct erasing *e)
{
    int64_t gone = 0;
    enum result res = db_count(e->w->tx, &gone,
                               "DELETE FROM conversation_attachment WHERE workspace_id = $1"
                               " AND message_id IN" IN_MESSAGES,
                               OURS, THEIR);
    e->attachments += gone;
    return res;
}

static enum result erase_conversation(struct erasing *e)
{
    int64_t gone = 0;
    enum result res = db_exec(e->w->tx,
                              "DELETE FROM conversation_read WHERE workspace_id = $1"
                              " AND conversation_id IN" IN_CONVERSATIONS,
                              OURS, THEIR);
    if (res == OK)
        res = db_exec(e->w->tx,
                      "DELETE FROM conversation_answering WHERE workspace_id = $1"
                      " AND conversation_id IN" IN_CONVERSATIONS,
                      OURS, THEIR);
    if (res == OK)
        res = db_count(e->w->tx, &gone,
                       "DELETE FROM conversation_message WHERE workspace_id = $1"
                       " AND conversation_id IN" IN_CONVERSATIONS,
                       OURS, THEIR);
    e->conversation_messages += gone;
    return res == OK
               ? db_exec(e->w->tx,
                         "DELETE FROM conversation WHERE workspace_id = $1 AND client_id = $2",
                         OURS, THEIR)
               : res;
}

/* An answer to an old letter finds nobody, and is then the operator's (mail_unmatched). */
static enum result erase_reply_tokens(struct erasing *e)
{
    return db_exec(e->w->tx, "DELETE FROM reply_token WHERE workspace_id = $1 AND client_id = $2",
                   OURS, THEIR);
}

/* ---- forms ---- */

static enum result erase_forms(struct erasing *e)
{
    enum result res =
        db_exec(e->w->tx,
                "DELETE FROM form_link WHERE workspace_id = $1 AND submission_id IN" IN_SUBMISSIONS,
                OURS, THEIR);
    return res == OK
               ? db_count(e->w->tx, &e->forms,
                          "DELETE FROM form_submission WHERE workspace_id = $1 AND client_id = $2",
                          OURS, THEIR)
               : res;
}

/* ---- ratings: the stars stay, their words go ---- */

static enum result erase_ratings(struct erasing *e)
{
    enum result res =
        db_exec(e->w->tx, "DELETE FROM feedback_link WHERE workspace_id = $1 AND client_id = $2",
                OURS, THEIR);
    return res == OK ? db_count(e->w->tx, &e->ratings,
                                "UPDATE rating SET comment = '', may_show = 0,"
                                " version = version + 1 WHERE workspace_id = $1 AND client_id = $2",
                                OURS, THEIR)
                     : res;
}

/* ---- bookings ---- */

static enum result erase_links(struct erasing *e)
{
    return db_exec(e->w->tx,
                   "DELETE FROM booking_link WHERE workspace_id = $1 AND booking_id IN" IN_BOOKINGS,
                   OURS, THEIR);
}

/* What a change of theirs could go back to; also of a visit that was theirs before. */
static enum result erase_undo(struct erasing *e)
{
    enum result res = db_exec(
        e->w->tx, "DELETE FROM booking_undo WHERE workspace_id = $1 AND booking_id IN" IN_BOOKINGS,
        OURS, THEIR);
    return res == OK
               ? db_exec(e->w->tx,
                         "DELETE FROM booking_undo WHERE workspace_id = $1 AND client_id = $2",
                         OURS, THEIR)
               : res;
}

static enum result erase_bookings(struct erasing *e)
{
    return db_count(e->w->tx, &e->bookings,
                    "UPDATE booking SET notes = '', test_result = NULL, gates_unmet = 0,"
                    " version = version + 1"
                    " WHERE workspace_id = $1 AND client_id = $2",
                    OURS, THEIR);
}

/* ---- the client ---- */

static enum result erase_clinical(struct erasing *e)
{
    return db_exec(e->w->tx,
                   "DELETE FROM client_clinical WHERE workspace_id = $1 AND client_id = $2", OURS,
                   THEIR);
}

static enum result erase_terms(struct erasing *e)
{
    return client_forget_terms(e->w, e->client_id);
}

/*
 * A merge keeps the details of who stayed, which may be this client's or hold what came from them;
 * and the numbers of what changed hands, with which it could be undone. Of it stays that there was
 * one, of whom, by whom and when. On each side, so that each is a piece of its index.
 */
static enum result erase_merges(struct erasing *e)
{
    enum result res = db_exec(e->w->tx,
                              "DELETE FROM client_merge_row WHERE workspace_id = $1 AND merge_id IN"
                              " (SELECT id FROM client_merge WHERE workspace_id = $1"
                              "  AND client_id = $2)",
                              OURS, THEIR);
    if (res == OK)
        res = db_exec(e->w->tx,
                      "DELETE FROM client_merge_row WHERE workspace_id = $1 AND merge_id IN"
                      " (SELECT id FROM client_merge WHERE workspace_id = $1 AND other_id = $2)",
                      OURS, THEIR);
    if (res == OK)
        res = db_exec(e->w->tx,
                      "UPDATE client_merge SET before = '', after = ''"
                      " WHERE workspace_id = $1 AND client_id = $2",
                      OURS, THEIR);
    return res == OK ? db_exec(e->w->tx,
                               "UPDATE client_merge SET before = '', after = ''"
                               " WHERE workspace_id = $1 AND other_id = $2",
                               OURS, THEIR)
                     : res;
}

static enum result erase_row(struct erasing *e)
{
    return db_exec(
        e->w->tx,
        "UPDATE client SET name = 'Erased client', email = NULL, email_key = NULL, phone = '',"
        " notes = '', tags = '[]', alerts = '[]', paused_until_s = NULL, paused_by = NULL,"
        " unsubscribed_s = $3, erased_s = $3, terms_made = 1, version = version + 1"
        " WHERE workspace_id = $1 AND id = $2",
        OURS, THEIR, db_i(e->w->now_s));
}

const struct erase_step erase_steps[] = {
    {"audit_event", erase_events},
    {"stock_move", erase_moves},
    {"job", erase_jobs},
    {"idempotency", erase_answers},
    {"message", erase_letters},
    {"conversation_word", erase_words},
    {"conversation_attachment", erase_attachments},
    {"conversation", erase_conversation},
    {"reply_token", erase_reply_tokens},
    {"form_submission", erase_forms},
    {"rating", erase_ratings},
    {"booking_link", erase_links},
    {"booking_undo", erase_undo},
    {"booking", erase_bookings},
    {"client_clinical", erase_clinical},
    {"client_term", erase_terms},
    {"client_merge", erase_merges},
    {"client", erase_row},
};
const size_t erase_step_count = sizeof erase_steps / sizeof erase_steps[0];
