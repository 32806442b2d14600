/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv: see csv.h. */
#include "transfer/csv.h"

#include <string.h>

/* ---- bytes ---- */

/* 0x80 to 0x9F of Windows-1252; five of them are nothing. */
static const char *const between[32] = {
    "€", "",  "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "", "Ž", "",
    "",  "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "", "ž", "Ÿ",
};

static struct str from_windows(struct arena *a, struct str bytes)
{
    char *out = arena_alloc(a, 3 * bytes.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        if (c < 0x80) {
            out[len++] = (char)c;
        } else if (c < 0xA0) {
            memcpy(out + len, between[c - 0x80], strlen(between[c - 0x80]));
            len += strlen(between[c - 0x80]);
        } else {
            out[len++] = (char)(0xC0 | (c >> 6));
            out[len++] = (char)(0x80 | (c & 0x3F));
        }
    }
    return (struct str){out, len};
}

bool csv_text(struct arena *a, struct str bytes, struct str *ret)
{
    if (bytes.len && memchr(bytes.ptr, '\0', bytes.len)) /* UTF-16 has one in each Latin letter */
        return false;
    if (str_starts(bytes, STR("\xEF\xBB\xBF")))
        bytes = (struct str){bytes.ptr + 3, bytes.len - 3};
    *ret = str_utf8_ok(bytes) ? bytes : from_windows(a, bytes);
    return true;
}

/* ---- reading ---- */

static char separator_of(struct str text)
{
    static const char signs[] = {',', ';', '\t'};
    size_t seen[sizeof signs] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        quoted ^= text.ptr[i] == '"';
        if (!quoted && (text.ptr[i] == '\n' || text.ptr[i] == '\r'))
            break;
        for (size_t k = 0; k < sizeof signs && !quoted; k++)
            seen[k] += text.ptr[i] == signs[k];
    }
    for (size_t k = 1; k < sizeof signs; k++)
        if (seen[k] > seen[best])
            best = k;
    return signs[best];
}

struct csv csv_begin(struct arena *a, struct str text)
{
    return (struct csv){.arena = a, .rest = text, .separator = separator_of(text), .line = 1};
}

static void pass(struct csv *c, size_t n)
{
    c->rest = (struct str){c->rest.ptr + n, c->rest.len - n};
}

/* Takes the end of a line, if one is here. */
static bool line_end(struct csv *c)
{
    if (c->rest.len == 0 || (c->rest.ptr[0] != '\n' && c->rest.ptr[0] != '\r'))
        return false;
    pass(c, str_starts(c->rest, STR("\r\n")) ? 2 : 1);
    c->line++;
    return true;
}

/* Where the cell that begins behind a mark ends: at its closing one, or at the end of the text. */
static size_t quoted_length(struct str text)
{
    size_t i = 0;
    while (i < text.len && (text.ptr[i] != '"' || (i + 1 < text.len && text.ptr[i + 1] == '"')))
        i += text.ptr[i] == '"' ? 2 : 1;
    return i;
}

/* Inside quotation marks a line's end is an LF, and two marks are one. */
static struct str quoted_cell(struct csv *c, bool *ret_open)
{
    pass(c, 1);
    size_t length = quoted_length(c->rest), len = 0;
    const char *end = c->rest.ptr + length;
    char *out = arena_alloc(c->arena, length + 1);
    *ret_open |= length == c->rest.len;
    while (c->rest.ptr < end) {
        if (line_end(c)) {
            out[len++] = '\n';
            continue;
        }
        out[len++] = c->rest.ptr[0];
        pass(c, c->rest.ptr[0] == '"' ? 2 : 1);
    }
    if (c->rest.len)
        pass(c, 1);
    return (struct str){out, len};
}

static struct str bare_cell(struct csv *c)
{
    size_t len = 0;
    while (len < c->rest.len && c->rest.ptr[len] != c->separator && c->rest.ptr[len] != '\n' &&
           c->rest.ptr[len] != '\r')
        len++;
    struct str cell = {c->rest.ptr, len};
    pass(c, len);
    return cell;
}

static bool is_formula(char sign)
{
    return sign && strchr("=+-@\t\r", sign);
}

/* Whether apostrophes, at least `least` of them, and then the beginning of a formula come first. */
static bool is_guarded(struct str s, size_t least)
{
    size_t n = 0;
    while (n < s.len && s.ptr[n] == '\'')
        n++;
    return n >= least && n < s.len && is_formula(s.ptr[n]);
}

static struct str cell(struct csv *c, struct csv_record *r)
{
    while (c->rest.len && c->rest.ptr[0] == ' ')
        pass(c, 1);
    bool quoted = c->rest.len && c->rest.ptr[0] == '"';
    struct str text = quoted ? quoted_cell(c, &r->open) : bare_cell(c);
    if (quoted)
        (void)bare_cell(c); /* what stands behind the closing mark is nobody's */
    text = str_trim(text);
    return is_guarded(text, 1) ? (struct str){text.ptr + 1, text.len - 1} : text;
}

bool csv_next(struct csv *c, struct csv_record *ret)
{
    while (line_end(c))
        continue;
    if (c->rest.len == 0)
        return false;
    *ret = (struct csv_record){.line = c->line};
    for (;;) {
        struct str text = cell(c, ret);
        if (ret->count < CSV_CELLS_MAX)
            ret->cells[ret->count++] = text;
        else
            ret->too_many |= text.len > 0;
        if (c->rest.len == 0 || line_end(c))
            return true;
        pass(c, 1);
    }
}

/* ---- writing ---- */

void csv_cell(struct buf *out, struct str text, bool first)
{
    bool guarded = is_guarded(text, 0);
    bool quoted = text.len && (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ');
    for (size_t i = 0; i < text.len && !quoted; i++)
        quoted = memchr(",;\t\"\r\n", text.ptr[i], 6) != NULL;
    if (!first)
        buf_byte(out, ',');
    if (quoted)
        buf_byte(out, '"');
    if (guarded)
        buf_byte(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            buf_byte(out, '"');
        buf_byte(out, text.ptr[i]);
    }
    if (quoted)
        buf_byte(out, '"');
}

void csv_end_record(struct buf *out)
{
    buf_z(out, "\r\n");
}
