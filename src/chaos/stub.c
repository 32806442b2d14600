/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stub: no reports yet. */
#include "chaos/report.h"

void report_html(const struct day *d, const struct verdict *v, struct str command, struct buf *out)
{
    (void)d, (void)v, (void)command;
    buf_z(out, "<!doctype html>");
}

void report_json(const struct day *d, const struct verdict *v, struct str command, struct buf *out)
{
    (void)command;
    buf_printf(out,
               "{\"holds\":%s,\"acknowledged\":%lld,\"refused\":%lld,\"unknown\":%lld,"
               "\"acknowledged_bookings\":%lld,\"lost\":%lld,\"doubled\":%lld,\"ready_p50\":%lld,"
               "\"ready_p99\":%lld,\"ready_max\":%lld,\"injected\":{",
               v->holds ? "true" : "false", (long long)v->acknowledged, (long long)v->refused,
               (long long)v->unknown, (long long)v->acknowledged_bookings, (long long)v->lost,
               (long long)v->doubled, (long long)v->ready_p50, (long long)v->ready_p99,
               (long long)v->ready_max);
    for (int f = 0; f < DAY_FAULTS; f++)
        buf_printf(out, "%s\"%s\":%lld", f ? "," : "", day_fault_name((enum day_fault)f),
                   (long long)day_injected(d, (enum day_fault)f));
    buf_z(out, "},\"judgements\":[");
    for (size_t i = 0; i < v->count; i++) {
        const struct judgement *j = &v->judgement[i];
        buf_printf(out, "%s{\"name\":\"%s\",\"looked_at\":%lld,\"findings\":%lld,\"told\":[",
                   i ? "," : "", j->name, (long long)j->looked_at, (long long)j->findings);
        for (size_t k = 0; k < j->told; k++)
            buf_printf(out, "%s\"" STR_FMT "\"", k ? "," : "", STR_ARG(j->finding[k]));
        buf_z(out, "]}");
    }
    buf_z(out, "]}\n");
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
    for (size_t i = 0; i < v->count; i++) {
        const struct judgement *j = &v->judgement[i];
        buf_printf(out, "%s: looked at %lld, findings %lld %s\n", j->name, (long long)j->looked_at,
                   (long long)j->findings, j->skipped ? j->why_skipped : "");
        for (size_t k = 0; k < j->told; k++)
            buf_printf(out, "   " STR_FMT "\n", STR_ARG(j->finding[k]));
    }
    buf_printf(out, "ready %lld %lld %lld lost %lld doubled %lld\n", (long long)v->ready_p50,
               (long long)v->ready_p99, (long long)v->ready_max, (long long)v->lost,
               (long long)v->doubled);
    for (int f = 1; f < DAY_FAULTS; f++)
        buf_printf(out, "fault %d: %lld\n", f, (long long)day_injected(d, (enum day_fault)f));
}
