/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * report_json: the day for machines. One object:
 *
 *     holds, findings, why_not[]
 *     day             seed (text), target, engine, began, length_ms, clients, kills_wanted,
 * all_read command         plays the same day again acknowledged, refused, unknown calls that were
 * to change something acknowledged_bookings, lost, doubled, bound_95 (null where something was
 * lost, or nothing was acknowledged) ready_p50, ready_p99, ready_max, ready_within_ms, restarts
 *     injected        all, and each kind by its name
 *     letters, answers_searched
 *     operations      each verb: acknowledged, refused, unknown
 *     judgements[]    name, question, essential, looked_at, findings, told[], ok, skipped,
 *                     why_skipped
 *     timeline[]      at_ms, text: the day's chapters
 */
#include "chaos/report_figures.h"
#include "chaos/text.h"

#include "base/civil.h"

#include <inttypes.h>

static void write_faults(struct buf *out, const struct day *d)
{
    buf_printf(out, "\"injected\":{\"all\":%" PRId64, day_injected_all(d));
    for (enum day_fault fault = 0; fault < DAY_FAULTS; fault++)
        if (fault != DAY_NO_FAULT && fault != DAY_READY)
            buf_printf(out, ",\"%s\":%" PRId64, day_fault_name(fault), day_injected(d, fault));
    buf_z(out, "},\n");
}

static void write_operations(struct buf *out, const struct day *d)
{
    struct tally t;
    tally_day(d, &t);
    buf_z(out, "\"operations\":{");
    for (enum day_verb verb = 0; verb < DAY_VERBS; verb++) {
        buf_printf(out, "%s\"%s\":{", verb ? "," : "", day_verb_name(verb));
        for (enum day_outcome o = 0; o <= DAY_UNKNOWN; o++)
            buf_printf(out, "%s\"%s\":%" PRId64, o ? "," : "", day_outcome_name(o), t.of[verb][o]);
        buf_byte(out, '}');
    }
    buf_z(out, "},\n");
}

static void write_judgements(struct buf *out, const struct verdict *v)
{
    buf_z(out, "\"judgements\":[");
    for (size_t i = 0; i < v->count; i++) {
        const struct judgement *j = &v->judgement[i];
        bool blind = j->essential && j->looked_at == 0;
        buf_printf(out, "%s\n{\"name\":\"%s\",\"question\":", i ? "," : "", j->name);
        text_json(out, str_of(j->question));
        buf_printf(
            out, ",\"essential\":%s,\"looked_at\":%" PRId64 ",\"findings\":%" PRId64 ",\"told\":[",
            j->essential ? "true" : "false", j->looked_at, j->findings);
        for (size_t n = 0; n < j->told; n++) {
            if (n)
                buf_byte(out, ',');
            text_json(out, j->finding[n]);
        }
        buf_printf(out, "],\"ok\":%s,\"skipped\":%s,\"why_skipped\":",
                   j->findings == 0 && !j->skipped && !blind ? "true" : "false",
                   j->skipped ? "true" : "false");
        text_json(out, j->skipped ? str_of(j->why_skipped) : (struct str){0});
        buf_byte(out, '}');
    }
    buf_z(out, "],\n");
}

static void write_timeline(struct buf *out, const struct day *d)
{
    const struct day_event *event = day_rows(&d->events);
    const char *comma = "";
    buf_z(out, "\"timeline\":[");
    for (size_t i = 0; next_chapter(d, &i); i++) {
        buf_printf(out, "%s\n{\"at_ms\":%" PRId64 ",\"text\":", comma, event[i].at);
        text_json(out, event[i].text);
        buf_byte(out, '}');
        comma = ",";
    }
    buf_z(out, "]}\n");
}

static void write_day(struct buf *out, const struct day *d)
{
    char began[INSTANT_TEXT];
    instant_format(d->began_s, began);
    buf_printf(out, "\"day\":{\"seed\":\"%" PRIu64 "\",\"target\":", d->seed);
    text_json(out, d->target);
    buf_z(out, ",\"engine\":");
    text_json(out, d->engine);
    buf_printf(out,
               ",\"began\":\"%s\",\"length_ms\":%" PRId64 ",\"clients\":%d,\"kills_wanted\":%d,"
               "\"all_read\":%s},\n",
               began, d->length, d->clients, d->kills_wanted, d->all_read ? "true" : "false");
}

static void write_counts(struct buf *out, const struct day *d, const struct verdict *v)
{
    const struct day_event *event = day_rows(&d->events);
    int64_t restarts = 0;
    for (size_t i = 0; i < d->events.count; i++)
        restarts += event[i].fault == DAY_READY;
    buf_printf(out,
               "\"acknowledged\":%" PRId64 ",\"refused\":%" PRId64 ",\"unknown\":%" PRId64
               ",\n\"acknowledged_bookings\":%" PRId64 ",\"lost\":%" PRId64 ",\"doubled\":%" PRId64
               ",\"bound_95\":",
               v->acknowledged, v->refused, v->unknown, v->acknowledged_bookings, v->lost,
               v->doubled);
    if (v->lost || v->acknowledged_bookings == 0)
        buf_z(out, "null");
    else
        buf_printf(out, "%.9f", judge_bound(v->acknowledged_bookings));
    buf_printf(out,
               ",\n\"restarts\":%" PRId64 ",\"ready_p50\":%" PRId64 ",\"ready_p99\":%" PRId64
               ",\"ready_max\":%" PRId64 ",\"ready_within_ms\":%" PRId64 ",\n",
               restarts, v->ready_p50, v->ready_p99, v->ready_max, d->ready_within_ms);
    buf_printf(out, "\"letters\":%zu,\"answers_searched\":%" PRId64 ",\n", d->mails.count,
               d->answers_searched);
}

void report_json(const struct day *d, const struct verdict *v, struct str command, struct buf *out)
{
    buf_printf(out, "{\"holds\":%s,\"findings\":%" PRId64 ",\"why_not\":[",
               v->holds ? "true" : "false", findings_of(v));
    for (size_t i = 0; i < v->why_not_count; i++) {
        if (i)
            buf_byte(out, ',');
        text_json(out, str_of(v->why_not[i]));
    }
    buf_z(out, "],\n");
    write_day(out, d);
    buf_z(out, "\"command\":");
    text_json(out, command);
    buf_z(out, ",\n");
    write_counts(out, d, v);
    write_faults(out, d);
    write_operations(out, d);
    write_judgements(out, v);
    write_timeline(out, d);
}
