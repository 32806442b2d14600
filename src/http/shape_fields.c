/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * shape_fields: one value of a declared field, checked and stored, whether it came in a body or in
 * a query. The messages say how to put it right. Owns nothing; text goes into the reader's arena.
 */
#include "http/shape_internal.h"

#include <string.h>

static const int64_t int_bound = (INT64_C(1) << INT_BOUND_BITS) - 1;
static const int64_t qty_bound = INT64_C(1000000000000);

static const char *path_text(struct arena *a, const struct path *path)
{
    if (!path)
        return "";
    const char *up = path_text(a, path->up);
    const char *dot = up[0] ? "." : "";
    if (path->name)
        return arena_printf(a, "%s%s%s", up, dot, path->name);
    return arena_printf(a, "%s%s%zu", up, dot, path->index);
}

void reader_fault(struct reader *r, const struct path *path, const char *code, const char *message)
{
    if (r->problem->field_count < PROBLEM_FIELDS_MAX)
        (void)problem_field(r->problem, path_text(r->arena, path), code, message);
}

void reader_missing(struct reader *r, const struct path *path)
{
    reader_fault(r, path, "required", "This is needed.");
}

static const char *choice_list(struct arena *a, const struct field *f, const char *lead)
{
    const char *text = lead;
    for (size_t i = 0; f->choices[i]; i++)
        text = arena_printf(a, "%s%s%s", text, i ? ", " : " ", f->choices[i]);
    return arena_printf(a, "%s.", text);
}

void reader_wrong_type(struct reader *r, const struct path *path, const struct field *f)
{
    static const char *const wanted[] = {
        [F_STR] = "Give text.",
        [F_INT] = "Give a whole number.",
        [F_BOOL] = "Give true or false.",
        [F_QTY] = "Give a number with at most three decimals.",
        [F_ID] = "Give an id, which is text.",
        [F_IDS] = "Give a list of ids, each of which is text.",
        [F_INSTANT] = "Give an instant as text, like 2026-11-22T09:00:00Z.",
        [F_DATE] = "Give a date as text, like 2026-11-22.",
        [F_CLOCK] = "Give a time of day as text, like 09:30.",
        [F_ENUM] = "Give text.",
        [F_FLAGS] = "Give a list of texts.",
        [F_STRS] = "Give a list of texts.",
        [F_OBJECT] = "Give an object.",
        [F_LIST] = "Give a list of objects.",
        [F_RAW] = "Give JSON.",
    };
    reader_fault(r, path, "wrong_type", wanted[f->kind]);
}

static const char *bound_text(struct arena *a, const struct field *f, int64_t v)
{
    if (f->kind != F_QTY)
        return arena_printf(a, "%lld", (long long)v);
    char text[THOUSANDTHS_TEXT];
    thousandths_format(v, text);
    return arena_strndup(a, text, strlen(text));
}

void reader_out_of_range(struct reader *r, const struct path *path, const struct field *f)
{
    const char *least = bound_text(r->arena, f, f->min);
    reader_fault(r, path, "out_of_range",
                 f->max ? arena_printf(r->arena, "Give a number from %s to %s.", least,
                                       bound_text(r->arena, f, f->max))
                        : arena_printf(r->arena, "Give a number of at least %s.", least));
}

void reader_int(struct reader *r, const struct path *path, const struct field *f, int64_t v,
                void *ret)
{
    int64_t max = f->max ? f->max : f->kind == F_QTY ? qty_bound : int_bound;
    if (v < f->min || v > max)
        reader_out_of_range(r, path, f);
    else
        *(struct opt_int *)field_at(f, ret) = some_int(v);
}

/* ---- text ---- */

/* The code point at s.ptr[i], of text that is known to be UTF-8. */
static unsigned code_point(struct str s, size_t i)
{
    const unsigned char *p = (const unsigned char *)s.ptr + i;
    if (p[0] < 0x80)
        return p[0];
    if (p[0] < 0xe0)
        return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
    if (p[0] < 0xf0)
        return (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
    return (p[0] & 0x07u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
}

static bool characters_ok(struct str s, bool multiline)
{
    for (size_t i = 0; i < s.len; i++) {
        if (((unsigned char)s.ptr[i] & 0xc0) == 0x80)
            continue;
        unsigned c = code_point(s, i);
        if (multiline && (c == '\n' || c == '\t'))
            continue;
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (!multiline && (c == 0x2028 || c == 0x2029)))
            return false;
    }
    return true;
}

/* CR LF → LF, as text areas send it. */
static struct str without_crlf(struct arena *a, struct str s)
{
    if (!s.len || !memmem(s.ptr, s.len, "\r\n", 2))
        return s;
    char *text = arena_alloc(a, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '\r' || i + 1 == s.len || s.ptr[i + 1] != '\n')
            text[n++] = s.ptr[i];
    return (struct str){text, n};
}

static const char *length_message(struct reader *r, const struct field *f, int64_t max)
{
    if (f->min <= 1)
        return arena_printf(r->arena, "Give at most %lld characters.", (long long)max);
    return arena_printf(r->arena, "Give %lld to %lld characters.", (long long)f->min,
                        (long long)max);
}

static const char *format_message(enum str_format format)
{
    switch (format) {
    case STR_EMAIL: return "Give an e-mail address, like anna@example.com.";
    case STR_PHONE: return "Give a telephone number, like +41 44 123 45 67.";
    case STR_URL: return "Give an address that begins with https:// or http://.";
    case STR_SLUG: return "Use 2 to 63 small letters, digits and single dashes between them.";
    case STR_TIMEZONE: return "Give an IANA time zone, like Europe/Zurich.";
    case STR_CURRENCY: return "Give an ISO 4217 currency, like EUR.";
    case STR_COLOR: return "Give a colour, like #3a7bd5.";
    case STR_LOCALE: return "Give a language tag, like en or pt-BR.";
    case STR_ANY: break;
    }
    return "This is not in the right form.";
}

/* Checks one text; false and a fault, or the text as it is to be stored. */
static bool check_str(struct reader *r, const struct path *path, const struct field *f,
                      struct str *s)
{
    int64_t max = f->max ? f->max : STR_CHARACTERS_MAX;
    if (f->multiline)
        *s = without_crlf(r->arena, *s);
    if (!f->raw)
        *s = str_trim(*s);
    int64_t length = (int64_t)str_utf8_len(*s);
    if (length == 0 && f->min > 0 && f->required)
        reader_missing(r, path);
    else if (length < f->min && length == 0)
        reader_fault(r, path, "too_short", "Give something, or leave it out.");
    else if (length < f->min)
        reader_fault(r, path, "too_short", length_message(r, f, max));
    else if (length > max)
        reader_fault(r, path, "too_long", length_message(r, f, max));
    else if (!characters_ok(*s, f->multiline))
        reader_fault(r, path, "invalid_characters",
                     f->multiline ? "Leave control characters out."
                                  : "Write it on one line, without control characters.");
    else if (f->format != STR_ANY && length > 0 && !str_format_ok(f->format, *s))
        reader_fault(r, path, "invalid_format", format_message(f->format));
    else
        return true;
    return false;
}

static int choice_index(const struct field *f, struct str s)
{
    for (int i = 0; f->choices[i]; i++)
        if (str_is(s, f->choices[i]))
            return i;
    return -1;
}

static int64_t id_of(struct str s)
{
    int64_t id;
    /* Leading zeros would give one thing two names. */
    bool good = s.len > 0 && s.ptr[0] >= '1' && s.ptr[0] <= '9' && str_int(s, &id);
    return good ? id : 0;
}

void reader_text(struct reader *r, const struct path *path, const struct field *f, struct str s,
                 void *ret)
{
    struct opt_int *number = field_at(f, ret);
    int64_t v = 0;
    int minutes = 0;
    switch (f->kind) {
    case F_STR:
        if (check_str(r, path, f, &s))
            *(struct str *)field_at(f, ret) = str_copy(r->arena, s);
        break;
    case F_ID: *number = some_int(id_of(s)); break;
    case F_INSTANT:
        if (instant_parse(s, &v))
            *number = some_int(v);
        else
            reader_fault(r, path, "invalid_format", "Give an instant, like 2026-11-22T09:00:00Z.");
        break;
    case F_DATE:
        if (date_parse(s, &v))
            *number = some_int(v);
        else
            reader_fault(r, path, "invalid_format", "Give a date, like 2026-11-22.");
        break;
    case F_CLOCK:
        if (clock_parse(s, &minutes))
            *number = some_int(minutes);
        else
            reader_fault(r, path, "invalid_format", "Give a time of day, like 09:30.");
        break;
    case F_ENUM:
        v = choice_index(f, s);
        if (v >= 0)
            *number = some_int(v);
        else
            reader_fault(r, path, "not_a_choice", choice_list(r->arena, f, "Choose one of:"));
        break;
    default: reader_wrong_type(r, path, f);
    }
}

/* ---- lists of texts ---- */

bool reader_count(struct reader *r, const struct path *path, const struct field *f, size_t count)
{
    int64_t max = f->max ? f->max : JSON_MEMBERS_MAX;
    int64_t n = (int64_t)count;
    if (f->kind == F_FLAGS || (n >= f->min && n <= max))
        return true;
    if (f->min == max)
        reader_fault(r, path, n < f->min ? "too_few" : "too_many",
                     arena_printf(r->arena, "Give exactly %lld.", (long long)max));
    else if (n < f->min)
        reader_fault(r, path, "too_few",
                     arena_printf(r->arena, "Give at least %lld.", (long long)f->min));
    else
        reader_fault(r, path, "too_many",
                     arena_printf(r->arena, "Give at most %lld.", (long long)max));
    return false;
}

void reader_list(struct reader *r, const struct field *f, size_t count, void *ret)
{
    void *at = field_at(f, ret);
    if (f->kind == F_IDS)
        *(struct id_list *)at =
            (struct id_list){true, count, arena_new_array(r->arena, count, int64_t)};
    else if (f->kind == F_STRS)
        *(struct str_list *)at =
            (struct str_list){true, count, arena_new_array(r->arena, count, struct str)};
    else
        *(struct opt_int *)at = some_int(0);
}

void reader_item(struct reader *r, const struct path *path, const struct field *f, struct str s,
                 size_t i, void *ret)
{
    void *at = field_at(f, ret);
    if (f->kind == F_IDS) {
        ((struct id_list *)at)->ids[i] = id_of(s);
    } else if (f->kind == F_FLAGS) {
        int bit = choice_index(f, s);
        if (bit >= 0)
            ((struct opt_int *)at)->value |= INT64_C(1) << bit;
        else
            reader_fault(r, path, "not_a_choice", choice_list(r->arena, f, "Choose among:"));
    } else {
        struct field item = {.kind = F_STR,
                             .min = 1,
                             .max = STRS_ITEM_MAX,
                             .required = true,
                             .format = f->format,
                             .multiline = f->multiline};
        if (check_str(r, path, &item, &s))
            ((struct str_list *)at)->items[i] = str_copy(r->arena, s);
    }
}
