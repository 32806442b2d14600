/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* workspace: how a business is made and read. See workspace.h. */
#include "workspace/workspace.h"

#include "audit/audit.h"
#include "base/log.h"
#include "base/seeded.h"
#include "job/job.h"
#include "workspace/hours.h"
#include "workspace/slug.h"

static const struct field closure_fields[] = {
    FIELD_DATE(struct closure_span, from, .required = true, .doc = "the first day, closed whole"),
    FIELD_DATE(struct closure_span, to, .required = true, .doc = "the last day"),
    FIELD_STR(struct closure_span, reason, 0, 200),
};
const struct shape closure_span_shape = SHAPE("Closure", struct closure_span, closure_fields);

struct workspace_out {
    struct opt_int id;
    struct str name, slug, timezone, currency, locale, address, phone, contact_email, accent_color;
    struct opt_int slot_step_min, min_notice_min, max_advance_days, cancel_cutoff_min;
    struct opt_int session_idle_min, quiet_from, quiet_until;
    struct opt_bool auto_confirm, require_two_factor, staff_see_contacts, published;
    struct shape_list hours, closures;
    struct opt_int version;
};

static const struct field workspace_fields[] = {
    FIELD_ID(struct workspace_out, id),
    FIELD_STR(struct workspace_out, name, 0, 120),
    FIELD_STR(struct workspace_out, slug, 0, SLUG_MAX),
    FIELD_STR(struct workspace_out, timezone, 0, 64, .doc = "IANA time zone"),
    FIELD_STR(struct workspace_out, currency, 0, 3, .doc = "ISO 4217"),
    FIELD_STR(struct workspace_out, locale, 0, 35),
    FIELD_STR(struct workspace_out, address, 0, 500),
    FIELD_STR(struct workspace_out, phone, 0, 40),
    FIELD_STR(struct workspace_out, contact_email, 0, 254),
    FIELD_STR(struct workspace_out, accent_color, 0, 7, .maybe = true, .doc = "#rrggbb or null"),
    FIELD_INT(struct workspace_out, slot_step_min, 0, 0),
    FIELD_INT(struct workspace_out, min_notice_min, 0, 0),
    FIELD_INT(struct workspace_out, max_advance_days, 0, 0),
    FIELD_INT(struct workspace_out, cancel_cutoff_min, 0, 0),
    FIELD_BOOL(struct workspace_out, auto_confirm, .doc = "a public booking needs no yes"),
    FIELD_INT(struct workspace_out, session_idle_min, 0, 0,
              .doc = "a session that nobody uses for so long ends"),
    FIELD_BOOL(struct workspace_out, require_two_factor),
    FIELD_BOOL(struct workspace_out, staff_see_contacts,
               .doc = "staff without bookings or clients see contact details too"),
    FIELD_CLOCK(struct workspace_out, quiet_from, .maybe = true,
                .doc = "from then to quiet_until nothing goes to clients by itself"),
    FIELD_CLOCK(struct workspace_out, quiet_until, .maybe = true),
    FIELD_BOOL(struct workspace_out, published),
    FIELD_LIST(struct workspace_out, hours, hours_span_shape, 0, HOURS_MAX),
    FIELD_LIST(struct workspace_out, closures, closure_span_shape, 0, CLOSURES_MAX),
    FIELD_INT(struct workspace_out, version, 0, 0),
};
const struct shape workspace_shape = SHAPE("Workspace", struct workspace_out, workspace_fields);

const void *workspace_view(struct arena *a, const struct workspace *ws)
{
    struct closure_span *closures = arena_new_array(a, ws->closure_count, struct closure_span);
    for (size_t i = 0; i < ws->closure_count; i++)
        closures[i] = (struct closure_span){
            .from = some_int(ws->closures[i].from),
            .to = some_int(ws->closures[i].to),
            .reason = ws->closures[i].reason,
        };
    struct workspace_out *out = arena_new(a, struct workspace_out);
    *out = (struct workspace_out){
        .id = some_int(ws->id),
        .name = ws->name,
        .slug = ws->slug,
        .timezone = ws->timezone,
        .currency = ws->currency,
        .locale = ws->locale,
        .address = ws->address,
        .phone = ws->phone,
        .contact_email = ws->contact_email,
        .accent_color = ws->accent_color,
        .slot_step_min = some_int(ws->slot_step_min),
        .min_notice_min = some_int(ws->min_notice_min),
        .max_advance_days = some_int(ws->max_advance_days),
        .cancel_cutoff_min = some_int(ws->cancel_cutoff_min),
        .auto_confirm = some_bool(ws->auto_confirm),
        .session_idle_min = some_int(ws->session_idle_min),
        .require_two_factor = some_bool(ws->require_two_factor),
        .staff_see_contacts = some_bool(ws->staff_see_contacts),
        .quiet_from = ws->quiet_from_min,
        .quiet_until = ws->quiet_until_min,
        .published = some_bool(ws->published),
        .hours = hours_view(a, ws->hours, ws->hours_count),
        .closures = {.set = true, .count = ws->closure_count, .items = closures},
        .version = some_int(ws->version),
    };
    return out;
}

struct letter_business workspace_letterhead(const struct workspace *ws)
{
    return (struct letter_business){
        .name = ws->name,
        .address = ws->address,
        .phone = ws->phone,
        .reply_to = ws->contact_email,
        .locale = ws->locale,
        .tz = ws->tz,
    };
}

static const struct field card_fields[] = {
    FIELD_STR(struct workspace_card, name, 0, 0),
    FIELD_STR(struct workspace_card, slug, 0, 0),
    FIELD_STR(struct workspace_card, timezone, 0, 0),
    FIELD_STR(struct workspace_card, locale, 0, 0),
    FIELD_STR(struct workspace_card, address, 0, 0),
    FIELD_STR(struct workspace_card, phone, 0, 0),
    FIELD_STR(struct workspace_card, contact_email, 0, 0),
    FIELD_STR(struct workspace_card, accent_color, 0, 0, .maybe = true),
};
const struct shape workspace_card_shape =
    SHAPE("WorkspaceCard", struct workspace_card, card_fields);

struct workspace_card *workspace_card_of(struct arena *a, const struct workspace *ws)
{
    struct workspace_card *card = arena_new(a, struct workspace_card);
    *card = (struct workspace_card){
        .name = ws->name,
        .slug = ws->slug,
        .timezone = ws->timezone,
        .locale = ws->locale,
        .address = ws->address,
        .phone = ws->phone,
        .contact_email = ws->contact_email,
        .accent_color = ws->accent_color,
    };
    return card;
}

int64_t workspace_quiet_until(const struct workspace *ws, int64_t at_s)
{
    if (!ws->quiet_from_min.set || !ws->quiet_until_min.set)
        return 0;
    int64_t date = tz_date(ws->tz, at_s);
    int from = (int)ws->quiet_from_min.value;
    int until = (int)ws->quiet_until_min.value;
    int now = tz_wall_s(ws->tz, at_s) / 60;
    bool over_midnight = from > until;
    bool quiet = over_midnight ? now >= from || now < until : now >= from && now < until;
    if (!quiet)
        return 0;
    int64_t end_s = tz_instant(ws->tz, over_midnight && now >= from ? date + 1 : date, until);
    return end_s > at_s ? end_s : 0; /* an hour that a change of the clock has left out */
}

/* ---- reading ---- */

static enum result load_row(struct work *w, int64_t id, struct workspace *ret)
{
    struct db_rows rows;
    enum result r =
        db_one(w->tx, &rows,
               "SELECT slug, name, timezone, currency, locale, address, phone, contact_email,"
               " accent_color, slot_step_min, min_notice_min, max_advance_days, cancel_cutoff_min,"
               " auto_confirm, published_s, version, session_idle_min, require_two_factor,"
               " staff_see_contacts, quiet_from_min, quiet_until_min FROM workspace WHERE id = $1",
               db_i(id));
    if (r == NOT_FOUND)
        return work_missing(w, "business");
    if (r != OK)
        return r;
    *ret = (struct workspace){
        .id = id,
        .slug = db_str(&rows, 0, 0),
        .name = db_str(&rows, 0, 1),
        .timezone = db_str(&rows, 0, 2),
        .currency = db_str(&rows, 0, 3),
        .locale = db_str(&rows, 0, 4),
        .address = db_str(&rows, 0, 5),
        .phone = db_str(&rows, 0, 6),
        .contact_email = db_str(&rows, 0, 7),
        .accent_color = db_str(&rows, 0, 8),
        .tz = tz_find(db_str(&rows, 0, 2)),
        .slot_step_min = (int)db_int(&rows, 0, 9),
        .min_notice_min = (int)db_int(&rows, 0, 10),
        .max_advance_days = (int)db_int(&rows, 0, 11),
        .cancel_cutoff_min = (int)db_int(&rows, 0, 12),
        .auto_confirm = db_int(&rows, 0, 13) != 0,
        .published = !db_is_null(&rows, 0, 14),
        .version = db_int(&rows, 0, 15),
        .session_idle_min = (int)db_int(&rows, 0, 16),
        .require_two_factor = db_int(&rows, 0, 17) != 0,
        .staff_see_contacts = db_int(&rows, 0, 18) != 0,
        .quiet_from_min = db_opt_int(&rows, 0, 19),
        .quiet_until_min = db_opt_int(&rows, 0, 20),
    };
    if (!ret->tz) {
        /* It was there when it was set: the machine's tzdata has lost it since. */
        log_event(LOG_ERROR, "time zone of a workspace is not installed", "i:workspace_id", id,
                  NULL);
        return INTERNAL;
    }
    return OK;
}

static enum result load_hours(struct work *w, struct workspace *ws)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT weekday, start_min, end_min FROM workspace_hours"
                             " WHERE workspace_id = $1 ORDER BY weekday, start_min LIMIT 70",
                             db_i(ws->id));
    if (r != OK)
        return r;
    ws->hours_count = rows.count;
    ws->hours = arena_new_array(w->arena, rows.count, struct weekly_span);
    for (size_t i = 0; i < rows.count; i++)
        ws->hours[i] = (struct weekly_span){
            .weekday = (int)db_int(&rows, i, 0),
            .start_min = (int)db_int(&rows, i, 1),
            .end_min = (int)db_int(&rows, i, 2),
        };
    return OK;
}

static enum result load_closures(struct work *w, struct workspace *ws)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT from_day, to_day, reason FROM closure"
                             " WHERE workspace_id = $1 ORDER BY from_day, to_day LIMIT 400",
                             db_i(ws->id));
    if (r != OK)
        return r;
    ws->closure_count = rows.count;
    ws->closures = arena_new_array(w->arena, rows.count, struct closure);
    for (size_t i = 0; i < rows.count; i++)
        ws->closures[i] = (struct closure){
            .from = db_int(&rows, i, 0),
            .to = db_int(&rows, i, 1),
            .reason = db_str(&rows, i, 2),
        };
    return OK;
}

enum result workspace_load(struct work *w, int64_t id, struct workspace *ret)
{
    struct workspace ws;
    enum result r = load_row(w, id, &ws);
    if (r == OK)
        r = load_hours(w, &ws);
    if (r == OK)
        r = load_closures(w, &ws);
    if (r == OK)
        *ret = ws;
    return r;
}

enum result workspace_public(struct work *w, struct str slug, struct workspace *ret)
{
    struct db_rows rows;
    struct db_reach before = db_across(w->tx, "a business is found by its address");
    enum result r =
        db_one(w->tx, &rows, "SELECT id FROM workspace WHERE slug = $1 AND published_s IS NOT NULL",
               db_s(slug));
    db_back(w->tx, before);
    if (r == NOT_FOUND)
        return problem_set(w->problem, NOT_FOUND, "not_found",
                           "There is no booking page at this address.");
    if (r != OK)
        return r;
    /* Whoever is signed in elsewhere in this browser is a visitor here. */
    work_enter(w, (struct actor){.kind = ACTOR_NOBODY, .workspace_id = db_int(&rows, 0, 0)});
    return workspace_load(w, w->actor.workspace_id, ret);
}

enum result workspace_lock(struct work *w)
{
    /* SQLite has one writer, so the transaction already has the lock. */
    if (db_tx_engine(w->tx) == DB_SQLITE || SEEDED(CHECK_THEN_INSERT))
        return OK;
    return db_exec(w->tx, "SELECT pg_advisory_xact_lock($1)", db_i(w->actor.workspace_id));
}

/* ---- making ---- */

/* OK with *ret_made false where the slug is taken. */
static enum result insert_row(struct work *w, int64_t id, const struct workspace_new *in,
                              struct str slug, bool *ret_made)
{
    int64_t inserted = 0;
    *ret_made = false;
    if (slug_reserved(slug))
        return OK;
    enum result r =
        db_count(w->tx, &inserted,
                 "INSERT INTO workspace"
                 " (id, slug, name, timezone, currency, locale, created_s)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (slug) DO NOTHING",
                 db_i(id), db_s(slug), db_s(in->name), db_s(in->timezone), db_s(in->currency),
                 db_s(in->locale.ptr ? in->locale : STR("en")), db_i(w->now_s));
    if (r == OK)
        *ret_made = inserted == 1;
    return r;
}

/* The name's own slug, then with a number, then with one that nobody has. */
static struct str generated_slug(struct work *w, struct str name, int attempt)
{
    enum { LAST_SMALL_NUMBER = 9, ROOM_FOR_SMALL = 2, ROOM_FOR_LONG = 14 };
    if (attempt == 1)
        return slug_of(w->arena, name, SLUG_MAX);
    if (attempt <= LAST_SMALL_NUMBER)
        return str_printf(w->arena, STR_FMT "-%d",
                          STR_ARG(slug_of(w->arena, name, SLUG_MAX - ROOM_FOR_SMALL)), attempt);
    uint32_t number;
    env_random(w->env, &number, sizeof number);
    return str_printf(w->arena, STR_FMT "-%u",
                      STR_ARG(slug_of(w->arena, name, SLUG_MAX - ROOM_FOR_LONG)), number);
}

enum result workspace_create(struct work *w, const struct workspace_new *in, int64_t *ret_id)
{
    enum { ATTEMPTS_MAX = 14 };
    int64_t id = env_id(w->env);
    bool made = false;
    db_tenant(w->tx, id);
    for (int attempt = 1; !made && attempt <= ATTEMPTS_MAX; attempt++) {
        struct str slug = in->slug.ptr ? in->slug : generated_slug(w, in->name, attempt);
        enum result r = insert_row(w, id, in, slug, &made);
        if (r != OK)
            return r;
        if (!made && in->slug.ptr)
            break;
    }
    if (!made)
        return problem_set(w->problem, CONFLICT, "already_exists",
                           "Another business has this address. Choose another slug.");
    w->actor.workspace_id = id;

    struct audit a;
    audit_begin(&a, w, "workspace", id, "created");
    audit_str(&a, "name", (struct str){0}, in->name);
    audit_str(&a, "timezone", (struct str){0}, in->timezone);
    audit_str(&a, "currency", (struct str){0}, in->currency);
    enum result r = audit_end(&a);
    /* Due at once, so that whoever runs it plans the first morning (robot/digest.c). */
    struct job_plan digest = {
        .kind = "owner_daily_digest", .subject_id = id, .occurrence = STR("first")};
    if (r == OK)
        r = job_plan(w, &digest);
    if (r == OK)
        *ret_id = id;
    return r;
}
