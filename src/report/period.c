/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* period: local days as instants, as parts, and as SQL can reckon with them. See report.h. */
#include "report/internal.h"

const char *const report_by_names[] = {"day", "week", "month", NULL};
const char *const report_compare_names[] = {"none", "previous", "last_year", NULL};

enum { HALF_DAY_S = SECONDS_PER_DAY / 2, WEEK = 7, MONTHS = 12 };

static const struct civil earliest = {1971, 1, 1}, latest = {9000, 1, 1};

/* Another base from `at_s` on; false past what the period has room for. */
static bool add_piece(struct period *p, size_t *n, int64_t at_s, int64_t base_s)
{
    if (*n > 0 && p->base_s[*n - 1] == base_s)
        return true;
    if (*n > PERIOD_CHANGES_MAX)
        return false;
    if (*n > 0)
        p->change_s[*n - 1] = at_s;
    p->base_s[(*n)++] = base_s;
    return true;
}

/* A day of 23 or 25 hours is reckoned from its start before its noon and from its end after it, so
 * that each of its instants falls on its date. */
static bool cut(const struct tz *tz, struct period *p)
{
    size_t n = 0;
    bool fits = true;
    for (int64_t date = p->from; date <= p->to; date++) {
        int64_t start = tz_day_start(tz, date), end = tz_day_end(tz, date);
        if (start == end)
            continue; /* the zone has skipped it */
        fits &= add_piece(p, &n, start, start - date * SECONDS_PER_DAY);
        if (end - start != SECONDS_PER_DAY)
            fits &= add_piece(p, &n, start + HALF_DAY_S, end - (date + 1) * SECONDS_PER_DAY);
    }
    for (size_t i = n; i <= PERIOD_CHANGES_MAX; i++) {
        p->change_s[i ? i - 1 : 0] = INT64_MAX;
        p->base_s[i] = n ? p->base_s[n - 1] : 0;
    }
    return fits;
}

enum result period_of(struct work *w, const struct tz *tz, int64_t from, int64_t to,
                      struct period *ret)
{
    if (to < from)
        return problem_field(w->problem, "to", "out_of_order", "Give an end on or after `from`.");
    if (from < civil_to_days(earliest) || to > civil_to_days(latest))
        return problem_field(w->problem, "from", "out_of_range", "Give dates from 1971 to 8999.");
    if (to - from >= REPORT_DAYS_MAX)
        return problem_field(w->problem, "to", "too_long", "A report covers at most 400 days.");
    *ret = (struct period){
        .from = from,
        .to = to,
        .from_s = tz_day_start(tz, from),
        .to_s = tz_day_end(tz, to),
    };
    if (!cut(tz, ret))
        return problem_field(w->problem, "to", "too_long",
                             "The clocks change too often in this period. Give a shorter one.");
    return OK;
}

/* The same day so many months before, or the month's last where it has no such day. */
static int64_t months_before(int64_t date, int months)
{
    struct civil c = civil_from_days(date);
    int month = c.year * MONTHS + c.month - 1 - months;
    c.year = month / MONTHS;
    c.month = month % MONTHS + 1;
    int most = civil_days_in_month(c.year, c.month);
    if (c.day > most)
        c.day = most;
    return civil_to_days(c);
}

static bool ends_month(int64_t date)
{
    struct civil c = civil_from_days(date);
    return c.day == civil_days_in_month(c.year, c.month);
}

static int64_t month_end(int64_t date)
{
    struct civil c = civil_from_days(date);
    c.day = civil_days_in_month(c.year, c.month);
    return civil_to_days(c);
}

void period_before(const struct period *p, enum report_compare how, int64_t *ret_from,
                   int64_t *ret_to)
{
    struct civil from = civil_from_days(p->from), to = civil_from_days(p->to);
    int months = how == COMPARE_LAST_YEAR
                     ? MONTHS
                     : (to.year - from.year) * MONTHS + to.month - from.month + 1;
    if (how == COMPARE_LAST_YEAR || from.day == 1) {
        *ret_from = months_before(p->from, months);
        *ret_to = months_before(p->to, months);
        if (how == COMPARE_PREVIOUS && ends_month(p->to))
            *ret_to = month_end(*ret_to);
        return;
    }
    int64_t shift = (p->to - p->from + WEEK) / WEEK * WEEK;
    *ret_from = p->from - shift;
    *ret_to = p->to - shift;
}

int64_t part_end(enum report_by by, int64_t date, int64_t to)
{
    int64_t end = date;
    if (by == BY_WEEK)
        end = date + WEEK - civil_weekday(date);
    if (by == BY_MONTH)
        end = month_end(date);
    return end < to ? end : to;
}

const struct db_value *report_values(struct work *w, const struct report *r)
{
    const struct period *p = &r->period;
    struct db_value *v = arena_new_array(w->arena, REPORT_VALUES, struct db_value);
    size_t n = 0;
    v[n++] = db_i(w->actor.workspace_id);
    v[n++] = db_i(p->from_s);
    v[n++] = db_i(p->to_s);
    v[n++] = db_i(r->staff_id);
    v[n++] = db_i(r->service_id);
    for (size_t i = 0; i < PERIOD_CHANGES_MAX; i++) {
        v[n++] = db_i(p->change_s[i]);
        v[n++] = db_i(p->base_s[i]);
    }
    v[n++] = db_i(p->base_s[PERIOD_CHANGES_MAX]);
    v[n++] = db_i(r->now_s);
    return v;
}
