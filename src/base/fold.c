/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fold: see fold.h. */
#include "base/fold.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static const struct {
    utf8proc_int32_t letter;
    const char *plain;
} apart[] = {
    {0xE6, "ae"}, {0xF0, "d"},  {0xF8, "o"},  {0xFE, "th"}, {0x111, "d"},  {0x127, "h"},
    {0x131, "i"}, {0x138, "k"}, {0x142, "l"}, {0x14B, "n"}, {0x153, "oe"}, {0x167, "t"},
    {0x180, "b"}, {0x19A, "l"}, {0x1E5, "g"}, {0x268, "i"}, {0x289, "u"},
};

static const char *plain_of(utf8proc_int32_t letter)
{
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        if (apart[i].letter == letter)
            return apart[i].plain;
    return NULL;
}

enum sign { SIGN_KEPT, SIGN_INSIDE, SIGN_BETWEEN };

static enum sign sign_of(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return SIGN_KEPT;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC: return SIGN_BETWEEN;
    default: return SIGN_INSIDE;
    }
}

struct str fold(struct arena *a, struct str text)
{
    utf8proc_uint8_t *bare = NULL;
    const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                  UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
    if (text.len == 0)
        return STR("");
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &bare, how);
    if (len < 0)
        return STR("");
    /* The longest of the table takes as many bytes as the letter that it stands for. */
    char *out = arena_alloc(a, (size_t)len + 1);
    size_t used = 0;
    char gap = 0;
    for (utf8proc_ssize_t i = 0; i < len;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t step = utf8proc_iterate(bare + i, len - i, &c);
        enum sign sign = sign_of(c);
        if (sign == SIGN_KEPT) {
            const char *plain = plain_of(c);
            if (gap && used)
                out[used++] = gap;
            gap = 0;
            memcpy(out + used, plain ? plain : (const char *)bare + i,
                   plain ? strlen(plain) : (size_t)step);
            used += plain ? strlen(plain) : (size_t)step;
        } else if (sign == SIGN_BETWEEN || gap == 0) {
            gap = sign == SIGN_BETWEEN ? ' ' : '-';
        }
        i += step;
    }
    free(bare);
    return (struct str){out, used};
}
