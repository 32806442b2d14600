/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * ics: one VEVENT in one VCALENDAR (RFC 5545, RFC 5546).
 *
 * A content line is first put together in a scratch buffer and then folded, so that no value can
 * begin a line of its own.
 */
#include "base/civil.h"
#include "mail/mail.h"
#include "mail/text.h"

#include <string.h>

enum {
    FOLD_MAX = 75, /* octets of a line without its CRLF (§3.1) */
    LINE_LIMIT = 4 * ICS_TEXT_MAX,
};

struct writer {
    struct buf *out;
    struct buf line;
};

/* Folds between characters, never inside one. */
static void end_line(struct writer *w)
{
    struct str s = buf_view(&w->line);
    size_t column = 0;
    size_t len;
    for (size_t i = 0; i < s.len; i += len) {
        uint32_t c;
        len = text_char(s, i, &c);
        if (column + len > FOLD_MAX) {
            buf_z(w->out, "\r\n ");
            column = 1;
        }
        buf_add(w->out, s.ptr + i, len);
        column += len;
    }
    buf_z(w->out, "\r\n");
    buf_reset(&w->line);
}

static void plain(struct writer *w, const char *text)
{
    buf_z(&w->line, text);
    end_line(w);
}

/* At most ICS_TEXT_MAX bytes, cut between characters. */
static struct str bounded(struct str s)
{
    if (s.len <= ICS_TEXT_MAX)
        return s;
    size_t len = ICS_TEXT_MAX;
    while (len > 0 && ((unsigned char)s.ptr[len] & 0xC0) == 0x80)
        len--;
    return (struct str){s.ptr, len};
}

/* Some readers break lines at these too. */
static bool is_separator(uint32_t c)
{
    return c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* TEXT (§3.3.11): every kind of line end becomes \n, other control characters go. */
static void text_value(struct writer *w, struct str s)
{
    s = bounded(s);
    size_t len;
    for (size_t i = 0; i < s.len; i += len) {
        len = text_line_end(s, i);
        if (len > 0) {
            buf_z(&w->line, "\\n");
            continue;
        }
        uint32_t c;
        len = text_char(s, i, &c);
        if (is_separator(c)) {
            buf_z(&w->line, "\\n");
        } else if (c == '\t') {
            buf_byte(&w->line, ' ');
        } else if (!text_is_control(c)) {
            if (c == '\\' || c == ';' || c == ',')
                buf_byte(&w->line, '\\');
            buf_add(&w->line, s.ptr + i, len);
        }
    }
}

static void text_line(struct writer *w, const char *name, struct str value)
{
    if (value.len == 0)
        return;
    buf_z(&w->line, name);
    buf_byte(&w->line, ':');
    text_value(w, value);
    end_line(w);
}

static void instant_line(struct writer *w, const char *name, int64_t at_s)
{
    struct civil c = civil_from_days(at_s / SECONDS_PER_DAY);
    int second = (int)(at_s % SECONDS_PER_DAY);
    buf_printf(&w->line, "%s:%04d%02d%02dT%02d%02d%02dZ", name, c.year, c.month, c.day,
               second / 3600, second / 60 % 60, second % 60);
    end_line(w);
}

/*
 * ;CN="…": a quoted parameter value cannot hold a quotation mark (§3.2), and readers disagree about
 * a backslash and, since RFC 6868, about a circumflex; so these three get a stand-in.
 */
static char name_char(char c)
{
    switch (c) {
    case '"': return '\'';
    case '\\': return '/';
    case '^': return '-';
    default: return c;
    }
}

static void common_name(struct writer *w, struct str name)
{
    struct buf clean;
    buf_init(&clean, ICS_TEXT_MAX);
    text_header(&clean, bounded(name));
    if (clean.len > 0) {
        buf_z(&w->line, ";CN=\"");
        for (size_t i = 0; i < clean.len; i++)
            buf_byte(&w->line, name_char(clean.ptr[i]));
        buf_byte(&w->line, '"');
    }
    buf_done(&clean);
}

/* mailto: with what RFC 6068 §2 wants encoded. */
static void mailto(struct writer *w, struct str address)
{
    static const char hex[] = "0123456789ABCDEF";
    buf_z(&w->line, ":mailto:");
    for (size_t i = 0; i < address.len; i++) {
        char c = address.ptr[i];
        if (c != '\0' && strchr("%/?#[]&;=`{|}^\"<>\\", c)) {
            buf_byte(&w->line, '%');
            buf_byte(&w->line, hex[(unsigned char)c >> 4]);
            buf_byte(&w->line, hex[(unsigned char)c & 15]);
        } else {
            buf_byte(&w->line, c);
        }
    }
    end_line(w);
}

static void people(struct writer *w, const char *method, const struct ics_event *e)
{
    if (mail_address_ok(e->organizer_address)) {
        buf_z(&w->line, "ORGANIZER");
        common_name(w, e->organizer_name);
        mailto(w, e->organizer_address);
    }
    if (strcmp(method, "PUBLISH") != 0 && mail_address_ok(e->attendee_address)) {
        buf_z(&w->line, "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED");
        common_name(w, e->attendee_name);
        mailto(w, e->attendee_address);
    }
}

static bool url_ok(struct str url)
{
    return url.len <= 2000 && text_is_visible_ascii(url) &&
           (str_starts(url, STR("https://")) || str_starts(url, STR("http://")));
}

void ics_write(struct buf *out, const char *method, const struct ics_event *e)
{
    struct writer w = {.out = out};
    buf_init(&w.line, LINE_LIMIT);

    plain(&w, "BEGIN:VCALENDAR");
    plain(&w, "VERSION:2.0");
    plain(&w, "PRODID:-//CareOps//Bookings//EN");
    plain(&w, "CALSCALE:GREGORIAN");
    buf_z(&w.line, "METHOD:");
    plain(&w, method);
    plain(&w, "BEGIN:VEVENT");
    text_line(&w, "UID", e->uid);
    buf_printf(&w.line, "SEQUENCE:%d", e->sequence);
    end_line(&w);
    instant_line(&w, "DTSTAMP", e->stamp_s);
    instant_line(&w, "DTSTART", e->start_s);
    instant_line(&w, "DTEND", e->end_s);
    text_line(&w, "SUMMARY", e->summary);
    text_line(&w, "DESCRIPTION", e->description);
    text_line(&w, "LOCATION", e->location);
    if (url_ok(e->url)) {
        buf_z(&w.line, "URL:");
        buf_str(&w.line, e->url);
        end_line(&w);
    }
    people(&w, method, e);
    plain(&w, e->cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
    plain(&w, e->cancelled ? "TRANSP:TRANSPARENT" : "TRANSP:OPAQUE");
    plain(&w, "END:VEVENT");
    plain(&w, "END:VCALENDAR");
    buf_done(&w.line);
}
