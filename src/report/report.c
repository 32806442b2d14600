/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* report: the days that a kind has read, put together into an answer. See report.h. */
#include "report/internal.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
    "bookings",  "revenue", "utilisation", "no_shows",    "cancellations",
    "retention", "ratings", "stock_value", "stock_usage", NULL,
};
static const char *const groups[] = {"staff", "service", "by", "notice", "clients", "item", NULL};
static const char *const states[] = {"some", "none_in_period", "none_ever", NULL};

/* ---- shapes ---- */

static const struct field finding_fields[] = {
    FIELD_INT(struct finding_out, value, 0, 0, .maybe = true, .doc = "of the whole period"),
    FIELD_INT(struct finding_out, previous, 0, 0, .maybe = true, .doc = "of the one before"),
    FIELD_INT(struct finding_out, change_permille, 0, 0, .maybe = true,
              .doc = "how much more than before: 120 is 12 %; null where before was nothing"),
    FIELD_DATE(struct finding_out, best_from, .maybe = true, .doc = "the part with the most"),
    FIELD_DATE(struct finding_out, best_to, .maybe = true),
    FIELD_INT(struct finding_out, best_value, 0, 0, .maybe = true),
    FIELD_STR(struct finding_out, leader, 0, 0, .maybe = true, .doc = "the first row's name"),
    FIELD_ID(struct finding_out, leader_id, .maybe = true),
    FIELD_INT(struct finding_out, leader_value, 0, 0, .maybe = true),
};
static const struct shape finding_shape =
    SHAPE("ReportFinding", struct finding_out, finding_fields);

static const struct field previous_fields[] = {
    FIELD_DATE(struct previous_out, from),
    FIELD_DATE(struct previous_out, to),
    FIELD_INT(struct previous_out, value, 0, 0, .maybe = true),
    FIELD_OBJECT(struct previous_out, totals, report_figures_shape),
};
static const struct shape previous_shape =
    SHAPE("ReportPrevious", struct previous_out, previous_fields);

static const struct field point_fields[] = {
    FIELD_DATE(struct point_out, from),
    FIELD_DATE(struct point_out, to),
    FIELD_INT(struct point_out, value, 0, 0, .maybe = true),
    FIELD_INT(struct point_out, previous, 0, 0, .maybe = true,
              .doc = "of the part with the same number in the period before"),
    FIELD_OBJECT(struct point_out, figures, report_figures_shape),
};
static const struct shape point_shape = SHAPE("ReportPoint", struct point_out, point_fields);

static const struct field row_fields[] = {
    FIELD_WORD(struct row_out, group, groups),
    FIELD_ID(struct row_out, id, .maybe = true),
    FIELD_STR(struct row_out, name, 0, 0, .doc = "as it is called now; empty where `word` says it"),
    FIELD_STR(struct row_out, word, 0, 0, .maybe = true,
              .doc = "by: client, business; notice: within_2h … earlier; clients: new, returning"),
    FIELD_STR(struct row_out, unit, 0, 0, .maybe = true, .doc = "of an item's quantities"),
    FIELD_INT(struct row_out, value, 0, 0, .maybe = true),
    FIELD_OBJECT(struct row_out, figures, report_figures_shape),
};
static const struct shape row_shape = SHAPE("ReportRow", struct row_out, row_fields);

static const struct field report_fields[] = {
    FIELD_WORD(struct report_out, kind, kind_names),
    FIELD_DATE(struct report_out, from),
    FIELD_DATE(struct report_out, to),
    FIELD_ENUM(struct report_out, by, report_by_names),
    FIELD_ENUM(struct report_out, compare, report_compare_names),
    FIELD_STR(struct report_out, timezone, 0, 0),
    FIELD_STR(struct report_out, currency, 0, 0),
    FIELD_WORD(struct report_out, unit, report_units,
               .doc = "of `value`: money is minor units, hundredths are stars"),
    FIELD_WORD(struct report_out, state, states,
               .doc = "none_ever: this business has nothing yet that it could count"),
    FIELD_OBJECT(struct report_out, finding, finding_shape),
    FIELD_OBJECT(struct report_out, totals, report_figures_shape),
    FIELD_OBJECT(struct report_out, previous, previous_shape, .maybe = true),
    FIELD_LIST(struct report_out, series, point_shape, 0, REPORT_DAYS_MAX),
    FIELD_LIST(struct report_out, rows, row_shape, 0, 0, .doc = "the greatest first, by group"),
};
const struct shape report_shape = SHAPE("Report", struct report_out, report_fields);

/* ---- what kinds fill ---- */

struct sums *report_day(struct report *r, int64_t date)
{
    int64_t i = date - r->period.from;
    if (i < 0)
        i = 0;
    if (i >= (int64_t)r->day_count)
        i = (int64_t)r->day_count - 1;
    return &r->days[i];
}

struct report_row *report_row(struct report *r, const char *group, int64_t id)
{
    for (size_t i = r->row_count; i-- > 0;)
        if (r->rows[i].id == id && strcmp(r->rows[i].group, group) == 0)
            return &r->rows[i];
    if (r->row_count == ROWS_LIST_MAX)
        return NULL;
    if (r->row_count == r->row_room) {
        size_t room = r->row_room ? r->row_room * 2 : 32;
        struct report_row *more = arena_new_array(r->arena, room, struct report_row);
        for (size_t i = 0; i < r->row_count; i++)
            more[i] = r->rows[i];
        r->rows = more;
        r->row_room = room;
    }
    struct report_row *row = &r->rows[r->row_count];
    *row = (struct report_row){.group = group, .id = id, .position = r->row_count++};
    return row;
}

/* ---- parts ---- */

static struct sums sum_of_days(const struct report *r, int64_t from, int64_t to)
{
    struct sums s = {0};
    for (int64_t date = from; date <= to; date++)
        sums_add(&s, &r->days[date - r->period.from]);
    return s;
}

/* What stands at the end of `to`: what stands at the end of all, less what came after. */
static struct sums level_at(const struct report *r, int64_t to)
{
    struct sums after = sum_of_days(r, to + 1, r->period.to), level = r->total;
    for (int f = 0; f < FIG__MAX; f++)
        level.of[f] -= after.of[f];
    return level;
}

static struct sums whole(const struct report *r)
{
    struct sums s = r->total;
    if (!r->kind->is_level) {
        struct sums days = sum_of_days(r, r->period.from, r->period.to);
        sums_add(&s, &days);
    }
    return s;
}

static struct figures *show_whole(struct arena *a, const struct report *r)
{
    struct sums s = whole(r);
    return figures_show(a, &s, r->kind->shown, r->kind->shown_count);
}

/* Where there is no value of the whole (nothing has a cost), the parts have none either. */
static struct shape_list show_parts(struct arena *a, const struct report *r, enum report_by by,
                                    bool valued)
{
    const struct report_kind *k = r->kind;
    struct point_out *list = arena_new_array(a, r->day_count, struct point_out);
    int64_t today = tz_day_of(r->ws->tz, r->now_s);
    size_t n = 0;
    for (int64_t from = r->period.from, to; from <= r->period.to; from = to + 1) {
        to = part_end(by, from, r->period.to);
        struct sums s = k->is_level ? level_at(r, to) : sum_of_days(r, from, to);
        struct figures *f = figures_show(a, &s, k->part_shown ? k->part_shown : k->shown,
                                         k->part_shown ? k->part_shown_count : k->shown_count);
        bool known = valued && !(k->is_level && from > today);
        list[n++] = (struct point_out){
            .from = some_int(from),
            .to = some_int(to),
            .value = known ? f->of[k->value] : (struct opt_int){0},
            .figures = f,
        };
    }
    return (struct shape_list){true, n, list};
}

/* ---- rows ---- */

static int compare_rows(const void *x, const void *y)
{
    const struct report_row *a = x, *b = y;
    int group = strcmp(a->group, b->group);
    if (group)
        return group;
    if (a->word || b->word || a->value.set != b->value.set)
        return a->word || b->word ? (a->position > b->position) - (a->position < b->position)
                                  : b->value.set - a->value.set;
    if (a->value.value != b->value.value)
        return a->value.value < b->value.value ? 1 : -1;
    return (a->id > b->id) - (a->id < b->id);
}

static void show_row(struct arena *a, const struct report *r, struct report_row *row)
{
    static const enum figure of_word[] = {FIG_CANCELLED, FIG_ALL, FIG_CANCELLED_PERMILLE};
    const struct report_kind *k = r->kind;
    bool counted = row->word && row->sums.of[FIG_ALL] > 0;
    const enum figure *shown = k->row_shown ? k->row_shown : k->shown;
    size_t count = k->row_shown ? k->row_shown_count : k->shown_count;
    if (counted) {
        shown = of_word;
        count = sizeof of_word / sizeof of_word[0];
    }
    row->figures = figures_show(a, &row->sums, shown, count);
    static const enum figure values[] = {FIG_STOCK_VALUE, FIG_PLANNED_VALUE, FIG_USED_VALUE,
                                         FIG_WASTE_VALUE};
    for (size_t i = 0; row->unpriced && i < sizeof values / sizeof values[0]; i++)
        row->figures->of[values[i]] = (struct opt_int){0};
    row->value = row->figures->of[k->value];
}

static struct shape_list show_rows(struct arena *a, struct report *r)
{
    for (size_t i = 0; i < r->row_count; i++)
        show_row(a, r, &r->rows[i]);
    if (r->row_count)
        qsort(r->rows, r->row_count, sizeof *r->rows, compare_rows);
    struct row_out *list = arena_new_array(a, r->row_count + 1, struct row_out);
    size_t n = 0, of_group = 0;
    for (size_t i = 0; i < r->row_count; i++) {
        const struct report_row *row = &r->rows[i];
        of_group = i && strcmp(row->group, r->rows[i - 1].group) == 0 ? of_group + 1 : 0;
        if (of_group >= REPORT_ROWS_MAX)
            continue;
        list[n++] = (struct row_out){
            .group = str_of(row->group),
            .id = row->id > 0 ? some_int(row->id) : (struct opt_int){0},
            .name = row->name.ptr ? row->name : STR(""),
            .word = row->word ? str_of(row->word) : (struct str){0},
            .unit = row->unit,
            .value = row->value,
            .figures = row->figures,
        };
    }
    return (struct shape_list){true, n, list};
}

/* ---- the finding ---- */

static struct finding_out *find(struct arena *a, const struct report_out *out, struct opt_int value)
{
    struct finding_out *f = arena_new(a, struct finding_out);
    f->value = value;
    if (out->previous)
        f->previous = out->previous->value;
    if (f->value.set && f->previous.set && f->previous.value > 0) {
        int64_t more = (f->value.value - f->previous.value) * 1000;
        int64_t half = more < 0 ? -f->previous.value / 2 : f->previous.value / 2;
        f->change_permille = some_int((more + half) / f->previous.value);
    }
    const struct point_out *points = out->series.items;
    for (size_t i = 0; i < out->series.count; i++) {
        if (!points[i].value.set || points[i].value.value <= f->best_value.value)
            continue;
        f->best_value = points[i].value;
        f->best_from = points[i].from;
        f->best_to = points[i].to;
    }
    const struct row_out *rows = out->rows.items;
    for (size_t i = 0; i < out->rows.count && !f->leader.ptr; i++) {
        if (rows[i].word.ptr || !rows[i].value.set || rows[i].value.value <= 0)
            continue;
        f->leader = rows[i].name;
        f->leader_id = rows[i].id;
        f->leader_value = rows[i].value;
    }
    return f;
}

/* Whether the business has anything of what a kind counts, whenever it was. */
static enum result ever(struct work *w, const struct report_kind *k, bool *ret)
{
    struct db_rows r;
    enum result res;
    if (k->is_level || k->value == FIG_USED_VALUE)
        res = db_one(w->tx, &r, "SELECT 1 FROM item WHERE workspace_id = $1 LIMIT 1",
                     db_i(w->actor.workspace_id));
    else if (k->value == FIG_MEAN)
        res = db_one(w->tx, &r, "SELECT 1 FROM rating WHERE workspace_id = $1 LIMIT 1",
                     db_i(w->actor.workspace_id));
    else
        res = db_one(w->tx, &r, "SELECT 1 FROM booking WHERE workspace_id = $1 LIMIT 1",
                     db_i(w->actor.workspace_id));
    *ret = res == OK;
    return res == NOT_FOUND ? OK : res;
}

/* Opening hours alone are nothing that has happened. */
static enum result state_of(struct work *w, const struct report *r, struct str *ret)
{
    struct sums s = whole(r);
    s.of[FIG_OPEN_MIN] = 0;
    *ret = STR("some");
    for (size_t i = 0; i < r->kind->shown_count; i++)
        if (s.of[r->kind->shown[i]] != 0)
            return OK;
    bool before;
    enum result res = ever(w, r->kind, &before);
    if (res == OK)
        *ret = before ? STR("none_in_period") : STR("none_ever");
    return res;
}

/* ---- all of it ---- */

static enum result read_report(struct work *w, struct report *r, int64_t from, int64_t to)
{
    enum result res = period_of(w, r->ws->tz, from, to, &r->period);
    if (res != OK)
        return res;
    r->arena = w->arena;
    r->day_count = (size_t)(to - from + 1);
    r->days = arena_new_array(w->arena, r->day_count, struct sums);
    return r->kind->read(w, r);
}

static enum result compare(struct work *w, const struct report *now, enum report_by by,
                           enum report_compare how, struct report_out *out)
{
    struct report before = {.kind = now->kind,
                            .ws = now->ws,
                            .staff_id = now->staff_id,
                            .service_id = now->service_id,
                            .now_s = now->now_s};
    int64_t from, to;
    period_before(&now->period, how, &from, &to);
    enum result res = read_report(w, &before, from, to);
    if (res != OK)
        return res;
    struct previous_out *p = arena_new(w->arena, struct previous_out);
    p->from = some_int(from);
    p->to = some_int(to);
    p->totals = show_whole(w->arena, &before);
    p->value = p->totals->of[now->kind->value];
    out->previous = p;
    struct shape_list parts = show_parts(w->arena, &before, by, p->value.set);
    struct point_out *points = out->series.items;
    const struct point_out *old = parts.items;
    for (size_t i = 0; i < out->series.count && i < parts.count; i++)
        points[i].previous = old[i].value;
    return OK;
}

static enum report_by usual_by(int64_t days)
{
    enum { BY_DAY_DAYS = 31, BY_WEEK_DAYS = 140 };
    return days <= BY_DAY_DAYS ? BY_DAY : days <= BY_WEEK_DAYS ? BY_WEEK : BY_MONTH;
}

static enum result check_filters(struct work *w, const struct report_kind *k,
                                 const struct report_query *q)
{
    if (q->staff_id.set && !k->by_staff)
        return problem_field(w->problem, "staff_id", "not_applicable",
                             "This report is not kept by person.");
    if (q->service_id.set && !k->by_service)
        return problem_field(w->problem, "service_id", "not_applicable",
                             "This report is not kept by service.");
    struct db_rows r;
    enum result res = OK;
    if (q->staff_id.set)
        res = db_one(w->tx, &r, "SELECT 1 FROM staff WHERE workspace_id = $1 AND id = $2",
                     db_i(w->actor.workspace_id), db_i(q->staff_id.value));
    if (res == NOT_FOUND)
        return work_missing_at(w, "staff_id", "member of staff");
    if (res == OK && q->service_id.set)
        res = db_one(w->tx, &r, "SELECT 1 FROM service WHERE workspace_id = $1 AND id = $2",
                     db_i(w->actor.workspace_id), db_i(q->service_id.value));
    return res == NOT_FOUND ? work_missing_at(w, "service_id", "service") : res;
}

enum result report_make(struct work *w, const struct report_kind *kind,
                        const struct report_query *q, struct report_out *ret)
{
    struct workspace *ws = arena_new(w->arena, struct workspace);
    enum result res = check_filters(w, kind, q);
    if (res == OK)
        res = workspace_load(w, w->actor.workspace_id, ws);
    if (res != OK)
        return res;
    int64_t today = tz_day_of(ws->tz, w->now_s);
    struct civil first = civil_from_days(q->to.set ? q->to.value : today);
    first.day = 1;
    int64_t to = q->to.set ? q->to.value : today;
    int64_t from = q->from.set ? q->from.value : civil_to_days(first);
    struct report r = {.kind = kind,
                       .ws = ws,
                       .staff_id = q->staff_id.value,
                       .service_id = q->service_id.value,
                       .now_s = w->now_s,
                       .with_rows = true};
    res = read_report(w, &r, from, to);
    if (res != OK)
        return res;
    enum report_by by = q->by.set ? (enum report_by)q->by.value : usual_by(to - from + 1);
    enum report_compare how = q->compare.set ? (enum report_compare)q->compare.value : COMPARE_NONE;
    struct figures *totals = show_whole(w->arena, &r);
    struct opt_int value = totals->of[kind->value];
    *ret = (struct report_out){
        .kind = str_of(kind->name),
        .unit = str_of(kind->unit),
        .timezone = ws->timezone,
        .currency = ws->currency,
        .from = some_int(from),
        .to = some_int(to),
        .by = some_int(by),
        .compare = some_int(how),
        .totals = totals,
        .series = show_parts(w->arena, &r, by, value.set || !kind->part_shown),
        .rows = show_rows(w->arena, &r),
    };
    res = state_of(w, &r, &ret->state);
    if (res == OK && how != COMPARE_NONE)
        res = compare(w, &r, by, how, ret);
    if (res == OK)
        ret->finding = find(w->arena, ret, value);
    return res;
}
