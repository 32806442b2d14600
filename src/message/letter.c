/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * letter: from what happened to a subject, a text, an HTML page and a calendar part. See letter.h.
 *
 * One walk over the words feeds two writers, so that the text and the HTML cannot say different
 * things.
 */
#include "message/letter.h"

#include "base/app.h"
#include "base/seal.h"
#include "mail/text.h"
#include "message/letter_words.h"
#include "message/outbox.h"

#include <assert.h>
#include <string.h>

enum {
    VALUE_MAX = 400, /* bytes of one value */
    NAME_SHOWN_MAX = 120,
    BODY_LIMIT = MAIL_BODY_MAX,
    URL_MAX = 2000,
};

/* ---- values ---- */

enum value {
    VALUE_BUSINESS,
    VALUE_RECIPIENT,
    VALUE_CLIENT,
    VALUE_STAFF,
    VALUE_DATE,
    VALUE_TIME,
    VALUE_ITEM,
    VALUE_MINUTES,
    VALUE__MAX,
};

static const char *const value_names[VALUE__MAX] = {
    [VALUE_BUSINESS] = "business", [VALUE_RECIPIENT] = "recipient", [VALUE_CLIENT] = "client",
    [VALUE_STAFF] = "staff",       [VALUE_DATE] = "date",           [VALUE_TIME] = "time",
    [VALUE_ITEM] = "item",         [VALUE_MINUTES] = "minutes",
};

struct values {
    struct str words[VALUE__MAX];
    struct str facts[FACT__MAX];
};

/* One line of at most `max` bytes, cut between characters. */
static struct str one_line(struct arena *a, struct str s, size_t max)
{
    struct buf out;
    buf_init(&out, BODY_LIMIT);
    text_header(&out, s);
    size_t len = out.len;
    if (len > max) {
        len = max;
        while (len > 0 && ((unsigned char)out.ptr[len] & 0xC0) == 0x80)
            len--;
    }
    struct str ret = str_copy(a, (struct str){out.ptr ? out.ptr : "", len});
    buf_done(&out);
    return ret;
}

static bool contains(struct str s, const char *part)
{
    return s.len > 0 && memmem(s.ptr, s.len, part, strlen(part)) != NULL;
}

/*
 * A stranger can book in somebody else's name and have us write to them. A name that carries an
 * address or a link would make our letter theirs, so such a name is not repeated.
 */
static struct str person(struct arena *a, struct str name)
{
    struct str s = one_line(a, name, NAME_SHOWN_MAX);
    bool carries_link = contains(s, "/") || contains(s, "@") || contains(s, ":") ||
                        contains(s, "www.") || contains(s, "WWW.");
    return carries_link ? STR("") : s;
}

static bool reads_12_hours(struct str locale)
{
    static const char *const tags[] = {"en-US", "en-CA", "en-AU", "en-NZ", "en-IN", "en-PH"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (str_is(locale, tags[i]))
            return true;
    return false;
}

static struct str clock_text(struct arena *a, const struct letter_business *b, int64_t at_s)
{
    int minutes = tz_wall_s(b->tz, at_s) / 60;
    int hour = minutes / 60;
    if (!reads_12_hours(b->locale))
        return str_printf(a, "%02d:%02d", hour, minutes % 60);
    return str_printf(a, "%d:%02d %s", hour % 12 == 0 ? 12 : hour % 12, minutes % 60,
                      hour < 12 ? "am" : "pm");
}

static struct str date_text(struct arena *a, const struct letter_business *b, int64_t at_s)
{
    int64_t date = tz_date(b->tz, at_s);
    struct civil c = civil_from_days(date);
    return str_printf(a, "%s %d %s %d", letter_weekdays[civil_weekday(date) - 1], c.day,
                      letter_months[c.month - 1], c.year);
}

/* "Monday 23 November 2026, 10:00 to 10:45 (Europe/Berlin time)" */
static struct str when_text(struct arena *a, const struct letter_business *b, int64_t start_s,
                            int64_t end_s)
{
    struct str date = date_text(a, b, start_s);
    struct str start = clock_text(a, b, start_s);
    if (end_s == 0)
        return str_printf(a, STR_FMT ", " STR_FMT, STR_ARG(date), STR_ARG(start));
    struct str end = clock_text(a, b, end_s);
    return str_printf(a, STR_FMT ", " STR_FMT " to " STR_FMT " (%s time)", STR_ARG(date),
                      STR_ARG(start), STR_ARG(end), tz_name(b->tz));
}

/* Whole days by their dates; else from a time to a time, of two dates where they differ. */
static struct str span_text(struct arena *a, const struct letter_business *b, int64_t start_s,
                            int64_t end_s)
{
    int64_t first = tz_day_of(b->tz, start_s), last = tz_day_of(b->tz, end_s - 1);
    if (start_s == tz_day_start(b->tz, first) && end_s == tz_day_end(b->tz, last)) {
        struct str from = date_text(a, b, start_s);
        struct str to = date_text(a, b, end_s - 1);
        return first == last ? from
                             : str_printf(a, STR_FMT " to " STR_FMT, STR_ARG(from), STR_ARG(to));
    }
    if (first == last)
        return when_text(a, b, start_s, end_s);
    struct str from = when_text(a, b, start_s, 0);
    struct str to = when_text(a, b, end_s, 0);
    return str_printf(a, STR_FMT " to " STR_FMT " (%s time)", STR_ARG(from), STR_ARG(to),
                      tz_name(b->tz));
}

static void time_off_values(struct arena *a, const struct letter_in *in, struct values *v)
{
    const struct letter_time_off *t = in->time_off;
    v->words[VALUE_STAFF] = person(a, t->staff_name);
    if (v->words[VALUE_STAFF].len == 0)
        v->words[VALUE_STAFF] = STR("A member of your team");
    v->facts[FACT_WHEN] = span_text(a, in->business, t->start_s, t->end_s);
    v->facts[FACT_REASON] = one_line(a, t->reason, VALUE_MAX);
    v->facts[FACT_NOTE] = one_line(a, t->note, VALUE_MAX);
}

static void booking_values(struct arena *a, const struct letter_in *in, struct values *v)
{
    const struct letter_business *business = in->business;
    const struct letter_booking *b = in->booking;
    v->words[VALUE_CLIENT] = person(a, b->client_name);
    if (v->words[VALUE_CLIENT].len == 0)
        v->words[VALUE_CLIENT] = STR("A client");
    v->words[VALUE_STAFF] = one_line(a, b->staff_name, NAME_SHOWN_MAX);
    v->words[VALUE_DATE] = date_text(a, business, b->start_s);
    v->words[VALUE_TIME] = clock_text(a, business, b->start_s);
    v->facts[FACT_WHEN] = when_text(a, business, b->start_s, b->end_s);
    if (b->previous_start_s)
        v->facts[FACT_BEFORE] = when_text(a, business, b->previous_start_s, 0);
    v->facts[FACT_CLIENT] = v->words[VALUE_CLIENT];
    v->facts[FACT_SERVICES] = one_line(a, b->services, VALUE_MAX);
    v->facts[FACT_STAFF] = v->words[VALUE_STAFF];
    v->facts[FACT_PRICE] = one_line(a, b->price, VALUE_MAX);
}

static void client_values(struct arena *a, const struct letter_client *c, struct values *v)
{
    struct str name = person(a, c->name);
    v->words[VALUE_CLIENT] = name.len ? name : STR("A client");
    v->facts[FACT_CLIENT] = v->words[VALUE_CLIENT];
    v->facts[FACT_CLIENT_EMAIL] = one_line(a, c->email, VALUE_MAX);
    v->facts[FACT_CLIENT_PHONE] = one_line(a, c->phone, VALUE_MAX);
}

static void gather(struct arena *a, const struct letter_in *in, struct values *v)
{
    *v = (struct values){0};
    v->words[VALUE_BUSINESS] = one_line(a, in->business->name, VALUE_MAX);
    v->words[VALUE_RECIPIENT] = person(a, in->to_name);
    v->words[VALUE_ITEM] = one_line(a, in->item, VALUE_MAX);
    v->words[VALUE_MINUTES] = str_printf(a, "%d", in->valid_min);
    v->facts[FACT_WHERE] = one_line(a, in->business->address, VALUE_MAX);
    v->facts[FACT_PHONE] = one_line(a, in->business->phone, VALUE_MAX);
    v->facts[FACT_ITEM] = v->words[VALUE_ITEM];
    v->facts[FACT_AVAILABLE] = one_line(a, in->available, VALUE_MAX);
    v->facts[FACT_REORDER_POINT] = one_line(a, in->reorder_point, VALUE_MAX);
    v->facts[FACT_EMAIL] = one_line(a, in->to_address, VALUE_MAX);
    v->facts[FACT_PASSWORD] = one_line(a, in->password, VALUE_MAX);
    if (in->booking)
        booking_values(a, in, v);
    if (in->client)
        client_values(a, in->client, v);
    v->facts[FACT_ANSWER_TO] = one_line(a, in->business->reply_to, VALUE_MAX);
    if (in->time_off)
        time_off_values(a, in, v);
}

/* ---- the two writers ---- */

typedef void (*put_fn)(struct buf *out, struct str s);

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

/* The value that "{name}" at `open` names; *ret_end is behind the brace. The catalogue is ours: an
 * unknown name is our mistake. */
static struct str value_at(const struct values *v, const char *open, const char **ret_end)
{
    const char *close = strchr(open, '}');
    assert(close);
    struct str name = {open + 1, (size_t)(close - open - 1)};
    *ret_end = close + 1;
    for (size_t i = 0; i < VALUE__MAX; i++)
        if (str_is(name, value_names[i]))
            return v->words[i];
    assert(!"a placeholder of letter_words.c has no value");
    return STR("");
}

static void fill(struct buf *out, const char *words, const struct values *v, put_fn put)
{
    for (const char *p = words; *p;) {
        size_t plain = strcspn(p, "{");
        put(out, (struct str){p, plain});
        p += plain;
        if (*p == '{')
            put(out, value_at(v, p, &p));
    }
}

static const char *greeting(const struct values *v)
{
    return v->words[VALUE_RECIPIENT].len ? letter_greeting : letter_greeting_no_name;
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

static void write_text(struct buf *out, const struct letter_words *w, const struct letter_in *in,
                       const struct values *v)
{
    fill(out, greeting(v), v, put_plain);
    buf_z(out, "\n\n");
    fill(out, w->body, v, put_plain);
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
        fill(out, w->closing, v, put_plain);
        buf_z(out, "\n\n");
    }
    buf_z(out, "-- \n");
    fill(out, "{business}", v, put_plain);
    buf_byte(out, '\n');
}

static void write_html_facts(struct buf *out, const struct letter_words *w, const struct values *v)
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

static void write_html_paragraph(struct buf *out, const char *words, const struct values *v)
{
    buf_z(out, "<p style=\"margin:0 0 16px\">");
    fill(out, words, v, put_escaped);
    buf_z(out, "</p>\n");
}

static void write_html(struct buf *out, const struct letter_words *w, const struct letter_in *in,
                       const struct values *v)
{
    buf_z(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width\"><title>");
    fill(out, w->heading, v, put_escaped);
    buf_z(out, "</title></head>\n<body style=\"margin:0;padding:24px 16px;background:#f4f2ee;"
               "color:#1d2129;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif\">\n"
               "<div style=\"max-width:560px;margin:0 auto;padding:28px;border-radius:12px;"
               "background:#ffffff\">\n<h1 style=\"margin:0 0 16px;font-size:22px;"
               "line-height:1.3\">");
    fill(out, w->heading, v, put_escaped);
    buf_z(out, "</h1>\n");
    write_html_paragraph(out, greeting(v), v);
    write_html_paragraph(out, w->body, v);
    write_said_html(out, w, in->said);
    write_html_facts(out, w, v);
    if (url_ok(in->url))
        write_html_button(out, w, in->url);
    if (*w->closing)
        write_html_paragraph(out, w->closing, v);
    buf_z(out, "<p style=\"margin:24px 0 0;padding-top:16px;border-top:1px solid #e3e0da;"
               "color:#5c6370;font-size:14px\">");
    fill(out, "{business}", v, put_escaped);
    buf_z(out, "</p>\n</div></body></html>\n");
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
    struct values v;
    gather(a, in, &v);

    struct buf out;
    buf_init(&out, BODY_LIMIT);
    *ret = (struct letter){0};
    fill(&out, w->subject, &v, put_plain);
    ret->subject = one_line(a, buf_view(&out), MAIL_SUBJECT_MAX);
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

/* Nothing of a secret stays in memory or comes into the database readable. */
static void seal_words(struct work *w, struct letter *l)
{
    const struct seal *seal = w->app ? w->app->seal : NULL;
    if (!seal)
        return;
    struct letter open = *l;
    l->text = seal_close(seal, w->arena, open.text);
    l->html = seal_close(seal, w->arena, open.html);
    str_wipe(open.text);
    str_wipe(open.html);
}

enum result letter_send(struct work *w, enum letter_kind kind, const struct letter_in *in,
                        int64_t subject_id, struct str occurrence)
{
    struct letter letter;
    letter_write(w->arena, kind, in, &letter);
    if (letter_words[kind].secret)
        seal_words(w, &letter);
    struct outbox_message m = {
        .kind = letter_kind_name(kind),
        .subject_id = subject_id,
        .occurrence = occurrence,
        .to_name = person(w->arena, in->to_name),
        .to_address = in->to_address,
        .subject = letter.subject,
        .body_text = letter.text,
        .body_html = letter.html,
        .calendar = letter.calendar,
        .calendar_method = letter.calendar_method,
        .from_name = one_line(w->arena, in->business->name, MAIL_NAME_MAX),
        .reply_to = in->business->reply_to,
        .booking_id = in->booking ? in->booking->id : 0,
        .client_id = in->booking  ? in->booking->client_id
                     : in->client ? in->client->id
                                  : 0,
        .ret_id = in->ret_message_id,
    };
    return outbox_put(w, &m);
}

const char *letter_kind_name(enum letter_kind kind)
{
    assert(kind < LETTER__MAX);
    return letter_kind_names[kind == LETTER_STAFF_JOIN ? LETTER_STAFF_INVITATION : kind];
}

bool letter_is_secret(struct str kind)
{
    for (size_t i = 0; letter_kind_names[i]; i++)
        if (str_is(kind, letter_kind_names[i]))
            return letter_words[i].secret;
    return false;
}
