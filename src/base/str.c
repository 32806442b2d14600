/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* str: operations on text that nobody owns. See str.h. */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct str str_of(const char *s)
{
    return s ? (struct str){s, strlen(s)} : (struct str){0};
}

struct str str_copy(struct arena *a, struct str s)
{
    return s.ptr ? (struct str){arena_strndup(a, s.ptr, s.len), s.len} : s;
}

const char *str_z(struct arena *a, struct str s)
{
    return arena_strndup(a, s.ptr, s.len);
}

struct str str_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    size_t n = len < 0 ? 0 : (size_t)len;
    char *text = arena_alloc(a, n + 1);
    vsnprintf(text, n + 1, fmt, again);
    va_end(again);
    return (struct str){text, n};
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_is(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.len && is_space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

struct str str_lower(struct arena *a, struct str s)
{
    char *copy = arena_strndup(a, s.ptr, s.len);
    for (size_t i = 0; i < s.len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] - 'A' + 'a');
    return (struct str){copy, s.len};
}

struct str str_like_escape(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.len * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '%' || s.ptr[i] == '_' || s.ptr[i] == '!')
            out[n++] = '!';
        out[n++] = s.ptr[i];
    }
    return (struct str){out, n};
}

bool str_int(struct str s, int64_t *ret)
{
    size_t i = 0;
    bool negative = s.len && s.ptr[0] == '-';
    if (negative)
        i = 1;
    if (i == s.len)
        return false;
    int64_t v = 0;
    for (; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        int digit = s.ptr[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v))
            return false;
        if (negative ? __builtin_sub_overflow(v, digit, &v) : __builtin_add_overflow(v, digit, &v))
            return false;
    }
    *ret = v;
    return true;
}

size_t str_utf8_first(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    if (s.len == 0)
        return 0;
    unsigned char c = p[0];
    if (c < 0x80)
        return 1;
    size_t n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0xC2 || c > 0xF4 || n > s.len)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] > 0x9F) || (c == 0xF0 && p[1] < 0x90) ||
        (c == 0xF4 && p[1] > 0x8F))
        return 0;
    return n;
}

bool str_utf8_ok(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        size_t n = str_utf8_first((struct str){s.ptr + i, s.len - i});
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

size_t str_utf8_len(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return n;
}
