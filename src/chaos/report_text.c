/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* report_text: the day for the terminal: its chapters, then what each judge says, the verdict last,
 * where the eye ends. See report.h. */
#include "chaos/report_figures.h"
#include "chaos/text.h"

#include <inttypes.h>
#include <string.h>

enum { CHAPTERS_FIRST = 24, CHAPTERS_LAST = 8 };

/* What a system under test answered may be in it: nothing that moves a terminal's cursor. */
static void plain(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_byte(out, (unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7F ? ' ' : s.ptr[i]);
}

static void write_chapters(struct buf *out, const struct day *d)
{
    const struct day_event *event = day_rows(&d->events);
    size_t count = 0, number = 0;
    for (size_t i = 0; next_chapter(d, &i); i++)
        count++;
    for (size_t i = 0, from = 0; next_chapter(d, &i); from = i++, number++) {
        if (number >= CHAPTERS_FIRST && number + CHAPTERS_LAST < count) {
            if (number == CHAPTERS_FIRST)
                buf_printf(out, "           … %zu more …\n",
                           count - CHAPTERS_FIRST - CHAPTERS_LAST);
            continue;
        }
        struct meanwhile m;
        size_t before = out->len;
        meanwhile_of(d, from, i, &m);
        buf_z(out, "           ");
        size_t empty = out->len;
        meanwhile_words(out, &m);
        if (out->len == empty)
            out->len = before;
        else
            buf_byte(out, '\n');
        before = out->len;
        clock_words(out, event[i].at);
        int width = (int)(out->len - before);
        out->len = before;
        buf_printf(out, "%*s", width < 8 ? 8 - width : 0, "");
        clock_words(out, event[i].at);
        buf_z(out, "   ");
        plain(out, event[i].text);
        buf_byte(out, '\n');
    }
}

static void write_judgement(struct buf *out, const struct judgement *j)
{
    const char *word = j->findings                         ? "FOUND"
                       : j->skipped                        ? "skipped"
                       : j->essential && j->looked_at == 0 ? "BLIND"
                                                           : "ok";
    buf_printf(out, "  %-14s %-8s", j->name, word);
    size_t from = out->len;
    text_count(out, j->looked_at);
    int width = (int)(out->len - from);
    out->len = from;
    buf_printf(out, "%*s", width < 10 ? 10 - width : 0, "");
    text_count(out, j->looked_at);
    buf_printf(out, " looked at   %s\n", j->skipped ? j->why_skipped : j->question);
    for (size_t i = 0; i < j->told; i++) {
        buf_z(out, "        ! ");
        plain(out, j->finding[i]);
        buf_byte(out, '\n');
    }
    if (j->findings > (int64_t)j->told)
        buf_printf(out, "        ! and %" PRId64 " more\n", j->findings - (int64_t)j->told);
}

static void write_counts(struct buf *out, const struct day *d, const struct verdict *v)
{
    struct meanwhile all;
    meanwhile_of_day(d, &all);
    buf_z(out, "\nDone to it:    ");
    if (day_injected_all(d))
        meanwhile_words(out, &all);
    else
        buf_z(out, "nothing");
    buf_z(out, ".\nChanges asked: ");
    text_count(out, v->acknowledged);
    buf_z(out, " acknowledged, ");
    text_count(out, v->refused);
    buf_z(out, " refused, ");
    text_count(out, v->unknown);
    buf_z(out, " with an unknown outcome.\n");
    if (v->ready_max)
        buf_printf(out,
                   "Way back:      %" PRId64 " ms in the middle, %" PRId64
                   " ms at the 99th percentile, %" PRId64 " ms at most.\n",
                   v->ready_p50, v->ready_p99, v->ready_max);
}

void report_text(const struct day *d, const struct verdict *v, struct buf *out)
{
    buf_z(out, "Chaos Day of ");
    instant_words(out, d->began_s);
    buf_z(out, ", ");
    length_words(out, d->length);
    buf_printf(out, ", %d clients, seed %" PRIu64 "\nagainst ", d->clients, d->seed);
    plain(out, d->target);
    if (d->engine.len) {
        buf_z(out, " on ");
        plain(out, d->engine);
    }
    buf_z(out, "\n\n");
    write_chapters(out, d);
    write_counts(out, d, v);
    buf_byte(out, '\n');
    for (size_t i = 0; i < v->count; i++)
        write_judgement(out, &v->judgement[i]);
    buf_byte(out, '\n');
    for (size_t i = 0; i < v->why_not_count; i++)
        buf_printf(out, "  ! %s\n", v->why_not[i]);
    buf_z(out, v->holds ? "THE DAY HOLDS: of " : "THE DAY DOES NOT HOLD: of ");
    count_words(out, v->acknowledged_bookings, "acknowledged booking", "acknowledged bookings");
    buf_z(out, ", ");
    text_count(out, v->lost);
    buf_z(out, " lost, ");
    text_count(out, v->doubled);
    buf_z(out, " doubled");
    if (v->holds && v->acknowledged_bookings > 3) {
        buf_z(out, "; ");
        bound_words(out, v->acknowledged_bookings);
    }
    if (!v->holds) {
        buf_z(out, "; ");
        count_words(out, findings_of(v), "finding", "findings");
    }
    buf_z(out, ".\n");
}
