/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* slug: names to addresses. See slug.h. */
#include "workspace/slug.h"

#include <assert.h>

enum { LATIN_FIRST = 0xC0, LATIN_LAST = 0x17F };

/* U+00C0 … U+017F without their accents; '-' separates words, '*' stands for two letters. */
static const char latin[] = "aaaaaa*ceeeeiiii"
                            "dnooooo-ouuuuy**"
                            "aaaaaa*ceeeeiiii"
                            "dnooooo-ouuuuy*y"
                            "aaaaaaccccccccdd"
                            "ddeeeeeeeeeegggg"
                            "gggghhhhiiiiiiii"
                            "ii**jjkkklllllll"
                            "lllnnnnnnnnnoooo"
                            "oo**rrrrrrssssss"
                            "ssttttttuuuuuuuu"
                            "uuuuwwyyyzzzzzzs";
static_assert(sizeof latin - 1 == LATIN_LAST - LATIN_FIRST + 1, "one character each");

static const char *two_letters(uint32_t point)
{
    switch (point) {
    case 0xC6: /* Æ */
    case 0xE6: return "ae";
    case 0xDE: /* Þ */
    case 0xFE: return "th";
    case 0xDF: /* ß */ return "ss";
    case 0x132: /* Ĳ */
    case 0x133: return "ij";
    default: /* Œ, œ */ return "oe";
    }
}

/* The code point at *at, which moves past it. The text is valid UTF-8. */
static uint32_t next_point(struct str s, size_t *at)
{
    unsigned char lead = (unsigned char)s.ptr[(*at)++];
    if (lead < 0x80)
        return lead;
    size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    uint32_t point = lead & (0x3Fu >> more);
    for (; more > 0 && *at < s.len; more--)
        point = point << 6 | ((unsigned char)s.ptr[(*at)++] & 0x3Fu);
    return point;
}

/* What a code point becomes: letters, "-" for a gap, "" for what just falls out (don't → dont). */
static void spell(uint32_t point, char ret[static 3])
{
    ret[1] = ret[2] = '\0';
    if ((point >= 'a' && point <= 'z') || (point >= '0' && point <= '9'))
        ret[0] = (char)point;
    else if (point >= 'A' && point <= 'Z')
        ret[0] = (char)(point - 'A' + 'a');
    else if (point >= LATIN_FIRST && point <= LATIN_LAST && latin[point - LATIN_FIRST] == '*')
        memcpy(ret, two_letters(point), 3);
    else if (point >= LATIN_FIRST && point <= LATIN_LAST)
        ret[0] = latin[point - LATIN_FIRST];
    else if (point == '\'' || point == 0x2019 || (point >= 0x300 && point <= 0x36F))
        ret[0] = '\0';
    else
        ret[0] = '-';
}

struct str slug_of(struct arena *a, struct str name, size_t max)
{
    assert(max >= 2 && max <= SLUG_MAX);
    char *out = arena_alloc(a, max + 1);
    size_t len = 0;
    bool gap = false;
    for (size_t at = 0; at < name.len;) {
        char letters[3];
        spell(next_point(name, &at), letters);
        if (letters[0] == '-') {
            gap = len > 0;
            continue;
        }
        size_t more = strlen(letters);
        if (len + more + (gap && more > 0) > max)
            break;
        if (gap && more > 0) {
            out[len++] = '-';
            gap = false;
        }
        memcpy(out + len, letters, more);
        len += more;
    }
    if (len < 2)
        return str_copy(a, (struct str){"business", max < 8 ? max : 8});
    return (struct str){out, len};
}

bool slug_reserved(struct str slug)
{
    return str_is(slug, "manage") || str_is(slug, "forms") || str_is(slug, "rate") ||
           str_is(slug, "unsubscribe");
}
