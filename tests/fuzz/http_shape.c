/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Bodies and queries from any bytes into structs. What is accepted, is written, read again and
 * written again: both texts must be equal, so nothing is lost or changed on the way.
 */
#include "http/shape.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const choices[] = {"work", "processing", NULL};

struct inner {
    struct str label;
    struct opt_int minutes;
};
static const struct field inner_fields[] = {
    FIELD_STR(struct inner, label, 1, 20, .required = true),
    FIELD_INT(struct inner, minutes, 5, 720),
};
static const struct shape inner_shape = SHAPE("Inner", struct inner, inner_fields);

struct all {
    struct str name, email, phone, url, slug, currency, color, locale, notes, raw;
    struct opt_int age, quantity, id, at, day, clock, kind, flags;
    struct opt_bool active;
    struct id_list ids;
    struct str_list tags;
    struct inner *one;
    struct shape_list many;
};
static const struct field all_fields[] = {
    FIELD_STR(struct all, name, 1, 20),
    FIELD_STR(struct all, email, 1, 254, .format = STR_EMAIL),
    FIELD_STR(struct all, phone, 1, 32, .format = STR_PHONE),
    FIELD_STR(struct all, url, 1, 200, .format = STR_URL),
    FIELD_STR(struct all, slug, 1, 63, .format = STR_SLUG),
    FIELD_STR(struct all, currency, 1, 3, .format = STR_CURRENCY),
    FIELD_STR(struct all, color, 1, 7, .format = STR_COLOR),
    FIELD_STR(struct all, locale, 1, 35, .format = STR_LOCALE),
    FIELD_STR(struct all, notes, 0, 200, .multiline = true),
    FIELD_INT(struct all, age, -5, 720),
    FIELD_QTY(struct all, quantity, -1000000000000, 1000000000000),
    FIELD_INSTANT(struct all, at),
    FIELD_DATE(struct all, day),
    FIELD_CLOCK(struct all, clock),
    FIELD_ENUM(struct all, kind, choices),
    FIELD_FLAGS(struct all, flags, choices),
    FIELD_BOOL(struct all, active),
    FIELD_ID(struct all, id),
    FIELD_IDS(struct all, ids, 0, 20),
    FIELD_STRS(struct all, tags, 0, 20),
    FIELD_OBJECT(struct all, one, inner_shape),
    FIELD_LIST(struct all, many, inner_shape, 0, 20),
    FIELD_RAW(struct all, raw, .max = 200),
};
static const struct shape body_shape = SHAPE("All", struct all, all_fields);
/* All but the last three, which no query has. */
static const struct shape query_shape = {
    .name = "Query",
    .size = sizeof(struct all),
    .fields = all_fields,
    .field_count = sizeof all_fields / sizeof all_fields[0] - 3,
};

static void fail_unless(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct problem problem = {0}, again = {0};
    struct all first, second;
    if (size < 1)
        return 0;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct str text = {(const char *)data + 1, size - 1};
    bool query = data[0] & 1;
    const struct shape *shape = query ? &query_shape : &body_shape;
    enum result result = query ? shape_read_query(&arena, &problem, shape, text, &first)
                               : shape_read(&arena, &problem, shape, text, &first);
    fail_unless(result == OK || (result == INVALID && problem.code));
    if (result == OK) {
        struct buf one, two;
        buf_init(&one, 1024 * 1024);
        buf_init(&two, 1024 * 1024);
        shape_write(&one, shape, &first, ~0u);
        result = shape_read(&arena, &again, shape, buf_view(&one), &second);
        fail_unless(result == OK);
        shape_write(&two, shape, &second, ~0u);
        fail_unless(str_eq(buf_view(&one), buf_view(&two)));
        buf_done(&one);
        buf_done(&two);
    }
    arena_done(&arena);
    return 0;
}
