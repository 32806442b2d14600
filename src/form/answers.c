/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * answers: a form's fields as a shape, so that answers are read, checked and written as any body.
 *
 * Each field has a slot; what its type means stands in declare() and declare_draft() alone.
 */
#include "form/internal.h"

#include <assert.h>
#include <string.h>

enum {
    TEXT_MAX = 500,
    LONG_TEXT_MAX = 5000,
    EMAIL_MAX = 254,
    PHONE_MAX = 32,
    HALF_TYPED_MAX = 200, /* a date, a choice: whatever a page holds before it is one */
    SIGNATURES_KEPT_MAX = 1000 * 1024,
    BODY_MAX = 1100 * 1024, /* of the request (HTTP_BODY_MAX), and its frame */
};
static const int64_t number_bound = INT64_C(1000000000000); /* thousandths: 10^9 */
static_assert((int)FORM_FIELDS_MAX <= (int)SHAPE_FIELDS_MAX, "a form is a shape");
static_assert((int)FORM_FIELDS_MAX <= (int)PROBLEM_FIELDS_MAX,
              "each field may be told to be wrong");

union answer {
    struct str text;
    struct opt_int number;
    struct opt_bool yes;
    struct str_list texts;
};

/* {"answers": …} of one form. */
struct frame {
    union answer *answers;
};

enum reading { READ_WHOLE, READ_DRAFT };

struct form_shapes {
    struct shape answers, frame;
    struct field frame_field;
};

static const char *const *choices_of(struct arena *a, const struct str_list *options)
{
    const char **list = arena_new_array(a, options->count + 1, const char *);
    for (size_t i = 0; i < options->count; i++)
        list[i] = str_z(a, options->items[i]);
    return list;
}

/* An optional text may be empty, as a page sends what was left blank. */
static struct field text_field(bool required, int64_t max, enum str_format format)
{
    return (struct field){.kind = F_STR, .min = required, .max = max, .format = format};
}

static struct field declare(struct arena *a, const struct form_field *f)
{
    bool must = f->required.value;
    switch ((enum field_type)f->type.value) {
    case TYPE_LONG_TEXT: {
        struct field text = text_field(must, LONG_TEXT_MAX, STR_ANY);
        text.multiline = true;
        return text;
    }
    case TYPE_EMAIL: return text_field(must, EMAIL_MAX, STR_EMAIL);
    case TYPE_PHONE: return text_field(must, PHONE_MAX, STR_PHONE);
    case TYPE_SIGNATURE: return (struct field){.kind = F_RAW}; /* signature.c goes on */
    case TYPE_NUMBER:
        return (struct field){.kind = F_QTY, .min = -number_bound, .max = number_bound};
    case TYPE_DATE: return (struct field){.kind = F_DATE};
    case TYPE_CHOICE: return (struct field){.kind = F_ENUM, .choices = choices_of(a, &f->options)};
    case TYPE_SEVERAL:
        return (struct field){.kind = F_STRS, .min = must, .max = (int64_t)f->options.count};
    case TYPE_CONSENT: return (struct field){.kind = F_BOOL};
    case TYPE_TEXT:
    case TYPE_SECTION:
    case TYPE__MAX: break;
    }
    return text_field(must, TEXT_MAX, STR_ANY);
}

/* What is being typed need not be right yet. */
static struct field declare_draft(struct arena *a, const struct form_field *f)
{
    struct field d = declare(a, f);
    if (d.kind == F_DATE || d.kind == F_ENUM)
        d = text_field(false, HALF_TYPED_MAX, STR_ANY);
    d.format = STR_ANY;
    if (d.kind != F_QTY)
        d.min = 0;
    return d;
}

/* `shown` NULL: all of them. What is hidden may be anything. */
static struct form_shapes *shapes_of(struct arena *a, const struct form_fields *fields,
                                     const bool *shown, enum reading how)
{
    assert(fields->count <= FORM_FIELDS_MAX);
    struct form_shapes *s = arena_new(a, struct form_shapes);
    struct field *list = arena_new_array(a, fields->count + 1, struct field);
    size_t count = 0;
    for (size_t i = 0; i < fields->count; i++) {
        const struct form_field *f = &fields->items[i];
        bool hidden = shown && !shown[i];
        if (f->type.value == TYPE_SECTION)
            continue;
        struct field *d = &list[count++];
        *d = hidden              ? (struct field){.kind = F_RAW}
             : how == READ_DRAFT ? declare_draft(a, f)
                                 : declare(a, f);
        d->name = str_z(a, f->key);
        d->offset = i * sizeof(union answer);
        d->required = how == READ_WHOLE && !hidden && f->required.value;
        d->omit = true;
    }
    s->answers = (struct shape){.name = "Answers",
                                .size = (fields->count + 1) * sizeof(union answer),
                                .fields = list,
                                .field_count = count};
    s->frame_field =
        (struct field)FIELD_OBJECT(struct frame, answers, s->answers, .required = true);
    s->frame = (struct shape){.name = "AnswersFrame",
                              .size = sizeof(struct frame),
                              .fields = &s->frame_field,
                              .field_count = 1};
    return s;
}

/* ---- what a shape cannot say ---- */

static bool among(const struct str_list *options, struct str s)
{
    for (size_t i = 0; i < options->count; i++)
        if (str_eq(options->items[i], s))
            return true;
    return false;
}

static enum result check_several(struct problem *p, const char *path, const struct form_field *f,
                                 const struct str_list *chosen)
{
    for (size_t i = 0; i < chosen->count; i++) {
        if (!among(&f->options, chosen->items[i]))
            return problem_field(p, path, "not_a_choice", "Choose among the options.");
        for (size_t k = 0; k < i; k++)
            if (str_eq(chosen->items[k], chosen->items[i]))
                return problem_field(p, path, "duplicate", "Choose each option once.");
    }
    return OK;
}

/* Here and not in the shape, to which a most of 0 would be none. */
static enum result check_bounds(struct arena *a, struct problem *p, const char *path,
                                const struct form_field *f, struct opt_int v)
{
    char least[THOUSANDTHS_TEXT], most[THOUSANDTHS_TEXT];
    bool low = v.set && f->min.set && v.value < f->min.value;
    bool high = v.set && f->max.set && v.value > f->max.value;
    if (!low && !high)
        return OK;
    thousandths_format(f->min.value, least);
    thousandths_format(f->max.value, most);
    const char *message = f->min.set && f->max.set
                              ? arena_printf(a, "Give a number from %s to %s.", least, most)
                          : low ? arena_printf(a, "Give a number of at least %s.", least)
                                : arena_printf(a, "Give a number of at most %s.", most);
    return problem_field(p, path, "out_of_range", message);
}

static enum result check_signature(struct arena *a, struct problem *p, const char *path,
                                   const struct form_field *f, enum reading how, union answer *s)
{
    bool sent = s->text.ptr != NULL;
    enum result r = signature_check(a, p, path, s->text, how == READ_DRAFT, &s->text);
    if (r != OK)
        s->text = (struct str){0};
    if (r == OK && how == READ_WHOLE && f->required.value && sent && !s->text.ptr)
        return problem_field(p, path, "required", "This is needed.");
    return r;
}

static enum result check_one(struct arena *a, struct problem *p, const struct form_field *f,
                             enum reading how, union answer *s)
{
    const char *path = arena_printf(a, "answers." STR_FMT, STR_ARG(f->key));
    if (f->type.value == TYPE_SIGNATURE)
        return check_signature(a, p, path, f, how, s);
    if (how == READ_DRAFT)
        return OK;
    switch ((enum field_type)f->type.value) {
    case TYPE_SEVERAL: return check_several(p, path, f, &s->texts);
    case TYPE_NUMBER: return check_bounds(a, p, path, f, s->number);
    case TYPE_CONSENT:
        return f->required.value && !s->yes.value
                   ? problem_field(p, path, "must_be_given", "Please give your consent.")
                   : OK;
    default: return OK;
    }
}

static void leave_blank(const struct form_field *f, union answer *s)
{
    switch ((enum field_type)f->type.value) {
    case TYPE_SEVERAL:
        if (s->texts.count == 0)
            s->texts.set = false;
        break;
    case TYPE_TEXT:
    case TYPE_LONG_TEXT:
    case TYPE_EMAIL:
    case TYPE_PHONE:
        if (s->text.len == 0)
            s->text = (struct str){0};
        break;
    default: break;
    }
}

static enum result write_answers(struct arena *a, struct problem *p, const struct form_shapes *s,
                                 const union answer *slots, size_t most, struct str *ret)
{
    struct buf out;
    buf_init(&out, most);
    shape_write(&out, &s->answers, slots, PERM_ALL);
    bool fits = !out.overflow;
    if (fits)
        *ret = str_copy(a, buf_view(&out));
    buf_done(&out);
    return fits ? OK
                : problem_field(p, "answers", "too_long",
                                "That is too much text. Please shorten it.");
}

static enum result read_answers(struct arena *a, struct problem *p, const struct form_shapes *s,
                                struct str json, struct frame *ret)
{
    struct buf body;
    buf_init(&body, BODY_MAX);
    buf_z(&body, "{\"answers\":");
    buf_str(&body, json);
    buf_byte(&body, '}');
    enum result r = shape_read(a, p, &s->frame, buf_view(&body), ret);
    buf_done(&body);
    return r;
}

/* Reads, checks each that is shown, and empties what is hidden or blank. */
static enum result take(struct arena *a, struct problem *p, const struct form_fields *fields,
                        const struct form_shapes *s, struct str json, const bool *shown,
                        enum reading how, union answer **ret)
{
    struct frame frame;
    enum result r = read_answers(a, p, s, json, &frame);
    if (r != OK)
        return r;
    for (size_t i = 0; i < fields->count; i++) {
        union answer *slot = &frame.answers[i];
        if (shown && !shown[i]) {
            *slot = (union answer){0};
            continue;
        }
        if (check_one(a, p, &fields->items[i], how, slot) != OK)
            r = INVALID;
        leave_blank(&fields->items[i], slot);
    }
    *ret = frame.answers;
    return r;
}

/* Takes the signatures out of the answers, where their names stay. */
static enum result take_signatures(struct arena *a, struct problem *p,
                                   const struct form_fields *fields, const struct form_shapes *s,
                                   const bool *shown, int64_t now_s, union answer *slots,
                                   struct str *ret)
{
    union answer *whole = arena_alloc(a, s->answers.size);
    bool any = false;
    for (size_t i = 0; i < fields->count; i++) {
        if (fields->items[i].type.value != TYPE_SIGNATURE || !slots[i].text.ptr)
            continue;
        struct str words = signature_text(a, fields, shown, i);
        whole[i].text = signature_kept(a, slots[i].text, some_int(now_s), words);
        slots[i].text = signature_name(a, slots[i].text);
        any = true;
    }
    *ret = (struct str){0};
    return any ? write_answers(a, p, s, whole, SIGNATURES_KEPT_MAX, ret) : OK;
}

enum result answers_check(struct arena *a, struct problem *p, const struct form_fields *fields,
                          struct str json, int64_t now_s, struct str *ret,
                          struct str *ret_signatures)
{
    bool *shown = arena_new_array(a, fields->count + 1, bool);
    fields_shown(fields, json, shown);
    const struct form_shapes *s = shapes_of(a, fields, shown, READ_WHOLE);
    union answer *slots;
    enum result r = take(a, p, fields, s, json, shown, READ_WHOLE, &slots);
    if (r == OK)
        r = take_signatures(a, p, fields, s, shown, now_s, slots, ret_signatures);
    return r == OK ? write_answers(a, p, s, slots, FORM_JSON_MAX, ret) : r;
}

enum result answers_check_draft(struct arena *a, struct problem *p,
                                const struct form_fields *fields, struct str json, struct str *ret)
{
    const struct form_shapes *s = shapes_of(a, fields, NULL, READ_DRAFT);
    union answer *slots;
    enum result r = take(a, p, fields, s, json, NULL, READ_DRAFT, &slots);
    return r == OK ? write_answers(a, p, s, slots, FORM_ANSWERS_MAX, ret) : r;
}

/* ---- what we have written ourselves ---- */

static struct str known_of(const struct form_field *f, const struct client *c)
{
    if (f->type.value == TYPE_EMAIL)
        return c->email;
    if (f->type.value == TYPE_PHONE)
        return c->phone;
    return f->type.value == TYPE_TEXT && str_is(f->key, "name") ? c->name : (struct str){0};
}

/* A draft of a member's other revision would not fit, and there is none: it goes with its form. */
struct str answers_begun(struct arena *a, const struct form_fields *fields, const struct client *c,
                         struct str draft)
{
    const struct form_shapes *s = shapes_of(a, fields, NULL, READ_DRAFT);
    struct problem problem = {0};
    struct str text;
    struct frame frame = {.answers = arena_alloc(a, s->answers.size)};
    if (draft.ptr && read_answers(a, &problem, s, draft, &frame) != OK)
        return STR("{}"); /* we wrote it */
    for (size_t i = 0; !draft.ptr && i < fields->count; i++) {
        struct str known = known_of(&fields->items[i], c);
        if (known.len > 0)
            frame.answers[i].text = known;
    }
    if (write_answers(a, &problem, s, frame.answers, FORM_ANSWERS_MAX, &text) != OK)
        return STR("{}");
    return text;
}

/* A signature of which nothing more is kept than the name. */
static struct str bare_signature(struct arena *a, struct str name, int64_t completed_s)
{
    struct problem problem = {0};
    struct str checked;
    if (signature_check(a, &problem, "", name, true, &checked) != OK || !checked.ptr)
        return STR("null"); /* we wrote it */
    return signature_kept(a, checked, some_int(completed_s), STR(""));
}

struct str answers_shown(struct arena *a, const struct form_fields *fields, struct str kept,
                         struct str signatures, int64_t completed_s)
{
    const struct form_shapes *s = shapes_of(a, fields, NULL, READ_DRAFT);
    struct problem problem = {0};
    struct frame frame, whole = {.answers = arena_alloc(a, s->answers.size)};
    struct str text;
    if (read_answers(a, &problem, s, kept, &frame) != OK ||
        (signatures.ptr && read_answers(a, &problem, s, signatures, &whole) != OK))
        return kept; /* we wrote them */
    for (size_t i = 0; i < fields->count; i++) {
        struct str *slot = &frame.answers[i].text;
        if (fields->items[i].type.value != TYPE_SIGNATURE || !slot->ptr)
            continue;
        *slot = whole.answers[i].text.ptr ? whole.answers[i].text
                                          : bare_signature(a, *slot, completed_s);
    }
    return write_answers(a, &problem, s, frame.answers, SIGNATURES_KEPT_MAX, &text) == OK ? text
                                                                                          : kept;
}
