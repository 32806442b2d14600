/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* words: see words.h. */
#include "inbox/words.h"

#include "base/fold.h"

#include <stdlib.h>
#include <string.h>

/* Walks the words of a text in its order. A piece is what stands between blanks: it is folded by
 * itself, so that a word's place in the text is known. */
struct walk {
    struct arena *arena;
    struct str text;
    size_t next;     /* where the next piece begins */
    size_t at;       /* where the piece of the last word began */
    struct str rest; /* what is left of it, folded */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

/* As fold() would, for most of what people write, at a tenth of the cost. */
static struct str fold_ascii(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool upper = c >= 'A' && c <= 'Z';
        bool kept = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        out[i] = (char)(upper ? c - 'A' + 'a' : kept ? c : '-');
    }
    return (struct str){out, s.len};
}

static bool next_piece(struct walk *w)
{
    struct str t = w->text;
    while (w->next < t.len && is_blank(t.ptr[w->next]))
        w->next++;
    if (w->next == t.len)
        return false;
    size_t from = w->next;
    while (w->next < t.len && !is_blank(t.ptr[w->next]))
        w->next++;
    struct str piece = {t.ptr + from, w->next - from};
    w->at = from;
    w->rest = is_ascii(piece) ? fold_ascii(w->arena, piece) : fold(w->arena, piece);
    return true;
}

static struct str shortened(struct str word)
{
    if (word.len <= WORD_BYTES)
        return word;
    word.len = WORD_BYTES;
    while (word.len && ((unsigned char)word.ptr[word.len] & 0xC0) == 0x80)
        word.len--;
    return word;
}

/* The next word, however short; false at the end. */
static bool next_word(struct walk *w, struct str *ret)
{
    for (;;) {
        while (w->rest.len && (w->rest.ptr[0] == '-' || w->rest.ptr[0] == ' '))
            w->rest = (struct str){w->rest.ptr + 1, w->rest.len - 1};
        size_t len = 0;
        while (len < w->rest.len && w->rest.ptr[len] != '-' && w->rest.ptr[len] != ' ')
            len++;
        if (len) {
            *ret = shortened((struct str){w->rest.ptr, len});
            w->rest = (struct str){w->rest.ptr + len, w->rest.len - len};
            return true;
        }
        if (!next_piece(w))
            return false;
    }
}

/* One ASCII character; in other scripts one is a word. */
static bool is_too_short(struct str word)
{
    return word.len < 2;
}

static int by_text(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    int order = memcmp(x->ptr, y->ptr, x->len < y->len ? x->len : y->len);
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

void words_of(struct arena *a, struct str text, struct str_list *ret)
{
    struct walk walk = {.arena = a, .text = text};
    size_t most = text.len / 2 + 1, count = 0, kept = 0;
    struct str word, *list = arena_new_array(a, most, struct str);
    while (count < most && next_word(&walk, &word))
        if (!is_too_short(word))
            list[count++] = word;
    qsort(list, count, sizeof *list, by_text);
    for (size_t i = 0; i < count && kept < WORDS_MAX; i++)
        if (kept == 0 || !str_eq(list[kept - 1], list[i]))
            list[kept++] = list[i];
    *ret = (struct str_list){true, kept, list};
}

struct words_asked words_ask(struct arena *a, struct str question)
{
    struct walk walk = {.arena = a, .text = question};
    struct words_asked asked = {0};
    struct str word, last = {0};
    while (next_word(&walk, &word)) {
        if (last.len && !is_too_short(last) && asked.count < ASKED_MAX - 1)
            asked.words[asked.count++] = last;
        last = word;
    }
    if (last.len)
        asked.words[asked.count++] = last;
    return asked;
}

bool words_match(struct arena *a, const struct words_asked *asked, struct str text, size_t *ret_at)
{
    struct walk walk = {.arena = a, .text = text};
    bool has[ASKED_MAX] = {0};
    size_t found = 0;
    struct str word;
    while (found < asked->count && next_word(&walk, &word)) {
        for (size_t i = 0; i < asked->count; i++) {
            bool last = i == asked->count - 1;
            if (has[i] || (last ? is_too_short(word) || !str_starts(word, asked->words[i])
                                : !str_eq(word, asked->words[i])))
                continue;
            has[i] = true;
            if (found++ == 0)
                *ret_at = walk.at;
        }
    }
    return found == asked->count;
}

/* ---- an excerpt ---- */

static bool begins_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

struct str words_excerpt(struct arena *a, struct str text, size_t at)
{
    enum { BEFORE = 40 };
    size_t from = at, characters = 0;
    while (from > 0 && characters < BEFORE)
        characters += begins_character(text.ptr[--from]);
    while (from > 0 && from < at && !is_blank(text.ptr[from - 1]))
        from++; /* the words before it are whole */
    size_t end = from;
    for (characters = 0; end < text.len; end++)
        if (begins_character(text.ptr[end]) && ++characters > EXCERPT_MAX)
            break;
    char *line = arena_alloc(a, end - from + 1);
    for (size_t i = from; i < end; i++)
        line[i - from] = is_blank(text.ptr[i]) ? ' ' : text.ptr[i];
    return str_printf(a, "%s" STR_FMT "%s", from ? "…" : "",
                      STR_ARG(((struct str){line, end - from})), end < text.len ? "…" : "");
}
