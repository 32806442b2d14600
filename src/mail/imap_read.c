/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* imap_read: see imap_read.h. */
#include "mail/imap_read.h"

#include <string.h>

enum { IN_MAX = 256 * 1024 };

void imap_reader_init(struct imap_reader *r, size_t literal_max)
{
    *r = (struct imap_reader){.literal_max = literal_max};
    buf_init(&r->in, IN_MAX);
    buf_init(&r->line, IMAP_LINE_MAX);
    buf_init(&r->literal, literal_max);
}

void imap_reader_done(struct imap_reader *r)
{
    buf_done(&r->in);
    buf_done(&r->line);
    buf_done(&r->literal);
}

bool imap_reader_feed(struct imap_reader *r, struct str bytes)
{
    if (r->at == r->in.len) {
        buf_reset(&r->in);
        r->at = 0;
    } else if (r->at > IN_MAX / 2) {
        memmove(r->in.ptr, r->in.ptr + r->at, r->in.len - r->at);
        r->in.len -= r->at;
        r->at = 0;
    }
    buf_str(&r->in, bytes);
    r->broken |= r->in.overflow;
    return !r->broken;
}

static void take_literal(struct imap_reader *r)
{
    size_t have = r->in.len - r->at;
    size_t n = r->skip < (int64_t)have ? (size_t)r->skip : have;
    if (r->keeps)
        buf_add(&r->literal, r->in.ptr + r->at, n);
    r->at += n;
    r->skip -= (int64_t)n;
}

/* "… {123}" or "… {123+}" → 123; -1: the line ends here. */
static int64_t literal_of(struct str line)
{
    int64_t n;
    if (line.len < 3 || line.ptr[line.len - 1] != '}')
        return -1;
    size_t end = line.len - 1;
    if (line.ptr[end - 1] == '+')
        end--;
    size_t begin = end;
    while (begin > 0 && line.ptr[begin - 1] >= '0' && line.ptr[begin - 1] <= '9')
        begin--;
    if (begin == 0 || begin == end || line.ptr[begin - 1] != '{')
        return -1;
    return str_int((struct str){line.ptr + begin, end - begin}, &n) ? n : -1;
}

static void begin_literal(struct imap_reader *r, int64_t n)
{
    if ((uint64_t)n > r->literal_max) {
        r->broken = true;
        return;
    }
    r->skip = n;
    r->keeps = (size_t)n >= r->literal.len;
    if (r->keeps)
        buf_reset(&r->literal);
}

/* Drops what the response before was made of. */
static void begin_response(struct imap_reader *r)
{
    buf_reset(&r->line);
    buf_reset(&r->literal);
    r->keeps = false;
}

bool imap_reader_next(struct imap_reader *r, struct imap_response *ret)
{
    if (r->line.len > 0 && r->line.ptr[r->line.len - 1] == '\n')
        begin_response(r);
    while (!r->broken) {
        if (r->skip > 0)
            take_literal(r);
        const char *from = r->in.ptr ? r->in.ptr + r->at : NULL;
        size_t have = r->in.len - r->at;
        const char *end = have > 0 && r->skip == 0 ? memchr(from, '\n', have) : NULL;
        if (!end) {
            r->broken |= r->skip == 0 && have + r->line.len > IMAP_LINE_MAX;
            return false;
        }
        size_t len = (size_t)(end - from);
        size_t plain = len > 0 && from[len - 1] == '\r' ? len - 1 : len;
        buf_add(&r->line, from, plain);
        r->broken |= r->line.overflow;
        r->at += len + 1;
        int64_t n = literal_of((struct str){from, plain}); /* not one that was before this piece */
        if (n >= 0) {
            begin_literal(r, n);
            continue;
        }
        buf_byte(&r->line, '\n'); /* marks it as given out */
        r->broken |= r->line.overflow;
        *ret = (struct imap_response){
            .line = {r->line.ptr, r->line.len - 1},
            .literal = r->keeps ? buf_view(&r->literal) : (struct str){0},
        };
        return !r->broken;
    }
    return false;
}

/* ---- what a line says ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

static bool same(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

static bool is_border(char c)
{
    return c == ' ' || c == '[' || c == ']' || c == '(' || c == ')';
}

bool imap_says(struct str line, const char *words)
{
    size_t len = strlen(words);
    return line.len >= len && same(line.ptr, words, len) &&
           (line.len == len || is_border(line.ptr[len]));
}

/* Where the word ends in the line; 0: it does not stand there. */
static size_t word_end(struct str line, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= line.len; i++)
        if ((i == 0 || is_border(line.ptr[i - 1])) && same(line.ptr + i, word, len) &&
            (i + len == line.len || is_border(line.ptr[i + len])))
            return i + len;
    return 0;
}

bool imap_has_word(struct str line, const char *word)
{
    return word_end(line, word) > 0;
}

/* The number at the front of s, and its length. */
static size_t number(struct str s, int64_t *ret)
{
    size_t len = 0;
    while (len < s.len && s.ptr[len] >= '0' && s.ptr[len] <= '9')
        len++;
    return len > 0 && len <= 18 && str_int((struct str){s.ptr, len}, ret) ? len : 0;
}

bool imap_number_after(struct str line, const char *word, int64_t *ret)
{
    size_t at = word_end(line, word);
    if (at == 0 || at >= line.len || line.ptr[at] != ' ')
        return false;
    return number((struct str){line.ptr + at + 1, line.len - at - 1}, ret) > 0;
}

bool imap_count(struct str line, const char *word, int64_t *ret)
{
    if (line.len < 3 || line.ptr[0] != '*' || line.ptr[1] != ' ')
        return false;
    int64_t n;
    size_t len = number((struct str){line.ptr + 2, line.len - 2}, &n);
    size_t at = 2 + len;
    if (len == 0 || at >= line.len || line.ptr[at] != ' ')
        return false;
    if (!imap_says((struct str){line.ptr + at + 1, line.len - at - 1}, word))
        return false;
    *ret = n;
    return true;
}

static void insert(int64_t *list, size_t *count, int64_t n)
{
    size_t at = *count;
    while (at > 0 && list[at - 1] > n)
        at--;
    if (at == IMAP_UIDS_MAX || (at > 0 && list[at - 1] == n))
        return;
    size_t end = *count < IMAP_UIDS_MAX ? (*count)++ : IMAP_UIDS_MAX - 1;
    memmove(list + at + 1, list + at, (end - at) * sizeof *list);
    list[at] = n;
}

size_t imap_search_result(struct str line, int64_t least, int64_t ret[static IMAP_UIDS_MAX])
{
    size_t count = 0;
    if (!imap_says(line, "* SEARCH"))
        return 0;
    size_t i = strlen("* SEARCH");
    while (i < line.len) {
        int64_t n;
        size_t len = number((struct str){line.ptr + i, line.len - i}, &n);
        if (len > 0 && n >= least && n > 0)
            insert(ret, &count, n);
        i += len > 0 ? len : 1;
    }
    return count;
}
