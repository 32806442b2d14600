/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attention_rest: letters, conversations, stock, ratings, requests and jobs that wait. */
#include "today/attention.h"

#include "message/letter_fields.h"
#include "message/not_told.h"

enum { FAILED_DAYS = 7, EXCERPT = 160 };

/* ---- letters ---- */

static enum result not_told(struct attention *list)
{
    struct work *w = list->w;
    struct untold_view *v;
    size_t count;
    enum result res = not_told_first(w, ATTENTION_EACH, &v, &count);
    for (size_t i = 0; res == OK && i < count; i++) {
        struct attention_item *item = attention_add(list, "not_told", SEVERITY_URGENT);
        item->id = v[i].email_id;
        item->at = v[i].at;
        item->booking_id = v[i].booking_id;
        item->start = v[i].booking_start;
        item->client_id = v[i].client->id;
        item->client_name = v[i].client->name;
        item->client_phone = v[i].client->phone;
        item->kind = v[i].kind;
        item->name = v[i].subject;
        item->detail = v[i].why;
        item->next_step = v[i].next_step->code;
        item->fix_url = str_printf(w->arena, "/app/messages?show=%lld", (long long)item->id.value);
        item->message = str_printf(w->arena, STR_FMT " was not told: " STR_FMT,
                                   STR_ARG(item->client_name), STR_ARG(v[i].why));
    }
    return res;
}

/* To the business's own, mostly: who matters to a visit is told of above. An id is made in the
 * second of its letter, so that ids bound the days. */
static enum result failed(struct attention *list)
{
    struct work *w = list->w;
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT id, version, kind, subject, to_address, last_error, created_s FROM message"
        " WHERE workspace_id = $1 AND status = 'failed' AND id >= $2 AND id < $4 AND untold = 0"
        " ORDER BY id DESC LIMIT $3",
        db_i(w->actor.workspace_id), db_i(env_id_at(w->now_s - (int64_t)FAILED_DAYS * 24 * HOUR_S)),
        db_i(ATTENTION_EACH), db_i(INT64_MAX));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        struct attention_item *item = attention_add(list, "failed_email", SEVERITY_WARNING);
        item->id = some_int(db_int(&r, i, 0));
        item->version = some_int(db_int(&r, i, 1));
        item->kind = db_str(&r, i, 2);
        item->name = db_str(&r, i, 3);
        item->client_name = db_str(&r, i, 4);
        item->detail = db_str(&r, i, 5);
        item->at = some_int(db_int(&r, i, 6));
        item->fix_url = str_printf(w->arena, "/app/messages?show=%lld", (long long)item->id.value);
        item->message = str_printf(w->arena, "The letter \"" STR_FMT "\" could not be sent.",
                                   STR_ARG(item->name));
    }
    return res;
}

enum result attention_letters(struct attention *list)
{
    enum result res = not_told(list);
    return res == OK ? failed(list) : res;
}

/* ---- conversations ---- */

enum result attention_conversations(struct attention *list)
{
    struct work *w = list->w;
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT v.id, v.version, c.id, c.name, c.phone, m.body, COALESCE(m.created_s, v.created_s)"
        " FROM conversation v"
        " JOIN client c ON c.workspace_id = v.workspace_id AND c.id = v.client_id"
        " LEFT JOIN conversation_message m ON m.workspace_id = v.workspace_id"
        "  AND m.conversation_id = v.id AND m.id = v.last_id"
        " WHERE v.workspace_id = $1 AND v.folder = 'inbox' AND v.unanswered = 1"
        " ORDER BY v.last_id LIMIT $2",
        db_i(w->actor.workspace_id), db_i(ATTENTION_EACH));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        bool late = db_int(&r, i, 6) < w->now_s - (int64_t)24 * HOUR_S;
        struct attention_item *item =
            attention_add(list, "unanswered", late ? SEVERITY_WARNING : SEVERITY_INFO);
        item->id = some_int(db_int(&r, i, 0));
        item->version = some_int(db_int(&r, i, 1));
        item->client_id = some_int(db_int(&r, i, 2));
        item->client_name = db_str(&r, i, 3);
        item->client_phone = db_str(&r, i, 4);
        item->at = some_int(db_int(&r, i, 6));
        item->detail = letter_line(w->arena, db_str(&r, i, 5), EXCERPT);
        item->fix_url = str_printf(w->arena, "/app/inbox/%lld", (long long)item->id.value);
        item->message =
            str_printf(w->arena, STR_FMT " waits for an answer.", STR_ARG(item->client_name));
    }
    return res;
}

/* ---- stock ---- */

/*
 * Short is an item of which an active service cannot be booked any more; every other one on the
 * list is low. A short item has fallen to its reorder point as well, or that is 0.
 */
enum result attention_stock(struct attention *list)
{
    struct work *w = list->w;
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT i.id, i.version, i.name, i.unit, i.on_hand - i.reserved, i.reorder_point,"
        " (SELECT string_agg(s.name, ', ' ORDER BY s.name) FROM service_material x"
        "  JOIN service s ON s.workspace_id = x.workspace_id AND s.id = x.service_id"
        "  WHERE x.workspace_id = $1 AND x.item_id = i.id AND s.active = 1 AND s.retired = 0"
        "  AND x.quantity > i.on_hand - i.reserved) AS stopped FROM item i"
        " WHERE i.workspace_id = $1 AND i.low = 1 AND i.active = 1"
        " ORDER BY CASE WHEN EXISTS (SELECT 1 FROM service_material x"
        "  JOIN service s ON s.workspace_id = x.workspace_id AND s.id = x.service_id"
        "  WHERE x.workspace_id = $1 AND x.item_id = i.id AND s.active = 1 AND s.retired = 0"
        "  AND x.quantity > i.on_hand - i.reserved) THEN 0 ELSE 1 END, i.name, i.id LIMIT $2",
        db_i(w->actor.workspace_id), db_i(ATTENTION_EACH));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        struct str stopped = db_str(&r, i, 6);
        struct attention_item *item = attention_add(list, stopped.len ? "short_stock" : "low_stock",
                                                    stopped.len ? SEVERITY_URGENT : SEVERITY_INFO);
        item->id = some_int(db_int(&r, i, 0));
        item->version = some_int(db_int(&r, i, 1));
        item->name = db_str(&r, i, 2);
        item->unit = db_str(&r, i, 3);
        item->available = some_int(db_int(&r, i, 4));
        item->reorder_point = some_int(db_int(&r, i, 5));
        item->fix_url =
            str_printf(w->arena, "/app/inventory/%lld?do=receive", (long long)item->id.value);
        if (stopped.len) {
            item->services = letter_line(w->arena, stopped, EXCERPT);
            item->message = str_printf(w->arena, STR_FMT " is short: " STR_FMT " cannot be booked.",
                                       STR_ARG(item->name), STR_ARG(item->services));
        } else {
            item->message = str_printf(w->arena, STR_FMT " runs low.", STR_ARG(item->name));
        }
    }
    return res;
}

/* ---- ratings ---- */

enum result attention_ratings(struct attention *list)
{
    struct work *w = list->w;
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT t.id, t.version, t.booking_id, t.stars, t.comment, t.changed_s, c.id, c.name,"
        " c.phone, p.id, p.name FROM rating t"
        " JOIN client c ON c.workspace_id = t.workspace_id AND c.id = t.client_id"
        " JOIN resource p ON p.workspace_id = t.workspace_id AND p.id = t.staff_id"
        " WHERE t.workspace_id = $1 AND t.stars <= 3 AND t.handled_s IS NULL"
        " ORDER BY t.id DESC LIMIT $2",
        db_i(w->actor.workspace_id), db_i(ATTENTION_EACH));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        struct attention_item *item = attention_add(list, "low_rating", SEVERITY_WARNING);
        item->id = some_int(db_int(&r, i, 0));
        item->version = some_int(db_int(&r, i, 1));
        item->booking_id = some_int(db_int(&r, i, 2));
        item->stars = some_int(db_int(&r, i, 3));
        item->detail = db_str(&r, i, 4);
        item->at = some_int(db_int(&r, i, 5));
        item->client_id = some_int(db_int(&r, i, 6));
        item->client_name = db_str(&r, i, 7);
        item->client_phone = db_str(&r, i, 8);
        item->staff_id = some_int(db_int(&r, i, 9));
        item->staff_name = db_str(&r, i, 10);
        item->fix_url = str_printf(w->arena, "/app/clients/%lld", (long long)item->client_id.value);
        item->message = str_printf(w->arena, STR_FMT " gave %lld of 5 stars.",
                                   STR_ARG(item->client_name), (long long)item->stars.value);
    }
    return res;
}

/* ---- time off that is asked for ---- */

enum result attention_requests(struct attention *list)
{
    struct work *w = list->w;
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT q.id, q.version, q.staff_id, p.name, q.start_s, q.end_s, q.reason, q.created_s"
        " FROM time_off_request q"
        " JOIN resource p ON p.workspace_id = q.workspace_id AND p.id = q.staff_id"
        " WHERE q.workspace_id = $1 AND q.status = 'pending' ORDER BY q.id LIMIT $2",
        db_i(w->actor.workspace_id), db_i(ATTENTION_EACH));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        struct attention_item *item = attention_add(list, "time_off_request", SEVERITY_WARNING);
        item->id = some_int(db_int(&r, i, 0));
        item->version = some_int(db_int(&r, i, 1));
        item->staff_id = some_int(db_int(&r, i, 2));
        item->staff_name = db_str(&r, i, 3);
        item->start = some_int(db_int(&r, i, 4));
        item->end = some_int(db_int(&r, i, 5));
        item->detail = db_str(&r, i, 6);
        item->at = some_int(db_int(&r, i, 7));
        item->fix_url = str_printf(w->arena, "/app/team?view=requests");
        item->message =
            str_printf(w->arena, STR_FMT " asks for time off.", STR_ARG(item->staff_name));
    }
    return res;
}

/* ---- jobs ---- */

enum result attention_jobs(struct attention *list)
{
    struct work *w = list->w;
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT j.id, j.version, j.kind, j.last_error, COALESCE(j.ended_s, j.due_s),"
                 " j.booking_id, c.id, c.name FROM job j"
                 " LEFT JOIN client c ON c.workspace_id = j.workspace_id AND c.id = j.client_id"
                 " WHERE j.workspace_id = $1 AND j.status = 'parked' ORDER BY j.id DESC LIMIT $2",
                 db_i(w->actor.workspace_id), db_i(ATTENTION_EACH));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        struct attention_item *item = attention_add(list, "parked_job", SEVERITY_WARNING);
        item->id = some_int(db_int(&r, i, 0));
        item->version = some_int(db_int(&r, i, 1));
        item->kind = db_str(&r, i, 2);
        item->detail = db_str(&r, i, 3);
        item->at = some_int(db_int(&r, i, 4));
        item->booking_id = db_opt_int(&r, i, 5);
        item->client_id = db_opt_int(&r, i, 6);
        item->client_name = db_str(&r, i, 7);
        item->fix_url = STR("/app/automations");
        item->message =
            str_printf(w->arena, "A task was given up (" STR_FMT ").", STR_ARG(item->kind));
    }
    return res;
}
