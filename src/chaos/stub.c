/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stub: no judges yet. */
#include "chaos/report.h"

void judge_day(const struct day *d, struct arena *a, struct verdict *ret)
{
    (void)a;
    *ret = (struct verdict){.holds = d->all_read && day_injected_all(d) > 0};
}

void report_html(const struct day *d, const struct verdict *v, struct str command, struct buf *out)
{
    (void)d, (void)v, (void)command;
    buf_z(out, "<!doctype html>");
}

void report_json(const struct day *d, const struct verdict *v, struct str command, struct buf *out)
{
    (void)command;
    buf_printf(out, "{\"ops\":%zu,\"holds\":%d}\n", d->ops.count, v->holds);
}

void report_text(const struct day *d, const struct verdict *v, struct buf *out)
{
    const struct day_event *e = day_rows(&d->events);
    const struct day_op *o = day_rows(&d->ops);
    int count[DAY_VERBS][3] = {{0}};
    for (size_t i = 0; i < d->events.count; i++)
        if (e[i].fault == DAY_NO_FAULT)
            buf_printf(out, "%lld " STR_FMT "\n", (long long)e[i].at, STR_ARG(e[i].text));
    for (size_t i = 0; i < d->ops.count; i++)
        count[o[i].verb][o[i].outcome]++;
    for (int i = 0; i < DAY_VERBS; i++)
        buf_printf(out, "verb %d: %d ack %d refused %d unknown\n", i, count[i][0], count[i][1],
                   count[i][2]);
    buf_printf(out,
               "bookings %zu moves %zu mails %zu leaks %zu searched %lld all_read %d holds %d\n",
               d->bookings.count, d->moves.count, d->mails.count, d->leaks.count,
               (long long)d->answers_searched, d->all_read, v->holds);
    for (int f = 1; f < DAY_FAULTS; f++)
        buf_printf(out, "fault %d: %lld\n", f, (long long)day_injected(d, (enum day_fault)f));
}
