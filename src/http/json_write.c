/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* json_write: JSON text, escaped so that it may stand in a script tag. See json_write.h. */
#include "http/json_write.h"

#include "http/shape.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static bool plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

/* The bytes of a well-formed sequence at p, or 0. Text from our database is well formed; this is
 * for what another program said to us (a mail server's last words). */
static size_t sequence(const unsigned char *p, size_t left)
{
    size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    return n <= left && str_utf8_ok((struct str){(const char *)p, n}) ? n : 0;
}

/* Writes what stands at p in escaped form and tells how many bytes that was. */
static size_t escape(struct buf *out, const unsigned char *p, size_t left)
{
    static const char shorts[] = "\b\t\n\f\r\"\\";
    static const char letters[] = "btnfr\"\\";
    const char *found = p[0] ? strchr(shorts, p[0]) : NULL;
    if (found) {
        buf_byte(out, '\\');
        buf_byte(out, letters[found - shorts]);
        return 1;
    }
    if (p[0] < 0x80) {
        char code[8];
        int n = snprintf(code, sizeof code, "\\u%04x", p[0]);
        buf_add(out, code, (size_t)n);
        return 1;
    }
    size_t n = sequence(p, left);
    if (n == 0) {
        buf_z(out, "\xef\xbf\xbd");
        return 1;
    }
    /* U+2028 and U+2029 end a line in a script. */
    if (n == 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9))
        buf_z(out, p[2] == 0xa8 ? "\\u2028" : "\\u2029");
    else
        buf_add(out, p, n);
    return n;
}

void jw_string(struct buf *out, struct str s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    buf_byte(out, '"');
    for (size_t i = 0; i < s.len;) {
        size_t run = i;
        while (run < s.len && plain(p[run]))
            run++;
        buf_add(out, p + i, run - i);
        i = run;
        if (i < s.len)
            i += escape(out, p + i, s.len - i);
    }
    buf_byte(out, '"');
}

void jw_qty(struct buf *out, int64_t thousandths)
{
    uint64_t v = thousandths < 0 ? 0 - (uint64_t)thousandths : (uint64_t)thousandths;
    char text[32];
    int n = snprintf(text, sizeof text, "%s%llu.%03u", thousandths < 0 ? "-" : "",
                     (unsigned long long)(v / 1000), (unsigned)(v % 1000));
    while (text[n - 1] == '0')
        n--;
    if (text[n - 1] == '.')
        n--;
    buf_add(out, text, (size_t)n);
}

struct json_out jw(struct buf *out)
{
    return (struct json_out){.out = out};
}

/* Before each value: the comma, where one is due. */
static void separate(struct json_out *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    uint64_t bit = UINT64_C(1) << j->depth;
    if (j->begun & bit)
        buf_byte(j->out, ',');
    j->begun |= bit;
}

void jw_open(struct json_out *j, char bracket)
{
    separate(j);
    buf_byte(j->out, bracket);
    j->depth++;
    assert(j->depth < JSON_OUT_DEPTH);
    j->begun &= ~(UINT64_C(1) << j->depth);
}

void jw_close(struct json_out *j, char bracket)
{
    assert(j->depth > 0);
    j->depth--;
    buf_byte(j->out, bracket);
}

void jw_key(struct json_out *j, const char *name)
{
    separate(j);
    buf_byte(j->out, '"');
    buf_z(j->out, name);
    buf_add(j->out, "\":", 2);
    j->after_key = true;
}

void jw_text(struct json_out *j, struct str s)
{
    separate(j);
    if (s.ptr)
        jw_string(j->out, s);
    else
        buf_z(j->out, "null");
}

void jw_z(struct json_out *j, const char *z)
{
    jw_text(j, str_of(z));
}

void jw_int(struct json_out *j, int64_t v)
{
    separate(j);
    buf_int(j->out, v);
}

void jw_bool(struct json_out *j, bool v)
{
    separate(j);
    buf_z(j->out, v ? "true" : "false");
}

void jw_null(struct json_out *j)
{
    separate(j);
    buf_z(j->out, "null");
}

void jw_raw(struct json_out *j, struct str json)
{
    separate(j);
    buf_str(j->out, json);
}

void jw_thousandths(struct json_out *j, int64_t v)
{
    separate(j);
    jw_qty(j->out, v);
}
