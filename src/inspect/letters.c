/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* letters: the outbox and the jobs, by themselves and against the bookings that they are about. See
 * inspect.h, message/outbox.h and job/job.h. */
#include "inspect/internal.h"

/* ---- nothing twice ---- */

enum { SUBJECT, OCCURRENCE_TEXT = 1 };

/* Keys: kind, subject, occurrence, id. */
static enum result once_look(struct looking *l, const struct db_rows *r, size_t row)
{
    struct memory *m = &l->memory;
    struct str kind = db_str(r, row, 0), occurrence = db_str(r, row, 2);
    if (m->any && m->n[SUBJECT] == db_int(r, row, 1) && str_is(kind, m->text[0]) &&
        str_is(occurrence, m->text[OCCURRENCE_TEXT]))
        found(l, r, row, "is there twice");
    m->any = true;
    m->n[SUBJECT] = db_int(r, row, 1);
    snprintf(m->text[0], sizeof m->text[0], STR_FMT, STR_ARG(kind));
    snprintf(m->text[OCCURRENCE_TEXT], sizeof m->text[OCCURRENCE_TEXT], STR_FMT,
             STR_ARG(occurrence));
    return OK;
}

/* An occurrence may hold an address, so a finding names the row by its number. */
#define ONCE_BY_KEY(table)                                                      \
    "SELECT x.kind, x.subject_id, x.occurrence, x.id FROM " table " x"          \
    " WHERE x.workspace_id = $1 AND (x.kind, x.subject_id, x.occurrence, x.id)" \
    " > ($3, $4, $5, $6) ORDER BY x.kind, x.subject_id, x.occurrence, x.id LIMIT $2"

static const struct walk message_once_walks[] = {
    {.sqlite = ONCE_BY_KEY("message"), .keys = "titi", .what = "% about %", .look = once_look}};
static const struct walk job_once_walks[] = {
    {.sqlite = ONCE_BY_KEY("job"), .keys = "titi", .what = "% about %", .look = once_look}};

/* ---- a letter by itself ---- */

static const struct walk message_state_walks[] = {{
    .sqlite =
        "SELECT m.id, CASE"
        " WHEN m.status = 'sent' AND (m.sent_s IS NULL OR m.delivery IS NULL)"
        " THEN 'was sent, and when or how is not known'"
        " WHEN m.status <> 'sent' AND m.sent_s IS NOT NULL THEN 'is ' || m.status || ' and was sent'"
        " WHEN m.status = 'failed' AND m.last_error IS NULL THEN 'failed, and why is not known'"
        " WHEN m.status = 'queued' AND (m.lease_owner IS NULL) <> (m.lease_until_s = 0)"
        " THEN 'is half in somebody''s hands'"
        " WHEN m.status = 'sent' AND m.lease_owner IS NOT NULL THEN 'was sent and is still being sent'"
        " WHEN m.status = 'queued' AND m.to_address = '' THEN 'waits and goes to nobody'"
        " WHEN m.untold = 1 AND (m.matters_until_s IS NULL OR m.told_s IS NOT NULL)"
        " THEN 'counts as not told, and does not matter or was told'"
        " WHEN (m.told_s IS NULL) <> (m.told_by IS NULL) AND m.to_address <> ''"
        " THEN 'was told by somebody, and by whom or when is not known'"
        " END FROM message m WHERE m.workspace_id = $1 AND m.id > $3 ORDER BY m.id LIMIT $2",
    .keys = "i",
    .what = "letter %",
}};

/* ---- letters against bookings ---- */

/*
 * Whoever books on the page gives an address, and hears of a booking that was confirmed at once in
 * the transaction that made it. The same holds of a client who was written down with an address and
 * whose details nobody has touched since. Not where the business has ever switched these letters
 * off, and not of what was over when it was written down. An erasure keeps the letter and takes its
 * occurrence.
 */
#define EVENT_OF(entity, id)                                                                   \
    "(SELECT 1 FROM audit_event e WHERE e.workspace_id = b.workspace_id AND e.entity_id = " id \
    " AND e.entity = '" entity "'"
/* An invented client hears of nothing, and nothing is due about them (src/sample). */
#define IS_OF_NO_SAMPLE                                                        \
    "NOT EXISTS (SELECT 1 FROM client y WHERE y.workspace_id = b.workspace_id" \
    " AND y.id = b.client_id AND y.sample = 1)"
#define SHOULD_HAVE_ONE                                                                                                                        \
    IS_OF_NO_SAMPLE                                                                                                                            \
    " AND b.made_start_s > b.created_s"                                                                                                        \
    " AND EXISTS " EVENT_OF(                                                                                                                   \
        "booking",                                                                                                                             \
        "b.id") " AND e.action = 'created' AND e.changes LIKE '%\"status\":[null,\"confirmed\"]%')"                                            \
                " AND NOT EXISTS " EVENT_OF(                                                                                                   \
                    "automation",                                                                                                              \
                    "b.workspace_id") " AND e.action = 'booking_confirmation' AND e.changes LIKE '%\"enabled\"%')"                             \
                                      " AND EXISTS (SELECT 1 FROM client c WHERE c.workspace_id = b.workspace_id"                              \
                                      " AND c.id = b.client_id AND (c.email IS NOT NULL OR c.erased_s IS NOT NULL))"                           \
                                      " AND (b.source = 'public' OR (NOT EXISTS " EVENT_OF(                                                    \
                                          "client",                                                                                            \
                                          "b.client_id") " AND e.action NOT IN ('created', 'paused', 'resumed', 'subscribed', 'unsubscribed'," \
                                                         " 'exported', 'clinical_read', 'clinical_changed'))"                                  \
                                                         " AND NOT EXISTS " EVENT_OF(                                                          \
                                                             "booking",                                                                        \
                                                             "b.id") " AND e.action IN ('corrected', 'undone'))))"

static const struct walk confirmation_walks[] = {{
    .sqlite =
        "SELECT b.id, CASE WHEN NOT EXISTS (SELECT 1 FROM message m"
        " WHERE m.workspace_id = b.workspace_id AND m.booking_id = b.id"
        " AND m.kind = 'booking_confirmation' AND (m.occurrence = '0' OR m.occurrence LIKE 'erased/%'))"
        " AND " SHOULD_HAVE_ONE " THEN 'was never confirmed to its client'"
        " END FROM booking b WHERE b.workspace_id = $1 AND b.id > $3 ORDER BY b.id LIMIT $2",
    .keys = "i",
    .what = "booking %",
}};

static const struct walk letters_off_walks[] = {{
    .sqlite =
        "SELECT m.id, CASE WHEN b.status = 'cancelled' AND m.kind IN ('booking_confirmation',"
        " 'booking_reminder', 'booking_rescheduled', 'follow_up', 'form_request', 'form_reminder',"
        " 'owner_new_booking', 'owner_booking_rescheduled')"
        " THEN 'is a ' || m.kind || ' that would still go out for booking ' || b.id ||"
        " ', which is cancelled'"
        " END FROM message m LEFT JOIN booking b"
        " ON b.workspace_id = m.workspace_id AND b.id = m.booking_id"
        " WHERE m.workspace_id = $1 AND m.status = 'queued' AND m.id > $3 ORDER BY m.id LIMIT $2",
    .keys = "i",
    .what = "letter %",
}};

/* ---- a job by itself ---- */

/* The demo drops what would write to somebody, and says not when. */
static const struct walk job_state_walks[] = {{
    .sqlite =
        "SELECT j.id, CASE"
        " WHEN j.status = 'waiting' AND (j.ended_s IS NOT NULL OR j.outcome IS NOT NULL)"
        " THEN 'waits and has ended'"
        " WHEN j.status IN ('done', 'late', 'parked') AND j.ended_s IS NULL"
        " THEN 'is ' || j.status || ' and has not ended'"
        " WHEN j.status IN ('done', 'late') AND j.outcome IS NULL"
        " THEN 'is ' || j.status || ', and what came of it is not known'"
        " WHEN j.status = 'parked' AND j.last_error IS NULL THEN 'was given up, and why is not known'"
        " WHEN j.status <> 'waiting' AND j.lease_owner IS NOT NULL"
        " THEN 'is ' || j.status || ' and still being run'"
        " WHEN j.attempts < 0 THEN 'counts its attempts backwards'"
        " END FROM job j WHERE j.workspace_id = $1 AND j.id > $3 ORDER BY j.id LIMIT $2",
    .keys = "i",
    .what = "job %",
}};

static const struct walk digest_walks[] = {{
    .sqlite = "SELECT w.id, CASE WHEN NOT EXISTS (SELECT 1 FROM job j WHERE j.workspace_id = w.id"
              " AND j.kind = 'owner_daily_digest'"
              " AND (j.status = 'waiting' OR (j.status = 'dropped' AND j.ended_s IS NULL)))"
              " THEN 'has no next morning planned'"
              " END FROM workspace w WHERE w.id = $1 AND w.id > $3 ORDER BY w.id LIMIT $2",
    .keys = "i",
    .what = "business %",
}};

/* ---- jobs against bookings ---- */

#define ITS_JOB(kind)                                                                    \
    "(SELECT 1 FROM job j WHERE j.workspace_id = b.workspace_id AND j.booking_id = b.id" \
    " AND j.kind = '" kind "' AND j.subject_id = b.id AND j.occurrence = CAST(b.start_s AS TEXT)"
/* Where the business has changed how long before, the longest that may have held. */
#define REMINDED_BEFORE_S                                                                            \
    "CASE WHEN EXISTS " EVENT_OF(                                                                    \
        "automation",                                                                                \
        "b.workspace_id") " AND e.action = 'booking_reminder' AND e.changes LIKE '%\"delay_min\"%')" \
                          " THEN 1209600 ELSE 86400 END"

static const struct walk job_to_come_walks[] = {{
    .sqlite =
        "SELECT b.id, CASE"
        " WHEN b.status NOT IN ('pending', 'confirmed') OR NOT (" IS_OF_NO_SAMPLE ") THEN NULL"
        " WHEN NOT EXISTS " ITS_JOB(
            "visit_end") " AND j.status <> 'dropped')"
                         " THEN 'has nobody to look at its end'"
                         " WHEN b.start_s - (" REMINDED_BEFORE_S ") > $4"
                         " AND NOT EXISTS " ITS_JOB(
                             "booking_reminder") " AND (j.status <> 'dropped' OR j.ended_s IS NULL))"
                                                 " THEN 'is to come and has no reminder planned'"
                                                 " END FROM booking b WHERE b.workspace_id = $1 AND b.id > $3 ORDER BY b.id LIMIT $2",
    .keys = "i",
    .what = "booking %",
    .clock = true,
}};

static const struct walk job_over_walks[] = {{
    .sqlite =
        "SELECT j.id, CASE"
        " WHEN j.status <> 'waiting' OR b.id IS NULL THEN NULL"
        " WHEN j.kind IN ('booking_reminder', 'visit_end', 'visit_completion', 'form_request',"
        " 'form_reminder') AND b.status NOT IN ('pending', 'confirmed')"
        " THEN 'is a ' || j.kind || ' that waits for booking ' || b.id || ', which is ' || b.status"
        " WHEN j.kind = 'follow_up' AND b.status <> 'completed'"
        " THEN 'is a ' || j.kind || ' that waits for booking ' || b.id || ', which is ' || b.status"
        " WHEN j.kind IN ('booking_reminder', 'visit_end', 'visit_completion')"
        " AND j.occurrence <> CAST(b.start_s AS TEXT)"
        " THEN 'is a ' || j.kind || ' for a time at which booking ' || b.id || ' is no more'"
        " END FROM job j LEFT JOIN booking b"
        " ON b.workspace_id = j.workspace_id AND b.id = j.booking_id"
        " WHERE j.workspace_id = $1 AND j.id > $3 ORDER BY j.id LIMIT $2",
    .keys = "i",
    .what = "job %",
}};

static const struct check checks[] = {
    {
        .name = "letters_once",
        .question = "Is each letter there once, by what it is about and which of several it is?",
        .unit = "letters",
        .next = "See in the office which of the two has gone, and take back the other.",
        WALKS(message_once_walks),
    },
    {
        .name = "letter_state",
        .question = "Does what a letter remembers fit the state that it is in, and who has it in "
                    "hand?",
        .unit = "letters",
        .next = "See the letter in the office: one that failed can be tried again there.",
        WALKS(message_state_walks),
    },
    {
        .name = "confirmations",
        .question = "Does each booking that was confirmed at once have its letter to the client?",
        .unit = "bookings",
        .next = "Tell the client by phone; they do not know of their visit by us.",
        WALKS(confirmation_walks),
    },
    {
        .name = "letters_off",
        .question = "Does no letter wait that would still promise a visit which is off?",
        .unit = "waiting letters",
        .next = "Restore the booking and cancel it again: that takes its letters back.",
        WALKS(letters_off_walks),
    },
    {
        .name = "jobs_once",
        .question = "Is each job there once, by what it is for and which of several it is?",
        .unit = "jobs",
        .next = "The second one does what the first did. Look at what it has done.",
        WALKS(job_once_walks),
    },
    {
        .name = "job_state",
        .question = "Does what a job remembers fit the state that it is in?",
        .unit = "jobs",
        .next = "A job that was given up can be tried again in the office.",
        WALKS(job_state_walks),
    },
    {
        .name = "jobs_to_come",
        .question = "Does each visit to come have its reminder and its end planned?",
        .unit = "bookings",
        .next = "Move the booking and back: its jobs are then planned anew.",
        WALKS(job_to_come_walks),
    },
    {
        .name = "jobs_over",
        .question = "Does no job wait for a visit that is off, over or at another time?",
        .unit = "jobs",
        .next = "The robot looks again before it does anything, so nobody is written to. See what "
                "has changed the booking.",
        WALKS(job_over_walks),
    },
    {
        .name = "mornings",
        .question = "Has each business its next morning planned?",
        .unit = "businesses",
        .next = "Change the time of the daily summary in the office: that plans the next one.",
        WALKS(digest_walks),
    },
};
const struct check_list letter_checks = CHECK_LIST(checks);
