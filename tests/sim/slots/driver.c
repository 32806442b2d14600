/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * driver: asks the slots of the program about random calendars and prints, a JSON object a line,
 * what was asked and what was answered. reference.py works the answers out in its own way.
 *
 *     slots_driver SEED ROUNDS SHARD SHARDS ZONE ...
 *
 * Each zone is asked ROUNDS times round every change of offset from 2024 to 2037, or, where there
 * are few, round random instants. Of all questions this process takes those whose number leaves
 * SHARD when divided by SHARDS. On the way it holds the answers against each other: a day's starts
 * with and without `explain`, and every start judged alone.
 */
#include "calendar.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_LIMIT = 4 * 1024 * 1024, DAYS_MAX = 4, QUIET_INSTANTS = 8 };

struct driver {
    struct arena arena;
    struct buf line;
    uint64_t seed;
    int64_t number, shard, shards;
};

static void fail(const struct calendar *c, const char *what, int64_t at_s)
{
    fprintf(stderr, "slots_driver: seed %llu zone %s at %lld: %s\n", (unsigned long long)c->seed,
            tz_name(c->tz), (long long)at_s, what);
    exit(1);
}

/* ---- asking ---- */

/* The visit as the person does it; NULL where they take the services' own time. */
static const struct visit_shape *own_shape(struct arena *a, const struct calendar *c,
                                           const struct cal_person *p)
{
    struct visit_service services[SERVICES_MAX];
    bool own = false;
    for (size_t i = 0; i < c->service_count; i++) {
        services[i] = c->services[i];
        if (!p->minutes[i])
            continue;
        own = true;
        if (!visit_service_resize(&services[i], p->minutes[i]))
            fail(c, "a time that fitted does not fit", 0);
    }
    struct visit_shape *shape = arena_new(a, struct visit_shape);
    visit_shape_of(services, c->service_count, shape);
    return own ? shape : NULL;
}

/* What the program's own caller does: hours laid out and widened, leave taken off. */
static struct slot_rules rules_of(struct arena *a, const struct calendar *c)
{
    struct person *persons = arena_new_array(a, c->person_count, struct person);
    struct thing *things = arena_new_array(a, c->thing_count, struct thing);
    int64_t first = c->first_date - 3, last = c->last_date + 3;
    for (size_t i = 0; i < c->person_count; i++) {
        const struct cal_person *p = &c->persons[i];
        struct spans open =
            hours_open(a, c->tz, first, last, p->weekly.items, p->weekly.count, NULL, 0);
        struct spans leave = spans_normalise(a, p->leave.items, p->leave.count);
        persons[i] = (struct person){
            .id = p->id,
            .open = spans_subtract(a, open, leave),
            .busy = {p->busy.count, p->busy.items},
            .shape = own_shape(a, c, p),
        };
    }
    for (size_t i = 0; i < c->thing_count; i++)
        things[i] =
            (struct thing){c->things[i].id, {c->things[i].busy.count, c->things[i].busy.items}};
    return (struct slot_rules){
        .tz = c->tz,
        .step_min = c->step_min,
        .now_s = c->now_s,
        .earliest_s = c->earliest_s,
        .last_date = c->horizon_date,
        .business_open = hours_open(a, c->tz, first, last, c->weekly.items, c->weekly.count,
                                    c->closures, c->closure_count),
        .person_count = c->person_count,
        .persons = persons,
        .thing_count = c->thing_count,
        .things = things,
        .out_of_stock = c->out_of_stock,
    };
}

static bool same(const struct slot *x, const struct slot *y)
{
    if (x->start_s != y->start_s || x->reason != y->reason || x->staff_count != y->staff_count)
        return false;
    for (size_t i = 0; i < x->staff_count; i++)
        if (x->staff_ids[i] != y->staff_ids[i])
            return false;
    return true;
}

/* Starts judged one by one: on the grid as in their day, off it never offered. */
static void check_alone(struct arena *a, const struct calendar *c, const struct slot_rules *rules,
                        const struct visit_shape *shape, const struct slot_day *day)
{
    for (size_t i = 0; i < day->count; i++) {
        struct slot alone;
        const struct slot *in_day = &day->slots[i];
        (void)slot_judge(a, rules, shape, in_day->start_s, JUDGE_ALL, &alone);
        if (!same(&alone, in_day))
            fail(c, "judged alone it is another slot", in_day->start_s);
        if (in_day->reason == SLOT_OK) {
            int64_t chosen = slot_choose(rules, shape, in_day);
            bool named = false;
            for (size_t k = 0; k < in_day->staff_count; k++)
                named = named || in_day->staff_ids[k] == chosen;
            if (!named)
                fail(c, "somebody was chosen who is not free", in_day->start_s);
        }
        enum slot_reason off = slot_judge(a, rules, shape, in_day->start_s + 60, JUDGE_ALL, &alone);
        bool next_day = in_day->start_s + 60 >= tz_day_end(c->tz, day->date);
        if (!next_day && off != SLOT_OFF_GRID)
            fail(c, "a start beside the grid is judged as if on it", in_day->start_s);
    }
}

/* Without `explain` the same offers, and nothing else. */
static void check_plain(const struct calendar *c, const struct slot_day *explained,
                        const struct slot_day *plain)
{
    size_t n = 0;
    for (size_t i = 0; i < explained->count; i++) {
        const struct slot *s = &explained->slots[i];
        if (s->reason != SLOT_OK)
            continue;
        if (n == plain->count || !same(s, &plain->slots[n++]))
            fail(c, "offered only when explained", s->start_s);
    }
    if (n != plain->count || plain->reason != explained->reason)
        fail(c, "the plain answer is another", tz_day_start(c->tz, plain->date));
}

/* ---- writing ---- */

static void put_weekly(struct buf *b, const struct weekly_list *w)
{
    buf_byte(b, '[');
    for (size_t i = 0; i < w->count; i++)
        buf_printf(b, "%s[%d,%d,%d]", i ? "," : "", w->items[i].weekday, w->items[i].start_min,
                   w->items[i].end_min);
    buf_byte(b, ']');
}

/* Seconds; the reference checks that they are whole minutes. */
static void put_spans(struct buf *b, const struct span_list *l)
{
    buf_byte(b, '[');
    for (size_t i = 0; i < l->count; i++)
        buf_printf(b, "%s[%lld,%lld]", i ? "," : "", (long long)l->items[i].from_s,
                   (long long)l->items[i].to_s);
    buf_byte(b, ']');
}

static void put_service(struct buf *b, const struct visit_service *s)
{
    buf_printf(b, "{\"duration\":%d,\"before\":%d,\"after\":%d,\"segments\":[", s->duration_min,
               s->buffer_before_min, s->buffer_after_min);
    for (size_t i = 0; i < s->segment_count; i++)
        buf_printf(b, "%s[%s,%d]", i ? "," : "", s->segments[i].processing ? "true" : "false",
                   s->segments[i].minutes);
    buf_z(b, "],\"needs\":[");
    for (size_t i = 0; i < s->need_count; i++) {
        buf_z(b, i ? ",[" : "[");
        for (size_t k = 0; k < s->needs[i].count; k++)
            buf_printf(b, "%s%lld", k ? "," : "", (long long)s->needs[i].any_of[k]);
        buf_byte(b, ']');
    }
    buf_z(b, "]}");
}

/* A limit that is not set is null. */
static void put_limit(struct buf *b, const char *name, int64_t v)
{
    if (v == INT64_MIN || v == INT64_MAX)
        buf_printf(b, ",\"%s\":null", name);
    else
        buf_printf(b, ",\"%s\":%lld", name, (long long)v);
}

static void put_question(struct buf *b, const struct calendar *c)
{
    buf_printf(b, "{\"seed\":\"%llu\",\"zone\":\"%s\",\"first\":%lld,\"last\":%lld,\"step\":%d",
               (unsigned long long)c->seed, tz_name(c->tz), (long long)c->first_date,
               (long long)c->last_date, c->step_min);
    put_limit(b, "now", c->now_s);
    put_limit(b, "earliest", c->earliest_s);
    put_limit(b, "horizon", c->horizon_date);
    buf_printf(b, ",\"out_of_stock\":%s,\"weekly\":", c->out_of_stock ? "true" : "false");
    put_weekly(b, &c->weekly);
    buf_z(b, ",\"closures\":[");
    for (size_t i = 0; i < c->closure_count; i++)
        buf_printf(b, "%s[%lld,%lld]", i ? "," : "", (long long)c->closures[i].from,
                   (long long)c->closures[i].to);
    buf_z(b, "],\"persons\":[");
    for (size_t i = 0; i < c->person_count; i++) {
        buf_printf(b, "%s{\"id\":%lld,\"weekly\":", i ? "," : "", (long long)c->persons[i].id);
        put_weekly(b, &c->persons[i].weekly);
        buf_z(b, ",\"leave\":");
        put_spans(b, &c->persons[i].leave);
        buf_z(b, ",\"busy\":");
        put_spans(b, &c->persons[i].busy);
        buf_z(b, ",\"minutes\":[");
        for (size_t k = 0; k < c->service_count; k++)
            buf_printf(b, "%s%d", k ? "," : "", c->persons[i].minutes[k]);
        buf_z(b, "]}");
    }
    buf_z(b, "],\"things\":[");
    for (size_t i = 0; i < c->thing_count; i++) {
        buf_printf(b, "%s{\"id\":%lld,\"busy\":", i ? "," : "", (long long)c->things[i].id);
        put_spans(b, &c->things[i].busy);
        buf_byte(b, '}');
    }
    buf_z(b, "],\"services\":[");
    for (size_t i = 0; i < c->service_count; i++) {
        buf_z(b, i ? "," : "");
        put_service(b, &c->services[i]);
    }
    buf_byte(b, ']');
}

static void put_answer(struct buf *b, const struct calendar *c, const struct slot_day *days)
{
    buf_z(b, ",\"days\":[");
    for (int64_t d = 0; d <= c->last_date - c->first_date; d++) {
        buf_printf(b, "%s{\"date\":%lld,\"reason\":\"%s\",\"slots\":[", d ? "," : "",
                   (long long)days[d].date, slot_reason_codes[days[d].reason]);
        for (size_t i = 0; i < days[d].count; i++) {
            const struct slot *s = &days[d].slots[i];
            buf_printf(b, "%s[%lld,\"%s\",[", i ? "," : "", (long long)s->start_s,
                       slot_reason_codes[s->reason]);
            for (size_t k = 0; k < s->staff_count; k++)
                buf_printf(b, "%s%lld", k ? "," : "", (long long)s->staff_ids[k]);
            buf_z(b, "]]");
        }
        buf_z(b, "]}");
    }
    buf_z(b, "]}\n");
}

/* ---- all questions ---- */

static void ask(struct driver *d, const struct tz *tz, int64_t near_s)
{
    struct calendar c;
    struct visit_shape shape;
    struct slot_day explained[DAYS_MAX], plain[DAYS_MAX];
    if (d->number++ % d->shards != d->shard)
        return;
    calendar_make(&c, d->seed + (uint64_t)d->number, tz, near_s);
    struct slot_rules rules = rules_of(&d->arena, &c);
    visit_shape_of(c.services, c.service_count, &shape);
    slots_days(&d->arena, &rules, &shape, c.first_date, c.last_date, true, explained);
    slots_days(&d->arena, &rules, &shape, c.first_date, c.last_date, false, plain);
    for (int64_t i = 0; i <= c.last_date - c.first_date; i++) {
        check_plain(&c, &explained[i], &plain[i]);
        check_alone(&d->arena, &c, &rules, &shape, &explained[i]);
    }
    put_question(&d->line, &c);
    put_answer(&d->line, &c, explained);
    if (d->line.overflow || fwrite(d->line.ptr, 1, d->line.len, stdout) != d->line.len)
        fail(&c, "cannot print", near_s);
    buf_reset(&d->line);
    arena_reset(&d->arena);
}

static void ask_zone(struct driver *d, const char *name, int64_t rounds)
{
    const int64_t from = civil_to_days((struct civil){2024, 1, 1}) * SECONDS_PER_DAY;
    const int64_t to = civil_to_days((struct civil){2038, 1, 1}) * SECONDS_PER_DAY;
    const struct tz *tz = tz_find(str_of(name));
    if (!tz) {
        fprintf(stderr, "slots_driver: no zone %s\n", name);
        exit(1);
    }
    for (int64_t round = 0; round < rounds; round++) {
        int64_t changes = 0;
        for (int64_t t = tz_next_change(tz, from); t < to; t = tz_next_change(tz, t), changes++)
            ask(d, tz, t);
        for (int64_t i = changes; i < QUIET_INSTANTS; i++)
            ask(d, tz, from + (to - from) / QUIET_INSTANTS * i + (round * 7919 + i * 101) * 60);
    }
}

static int64_t number(const char *text)
{
    int64_t v = 0;
    if (!str_int(str_of(text), &v)) {
        fprintf(stderr, "slots_driver: not a number: %s\n", text);
        exit(2);
    }
    return v;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: slots_driver SEED ROUNDS SHARD SHARDS ZONE ...\n");
        return 2;
    }
    struct driver d = {
        .seed = (uint64_t)number(argv[1]),
        .shard = number(argv[3]),
        .shards = number(argv[4]),
    };
    arena_init(&d.arena, ARENA_DEFAULT_LIMIT);
    buf_init(&d.line, LINE_LIMIT);
    for (int i = 5; i < argc; i++)
        ask_zone(&d, argv[i], number(argv[2]));
    arena_done(&d.arena);
    buf_done(&d.line);
    return fflush(stdout) == 0 ? 0 : 1;
}
