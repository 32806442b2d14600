/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * cursor: where a page of a list ended, as text that a client hands back unread. It is the two
 * numbers in base64url: not a secret, only opaque, so that nobody builds one and its form may
 * change.
 */
#include "http/route.h"

#include <sodium.h>
#include <string.h>

enum { CURSOR_BYTES = 17, CURSOR_VERSION = 1, CURSOR_TEXT = 24 };

static void put(unsigned char *to, int64_t v)
{
    for (int i = 0; i < 8; i++)
        to[i] = (unsigned char)((uint64_t)v >> (56 - 8 * i));
}

static int64_t get(const unsigned char *from)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | from[i];
    return (int64_t)v;
}

struct str cursor_write(struct arena *a, int64_t key, int64_t id)
{
    unsigned char raw[CURSOR_BYTES] = {CURSOR_VERSION};
    put(raw + 1, key);
    put(raw + 9, id);
    char *text = arena_alloc(a, CURSOR_TEXT);
    sodium_bin2base64(text, CURSOR_TEXT, raw, sizeof raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_of(text);
}

enum result cursor_read(struct work *w, struct str cursor, bool *ret_given, int64_t *ret_key,
                        int64_t *ret_id)
{
    unsigned char raw[CURSOR_BYTES];
    size_t len = 0;
    if (!cursor.ptr) {
        *ret_given = false;
        return OK;
    }
    if (sodium_base642bin(raw, sizeof raw, cursor.ptr, cursor.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len != sizeof raw || raw[0] != CURSOR_VERSION)
        return problem_field(w->problem, "cursor", "invalid_format",
                             "Give the next_cursor of the page before, or leave it out.");
    *ret_given = true;
    *ret_key = get(raw + 1);
    *ret_id = get(raw + 9);
    return OK;
}
