/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* shape_write: a declared struct as JSON, straight into a buffer. Owns nothing; see shape.h. */
#include "http/json_write.h"
#include "http/shape_internal.h"

#include <string.h>

static void write_ids(struct json_out *j, const struct id_list *ids)
{
    jw_open(j, '[');
    for (size_t i = 0; i < ids->count; i++) {
        char text[24];
        int n = snprintf(text, sizeof text, "%lld", (long long)ids->ids[i]);
        jw_text(j, (struct str){text, (size_t)n});
    }
    jw_close(j, ']');
}

static void write_flags(struct json_out *j, const struct field *f, struct opt_int flags)
{
    jw_open(j, '[');
    for (size_t i = 0; flags.set && f->choices[i]; i++)
        if (flags.value & INT64_C(1) << i)
            jw_z(j, f->choices[i]);
    jw_close(j, ']');
}

/* Kinds that are an opt_int here and a string there. */
static void write_number_text(struct json_out *j, const struct field *f, int64_t v)
{
    char text[32];
    switch (f->kind) {
    case F_INSTANT: instant_format(v, text); break;
    case F_DATE: date_format(v, text); break;
    case F_CLOCK: clock_format((int)v, text); break;
    case F_ENUM: jw_z(j, f->choices[v]); return;
    default: snprintf(text, sizeof text, "%lld", (long long)v);
    }
    jw_z(j, text);
}

static void write_object(struct json_out *j, const struct shape *shape, const void *value,
                         unsigned permissions);

static void write_list(struct json_out *j, const struct field *f, const struct shape_list *list,
                       unsigned permissions)
{
    jw_open(j, '[');
    for (size_t i = 0; i < list->count; i++)
        write_object(j, f->of, (const char *)list->items + i * f->of->size, permissions);
    jw_close(j, ']');
}

static bool is_set(const struct field *f, const void *at)
{
    switch (f->kind) {
    case F_STR:
    case F_RAW: return ((const struct str *)at)->ptr != NULL;
    case F_BOOL: return ((const struct opt_bool *)at)->set;
    case F_IDS: return ((const struct id_list *)at)->set;
    case F_STRS: return ((const struct str_list *)at)->set;
    case F_LIST: return ((const struct shape_list *)at)->set;
    case F_OBJECT: return *(void *const *)at != NULL;
    default: return ((const struct opt_int *)at)->set;
    }
}

static bool is_list(enum field_kind kind)
{
    return kind == F_IDS || kind == F_STRS || kind == F_LIST || kind == F_FLAGS;
}

static void write_value(struct json_out *j, const struct field *f, const void *at,
                        unsigned permissions)
{
    const struct str_list *texts = at;
    switch (f->kind) {
    case F_STR: jw_text(j, *(const struct str *)at); break;
    case F_RAW: jw_raw(j, *(const struct str *)at); break;
    case F_INT: jw_int(j, ((const struct opt_int *)at)->value); break;
    case F_QTY: jw_thousandths(j, ((const struct opt_int *)at)->value); break;
    case F_BOOL: jw_bool(j, ((const struct opt_bool *)at)->value); break;
    case F_IDS: write_ids(j, at); break;
    case F_FLAGS: write_flags(j, f, *(const struct opt_int *)at); break;
    case F_STRS:
        jw_open(j, '[');
        for (size_t i = 0; i < texts->count; i++)
            jw_text(j, texts->items[i]);
        jw_close(j, ']');
        break;
    case F_OBJECT: write_object(j, f->of, *(void *const *)at, permissions); break;
    case F_LIST: write_list(j, f, at, permissions); break;
    default: write_number_text(j, f, ((const struct opt_int *)at)->value);
    }
}

static void write_object(struct json_out *j, const struct shape *shape, const void *value,
                         unsigned permissions)
{
    jw_open(j, '{');
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *f = &shape->fields[i];
        const void *at = field_in(f, value);
        if (f->visible_to && !(f->visible_to & permissions))
            continue;
        bool set = is_set(f, at);
        if (!set && f->omit)
            continue;
        jw_key(j, f->name);
        if (set || is_list(f->kind))
            write_value(j, f, at, permissions);
        else
            jw_null(j);
    }
    jw_close(j, '}');
}

void shape_write(struct buf *out, const struct shape *shape, const void *value,
                 unsigned permissions)
{
    struct json_out j = jw(out);
    write_object(&j, shape, value, permissions);
}
