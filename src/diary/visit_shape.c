/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_shape: services in a row → what the visit holds, and when. See slots.h. */
#include "diary/slots.h"

#include "base/seeded.h"

#include <assert.h>

enum { MINUTE_S = 60 };

/* The person is held from `from_s` to `to_s`, right after what was added before or later. */
static void hold_person(struct visit_shape *v, int64_t from_s, int64_t to_s)
{
    if (from_s == to_s)
        return;
    struct span *last = v->work_count ? &v->work[v->work_count - 1] : NULL;
    if (last && last->to_s == from_s) {
        last->to_s = to_s;
        return;
    }
    assert(v->work_count < VISIT_WORK_MAX);
    v->work[v->work_count++] = (struct span){from_s, to_s};
}

/* Adds one service's work from `at_s` on; returns its end. */
static int64_t add_segments(struct visit_shape *v, const struct visit_service *s, int64_t at_s)
{
    assert(s->duration_min >= 1);
    int64_t end = at_s + (int64_t)s->duration_min * MINUTE_S;
    if (s->segment_count == 0) {
        hold_person(v, at_s, end);
        return end;
    }
    assert(s->segment_count <= SERVICE_SEGMENTS_MAX);
    for (size_t i = 0; i < s->segment_count; i++) {
        int64_t to = at_s + (int64_t)s->segments[i].minutes * MINUTE_S;
        if (!s->segments[i].processing)
            hold_person(v, at_s, to);
        at_s = to;
    }
    assert(at_s == end);
    return end;
}

void visit_shape_of(const struct visit_service *services, size_t count, struct visit_shape *ret)
{
    assert(count >= 1 && count <= VISIT_SERVICES_MAX);
    *ret = (struct visit_shape){
        .outer_from_off_s = -(int64_t)services[0].buffer_before_min * MINUTE_S,
    };
    int64_t buffer_after = (int64_t)services[count - 1].buffer_after_min * MINUTE_S;
    int64_t at = 0;
    hold_person(ret, ret->outer_from_off_s, 0);
    for (size_t i = 0; i < count; i++) {
        const struct visit_service *s = &services[i];
        int64_t from = i == 0 ? ret->outer_from_off_s : at;
        at = add_segments(ret, s, at);
        int64_t to = i + 1 == count ? at + buffer_after : at;
        assert(s->need_count <= SERVICE_NEEDS_MAX);
        for (size_t n = 0; n < s->need_count; n++)
            ret->needs[ret->need_count++] = (struct visit_need){from, to, s->needs[n]};
    }
    hold_person(ret, at, SEEDED(BUFFER_ON_ONE_SIDE) ? at : at + buffer_after);
    ret->length_s = at;
    ret->outer_to_off_s = at + buffer_after;
}

/* The work that ends last: [first, last] of the segments. False for a service without any. */
static bool last_work(const struct visit_service *s, size_t *ret_first, size_t *ret_last)
{
    size_t last = s->segment_count;
    while (last > 0 && s->segments[last - 1].processing)
        last--;
    if (last == 0)
        return false;
    size_t first = last;
    while (first > 0 && !s->segments[first - 1].processing)
        first--;
    *ret_first = first;
    *ret_last = last - 1;
    return true;
}

/* Takes `minutes` from the last work, from its end on; each segment keeps one. */
static bool shorten(struct visit_service *s, size_t first, size_t last, int minutes)
{
    int left = -minutes;
    for (size_t i = first; i <= last; i++)
        left += s->segments[i].minutes;
    if (left < WORK_LEAST_MIN || left < (int)(last - first + 1))
        return false;
    for (size_t i = last + 1; i-- > first && minutes > 0;) {
        int most = s->segments[i].minutes - 1, taken = minutes < most ? minutes : most;
        s->segments[i].minutes -= taken;
        minutes -= taken;
    }
    return true;
}

bool visit_service_resize(struct visit_service *s, int duration_min)
{
    int by = duration_min - s->duration_min;
    size_t first = 0, last = 0;
    if (by == 0)
        return true;
    if (s->segment_count == 0 && duration_min < WORK_LEAST_MIN)
        return false;
    if (s->segment_count > 0 && !last_work(s, &first, &last))
        return false;
    if (s->segment_count > 0 && by < 0 && !shorten(s, first, last, -by))
        return false;
    if (s->segment_count > 0 && by > 0)
        s->segments[last].minutes += by;
    s->duration_min = duration_min;
    return true;
}

static int64_t moved(int64_t at_s, int64_t pivot_s, int64_t by_s)
{
    return at_s >= pivot_s ? at_s + by_s : at_s;
}

bool visit_shape_stretch(struct visit_shape *v, int64_t floor_s, int64_t length_s)
{
    int64_t by = length_s - v->length_s;
    size_t last = v->work_count;
    while (last > 0 && v->work[last - 1].from_s >= v->length_s)
        last--; /* the buffer after, behind processing */
    if (last == 0)
        return false;
    const struct span *work = &v->work[last - 1];
    int64_t from = work->from_s > floor_s ? work->from_s : floor_s;
    int64_t to = work->to_s < v->length_s ? work->to_s : v->length_s;
    if (to <= from || (by < 0 && to + by < from + WORK_MIN_S))
        return false;
    for (size_t i = 0; i < v->work_count; i++) {
        v->work[i].from_s = moved(v->work[i].from_s, to, by);
        v->work[i].to_s = moved(v->work[i].to_s, to, by);
    }
    for (size_t i = 0; i < v->need_count; i++) {
        v->needs[i].from_off_s = moved(v->needs[i].from_off_s, to, by);
        v->needs[i].to_off_s = moved(v->needs[i].to_off_s, to, by);
    }
    v->length_s += by;
    v->outer_to_off_s += by;
    return true;
}
