/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* report_chart: see report_chart.h. */
#include "chaos/report_chart.h"

#include "chaos/report_figures.h"
#include "chaos/text.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum {
    WIDTH = 460,
    HEIGHT = 240,
    LEFT = 50,
    RIGHT = 14,
    TOP = 26,
    BOTTOM = 30,
    PLOT_W = WIDTH - LEFT - RIGHT,
    PLOT_H = HEIGHT - TOP - BOTTOM,
    BARS = 40,
    PERIODS = 10, /* rows of the tables */
    DOTS_MAX = 2000,
};

static double x_of(int64_t at, int64_t span)
{
    double share = (double)at / (double)span;
    return LEFT + PLOT_W * (share < 0 ? 0 : share > 1 ? 1 : share);
}

/* `share` of the height, 0 at the bottom. */
static double y_of(double share)
{
    return TOP + PLOT_H * (1 - (share < 0 ? 0 : share > 1 ? 1 : share));
}

static size_t part_of(int64_t at, int64_t span, size_t parts)
{
    if (at <= 0)
        return 0;
    size_t part = (size_t)((double)at / (double)span * (double)parts);
    return part < parts ? part : parts - 1;
}

/* ---- the frame ---- */

/* `name` is the figure's id; the caption stands, the description follows. */
static void begin_figure(struct buf *out, const char *name, struct str caption, struct str about)
{
    buf_printf(out, "<figure>\n<figcaption id=\"%s\">", name);
    text_html(out, caption);
    buf_printf(out,
               "</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" "
               "aria-labelledby=\"%s %s-about\">\n<desc id=\"%s-about\">",
               WIDTH, HEIGHT, name, name, name);
    text_html(out, about);
    buf_z(out, "</desc>\n");
}

static void x_axis(struct buf *out, int64_t span)
{
    enum { TICKS = 4 };
    buf_printf(out, "<path class=\"axis\" d=\"M%d %dh%d\"/>\n", LEFT, TOP + PLOT_H, PLOT_W);
    for (int i = 0; i <= TICKS; i++) {
        const char *anchor = i == 0 ? "start" : i == TICKS ? "end" : "middle";
        buf_printf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">",
                   x_of(span * i / TICKS, span), HEIGHT - BOTTOM + 16, anchor);
        clock_words(out, span * i / TICKS);
        buf_z(out, "</text>\n");
    }
}

/* A line across with its word at the left. */
static void y_line(struct buf *out, double share, const char *word)
{
    buf_printf(out,
               "<path class=\"grid\" d=\"M%d %.1fh%d\"/>"
               "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
               LEFT, y_of(share), PLOT_W, LEFT - 6, y_of(share) + 4, word);
}

/* 1, 2 or 5 times a power of ten, at least a fourth of `most`. */
static double step_for(double most)
{
    double power = pow(10, floor(log10(most / 4)));
    double share = most / 4 / power;
    double step = power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
    return step < 1 ? 1 : step;
}

static double y_axis(struct buf *out, double most)
{
    double step = step_for(most > 0 ? most : 1), top = step * ceil((most > 0 ? most : 1) / step);
    for (double v = 0; v <= top + step / 2; v += step) {
        char word[32];
        snprintf(word, sizeof word, "%.0f", v);
        y_line(out, v / top, word);
    }
    return top;
}

static void unit(struct buf *out, const char *word)
{
    buf_printf(out, "<text class=\"unit\" x=\"2\" y=\"12\">%s</text>\n", word);
}

static void bar(struct buf *out, const char *kind, size_t i, double from, double to)
{
    double width = (double)PLOT_W / BARS;
    if (to <= from)
        return;
    buf_printf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
               kind, LEFT + (double)i * width + 0.5, y_of(to), width - 1, y_of(from) - y_of(to));
}

#define AREA "M0 0h20v14h-20z"
#define LINE "M0 7h20"

struct key {
    const char *kind, *word;
};

static void legend(struct buf *out, const struct key *keys, size_t count, const char *shape)
{
    buf_z(out, "<p class=\"legend\" aria-hidden=\"true\">");
    for (size_t i = 0; i < count; i++)
        buf_printf(out,
                   "<span><svg viewBox=\"0 0 20 14\"><path class=\"%s\" d=\"%s\"/></svg>"
                   "%s</span>\n",
                   keys[i].kind, shape, keys[i].word);
    buf_z(out, "</p>\n");
}

/* The figures behind it: a first column of times, then those named. */
static void begin_table(struct buf *out, const char *about, const char *const *columns,
                        size_t count)
{
    buf_printf(out,
               "<details><summary>Its figures</summary>\n<div class=\"wide\"><table>\n"
               "<caption>%s</caption>\n<thead><tr>",
               about);
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "<th scope=\"col\"%s>%s</th>", i ? " class=\"n\"" : "", columns[i]);
    buf_z(out, "</tr></thead>\n<tbody>\n");
}

static void end_table(struct buf *out)
{
    buf_z(out, "</tbody></table></div></details>\n</figure>\n");
}

static void begin_period(struct buf *out, size_t i, int64_t span)
{
    buf_z(out, "<tr><th scope=\"row\">from ");
    clock_words(out, span * (int64_t)i / PERIODS);
    buf_z(out, "</th>");
}

static void cell(struct buf *out, int64_t n, const char *unit_word)
{
    buf_z(out, "<td class=\"n\">");
    text_count(out, n);
    buf_z(out, unit_word);
    buf_z(out, "</td>");
}

static bool is_kill(const struct day_event *event)
{
    return event->fault == DAY_KILL_SERVER || event->fault == DAY_KILL_DATABASE;
}

/* ---- answers over time ---- */

struct answers {
    int64_t of[BARS][3], kills[BARS], most, total[3];
};

static void count_answers(const struct day *d, int64_t span, struct answers *a)
{
    const struct day_op *op = day_rows(&d->ops);
    const struct day_event *event = day_rows(&d->events);
    *a = (struct answers){0};
    for (size_t i = 0; i < d->ops.count; i++) {
        a->of[part_of(op[i].ended, span, BARS)][op[i].outcome]++;
        a->total[op[i].outcome]++;
    }
    for (size_t i = 0; i < d->events.count; i++)
        if (is_kill(event + i))
            a->kills[part_of(event[i].at, span, BARS)]++;
    for (size_t i = 0; i < BARS; i++) {
        int64_t all = a->of[i][0] + a->of[i][1] + a->of[i][2];
        if (all > a->most)
            a->most = all;
    }
}

static void answers_table(struct buf *out, const struct answers *a, int64_t span)
{
    static const char *const columns[] = {"Time", "Acknowledged", "Refused", "Unknown", "Kills"};
    begin_table(out, "Calls by when they ended and by their outcome", columns, 5);
    for (size_t i = 0; i < PERIODS; i++) {
        int64_t sum[4] = {0};
        for (size_t n = i * BARS / PERIODS; n < (i + 1) * BARS / PERIODS; n++) {
            for (size_t o = 0; o < 3; o++)
                sum[o] += a->of[n][o];
            sum[3] += a->kills[n];
        }
        begin_period(out, i, span);
        for (size_t o = 0; o < 4; o++)
            cell(out, sum[o], "");
        buf_z(out, "</tr>\n");
    }
    end_table(out);
}

void chart_answers(const struct day *d, struct buf *out)
{
    static const char *const kinds[] = {"done", "refused", "unknown"};
    static const struct key keys[] = {
        {"done", "acknowledged"}, {"refused", "refused"}, {"unknown", "unknown: no answer came"}};
    int64_t span = d->length > 0 ? d->length : 1;
    struct answers a;
    struct buf caption;
    count_answers(d, span, &a);
    buf_init(&caption, 500);
    count_words(&caption, a.total[0] + a.total[1], "call was answered", "calls were answered");
    buf_z(&caption, ", ");
    count_words(&caption, a.total[2], "was not", "were not");
    begin_figure(out, "answers", buf_view(&caption),
                 STR("Bars over the time of the day: how many calls were acknowledged, refused or "
                     "left without an answer. Triangles along the top mark kills."));
    double top = y_axis(out, (double)a.most);
    unit(out, "calls");
    for (size_t i = 0; i < BARS; i++) {
        double from = 0;
        for (size_t o = 0; o < 3; o++) {
            double to = from + (double)a.of[i][o] / top;
            bar(out, kinds[o], i, from, to);
            from = to;
        }
    }
    const struct day_event *event = day_rows(&d->events);
    size_t dots = 0;
    for (size_t i = 0; i < d->events.count && dots < DOTS_MAX; i++)
        if (is_kill(event + i)) {
            buf_printf(out, "<path class=\"kill\" d=\"M%.1f %dl-3.5 -7h7z\"/>\n",
                       x_of(event[i].at, span), TOP - 4);
            dots++;
        }
    if (dots)
        buf_printf(out, "<text x=\"%d\" y=\"12\" text-anchor=\"end\">&#9660; kill -9</text>\n",
                   WIDTH - RIGHT);
    x_axis(out, span);
    buf_z(out, "</svg>\n");
    legend(out, keys, 3, AREA);
    answers_table(out, &a, span);
    buf_done(&caption);
}

/* ---- how long answers took ---- */

enum { P50, P95, P99, PERCENTILES };

static int rising(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The nearest rank; -1 where there is none. */
static void percentiles(int64_t *took, size_t count, int64_t ret[PERCENTILES])
{
    static const size_t percent[PERCENTILES] = {50, 95, 99};
    qsort(took, count, sizeof *took, rising);
    for (size_t i = 0; i < PERCENTILES; i++)
        ret[i] = count ? took[(count * percent[i] + 99) / 100 - 1] : -1;
}

/* Of answered calls, by when they ended; the parts' answers stand one after the other in `took`. */
static void times_by_part(const struct day *d, int64_t span, size_t parts, int64_t *took,
                          int64_t (*ret)[PERCENTILES])
{
    const struct day_op *op = day_rows(&d->ops);
    size_t end[BARS + 1] = {0};
    assert(parts <= BARS);
    for (size_t i = 0; i < d->ops.count; i++)
        if (op[i].status)
            end[part_of(op[i].ended, span, parts)]++;
    size_t start[BARS + 1], sum = 0;
    for (size_t i = 0; i < parts; i++) {
        start[i] = sum;
        sum += end[i];
        end[i] = start[i];
    }
    for (size_t i = 0; i < d->ops.count; i++)
        if (op[i].status)
            took[end[part_of(op[i].ended, span, parts)]++] = op[i].ended - op[i].began;
    for (size_t i = 0; i < parts; i++)
        percentiles(took + start[i], end[i] - start[i], ret[i]);
}

/* From a millisecond to thirty seconds, by powers of ten. */
static double height_of(int64_t ms)
{
    return log10(ms < 1 ? 1.0 : (double)ms) / log10(30000);
}

static void time_line(struct buf *out, int64_t (*part)[PERCENTILES], size_t which, const char *kind)
{
    bool down = false;
    buf_printf(out, "<path class=\"line %s\" d=\"", kind);
    for (size_t i = 0; i < BARS; i++) {
        if (part[i][which] < 0) {
            down = false;
            continue;
        }
        double x = LEFT + ((double)i + 0.5) * PLOT_W / BARS;
        double y = y_of(height_of(part[i][which]));
        buf_printf(out, "%s%.1f %.1f", down ? "L" : "M", x, y);
        down = true;
    }
    buf_z(out, "\"/>\n");
}

void chart_times(const struct day *d, struct buf *out)
{
    static const char *const columns[] = {"Time", "half within", "95 of 100", "99 of 100"};
    static const struct key keys[] = {
        {"line p50", "half of the answers"}, {"line p95", "95 of 100"}, {"line p99", "99 of 100"}};
    int64_t span = d->length > 0 ? d->length : 1;
    int64_t all[1][PERCENTILES], part[BARS][PERCENTILES], row[PERIODS][PERCENTILES];
    int64_t *took = calloc(d->ops.count + 1, sizeof *took);
    assert(took);
    times_by_part(d, span, 1, took, all);
    times_by_part(d, span, BARS, took, part);
    times_by_part(d, span, PERIODS, took, row);
    free(took);
    struct buf caption;
    buf_init(&caption, 500);
    if (all[0][P50] < 0)
        buf_z(&caption, "No call was answered");
    else
        buf_printf(&caption,
                   "Half of the answers came within %" PRId64 " ms, 99 of 100 within %" PRId64
                   " ms",
                   all[0][P50], all[0][P99]);
    begin_figure(out, "times", buf_view(&caption),
                 STR("Three lines over the time of the day, on a scale of powers of ten: the time "
                     "within which half, 95 and 99 of 100 answers came."));
    y_line(out, height_of(1), "1 ms");
    y_line(out, height_of(10), "10 ms");
    y_line(out, height_of(100), "100 ms");
    y_line(out, height_of(1000), "1 s");
    y_line(out, height_of(10000), "10 s");
    unit(out, "until the answer came");
    time_line(out, part, P99, "p99");
    time_line(out, part, P95, "p95");
    time_line(out, part, P50, "p50");
    x_axis(out, span);
    buf_z(out, "</svg>\n");
    legend(out, keys, 3, LINE);
    begin_table(out, "How long answers took, in milliseconds", columns, 4);
    for (size_t i = 0; i < PERIODS; i++) {
        begin_period(out, i, span);
        for (size_t n = 0; n < PERCENTILES; n++)
            if (row[i][n] < 0)
                buf_z(out, "<td class=\"n\">–</td>");
            else
                cell(out, row[i][n], "");
        buf_z(out, "</tr>\n");
    }
    end_table(out);
    buf_done(&caption);
}

/* ---- the way back ---- */

static void ways_table(struct buf *out, const struct day *d)
{
    static const char *const columns[] = {"Answering again", "Restarts"};
    static const struct {
        int64_t within;
        const char *word;
    } rows[] = {{250, "within 250 ms"},
                {500, "within 500 ms"},
                {750, "within 750 ms"},
                {1000, "within 1 s"},
                {INT64_MAX, "later"}};
    const struct day_event *event = day_rows(&d->events);
    begin_table(out, "How long the way back took", columns, 2);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        int64_t n = 0;
        for (size_t i = 0; i < d->events.count; i++)
            n += event[i].fault == DAY_READY && event[i].took <= rows[r].within &&
                 (r == 0 || event[i].took > rows[r - 1].within);
        buf_printf(out, "<tr><th scope=\"row\">%s</th>", rows[r].word);
        cell(out, n, "");
        buf_z(out, "</tr>\n");
    }
    end_table(out);
}

void chart_ways_back(const struct day *d, const struct verdict *v, struct buf *out)
{
    const struct day_event *event = day_rows(&d->events);
    int64_t span = d->length > 0 ? d->length : 1, kills = 0;
    for (size_t i = 0; i < d->events.count; i++)
        kills += is_kill(event + i);
    if (kills == 0)
        return;
    struct buf caption;
    buf_init(&caption, 500);
    buf_z(&caption, "After ");
    count_words(&caption, kills, "kill", "kills");
    if (v->ready_max)
        buf_printf(&caption,
                   " it answered again within %" PRId64 " ms, half of the times within %" PRId64
                   " ms",
                   v->ready_max, v->ready_p50);
    else
        buf_z(&caption, " it did not answer again");
    begin_figure(out, "ways-back", buf_view(&caption),
                 STR("A dot for each restart: how long it took from the start of the process to "
                     "the first answer. A line marks the limit for 99 of 100."));
    double limit = (double)d->ready_within_ms * 1.2, slowest = (double)v->ready_max;
    double top = y_axis(out, slowest > limit ? slowest : limit);
    unit(out, "ms until it answered again");
    buf_printf(out,
               "<path class=\"limit\" d=\"M%d %.1fh%d\"/>"
               "<text class=\"limit-word\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%" PRId64
               " ms: the "
               "limit for 99 of 100</text>\n",
               LEFT, y_of((double)d->ready_within_ms / top), PLOT_W, WIDTH - RIGHT,
               y_of((double)d->ready_within_ms / top) - 5, d->ready_within_ms);
    size_t dots = 0;
    for (size_t i = 0; i < d->events.count && dots < DOTS_MAX; i++) {
        if (event[i].fault != DAY_READY)
            continue;
        double x = x_of(event[i].at, span), y = y_of((double)event[i].took / top);
        if (event[i].took > d->ready_within_ms)
            buf_printf(out, "<path class=\"slow\" d=\"M%.1f %.1fl4 -8l4 8z\"/>\n", x - 4, y + 4);
        else
            buf_printf(out, "<circle class=\"back\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n", x, y);
        dots++;
    }
    x_axis(out, span);
    buf_z(out, "</svg>\n");
    ways_table(out, d);
    buf_done(&caption);
}

/* ---- letters ---- */

struct letters {
    int64_t accepted[BARS], failed[BARS], most, failures;
};

static int64_t count_letters(const struct day *d, struct letters *l)
{
    const struct day_event *event = day_rows(&d->events);
    const struct day_mail *mail = day_rows(&d->mails);
    int64_t span = d->length > 0 ? d->length : 1;
    *l = (struct letters){0};
    for (size_t i = 0; i < d->mails.count; i++)
        span = mail[i].at > span ? mail[i].at : span;
    for (size_t i = 0; i < d->mails.count; i++)
        l->accepted[part_of(mail[i].at, span, BARS)]++;
    for (size_t i = 0; i < d->events.count; i++)
        if (event[i].fault == DAY_PROVIDER) {
            l->failed[part_of(event[i].at, span, BARS)]++;
            l->failures++;
        }
    for (size_t i = 0; i < BARS; i++)
        if (l->accepted[i] + l->failed[i] > l->most)
            l->most = l->accepted[i] + l->failed[i];
    return span;
}

static void letters_table(struct buf *out, const struct letters *l, int64_t span)
{
    static const char *const columns[] = {"Time", "Letters accepted", "Calls failed"};
    begin_table(out, "Letters and failed calls of the mail provider", columns, 3);
    for (size_t i = 0; i < PERIODS; i++) {
        int64_t accepted = 0, failed = 0;
        for (size_t n = i * BARS / PERIODS; n < (i + 1) * BARS / PERIODS; n++) {
            accepted += l->accepted[n];
            failed += l->failed[n];
        }
        begin_period(out, i, span);
        cell(out, accepted, "");
        cell(out, failed, "");
        buf_z(out, "</tr>\n");
    }
    end_table(out);
}

void chart_letters(const struct day *d, struct buf *out)
{
    static const struct key keys[] = {{"done", "letters accepted"},
                                      {"unknown", "calls that were made to fail"}};
    if (!d->has_stand_in)
        return;
    struct letters l;
    struct buf caption;
    int64_t span = count_letters(d, &l);
    buf_init(&caption, 500);
    count_words(&caption, (int64_t)d->mails.count, "letter arrived", "letters arrived");
    buf_z(&caption, " although ");
    count_words(&caption, l.failures, "call of the mail provider failed",
                "calls of the mail provider failed");
    begin_figure(
        out, "letters", buf_view(&caption),
        STR("Bars over time, to the moment when the last letter had left: how many letters "
            "the mail provider accepted, and how many of its calls failed."));
    double top = y_axis(out, (double)l.most);
    unit(out, "letters and calls");
    for (size_t i = 0; i < BARS; i++) {
        double accepted = (double)l.accepted[i] / top;
        bar(out, "done", i, 0, accepted);
        bar(out, "unknown", i, accepted, accepted + (double)l.failed[i] / top);
    }
    if (span > d->length) {
        double x = x_of(d->length, span);
        bool late = x > LEFT + PLOT_W * 0.7;
        buf_printf(out,
                   "<path class=\"limit\" d=\"M%.1f %dv%d\"/><text class=\"limit-word\" x=\"%.1f\" "
                   "y=\"%d\" text-anchor=\"%s\">the last client left</text>\n",
                   x, TOP - 8, PLOT_H + 8, late ? x - 5 : x + 5, TOP - 6, late ? "end" : "start");
    }
    x_axis(out, span);
    buf_z(out, "</svg>\n");
    legend(out, keys, 2, AREA);
    letters_table(out, &l, span);
    buf_done(&caption);
}
