/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* hours: weekly spans between the wire and the tables. See hours.h. */
#include "workspace/hours.h"

static const struct field hours_span_fields[] = {
    FIELD_INT(struct hours_span, weekday, 1, 7, .required = true, .doc = "1 = Monday … 7 = Sunday"),
    FIELD_CLOCK(struct hours_span, start, .required = true, .doc = "wall clock, HH:MM"),
    FIELD_CLOCK(struct hours_span, end, .required = true, .doc = "after start; 24:00 ends the day"),
};
const struct shape hours_span_shape = SHAPE("HoursSpan", struct hours_span, hours_span_fields);

/* A span and its place in the request, which an error has to name. */
struct placed {
    struct weekly_span span;
    size_t place;
};

static int by_weekday_and_start(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->span.weekday != y->span.weekday)
        return x->span.weekday < y->span.weekday ? -1 : 1;
    if (x->span.start_min != y->span.start_min)
        return x->span.start_min < y->span.start_min ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

enum result hours_read(struct work *w, const char *path, const struct shape_list *list,
                       struct weekly_span **ret, size_t *ret_count)
{
    const struct hours_span *in = list->items;
    struct placed *sorted = arena_new_array(w->arena, list->count, struct placed);
    enum result r = OK;
    for (size_t i = 0; i < list->count; i++) {
        sorted[i] = (struct placed){
            .span = {(int)in[i].weekday.value, (int)in[i].start.value, (int)in[i].end.value},
            .place = i,
        };
        if (in[i].start.value >= in[i].end.value)
            r = problem_field(w->problem, arena_printf(w->arena, "%s.%zu.end", path, i),
                              "out_of_order", "Give an end later than the start.");
    }
    if (r != OK)
        return r;
    if (list->count > 1)
        qsort(sorted, list->count, sizeof *sorted, by_weekday_and_start);

    struct weekly_span *spans = arena_new_array(w->arena, list->count, struct weekly_span);
    for (size_t i = 0; i < list->count; i++) {
        spans[i] = sorted[i].span;
        if (i > 0 && spans[i].weekday == spans[i - 1].weekday &&
            spans[i].start_min < spans[i - 1].end_min)
            r = problem_field(w->problem, arena_printf(w->arena, "%s.%zu", path, sorted[i].place),
                              "overlap", "This span overlaps another one on the same day.");
    }
    if (r != OK)
        return r;
    *ret = spans;
    *ret_count = list->count;
    return OK;
}

struct shape_list hours_view(struct arena *a, const struct weekly_span *spans, size_t count)
{
    struct hours_span *out = arena_new_array(a, count, struct hours_span);
    for (size_t i = 0; i < count; i++)
        out[i] = (struct hours_span){
            .weekday = some_int(spans[i].weekday),
            .start = some_int(spans[i].start_min),
            .end = some_int(spans[i].end_min),
        };
    return (struct shape_list){.set = true, .count = count, .items = out};
}

struct str hours_text(struct arena *a, const struct weekly_span *spans, size_t count)
{
    enum { ONE_SPAN = sizeof "7 00:00-24:00, " - 1 };
    char *text = arena_alloc(a, count * ONE_SPAN + 1);
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        char start[CLOCK_TEXT], end[CLOCK_TEXT];
        clock_format(spans[i].start_min, start);
        clock_format(spans[i].end_min, end);
        len += (size_t)snprintf(text + len, ONE_SPAN + 1, "%s%d %s-%s", i > 0 ? ", " : "",
                                spans[i].weekday, start, end);
    }
    return (struct str){text, len};
}
