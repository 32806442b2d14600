/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* dashboard: the whole first page in one answer of one moment. */
#include "today/internal.h"

#include "base/civil.h"

enum { DAY_S = 24 * HOUR_S };

struct money_view {
    struct opt_int booked, earned, by_now, week_booked, week_earned;
};
static const struct field money_fields[] = {
    FIELD_INT(struct money_view, booked, 0, 0, .doc = "today, in all"),
    FIELD_INT(struct money_view, earned, 0, 0, .doc = "today, by completed visits"),
    FIELD_INT(struct money_view, by_now, 0, 0, .doc = "today, by visits that have ended"),
    FIELD_INT(struct money_view, week_booked, 0, 0),
    FIELD_INT(struct money_view, week_earned, 0, 0),
};
static const struct shape money_shape = SHAPE("DashboardMoney", struct money_view, money_fields);

struct no_shows_view {
    struct opt_int today, week;
};
static const struct field no_shows_fields[] = {
    FIELD_INT(struct no_shows_view, today, 0, 0),
    FIELD_INT(struct no_shows_view, week, 0, 0),
};
static const struct shape no_shows_shape =
    SHAPE("DashboardNoShows", struct no_shows_view, no_shows_fields);

struct dashboard_view {
    struct opt_int now, date, tomorrow;
    struct str timezone, currency;
    struct opt_bool published;
    const struct figures_view *today, *next_24h, *week;
    struct shape_list days, attention, next, recent;
    struct money_view *revenue;
    struct no_shows_view *no_shows;
    struct opt_int unanswered, pending_forms, overdue_forms, low_stock, failed_emails, not_told,
        unconfirmed, unmarked, low_ratings, parked_jobs, time_off_requests;
};
static const struct field dashboard_fields[] = {
    FIELD_INSTANT(struct dashboard_view, now),
    FIELD_DATE(struct dashboard_view, date, .doc = "today, at the business"),
    FIELD_DATE(struct dashboard_view, tomorrow),
    FIELD_STR(struct dashboard_view, timezone, 0, 0),
    FIELD_STR(struct dashboard_view, currency, 0, 0),
    FIELD_BOOL(struct dashboard_view, published),
    FIELD_OBJECT(struct dashboard_view, today, figures_shape),
    FIELD_OBJECT(struct dashboard_view, next_24h, figures_shape),
    FIELD_OBJECT(struct dashboard_view, week, figures_shape, .doc = "Monday to Sunday"),
    FIELD_LIST(struct dashboard_view, days, figures_shape, 0, 0, .doc = "of that week"),
    FIELD_OBJECT(struct dashboard_view, revenue, money_shape),
    FIELD_OBJECT(struct dashboard_view, no_shows, no_shows_shape),
    FIELD_INT(struct dashboard_view, unanswered, 0, 0, .doc = "clients who wait for an answer"),
    FIELD_INT(struct dashboard_view, pending_forms, 0, 0),
    FIELD_INT(struct dashboard_view, overdue_forms, 0, 0,
              .doc = "of those: asked for more than a day ago"),
    FIELD_INT(struct dashboard_view, low_stock, 0, 0),
    FIELD_INT(struct dashboard_view, failed_emails, 0, 0),
    FIELD_INT(struct dashboard_view, not_told, 0, 0),
    FIELD_INT(struct dashboard_view, unconfirmed, 0, 0),
    FIELD_INT(struct dashboard_view, unmarked, 0, 0),
    FIELD_INT(struct dashboard_view, low_ratings, 0, 0),
    FIELD_INT(struct dashboard_view, parked_jobs, 0, 0),
    FIELD_INT(struct dashboard_view, time_off_requests, 0, 0),
    FIELD_LIST(struct dashboard_view, attention, attention_shape, 0, 0,
               .doc = "what waits for a hand, the most pressing first; ten of each code at most"),
    FIELD_LIST(struct dashboard_view, next, next_person_shape, 0, 0),
    FIELD_LIST(struct dashboard_view, recent, recent_shape, 0, 0),
};
const struct shape dashboard_shape = SHAPE("Dashboard", struct dashboard_view, dashboard_fields);

static void add_figures(struct day_figures *sum, const struct day_figures *f)
{
    for (size_t i = 0; i < sizeof sum->count / sizeof *sum->count; i++)
        sum->count[i] += f->count[i];
    sum->booked += f->booked;
    sum->completed += f->completed;
    sum->by_now += f->by_now;
    sum->minutes += f->minutes;
}

static enum result fill_figures(struct work *w, const struct workspace *ws,
                                struct dashboard_view *v)
{
    int64_t date = tz_day_of(ws->tz, w->now_s), monday = date - (civil_weekday(date) - 1);
    struct day_figures days[WEEK_DAYS], ahead, week = {0};
    enum result res = figures_week(w, ws, monday, days);
    if (res == OK)
        res = figures_span(w, w->now_s, w->now_s + DAY_S, &ahead);
    if (res != OK)
        return res;
    const struct day_figures *today = &days[date - monday];
    for (size_t d = 0; d < WEEK_DAYS; d++)
        add_figures(&week, &days[d]);
    v->date = some_int(date);
    v->tomorrow = some_int(date + 1);
    v->today = figures_view(w->arena, today);
    v->next_24h = figures_view(w->arena, &ahead);
    v->week = figures_view(w->arena, &week);
    v->days = figures_list(w->arena, days, WEEK_DAYS);
    v->revenue = arena_new(w->arena, struct money_view);
    *v->revenue = (struct money_view){
        .booked = some_int(today->booked),
        .earned = some_int(today->completed),
        .by_now = some_int(today->by_now),
        .week_booked = some_int(week.booked),
        .week_earned = some_int(week.completed),
    };
    v->no_shows = arena_new(w->arena, struct no_shows_view);
    *v->no_shows = (struct no_shows_view){
        .today = some_int(figures_no_shows(today)),
        .week = some_int(figures_no_shows(&week)),
    };
    return OK;
}

static enum result fill_counts(struct work *w, struct dashboard_view *v)
{
    struct counts c;
    enum result res = figures_counts(w, &c);
    if (res != OK)
        return res;
    v->unanswered = some_int(c.unanswered);
    v->pending_forms = some_int(c.pending_forms);
    v->overdue_forms = some_int(c.overdue_forms);
    v->low_stock = some_int(c.low_stock);
    v->failed_emails = some_int(c.failed_emails);
    v->not_told = some_int(c.not_told);
    v->unconfirmed = some_int(c.unconfirmed);
    v->unmarked = some_int(c.unmarked);
    v->low_ratings = some_int(c.low_ratings);
    v->parked_jobs = some_int(c.parked_jobs);
    v->time_off_requests = some_int(c.time_off_requests);
    return OK;
}

enum result dashboard_get(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct dashboard_view v = {.now = some_int(w->now_s)};
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res == OK)
        res = fill_figures(w, &ws, &v);
    if (res == OK)
        res = fill_counts(w, &v);
    if (res == OK)
        res = attention_list(w, &ws, &v.attention);
    if (res == OK)
        res = next_list(w, &ws, &v.next);
    if (res == OK)
        res = recent_list(w, &v.recent);
    if (res != OK)
        return res;
    v.timezone = ws.timezone;
    v.currency = ws.currency;
    v.published = some_bool(ws.published);
    answer_json(rq, 200, &dashboard_shape, &v, w->actor.permissions);
    return OK;
}
