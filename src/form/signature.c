/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * signature: a name that is typed, and beside it what a finger or a mouse has drawn.
 *
 * The name is what counts and is always there: it is the way for who has only a keyboard. What is
 * kept says besides when it was signed, by the server's clock, and under which words.
 */
#include "form/internal.h"

#include <jansson.h>
#include <string.h>

enum {
    SIDE_MIN = 50,
    SIDE_MAX = 4000,
    STROKES_MAX = 100,
    NUMBERS_OF_STROKE_MAX = 500, /* two make a point */
    POINTS_MAX = 1500,
    STROKES_JSON_MAX = 32 * 1024,
};

struct drawing {
    struct opt_int width, height;
    struct str strokes; /* JSON */
};
static const struct field drawing_fields[] = {
    FIELD_INT(struct drawing, width, SIDE_MIN, SIDE_MAX, .required = true),
    FIELD_INT(struct drawing, height, SIDE_MIN, SIDE_MAX, .required = true),
    FIELD_RAW(struct drawing, strokes, .required = true, .max = STROKES_JSON_MAX),
};
static const struct shape drawing_shape = SHAPE("SignatureDrawing", struct drawing, drawing_fields);

struct signature {
    struct str name;
    struct drawing *drawing;
    struct opt_int signed_at;
    struct str text;
};

/* What comes in, and goes on when it is checked. */
static const struct field in_fields[] = {
    FIELD_STR(struct signature, name, 0, SIGNATURE_NAME_MAX),
    FIELD_OBJECT(struct signature, drawing, drawing_shape, .omit = true),
};
static const struct shape in_shape = SHAPE("SignatureIn", struct signature, in_fields);

/* What is kept, and shown. */
static const struct field kept_fields[] = {
    FIELD_STR(struct signature, name, 0, SIGNATURE_NAME_MAX),
    FIELD_OBJECT(struct signature, drawing, drawing_shape, .maybe = true),
    FIELD_INSTANT(struct signature, signed_at, .maybe = true),
    FIELD_STR(struct signature, text, 0, 0),
};
static const struct shape kept_shape = SHAPE("Signature", struct signature, kept_fields);

/* ---- the drawing ---- */

/* The number of its points; 0 where something is wrong with it. */
static size_t stroke_points(const json_t *stroke, const struct drawing *d)
{
    size_t count = json_array_size(stroke);
    if (!json_is_array(stroke) || count < 2 || count % 2 != 0 || count > NUMBERS_OF_STROKE_MAX)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *v = json_array_get(stroke, i);
        int64_t most = i % 2 == 0 ? d->width.value : d->height.value;
        if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > most)
            return 0;
    }
    return count / 2;
}

static bool strokes_ok(const struct drawing *d)
{
    json_t *strokes = json_loadb(d->strokes.ptr, d->strokes.len, 0, NULL);
    size_t count = json_array_size(strokes), points = 0;
    bool ok = json_is_array(strokes) && count >= 1 && count <= STROKES_MAX;
    for (size_t i = 0; ok && i < count; i++) {
        size_t n = stroke_points(json_array_get(strokes, i), d);
        points += n;
        ok = n > 0 && points <= POINTS_MAX;
    }
    json_decref(strokes);
    return ok;
}

/* ---- checking ---- */

/* Faults inside the drawing are one to whoever signs: they cannot see its members. */
static enum result pass_on(struct arena *a, struct problem *p, const char *path,
                           const struct problem *inner, bool typed)
{
    for (size_t i = 0; i < inner->field_count; i++) {
        const struct field_error *e = &inner->fields[i];
        bool name = strcmp(e->path, "name") == 0;
        bool drawing = strncmp(e->path, "drawing", 7) == 0;
        if (name && typed)
            (void)problem_field(p, path, e->code, e->message);
        else if (drawing)
            return problem_field(p, path, "invalid_format",
                                 "The drawing could not be read. Please sign again.");
        else
            (void)problem_field(p, arena_printf(a, "%s.%s", path, e->path), e->code, e->message);
    }
    return INVALID;
}

static enum result read(struct arena *a, struct problem *p, const char *path, struct str json,
                        struct signature *ret)
{
    struct problem inner = {0};
    bool typed = json.ptr[0] == '"';
    if (!typed && json.ptr[0] != '{')
        return problem_field(p, path, "wrong_type", "Give the name, or the name and a drawing.");
    struct str object = typed ? str_printf(a, "{\"name\":" STR_FMT "}", STR_ARG(json)) : json;
    if (shape_read(a, &inner, &in_shape, object, ret) != OK)
        return pass_on(a, p, path, &inner, typed);
    if (ret->drawing && !strokes_ok(ret->drawing))
        return problem_field(p, path, "invalid_format",
                             "The drawing could not be read. Please sign again.");
    return OK;
}

static struct str write(struct arena *a, const struct shape *shape, const struct signature *s)
{
    struct buf out;
    buf_init(&out, SIGNATURE_KEPT_MAX);
    shape_write(&out, shape, s, PERM_ALL);
    struct str text = str_copy(a, buf_view(&out));
    buf_done(&out);
    return text;
}

enum result signature_check(struct arena *a, struct problem *p, const char *path, struct str json,
                            bool draft, struct str *ret)
{
    struct signature s;
    *ret = (struct str){0};
    if (!json.ptr)
        return OK;
    enum result r = read(a, p, path, json, &s);
    if (r != OK || (s.name.len == 0 && !s.drawing))
        return r;
    if (!draft && str_utf8_len(s.name) < SIGNATURE_NAME_MIN)
        return problem_field(p, path, s.name.len == 0 ? "name_needed" : "too_short",
                             "Sign with your full name, typed.");
    if (!s.name.ptr)
        s.name = STR("");
    *ret = write(a, &in_shape, &s);
    return OK;
}

/* ---- keeping ---- */

struct str signature_name(struct arena *a, struct str checked)
{
    struct problem problem = {0};
    struct signature s;
    struct buf out;
    if (shape_read(a, &problem, &in_shape, checked, &s) != OK)
        return STR("\"\""); /* it has been through signature_check */
    buf_init(&out, 16 * SIGNATURE_NAME_MAX);
    jw_string(&out, s.name);
    struct str text = str_copy(a, buf_view(&out));
    buf_done(&out);
    return text;
}

struct str signature_kept(struct arena *a, struct str checked, struct opt_int signed_s,
                          struct str text)
{
    struct problem problem = {0};
    struct signature s;
    if (shape_read(a, &problem, &in_shape, checked, &s) != OK)
        return STR("null"); /* it has been through signature_check */
    s.signed_at = signed_s;
    s.text = text;
    return write(a, &kept_shape, &s);
}

struct str signature_text(struct arena *a, const struct form_fields *fields, const bool *shown,
                          size_t i)
{
    struct buf out;
    buf_init(&out, FORM_JSON_MAX); /* which the fields as a whole are below */
    for (size_t k = 0; k <= i; k++) {
        const struct form_field *f = &fields->items[k];
        if (!shown[k])
            continue;
        buf_str(&out, f->label);
        buf_byte(&out, '\n');
        if (f->help.len > 0) {
            buf_str(&out, f->help);
            buf_byte(&out, '\n');
        }
    }
    struct str text = str_trim(str_copy(a, buf_view(&out)));
    buf_done(&out);
    return text;
}
