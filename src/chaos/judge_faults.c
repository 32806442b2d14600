/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* judge_faults: nobody was shown what is another's, the way back was short, and something was done
 * to the system at all. */
#include "chaos/judge_parts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

void judge_private(struct court *c)
{
    struct judgement *j = court_ask(c, "private", "Was nobody shown anything of somebody else?");
    const struct day_leak *leak = day_rows(&c->d->leaks);
    j->looked_at = c->d->answers_searched;
    for (size_t i = 0; i < c->d->leaks.count; i++)
        court_found(c, j, "At %s " STR_FMT " was shown to " STR_FMT " in " STR_FMT ".",
                    court_moment(c, leak[i].at), STR_ARG(leak[i].whose), STR_ARG(leak[i].shown_to),
                    STR_ARG(leak[i].where));
    if (j->looked_at == 0)
        court_skip(j, "no answer was searched");
}

static int rising(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The nearest rank: at least `percent` of all are no longer than this. */
static int64_t percentile(const int64_t *sorted, size_t count, size_t percent)
{
    size_t rank = (count * percent + 99) / 100;
    return sorted[rank ? rank - 1 : 0];
}

void judge_ready(struct court *c)
{
    const char *question = "Was it answering again within a second after it was killed?";
    if (c->d->ready_within_ms != DAY_READY_WITHIN_MS)
        question =
            arena_printf(c->a, "Was it answering again within %" PRId64 " ms after it was killed?",
                         c->d->ready_within_ms);
    struct judgement *j = court_ask(c, "ready", question);
    const struct day_event *event = day_rows(&c->d->events);
    int64_t *took = calloc(c->d->events.count + 1, sizeof *took);
    assert(took);
    size_t count = 0;
    bool waiting = false;
    for (size_t i = 0; i < c->d->events.count; i++) {
        /* A database that does not come back ends the day: then nothing can be read. */
        if (event[i].fault == DAY_KILL_SERVER)
            waiting = true;
        if (event[i].fault != DAY_READY)
            continue;
        waiting = false;
        took[count++] = event[i].took;
    }
    j->looked_at = (int64_t)count;
    if (waiting)
        court_found(c, j, "After the last kill it did not answer any more.");
    if (count) {
        qsort(took, count, sizeof *took, rising);
        c->v->ready_p50 = percentile(took, count, 50);
        c->v->ready_p99 = percentile(took, count, 99);
        c->v->ready_max = took[count - 1];
        if (c->v->ready_p99 > c->d->ready_within_ms)
            court_found(c, j,
                        "At the 99th percentile of %zu restarts it took %" PRId64
                        " ms until it answered again.",
                        count, c->v->ready_p99);
    } else if (!waiting)
        court_skip(j, "nothing was killed");
    free(took);
}

void judge_injected(struct court *c)
{
    struct judgement *j = court_ask(c, "injected", "Was anything done to the system?");
    int64_t kills = day_injected(c->d, DAY_KILL_SERVER) + day_injected(c->d, DAY_KILL_DATABASE);
    j->looked_at = day_injected_all(c->d);
    j->essential = true;
    if (j->looked_at == 0)
        court_found(c, j, "Nothing was done to the system, so a good day says nothing.");
    else if (c->d->kills_wanted > 0 && kills == 0)
        court_found(c, j, "%d kills were wanted and none was made.", c->d->kills_wanted);
}
