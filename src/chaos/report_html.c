/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * report_html: the page. It stands alone: one file, no script, nothing from outside, which its own
 * policy says to the browser too. Whatever the system under test answered is text in it and
 * nothing else. See report.h.
 */
#include "chaos/report_chart.h"
#include "chaos/report_figures.h"
#include "chaos/report_style.h"
#include "chaos/text.h"

#include <inttypes.h>

enum { CHAPTERS_SHOWN = 300 };

/* ---- the verdict ---- */

static void write_head(struct buf *out, const struct day *d, const struct verdict *v)
{
    buf_z(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"color-scheme\" content=\"light dark\">\n"
               "<meta name=\"robots\" content=\"noindex\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
               "style-src 'unsafe-inline'\">\n<title>Chaos Day of ");
    instant_words(out, d->began_s);
    buf_z(out, v->holds ? ": it holds" : ": it does not hold");
    buf_z(out, "</title>\n<style>\n");
    buf_z(out, report_style);
    buf_z(out, "</style>\n</head>\n<body>\n");
    /* The pattern of what is unknown: told apart without its colour, on paper too. */
    buf_z(out, "<svg class=\"patterns\" aria-hidden=\"true\"><defs><pattern id=\"stripes\" "
               "width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
               "patternTransform=\"rotate(45)\"><rect class=\"stripe-back\" width=\"5\" "
               "height=\"5\"/><rect class=\"stripe\" width=\"2.4\" height=\"5\"/></pattern>"
               "</defs></svg>\n<main>\n");
}

static void write_title(struct buf *out, const struct day *d)
{
    buf_z(out, "<header>\n<h1>Chaos Day</h1>\n<p class=\"when\">");
    instant_words(out, d->began_s);
    buf_z(out, " · ");
    length_words(out, d->length);
    buf_printf(out, " · %d clients · seed %" PRIu64, d->clients, d->seed);
    if (d->engine.len) {
        buf_z(out, " · ");
        text_html(out, d->engine);
    }
    buf_z(out,
          "</p>\n<p>An invented salon was played against the system at <span class=\"address\">");
    text_html(out, d->target);
    buf_z(out,
          "</span> while it was broken on purpose. Then judges that share no code with it held "
          "what it had promised against what it still had.</p>\n</header>\n");
}

static void write_verdict(struct buf *out, const struct day *d, const struct verdict *v)
{
    struct meanwhile all;
    meanwhile_of_day(d, &all);
    buf_printf(out,
               "<section class=\"verdict %s\" aria-labelledby=\"verdict\">\n"
               "<h2 id=\"verdict\"><span aria-hidden=\"true\">%s</span> %s</h2>\n<p>",
               v->holds ? "good" : "bad", v->holds ? "✓" : "✕",
               v->holds ? "The day holds" : "The day does not hold");
    buf_z(out, "Done to it: ");
    if (day_injected_all(d))
        meanwhile_words(out, &all);
    else
        buf_z(out, "nothing");
    buf_z(out, ". Of ");
    count_words(out, v->acknowledged_bookings, "acknowledged booking", "acknowledged bookings");
    buf_z(out, ", <strong>");
    text_count(out, v->lost);
    buf_z(out,
          v->lost == 1 ? " was lost</strong> and <strong>" : " were lost</strong> and <strong>");
    text_count(out, v->doubled);
    buf_z(out, " doubled</strong>.");
    if (v->holds && v->acknowledged_bookings > 3) {
        buf_z(out, " From so many without a loss follows: ");
        bound_words(out, v->acknowledged_bookings);
        buf_z(out, " would be lost on days like this one.");
    }
    buf_z(out, "</p>\n");
    if (!v->holds) {
        buf_z(out, "<ul>\n");
        if (findings_of(v)) {
            buf_z(out, "<li>The judges have ");
            count_words(out, findings_of(v), "finding", "findings");
            buf_z(out, ", told below.</li>\n");
        }
        for (size_t i = 0; i < v->why_not_count; i++) {
            buf_z(out, "<li>");
            text_html(out, str_of(v->why_not[i]));
            buf_z(out, "</li>\n");
        }
        buf_z(out, "</ul>\n");
    }
    buf_z(out, "</section>\n");
}

static void figure(struct buf *out, const char *name, int64_t n, const char *unit, const char *kind)
{
    buf_printf(out, "<div class=\"%s\"><dt>%s</dt><dd>", kind, name);
    text_count(out, n);
    buf_printf(out, "%s</dd></div>\n", unit);
}

static void write_figures(struct buf *out, const struct day *d, const struct verdict *v)
{
    int64_t kills = day_injected(d, DAY_KILL_SERVER) + day_injected(d, DAY_KILL_DATABASE);
    buf_z(out, "<section aria-labelledby=\"figures\">\n<h2 id=\"figures\">In figures</h2>\n"
               "<dl class=\"figures\">\n");
    figure(out, "bookings acknowledged", v->acknowledged_bookings, "", "");
    figure(out, "lost", v->lost, "", v->lost ? "wrong" : "");
    figure(out, "doubled", v->doubled, "", v->doubled ? "wrong" : "");
    figure(out, "changes acknowledged", v->acknowledged, "", "");
    figure(out, "without an answer", v->unknown, "", "");
    figure(out, "faults injected", day_injected_all(d), "", day_injected_all(d) ? "" : "wrong");
    figure(out, "of these kill -9", kills, "", "");
    if (v->ready_max)
        figure(out, "back again, 99 of 100 within", v->ready_p99, " ms",
               v->ready_p99 > d->ready_within_ms ? "wrong" : "");
    buf_z(out, "</dl>\n</section>\n");
}

/* ---- the judges ---- */

static void write_judges(struct buf *out, const struct verdict *v)
{
    buf_z(out,
          "<section aria-labelledby=\"judges\">\n<h2 id=\"judges\">What the judges say</h2>\n"
          "<div class=\"wide\"><table class=\"judges\">\n<caption>Each judge, how much it looked "
          "at, and what it found</caption>\n<thead><tr><th scope=\"col\">Judge</th>"
          "<th scope=\"col\">Question</th><th scope=\"col\" class=\"n\">Looked at</th>"
          "<th scope=\"col\" class=\"n\">Findings</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < v->count; i++) {
        const struct judgement *j = &v->judgement[i];
        bool blind = j->essential && j->looked_at == 0;
        bool wrong = j->findings || (j->essential && j->skipped) || blind;
        buf_printf(out, "<tr%s><th scope=\"row\">%s</th><td>", wrong ? " class=\"wrong\"" : "",
                   j->name);
        text_html(out, str_of(j->question));
        if (j->skipped) {
            buf_z(out, " <em>Not judged: ");
            text_html(out, str_of(j->why_skipped));
            buf_z(out, ".</em>");
        }
        buf_z(out, "</td><td class=\"n\">");
        text_count(out, j->looked_at);
        buf_z(out, "</td><td class=\"n\">");
        if (j->skipped)
            buf_z(out, "–");
        else
            text_count(out, j->findings);
        buf_z(out, j->findings ? " <span aria-hidden=\"true\">✕</span>" : "");
        buf_z(out, "</td></tr>\n");
    }
    buf_z(out, "</tbody></table></div>\n");
    for (size_t i = 0; i < v->count; i++) {
        const struct judgement *j = &v->judgement[i];
        if (j->findings == 0)
            continue;
        buf_printf(out, "<h3>%s: what it found</h3>\n<ul class=\"findings\">\n", j->name);
        for (size_t n = 0; n < j->told; n++) {
            buf_z(out, "<li>");
            text_html(out, j->finding[n]);
            buf_z(out, "</li>\n");
        }
        if (j->findings > (int64_t)j->told) {
            buf_z(out, "<li>and ");
            text_count(out, j->findings - (int64_t)j->told);
            buf_z(out, " more</li>\n");
        }
        buf_z(out, "</ul>\n");
    }
    buf_z(out, "</section>\n");
}

/* ---- what was asked ---- */

static void write_asked(struct buf *out, const struct day *d)
{
    struct tally t;
    tally_day(d, &t);
    buf_z(out,
          "<section aria-labelledby=\"asked\">\n<h2 id=\"asked\">What was asked</h2>\n"
          "<div class=\"wide\"><table>\n<caption>Calls by what they asked for and by their "
          "outcome; a retry is a call of its own</caption>\n<thead><tr>"
          "<th scope=\"col\">Call</th><th scope=\"col\" class=\"n\">Acknowledged</th>"
          "<th scope=\"col\" class=\"n\">Refused</th><th scope=\"col\" class=\"n\">Unknown</th>"
          "</tr></thead>\n<tbody>\n");
    for (enum day_verb verb = 0; verb < DAY_VERBS; verb++) {
        if (t.of[verb][0] + t.of[verb][1] + t.of[verb][2] == 0)
            continue;
        buf_printf(out, "<tr><th scope=\"row\">%s</th>", verb_words(verb));
        for (size_t o = 0; o < 3; o++) {
            buf_z(out, "<td class=\"n\">");
            text_count(out, t.of[verb][o]);
            buf_z(out, "</td>");
        }
        buf_z(out, "</tr>\n");
    }
    buf_z(out, "</tbody></table></div>\n</section>\n");
}

/* ---- the timeline ---- */

static void write_timeline(struct buf *out, const struct day *d)
{
    const struct day_event *event = day_rows(&d->events);
    size_t shown = 0, more = 0;
    buf_z(out, "<section aria-labelledby=\"timeline\">\n<h2 id=\"timeline\">The day, chapter by "
               "chapter</h2>\n<ol class=\"timeline\">\n");
    for (size_t i = 0, from = 0; next_chapter(d, &i); from = i++) {
        if (shown == CHAPTERS_SHOWN) {
            more++;
            continue;
        }
        shown++;
        buf_z(out, "<li><span class=\"clock\">");
        clock_words(out, event[i].at);
        buf_z(out, "</span><p>");
        text_html(out, event[i].text);
        struct meanwhile m;
        meanwhile_of(d, from, i, &m);
        buf_z(out, "</p>");
        size_t before = out->len;
        buf_z(out, "<p class=\"meanwhile\">until then: ");
        size_t empty = out->len;
        meanwhile_words(out, &m);
        if (out->len == empty)
            out->len = before;
        else
            buf_z(out, "</p>");
        buf_z(out, "</li>\n");
    }
    buf_z(out, "</ol>\n");
    if (more) {
        buf_z(out, "<p>And ");
        count_words(out, (int64_t)more, "more chapter", "more chapters");
        buf_z(out, "; the history file has them all.</p>\n");
    }
    buf_z(out, "</section>\n");
}

/* ---- how to read it ---- */

static void write_words(struct buf *out)
{
    buf_z(
        out,
        "<section aria-labelledby=\"words\">\n<h2 id=\"words\">How to read this</h2>\n<dl "
        "class=\"words\">\n"
        "<dt>Acknowledged</dt><dd>The system said yes (2xx). It has to keep that word through "
        "every fault.</dd>\n"
        "<dt>Refused</dt><dd>It said no (4xx). Then nothing may have happened.</dd>\n"
        "<dt>Unknown</dt><dd>No answer came, or an error of the system's own. The change may have "
        "happened or not; clients ask again, and it may not happen twice.</dd>\n"
        "<dt>Lost</dt><dd>An acknowledged booking that is gone, or without its last acknowledged "
        "change.</dd>\n"
        "<dt>Doubled</dt><dd>A second booking for one request, or a person in two visits at "
        "once.</dd>\n"
        "<dt>95 % confidence</dt><dd>Where nothing was found in N tries, the true rate is below "
        "3/N with this confidence. No number of good days proves that there is no fault.</dd>\n"
        "<dt>kill -9</dt><dd>The process is ended in the middle of whatever it does, without a "
        "word of warning, and started again.</dd>\n"
        "</dl>\n</section>\n");
}

void report_html(const struct day *d, const struct verdict *v, struct str command, struct buf *out)
{
    write_head(out, d, v);
    write_title(out, d);
    write_verdict(out, d, v);
    write_figures(out, d, v);
    write_judges(out, v);
    buf_z(out, "<section aria-labelledby=\"pictures\">\n<h2 id=\"pictures\">The day in "
               "pictures</h2>\n<div class=\"pictures\">\n");
    chart_answers(d, out);
    chart_times(d, out);
    chart_ways_back(d, v, out);
    chart_letters(d, out);
    buf_z(out, "</div>\n</section>\n");
    write_timeline(out, d);
    write_asked(out, d);
    write_words(out);
    buf_z(out,
          "<section aria-labelledby=\"again\">\n<h2 id=\"again\">Play it again</h2>\n<p>The same "
          "seed asks for the same things in the same order, as far as the answers let "
          "it.</p>\n<pre><code>");
    text_html(out, command);
    buf_printf(out,
               "</code></pre>\n</section>\n</main>\n<footer><p>careops %s</p></footer>\n"
               "</body>\n</html>\n",
               CAREOPS_VERSION);
}
