/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* words: answers as a person reads them, in a conversation and on paper. */
#include "form/internal.h"

#include <jansson.h>

static void put_text(struct buf *out, const json_t *v)
{
    buf_str(out, (struct str){json_string_value(v), json_string_length(v)});
}

static void put_number(struct buf *out, const json_t *v)
{
    char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    buf_z(out, text ? text : "");
    free(text);
}

static void put_value(struct buf *out, const json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_STRING: put_text(out, v); break;
    case JSON_INTEGER:
    case JSON_REAL: put_number(out, v); break;
    case JSON_TRUE: buf_z(out, "yes"); break;
    case JSON_FALSE: buf_z(out, "no"); break;
    case JSON_ARRAY:
        for (size_t i = 0; i < json_array_size(v); i++) {
            if (i)
                buf_z(out, ", ");
            put_text(out, json_array_get(v, i));
        }
        break;
    case JSON_OBJECT: put_text(out, json_object_get(v, "name")); break;
    case JSON_NULL: break;
    }
}

static struct str words_of(struct arena *a, const json_t *answers, struct str key)
{
    const json_t *v = json_object_getn(answers, key.ptr, key.len);
    if (!v)
        return (struct str){0};
    struct buf out;
    buf_init(&out, FORM_JSON_MAX);
    put_value(&out, v);
    struct str text = str_copy(a, buf_view(&out));
    buf_done(&out);
    return text;
}

struct str answer_words(struct arena *a, const struct form_field *f, struct str answers)
{
    json_t *root = json_loadb(answers.ptr, answers.len, 0, NULL);
    struct str text = words_of(a, root, f->key);
    json_decref(root);
    return text;
}

/* At a character's beginning. */
static struct str cut(struct arena *a, struct str s, size_t most)
{
    static const char said[] = "\n(The rest is with the client's forms.)";
    if (str_utf8_len(s) <= most)
        return s;
    size_t end = 0;
    for (size_t n = 0; n < most - sizeof said; n++) {
        end++;
        while (end < s.len && ((unsigned char)s.ptr[end] & 0xc0) == 0x80)
            end++;
    }
    return str_printf(a, STR_FMT "%s", (int)end, s.ptr, said);
}

struct str answers_words(struct arena *a, const struct form_fields *fields, struct str title,
                         struct str answers, size_t most)
{
    json_t *root = json_loadb(answers.ptr, answers.len, 0, NULL);
    struct buf out;
    buf_init(&out, 4 * FORM_JSON_MAX);
    buf_str(&out, title);
    buf_byte(&out, '\n');
    for (size_t i = 0; i < fields->count; i++) {
        const struct form_field *f = &fields->items[i];
        struct str words = words_of(a, root, f->key);
        if (words.len == 0)
            continue;
        buf_byte(&out, '\n');
        buf_str(&out, f->label);
        buf_z(&out, f->type.value == TYPE_LONG_TEXT ? ":\n" : ": ");
        buf_str(&out, words);
    }
    struct str text = cut(a, str_copy(a, buf_view(&out)), most);
    buf_done(&out);
    json_decref(root);
    return text;
}
