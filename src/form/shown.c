/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * shown: which fields of a form are there, by what was answered above them.
 *
 * It looks at the client's JSON before that has been checked, since what is hidden is not checked
 * at all. So every answer may be of any kind here, and one of the wrong kind meets no condition.
 * web/public has the same rules for the page; tests/unit has the cases that both are held to.
 */
#include "form/internal.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static struct str text_of(const json_t *v)
{
    return str_trim((struct str){json_string_value(v), json_string_length(v)});
}

static bool is_answered(const json_t *v)
{
    switch (v ? json_typeof(v) : JSON_NULL) {
    case JSON_STRING: return text_of(v).len > 0;
    case JSON_ARRAY: return json_array_size(v) > 0;
    case JSON_OBJECT: return json_object_size(v) > 0;
    case JSON_INTEGER:
    case JSON_REAL:
    case JSON_TRUE: return true;
    case JSON_FALSE:
    case JSON_NULL: break;
    }
    return false;
}

static bool number_is(const json_t *v, struct str value)
{
    double exact = json_number_value(v) * 1000;
    int64_t wanted;
    if (!thousandths_parse(value, &wanted) || !(fabs(exact) <= 1e12))
        return false;
    return (int64_t)nearbyint(exact) == wanted;
}

static bool equals(const json_t *v, enum field_type type, struct str value)
{
    if (type == TYPE_CONSENT)
        return str_is(value, json_is_true(v) ? "true" : "false");
    if (type == TYPE_NUMBER)
        return json_is_number(v) && number_is(v, value);
    return json_is_string(v) && str_eq(text_of(v), value);
}

static bool includes(const json_t *v, struct str value)
{
    for (size_t i = 0; i < json_array_size(v); i++)
        if (str_eq(text_of(json_array_get(v, i)), value))
            return true;
    return false;
}

static bool is_met(const struct form_fields *fields, size_t i, const json_t *answers,
                   const bool *shown)
{
    const struct show_if *c = fields->items[i].show_if;
    if (!c)
        return true;
    size_t on = 0; /* above i: fields_check has seen to it */
    while (on < i && !str_eq(fields->items[on].key, c->key))
        on++;
    if (on == i || !shown[on])
        return false;
    const json_t *v = json_object_getn(answers, c->key.ptr, c->key.len);
    switch ((enum show_is)c->is.value) {
    case SHOW_EQUALS: return equals(v, (enum field_type)fields->items[on].type.value, c->value);
    case SHOW_INCLUDES: return includes(v, c->value);
    case SHOW_ANSWERED: break;
    }
    return is_answered(v);
}

void fields_shown(const struct form_fields *fields, struct str answers, bool *ret_shown)
{
    json_t *root =
        json_loadb(answers.ptr, answers.len, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
    bool section_shown = true;
    for (size_t i = 0; i < fields->count; i++) {
        bool met = is_met(fields, i, root, ret_shown);
        if (fields->items[i].type.value == TYPE_SECTION)
            section_shown = met;
        ret_shown[i] = met && section_shown;
    }
    json_decref(root);
}
