/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * business_parts: what there is of a business, table by table. Each is a query in the order of a
 * key (the first column), and the names of what it reads.
 *
 * A new table of a business's own gets its part here; what holds a secret or follows from other
 * rows (sessions, links, indexes of words, jobs, holds) has none.
 */
#include "privacy/business_export.h"

#define END               \
    {                     \
        NULL, EXPORT_TEXT \
    }

static const struct export_column business_columns[] = {{"id", EXPORT_ID},
                                                        {"slug", EXPORT_TEXT},
                                                        {"name", EXPORT_TEXT},
                                                        {"timezone", EXPORT_TEXT},
                                                        {"currency", EXPORT_TEXT},
                                                        {"locale", EXPORT_TEXT},
                                                        {"address", EXPORT_TEXT},
                                                        {"phone", EXPORT_TEXT},
                                                        {"contact_email", EXPORT_TEXT},
                                                        {"accent_color", EXPORT_TEXT},
                                                        {"slot_step_min", EXPORT_INT},
                                                        {"min_notice_min", EXPORT_INT},
                                                        {"max_advance_days", EXPORT_INT},
                                                        {"cancel_cutoff_min", EXPORT_INT},
                                                        {"auto_confirm", EXPORT_BOOL},
                                                        {"session_idle_min", EXPORT_INT},
                                                        {"require_two_factor", EXPORT_BOOL},
                                                        {"staff_see_contacts", EXPORT_BOOL},
                                                        {"published_at", EXPORT_INSTANT},
                                                        {"created_at", EXPORT_INSTANT},
                                                        END};

static enum result business_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT 0, id, slug, name, timezone, currency, locale, address, phone, contact_email,"
        " accent_color, slot_step_min, min_notice_min, max_advance_days, cancel_cutoff_min,"
        " auto_confirm, session_idle_min, require_two_factor, staff_see_contacts, published_s,"
        " created_s FROM workspace WHERE id = $1 AND $2 < 0",
        db_i(w->actor.workspace_id), db_i(after));
}

static const struct export_column hours_columns[] = {
    {"weekday", EXPORT_INT}, {"start_min", EXPORT_INT}, {"end_min", EXPORT_INT}, END};

static enum result hours_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT weekday, weekday, start_min, end_min FROM workspace_hours"
                    " WHERE workspace_id = $1 AND weekday > $2 ORDER BY weekday, start_min",
                    db_i(w->actor.workspace_id), db_i(after));
}

static const struct export_column closures_columns[] = {
    {"from_day", EXPORT_INT}, {"to_day", EXPORT_INT}, {"reason", EXPORT_TEXT}, END};

static enum result closures_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT from_day, from_day, to_day, reason FROM closure"
                    " WHERE workspace_id = $1 AND from_day > $2 ORDER BY from_day, to_day",
                    db_i(w->actor.workspace_id), db_i(after));
}

static const struct export_column mail_columns[] = {{"provider", EXPORT_TEXT},
                                                    {"from_name", EXPORT_TEXT},
                                                    {"from_address", EXPORT_TEXT},
                                                    {"smtp_host", EXPORT_TEXT},
                                                    {"smtp_port", EXPORT_INT},
                                                    {"smtp_security", EXPORT_TEXT},
                                                    END};

static enum result mail_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT 0, provider, from_name, from_address, smtp_host, smtp_port, smtp_security"
        " FROM workspace_mail WHERE workspace_id = $1 AND $2 < 0",
        db_i(w->actor.workspace_id), db_i(after));
}

static const struct export_column resources_columns[] = {
    {"id", EXPORT_ID},       {"kind", EXPORT_TEXT},          {"name", EXPORT_TEXT},
    {"active", EXPORT_BOOL}, {"created_at", EXPORT_INSTANT}, END};

static enum result resources_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, id, kind, name, active, created_s FROM resource"
                    " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column staff_columns[] = {{"id", EXPORT_ID},
                                                     {"name", EXPORT_TEXT},
                                                     {"email", EXPORT_TEXT},
                                                     {"role", EXPORT_TEXT},
                                                     {"permissions", EXPORT_INT},
                                                     {"bookable", EXPORT_BOOL},
                                                     END};

static enum result staff_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT s.id, s.id, u.name, u.email, s.role, s.permissions, s.bookable FROM staff s"
        " JOIN user_account u ON u.id = s.user_id"
        " WHERE s.workspace_id = $1 AND s.id > $2 ORDER BY s.id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column staff_hours_columns[] = {{"staff_id", EXPORT_ID},
                                                           {"weekday", EXPORT_INT},
                                                           {"start_min", EXPORT_INT},
                                                           {"end_min", EXPORT_INT},
                                                           END};

static enum result staff_hours_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT staff_id, staff_id, weekday, start_min, end_min FROM staff_hours"
        " WHERE workspace_id = $1 AND staff_id IN "
        "(SELECT k.staff_id FROM staff_hours k WHERE k.workspace_id = $1 AND k.staff_id > $2"
        " GROUP BY k.staff_id ORDER BY k.staff_id LIMIT $3) ORDER BY staff_id, weekday, start_min",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column time_off_columns[] = {
    {"id", EXPORT_ID},       {"staff_id", EXPORT_ID}, {"start", EXPORT_INSTANT},
    {"end", EXPORT_INSTANT}, {"reason", EXPORT_TEXT}, END};

static enum result time_off_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT staff_id, id, staff_id, start_s, end_s, reason FROM time_off"
        " WHERE workspace_id = $1 AND staff_id IN "
        "(SELECT k.staff_id FROM time_off k WHERE k.workspace_id = $1 AND k.staff_id > $2"
        " GROUP BY k.staff_id ORDER BY k.staff_id LIMIT $3) ORDER BY staff_id, id",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column services_columns[] = {{"id", EXPORT_ID},
                                                        {"name", EXPORT_TEXT},
                                                        {"category", EXPORT_TEXT},
                                                        {"description", EXPORT_TEXT},
                                                        {"duration_min", EXPORT_INT},
                                                        {"buffer_before_min", EXPORT_INT},
                                                        {"buffer_after_min", EXPORT_INT},
                                                        {"price", EXPORT_INT},
                                                        {"active", EXPORT_BOOL},
                                                        {"retired", EXPORT_BOOL},
                                                        {"created_at", EXPORT_INSTANT},
                                                        END};

static enum result services_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, id, name, category, description, duration_min, buffer_before_min,"
                    " buffer_after_min, price, active, retired, created_s FROM service"
                    " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column service_segments_columns[] = {
    {"service_id", EXPORT_ID}, {"kind", EXPORT_TEXT}, {"minutes", EXPORT_INT}, END};

static enum result service_segments_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT service_id, service_id, kind, minutes FROM service_segment"
        " WHERE workspace_id = $1 AND service_id IN "
        "(SELECT k.service_id FROM service_segment k WHERE k.workspace_id = $1 AND k.service_id > $2"
        " GROUP BY k.service_id ORDER BY k.service_id LIMIT $3) ORDER BY service_id, position",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column service_staff_columns[] = {
    {"service_id", EXPORT_ID}, {"staff_id", EXPORT_ID}, END};

static enum result service_staff_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT service_id, service_id, staff_id FROM service_staff"
        " WHERE workspace_id = $1 AND service_id IN "
        "(SELECT k.service_id FROM service_staff k WHERE k.workspace_id = $1 AND k.service_id > $2"
        " GROUP BY k.service_id ORDER BY k.service_id LIMIT $3) ORDER BY service_id, staff_id",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column service_materials_columns[] = {
    {"service_id", EXPORT_ID}, {"item_id", EXPORT_ID}, {"quantity", EXPORT_QTY}, END};

static enum result service_materials_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT service_id, service_id, item_id, quantity FROM service_material"
        " WHERE workspace_id = $1 AND service_id IN "
        "(SELECT k.service_id FROM service_material k WHERE k.workspace_id = $1 AND k.service_id > $2"
        " GROUP BY k.service_id ORDER BY k.service_id LIMIT $3) ORDER BY service_id, item_id",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column service_needs_columns[] = {
    {"service_id", EXPORT_ID}, {"position", EXPORT_INT}, {"resource_id", EXPORT_ID}, END};

static enum result service_needs_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT service_id, service_id, position, resource_id FROM service_need"
        " WHERE workspace_id = $1 AND service_id IN "
        "(SELECT k.service_id FROM service_need k WHERE k.workspace_id = $1 AND k.service_id > $2"
        " GROUP BY k.service_id ORDER BY k.service_id LIMIT $3) ORDER BY service_id, position, resource_id",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column items_columns[] = {{"id", EXPORT_ID},
                                                     {"name", EXPORT_TEXT},
                                                     {"sku", EXPORT_TEXT},
                                                     {"unit", EXPORT_TEXT},
                                                     {"reorder_point", EXPORT_QTY},
                                                     {"on_hand", EXPORT_QTY},
                                                     {"reserved", EXPORT_QTY},
                                                     {"active", EXPORT_BOOL},
                                                     {"created_at", EXPORT_INSTANT},
                                                     END};

static enum result items_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT id, id, name, sku, unit, reorder_point, on_hand, reserved, active, created_s"
        " FROM item WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column stock_moves_columns[] = {{"id", EXPORT_ID},
                                                           {"item_id", EXPORT_ID},
                                                           {"kind", EXPORT_TEXT},
                                                           {"on_hand_delta", EXPORT_QTY},
                                                           {"reserved_delta", EXPORT_QTY},
                                                           {"on_hand_after", EXPORT_QTY},
                                                           {"reserved_after", EXPORT_QTY},
                                                           {"booking_id", EXPORT_ID},
                                                           {"actor", EXPORT_TEXT},
                                                           {"reason", EXPORT_TEXT},
                                                           {"at", EXPORT_INSTANT},
                                                           END};

static enum result stock_moves_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, id, item_id, kind, on_hand_delta, reserved_delta, on_hand_after,"
                    " reserved_after, booking_id, actor_name, reason, at_s FROM stock_move"
                    " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column clients_columns[] = {{"id", EXPORT_ID},
                                                       {"name", EXPORT_TEXT},
                                                       {"email", EXPORT_TEXT},
                                                       {"phone", EXPORT_TEXT},
                                                       {"notes", EXPORT_TEXT},
                                                       {"tags", EXPORT_JSON},
                                                       {"alerts", EXPORT_JSON},
                                                       {"status", EXPORT_TEXT},
                                                       {"came_by", EXPORT_TEXT},
                                                       {"merged_into", EXPORT_ID},
                                                       {"unsubscribed_at", EXPORT_INSTANT},
                                                       {"created_at", EXPORT_INSTANT},
                                                       END};

static enum result clients_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT id, id, name, email, phone, notes, tags, alerts, status, source, merged_into,"
        " unsubscribed_s, created_s FROM client"
        " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column clinical_notes_columns[] = {{"client_id", EXPORT_ID},
                                                              {"text", EXPORT_SEALED},
                                                              {"changed_at", EXPORT_INSTANT},
                                                              {"changed_by", EXPORT_TEXT},
                                                              END};

static enum result clinical_notes_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT client_id, client_id, notes, changed_s, changed_by FROM client_clinical"
                    " WHERE workspace_id = $1 AND client_id > $2 ORDER BY client_id LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column bookings_columns[] = {{"id", EXPORT_ID},
                                                        {"client_id", EXPORT_ID},
                                                        {"staff_id", EXPORT_ID},
                                                        {"status", EXPORT_TEXT},
                                                        {"start", EXPORT_INSTANT},
                                                        {"end", EXPORT_INSTANT},
                                                        {"price", EXPORT_INT},
                                                        {"notes", EXPORT_TEXT},
                                                        {"booked_by", EXPORT_TEXT},
                                                        {"created_at", EXPORT_INSTANT},
                                                        {"started_at", EXPORT_INSTANT},
                                                        {"cancelled_at", EXPORT_INSTANT},
                                                        {"cancelled_by", EXPORT_TEXT},
                                                        {"test_result", EXPORT_TEXT},
                                                        END};

static enum result bookings_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT id, id, client_id, staff_id, status, start_s, end_s, price, notes, source,"
        " created_s, started_s, cancelled_s, cancelled_by, test_result FROM booking"
        " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column booking_services_columns[] = {
    {"booking_id", EXPORT_ID},    {"service_id", EXPORT_ID}, {"name", EXPORT_TEXT},
    {"duration_min", EXPORT_INT}, {"price", EXPORT_INT},     END};

static enum result booking_services_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT booking_id, booking_id, service_id, name, duration_min, price FROM booking_service"
        " WHERE workspace_id = $1 AND booking_id > $2"
        " ORDER BY booking_id, position LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_EVENTS_PAGE));
}

static const struct export_column booking_materials_columns[] = {{"booking_id", EXPORT_ID},
                                                                 {"item_id", EXPORT_ID},
                                                                 {"quantity", EXPORT_QTY},
                                                                 {"used", EXPORT_QTY},
                                                                 END};

static enum result booking_materials_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT booking_id, booking_id, item_id, quantity, used FROM booking_material"
                    " WHERE workspace_id = $1 AND booking_id > $2"
                    " ORDER BY booking_id, item_id LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_EVENTS_PAGE));
}

static const struct export_column forms_columns[] = {{"id", EXPORT_ID},
                                                     {"name", EXPORT_TEXT},
                                                     {"kind", EXPORT_TEXT},
                                                     {"active", EXPORT_BOOL},
                                                     {"clinical", EXPORT_BOOL},
                                                     {"created_at", EXPORT_INSTANT},
                                                     END};

static enum result forms_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, id, name, kind, active, clinical, created_s FROM form"
                    " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column form_fields_columns[] = {
    {"form_id", EXPORT_ID}, {"revision", EXPORT_INT}, {"fields", EXPORT_JSON}, END};

static enum result form_fields_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT form_id, form_id, form_revision, fields FROM form_version"
        " WHERE workspace_id = $1 AND form_id IN "
        "(SELECT k.form_id FROM form_version k WHERE k.workspace_id = $1 AND k.form_id > $2"
        " GROUP BY k.form_id ORDER BY k.form_id LIMIT $3) ORDER BY form_id, form_revision",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column form_submissions_columns[] = {{"id", EXPORT_ID},
                                                                {"form_id", EXPORT_ID},
                                                                {"revision", EXPORT_INT},
                                                                {"client_id", EXPORT_ID},
                                                                {"booking_id", EXPORT_ID},
                                                                {"status", EXPORT_TEXT},
                                                                {"answers", EXPORT_SEALED_JSON},
                                                                {"asked_at", EXPORT_INSTANT},
                                                                {"completed_at", EXPORT_INSTANT},
                                                                {"completed_by", EXPORT_TEXT},
                                                                END};

static enum result form_submissions_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT id, id, form_id, form_revision, client_id, booking_id, status, answers, asked_s,"
        " completed_s, completed_by FROM form_submission"
        " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column conversations_columns[] = {{"id", EXPORT_ID},
                                                             {"client_id", EXPORT_ID},
                                                             {"folder", EXPORT_TEXT},
                                                             {"assigned_staff_id", EXPORT_ID},
                                                             {"created_at", EXPORT_INSTANT},
                                                             END};

static enum result conversations_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT id, id, client_id, folder, assigned_staff_id, created_s FROM conversation"
        " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column conversation_messages_columns[] = {{"id", EXPORT_ID},
                                                                     {"conversation_id", EXPORT_ID},
                                                                     {"direction", EXPORT_TEXT},
                                                                     {"author_kind", EXPORT_TEXT},
                                                                     {"author", EXPORT_TEXT},
                                                                     {"text", EXPORT_TEXT},
                                                                     {"via", EXPORT_TEXT},
                                                                     {"at", EXPORT_INSTANT},
                                                                     END};

static enum result conversation_messages_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT id, id, conversation_id, direction, author_kind, author_name, body, via,"
        " created_s FROM conversation_message"
        " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column letters_columns[] = {
    {"id", EXPORT_ID},           {"kind", EXPORT_TEXT},
    {"to_name", EXPORT_TEXT},    {"to", EXPORT_TEXT},
    {"subject", EXPORT_TEXT},    {"text", EXPORT_LETTER},
    {"status", EXPORT_TEXT},     {"client_id", EXPORT_ID},
    {"booking_id", EXPORT_ID},   {"written_at", EXPORT_INSTANT},
    {"sent_at", EXPORT_INSTANT}, END};

static enum result letters_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, id, kind, to_name, to_address, subject,"
                    " CASE WHEN body_text LIKE 's1.%' THEN NULL ELSE body_text END,"
                    " status, client_id, booking_id, created_s, sent_s FROM message"
                    " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column automations_columns[] = {
    {"key", EXPORT_TEXT},     {"enabled", EXPORT_BOOL}, {"delay_min", EXPORT_INT},
    {"subject", EXPORT_TEXT}, {"body", EXPORT_TEXT},    END};

static enum result automations_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT 0, key, enabled, delay_min, subject, body FROM automation"
                    " WHERE workspace_id = $1 AND $2 < 0 ORDER BY key",
                    db_i(w->actor.workspace_id), db_i(after));
}

static const struct export_column saved_replies_columns[] = {{"id", EXPORT_ID},
                                                             {"title", EXPORT_TEXT},
                                                             {"body", EXPORT_TEXT},
                                                             {"created_at", EXPORT_INSTANT},
                                                             END};

static enum result saved_replies_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, id, title, body, created_s FROM saved_reply"
                    " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column ratings_columns[] = {
    {"id", EXPORT_ID},         {"booking_id", EXPORT_ID},
    {"client_id", EXPORT_ID},  {"staff_id", EXPORT_ID},
    {"stars", EXPORT_INT},     {"comment", EXPORT_TEXT},
    {"may_show", EXPORT_BOOL}, {"hidden", EXPORT_BOOL},
    {"at", EXPORT_INSTANT},    END};

static enum result ratings_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT id, id, booking_id, client_id, staff_id, stars, comment, may_show, hidden,"
        " created_s FROM rating WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column erasures_columns[] = {
    {"client_id", EXPORT_ID}, {"at", EXPORT_INSTANT}, {"by", EXPORT_TEXT}, END};

static enum result erasures_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, client_id, erased_s, by_name FROM client_erasure"
                    " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column tokens_columns[] = {{"id", EXPORT_ID},
                                                      {"name", EXPORT_TEXT},
                                                      {"scopes", EXPORT_INT},
                                                      {"created_at", EXPORT_INSTANT},
                                                      {"expires_at", EXPORT_INSTANT},
                                                      {"last_used_at", EXPORT_INSTANT},
                                                      END};

static enum result tokens_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, id, name, scopes, created_s, expires_s, last_used_s FROM api_token"
                    " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

static const struct export_column audit_columns[] = {
    {"id", EXPORT_ID},           {"at", EXPORT_INSTANT},
    {"actor_kind", EXPORT_TEXT}, {"actor_name", EXPORT_TEXT},
    {"entity", EXPORT_TEXT},     {"entity_id", EXPORT_ID},
    {"action", EXPORT_TEXT},     {"changes", EXPORT_JSON},
    {"request_id", EXPORT_TEXT}, END};

static enum result audit_page(struct work *w, int64_t after, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT id, id, at_s, actor_kind, actor_name, entity, entity_id, action, changes,"
        " request_id FROM audit_event WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after), db_i(EXPORT_PAGE));
}

/* clang-format off */
#define PART(part, ...)                                                                            \
    {.name = #part, .columns = part##_columns, .page = part##_page, ##__VA_ARGS__}
/* clang-format on */

const struct business_part business_parts[] = {
    PART(business),
    PART(hours),
    PART(closures),
    PART(mail),
    PART(resources),
    PART(staff),
    PART(staff_hours),
    PART(time_off),
    PART(services),
    PART(service_segments),
    PART(service_staff),
    PART(service_materials),
    PART(service_needs),
    PART(items),
    PART(stock_moves),
    PART(clients),
    PART(clinical_notes),
    PART(bookings),
    PART(booking_services, .cut = true),
    PART(booking_materials, .cut = true),
    PART(forms),
    PART(form_fields),
    PART(form_submissions),
    PART(conversations),
    PART(conversation_messages),
    PART(letters),
    PART(automations),
    PART(saved_replies),
    PART(ratings),
    PART(erasures),
    PART(tokens),
    PART(audit),
};
const size_t business_part_count = sizeof business_parts / sizeof business_parts[0];
