/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* terms: see terms.h. */
#include "client/terms.h"

#include "base/fold.h"

#include <string.h>

#define LAST_LETTER "\xF4\x8F\xBF\xBF" /* U+10FFFF: behind every other in a text's order */

enum { DIGITS_MAX = 32, PHONE_KEY_MIN = 6, LONG_NUMBER = 9 };

/* ---- collecting ---- */

static void add(struct terms *t, struct str term)
{
    for (size_t i = 0; i < t->count; i++)
        if (str_eq(t->items[i], term))
            return;
    if (term.len && t->count < TERMS_MAX)
        t->items[t->count++] = term;
}

/* Its first `characters`. */
static struct str beginning(struct str s, size_t characters)
{
    size_t len = 0;
    while (len < s.len && characters-- > 0) {
        size_t step = str_utf8_first((struct str){s.ptr + len, s.len - len});
        len += step ? step : 1;
    }
    return (struct str){s.ptr, len};
}

static void add_word(struct terms *t, struct str word)
{
    for (size_t n = 1; n <= TERM_SHORT; n++)
        add(t, beginning(word, n));
    add(t, beginning(word, TERM_LENGTH));
}

/* "o-brien" → "obrien" */
static struct str joined(struct arena *a, struct str word)
{
    char *out = arena_alloc(a, word.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] != '-')
            out[len++] = word.ptr[i];
    return (struct str){out, len};
}

/* Cuts the piece before the next `sign` off; false when nothing is left. */
static bool next(struct str *rest, char sign, struct str *ret)
{
    while (rest->len && rest->ptr[0] == sign)
        *rest = (struct str){rest->ptr + 1, rest->len - 1};
    const char *end = rest->len ? memchr(rest->ptr, sign, rest->len) : NULL;
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    *ret = (struct str){rest->ptr, len};
    *rest = (struct str){rest->ptr + len, rest->len - len};
    return len > 0;
}

static void add_parts(struct terms *t, struct str folded)
{
    struct str word, part;
    while (next(&folded, ' ', &word)) {
        struct str rest = word;
        while (next(&rest, '-', &part))
            add_word(t, part);
        add_word(t, joined(t->arena, word));
    }
}

/* ---- phone numbers ---- */

struct phone {
    char digits[DIGITS_MAX + 1];
    size_t len;
    size_t country; /* digits of the country's code, 0: written without one */
};

/* The countries' codes (ITU-T E.164) are of one digit (1, 7), of two (these), or of three. */
static size_t country_length(const char *digits, size_t len)
{
    static const char two[] = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55"
                              " 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98";
    if (len == 0)
        return 0;
    if (digits[0] == '1' || digits[0] == '7')
        return 1;
    for (const char *p = two; len >= 2 && *p; p += p[2] ? 3 : 2)
        if (memcmp(p, digits, 2) == 0)
            return 2;
    return len < 3 ? len : 3;
}

static struct phone phone_read(struct str text)
{
    struct phone p = {0};
    struct str t = str_trim(text);
    bool international = t.len > 0 && t.ptr[0] == '+';
    for (size_t i = 0; i < t.len && p.len < DIGITS_MAX; i++) {
        if (international && t.len - i >= 3 && memcmp(t.ptr + i, "(0)", 3) == 0)
            i += 2; /* "+44 (0)20": said only where the code is left out */
        else if (t.ptr[i] >= '0' && t.ptr[i] <= '9')
            p.digits[p.len++] = t.ptr[i];
        if (!international && p.len == 2 && memcmp(p.digits, "00", 2) == 0) {
            international = true;
            p.len = 0;
        }
    }
    /* In North America the code is dialled within the country, too. */
    if (international || (p.len == 11 && p.digits[0] == '1'))
        p.country = country_length(p.digits, p.len);
    return p;
}

/* The number inside its country, without zeros in front. */
static struct str national(const struct phone *p)
{
    size_t from = p->country;
    while (from < p->len && p->digits[from] == '0')
        from++;
    return (struct str){p->digits + from, p->len - from};
}

static void add_phone(struct terms *t, struct str text)
{
    struct phone p = phone_read(text);
    struct str number = national(&p);
    if (number.len == 0)
        return;
    add_word(t, str_copy(t->arena, number));
    add_word(t, str_copy(t->arena, (struct str){p.digits, p.len}));
    if (p.country) {
        add_word(t, str_printf(t->arena, "0" STR_FMT, STR_ARG(number)));
        add_word(t, str_printf(t->arena, "00%s", p.digits));
    }
}

struct str phone_key(struct arena *a, struct str phone)
{
    struct phone p = phone_read(phone);
    struct str number = national(&p);
    return number.len < PHONE_KEY_MIN ? STR("") : str_copy(a, number);
}

/* ---- of a client ---- */

struct str email_look(struct arena *a, struct str email)
{
    return beginning(joined(a, fold(a, email)), TERM_LENGTH);
}

void terms_person(struct terms *t, struct str name, struct str email, struct str phone)
{
    add_parts(t, fold(t->arena, name));
    if (email.len) {
        const char *at = memchr(email.ptr, '@', email.len);
        size_t local = at ? (size_t)(at - email.ptr) : email.len;
        add_parts(t, fold(t->arena, (struct str){email.ptr, local}));
        add_word(t, email_look(t->arena, email));
    }
    if (phone.len)
        add_phone(t, phone);
}

struct str term_of_label(struct arena *a, char kind, struct str label)
{
    struct str folded = fold(a, label);
    /* A label of signs alone is told by its bytes. */
    return str_printf(a, "%c:" STR_FMT, kind, STR_ARG(folded.len ? folded : label));
}

void terms_label(struct terms *t, char kind, struct str label)
{
    add(t, term_of_label(t->arena, kind, label));
}

/* ---- what is asked ---- */

struct asked asked_label(struct arena *a, char kind, struct str label)
{
    struct str term = term_of_label(a, kind, label);
    return (struct asked){term, term, term};
}

static struct asked asked_word(struct arena *a, struct str word)
{
    struct str lo = beginning(word, TERM_LENGTH), near = beginning(word, TERM_SHORT);
    if (near.len == lo.len)
        return (struct asked){lo, lo, lo};
    struct str hi = str_printf(a, STR_FMT LAST_LETTER, STR_ARG(lo));
    return (struct asked){lo, hi, near};
}

static bool of_phone(struct str token)
{
    bool digit = false;
    for (size_t i = 0; i < token.len; i++) {
        digit |= token.ptr[i] >= '0' && token.ptr[i] <= '9';
        if (!memchr("0123456789+()./-", token.ptr[i], 16))
            return false;
    }
    return digit || token.ptr[0] == '+' || token.ptr[0] == '(';
}

static struct str digits_of(struct arena *a, struct str text)
{
    char *out = arena_alloc(a, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
            out[len++] = text.ptr[i];
    return (struct str){out, len};
}

/*
 * Whoever types the country's code means also who wrote the number without it. Two zeros begin such
 * a code in what is long enough for a number; else they may be a name's ("Client 0042").
 */
static struct str asked_phone(struct arena *a, struct str text)
{
    struct phone p = phone_read(text);
    struct str typed = digits_of(a, text);
    if (str_starts(typed, STR("00")) && typed.len < LONG_NUMBER)
        return typed;
    struct str number = national(&p);
    bool told = p.country && number.len >= TERM_SHORT;
    return str_copy(a, told ? number : (struct str){p.digits, p.len});
}

struct words {
    size_t count;
    struct str items[ASKED_MAX];
};

/* Of two words of which one begins the other, the longer one says all. */
static void ask(struct words *words, struct str word)
{
    for (size_t i = 0; word.len && i < words->count; i++) {
        if (str_starts(words->items[i], word))
            return;
        if (str_starts(word, words->items[i])) {
            words->items[i] = word;
            return;
        }
    }
    if (word.len && words->count < ASKED_MAX)
        words->items[words->count++] = word;
}

static void ask_token(struct arena *a, struct words *words, struct str token)
{
    char *text = arena_strndup(a, token.ptr, token.len);
    bool address = memchr(text, '@', token.len) != NULL;
    for (size_t i = 0; !address && i < token.len; i++)
        if (text[i] == '-') /* "Anne-Ma" finds "Anne Marie" */
            text[i] = ' ';
    struct str folded = fold(a, (struct str){text, token.len}), word;
    while (next(&folded, ' ', &word))
        ask(words, joined(a, word));
}

size_t asked_words(struct arena *a, struct str text, struct asked ret[static ASKED_MAX])
{
    struct words words = {0};
    struct str token, number = STR("");
    char *flat = arena_strndup(a, text.ptr, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (flat[i] == '\t' || flat[i] == '\n')
            flat[i] = ' ';
    struct str rest = {flat, text.len};
    while (next(&rest, ' ', &token)) {
        if (of_phone(token)) { /* a number may be typed in groups */
            number = str_printf(a, STR_FMT " " STR_FMT, STR_ARG(number), STR_ARG(token));
            continue;
        }
        ask(&words, asked_phone(a, number));
        number = STR("");
        ask_token(a, &words, token);
    }
    ask(&words, asked_phone(a, number));
    for (size_t i = 0; i < words.count; i++)
        ret[i] = asked_word(a, words.items[i]);
    return words.count;
}
