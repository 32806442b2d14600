/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * shape: one declaration of a JSON object serves reading, validation, writing and OpenAPI.
 *
 *     struct signup_in { struct str name; struct str timezone; struct opt_int age; };
 *     static const struct field signup_fields[] = {
 *         FIELD_STR(struct signup_in, name, 1, 120, .required = true, .doc = "the business's
 * name"), …
 *     };
 *     const struct shape signup_shape = SHAPE("Signup", struct signup_in, signup_fields);
 *
 * Reading (`shape_read`): jansson behind limits on size, depth and members. Malformed JSON is
 * status 400 `malformed_json` (`json_too_deep`, `json_too_large` past the limits). Everything else
 * that is wrong is 422 `validation_failed` with one field error each and dotted paths
 * ("services.0.minutes"); the codes are required, unknown_field, wrong_type, out_of_range,
 * too_short, too_long, too_few, too_many, invalid_characters, invalid_format, not_a_choice and, in
 * a query, duplicate. Duplicate members of an object are malformed. Strings are valid UTF-8 without
 * NUL, at most `max` characters; control characters and line ends are refused (where .multiline, \n
 * and \t may stand, and CR LF becomes LF). STR fields are trimmed unless .raw. Absent: a str with a
 * NULL pointer, an unset optional, a list with set=false. An explicit null means absent except
 * where .nullable, then the bool at nullable_offset is set as well.
 *
 * Query strings are read by the same table (`shape_read_query`): "a,b" for IDS, STRS and FLAGS,
 * true/false/1/0 for BOOL; an empty value is absent; a parameter given twice is refused.
 *
 * Writing (`shape_write`): from the same kind of struct straight into the response buffer. Unset
 * optionals, absent text and NULL objects are null, which the field declares by .maybe, or left out
 * with .omit; unset lists are []. Two kinds say more of an answer than C holds: FIELD_WORD is a
 * text that is one of a list, and RAW has what its JSON is.
 *
 * On the wire:            in C:
 *   STR   string          struct str
 *   INT   integer         struct opt_int, within ±(2^53 − 1)
 *   BOOL  true/false      struct opt_bool
 *   QTY   decimal ≤3 pl.  struct opt_int, thousandths ("quantity": 1.5 ↔ 1500), within ±10^9 units
 *   ID    "1234"          struct opt_int (an id that is not a positive integer reads as 0, which
 *                         nothing has, so that the feature answers as for any absent thing)
 *   IDS   ["1","2"]       struct id_list
 *   INSTANT RFC 3339      struct opt_int, UTC seconds; written with Z
 *   DATE  YYYY-MM-DD      struct opt_int, days since 1970-01-01
 *   CLOCK HH:MM           struct opt_int, minutes, 00:00 to 24:00
 *   ENUM  one of choices  struct opt_int, index into .choices
 *   FLAGS ["a","b"]       struct opt_int, bit i = choices[i]
 *   STRS  ["a"]           struct str_list; each item 1 to STRS_ITEM_MAX characters
 *   OBJECT {…}            pointer to struct (NULL = absent), .of
 *   LIST  [{…}]           struct shape_list {set, count, items}, .of; items is an array of structs
 *   RAW   any JSON        struct str holding JSON text (written as it is; read back serialised)
 */
#ifndef CAREOPS_HTTP_SHAPE_H
#define CAREOPS_HTTP_SHAPE_H

#include "base/buf.h"
#include "base/civil.h"
#include "base/result.h"

enum field_kind {
    F_STR,
    F_INT,
    F_BOOL,
    F_QTY,
    F_ID,
    F_IDS,
    F_INSTANT,
    F_DATE,
    F_CLOCK,
    F_ENUM,
    F_FLAGS,
    F_STRS,
    F_OBJECT,
    F_LIST,
    F_RAW,
};

struct str_list {
    bool set;
    size_t count;
    struct str *items;
};

struct shape_list {
    bool set;
    size_t count;
    void *items; /* count structs of the field's `of` */
};

enum str_format {
    STR_ANY,
    STR_EMAIL, /* dot-atom local part, dotted domain, ASCII, ≤ 254 (RFC 5321 without its oddities)
                */
    STR_PHONE, /* digits and + - ( ) . / and spaces, 3 to 32, three digits at least */
    STR_URL,   /* http:// or https:// with a host, no blanks or quotes */
    STR_SLUG,  /* a-z, 0-9 and single dashes between, 2 to 63 */
    STR_TIMEZONE, /* a zone that tzdata knows */
    STR_CURRENCY, /* ISO 4217, upper case */
    STR_COLOR,    /* #rrggbb */
    STR_LOCALE,   /* BCP 47: language, then subtags ("de", "pt-BR", "zh-Hant-TW") */
};

/* What the text of a RAW field holds. */
enum raw_json {
    RAW_ANY,
    RAW_TEXTS,   /* ["a"] */
    RAW_ANSWERS, /* {key: text, number, true or false, ["a"], or a signature's object} */
    RAW_CHANGES, /* {field: [before, after]}, or {field: "what"} */
};

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    /* INT: value; STR: characters; RAW: max bytes; lists: items; QTY: thousandths. max 0 = the
     * kind's own bound. */
    int64_t min, max;
    bool required;
    bool multiline; /* STR may hold \n and \t */
    bool raw;       /* STR is not trimmed (passwords) */
    bool nullable;  /* an explicit null is something else than absent */
    size_t nullable_offset;
    bool omit;  /* writing: leave out when unset */
    bool maybe; /* writing: may be null; any other is always there (OpenAPI says so to clients) */
    enum str_format format;
    enum raw_json json;
    const char *const *choices; /* ENUM, FLAGS, and STR in answers: NULL-terminated */
    const struct shape *of;     /* OBJECT, LIST */
    /* Writing: permissions of which the reader needs one; 0 = everyone who may call. */
    unsigned visible_to;
    const char *doc;
};

struct shape {
    const char *name; /* its name in OpenAPI's components */
    size_t size;      /* sizeof the struct */
    const struct field *fields;
    size_t field_count;
};

/* clang-format off */
#define SHAPE(Name, type, table)                                                                   \
    {.name = (Name), .size = sizeof(type), .fields = (table),                                      \
     .field_count = sizeof(table) / sizeof((table)[0])}

#define FIELD_(k, type, m, ...) {.name = #m, .kind = (k), .offset = offsetof(type, m), __VA_ARGS__}
#define FIELD_STR(type, m, lo, hi, ...)                                                            \
    FIELD_(F_STR, type, m, .min = (lo), .max = (hi), ##__VA_ARGS__)
#define FIELD_INT(type, m, lo, hi, ...)                                                            \
    FIELD_(F_INT, type, m, .min = (lo), .max = (hi), ##__VA_ARGS__)
#define FIELD_QTY(type, m, lo, hi, ...)                                                            \
    FIELD_(F_QTY, type, m, .min = (lo), .max = (hi), ##__VA_ARGS__)
#define FIELD_BOOL(type, m, ...) FIELD_(F_BOOL, type, m, ##__VA_ARGS__)
#define FIELD_ID(type, m, ...) FIELD_(F_ID, type, m, ##__VA_ARGS__)
#define FIELD_IDS(type, m, lo, hi, ...)                                                            \
    FIELD_(F_IDS, type, m, .min = (lo), .max = (hi), ##__VA_ARGS__)
#define FIELD_INSTANT(type, m, ...) FIELD_(F_INSTANT, type, m, ##__VA_ARGS__)
#define FIELD_DATE(type, m, ...) FIELD_(F_DATE, type, m, ##__VA_ARGS__)
#define FIELD_CLOCK(type, m, ...) FIELD_(F_CLOCK, type, m, ##__VA_ARGS__)
#define FIELD_ENUM(type, m, list, ...) FIELD_(F_ENUM, type, m, .choices = (list), ##__VA_ARGS__)
/* In answers: text, as the database keeps it, that is one of the list. */
#define FIELD_WORD(type, m, list, ...) FIELD_(F_STR, type, m, .choices = (list), ##__VA_ARGS__)
#define FIELD_FLAGS(type, m, list, ...) FIELD_(F_FLAGS, type, m, .choices = (list), ##__VA_ARGS__)
#define FIELD_STRS(type, m, lo, hi, ...)                                                           \
    FIELD_(F_STRS, type, m, .min = (lo), .max = (hi), ##__VA_ARGS__)
#define FIELD_OBJECT(type, m, shape, ...) FIELD_(F_OBJECT, type, m, .of = &(shape), ##__VA_ARGS__)
#define FIELD_LIST(type, m, shape, lo, hi, ...)                                                    \
    FIELD_(F_LIST, type, m, .of = &(shape), .min = (lo), .max = (hi), ##__VA_ARGS__)
#define FIELD_RAW(type, m, ...) FIELD_(F_RAW, type, m, ##__VA_ARGS__)

/* clang-format on */

enum {
    JSON_DEPTH_MAX = 32,
    JSON_MEMBERS_MAX = 1000, /* of one object or array */
    JSON_VALUES_MAX = 20000, /* in one body */
    STR_CHARACTERS_MAX = 20000,
    STRS_ITEM_MAX = 200,
    SHAPE_FIELDS_MAX = 64,
};

/* Body text → struct (zeroed first, `shape->size` bytes). INVALID with the problem filled. */
enum result shape_read(struct arena *a, struct problem *p, const struct shape *shape,
                       struct str json, void *ret) must_check;
/* "a=1&b=x%20y" → struct. Absent text reads as an empty query. */
enum result shape_read_query(struct arena *a, struct problem *p, const struct shape *shape,
                             struct str query, void *ret) must_check;
/* Struct → JSON; `permissions` decides which fields with visible_to are written (PERM_ALL for
 * owners). */
void shape_write(struct buf *out, const struct shape *shape, const void *value,
                 unsigned permissions);

/* Whether a text has the format; `max` characters are checked elsewhere. */
bool str_format_ok(enum str_format format, struct str s);

/*
 * The streaming writer's pieces, for what is not a struct (http/json_write.h has the whole writer).
 * Strings are escaped, and `<` `>` `&` U+2028/9 as \u00XX so that the text may stand in a script
 * tag; bytes that are not UTF-8 become U+FFFD.
 */
void jw_string(struct buf *out, struct str s);
void jw_qty(struct buf *out, int64_t thousandths);

#endif
