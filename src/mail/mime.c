/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mime: header lines and quoted-printable. See mime.h. */
#include "mail/mime.h"

#include "base/civil.h"
#include "mail/text.h"

#include <string.h>

enum {
    LINE_MAX_ENCODED = 76, /* RFC 2047 §2: a line with an encoded word; RFC 2045 §6.7 (5) */
    LINE_MAX_PLAIN = 78,   /* RFC 5322 §2.1.1 */
    WORD_FRAME = 12,       /* "=?utf-8?q?" and "?=" */
    HEADER_LIMIT = 2048,   /* of one cleaned text: all callers' bounds are lower */
};

static const char HEX[] = "0123456789ABCDEF";

static void hex_byte(struct buf *out, char c)
{
    unsigned char u = (unsigned char)c;
    const char text[3] = {'=', HEX[u >> 4], HEX[u & 15]};
    buf_add(out, text, sizeof text);
}

/* Can stand as it is: printable ASCII that no reader takes for an encoded word. */
static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < 0x20 || s.ptr[i] > 0x7E)
            return false;
        if (s.ptr[i] == '=' && i + 1 < s.len && s.ptr[i + 1] == '?')
            return false;
    }
    return true;
}

/* What RFC 2047 §5 (3) allows bare in a phrase, the narrowest of its places. */
static bool word_safe(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!*+-/", c) != NULL);
}

/* Encoded words from `column` on, folded between words; a character is never split (§5). Gives the
 * column. */
static size_t encoded_words(struct buf *out, size_t column, struct str s)
{
    size_t room = LINE_MAX_ENCODED - WORD_FRAME - column;
    buf_z(out, "=?utf-8?q?");
    size_t len;
    size_t used = 0;
    for (size_t i = 0; i < s.len; i += len) {
        uint32_t c;
        len = text_char(s, i, &c);
        bool bare = s.ptr[i] == ' ' || word_safe(s.ptr[i]);
        size_t need = bare ? 1 : 3 * len;
        if (used + need > room) {
            buf_z(out, "?=\r\n =?utf-8?q?");
            column = 1;
            room = LINE_MAX_ENCODED - WORD_FRAME - column;
            used = 0;
        }
        used += need;
        for (size_t k = 0; k < len; k++) {
            if (!bare)
                hex_byte(out, s.ptr[i + k]);
            else
                buf_byte(out, s.ptr[i] == ' ' ? '_' : s.ptr[i]);
        }
    }
    buf_z(out, "?=");
    return column + WORD_FRAME + used;
}

void mime_text_header(struct buf *out, const char *header, struct str text)
{
    struct buf clean;
    buf_init(&clean, HEADER_LIMIT);
    text_header(&clean, text);
    struct str s = buf_view(&clean);

    size_t column = strlen(header) + 2;
    buf_z(out, header);
    buf_z(out, ": ");
    if (is_plain(s) && column + s.len <= LINE_MAX_ENCODED)
        buf_str(out, s);
    else
        encoded_words(out, column, s);
    buf_z(out, "\r\n");
    buf_done(&clean);
}

/* RFC 5322 §3.2.4 */
static void quoted_string(struct buf *out, struct str s)
{
    buf_byte(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"' || s.ptr[i] == '\\')
            buf_byte(out, '\\');
        buf_byte(out, s.ptr[i]);
    }
    buf_byte(out, '"');
}

void mime_mailbox_header(struct buf *out, const char *header, struct str name, struct str address)
{
    enum { QUOTED_MAX = 30 }; /* with every character escaped it still fits the line */
    struct buf clean;
    buf_init(&clean, HEADER_LIMIT);
    text_header(&clean, name);
    struct str s = buf_view(&clean);

    size_t column = strlen(header) + 2;
    buf_z(out, header);
    buf_z(out, ": ");
    if (s.len == 0) {
        buf_str(out, address);
    } else {
        size_t before = out->len;
        if (is_plain(s) && s.len <= QUOTED_MAX) {
            quoted_string(out, s);
            column += out->len - before;
        } else {
            column = encoded_words(out, column, s);
        }
        buf_z(out, column + address.len + 3 > LINE_MAX_PLAIN ? "\r\n <" : " <");
        buf_str(out, address);
        buf_byte(out, '>');
    }
    buf_z(out, "\r\n");
    buf_done(&clean);
}

void mime_mailbox(struct buf *out, struct str name, struct str address)
{
    struct buf clean;
    buf_init(&clean, HEADER_LIMIT);
    text_header(&clean, name);
    if (clean.len > 0) {
        buf_byte(out, '"');
        for (size_t i = 0; i < clean.len; i++)
            if (!strchr("\"<>\\", clean.ptr[i]))
                buf_byte(out, clean.ptr[i]);
        buf_z(out, "\" <");
        buf_str(out, address);
        buf_byte(out, '>');
    } else {
        buf_str(out, address);
    }
    buf_done(&clean);
}

void mime_date_header(struct buf *out, int64_t at_s)
{
    static const char days[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t date = at_s / SECONDS_PER_DAY;
    int second = (int)(at_s % SECONDS_PER_DAY);
    struct civil c = civil_from_days(date);
    buf_printf(out, "Date: %s, %d %s %04d %02d:%02d:%02d +0000\r\n", days[civil_weekday(date) - 1],
               c.day, months[c.month - 1], c.year, second / 3600, second / 60 % 60, second % 60);
}

/* What a transport might change or misread at this place, although it is printable. */
static bool qp_risky(struct str s, size_t i, size_t column)
{
    char c = s.ptr[i];
    if (c == ' ' || c == '\t')
        return i + 1 == s.len || text_line_end(s, i + 1) > 0;
    if (column > 0)
        return false;
    return c == '.' || (c == 'F' && str_starts((struct str){s.ptr + i, s.len - i}, STR("From ")));
}

void mime_quoted_printable(struct buf *out, struct str s)
{
    size_t column = 0;
    size_t len;
    for (size_t i = 0; i < s.len; i += len) {
        len = text_line_end(s, i);
        if (len > 0) {
            buf_z(out, "\r\n");
            column = 0;
            continue;
        }
        uint32_t c;
        len = text_char(s, i, &c);
        if (c != '\t' && text_is_control(c))
            continue;
        bool bare = (c == '\t' || (c >= 0x20 && c <= 0x7E)) && c != '=';
        size_t need = bare ? 1 : 3 * len;
        if (bare && qp_risky(s, i, column)) {
            bare = false;
            need = 3;
        }
        if (column + need >= LINE_MAX_ENCODED) {
            buf_z(out, "=\r\n");
            column = 0;
            if (bare && qp_risky(s, i, column)) {
                bare = false;
                need = 3;
            }
        }
        for (size_t k = 0; k < len; k++) {
            if (bare)
                buf_byte(out, s.ptr[i]);
            else
                hex_byte(out, s.ptr[i + k]);
        }
        column += need;
    }
}
