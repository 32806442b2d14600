/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * belongs: no row of a business that is none, and every reference names a row of the same business.
 *
 * The list of tables is the schema's: a test compares it with the migrations. References stand here
 * whether the schema declares them or not; both are asked the same question, since a declared one
 * may have been switched off while rows were written.
 */
#include "inspect/internal.h"

/* ---- rows of no business ---- */

/* The lowest business's number between two others that has rows. */
#define STRAY(table)                                                   \
    {                                                                  \
#table, "SELECT MIN(x.workspace_id) FROM " #table              \
                " x WHERE x.workspace_id > $1 AND x.workspace_id < $2" \
    }

/* session has no index by its business; its walk is below. */
static const struct {
    const char *table, *sql;
} strays[] = {
    STRAY(api_token),
    STRAY(audit_event),
    STRAY(automation),
    STRAY(booking),
    STRAY(booking_link),
    STRAY(booking_material),
    STRAY(booking_service),
    STRAY(booking_undo),
    STRAY(client),
    STRAY(client_clinical),
    STRAY(client_erasure),
    STRAY(client_merge),
    STRAY(client_merge_row),
    STRAY(client_tag),
    STRAY(client_term),
    STRAY(closure),
    STRAY(conversation),
    STRAY(conversation_answering),
    STRAY(conversation_attachment),
    STRAY(conversation_message),
    STRAY(conversation_read),
    STRAY(conversation_word),
    STRAY(feedback_link),
    STRAY(form),
    STRAY(form_link),
    STRAY(form_submission),
    STRAY(form_version),
    STRAY(hold),
    STRAY(idempotency),
    STRAY(invitation),
    STRAY(item),
    STRAY(job),
    STRAY(mail_seen),
    STRAY(message),
    STRAY(rating),
    STRAY(rating_total),
    STRAY(reply_token),
    STRAY(resource),
    STRAY(saved_reply),
    STRAY(saved_view),
    STRAY(service),
    STRAY(service_form),
    STRAY(service_material),
    STRAY(service_need),
    STRAY(service_require),
    STRAY(service_segment),
    STRAY(service_staff),
    STRAY(staff),
    STRAY(staff_hours),
    STRAY(stock_move),
    STRAY(stocktake),
    STRAY(stocktake_line),
    STRAY(time_off),
    STRAY(time_off_request),
    STRAY(workspace_hours),
    STRAY(workspace_mail),
};
enum { STRAY_COUNT = sizeof strays / sizeof strays[0] };

/* All of one table's rows that lie between two businesses. */
static enum result strays_between(struct looking *l, size_t table, int64_t low, int64_t high)
{
    enum result res = OK;
    while (res == OK) {
        struct db_rows r;
        res = db_one(l->tx, &r, strays[table].sql, db_i(low), db_i(high));
        if (res != OK || db_is_null(&r, 0, 0))
            break;
        low = db_int(&r, 0, 0);
        /* A record of an answer to nobody in particular (http/idempotency.h). */
        if (low == 0 && str_is(str_of(strays[table].table), "idempotency"))
            continue;
        found_at(l, strays[table].table, "has rows of business %lld, and there is none",
                 (long long)low);
    }
    return res;
}

static enum result strays_run(struct looking *l)
{
    enum result res = OK;
    for (size_t i = 0; i < STRAY_COUNT && res == OK; i++) {
        int64_t low = INT64_MIN, high = 0;
        l->looked_at++;
        do {
            struct db_rows r;
            arena_reset(l->arena);
            res = db_one(l->tx, &r,
                         "SELECT MIN(w.id) FROM workspace w WHERE w.id > $1 AND w.id <= $2",
                         db_i(low), db_i(INT64_MAX));
            if (res != OK)
                break;
            high = db_is_null(&r, 0, 0) ? 0 : db_int(&r, 0, 0);
            res = strays_between(l, i, low, high ? high : INT64_MAX);
            low = high;
        } while (res == OK && high);
    }
    return res;
}

/* ---- references ---- */

#define IS_MISSING(table, column)      \
    "NOT EXISTS (SELECT 1 FROM " table \
    " t WHERE t.workspace_id = x.workspace_id AND t.id = x." column ")"
/* One that may be NULL, or 0 where the schema says nobody by it, gives no finding then. */
#define NAMES(table, column)                                                               \
    " WHEN COALESCE(x." column ", 0) <> 0 AND " IS_MISSING(table, column) " THEN '" column \
                                                                          " names no " table "'"
#define NAMES_USER(column)                                                        \
    " WHEN x." column " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM user_account t" \
    " WHERE t.id = x." column ") THEN '" column " names no user'"

#define FROM_BY_ID(table) \
    " END FROM " table " x WHERE x.workspace_id = $1 AND x.id > $3 ORDER BY x.id LIMIT $2"
#define BY_ID(table, names)                                                                    \
    {                                                                                          \
        .sqlite = "SELECT x.id, CASE" names FROM_BY_ID(table), .keys = "i", .what = table " %" \
    }
#define BY_TWO(table, one, two, types, names)                                          \
    {                                                                                  \
        .sqlite = "SELECT x." one ", x." two ", CASE" names " END FROM " table         \
                  " x WHERE x.workspace_id = $1 AND (x." one ", x." two ") > ($3, $4)" \
                  " ORDER BY x." one ", x." two " LIMIT $2",                           \
        .keys = (types), .what = table " % %"                                          \
    }
#define BY_THREE(table, one, two, three, types, names)                                      \
    {                                                                                       \
        .sqlite = "SELECT x." one ", x." two ", x." three ", CASE" names " END FROM " table \
                  " x WHERE x.workspace_id = $1 AND (x." one ", x." two ", x." three        \
                  ") > ($3, $4, $5) ORDER BY x." one ", x." two ", x." three " LIMIT $2",   \
        .keys = (types), .what = table " % % %"                                             \
    }
/* Of nobody's table. */
#define GLOBAL(table, key, types, names)                                                         \
    {                                                                                            \
        .sqlite = "SELECT x." key ", CASE" names " END FROM " table " x WHERE $1 = 0 AND x." key \
                  " > $3 ORDER BY x." key " LIMIT $2",                                           \
        .keys = (types), .what = table " %", .global = true                                      \
    }
#define USER_OF_IT                                                           \
    " WHEN NOT EXISTS (SELECT 1 FROM user_account t WHERE t.id = x.user_id)" \
    " THEN 'user_id names no user'"

static const struct walk reference_walks[] = {
    BY_ID("staff",
          NAMES("resource", "id") NAMES_USER("user_id") NAMES("message", "invite_message_id")),
    BY_THREE("staff_hours", "staff_id", "weekday", "start_min", "iii", NAMES("staff", "staff_id")),
    BY_TWO("time_off", "staff_id", "id", "ii", NAMES("staff", "staff_id")),
    BY_ID("time_off_request", NAMES("staff", "staff_id")),
    BY_ID("api_token", NAMES("staff", "staff_id")),
    BY_TWO("invitation", "staff_id", "token_hash", "it", NAMES("staff", "staff_id")),
    BY_TWO("service_segment", "service_id", "position", "ii", NAMES("service", "service_id")),
    BY_TWO("service_staff", "service_id", "staff_id", "ii",
           NAMES("service", "service_id") NAMES("staff", "staff_id")),
    BY_THREE("service_need", "service_id", "position", "resource_id", "iii",
             NAMES("service", "service_id") NAMES("resource", "resource_id")),
    BY_TWO("service_material", "service_id", "item_id", "ii",
           NAMES("service", "service_id") NAMES("item", "item_id")),
    BY_TWO("service_form", "service_id", "form_id", "ii",
           NAMES("service", "service_id") NAMES("form", "form_id")),
    BY_TWO("service_require", "service_id", "position", "ii",
           NAMES("service", "service_id") NAMES("service", "required_id") NAMES("form", "form_id")),
    BY_TWO("stock_move", "item_id", "id", "ii",
           NAMES("item", "item_id") NAMES("booking", "booking_id")
               NAMES("stocktake", "stocktake_id") NAMES_USER("actor_id")),
    BY_TWO("stocktake_line", "stocktake_id", "item_id", "ii",
           NAMES("stocktake", "stocktake_id") NAMES("item", "item_id")),
    BY_ID("booking",
          NAMES("client", "client_id") NAMES("staff", "staff_id") NAMES("staff", "made_staff_id")),
    BY_TWO("booking_service", "booking_id", "position", "ii",
           NAMES("booking", "booking_id") NAMES("service", "service_id")),
    BY_TWO("booking_material", "booking_id", "item_id", "ii",
           NAMES("booking", "booking_id") NAMES("item", "item_id")),
    BY_THREE("hold", "resource_id", "start_s", "id", "iii",
             NAMES("resource", "resource_id") NAMES("booking", "booking_id")),
    BY_TWO("booking_link", "booking_id", "token_hash", "it", NAMES("booking", "booking_id")),
    {.sqlite =
         "SELECT x.booking_id, CASE" NAMES("booking", "booking_id") NAMES("client", "client_id")
             NAMES("staff", "staff_id") " END FROM booking_undo x WHERE x.workspace_id = $1"
                                        " AND x.booking_id > $3 ORDER BY x.booking_id LIMIT $2",
     .keys = "i",
     .what = "booking_undo %"},
    BY_ID("message", NAMES("booking", "booking_id") NAMES("client", "client_id")
                         NAMES("staff", "tells_staff_id")),
    BY_ID("job", NAMES("booking", "booking_id") NAMES("client", "client_id")),
    BY_ID("audit_event",
          NAMES("staff", "staff_id") NAMES("staff", "other_staff_id") NAMES_USER("actor_id")),
    BY_ID("conversation", NAMES("client", "client_id") NAMES("staff", "assigned_staff_id")),
    BY_TWO("conversation_message", "conversation_id", "id", "ii",
           NAMES("conversation", "conversation_id") NAMES_USER("author_id")),
    BY_TWO("conversation_read", "conversation_id", "user_id", "ii",
           NAMES("conversation", "conversation_id") USER_OF_IT),
    BY_TWO("conversation_answering", "conversation_id", "staff_id", "ii",
           NAMES("conversation", "conversation_id") NAMES("staff", "staff_id")),
    BY_TWO("conversation_attachment", "message_id", "id", "ii",
           NAMES("conversation_message", "message_id")),
    BY_TWO("conversation_word", "word", "message_id", "ti",
           NAMES("conversation_message", "message_id")),
    BY_TWO("reply_token", "client_id", "token_hash", "it",
           NAMES("client", "client_id") NAMES("message", "letter_id")),
    BY_TWO("feedback_link", "booking_id", "token_hash", "it",
           NAMES("booking", "booking_id") NAMES("client", "client_id")),
    BY_ID("rating",
          NAMES("booking", "booking_id") NAMES("client", "client_id") NAMES("staff", "staff_id")),
    BY_TWO("form_version", "form_id", "form_revision", "ii", NAMES("form", "form_id")),
    BY_ID("form_submission",
          " WHEN NOT EXISTS (SELECT 1 FROM form_version t WHERE t.workspace_id = x.workspace_id"
          " AND t.form_id = x.form_id AND t.form_revision = x.form_revision)"
          " THEN 'form_id, form_revision name no form_version'" NAMES("booking", "booking_id")
              NAMES("client", "client_id")),
    BY_TWO("form_link", "submission_id", "token_hash", "it",
           NAMES("form_submission", "submission_id")),
    BY_ID("client", NAMES("client", "merged_into")),
    BY_TWO("client_term", "client_id", "term", "it", NAMES("client", "client_id")),
    BY_ID("client_merge", NAMES("client", "client_id") NAMES("client", "other_id")),
    BY_THREE("client_merge_row", "merge_id", "kind", "row_id", "iti",
             NAMES("client_merge", "merge_id")),
    {.sqlite = "SELECT x.client_id, CASE" NAMES(
         "client",
         "client_id") " END FROM client_clinical x"
                      " WHERE x.workspace_id = $1 AND x.client_id > $3 ORDER BY x.client_id LIMIT $2",
     .keys = "i",
     .what = "client_clinical %"},
    BY_ID("client_erasure", NAMES("client", "client_id") NAMES_USER("by_id")),
    BY_TWO("saved_view", "user_id", "id", "ii", USER_OF_IT),
    GLOBAL("session", "token_hash", "t",
           USER_OF_IT " WHEN NOT EXISTS (SELECT 1 FROM workspace t WHERE t.id = x.workspace_id)"
                      " THEN 'is of no business'"),
    GLOBAL("password_reset", "token_hash", "t", USER_OF_IT),
    {.sqlite = "SELECT x.user_id, x.slot, CASE" USER_OF_IT " END FROM recovery_code x WHERE $1 = 0"
               " AND (x.user_id, x.slot) > ($3, $4) ORDER BY x.user_id, x.slot LIMIT $2",
     .keys = "ii",
     .what = "recovery_code % %",
     .global = true},
    {.sqlite = "SELECT x.token_hash, x.user_id, CASE" USER_OF_IT " END FROM known_device x"
               " WHERE $1 = 0 AND (x.token_hash, x.user_id) > ($3, $4)"
               " ORDER BY x.token_hash, x.user_id LIMIT $2",
     .keys = "ti",
     .what = "known_device %, user %",
     .global = true},
};

/* ---- who works there ---- */

static const struct walk team_walks[] = {
    {
        .sqlite =
            "SELECT r.id, CASE WHEN r.kind = 'person' AND NOT EXISTS (SELECT 1 FROM staff s"
            " WHERE s.workspace_id = r.workspace_id AND s.id = r.id)"
            " THEN 'is a person and no member'"
            " WHEN r.kind <> 'person' AND EXISTS (SELECT 1 FROM staff s"
            " WHERE s.workspace_id = r.workspace_id AND s.id = r.id)"
            " THEN 'is a member and a ' || r.kind"
            " END FROM resource r WHERE r.workspace_id = $1 AND r.id > $3 ORDER BY r.id LIMIT $2",
        .keys = "i",
        .what = "resource %",
    },
    {
        .sqlite = "SELECT w.id, CASE WHEN NOT EXISTS (SELECT 1 FROM staff s JOIN resource r"
                  " ON r.workspace_id = s.workspace_id AND r.id = s.id WHERE s.workspace_id = w.id"
                  " AND s.role = 'owner' AND r.active = 1) THEN 'has no owner who can sign in'"
                  " END FROM workspace w WHERE w.id = $1 AND w.id > $3 ORDER BY w.id LIMIT $2",
        .keys = "i",
        .what = "business %",
        .aside = true,
    }};

static const struct check checks[] = {
    {
        .name = "businesses",
        .question = "Is every row of a business that there is?",
        .unit = "tables",
        .next = "No page shows these rows. See which business the backups know by this number.",
        .run = strays_run,
    },
    {
        .name = "references",
        .question = "Does every reference name a row that is there, in the same business?",
        .unit = "rows",
        .next = "Take the row that is missing from a backup, or remove what refers to it.",
        WALKS(reference_walks),
    },
    {
        .name = "team",
        .question = "Is each person of the diary a member of the team, and has each business an "
                    "owner?",
        .unit = "resources",
        .next = "Compare with a backup: nothing in the program makes such a row.",
        WALKS(team_walks),
    },
};
const struct check_list belongs_checks = CHECK_LIST(checks);
