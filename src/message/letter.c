/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * letter: from what happened to a subject, a text, an HTML page and a calendar part. See letter.h.
 *
 * One walk over the words feeds two writers, so that the text and the HTML cannot say different
 * things.
 */
#include "message/letter.h"

#include "base/seal.h"
#include "mail/text.h"
#include "message/letter_fields.h"
#include "message/letter_words.h"

#include <assert.h>
#include <string.h>

enum { BODY_LIMIT = MAIL_BODY_MAX, URL_MAX = 2000 };

/* ---- the two writers ---- */

static void put_plain(struct buf *out, struct str s)
{
    buf_str(out, s);
}

static void put_escaped(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        switch (s.ptr[i]) {
        case '&': buf_z(out, "&amp;"); break;
        case '<': buf_z(out, "&lt;"); break;
        case '>': buf_z(out, "&gt;"); break;
        case '"': buf_z(out, "&quot;"); break;
        case '\'': buf_z(out, "&#39;"); break;
        default: buf_byte(out, s.ptr[i]);
        }
    }
}

static void put_words(struct buf *out, const char *words, const struct letter_values *v,
                      letter_put put)
{
    letter_fill(out, str_of(words), v, put);
}

static const char *greeting(const struct letter_values *v)
{
    return v->words[LETTER_FIELD_RECIPIENT].len ? letter_greeting : letter_greeting_no_name;
}

static bool url_ok(struct str url)
{
    return url.len <= URL_MAX && text_is_visible_ascii(url) &&
           (str_starts(url, STR("https://")) || str_starts(url, STR("http://")));
}

/* Takes the first line off `rest`, without its end. */
static struct str next_line(struct str *rest)
{
    const char *end = memchr(rest->ptr, '\n', rest->len);
    struct str line = {rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len};
    size_t used = end ? line.len + 1 : line.len;
    *rest = (struct str){rest->ptr + used, rest->len - used};
    return line;
}

static void write_said_text(struct buf *out, const struct letter_words *w, struct str said)
{
    if (w->said == SAID_NOT || said.len == 0)
        return;
    while (said.len) {
        buf_z(out, w->said == SAID_QUOTED ? "> " : "");
        buf_str(out, next_line(&said));
        buf_byte(out, '\n');
    }
    buf_byte(out, '\n');
}

static void write_said_html(struct buf *out, const struct letter_words *w, struct str said)
{
    if (w->said == SAID_NOT || said.len == 0)
        return;
    buf_z(out, w->said == SAID_QUOTED
                   ? "<blockquote style=\"margin:0 0 20px;padding:2px 0 2px 14px;"
                     "border-left:3px solid #c9c4ba\">"
                   : "<div style=\"margin:0 0 20px\">");
    while (said.len) {
        put_escaped(out, next_line(&said));
        buf_z(out, said.len ? "<br>\n" : "");
    }
    buf_z(out, w->said == SAID_QUOTED ? "</blockquote>\n" : "</div>\n");
}

/* ---- the owner's words, where there are any, else ours ---- */

static struct str subject_of(const struct letter_words *w, const struct letter_in *in)
{
    return in->own_subject.len ? in->own_subject : str_of(w->subject);
}

static struct str heading_of(const struct letter_words *w, const struct letter_in *in)
{
    return in->own_subject.len ? in->own_subject : str_of(w->heading);
}

static struct str body_of(const struct letter_words *w, const struct letter_in *in)
{
    return in->own_body.len ? in->own_body : str_of(w->body);
}

static void write_text(struct buf *out, const struct letter_words *w, const struct letter_in *in,
                       const struct letter_values *v)
{
    put_words(out, greeting(v), v, put_plain);
    buf_z(out, "\n\n");
    letter_fill(out, body_of(w, in), v, put_plain);
    buf_z(out, "\n\n");
    write_said_text(out, w, in->said);
    bool any = false;
    for (size_t i = 0; i < LETTER_FACTS_MAX && w->facts[i] != FACT_NONE; i++) {
        struct str value = v->facts[w->facts[i]];
        if (value.len == 0)
            continue;
        buf_printf(out, "%s: " STR_FMT "\n", letter_fact_labels[w->facts[i]], STR_ARG(value));
        any = true;
    }
    if (any)
        buf_byte(out, '\n');
    if (url_ok(in->url))
        buf_printf(out, "%s:\n" STR_FMT "\n\n", w->button, STR_ARG(in->url));
    if (*w->closing) {
        put_words(out, w->closing, v, put_plain);
        buf_z(out, "\n\n");
    }
    buf_z(out, "-- \n");
    put_words(out, "{business}", v, put_plain);
    buf_byte(out, '\n');
    if (url_ok(in->unsubscribe_url))
        buf_printf(out, "%s:\n" STR_FMT "\n", letter_unsubscribe, STR_ARG(in->unsubscribe_url));
}

static void write_html_facts(struct buf *out, const struct letter_words *w,
                             const struct letter_values *v)
{
    buf_z(out, "<table role=\"presentation\" style=\"border-collapse:collapse;margin:0 0 20px\">");
    for (size_t i = 0; i < LETTER_FACTS_MAX && w->facts[i] != FACT_NONE; i++) {
        struct str value = v->facts[w->facts[i]];
        if (value.len == 0)
            continue;
        buf_z(out, "<tr><td style=\"padding:4px 16px 4px 0;color:#5c6370;vertical-align:top\">");
        buf_z(out, letter_fact_labels[w->facts[i]]);
        buf_z(out, "</td><td style=\"padding:4px 0;font-weight:600\">");
        put_escaped(out, value);
        buf_z(out, "</td></tr>");
    }
    buf_z(out, "</table>\n");
}

static void write_html_button(struct buf *out, const struct letter_words *w, struct str url)
{
    buf_z(out, "<p style=\"margin:0 0 20px\"><a href=\"");
    put_escaped(out, url);
    buf_z(out, "\" style=\"display:inline-block;padding:12px 20px;border-radius:8px;"
               "background:#1f4b43;color:#ffffff;text-decoration:none;font-weight:600\">");
    put_escaped(out, str_of(w->button));
    buf_z(out, "</a></p>\n");
}

static void write_html_paragraph(struct buf *out, const char *words, const struct letter_values *v)
{
    buf_z(out, "<p style=\"margin:0 0 16px\">");
    put_words(out, words, v, put_escaped);
    buf_z(out, "</p>\n");
}

/* Paragraphs are parted by empty lines, and lines by a break. */
static void write_html_body(struct buf *out, struct str body, const struct letter_values *v)
{
    bool open = false;
    while (body.len) {
        struct str line = next_line(&body);
        if (line.len == 0) {
            buf_z(out, open ? "</p>\n" : "");
            open = false;
            continue;
        }
        buf_z(out, open ? "<br>\n" : "<p style=\"margin:0 0 16px\">");
        letter_fill(out, line, v, put_escaped);
        open = true;
    }
    buf_z(out, open ? "</p>\n" : "");
}

static void write_html_footer(struct buf *out, const struct letter_in *in,
                              const struct letter_values *v)
{
    buf_z(out, "<p style=\"margin:24px 0 0;padding-top:16px;border-top:1px solid #e3e0da;"
               "color:#5c6370;font-size:14px\">");
    put_words(out, "{business}", v, put_escaped);
    if (url_ok(in->unsubscribe_url)) {
        buf_z(out, "<br>\n<a style=\"color:#5c6370\" href=\"");
        put_escaped(out, in->unsubscribe_url);
        buf_printf(out, "\">%s</a>", letter_unsubscribe);
    }
    buf_z(out, "</p>\n");
}

static void write_html(struct buf *out, const struct letter_words *w, const struct letter_in *in,
                       const struct letter_values *v)
{
    buf_z(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width\"><title>");
    letter_fill(out, heading_of(w, in), v, put_escaped);
    buf_z(out, "</title></head>\n<body style=\"margin:0;padding:24px 16px;background:#f4f2ee;"
               "color:#1d2129;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif\">\n"
               "<div style=\"max-width:560px;margin:0 auto;padding:28px;border-radius:12px;"
               "background:#ffffff\">\n<h1 style=\"margin:0 0 16px;font-size:22px;"
               "line-height:1.3\">");
    letter_fill(out, heading_of(w, in), v, put_escaped);
    buf_z(out, "</h1>\n");
    write_html_paragraph(out, greeting(v), v);
    write_html_body(out, body_of(w, in), v);
    write_said_html(out, w, in->said);
    write_html_facts(out, w, v);
    if (url_ok(in->url))
        write_html_button(out, w, in->url);
    if (*w->closing)
        write_html_paragraph(out, w->closing, v);
    write_html_footer(out, in, v);
    buf_z(out, "</div></body></html>\n");
}

/* ---- the letter ---- */

static void write_calendar(struct arena *a, enum letter_kind kind, const struct ics_event *event,
                           struct letter *ret)
{
    const char *method = kind == LETTER_BOOKING_CANCELLED ? "CANCEL" : "REQUEST";
    if (!mail_address_ok(event->organizer_address))
        method = "PUBLISH";
    struct buf out;
    buf_init(&out, MAIL_CALENDAR_MAX);
    ics_write(&out, method, event);
    if (!out.overflow) {
        ret->calendar = str_copy(a, buf_view(&out));
        ret->calendar_method = str_of(method);
    }
    buf_done(&out);
}

void letter_write(struct arena *a, enum letter_kind kind, const struct letter_in *in,
                  struct letter *ret)
{
    assert(kind < LETTER__MAX && in->said.len <= LETTER_SAID_MAX);
    const struct letter_words *w = &letter_words[kind];
    struct letter_values v;
    letter_values_of(a, in, &v);

    struct buf out;
    buf_init(&out, BODY_LIMIT);
    *ret = (struct letter){0};
    letter_fill(&out, subject_of(w, in), &v, put_plain);
    ret->subject = letter_line(a, buf_view(&out), MAIL_SUBJECT_MAX);
    if (ret->subject.len == 0) { /* their words are {phone}, and there is none: ours then */
        buf_done(&out);
        assert(in->own_subject.len > 0); /* ours never come out empty */
        struct letter_in ours = *in;
        ours.own_subject = STR("");
        letter_write(a, kind, &ours, ret);
        return;
    }
    buf_reset(&out);
    write_text(&out, w, in, &v);
    ret->text = str_copy(a, buf_view(&out));
    if (w->secret)
        str_wipe(buf_view(&out));
    buf_reset(&out);
    write_html(&out, w, in, &v);
    assert(!out.overflow); /* every value is bounded */
    ret->html = str_copy(a, buf_view(&out));
    if (w->secret)
        str_wipe(buf_view(&out));
    buf_done(&out);
    if (in->event)
        write_calendar(a, kind, in->event, ret);
}
