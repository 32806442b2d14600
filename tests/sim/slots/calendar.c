/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * calendar: random businesses with a bias to what goes wrong: hours that end at 24:00, touch, lie
 * in the hours round a change or in a gap, cross midnight; visits that just fit; holds that touch.
 */
#include "calendar.h"

/* splitmix64: small, and the same everywhere. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static int64_t between(uint64_t *r, int64_t least, int64_t most)
{
    return least + (int64_t)(next(r) % (uint64_t)(most - least + 1));
}

static bool one_in(uint64_t *r, int64_t n)
{
    return between(r, 1, n) == 1;
}

/* ---- hours ---- */

static void add_hours(struct weekly_list *w, int weekday, int64_t start_min, int64_t end_min)
{
    if (end_min > MINUTES_PER_DAY)
        end_min = MINUTES_PER_DAY;
    if (start_min < end_min && w->count < WEEKLY_MAX)
        w->items[w->count++] = (struct weekly_span){weekday, (int)start_min, (int)end_min};
}

static void day_hours(uint64_t *r, struct weekly_list *w, int weekday)
{
    int64_t start, end;
    switch (between(r, 0, 7)) {
    case 0: /* closed */ break;
    case 1: add_hours(w, weekday, 0, MINUTES_PER_DAY); break;
    case 2: /* to and from midnight, in two parts that touch or nearly */
        start = between(r, 0, 24) * 30;
        add_hours(w, weekday, 0, start);
        add_hours(w, weekday, start + (one_in(r, 2) ? 5 : 0), MINUTES_PER_DAY);
        break;
    case 3: /* an evening and the night before */
        add_hours(w, weekday, between(r, 36, 47) * 30, MINUTES_PER_DAY);
        add_hours(w, weekday, 0, between(r, 1, 10) * 30);
        break;
    case 4: /* short ones in the small hours, where clocks change */
        start = between(r, 0, 240);
        add_hours(w, weekday, start, start + between(r, 5, 120));
        start = between(r, 60, 200);
        add_hours(w, weekday, start, start + between(r, 5, 40));
        break;
    case 5: /* to the minute, overlapping as they come */
        for (int i = 0; i < 3; i++) {
            start = between(r, 0, 1400);
            add_hours(w, weekday, start, start + between(r, 1, 700));
        }
        break;
    default: /* a day with a break */
        start = between(r, 0, 20) * 15;
        end = start + between(r, 8, 40) * 15;
        add_hours(w, weekday, start, end);
        start = end + between(r, 0, 6) * 15;
        add_hours(w, weekday, start, start + between(r, 4, 40) * 15);
    }
}

static void week_hours(uint64_t *r, struct weekly_list *w)
{
    bool always = one_in(r, 2);
    for (int weekday = 1; weekday <= 7; weekday++)
        if (always)
            add_hours(w, weekday, 0, MINUTES_PER_DAY);
        else
            day_hours(r, w, weekday);
}

/* ---- holds ---- */

static int64_t minute_of(int64_t at_s)
{
    return at_s - at_s % 60;
}

/* Sorted and disjoint, over the days from `from_s` on. */
static void holds(uint64_t *r, struct span_list *l, int64_t from_s)
{
    size_t count = (size_t)between(r, 0, LIST_MAX);
    int64_t unit_s = one_in(r, 4) ? 60 : 300;
    for (int64_t at = from_s + between(r, 0, 288) * 300; l->count < count; l->count++) {
        at += one_in(r, 3) ? 0 : between(r, 1, 84) * unit_s;
        int64_t to = at + between(r, 1, 48) * unit_s;
        l->items[l->count] = (struct span){at, to};
        at = to;
    }
}

static void leaves(uint64_t *r, struct span_list *l, int64_t from_s)
{
    size_t count = one_in(r, 2) ? 0 : (size_t)between(r, 1, 3);
    for (; l->count < count; l->count++) {
        int64_t at = from_s + between(r, 0, 4 * MINUTES_PER_DAY) * 60;
        l->items[l->count] = (struct span){at, at + between(r, 1, 900) * 60};
    }
}

/* ---- the visit ---- */

static void segments(uint64_t *r, struct visit_service *s)
{
    int left = s->duration_min;
    while (left > 0 && s->segment_count + 1 < 5) {
        int minutes = (int)between(r, 1, left);
        s->segments[s->segment_count++] = (struct segment){one_in(r, 2), minutes};
        left -= minutes;
    }
    if (left > 0)
        s->segments[s->segment_count++] = (struct segment){false, left};
}

static void needs(uint64_t *r, struct calendar *c, size_t service)
{
    struct visit_service *s = &c->services[service];
    s->need_count = one_in(r, 3) ? (size_t)between(r, 1, 3) : 0;
    for (size_t i = 0; i < s->need_count; i++) {
        size_t count = (size_t)between(r, 1, 3);
        for (size_t k = 0; k < count; k++)
            /* Sometimes one that does not exist. */
            c->choices[service][i][k] = 1000 + between(r, 0, THINGS_MAX);
        s->needs[i] = (struct need){count, c->choices[service][i]};
    }
}

static void visit(uint64_t *r, struct calendar *c)
{
    c->service_count = one_in(r, 2) ? 1 : (size_t)between(r, 1, SERVICES_MAX);
    for (size_t i = 0; i < c->service_count; i++) {
        struct visit_service *s = &c->services[i];
        s->service_id = (int64_t)i + 1;
        s->duration_min = (int)(one_in(r, 3) ? between(r, 1, 240) : between(r, 1, 18) * 5);
        s->buffer_before_min = one_in(r, 2) ? 0 : (int)between(r, 1, 30);
        s->buffer_after_min = one_in(r, 2) ? 0 : (int)between(r, 1, 30);
        if (one_in(r, 2))
            segments(r, s);
        needs(r, c, i);
    }
}

/* Some take less or more time; now and then so little that hardly any work is left. */
static void own_times(uint64_t *r, struct calendar *c)
{
    bool any = one_in(r, 2);
    for (size_t i = 0; i < c->person_count; i++)
        for (size_t k = 0; k < c->service_count; k++) {
            struct visit_service own = c->services[k];
            int minutes = (int)(one_in(r, 2) ? between(r, 1, 240) : between(r, 1, 30) * 5);
            if (any && one_in(r, 2) && visit_service_resize(&own, minutes))
                c->persons[i].minutes[k] = minutes;
        }
}

/* ---- the rules ---- */

static void rules(uint64_t *r, struct calendar *c, int64_t near_s)
{
    static const int steps[] = {5, 10, 15, 15, 20, 30, 30, 45, 60, 7};
    c->step_min = steps[between(r, 0, sizeof steps / sizeof *steps - 1)];
    c->now_s = one_in(r, 3) ? near_s + between(r, -86400, 86400) : INT64_MIN;
    c->earliest_s = one_in(r, 3) ? near_s + between(r, -86400, 2 * 86400) : INT64_MIN;
    c->horizon_date = one_in(r, 5) ? c->first_date + between(r, -1, 2) : INT64_MAX;
    c->out_of_stock = one_in(r, 20);
    if (one_in(r, 4)) {
        int64_t from = c->first_date + between(r, -1, 2);
        c->closures[c->closure_count++] = (struct date_range){from, from + between(r, 0, 1)};
    }
}

void calendar_make(struct calendar *ret, uint64_t seed, const struct tz *tz, int64_t near_s)
{
    uint64_t state = seed, *r = &state;
    *ret = (struct calendar){.seed = seed, .tz = tz};
    ret->first_date = tz_date(tz, near_s) - between(r, 0, 1);
    ret->last_date = ret->first_date + between(r, 1, 2);
    rules(r, ret, near_s);
    week_hours(r, &ret->weekly);
    int64_t from = minute_of(near_s) - 2 * SECONDS_PER_DAY;
    ret->person_count = one_in(r, 30) ? 0 : (size_t)between(r, 1, PERSONS_MAX);
    for (size_t i = 0; i < ret->person_count; i++) {
        struct cal_person *p = &ret->persons[i];
        p->id = 10 + (int64_t)i;
        week_hours(r, &p->weekly);
        leaves(r, &p->leave, from);
        holds(r, &p->busy, from);
    }
    ret->thing_count = (size_t)between(r, 0, THINGS_MAX);
    for (size_t i = 0; i < ret->thing_count; i++) {
        ret->things[i].id = 1000 + (int64_t)i;
        holds(r, &ret->things[i].busy, from);
    }
    visit(r, ret);
    own_times(r, ret);
}
