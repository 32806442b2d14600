/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * shape_query: a query string into a declared struct. Parameters are decoded once; one that is
 * given twice is refused, so that nobody has to know which of the two would have counted.
 */
#include "http/parse_internal.h"
#include "http/shape_internal.h"

#include <assert.h>
#include <string.h>

enum { SHOWN_PARAMETER_MAX = 64 };

static enum result malformed(struct problem *p)
{
    enum result result = problem_set(p, INVALID, "malformed_query",
                                     "The query string is not properly encoded UTF-8.");
    p->status = 400;
    return result;
}

/* '+' is a blank, %XX a byte. False for a broken escape, a NUL or what is not UTF-8. */
static bool decode(struct arena *a, struct str raw, struct str *ret)
{
    char *text = arena_alloc(a, raw.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i] == '+' ? ' ' : raw.ptr[i];
        if (c == '%') {
            bool room = i + 2 < raw.len;
            int high = room ? hex_digit(raw.ptr[i + 1]) : -1;
            int low = room ? hex_digit(raw.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0')
            return false;
        text[n++] = c;
    }
    *ret = (struct str){text, n};
    return str_utf8_ok(*ret);
}

static void read_bool(struct reader *r, const struct path *path, const struct field *f,
                      struct str s, void *ret)
{
    struct opt_bool *at = field_at(f, ret);
    if (str_is(s, "true") || str_is(s, "1"))
        *at = some_bool(true);
    else if (str_is(s, "false") || str_is(s, "0"))
        *at = some_bool(false);
    else
        reader_wrong_type(r, path, f);
}

static void read_items(struct reader *r, const struct path *path, const struct field *f,
                       struct str s, void *ret)
{
    size_t count = 1;
    for (size_t i = 0; i < s.len; i++)
        count += s.ptr[i] == ',';
    if (!reader_count(r, path, f, count))
        return;
    reader_list(r, f, count, ret);
    for (size_t i = 0; i < count; i++) {
        const char *comma = s.len ? memchr(s.ptr, ',', s.len) : NULL;
        size_t len = comma ? (size_t)(comma - s.ptr) : s.len;
        reader_item(r, path, f, (struct str){s.ptr, len}, i, ret);
        size_t step = comma ? len + 1 : len;
        s = (struct str){s.ptr + step, s.len - step};
    }
}

static void read_value(struct reader *r, const struct path *path, const struct field *f,
                       struct str s, void *ret)
{
    int64_t v;
    switch (f->kind) {
    case F_INT:
    case F_QTY:
        if (f->kind == F_INT ? str_int(s, &v) : thousandths_parse(s, &v))
            reader_int(r, path, f, v, ret);
        else
            reader_wrong_type(r, path, f);
        break;
    case F_BOOL: read_bool(r, path, f, s, ret); break;
    case F_IDS:
    case F_STRS:
    case F_FLAGS: read_items(r, path, f, s, ret); break;
    case F_OBJECT:
    case F_LIST:
    case F_RAW:
        assert(false); /* check_route() let none through */
        break;
    default: reader_text(r, path, f, s, ret);
    }
}

static const struct field *find_field(const struct shape *shape, struct str name)
{
    for (size_t i = 0; i < shape->field_count; i++)
        if (str_is(name, shape->fields[i].name))
            return &shape->fields[i];
    return NULL;
}

/* `seen`: bit i is set once field i has come. */
static enum result read_parameter(struct reader *r, const struct shape *shape, struct str pair,
                                  uint64_t *seen, uint64_t *filled, void *ret)
{
    const char *equals = memchr(pair.ptr, '=', pair.len);
    size_t name_len = equals ? (size_t)(equals - pair.ptr) : pair.len;
    struct str name, value;
    if (!decode(r->arena, (struct str){pair.ptr, name_len}, &name) ||
        !decode(r->arena, equals ? (struct str){equals + 1, pair.len - name_len - 1} : STR(""),
                &value))
        return malformed(r->problem);
    const struct field *f = find_field(shape, name);
    bool long_name = name.len > SHOWN_PARAMETER_MAX;
    const struct path at = {.name = f ? f->name : long_name ? "…" : str_z(r->arena, name)};
    if (!f) {
        reader_fault(r, &at, "unknown_field", "There is no such parameter. Leave it out.");
        return OK;
    }
    uint64_t bit = UINT64_C(1) << (f - shape->fields);
    if (*seen & bit)
        reader_fault(r, &at, "duplicate", "Give this once.");
    else if (value.len > 0) {
        *filled |= bit;
        read_value(r, &at, f, value, ret);
    }
    *seen |= bit;
    return OK;
}

enum result shape_read_query(struct arena *a, struct problem *p, const struct shape *shape,
                             struct str query, void *ret)
{
    struct reader r = {a, p};
    uint64_t seen = 0, filled = 0;
    assert(shape->field_count <= SHAPE_FIELDS_MAX);
    memset(ret, 0, shape->size);
    while (query.len) {
        const char *ampersand = memchr(query.ptr, '&', query.len);
        size_t len = ampersand ? (size_t)(ampersand - query.ptr) : query.len;
        if (len > 0) {
            enum result result =
                read_parameter(&r, shape, (struct str){query.ptr, len}, &seen, &filled, ret);
            if (result != OK)
                return result;
        }
        size_t step = ampersand ? len + 1 : len;
        query = (struct str){query.ptr + step, query.len - step};
    }
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct path at = {.name = shape->fields[i].name};
        if (shape->fields[i].required && !(filled & UINT64_C(1) << i))
            reader_missing(&r, &at);
    }
    return p->field_count ? INVALID : OK;
}
