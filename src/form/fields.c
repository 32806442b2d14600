/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fields: what a form asks, as its owner says it and as it is kept. */
#include "form/internal.h"

#include <assert.h>

const char *const field_type_names[] = {
    [TYPE_TEXT] = "text",           [TYPE_LONG_TEXT] = "long_text", [TYPE_EMAIL] = "email",
    [TYPE_PHONE] = "phone",         [TYPE_NUMBER] = "number",       [TYPE_DATE] = "date",
    [TYPE_CHOICE] = "choice",       [TYPE_SEVERAL] = "several",     [TYPE_CONSENT] = "consent",
    [TYPE_SIGNATURE] = "signature", [TYPE_SECTION] = "section",     [TYPE__MAX] = NULL,
};
static const char *const show_names[] = {
    [SHOW_ANSWERED] = "answered",
    [SHOW_EQUALS] = "equals",
    [SHOW_INCLUDES] = "includes",
    NULL,
};
const char *const form_kinds[] = {"intake", "contact", "custom", NULL};

enum { SIGNATURES_MAX = 3 }; /* of a form: each may bring a drawing */
const char fields_none[] = "{\"fields\":[]}";

static const struct field show_fields[] = {
    FIELD_STR(struct show_if, key, 1, 40, .required = true,
              .doc = "of an earlier field; one that is hidden has no answer"),
    FIELD_ENUM(struct show_if, is, show_names, .required = true,
               .doc = "includes: of several choices, one of them"),
    FIELD_STR(struct show_if, value, 1, STRS_ITEM_MAX, .omit = true,
              .doc = "as text, with equals and includes; of a consent true or false"),
};
static const struct shape show_shape = SHAPE("FormShowIf", struct show_if, show_fields);

static const struct field field_fields[] = {
    FIELD_STR(struct form_field, key, 1, 40, .required = true,
              .doc = "its name among the answers: small letters, digits and _"),
    FIELD_STR(struct form_field, label, 1, 300, .required = true),
    FIELD_ENUM(struct form_field, type, field_type_names, .required = true,
               .doc =
                   "a signature is the full name, typed, and beside it a drawing; a consent that "
                   "is required must be given; a section is a heading, and takes no answer"),
    FIELD_BOOL(struct form_field, required, .doc = "false when absent"),
    FIELD_STRS(struct form_field, options, 0, FORM_OPTIONS_MAX,
               .doc = "of choice and several: what can be chosen"),
    FIELD_STR(struct form_field, help, 0, 500, .doc = "a sentence below the question"),
    FIELD_QTY(struct form_field, min, -INT64_C(1000000000000), INT64_C(1000000000000), .omit = true,
              .doc = "of a number: the least"),
    FIELD_QTY(struct form_field, max, -INT64_C(1000000000000), INT64_C(1000000000000), .omit = true,
              .doc = "of a number: the most"),
    FIELD_OBJECT(struct form_field, show_if, show_shape, .omit = true,
                 .doc = "shown only then; a hidden section hides all down to the next one"),
};
const struct shape form_field_shape = SHAPE("FormField", struct form_field, field_fields);

struct kept {
    struct shape_list fields;
};
static const struct field kept_fields[] = {
    FIELD_LIST(struct kept, fields, form_field_shape, 0, FORM_FIELDS_MAX),
};
static const struct shape kept_shape = SHAPE("FormFieldsKept", struct kept, kept_fields);

/* ---- rules ---- */

static bool key_ok(struct str key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
    }
    return key.len > 0;
}

static enum result fault(struct work *w, size_t i, const char *member, const char *code,
                         const char *message)
{
    return problem_field(w->problem, arena_printf(w->arena, "fields.%zu.%s", i, member), code,
                         message);
}

static enum result check_key(struct work *w, const struct form_field *fields, size_t i)
{
    if (!key_ok(fields[i].key))
        return fault(w, i, "key", "invalid_format", "Use small letters, digits and _ alone.");
    for (size_t k = 0; k < i; k++)
        if (str_eq(fields[k].key, fields[i].key))
            return fault(w, i, "key", "duplicate", "Another field has this key already.");
    return OK;
}

static enum result check_options(struct work *w, const struct form_field *f, size_t i)
{
    bool chooses = f->type.value == TYPE_CHOICE || f->type.value == TYPE_SEVERAL;
    if (!chooses)
        return f->options.count == 0 ? OK
                                     : fault(w, i, "options", "not_allowed",
                                             "Options belong to a choice or to several choices.");
    if (f->options.count == 0)
        return fault(w, i, "options", "too_few", "Give at least 1.");
    for (size_t n = 0; n < f->options.count; n++)
        for (size_t k = 0; k < n; k++)
            if (str_eq(f->options.items[k], f->options.items[n]))
                return fault(w, i, arena_printf(w->arena, "options.%zu", n), "duplicate",
                             "This option stands in the list already.");
    return OK;
}

/* What belongs to some types alone. */
static enum result check_type(struct work *w, const struct form_field *f, size_t i)
{
    bool number = f->type.value == TYPE_NUMBER;
    if (f->type.value == TYPE_SECTION && f->required.value)
        return fault(w, i, "required", "not_allowed", "A section takes no answer.");
    if (f->min.set && !number)
        return fault(w, i, "min", "not_allowed", "Bounds belong to a number.");
    if (f->max.set && !number)
        return fault(w, i, "max", "not_allowed", "Bounds belong to a number.");
    if (f->min.set && f->max.set && f->max.value < f->min.value)
        return fault(w, i, "max", "out_of_range", "The most is less than the least.");
    return OK;
}

/* ---- conditions ---- */

static const struct form_field *earlier(const struct form_field *fields, size_t i, struct str key)
{
    for (size_t k = 0; k < i; k++)
        if (str_eq(fields[k].key, key))
            return fields[k].type.value == TYPE_SECTION ? NULL : &fields[k];
    return NULL;
}

static bool has_option(const struct form_field *f, struct str s)
{
    for (size_t i = 0; i < f->options.count; i++)
        if (str_eq(f->options.items[i], s))
            return true;
    return false;
}

/* A number is kept as a browser writes it, so that both compare the same texts. */
static enum result check_value(struct work *w, const struct form_field *on, struct show_if *c,
                               size_t i)
{
    int64_t v;
    switch ((enum field_type)on->type.value) {
    case TYPE_CHOICE:
    case TYPE_SEVERAL:
        return has_option(on, c->value) ? OK
                                        : fault(w, i, "show_if.value", "not_a_choice",
                                                "This is no option of that field.");
    case TYPE_CONSENT:
        return str_is(c->value, "true") || str_is(c->value, "false")
                   ? OK
                   : fault(w, i, "show_if.value", "invalid_format", "Give true or false.");
    case TYPE_DATE:
        return date_parse(c->value, &v) ? OK
                                        : fault(w, i, "show_if.value", "invalid_format",
                                                "Give a date, like 2026-11-22.");
    case TYPE_NUMBER: {
        char text[THOUSANDTHS_TEXT];
        if (!thousandths_parse(c->value, &v))
            return fault(w, i, "show_if.value", "invalid_format", "Give a number.");
        thousandths_format(v, text);
        c->value = str_copy(w->arena, str_of(text));
        return OK;
    }
    default: return OK;
    }
}

static enum result check_show(struct work *w, const struct form_field *fields, size_t i)
{
    struct show_if *c = fields[i].show_if;
    if (!c)
        return OK;
    const struct form_field *on = earlier(fields, i, c->key);
    if (!on)
        return fault(w, i, "show_if.key", "invalid_reference",
                     "Name a field that stands above this one and takes an answer.");
    if (c->is.value == SHOW_ANSWERED)
        return c->value.ptr
                   ? fault(w, i, "show_if.value", "not_allowed", "An answer of any kind will do.")
                   : OK;
    bool several = on->type.value == TYPE_SEVERAL;
    if (several != (c->is.value == SHOW_INCLUDES) || on->type.value == TYPE_SIGNATURE)
        return fault(w, i, "show_if.is", "not_allowed",
                     several ? "Of several choices one is included."
                             : "Of this field it can be asked otherwise.");
    if (!c->value.ptr)
        return fault(w, i, "show_if.value", "required", "This is needed.");
    return check_value(w, on, c, i);
}

/* ---- the whole ---- */

static enum result check_counts(struct work *w, const struct form_field *fields, size_t count)
{
    size_t questions = 0, signatures = 0;
    for (size_t i = 0; i < count; i++) {
        questions += fields[i].type.value != TYPE_SECTION;
        signatures += fields[i].type.value == TYPE_SIGNATURE;
    }
    if (questions == 0)
        return problem_field(w->problem, "fields", "too_few", "Ask at least one question.");
    if (signatures > SIGNATURES_MAX)
        return problem_field(w->problem, "fields", "too_many",
                             "A form has at most three signatures.");
    return OK;
}

static enum result write_kept(struct work *w, const struct form_field *fields, size_t count,
                              struct str *ret_json)
{
    struct form_field *kept = arena_new_array(w->arena, count, struct form_field);
    for (size_t i = 0; i < count; i++) {
        kept[i] = fields[i];
        kept[i].required = some_bool(fields[i].required.value);
        if (!kept[i].help.ptr)
            kept[i].help = STR("");
    }
    enum result r = OK;
    struct buf out;
    buf_init(&out, FORM_JSON_MAX);
    shape_write(&out, &kept_shape, &(struct kept){{true, count, kept}}, PERM_ALL);
    if (out.overflow)
        r = problem_field(w->problem, "fields", "too_long",
                          "The form is too long: shorten its texts or make it two forms.");
    else
        *ret_json = str_copy(w->arena, buf_view(&out));
    buf_done(&out);
    return r;
}

enum result fields_check(struct work *w, const struct shape_list *list, struct str *ret_json)
{
    const struct form_field *fields = list->items;
    enum result r = check_counts(w, fields, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (check_key(w, fields, i) != OK)
            r = INVALID;
        if (check_show(w, fields, i) != OK)
            r = INVALID;
        if (check_options(w, &fields[i], i) != OK)
            r = INVALID;
        if (check_type(w, &fields[i], i) != OK)
            r = INVALID;
    }
    return r == OK ? write_kept(w, fields, list->count, ret_json) : r;
}

struct form_fields fields_read(struct arena *a, struct str json)
{
    struct problem problem = {0};
    struct kept kept;
    enum result r = shape_read(a, &problem, &kept_shape, json, &kept);
    assert(r == OK); /* we wrote it */
    (void)r;
    return (struct form_fields){kept.fields.count, kept.fields.items};
}
