/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* eml: see eml.h. */
#include "message/eml.h"

#include "base/buf.h"

#include <string.h>
#include <strings.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte of "=XX" at i, or -1. */
static int quoted_byte(struct str s, size_t i)
{
    if (i + 2 >= s.len || s.ptr[i] != '=')
        return -1;
    int high = hex_digit(s.ptr[i + 1]);
    int low = hex_digit(s.ptr[i + 2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static struct str take(struct arena *a, struct buf *b)
{
    struct str ret = str_copy(a, buf_view(b));
    buf_done(b);
    return ret;
}

/* Up to and without the next CRLF; cuts it off `s`. */
static struct str next_line(struct str *s)
{
    const char *end = memmem(s->ptr, s->len, "\r\n", 2);
    size_t len = end ? (size_t)(end - s->ptr) : s->len;
    struct str line = {s->ptr, len};
    size_t skip = end ? len + 2 : len;
    s->ptr += skip;
    s->len -= skip;
    return line;
}

/* ---- headers ---- */

static const char WORD[] = "=?utf-8?q?";

/* Appends a folded line's text with its encoded words decoded; what parts two words is no space. */
static void decode_words(struct buf *out, struct str s, bool *after_word)
{
    while (s.len > 0) {
        const char *end = NULL;
        if (str_starts(s, str_of(WORD)))
            end = memmem(s.ptr + strlen(WORD), s.len - strlen(WORD), "?=", 2);
        if (!end) {
            *after_word = *after_word && s.ptr[0] == ' ';
            buf_byte(out, s.ptr[0]);
            s.ptr++;
            s.len--;
            continue;
        }
        if (*after_word && out->len > 0 && out->ptr[out->len - 1] == ' ')
            out->len--;
        struct str word = {s.ptr + strlen(WORD), (size_t)(end - s.ptr) - strlen(WORD)};
        for (size_t i = 0; i < word.len; i++) {
            int byte = quoted_byte(word, i);
            buf_byte(out, byte >= 0 ? (char)byte : word.ptr[i] == '_' ? ' ' : word.ptr[i]);
            i += byte >= 0 ? 2 : 0;
        }
        size_t used = (size_t)(end - s.ptr) + 2;
        s.ptr += used;
        s.len -= used;
        *after_word = true;
    }
}

struct str eml_header(struct arena *a, struct str message, const char *name)
{
    struct buf out;
    buf_init(&out, 16 * 1024);
    size_t name_len = strlen(name);
    bool found = false;
    bool after_word = false;
    while (message.len > 0) {
        struct str line = next_line(&message);
        if (line.len == 0)
            break;
        bool folded = line.ptr[0] == ' ';
        if (found && !folded)
            break;
        if (!folded && line.len > name_len + 1 && strncasecmp(line.ptr, name, name_len) == 0 &&
            line.ptr[name_len] == ':') {
            found = true;
            line = str_trim((struct str){line.ptr + name_len + 1, line.len - name_len - 1});
        }
        if (found)
            decode_words(&out, line, &after_word);
    }
    struct str ret = take(a, &out);
    return found ? ret : (struct str){0};
}

/* ---- parts ---- */

static struct str decode_quoted_printable(struct arena *a, struct str body)
{
    struct buf out;
    buf_init(&out, body.len + 1);
    for (size_t i = 0; i < body.len; i++) {
        int byte = quoted_byte(body, i);
        if (byte >= 0) {
            buf_byte(&out, (char)byte);
            i += 2;
        } else if (body.ptr[i] == '=' && i + 2 < body.len && body.ptr[i + 1] == '\r') {
            i += 2; /* a soft line end */
        } else if (body.ptr[i] != '\r') {
            buf_byte(&out, body.ptr[i]);
        }
    }
    return take(a, &out);
}

struct str eml_part(struct arena *a, struct str message, const char *type)
{
    struct str wanted = str_printf(a,
                                   "Content-Type: %s; charset=utf-8\r\n"
                                   "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                                   type);
    const char *at = memmem(message.ptr, message.len, wanted.ptr, wanted.len);
    if (!at)
        return (struct str){0};
    const char *begin = at + wanted.len;
    struct str rest = {begin, message.len - (size_t)(begin - message.ptr)};
    const char *end = memmem(rest.ptr, rest.len, "\r\n--=_", 6);
    if (end)
        rest.len = (size_t)(end - rest.ptr);
    return decode_quoted_printable(a, rest);
}
