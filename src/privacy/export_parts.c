/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * export_parts: what there is about one person, part by part. Each is a query in the order of a
 * key, and the names of what it reads; the file in JSON and the one in HTML are made of the same.
 *
 * A new table with a client's data gets its part here (tests/lib/personal.mjs says which have one).
 */
#include "privacy/internal.h"

#define WS db_i(w->actor.workspace_id)

#define PART(name, title, columns, ...)      \
    {                                        \
#name, title, columns, ##__VA_ARGS__ \
    }
#define END               \
    {                     \
        NULL, EXPORT_TEXT \
    }

static const struct export_column client_columns[] = {{"id", EXPORT_ID},
                                                      {"name", EXPORT_TEXT},
                                                      {"email", EXPORT_TEXT},
                                                      {"phone", EXPORT_TEXT},
                                                      {"notes", EXPORT_TEXT},
                                                      {"tags", EXPORT_JSON},
                                                      {"alerts", EXPORT_JSON},
                                                      {"status", EXPORT_TEXT},
                                                      {"came_by", EXPORT_TEXT},
                                                      {"known_since", EXPORT_INSTANT},
                                                      {"unsubscribed_at", EXPORT_INSTANT},
                                                      {"automations_paused_until", EXPORT_INSTANT},
                                                      {"automations_paused_by", EXPORT_TEXT},
                                                      END};

static enum result client_page(struct work *w, int64_t client_id, int64_t after,
                               struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, name, email, phone, notes, tags, alerts, status, source,"
                    " created_s, unsubscribed_s, paused_until_s, paused_by FROM client"
                    " WHERE workspace_id = $1 AND id = $2 AND id > $3",
                    WS, db_i(client_id), db_i(after));
}

static const struct export_column clinical_columns[] = {{"client_id", EXPORT_ID},
                                                        {"text", EXPORT_SEALED},
                                                        {"changed_at", EXPORT_INSTANT},
                                                        {"changed_by", EXPORT_TEXT},
                                                        END};

static enum result clinical_page(struct work *w, int64_t client_id, int64_t after,
                                 struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT client_id, notes, changed_s, changed_by FROM client_clinical"
                    " WHERE workspace_id = $1 AND client_id = $2 AND client_id > $3",
                    WS, db_i(client_id), db_i(after));
}

static const struct export_column booking_columns[] = {{"id", EXPORT_ID},
                                                       {"status", EXPORT_TEXT},
                                                       {"start", EXPORT_INSTANT},
                                                       {"end", EXPORT_INSTANT},
                                                       {"staff", EXPORT_TEXT},
                                                       {"price", EXPORT_INT},
                                                       {"notes", EXPORT_TEXT},
                                                       {"booked_by", EXPORT_TEXT},
                                                       {"booked_at", EXPORT_INSTANT},
                                                       {"started_at", EXPORT_INSTANT},
                                                       {"cancelled_at", EXPORT_INSTANT},
                                                       {"cancelled_by", EXPORT_TEXT},
                                                       {"test_result", EXPORT_TEXT},
                                                       END};

static enum result bookings_page(struct work *w, int64_t client_id, int64_t after,
                                 struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT b.id, b.status, b.start_s, b.end_s, r.name, b.price, b.notes, b.source,"
                    " b.created_s, b.started_s, b.cancelled_s, b.cancelled_by,"
                    " b.test_result FROM booking b"
                    " JOIN resource r ON r.workspace_id = b.workspace_id AND r.id = b.staff_id"
                    " WHERE b.workspace_id = $1 AND b.client_id = $2 AND b.id > $3"
                    " ORDER BY b.id LIMIT $4",
                    WS, db_i(client_id), db_i(after), db_i(EXPORT_PAGE));
}

/* Of as many bookings as a page has; a booking's own few are never parted. */
static const struct export_column service_columns[] = {{"booking_id", EXPORT_ID},
                                                       {"service", EXPORT_TEXT},
                                                       {"minutes", EXPORT_INT},
                                                       {"price", EXPORT_INT},
                                                       END};

static enum result services_page(struct work *w, int64_t client_id, int64_t after,
                                 struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT s.booking_id, s.name, s.duration_min, s.price FROM booking_service s"
                    " WHERE s.workspace_id = $1 AND s.booking_id IN"
                    " (SELECT b.id FROM booking b WHERE b.workspace_id = $1 AND b.client_id = $2"
                    "  AND b.id > $3 ORDER BY b.id LIMIT $4)"
                    " ORDER BY s.booking_id, s.position",
                    WS, db_i(client_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column material_columns[] = {
    {"booking_id", EXPORT_ID}, {"item", EXPORT_TEXT}, {"unit", EXPORT_TEXT},
    {"reserved", EXPORT_QTY},  {"used", EXPORT_QTY},  END};

static enum result materials_page(struct work *w, int64_t client_id, int64_t after,
                                  struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT m.booking_id, i.name, i.unit, m.quantity, m.used FROM booking_material m"
        " JOIN item i ON i.workspace_id = m.workspace_id AND i.id = m.item_id"
        " WHERE m.workspace_id = $1 AND m.booking_id IN"
        " (SELECT k.booking_id FROM booking_material k JOIN booking b"
        "   ON b.workspace_id = k.workspace_id AND b.id = k.booking_id"
        "  WHERE b.workspace_id = $1 AND b.client_id = $2 AND b.id > $3"
        "  GROUP BY k.booking_id ORDER BY k.booking_id LIMIT $4)"
        " ORDER BY m.booking_id, m.item_id",
        WS, db_i(client_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column said_columns[] = {
    {"id", EXPORT_ID},          {"direction", EXPORT_TEXT}, {"by", EXPORT_TEXT},
    {"author", EXPORT_TEXT},    {"text", EXPORT_TEXT},      {"at", EXPORT_INSTANT},
    {"doubtful", EXPORT_BOOL},  {"via", EXPORT_TEXT},       {"quoted", EXPORT_TEXT},
    {"from_name", EXPORT_TEXT}, {"from", EXPORT_TEXT},      END};

static enum result conversation_page(struct work *w, int64_t client_id, int64_t after,
                                     struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT m.id, m.direction, m.author_kind, m.author_name, m.body, m.created_s,"
                    " m.doubtful, m.via, m.quoted, m.from_name, m.from_address"
                    " FROM conversation_message m WHERE m.workspace_id = $1"
                    " AND m.conversation_id = (SELECT c.id FROM conversation c"
                    "  WHERE c.workspace_id = $1 AND c.client_id = $2) AND m.id > $3"
                    " ORDER BY m.id LIMIT $4",
                    WS, db_i(client_id), db_i(after), db_i(EXPORT_PAGE));
}

/* Their names: the files themselves are taken from the conversation. */
static const struct export_column file_columns[] = {
    {"message_id", EXPORT_ID}, {"name", EXPORT_TEXT}, {"type", EXPORT_TEXT},
    {"bytes", EXPORT_INT},     {"kept", EXPORT_BOOL}, END};

/* Of as many messages as a page has; a message's own few are never parted. */
static enum result files_page(struct work *w, int64_t client_id, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT a.message_id, a.name, a.type, a.size,"
                    " CASE WHEN a.bytes IS NULL THEN 0 ELSE 1 END FROM conversation_attachment a"
                    " WHERE a.workspace_id = $1 AND a.message_id IN"
                    " (SELECT m.id FROM conversation_message m WHERE m.workspace_id = $1"
                    "  AND m.conversation_id = (SELECT c.id FROM conversation c"
                    "   WHERE c.workspace_id = $1 AND c.client_id = $2)"
                    "  AND m.id > $3 AND m.files > 0 ORDER BY m.id LIMIT $4)"
                    " ORDER BY a.message_id, a.id",
                    WS, db_i(client_id), db_i(after), db_i(EXPORT_PAGE));
}

/* Who turned out to be them, as they stood. */
static const struct export_column merged_columns[] = {{"id", EXPORT_ID},
                                                      {"name", EXPORT_TEXT},
                                                      {"email", EXPORT_TEXT},
                                                      {"phone", EXPORT_TEXT},
                                                      {"notes", EXPORT_TEXT},
                                                      {"clinical_notes", EXPORT_SEALED},
                                                      END};

static enum result merged_page(struct work *w, int64_t client_id, int64_t after,
                               struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT c.id, c.name, c.email, c.phone, c.notes, n.notes FROM client c"
                    " LEFT JOIN client_clinical n ON n.workspace_id = c.workspace_id"
                    "  AND n.client_id = c.id"
                    " WHERE c.workspace_id = $1 AND c.merged_into = $2 AND c.id > $3"
                    " ORDER BY c.id LIMIT $4",
                    WS, db_i(client_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column letter_columns[] = {{"id", EXPORT_ID},
                                                      {"kind", EXPORT_TEXT},
                                                      {"to_name", EXPORT_TEXT},
                                                      {"to", EXPORT_TEXT},
                                                      {"subject", EXPORT_TEXT},
                                                      {"text", EXPORT_LETTER},
                                                      {"status", EXPORT_TEXT},
                                                      {"reason", EXPORT_TEXT},
                                                      {"delivery", EXPORT_TEXT},
                                                      {"written_at", EXPORT_INSTANT},
                                                      {"sent_at", EXPORT_INSTANT},
                                                      {"booking_id", EXPORT_ID},
                                                      END};

static enum result letters_page(struct work *w, int64_t client_id, int64_t after,
                                struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, kind, to_name, to_address, subject, body_text, status, reason,"
                    " delivery, created_s, sent_s, booking_id FROM message"
                    " WHERE workspace_id = $1 AND client_id = $2 AND id > $3 ORDER BY id LIMIT $4",
                    WS, db_i(client_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column form_columns[] = {{"id", EXPORT_ID},
                                                    {"form", EXPORT_TEXT},
                                                    {"booking_id", EXPORT_ID},
                                                    {"status", EXPORT_TEXT},
                                                    {"asked_at", EXPORT_INSTANT},
                                                    {"completed_at", EXPORT_INSTANT},
                                                    {"fields", EXPORT_JSON},
                                                    {"answers", EXPORT_SEALED_JSON},
                                                    {"signatures", EXPORT_SEALED_JSON},
                                                    {"draft", EXPORT_SEALED_JSON},
                                                    {"completed_by", EXPORT_TEXT},
                                                    END};

static enum result forms_page(struct work *w, int64_t client_id, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT s.id, f.name, s.booking_id, s.status, s.asked_s, s.completed_s,"
                    " v.fields, s.answers, s.signatures, s.draft, s.completed_by"
                    " FROM form_submission s"
                    " JOIN form f ON f.workspace_id = s.workspace_id AND f.id = s.form_id"
                    " JOIN form_version v ON v.workspace_id = s.workspace_id"
                    "  AND v.form_id = s.form_id AND v.form_revision = s.form_revision"
                    " WHERE s.workspace_id = $1 AND s.client_id = $2 AND s.id > $3"
                    " ORDER BY s.id LIMIT $4",
                    WS, db_i(client_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column rating_columns[] = {
    {"id", EXPORT_ID},      {"booking_id", EXPORT_ID},      {"services", EXPORT_JSON},
    {"stars", EXPORT_INT},  {"comment", EXPORT_TEXT},       {"may_show", EXPORT_BOOL},
    {"at", EXPORT_INSTANT}, {"changed_at", EXPORT_INSTANT}, END};

static enum result ratings_page(struct work *w, int64_t client_id, int64_t after,
                                struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, booking_id, services, stars, comment, may_show, created_s,"
                    " changed_s FROM rating WHERE workspace_id = $1 AND client_id = $2 AND id > $3"
                    " ORDER BY id LIMIT $4",
                    WS, db_i(client_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column job_columns[] = {{"id", EXPORT_ID},
                                                   {"kind", EXPORT_TEXT},
                                                   {"booking_id", EXPORT_ID},
                                                   {"status", EXPORT_TEXT},
                                                   {"outcome", EXPORT_TEXT},
                                                   {"due_at", EXPORT_INSTANT},
                                                   END};

static enum result jobs_page(struct work *w, int64_t client_id, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, kind, booking_id, status, outcome, due_s FROM job"
                    " WHERE workspace_id = $1 AND booking_id IN"
                    " (SELECT b.id FROM booking b WHERE b.workspace_id = $1 AND b.client_id = $2)"
                    " AND id > $3 ORDER BY id LIMIT $4",
                    WS, db_i(client_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column event_columns[] = {
    {"id", EXPORT_ID},       {"at", EXPORT_INSTANT},   {"who", EXPORT_TEXT},
    {"name", EXPORT_TEXT},   {"entity", EXPORT_TEXT},  {"entity_id", EXPORT_ID},
    {"action", EXPORT_TEXT}, {"changes", EXPORT_JSON}, END};

static enum result events_page(struct work *w, int64_t client_id, int64_t after,
                               struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT id, at_s, actor_kind, actor_name, entity, entity_id, action, changes"
        " FROM audit_event WHERE workspace_id = $1 AND id > $3 AND entity_id IN"
        " (SELECT CAST($2 AS BIGINT)"
        "  UNION ALL SELECT o.id FROM client o WHERE o.workspace_id = $1 AND o.merged_into = $2"
        "  UNION ALL SELECT b.id FROM booking b WHERE b.workspace_id = $1 AND b.client_id = $2"
        "  UNION ALL SELECT c.id FROM conversation c WHERE c.workspace_id = $1 AND c.client_id = $2"
        "  UNION ALL SELECT r.id FROM rating r WHERE r.workspace_id = $1 AND r.client_id = $2"
        "  UNION ALL SELECT s.id FROM form_submission s WHERE s.workspace_id = $1"
        "   AND s.client_id = $2) ORDER BY id LIMIT $4",
        WS, db_i(client_id), db_i(after), db_i(EXPORT_EVENTS_PAGE));
}

const struct export_part export_parts[] = {
    PART(client, "Details", client_columns, .single = true, .page = client_page),
    PART(clinical_notes, "Clinical notes", clinical_columns, .single = true, .page = clinical_page),
    PART(merged, "Who turned out to be them", merged_columns, .page = merged_page),
    PART(bookings, "Visits", booking_columns, .page = bookings_page),
    PART(services, "Services of the visits", service_columns, .page = services_page),
    PART(materials, "Stock used by the visits", material_columns, .page = materials_page),
    PART(forms, "Forms", form_columns, .page = forms_page),
    PART(conversation, "Conversation", said_columns, .page = conversation_page),
    PART(attachments, "Files in the conversation", file_columns, .page = files_page),
    PART(letters, "Letters", letter_columns, .page = letters_page),
    PART(ratings, "Ratings", rating_columns, .page = ratings_page),
    PART(planned, "What the program planned for the visits", job_columns, .page = jobs_page),
    PART(history, "Who did what", event_columns, .page = events_page),
};
const size_t export_part_count = sizeof export_parts / sizeof export_parts[0];
