/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* spans: lists of intervals, and weekly hours laid out in them. See slots.h. */
#include "diary/slots.h"

#include <assert.h>
#include <stdlib.h>

enum { HOURS_DAYS_MAX = 400, SEEK_STEPS = 4 };

static int by_start(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

struct spans spans_normalise(struct arena *a, const struct span *items, size_t count)
{
    struct span *sorted = arena_new_array(a, count, struct span);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (items[i].from_s < items[i].to_s)
            sorted[n++] = items[i];
    if (n > 0)
        qsort(sorted, n, sizeof *sorted, by_start);
    size_t joined = 0;
    for (size_t i = 0; i < n; i++) {
        struct span *last = joined ? &sorted[joined - 1] : NULL;
        if (!last || sorted[i].from_s > last->to_s)
            sorted[joined++] = sorted[i];
        else if (sorted[i].to_s > last->to_s)
            last->to_s = sorted[i].to_s;
    }
    return (struct spans){joined, sorted};
}

struct spans spans_subtract(struct arena *a, struct spans s, struct spans without)
{
    /* Each hole cuts at most one span in two. */
    struct span *left = arena_new_array(a, s.count + without.count, struct span);
    size_t n = 0, hole = 0;
    for (size_t i = 0; i < s.count; i++) {
        struct span rest = s.items[i];
        while (hole < without.count && without.items[hole].to_s <= rest.from_s)
            hole++;
        /* A hole may reach into the next span too, so the one that ends last is kept. */
        for (; hole < without.count && without.items[hole].from_s < rest.to_s; hole++) {
            const struct span *h = &without.items[hole];
            if (h->from_s > rest.from_s)
                left[n++] = (struct span){rest.from_s, h->from_s};
            rest.from_s = h->to_s;
            if (rest.from_s >= rest.to_s)
                break;
        }
        if (rest.from_s < rest.to_s)
            left[n++] = rest;
    }
    return (struct spans){n, left};
}

size_t spans_seek(struct spans s, size_t hint, int64_t at_s)
{
    size_t low = 0, high = s.count;
    if (hint <= s.count && (hint == 0 || s.items[hint - 1].to_s <= at_s)) {
        low = hint;
        for (int step = 0; step < SEEK_STEPS; step++, low++)
            if (low == s.count || s.items[low].to_s > at_s)
                return low;
    }
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s.items[mid].to_s <= at_s)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool spans_cover(struct spans s, int64_t from_s, int64_t to_s)
{
    size_t i = spans_seek(s, 0, from_s);
    return i < s.count && s.items[i].from_s <= from_s && to_s <= s.items[i].to_s;
}

bool spans_touch(struct spans s, int64_t from_s, int64_t to_s)
{
    size_t i = spans_seek(s, 0, from_s);
    return i < s.count && s.items[i].from_s < to_s;
}

static bool in_ranges(const struct date_range *ranges, size_t count, int64_t date)
{
    for (size_t i = 0; i < count; i++)
        if (ranges[i].from <= date && date <= ranges[i].to)
            return true;
    return false;
}

struct spans hours_open(struct arena *a, const struct tz *tz, int64_t first, int64_t last,
                        const struct weekly_span *weekly, size_t weekly_count,
                        const struct date_range *closures, size_t closure_count)
{
    if (last < first || weekly_count == 0)
        return (struct spans){0};
    assert(last - first < HOURS_DAYS_MAX);
    /* A weekday occurs at most once more often than there are whole weeks. */
    size_t most = (size_t)((last - first + 1) / 7 + 1) * weekly_count;
    struct span *open = arena_new_array(a, most, struct span);
    size_t n = 0;
    for (int64_t date = first; date <= last; date++) {
        if (in_ranges(closures, closure_count, date))
            continue;
        int weekday = civil_weekday(date);
        for (size_t i = 0; i < weekly_count; i++) {
            const struct weekly_span *w = &weekly[i];
            if (w->weekday == weekday &&
                tz_span(tz, date, w->start_min, w->end_min, &open[n].from_s, &open[n].to_s))
                n++;
        }
    }
    assert(n <= most);
    return spans_normalise(a, open, n);
}
