/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* text: reading strangers' text, and base64. See text.h. */
#include "mail/text.h"

#include <string.h>

static const uint32_t REPLACEMENT = 0xFFFD;

size_t text_char(struct str s, size_t at, uint32_t *ret_char)
{
    const unsigned char *p = (const unsigned char *)s.ptr + at;
    unsigned char first = p[0];
    *ret_char = first;
    if (first < 0x80)
        return 1;
    size_t n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (n > s.len - at || !str_utf8_ok((struct str){s.ptr + at, n})) {
        *ret_char = REPLACEMENT;
        return 1;
    }
    uint32_t c = first & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++)
        c = c << 6 | (p[i] & 0x3Fu);
    *ret_char = c;
    return n;
}

size_t text_line_end(struct str s, size_t at)
{
    if (s.ptr[at] == '\n')
        return 1;
    if (s.ptr[at] != '\r')
        return 0;
    return at + 1 < s.len && s.ptr[at + 1] == '\n' ? 2 : 1;
}

bool text_is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

bool text_is_visible_ascii(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 0x21 || s.ptr[i] > 0x7E)
            return false;
    return s.len > 0;
}

bool text_is_url(struct str s, size_t max)
{
    if (s.len > max || !text_is_visible_ascii(s))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '<' || s.ptr[i] == '>' || s.ptr[i] == '"' || s.ptr[i] == '\\')
            return false;
    return str_starts(s, STR("https://")) || str_starts(s, STR("http://"));
}

/* Characters that turn the direction of what follows: they make a subject read as another one. */
static bool is_override(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void text_header(struct buf *out, struct str s)
{
    bool space_due = false;
    bool any = false;
    size_t len;
    for (size_t i = 0; i < s.len; i += len) {
        uint32_t c;
        len = text_char(s, i, &c);
        if (is_override(c))
            continue;
        if (c == ' ' || text_is_control(c) || c == 0x2028 || c == 0x2029) {
            space_due = any;
            continue;
        }
        if (space_due)
            buf_byte(out, ' ');
        space_due = false;
        any = true;
        if (c == REPLACEMENT)
            buf_z(out, "\xEF\xBF\xBD");
        else
            buf_add(out, s.ptr + i, len);
    }
}

void text_one_line(char *ret, size_t size, struct str s)
{
    struct buf line;
    /* Each byte becomes three at most. */
    size_t read = s.len < 4 * size ? s.len : 4 * size;
    buf_init(&line, 3 * read + 1);
    text_header(&line, (struct str){s.ptr, read});
    size_t len = 0;
    while (len < line.len) {
        size_t next = str_utf8_first((struct str){line.ptr + len, line.len - len});
        if (next == 0 || len + next >= size)
            break;
        len += next;
    }
    if (len > 0)
        memcpy(ret, line.ptr, len);
    ret[len] = '\0';
    buf_done(&line);
}

void text_base64(struct buf *out, struct str data, size_t line)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)data.ptr;
    size_t column = 0;
    for (size_t i = 0; i < data.len; i += 3) {
        size_t have = data.len - i < 3 ? data.len - i : 3;
        uint32_t bits = (uint32_t)p[i] << 16;
        if (have > 1)
            bits |= (uint32_t)p[i + 1] << 8;
        if (have > 2)
            bits |= p[i + 2];
        char quad[4] = {digits[bits >> 18], digits[bits >> 12 & 63],
                        have > 1 ? digits[bits >> 6 & 63] : '=',
                        have > 2 ? digits[bits & 63] : '='};
        if (line > 0 && column + sizeof quad > line) {
            buf_z(out, "\r\n");
            column = 0;
        }
        buf_add(out, quad, sizeof quad);
        column += sizeof quad;
    }
}
