/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* log: structured lines, each written with one write(2) so that threads never mix them. See log.h.
 */
#include "base/log.h"

#include "base/str.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int sink_fd = STDERR_FILENO;
static enum log_level sink_least = LOG_INFO;

/* Near its end a line takes no more of a value, and before that no new pair. */
enum { TAIL_FREE = 64, PAIR_FREE = 128, ESCAPED_MAX = 8 };

struct line {
    char text[LOG_LINE_MAX];
    size_t len;
};

void log_to(int fd, enum log_level least)
{
    sink_fd = fd;
    sink_least = least;
}

/* Keeps room for the closing quote, brace and newline. */
static void put(struct line *l, const char *s, size_t n)
{
    if (n > sizeof l->text - 4 - l->len)
        return;
    memcpy(l->text + l->len, s, n);
    l->len += n;
}

/* One character of a value, or what stands for it; returns how many bytes of `s` it took. */
static size_t escape(struct str s, char ret[static ESCAPED_MAX], size_t *ret_len)
{
    unsigned char c = (unsigned char)s.ptr[0];
    size_t n = str_utf8_first(s);
    if (c == '"' || c == '\\')
        *ret_len = (size_t)snprintf(ret, ESCAPED_MAX, "\\%c", c);
    else if (c < 0x20 || c == 0x7f)
        *ret_len = (size_t)snprintf(ret, ESCAPED_MAX, "\\u%04x", c);
    else if (n == 0)
        *ret_len = (size_t)snprintf(ret, ESCAPED_MAX, "\\ufffd");
    else
        memcpy(ret, s.ptr, *ret_len = n);
    return n ? n : 1;
}

/* Cuts a value that comes too near to the line's end, between two characters. */
static void put_escaped(struct line *l, const char *text)
{
    char piece[ESCAPED_MAX];
    size_t len;
    put(l, "\"", 1);
    for (struct str rest = str_of(text); rest.len && l->len <= sizeof l->text - TAIL_FREE;) {
        size_t taken = escape(rest, piece, &len);
        put(l, piece, len);
        rest.ptr += taken;
        rest.len -= taken;
    }
    put(l, "\"", 1);
}

static void put_time(struct line *l)
{
    struct timespec ts;
    struct tm tm;
    char stamp[40];
    clock_gettime(CLOCK_REALTIME, &ts);
    gmtime_r(&ts.tv_sec, &tm);
    int n = snprintf(stamp, sizeof stamp, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
                     tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
                     (int)(ts.tv_nsec / 1000000));
    put(l, "{\"time\":\"", 9);
    put(l, stamp, (size_t)n);
    put(l, "\"", 1);
}

/* JSON has no infinities. %g, since %f of a large number has hundreds of digits. */
static int number_text(double v, char *ret, size_t size)
{
    return isfinite(v) ? snprintf(ret, size, "%.15g", v) : snprintf(ret, size, "null");
}

static void put_pair(struct line *l, const char *key, va_list *ap)
{
    char number[40];
    const char *text = NULL;
    int n = 0;
    switch (key[0]) {
    case 's':
        text = va_arg(*ap, const char *);
        if (!text)
            return;
        break;
    case 'i': n = snprintf(number, sizeof number, "%lld", (long long)va_arg(*ap, int64_t)); break;
    default: n = number_text(va_arg(*ap, double), number, sizeof number);
    }
    if (l->len > sizeof l->text - PAIR_FREE)
        return;
    put(l, ",", 1);
    put_escaped(l, key + 2);
    put(l, ":", 1);
    if (text)
        put_escaped(l, text);
    else
        put(l, number, (size_t)n);
}

void log_event(enum log_level level, const char *message, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if (sink_fd < 0 || level < sink_least)
        return;
    struct line l = {.len = 0};
    put_time(&l);
    put(&l, ",\"level\":", 9);
    put_escaped(&l, names[level]);
    put(&l, ",\"message\":", 11);
    put_escaped(&l, message);
    va_list ap;
    va_start(ap, message);
    for (const char *key; (key = va_arg(ap, const char *));)
        put_pair(&l, key, &ap);
    va_end(ap);
    l.text[l.len++] = '}';
    l.text[l.len++] = '\n';
    ssize_t ignored = write(sink_fd, l.text, l.len);
    (void)ignored;
}
