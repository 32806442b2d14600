/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* openapi_schema: JSON Schema (2020-12, as OpenAPI 3.1 has it) from shapes. See openapi.h. */
#include "http/openapi.h"

#include "http/access.h"

#include <assert.h>
#include <string.h>

void schemas_add(struct schemas *s, const struct shape *shape, bool in)
{
    if (!shape)
        return;
    size_t i = 0;
    while (i < s->count && s->items[i].shape != shape) {
        assert(strcmp(s->items[i].shape->name, shape->name) != 0); /* two shapes of one name */
        i++;
    }
    if (i == s->count) {
        assert(s->count < SHAPES_MAX);
        s->items[s->count++].shape = shape;
    } else if (in ? s->items[i].in : s->items[i].out) {
        return;
    }
    s->items[i].in |= in;
    s->items[i].out |= !in;
    for (size_t f = 0; f < shape->field_count; f++) {
        const struct field *field = &shape->fields[f];
        assert(!in || field->kind != F_STR ||
               !field->choices); /* reading would not hold it to them */
        schemas_add(s, field->of, in);
    }
}

static const char *suffix_of(const struct schemas *s, const struct shape *shape, bool in)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i].shape == shape)
            return in && s->items[i].out ? "Input" : "";
    assert(false); /* a shape that was not collected */
    return "";
}

static void write_ref(struct json_out *j, const struct schemas *s, const struct shape *shape,
                      bool in)
{
    jw_key(j, "$ref");
    struct buf text;
    buf_init(&text, 256);
    buf_printf(&text, "#/components/schemas/%s%s", shape->name, suffix_of(s, shape, in));
    jw_text(j, buf_view(&text));
    buf_done(&text);
}

void schema_ref(struct json_out *j, const struct schemas *s, const struct shape *shape, bool in)
{
    jw_open(j, '{');
    write_ref(j, s, shape, in);
    jw_close(j, '}');
}

void schema_type(struct json_out *j, const char *type, bool nullable)
{
    jw_key(j, "type");
    if (!nullable) {
        jw_z(j, type);
        return;
    }
    jw_open(j, '[');
    jw_z(j, type);
    jw_z(j, "null");
    jw_close(j, ']');
}

static void write_format(struct json_out *j, enum str_format format)
{
    static const struct {
        const char *key;
        const char *value;
    } words[] = {
        [STR_ANY] = {NULL, NULL},
        [STR_EMAIL] = {"format", "email"},
        [STR_PHONE] = {"pattern", "^[-+(). /0-9]{3,32}$"},
        [STR_URL] = {"format", "uri"},
        [STR_SLUG] = {"pattern", "^[a-z0-9]+(-[a-z0-9]+)*$"},
        [STR_TIMEZONE] = {"examples", "Europe/Zurich"},
        [STR_CURRENCY] = {"pattern", "^[A-Z]{3}$"},
        [STR_COLOR] = {"pattern", "^#[0-9a-fA-F]{6}$"},
        [STR_LOCALE] = {"pattern", "^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*$"},
    };
    if (!words[format].key)
        return;
    jw_key(j, words[format].key);
    bool list = strcmp(words[format].key, "examples") == 0;
    if (list)
        jw_open(j, '[');
    jw_z(j, words[format].value);
    if (list)
        jw_close(j, ']');
}

static void write_choices(struct json_out *j, const struct field *f, bool nullable)
{
    jw_key(j, "enum");
    jw_open(j, '[');
    for (size_t i = 0; f->choices[i]; i++)
        jw_z(j, f->choices[i]);
    if (nullable)
        jw_null(j);
    jw_close(j, ']');
}

/* Bounds stand only in requests: an answer may outgrow them one day. */
static void write_bounds(struct json_out *j, const struct field *f, const char *least,
                         const char *most)
{
    bool quantity = f->kind == F_QTY;
    if (f->min || f->kind == F_INT || quantity) {
        jw_key(j, least);
        if (quantity)
            jw_thousandths(j, f->min);
        else
            jw_int(j, f->min);
    }
    if (f->max) {
        jw_key(j, most);
        if (quantity)
            jw_thousandths(j, f->max);
        else
            jw_int(j, f->max);
    }
}

static void write_text(struct json_out *j, const struct field *f, bool in, bool nullable)
{
    schema_type(j, "string", nullable);
    if (f->kind == F_STR && in) {
        write_bounds(j, f, "minLength", "maxLength");
        write_format(j, f->format);
    } else if (f->choices) {
        write_choices(j, f, nullable);
    } else if (f->kind == F_INSTANT || f->kind == F_DATE) {
        jw_key(j, "format");
        jw_z(j, f->kind == F_DATE ? "date" : "date-time");
    } else if (f->kind == F_CLOCK) {
        jw_key(j, "pattern");
        jw_z(j, "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$");
    }
}

static void write_array(struct json_out *j, const struct schemas *s, const struct field *f, bool in)
{
    schema_type(j, "array", false);
    if (in && f->kind != F_FLAGS)
        write_bounds(j, f, "minItems", "maxItems");
    jw_key(j, "items");
    if (f->kind == F_LIST) {
        schema_ref(j, s, f->of, in);
        return;
    }
    jw_open(j, '{');
    schema_type(j, "string", false);
    if (f->kind == F_FLAGS)
        write_choices(j, f, false);
    if (f->kind == F_STRS && in)
        write_format(j, f->format);
    jw_close(j, '}');
}

static void write_object_ref(struct json_out *j, const struct schemas *s, const struct field *f,
                             bool in, bool nullable)
{
    if (!nullable) {
        write_ref(j, s, f->of, in);
        return;
    }
    jw_key(j, "anyOf");
    jw_open(j, '[');
    schema_ref(j, s, f->of, in);
    jw_open(j, '{');
    schema_type(j, "null", false);
    jw_close(j, '}');
    jw_close(j, ']');
}

static void write_raw(struct json_out *j, enum raw_json json, bool nullable)
{
    static const char answers[] =
        "{\"anyOf\":[{\"type\":[\"string\",\"number\",\"boolean\"]},"
        "{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
        "{\"type\":\"object\",\"required\":[\"name\"],\"properties\":{"
        "\"name\":{\"type\":\"string\"},\"drawing\":{\"anyOf\":[{\"type\":\"object\","
        "\"required\":[\"width\",\"height\",\"strokes\"],\"properties\":{"
        "\"width\":{\"type\":\"integer\"},\"height\":{\"type\":\"integer\"},"
        "\"strokes\":{\"type\":\"array\",\"items\":{\"type\":\"array\","
        "\"items\":{\"type\":\"integer\"}}}}},{\"type\":\"null\"}]},"
        "\"signed_at\":{\"type\":[\"string\",\"null\"]},\"text\":{\"type\":\"string\"}}}]}";
    static const char changes[] =
        "{\"anyOf\":[{\"type\":\"array\",\"minItems\":2,\"maxItems\":2,"
        "\"items\":{\"type\":[\"string\",\"number\",\"boolean\",\"null\"]}},"
        "{\"type\":\"string\"}]}";
    if (json == RAW_TEXTS) {
        schema_type(j, "array", false);
        jw_key(j, "items");
        jw_raw(j, STR("{\"type\":\"string\"}"));
    } else if (json != RAW_ANY) {
        schema_type(j, "object", nullable);
        jw_key(j, "additionalProperties");
        jw_raw(j, str_of(json == RAW_CHANGES ? changes : answers));
    }
}

/* Without its braces. */
static void write_field(struct json_out *j, const struct schemas *s, const struct field *f, bool in)
{
    bool nullable = in ? f->nullable : f->maybe;
    switch (f->kind) {
    case F_INT:
    case F_QTY:
        schema_type(j, f->kind == F_INT ? "integer" : "number", nullable);
        if (in)
            write_bounds(j, f, "minimum", "maximum");
        break;
    case F_BOOL: schema_type(j, "boolean", nullable); break;
    case F_IDS:
    case F_STRS:
    case F_FLAGS:
    case F_LIST: write_array(j, s, f, in); break;
    case F_OBJECT: write_object_ref(j, s, f, in, nullable); break;
    case F_RAW: write_raw(j, f->json, nullable); break;
    default: write_text(j, f, in, nullable);
    }
    if (f->doc) {
        jw_key(j, "description");
        jw_z(j, f->doc);
    }
    if (!in && f->visible_to) {
        jw_key(j, "x-visible-to");
        access_names(j, f->visible_to);
    }
}

void schema_parameter(struct json_out *j, const struct field *f)
{
    jw_open(j, '{');
    write_field(j, NULL, f, true);
    jw_close(j, '}');
}

static void write_schema(struct json_out *j, const struct schemas *s, const struct shape *shape,
                         bool in)
{
    size_t required = 0;
    jw_open(j, '{');
    schema_type(j, "object", false);
    if (in) {
        jw_key(j, "additionalProperties");
        jw_bool(j, false);
    }
    jw_key(j, "properties");
    jw_open(j, '{');
    for (size_t i = 0; i < shape->field_count; i++) {
        jw_key(j, shape->fields[i].name);
        jw_open(j, '{');
        write_field(j, s, &shape->fields[i], in);
        jw_close(j, '}');
    }
    jw_close(j, '}');
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *f = &shape->fields[i];
        if (in ? !f->required : f->omit || f->visible_to)
            continue;
        if (required++ == 0) {
            jw_key(j, "required");
            jw_open(j, '[');
        }
        jw_z(j, f->name);
    }
    if (required)
        jw_close(j, ']');
    jw_close(j, '}');
}

void schemas_write(struct json_out *j, const struct schemas *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct shape *shape = s->items[i].shape;
        if (s->items[i].out) {
            jw_key(j, shape->name);
            write_schema(j, s, shape, false);
        }
        if (s->items[i].in) {
            char name[128];
            snprintf(name, sizeof name, "%s%s", shape->name, suffix_of(s, shape, true));
            jw_key(j, name);
            write_schema(j, s, shape, true);
        }
    }
}
