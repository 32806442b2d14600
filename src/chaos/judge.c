/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* judge: the day in the orders that the judges ask for, then one judge after the other. See
 * judge.h, and judge_parts.h for what is legal. */
#include "base/civil.h"
#include "chaos/judge_parts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_id(const void *a, const void *b)
{
    const struct day_booking *x = *(const struct day_booking *const *)a;
    const struct day_booking *y = *(const struct day_booking *const *)b;
    return order(x->id, y->id);
}

static int by_key(const void *a, const void *b)
{
    const struct day_booking *x = *(const struct day_booking *const *)a;
    const struct day_booking *y = *(const struct day_booking *const *)b;
    return x->key != y->key ? order(x->key, y->key) : order(x->id, y->id);
}

static int of_booking(const void *a, const void *b)
{
    const struct day_op *x = *(const struct day_op *const *)a;
    const struct day_op *y = *(const struct day_op *const *)b;
    if (x->booking != y->booking)
        return order(x->booking, y->booking);
    return x->began != y->began ? order(x->began, y->began) : (x > y) - (x < y);
}

static int of_key(const void *a, const void *b)
{
    const struct day_op *x = *(const struct day_op *const *)a;
    const struct day_op *y = *(const struct day_op *const *)b;
    if (x->key != y->key)
        return order(x->key, y->key);
    return x->began != y->began ? order(x->began, y->began) : (x > y) - (x < y);
}

static int by_moment(const void *a, const void *b)
{
    return order(*(const int64_t *)a, *(const int64_t *)b);
}

static void *rows_for(size_t count)
{
    void *rows = calloc(count ? count : 1, sizeof(int64_t)); /* or of pointers */
    assert(rows); /* a day that fits into memory and its index does not: there is no verdict */
    return rows;
}

static void open_court(struct court *c)
{
    const struct day *d = c->d;
    const struct day_booking *booking = day_rows(&d->bookings);
    const struct day_op *op = day_rows(&d->ops);
    c->ended_s = d->began_s + d->length / 1000;
    c->bookings = d->bookings.count;
    c->by_id = rows_for(c->bookings);
    c->by_key = rows_for(c->bookings);
    for (size_t i = 0; i < c->bookings; i++)
        c->by_id[i] = c->by_key[i] = booking + i;
    qsort(c->by_id, c->bookings, sizeof *c->by_id, by_id);
    qsort(c->by_key, c->bookings, sizeof *c->by_key, by_key);
    c->of_booking = rows_for(d->ops.count);
    c->of_key = rows_for(d->ops.count);
    for (size_t i = 0; i < d->ops.count; i++) {
        if (op[i].booking)
            c->of_booking[c->of_booking_count++] = op + i;
        if (op[i].verb == DAY_BOOK && op[i].key)
            c->of_key[c->of_key_count++] = op + i;
    }
    qsort(c->of_booking, c->of_booking_count, sizeof *c->of_booking, of_booking);
    qsort(c->of_key, c->of_key_count, sizeof *c->of_key, of_key);
    c->scratch = rows_for(c->of_booking_count);
    const struct day_event *event = day_rows(&d->events);
    c->kill = rows_for(d->events.count);
    c->ready = rows_for(d->events.count);
    for (size_t i = 0; i < d->events.count; i++)
        if (event[i].fault == DAY_KILL_SERVER)
            c->kill[c->kills++] = event[i].at;
        else if (event[i].fault == DAY_READY)
            c->ready[c->readies++] = event[i].at;
    qsort(c->kill, c->kills, sizeof *c->kill, by_moment);
    qsort(c->ready, c->readies, sizeof *c->ready, by_moment);
}

static void close_court(struct court *c)
{
    free(c->by_id);
    free(c->by_key);
    free(c->of_booking);
    free(c->of_key);
    free(c->scratch);
    free(c->kill);
    free(c->ready);
}

/* ---- what the judges ask ---- */

struct judgement *court_ask(struct court *c, const char *name, const char *question)
{
    assert(c->v->count < JUDGES_MAX);
    struct judgement *j = &c->v->judgement[c->v->count++];
    *j = (struct judgement){.name = name, .question = question};
    return j;
}

void court_skip(struct judgement *j, const char *why)
{
    j->skipped = true;
    j->why_skipped = why;
}

void court_found(struct court *c, struct judgement *j, const char *fmt, ...)
{
    j->findings++;
    if (j->told < FINDINGS_SHOWN_MAX) {
        char words[1000];
        va_list ap;
        va_start(ap, fmt);
        vsnprintf(words, sizeof words, fmt, ap);
        va_end(ap);
        j->finding[j->told++] = str_copy(c->a, str_of(words));
    }
    arena_reset(c->words);
}

const char *court_moment(struct court *c, int64_t at_ms)
{
    return arena_printf(c->words, "%" PRId64 ":%02d.%03d", at_ms / 60000, (int)(at_ms / 1000 % 60),
                        (int)(at_ms % 1000));
}

const char *court_instant(struct court *c, int64_t s)
{
    char text[INSTANT_TEXT];
    instant_format(s, text);
    return arena_printf(c->words, "%.10s %.*s UTC", text, s % 60 ? 8 : 5, text + 11);
}

const struct day_booking *court_booking(const struct court *c, int64_t id)
{
    size_t low = 0, high = c->bookings;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->by_id[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->bookings && c->by_id[low]->id == id ? c->by_id[low] : NULL;
}

bool court_has_key(const struct court *c, uint32_t key)
{
    size_t low = 0, high = c->bookings;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->by_key[middle]->key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->bookings && c->by_key[low]->key == key;
}

/* The first that is not before `ms`, or INT64_MAX. */
static int64_t first_from(const int64_t *moment, size_t count, int64_t ms)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (moment[middle] < ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count ? moment[low] : INT64_MAX;
}

bool court_is_dead_by(const struct court *c, const struct day_op *op, int64_t ms)
{
    int64_t kill = first_from(c->kill, c->kills, op->began);
    if (kill == INT64_MAX)
        return false;
    return first_from(c->ready, c->readies, kill > op->ended ? kill : op->ended) <= ms;
}

/* Of services, people and items there are few. */
const struct day_service *court_service(const struct court *c, int64_t id)
{
    const struct day_service *service = day_rows(&c->d->services);
    for (size_t i = 0; i < c->d->services.count; i++)
        if (service[i].id == id)
            return service + i;
    return NULL;
}

const char *court_person(const struct court *c, int64_t id)
{
    const struct day_person *person = day_rows(&c->d->people);
    for (size_t i = 0; i < c->d->people.count; i++)
        if (person[i].id == id && person[i].name.len)
            return str_z(c->words, person[i].name);
    return arena_printf(c->words, "person %" PRId64, id);
}

struct calls court_same_booking(const struct court *c, size_t from)
{
    size_t to = from;
    while (to < c->of_booking_count && c->of_booking[to]->booking == c->of_booking[from]->booking)
        to++;
    return (struct calls){c->of_booking + from, to - from};
}

struct calls court_same_key(const struct court *c, size_t from)
{
    size_t to = from;
    while (to < c->of_key_count && c->of_key[to]->key == c->of_key[from]->key)
        to++;
    return (struct calls){c->of_key + from, to - from};
}

struct calls court_calls_of_booking(const struct court *c, int64_t booking)
{
    size_t low = 0, high = c->of_booking_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->of_booking[middle]->booking < booking)
            low = middle + 1;
        else
            high = middle;
    }
    bool there = low < c->of_booking_count && c->of_booking[low]->booking == booking;
    return there ? court_same_booking(c, low) : (struct calls){0};
}

struct calls court_calls_of_key(const struct court *c, uint32_t key)
{
    size_t low = 0, high = c->of_key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->of_key[middle]->key < key)
            low = middle + 1;
        else
            high = middle;
    }
    bool there = low < c->of_key_count && c->of_key[low]->key == key;
    return there ? court_same_key(c, low) : (struct calls){0};
}

bool court_changes(const struct day_op *op)
{
    switch (op->verb) {
    case DAY_BOOK:
    case DAY_MOVE:
    case DAY_CANCEL:
    case DAY_RESTORE:
    case DAY_CORRECT:
    case DAY_CONFIRM:
    case DAY_COMPLETE:
    case DAY_NO_SHOW: return true;
    case DAY_STOCK:
    case DAY_AWAY:
    case DAY_READ:
    case DAY_VERBS: break;
    }
    return false;
}

/* ---- the verdict ---- */

static void count_calls(struct court *c)
{
    const struct day_op *op = day_rows(&c->d->ops);
    for (size_t i = 0; i < c->d->ops.count; i++) {
        if (op[i].verb == DAY_READ)
            continue;
        c->v->acknowledged += op[i].outcome == DAY_ACKNOWLEDGED;
        c->v->refused += op[i].outcome == DAY_REFUSED;
        c->v->unknown += op[i].outcome == DAY_UNKNOWN;
    }
}

static void doubt(struct verdict *v, const char *why)
{
    assert(v->why_not_count < sizeof v->why_not / sizeof *v->why_not);
    v->why_not[v->why_not_count++] = why;
}

static void conclude(struct court *c)
{
    struct verdict *v = c->v;
    int64_t findings = 0;
    if (!c->d->all_read)
        doubt(v, "What the system holds at the end could not be read to its end.");
    if (day_overflowed(c->d))
        doubt(v, "More happened than could be written down.");
    for (size_t i = 0; i < v->count; i++) {
        const struct judgement *j = &v->judgement[i];
        findings += j->findings;
        if (j->essential && !j->skipped && j->looked_at == 0)
            doubt(v, arena_printf(c->a, "The judge \"%s\" had nothing to look at.", j->name));
        if (j->essential && j->skipped)
            doubt(v, arena_printf(c->a, "The judge \"%s\" could not judge.", j->name));
    }
    v->holds = findings == 0 && v->why_not_count == 0;
}

double judge_bound(int64_t looked_at)
{
    return looked_at <= 3 ? 1.0 : 3.0 / (double)looked_at;
}

/* A half-read end would be full of things that only seem to be gone. */
static void only_of_the_end(struct court *c, void (*judge)(struct court *))
{
    size_t at = c->v->count;
    if (c->d->all_read) {
        judge(c);
        return;
    }
    struct verdict aside = {0};
    struct court other = *c;
    other.v = &aside;
    judge(&other);
    assert(aside.count == 1);
    struct judgement *j = &c->v->judgement[at];
    *j = (struct judgement){.name = aside.judgement[0].name,
                            .question = aside.judgement[0].question,
                            .essential = aside.judgement[0].essential};
    court_skip(j, "what the system holds at the end was not read to its end");
    c->v->count++;
    c->v->acknowledged_bookings += aside.acknowledged_bookings;
}

void judge_day(const struct day *d, struct arena *a, struct verdict *ret)
{
    *ret = (struct verdict){0};
    struct arena words;
    arena_init(&words, ARENA_DEFAULT_LIMIT);
    struct court c = {.d = d, .a = a, .words = &words, .v = ret};
    open_court(&c);
    count_calls(&c);
    only_of_the_end(&c, judge_acked);
    only_of_the_end(&c, judge_nothing_extra);
    judge_same_answer(&c);
    only_of_the_end(&c, judge_overlap);
    only_of_the_end(&c, judge_away);
    only_of_the_end(&c, judge_winners);
    only_of_the_end(&c, judge_ledger);
    only_of_the_end(&c, judge_reserved);
    only_of_the_end(&c, judge_confirmed);
    judge_private(&c);
    judge_ready(&c);
    judge_injected(&c);
    conclude(&c);
    close_court(&c);
    arena_done(&words);
}
