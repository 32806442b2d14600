/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* text: escaping for JSON and HTML. See text.h. */
#include "chaos/text.h"

#include <inttypes.h>

/* The next character of `s`, whole, or U+FFFD for a byte that begins none; advances. */
static struct str next_character(struct str *s)
{
    size_t n = str_utf8_first(*s);
    struct str c = n ? (struct str){s->ptr, n} : STR("\xEF\xBF\xBD");
    if (n == 0)
        n = 1;
    s->ptr += n;
    s->len -= n;
    return c;
}

void text_json(struct buf *out, struct str s)
{
    if (!s.ptr) {
        buf_z(out, "null");
        return;
    }
    buf_byte(out, '"');
    while (s.len) {
        struct str c = next_character(&s);
        unsigned char b = (unsigned char)c.ptr[0];
        if (b == '"' || b == '\\') {
            buf_byte(out, '\\');
            buf_byte(out, (char)b);
        } else if (b < 0x20 || b == 0x7F)
            buf_printf(out, "\\u%04x", b);
        else
            buf_str(out, c);
    }
    buf_byte(out, '"');
}

void text_html(struct buf *out, struct str s)
{
    while (s.len) {
        struct str c = next_character(&s);
        switch (c.ptr[0]) {
        case '<': buf_z(out, "&lt;"); break;
        case '>': buf_z(out, "&gt;"); break;
        case '&': buf_z(out, "&amp;"); break;
        case '"': buf_z(out, "&quot;"); break;
        case '\'': buf_z(out, "&#39;"); break;
        default:
            if ((unsigned char)c.ptr[0] < 0x20 && c.ptr[0] != '\n' && c.ptr[0] != '\t')
                buf_byte(out, ' ');
            else
                buf_str(out, c);
        }
    }
}

void text_count(struct buf *out, int64_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRId64, n);
    for (int i = 0; i < len; i++) {
        buf_byte(out, digits[i]);
        int left = len - 1 - i;
        if (left > 0 && left % 3 == 0 && digits[i] != '-')
            buf_byte(out, ',');
    }
}
