/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * judge_overlap: no person is in two visits at once. The stretches in which a visit needs its
 * person, buffers included and processing time left out, are sorted by person and start, and swept
 * once. They are half-open: one may begin where another ends.
 */
#include "chaos/judge_parts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

enum { STRETCHES_OF_A_VISIT = 10 }; /* eight segments and two buffers */

struct stretch {
    int64_t person;
    int64_t from_s, to_s;
    const struct day_booking *visit;
};

/* A cancellation and a no-show free the time; a completed visit keeps it. */
static bool holds_time(const struct day_booking *b)
{
    return str_is(b->status, "pending") || str_is(b->status, "confirmed") ||
           str_is(b->status, "completed");
}

static size_t add(struct stretch *to, const struct day_booking *b, int64_t from_s, int64_t to_s)
{
    if (from_s >= to_s)
        return 0;
    *to = (struct stretch){b->staff, from_s, to_s, b};
    return 1;
}

/* A visit that was made longer or shorter has the difference in its last work. */
static int last_work(const struct day_service *s)
{
    int last = s->segments - 1;
    while (last >= 0 && !s->segment[last].work)
        last--;
    return last;
}

static size_t stretches_of(const struct court *c, const struct day_booking *b, struct stretch *to)
{
    const struct day_service *s = court_service(c, b->service);
    int last = s ? last_work(s) : -1;
    if (!s || last < 0) {
        int before = s ? s->before_s : 0, after = s ? s->after_s : 0;
        return add(to, b, b->start_s - before, b->end_s + after);
    }
    int64_t planned = 0;
    for (int i = 0; i < s->segments; i++)
        planned += s->segment[i].length_s;
    int64_t more = b->end_s - b->start_s - planned;
    size_t n = add(to, b, b->start_s - s->before_s, b->start_s);
    int64_t at = b->start_s;
    for (int i = 0; i < s->segments; i++) {
        int64_t end = at + s->segment[i].length_s + (i == last ? more : 0);
        if (s->segment[i].work)
            n += add(to + n, b, at, end);
        at = end;
    }
    n += add(to + n, b, b->end_s, b->end_s + s->after_s);
    return n;
}

static int by_person_and_start(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    if (x->from_s != y->from_s)
        return x->from_s < y->from_s ? -1 : 1;
    return (x->visit > y->visit) - (x->visit < y->visit);
}

/* The same two visits may meet in more than one stretch. */
static bool same_two(const struct day_booking *const *told, const struct day_booking *a,
                     const struct day_booking *b)
{
    return (told[0] == a && told[1] == b) || (told[0] == b && told[1] == a);
}

static void sweep(struct court *c, struct judgement *j, const struct stretch *s, size_t count)
{
    const struct stretch *open = NULL; /* of this person, the one that ends last */
    const struct day_booking *told[2] = {NULL, NULL};
    for (size_t i = 0; i < count; i++) {
        if (open && open->person == s[i].person && open->to_s > s[i].from_s &&
            open->visit != s[i].visit && !same_two(told, open->visit, s[i].visit)) {
            told[0] = open->visit;
            told[1] = s[i].visit;
            c->v->doubled++;
            court_found(c, j,
                        "%s is in two visits at once at %s: bookings %" PRId64 " and %" PRId64
                        " (keys %" PRIu32 " and %" PRIu32 ").",
                        court_person(c, s[i].person), court_instant(c, s[i].from_s),
                        open->visit->id, s[i].visit->id, open->visit->key, s[i].visit->key);
        }
        if (!open || open->person != s[i].person || s[i].to_s > open->to_s)
            open = s + i;
    }
}

void judge_overlap(struct court *c)
{
    struct judgement *j =
        court_ask(c, "overlap", "Is nobody in two visits at once, preparation included?");
    j->essential = true;
    struct stretch *s = calloc(c->bookings * STRETCHES_OF_A_VISIT + 1, sizeof *s);
    assert(s);
    size_t count = 0;
    for (size_t i = 0; i < c->bookings; i++) {
        if (!holds_time(c->by_id[i]) || c->by_id[i]->staff == 0)
            continue;
        j->looked_at++;
        count += stretches_of(c, c->by_id[i], s + count);
    }
    qsort(s, count, sizeof *s, by_person_and_start);
    sweep(c, j, s, count);
    free(s);
}
