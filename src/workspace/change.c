/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* change: the owner's changes to the workspace, and publishing. See change.h. */
#include "workspace/change.h"

#include "audit/audit.h"
#include "job/job.h"
#include "workspace/hours.h"
#include "workspace/readiness.h"
#include "workspace/slug.h"

/*
 * The version goes up first: that takes the row's lock, so what is read afterwards is what the
 * change is made to. A refused change rolls it back.
 */
static enum result open_for_change(struct request *rq, struct work *w, struct workspace *ret)
{
    enum result r = workspace_lock(w);
    if (r == OK)
        r = db_exec(w->tx, "UPDATE workspace SET version = version + 1 WHERE id = $1",
                    db_i(w->actor.workspace_id));
    if (r == OK)
        r = workspace_load(w, w->actor.workspace_id, ret);
    return r == OK ? route_check_version(rq, w, ret->version - 1) : r;
}

static struct str str_or(struct str given, struct str now)
{
    return given.ptr ? given : now;
}

static int int_or(struct opt_int given, int now)
{
    return given.set ? (int)given.value : now;
}

static enum result closures_read(struct work *w, const struct shape_list *list,
                                 struct closure **ret)
{
    const struct closure_span *in = list->items;
    struct closure *out = arena_new_array(w->arena, list->count, struct closure);
    enum result r = OK;
    for (size_t i = 0; i < list->count; i++) {
        out[i] = (struct closure){in[i].from.value, in[i].to.value, str_or(in[i].reason, STR(""))};
        if (out[i].from > out[i].to)
            r = problem_field(w->problem, arena_printf(w->arena, "closures.%zu.to", i),
                              "out_of_order", "Give a last day that is not before the first.");
        for (size_t k = 0; k < i; k++)
            if (out[k].from == out[i].from && out[k].to == out[i].to) {
                r = problem_field(w->problem, arena_printf(w->arena, "closures.%zu", i),
                                  "duplicate", "These days are in the list already.");
                break;
            }
    }
    if (r == OK)
        *ret = out;
    return r;
}

/* Both ends or none, and some time between them. */
static enum result merge_quiet(struct work *w, const struct workspace_in *in, struct workspace *ret)
{
    if (in->quiet_from.set || in->quiet_from_null)
        ret->quiet_from_min = in->quiet_from;
    if (in->quiet_until.set || in->quiet_until_null)
        ret->quiet_until_min = in->quiet_until;
    struct opt_int from = ret->quiet_from_min, until = ret->quiet_until_min;
    if (from.set != until.set)
        return problem_field(w->problem, from.set ? "quiet_until" : "quiet_from", "required",
                             "Give both ends of the quiet hours, or null for both.");
    if (from.set && from.value % MINUTES_PER_DAY == until.value % MINUTES_PER_DAY)
        return problem_field(w->problem, "quiet_until", "invalid_range",
                             "The quiet hours end where they begin. Leave some of the day.");
    return OK;
}

/* What the workspace becomes. */
static enum result merge(struct work *w, const struct workspace_in *in, const struct workspace *now,
                         struct workspace *ret)
{
    *ret = *now;
    ret->name = str_or(in->name, now->name);
    ret->slug = str_or(in->slug, now->slug);
    ret->timezone = str_or(in->timezone, now->timezone);
    ret->currency = str_or(in->currency, now->currency);
    ret->locale = str_or(in->locale, now->locale);
    ret->address = str_or(in->address, now->address);
    ret->phone = str_or(in->phone, now->phone);
    ret->contact_email = str_or(in->contact_email, now->contact_email);
    ret->accent_color =
        in->accent_color_null ? (struct str){0} : str_or(in->accent_color, now->accent_color);
    ret->tz = tz_find(ret->timezone);
    ret->slot_step_min = int_or(in->slot_step_min, now->slot_step_min);
    ret->min_notice_min = int_or(in->min_notice_min, now->min_notice_min);
    ret->max_advance_days = int_or(in->max_advance_days, now->max_advance_days);
    ret->cancel_cutoff_min = int_or(in->cancel_cutoff_min, now->cancel_cutoff_min);
    ret->auto_confirm = in->auto_confirm.set ? in->auto_confirm.value : now->auto_confirm;
    ret->staff_see_contacts =
        in->staff_see_contacts.set ? in->staff_see_contacts.value : now->staff_see_contacts;

    ret->session_idle_min = int_or(in->session_idle_min, now->session_idle_min);
    if (in->require_two_factor.set)
        ret->require_two_factor = in->require_two_factor.value;

    enum result r = merge_quiet(w, in, ret);
    if (!ret->tz)
        r = problem_field(w->problem, "timezone", "unknown_timezone",
                          "Give an IANA time zone such as Europe/Paris.");
    if (in->hours.set && hours_read(w, "hours", &in->hours, &ret->hours, &ret->hours_count) != OK)
        r = INVALID;
    if (in->closures.set) {
        ret->closure_count = in->closures.count;
        if (closures_read(w, &in->closures, &ret->closures) != OK)
            r = INVALID;
    }
    return r;
}

static enum result check_currency(struct work *w, const struct workspace *now,
                                  const struct workspace *next)
{
    if (str_eq(now->currency, next->currency))
        return OK;
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows, "SELECT id FROM booking WHERE workspace_id = $1 LIMIT 1",
                           db_i(now->id));
    if (r == OK)
        return problem_set(w->problem, CONFLICT, "invalid_transition",
                           "The currency cannot change once there are bookings, since their "
                           "prices are in it.");
    return r == NOT_FOUND ? OK : r;
}

/* Who asks others for a second factor has one: else they would lock themselves out first. */
static enum result check_two_factor(struct work *w, const struct workspace *now,
                                    const struct workspace *next)
{
    if (now->require_two_factor || !next->require_two_factor)
        return OK;
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT id FROM user_account"
                           " WHERE id = $1 AND totp_confirmed_s IS NOT NULL",
                           db_i(w->actor.user_id));
    if (r == NOT_FOUND)
        return problem_set(w->problem, CONFLICT, "invalid_transition",
                           "Set up two-factor sign-in for your own account first.");
    return r;
}

static enum result refuse_slug(struct work *w)
{
    return problem_set(w->problem, CONFLICT, "already_exists",
                       "Another business has this address. Choose another slug.");
}

static enum result write_row(struct work *w, const struct workspace *ws)
{
    int64_t changed;
    if (slug_reserved(ws->slug))
        return refuse_slug(w);
    enum result r = db_count(
        w->tx, &changed,
        "UPDATE workspace SET name = $2, slug = $3, timezone = $4, currency = $5, locale = $6,"
        " address = $7, phone = $8, contact_email = $9, accent_color = $10, slot_step_min = $11,"
        " min_notice_min = $12, max_advance_days = $13, cancel_cutoff_min = $14,"
        " auto_confirm = $15, session_idle_min = $16, require_two_factor = $17,"
        " staff_see_contacts = $18, quiet_from_min = $19, quiet_until_min = $20 WHERE id = $1",
        db_i(ws->id), db_s(ws->name), db_s(ws->slug), db_s(ws->timezone), db_s(ws->currency),
        db_s(ws->locale), db_s(ws->address), db_s(ws->phone), db_s(ws->contact_email),
        db_s(ws->accent_color), db_i(ws->slot_step_min), db_i(ws->min_notice_min),
        db_i(ws->max_advance_days), db_i(ws->cancel_cutoff_min), db_i(ws->auto_confirm),
        db_i(ws->session_idle_min), db_i(ws->require_two_factor), db_i(ws->staff_see_contacts),
        db_opt(ws->quiet_from_min), db_opt(ws->quiet_until_min));
    return r == CONFLICT ? refuse_slug(w) : r;
}

static enum result write_hours(struct work *w, const struct workspace *ws)
{
    enum result r =
        db_exec(w->tx, "DELETE FROM workspace_hours WHERE workspace_id = $1", db_i(ws->id));
    for (size_t i = 0; r == OK && i < ws->hours_count; i++)
        r = db_exec(w->tx,
                    "INSERT INTO workspace_hours (workspace_id, weekday, start_min, end_min)"
                    " VALUES ($1, $2, $3, $4)",
                    db_i(ws->id), db_i(ws->hours[i].weekday), db_i(ws->hours[i].start_min),
                    db_i(ws->hours[i].end_min));
    return r;
}

static enum result write_closures(struct work *w, const struct workspace *ws)
{
    enum result r = db_exec(w->tx, "DELETE FROM closure WHERE workspace_id = $1", db_i(ws->id));
    for (size_t i = 0; r == OK && i < ws->closure_count; i++)
        r = db_exec(w->tx,
                    "INSERT INTO closure (workspace_id, from_day, to_day, reason)"
                    " VALUES ($1, $2, $3, $4)",
                    db_i(ws->id), db_i(ws->closures[i].from), db_i(ws->closures[i].to),
                    db_s(ws->closures[i].reason));
    return r;
}

/* "2026-12-24..2026-12-26, …" */
static struct str closures_text(struct arena *a, const struct workspace *ws)
{
    enum { ONE_CLOSURE = sizeof "2026-12-24..2026-12-26, " - 1 };
    char *text = arena_alloc(a, ws->closure_count * ONE_CLOSURE + 1);
    size_t len = 0;
    for (size_t i = 0; i < ws->closure_count; i++) {
        char from[DATE_TEXT], to[DATE_TEXT];
        date_format(ws->closures[i].from, from);
        date_format(ws->closures[i].to, to);
        len +=
            (size_t)snprintf(text + len, ONE_CLOSURE + 1, "%s%s..%s", i > 0 ? ", " : "", from, to);
    }
    return (struct str){text, len};
}

static enum result write_audit(struct work *w, const struct workspace *was,
                               const struct workspace *is)
{
    struct audit a;
    audit_begin(&a, w, "workspace", is->id, "changed");
    audit_str(&a, "name", was->name, is->name);
    audit_str(&a, "slug", was->slug, is->slug);
    audit_str(&a, "timezone", was->timezone, is->timezone);
    audit_str(&a, "currency", was->currency, is->currency);
    audit_str(&a, "locale", was->locale, is->locale);
    audit_str(&a, "address", was->address, is->address);
    audit_str(&a, "phone", was->phone, is->phone);
    audit_str(&a, "contact_email", was->contact_email, is->contact_email);
    audit_str(&a, "accent_color", was->accent_color, is->accent_color);
    audit_int(&a, "slot_step_min", some_int(was->slot_step_min), some_int(is->slot_step_min));
    audit_int(&a, "min_notice_min", some_int(was->min_notice_min), some_int(is->min_notice_min));
    audit_int(&a, "max_advance_days", some_int(was->max_advance_days),
              some_int(is->max_advance_days));
    audit_int(&a, "cancel_cutoff_min", some_int(was->cancel_cutoff_min),
              some_int(is->cancel_cutoff_min));
    audit_bool(&a, "auto_confirm", was->auto_confirm, is->auto_confirm);
    audit_int(&a, "session_idle_min", some_int(was->session_idle_min),
              some_int(is->session_idle_min));
    audit_bool(&a, "require_two_factor", was->require_two_factor, is->require_two_factor);
    audit_bool(&a, "staff_see_contacts", was->staff_see_contacts, is->staff_see_contacts);
    audit_int(&a, "quiet_from_min", was->quiet_from_min, is->quiet_from_min);
    audit_int(&a, "quiet_until_min", was->quiet_until_min, is->quiet_until_min);
    audit_str(&a, "hours", hours_text(w->arena, was->hours, was->hours_count),
              hours_text(w->arena, is->hours, is->hours_count));
    audit_str(&a, "closures", closures_text(w->arena, was), closures_text(w->arena, is));
    return audit_end(&a);
}

/* Days of the calendar count there, for gates that run out (gate_review_all, which lies above). */
static enum result review_gates(struct work *w)
{
    struct job_plan p = {
        .kind = "gate_review",
        .subject_id = w->actor.workspace_id,
        .occurrence = str_printf(w->arena, "%lld/0/0", (long long)env_id(w->env)),
        .anchor_s = w->now_s,
        .due_s = w->now_s,
    };
    return job_plan(w, &p);
}

enum result workspace_change(struct request *rq, struct work *w, const struct workspace_in *in,
                             struct workspace *ret)
{
    struct workspace was, is;
    enum result r = open_for_change(rq, w, &was);
    if (r == OK)
        r = merge(w, in, &was, &is);
    if (r == OK)
        r = check_currency(w, &was, &is);
    if (r == OK)
        r = check_two_factor(w, &was, &is);
    if (r == OK)
        r = write_row(w, &is);
    if (r == OK && in->hours.set)
        r = write_hours(w, &is);
    if (r == OK && in->closures.set)
        r = write_closures(w, &is);
    if (r == OK && !str_eq(was.timezone, is.timezone))
        r = review_gates(w);
    if (r == OK)
        r = write_audit(w, &was, &is);
    return r == OK ? workspace_load(w, is.id, ret) : r;
}

enum result workspace_publish(struct request *rq, struct work *w, struct workspace *ret)
{
    struct workspace ws;
    enum result r = workspace_lock(w);
    if (r == OK)
        r = workspace_load(w, w->actor.workspace_id, &ws);
    if (r == OK)
        r = route_check_version(rq, w, ws.version);
    if (r != OK)
        return r;
    if (ws.published) {
        *ret = ws;
        return OK;
    }

    struct readiness state;
    r = readiness_of(w, &ws, &state);
    if (r != OK)
        return r;
    if (!state.ready.value) {
        struct readiness *gaps = arena_new(w->arena, struct readiness);
        *gaps = readiness_gaps(w->arena, &state);
        w->problem->extra_shape = &readiness_gap_shape;
        w->problem->extra = gaps;
        return problem_set(w->problem, CONFLICT, "not_ready",
                           "Something is missing before clients can book.");
    }
    r = db_exec(w->tx, "UPDATE workspace SET published_s = $2, version = version + 1 WHERE id = $1",
                db_i(ws.id), db_i(w->now_s));
    if (r == OK)
        r = audit_action(w, "workspace", ws.id, "published");
    return r == OK ? workspace_load(w, ws.id, ret) : r;
}
