/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * shape_read: a JSON body into a declared struct. Owns jansson's tree for the length of one call.
 *
 * jansson knows no limit of ours and nests up to 2048 deep, so a scan over the text comes first; it
 * needs to be right only about nesting and commas outside of strings, because what it lets pass is
 * parsed properly after it.
 */
#include "http/shape_internal.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { SHOWN_NAME_MAX = 64 };

static enum result malformed(struct problem *p, const char *code, const char *detail)
{
    enum result result = problem_set(p, INVALID, code, "%s", detail);
    p->status = 400;
    return result;
}

/* ---- limits ---- */

struct limits {
    size_t depth;
    size_t values;
    size_t members[JSON_DEPTH_MAX + 1];
};

static enum result count_byte(struct problem *p, struct limits *l, char c)
{
    if (c == '{' || c == '[') {
        if (l->depth == JSON_DEPTH_MAX)
            return malformed(p, "json_too_deep", "The body nests more than 32 levels deep.");
        l->members[++l->depth] = 1;
        l->values++;
    } else if ((c == '}' || c == ']') && l->depth > 0) {
        l->depth--;
    } else if (c == ',') {
        l->values++;
        if (++l->members[l->depth] > JSON_MEMBERS_MAX)
            return malformed(p, "json_too_large", "An object or list has more than 1000 members.");
    }
    if (l->values > JSON_VALUES_MAX)
        return malformed(p, "json_too_large", "The body holds too many values.");
    return OK;
}

static enum result check_limits(struct problem *p, struct str json)
{
    struct limits l = {0};
    bool in_string = false;
    for (size_t i = 0; i < json.len; i++) {
        char c = json.ptr[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else {
            enum result result = count_byte(p, &l, c);
            if (result != OK)
                return result;
        }
    }
    return OK;
}

/* ---- values ---- */

static void read_object(struct reader *r, const struct path *path, const struct shape *shape,
                        json_t *object, void *ret);

static struct str text_of(const json_t *value)
{
    return (struct str){json_string_value(value), json_string_length(value)};
}

/*
 * jansson reads "1.005" as the nearest double; what was meant is the nearest thousandth, as long as
 * it is nearer than a fourth decimal could be.
 */
static bool thousandths_of(const json_t *value, int64_t *ret)
{
    if (json_is_integer(value))
        return !__builtin_mul_overflow((int64_t)json_integer_value(value), 1000, ret);
    double exact = json_real_value(value) * 1000;
    if (!(fabs(exact) <= 1e12))
        return false;
    double nearest = nearbyint(exact);
    if (fabs(exact - nearest) > 1e-6 + fabs(exact) * 0x1p-51)
        return false;
    *ret = (int64_t)nearest;
    return true;
}

static void read_number(struct reader *r, const struct path *path, const struct field *f,
                        const json_t *value, void *ret)
{
    int64_t v;
    if (!json_is_number(value))
        reader_wrong_type(r, path, f);
    else if (f->kind == F_QTY && thousandths_of(value, &v))
        reader_int(r, path, f, v, ret);
    else if (f->kind == F_INT && json_is_integer(value))
        reader_int(r, path, f, json_integer_value(value), ret);
    else if (fabs(json_number_value(value)) > 1e9)
        reader_out_of_range(r, path, f);
    else
        reader_wrong_type(r, path, f);
}

static void read_texts(struct reader *r, const struct path *path, const struct field *f,
                       const json_t *value, void *ret)
{
    size_t count = json_array_size(value);
    if (!json_is_array(value)) {
        reader_wrong_type(r, path, f);
        return;
    }
    if (!reader_count(r, path, f, count))
        return;
    reader_list(r, f, count, ret);
    for (size_t i = 0; i < count; i++) {
        const struct path at = {.up = path, .index = i};
        const json_t *item = json_array_get(value, i);
        if (json_is_string(item))
            reader_item(r, &at, f, text_of(item), i, ret);
        else
            reader_fault(r, &at, "wrong_type", "Give text.");
    }
}

static void read_list(struct reader *r, const struct path *path, const struct field *f,
                      const json_t *value, void *ret)
{
    size_t count = json_array_size(value);
    if (!json_is_array(value)) {
        reader_wrong_type(r, path, f);
        return;
    }
    if (!reader_count(r, path, f, count))
        return;
    char *items = arena_array(r->arena, count, f->of->size);
    *(struct shape_list *)field_at(f, ret) = (struct shape_list){true, count, items};
    for (size_t i = 0; i < count; i++) {
        const struct path at = {.up = path, .index = i};
        read_object(r, &at, f->of, json_array_get(value, i), items + i * f->of->size);
    }
}

static void read_raw(struct reader *r, const struct path *path, const struct field *f,
                     const json_t *value, void *ret)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    size_t len = text ? strlen(text) : 0;
    if (f->max && len > (size_t)f->max)
        reader_fault(r, path, "too_long",
                     arena_printf(r->arena, "Give at most %lld bytes.", (long long)f->max));
    else if (text)
        *(struct str *)field_at(f, ret) = str_copy(r->arena, (struct str){text, len});
    free(text);
}

static void read_field(struct reader *r, const struct path *path, const struct field *f,
                       json_t *value, void *ret)
{
    switch (f->kind) {
    case F_INT:
    case F_QTY: read_number(r, path, f, value, ret); break;
    case F_BOOL:
        if (json_is_boolean(value))
            *(struct opt_bool *)field_at(f, ret) = some_bool(json_is_true(value));
        else
            reader_wrong_type(r, path, f);
        break;
    case F_IDS:
    case F_STRS:
    case F_FLAGS: read_texts(r, path, f, value, ret); break;
    case F_OBJECT:
        *(void **)field_at(f, ret) = arena_alloc(r->arena, f->of->size);
        read_object(r, path, f->of, value, *(void **)field_at(f, ret));
        break;
    case F_LIST: read_list(r, path, f, value, ret); break;
    case F_RAW: read_raw(r, path, f, value, ret); break;
    default:
        if (json_is_string(value))
            reader_text(r, path, f, text_of(value), ret);
        else
            reader_wrong_type(r, path, f);
    }
}

static bool declares(const struct shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->field_count; i++)
        if (strcmp(shape->fields[i].name, name) == 0)
            return true;
    return false;
}

static void refuse_unknown(struct reader *r, const struct path *path, const struct shape *shape,
                           json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        if (declares(shape, name))
            continue;
        size_t len = strnlen(name, SHOWN_NAME_MAX + 1);
        const char *shown = len <= SHOWN_NAME_MAX ? arena_strndup(r->arena, name, len) : "…";
        const struct path at = {.up = path, .name = shown};
        reader_fault(r, &at, "unknown_field", "There is no such field. Leave it out.");
    }
}

static void read_object(struct reader *r, const struct path *path, const struct shape *shape,
                        json_t *object, void *ret)
{
    if (!json_is_object(object)) {
        reader_fault(r, path, "wrong_type", "Give an object.");
        return;
    }
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *f = &shape->fields[i];
        const struct path at = {.up = path, .name = f->name};
        json_t *value = json_object_get(object, f->name);
        bool null = value && json_typeof(value) == JSON_NULL;
        if (null && f->nullable)
            *(bool *)((char *)ret + f->nullable_offset) = true;
        else if (value && !null)
            read_field(r, &at, f, value, ret);
        else if (f->required)
            reader_missing(r, &at);
    }
    refuse_unknown(r, path, shape, object);
}

/* The tree, or NULL with the problem filled. */
static json_t *parse(struct problem *p, struct str json)
{
    json_error_t error;
    size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
    json_t *root = json_loadb(json.ptr, json.len, flags, &error);
    /* A number too large for 64 bits is a wrong value, not malformed: read once more, it becomes a
     * real, and the field says so. */
    if (!root && json_error_code(&error) == json_error_numeric_overflow)
        root = json_loadb(json.ptr, json.len, flags | JSON_DECODE_INT_AS_REAL, &error);
    if (root)
        return root;
    if (json_error_code(&error) == json_error_numeric_overflow) {
        (void)problem_field(p, "", "out_of_range", "A number is too large.");
        return NULL;
    }
    (void)problem_set(p, INVALID, "malformed_json",
                      "The body is not proper JSON (line %d, column %d).", error.line,
                      error.column);
    p->status = 400;
    return NULL;
}

enum result shape_read(struct arena *a, struct problem *p, const struct shape *shape,
                       struct str json, void *ret)
{
    struct reader r = {a, p};
    memset(ret, 0, shape->size);
    enum result result = check_limits(p, json);
    if (result != OK)
        return result;
    json_t *root = parse(p, json);
    if (!root)
        return INVALID;
    read_object(&r, NULL, shape, root, ret);
    json_decref(root);
    return p->field_count ? INVALID : OK;
}
