/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * hours: weekly opening or working hours as they stand in requests and answers.
 *
 * On the wire a span is {weekday, start, end} with wall-clock times; within, a `struct weekly_span`
 * of minutes. Several spans a day are fine, also ones that touch; spans that overlap are refused.
 * Pure: no database. Any thread.
 */
#ifndef CAREOPS_WORKSPACE_HOURS_H
#define CAREOPS_WORKSPACE_HOURS_H

#include "db/work.h"
#include "diary/slots.h"
#include "http/shape.h"

struct hours_span {
    struct opt_int weekday, start, end;
};
extern const struct shape hours_span_shape;

/*
 * A list of hours_span → spans by weekday and start. INVALID with one error each at "<path>.<n>",
 * where a span ends before it starts or overlaps another of its day.
 */
enum result hours_read(struct work *w, const char *path, const struct shape_list *list,
                       struct weekly_span **ret, size_t *ret_count) must_check;
/* Back again, for an answer. */
struct shape_list hours_view(struct arena *a, const struct weekly_span *spans, size_t count);
/* "1 09:00-12:00, 1 13:00-18:00": for the audit, so that before and after can be compared. */
struct str hours_text(struct arena *a, const struct weekly_span *spans, size_t count);

#endif
