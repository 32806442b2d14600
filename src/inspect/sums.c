/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sums: what is kept beside the rows that it follows from, clients who were merged or erased, and
 * records of answered requests. See inspect.h. */
#include "inspect/internal.h"

/* ---- ratings ---- */

#define RATINGS_OF_IT(what)                                                         \
    "(SELECT " what " FROM rating r WHERE r.workspace_id = w.id"                    \
    " AND NOT EXISTS (SELECT 1 FROM client y WHERE y.workspace_id = r.workspace_id" \
    " AND y.id = r.client_id AND y.sample = 1))"

static const struct walk rating_walks[] = {{
    .sqlite =
        "SELECT w.id, CASE WHEN COALESCE((SELECT t.ratings FROM rating_total t"
        " WHERE t.workspace_id = w.id), 0) <> " RATINGS_OF_IT("COUNT(*)") " OR COALESCE((SELECT t.stars FROM rating_total t WHERE t.workspace_id = w.id), 0) <> " RATINGS_OF_IT(
            "COALESCE(CAST(SUM(r.stars) AS BIGINT), 0)") " THEN 'shows another number of ratings or stars than it has' END"
                                                         " FROM workspace w WHERE w.id = $1 AND w.id > $3 ORDER BY w.id LIMIT $2",
    .keys = "i",
    .what = "business %",
}};

/* ---- the menu ---- */

/* Whoever books a service whose parts make another time ends the program (visit_shape.c). */
static const struct walk menu_walks[] = {{
    .sqlite = "SELECT s.id, CASE WHEN s.duration_min <> (SELECT CAST(SUM(g.minutes) AS BIGINT)"
              " FROM service_segment g WHERE g.workspace_id = s.workspace_id"
              " AND g.service_id = s.id) THEN 'takes another time than its parts together'"
              " END FROM service s WHERE s.workspace_id = $1 AND s.id > $3 ORDER BY s.id LIMIT $2",
    .keys = "i",
    .what = "service %",
}};

/* ---- conversations ---- */

#define MESSAGES_OF_IT \
    " FROM conversation_message m WHERE m.workspace_id = c.workspace_id AND m.conversation_id = c.id"

static const struct walk conversation_walks[] = {
    {
        .sqlite =
            "SELECT c.id, CASE"
            " WHEN c.last_id <> COALESCE((SELECT MAX(m.id)" MESSAGES_OF_IT "), c.id)"
            " THEN 'does not know its newest message'"
            " WHEN c.unanswered <> COALESCE((SELECT CASE m.direction WHEN 'in' THEN 1 ELSE 0 END" MESSAGES_OF_IT
            " AND m.direction <> 'note' AND m.doubt <> 'automatic'"
            " ORDER BY m.id DESC LIMIT 1), 0) THEN 'is wrong about whose turn it is'"
            " END FROM conversation c WHERE c.workspace_id = $1 AND c.id > $3 ORDER BY c.id LIMIT $2",
        .keys = "i",
        .what = "conversation %",
    },
    {
        .sqlite =
            "SELECT m.conversation_id, m.id, CASE WHEN m.files <> (SELECT COUNT(*)"
            " FROM conversation_attachment a WHERE a.workspace_id = m.workspace_id"
            " AND a.message_id = m.id) THEN 'says it has ' || m.files || ' files'"
            " END FROM conversation_message m WHERE m.workspace_id = $1"
            " AND (m.conversation_id, m.id) > ($3, $4) ORDER BY m.conversation_id, m.id LIMIT $2",
        .keys = "ii",
        .what = "conversation %, message %",
        .aside = true,
    },
};

/* ---- how clients are found ---- */

#define TERMS_OF_IT \
    "(SELECT 1 FROM client_term t WHERE t.workspace_id = c.workspace_id AND t.client_id = c.id"

static const struct walk term_walks[] = {
    {
        .sqlite =
            "SELECT c.id, CASE"
            " WHEN (c.merged_into IS NOT NULL OR c.erased_s IS NOT NULL) AND EXISTS " TERMS_OF_IT
            ")"
            " THEN 'is no client any more, and is still found'"
            " WHEN c.merged_into IS NULL AND c.erased_s IS NULL AND c.terms_made = 1"
            " AND NOT EXISTS " TERMS_OF_IT " AND t.term = 's:' || c.status)"
            " THEN 'is not found by its status'"
            " WHEN c.merged_into IS NULL AND c.erased_s IS NULL AND c.terms_made = 1"
            " AND EXISTS " TERMS_OF_IT " AND t.term >= 's:' AND t.term < 's;'"
            " AND t.term <> 's:' || c.status) THEN 'is found by another status'"
            " END FROM client c WHERE c.workspace_id = $1 AND c.id > $3 ORDER BY c.id LIMIT $2",
        .keys = "i",
        .what = "client %",
    },
    {
        .sqlite = "SELECT g.key, CASE WHEN g.uses <> (SELECT COUNT(*) FROM client_term t"
                  " WHERE t.workspace_id = g.workspace_id AND t.term = g.key)"
                  " THEN 'says that ' || g.uses || ' clients have it'"
                  " END FROM client_tag g WHERE g.workspace_id = $1 AND g.key > $3"
                  " ORDER BY g.key LIMIT $2",
        .keys = "t",
        .what = "a tag",
        .aside = true,
    },
    {
        .sqlite =
            "SELECT t.term, CASE WHEN NOT EXISTS (SELECT 1 FROM client_tag g"
            " WHERE g.workspace_id = $1 AND g.key = t.term) THEN 'is had and not counted' END"
            " FROM (SELECT DISTINCT x.term FROM client_term x WHERE x.workspace_id = $1"
            " AND x.term >= 't:' AND x.term < 't;' AND x.term > $3 ORDER BY x.term LIMIT $2) t"
            " ORDER BY t.term",
        .keys = "t",
        .what = "a tag",
        .aside = true,
    },
};

/* ---- forms ---- */

static const struct walk form_walks[] = {
    {
        .sqlite =
            "SELECT f.id, CASE WHEN f.form_revision <> (SELECT COALESCE(MAX(v.form_revision), 0)"
            " FROM form_version v WHERE v.workspace_id = f.workspace_id AND v.form_id = f.id)"
            " OR f.form_revision <> (SELECT COUNT(*) FROM form_version v"
            " WHERE v.workspace_id = f.workspace_id AND v.form_id = f.id)"
            " THEN 'says it has ' || f.form_revision || ' lists of fields'"
            " END FROM form f WHERE f.workspace_id = $1 AND f.id > $3 ORDER BY f.id LIMIT $2",
        .keys = "i",
        .what = "form %",
    },
    {
        .sqlite = "SELECT s.id, CASE WHEN s.status = 'pending' AND b.id IS NOT NULL"
                  " AND b.status NOT IN ('pending', 'confirmed')"
                  " THEN 'is asked for booking ' || b.id || ', which is ' || b.status"
                  " END FROM form_submission s LEFT JOIN booking b"
                  " ON b.workspace_id = s.workspace_id AND b.id = s.booking_id"
                  " WHERE s.workspace_id = $1 AND s.id > $3 ORDER BY s.id LIMIT $2",
        .keys = "i",
        .what = "answers %",
    },
};

/* ---- clients who are others ---- */

static const struct walk merged_walks[] = {
    {
        .sqlite =
            "SELECT c.id, CASE"
            " WHEN c.merged_into IS NULL THEN NULL"
            " WHEN EXISTS (SELECT 1 FROM client o WHERE o.workspace_id = c.workspace_id"
            " AND o.id = c.merged_into AND o.merged_into IS NOT NULL)"
            " THEN 'became a client who is another one'"
            " WHEN NOT EXISTS (SELECT 1 FROM client_merge g WHERE g.workspace_id = c.workspace_id"
            " AND g.other_id = c.id AND g.undone_s IS NULL) THEN 'became another without a merge'"
            " WHEN EXISTS (SELECT 1 FROM booking b WHERE b.workspace_id = c.workspace_id"
            " AND b.client_id = c.id) THEN 'became another and has bookings'"
            " WHEN EXISTS (SELECT 1 FROM conversation v JOIN conversation_message m"
            " ON m.workspace_id = v.workspace_id AND m.conversation_id = v.id"
            " WHERE v.workspace_id = c.workspace_id AND v.client_id = c.id)"
            " THEN 'became another and is still talked with'"
            " END FROM client c WHERE c.workspace_id = $1 AND c.id > $3 ORDER BY c.id LIMIT $2",
        .keys = "i",
        .what = "client %",
    },
    {
        .sqlite = "SELECT g.id, CASE WHEN g.undone_s IS NULL AND EXISTS (SELECT 1 FROM client o"
                  " WHERE o.workspace_id = g.workspace_id AND o.id = g.other_id"
                  " AND o.merged_into IS NULL) THEN 'holds, and its client is nobody else'"
                  " WHEN (g.undone_s IS NULL) <> (g.undone_by IS NULL)"
                  " THEN 'was undone, and by whom or when is not known'"
                  " END FROM client_merge g WHERE g.workspace_id = $1 AND g.id > $3"
                  " ORDER BY g.id LIMIT $2",
        .keys = "i",
        .what = "merge %",
        .aside = true,
    },
};

/* ---- clients who were erased ---- */

#define LEFT(table, word)                                                           \
    " WHEN EXISTS (SELECT 1 FROM " table " x WHERE x.workspace_id = c.workspace_id" \
    " AND x.client_id = c.id) THEN 'was erased, and " word " left'"

static const struct walk erased_walks[] = {{
    .sqlite =
        "SELECT c.id, CASE"
        " WHEN c.erased_s IS NULL AND NOT EXISTS (SELECT 1 FROM client_erasure e"
        " WHERE e.workspace_id = c.workspace_id AND e.client_id = c.id) THEN NULL"
        " WHEN c.erased_s IS NULL THEN 'is in the list of the erased, and was not'"
        " WHEN NOT EXISTS (SELECT 1 FROM client_erasure e WHERE e.workspace_id = c.workspace_id"
        " AND e.client_id IN (c.id, c.merged_into) AND e.under_way = 0) THEN 'was erased, and the list does not say so'"
        " WHEN c.email IS NOT NULL OR c.email_key IS NOT NULL OR c.phone <> '' OR c.notes <> ''"
        " OR c.tags <> '[]' OR c.alerts <> '[]' OR c.name <> 'Erased client'"
        " THEN 'was erased, and details are left'" LEFT("client_clinical", "clinical notes are") LEFT(
            "conversation",
            "a conversation is") LEFT("form_submission",
                                      "answers are") LEFT("reply_token",
                                                          "an address for answers is")
            LEFT("feedback_link", "a link to rate is") LEFT(
                "booking_undo",
                "a change to take back is") " WHEN EXISTS (SELECT 1 FROM message m WHERE m.workspace_id = c.workspace_id"
                                            " AND m.client_id = c.id AND (m.to_address <> '' OR m.body_text <> '' OR m.subject <> ''))"
                                            " THEN 'was erased, and the words of a letter are left'"
                                            " WHEN EXISTS (SELECT 1 FROM rating r WHERE r.workspace_id = c.workspace_id"
                                            " AND r.client_id = c.id AND r.comment <> '') THEN 'was erased, and the words of a rating are left'"
                                            " WHEN EXISTS (SELECT 1 FROM booking b JOIN booking_link k ON k.workspace_id = b.workspace_id"
                                            " AND k.booking_id = b.id WHERE b.workspace_id = c.workspace_id AND b.client_id = c.id)"
                                            " THEN 'was erased, and a link to a visit is left'"
                                            " END FROM client c WHERE c.workspace_id = $1 AND c.id > $3 ORDER BY c.id LIMIT $2",
    .keys = "i",
    .what = "client %",
}};

/* ---- answered requests ---- */

/* A record that says nothing yet exists only within the transaction that answers. */
#define RECORD_PROBLEM                                                                 \
    "CASE WHEN x.status = 0 THEN 'holds a key, and no answer'"                         \
    " WHEN x.status < 200 OR x.status > 299 THEN 'keeps an answer that was a refusal'" \
    " WHEN LENGTH(x.scope) <> 64 OR LENGTH(x.body_hash) <> 64 OR x.key = ''"           \
    " THEN 'has no whole name' END"
#define RECORDS(which)                                                                           \
    "SELECT x.scope, x.key, " RECORD_PROBLEM " FROM idempotency x WHERE x.workspace_id = " which \
    " AND (x.scope, x.key) > ($3, $4) ORDER BY x.scope, x.key LIMIT $2"

static const struct walk record_walks[] = {
    {.sqlite = RECORDS("$1"), .keys = "tt", .what = "record %"},
    {.sqlite = RECORDS("$1"), .keys = "tt", .what = "record %", .global = true},
};

static const struct check checks[] = {
    {
        .name = "rating_totals",
        .question = "Are the ratings that each business shows the sum of those it has?",
        .unit = "businesses",
        .next = "The ratings are the truth; the page shows what is wrong here.",
        WALKS(rating_walks),
    },
    {
        .name = "menu",
        .question = "Do the parts of each service make the time that it takes?",
        .unit = "services",
        .next = "Save the service once more with its parts. Until then nobody can book it.",
        WALKS(menu_walks),
    },
    {
        .name = "conversations",
        .question = "Does each conversation know its newest message, its files and whose turn it "
                    "is?",
        .unit = "conversations",
        .next = "The next message of the conversation puts it right.",
        WALKS(conversation_walks),
    },
    {
        .name = "client_terms",
        .question = "Is each client found by what they are, nobody by what they were, and are tags "
                    "counted rightly?",
        .unit = "clients",
        .next = "Save the client once more: what they are found by is then made anew.",
        WALKS(term_walks),
    },
    {
        .name = "forms",
        .question = "Does each form have the fields it says, and is none asked for a visit that is "
                    "over or off?",
        .unit = "forms and answers",
        .next = "Look at the form and at the booking in the office.",
        WALKS(form_walks),
    },
    {
        .name = "merged_clients",
        .question = "Is each client who turned out to be another one of whole merges, with nothing "
                    "left behind?",
        .unit = "clients",
        .next = "Undo the merge and do it again.",
        WALKS(merged_walks),
    },
    {
        .name = "erased_clients",
        .question = "Is nothing left of each client who was erased?",
        .unit = "clients",
        .next = "Restart the program: it erases again whoever the data folder's list names, and "
                "tell the person.",
        WALKS(erased_walks),
    },
    {
        .name = "records",
        .question = "Does each record of an answered request hold its answer?",
        .unit = "records",
        .next = "A request that was sent again with this key was not answered rightly: see whether "
                "its effect is there.",
        WALKS(record_walks),
    },
};
const struct check_list sum_checks = CHECK_LIST(checks);
