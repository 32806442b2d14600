/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * str: text as {pointer, length}, never owned, and the optional scalars of request structs.
 *
 * A `struct str` whose `ptr` is NULL is absent; an empty one has a pointer and length 0. Bytes are
 * UTF-8 wherever they came through http/shape, which checks. `STR("x")` is for literals,
 * `STR_FMT`/`STR_ARG` for printf.
 */
#ifndef CAREOPS_BASE_STR_H
#define CAREOPS_BASE_STR_H

#include "base/arena.h"
#include "base/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *ptr;
    size_t len;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_FMT      "%.*s"
#define STR_ARG(s)   (int)(s).len, (s).ptr

/* Optional scalars: `set` is false where the field was absent (or null). */
struct opt_int {
    bool set;
    int64_t value;
};

struct opt_bool {
    bool set;
    bool value;
};

static inline struct opt_int some_int(int64_t v)
{
    return (struct opt_int){true, v};
}

static inline struct opt_bool some_bool(bool v)
{
    return (struct opt_bool){true, v};
}

/* A bounded list of ids. */
struct id_list {
    bool set;
    size_t count;
    int64_t *ids;
};

struct str str_of(const char *zero_terminated);
struct str str_copy(struct arena *a, struct str s);
/* A zero-terminated copy in the arena. */
const char *str_z(struct arena *a, struct str s);
struct str str_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *zero_terminated);
bool str_starts(struct str s, struct str prefix);
/* Cuts ASCII white space at both ends. */
struct str str_trim(struct str s);
/* ASCII letters only: enough for e-mail addresses, header names and slugs. */
struct str str_lower(struct arena *a, struct str s);
/* Escapes % _ and ! with ! for SQL's LIKE … ESCAPE '!'. */
struct str str_like_escape(struct arena *a, struct str s);
/* Whole text as a decimal integer; false on anything else or on overflow. */
bool str_int(struct str s, int64_t *ret);
/* Strict UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
bool str_utf8_ok(struct str s);
/* Bytes of the well-formed character at the front; 0 where there is none. */
size_t str_utf8_first(struct str s);
/* Characters (code points), assuming valid UTF-8. */
size_t str_utf8_len(struct str s);

#endif
