/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* letter_fields: the values of a letter, and their places in its words. See letter_fields.h. */
#include "message/letter_fields.h"

#include "mail/text.h"

#include <assert.h>
#include <string.h>

enum {
    VALUE_MAX = 400, /* bytes of one value */
    NAME_SHOWN_MAX = 120,
    FIELD_NAME_MAX = 24,
    FIELDS_MAX = 40, /* in one text, so that a letter stays one */
};

/* ---- values ---- */

struct str letter_line(struct arena *a, struct str s, size_t max)
{
    struct buf out;
    buf_init(&out, MAIL_BODY_MAX);
    text_header(&out, s);
    size_t len = out.len;
    if (len > max) {
        len = max;
        while (len > 0 && ((unsigned char)out.ptr[len] & 0xC0) == 0x80)
            len--;
    }
    struct str ret = str_copy(a, (struct str){out.ptr ? out.ptr : "", len});
    buf_done(&out);
    return ret;
}

static bool contains(struct str s, const char *part)
{
    return s.len > 0 && memmem(s.ptr, s.len, part, strlen(part)) != NULL;
}

/*
 * A stranger can book in somebody else's name and have us write to them. A name that carries an
 * address or a link would make our letter theirs, so such a name is not repeated.
 */
struct str letter_person(struct arena *a, struct str name)
{
    struct str s = letter_line(a, name, NAME_SHOWN_MAX);
    bool carries_link = contains(s, "/") || contains(s, "@") || contains(s, ":") ||
                        contains(s, "www.") || contains(s, "WWW.");
    return carries_link ? STR("") : s;
}

static bool reads_12_hours(struct str locale)
{
    static const char *const tags[] = {"en-US", "en-CA", "en-AU", "en-NZ", "en-IN", "en-PH"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (str_is(locale, tags[i]))
            return true;
    return false;
}

static struct str clock_text(struct arena *a, const struct letter_business *b, int64_t at_s)
{
    int minutes = tz_wall_s(b->tz, at_s) / 60;
    int hour = minutes / 60;
    if (!reads_12_hours(b->locale))
        return str_printf(a, "%02d:%02d", hour, minutes % 60);
    return str_printf(a, "%d:%02d %s", hour % 12 == 0 ? 12 : hour % 12, minutes % 60,
                      hour < 12 ? "am" : "pm");
}

static struct str date_text(struct arena *a, const struct letter_business *b, int64_t at_s)
{
    int64_t date = tz_date(b->tz, at_s);
    struct civil c = civil_from_days(date);
    return str_printf(a, "%s %d %s %d", letter_weekdays[civil_weekday(date) - 1], c.day,
                      letter_months[c.month - 1], c.year);
}

/* "Monday 23 November 2026, 10:00 to 10:45 (Europe/Berlin time)" */
static struct str when_text(struct arena *a, const struct letter_business *b, int64_t start_s,
                            int64_t end_s)
{
    struct str date = date_text(a, b, start_s);
    struct str start = clock_text(a, b, start_s);
    if (end_s == 0)
        return str_printf(a, STR_FMT ", " STR_FMT, STR_ARG(date), STR_ARG(start));
    struct str end = clock_text(a, b, end_s);
    return str_printf(a, STR_FMT ", " STR_FMT " to " STR_FMT " (%s time)", STR_ARG(date),
                      STR_ARG(start), STR_ARG(end), tz_name(b->tz));
}

/* Whole days by their dates; else from a time to a time, of two dates where they differ. */
static struct str span_text(struct arena *a, const struct letter_business *b, int64_t start_s,
                            int64_t end_s)
{
    int64_t first = tz_day_of(b->tz, start_s), last = tz_day_of(b->tz, end_s - 1);
    if (start_s == tz_day_start(b->tz, first) && end_s == tz_day_end(b->tz, last)) {
        struct str from = date_text(a, b, start_s);
        struct str to = date_text(a, b, end_s - 1);
        return first == last ? from
                             : str_printf(a, STR_FMT " to " STR_FMT, STR_ARG(from), STR_ARG(to));
    }
    if (first == last)
        return when_text(a, b, start_s, end_s);
    struct str from = when_text(a, b, start_s, 0);
    struct str to = when_text(a, b, end_s, 0);
    return str_printf(a, STR_FMT " to " STR_FMT " (%s time)", STR_ARG(from), STR_ARG(to),
                      tz_name(b->tz));
}

static void time_off_values(struct arena *a, const struct letter_in *in, struct letter_values *v)
{
    const struct letter_time_off *t = in->time_off;
    v->words[LETTER_FIELD_STAFF] = letter_person(a, t->staff_name);
    if (v->words[LETTER_FIELD_STAFF].len == 0)
        v->words[LETTER_FIELD_STAFF] = STR("A member of your team");
    v->facts[FACT_WHEN] = span_text(a, in->business, t->start_s, t->end_s);
    v->facts[FACT_REASON] = letter_line(a, t->reason, VALUE_MAX);
    v->facts[FACT_NOTE] = letter_line(a, t->note, VALUE_MAX);
}

static void booking_values(struct arena *a, const struct letter_in *in, struct letter_values *v)
{
    const struct letter_business *business = in->business;
    const struct letter_booking *b = in->booking;
    v->words[LETTER_FIELD_CLIENT] = letter_person(a, b->client_name);
    if (v->words[LETTER_FIELD_CLIENT].len == 0)
        v->words[LETTER_FIELD_CLIENT] = STR("A client");
    v->words[LETTER_FIELD_STAFF] = letter_line(a, b->staff_name, NAME_SHOWN_MAX);
    v->words[LETTER_FIELD_DATE] = date_text(a, business, b->start_s);
    v->words[LETTER_FIELD_TIME] = clock_text(a, business, b->start_s);
    v->words[LETTER_FIELD_SERVICES] = letter_line(a, b->services, VALUE_MAX);
    v->words[LETTER_FIELD_PRICE] = letter_line(a, b->price, VALUE_MAX);
    v->facts[FACT_WHEN] = when_text(a, business, b->start_s, b->end_s);
    if (b->previous_start_s)
        v->facts[FACT_BEFORE] = when_text(a, business, b->previous_start_s, 0);
    v->facts[FACT_CLIENT] = v->words[LETTER_FIELD_CLIENT];
    v->facts[FACT_SERVICES] = v->words[LETTER_FIELD_SERVICES];
    v->facts[FACT_STAFF] = v->words[LETTER_FIELD_STAFF];
    v->facts[FACT_PRICE] = v->words[LETTER_FIELD_PRICE];
}

static void client_values(struct arena *a, const struct letter_client *c, struct letter_values *v)
{
    struct str name = letter_person(a, c->name);
    v->words[LETTER_FIELD_CLIENT] = name.len ? name : STR("A client");
    v->facts[FACT_CLIENT] = v->words[LETTER_FIELD_CLIENT];
    v->facts[FACT_CLIENT_EMAIL] = letter_line(a, c->email, VALUE_MAX);
    v->facts[FACT_CLIENT_PHONE] = letter_line(a, c->phone, VALUE_MAX);
}

void letter_values_of(struct arena *a, const struct letter_in *in, struct letter_values *v)
{
    const struct letter_business *b = in->business;
    *v = (struct letter_values){0};
    v->words[LETTER_FIELD_BUSINESS] = letter_line(a, b->name, VALUE_MAX);
    v->words[LETTER_FIELD_RECIPIENT] = letter_person(a, in->to_name);
    v->words[LETTER_FIELD_ADDRESS] = letter_line(a, b->address, VALUE_MAX);
    v->words[LETTER_FIELD_PHONE] = letter_line(a, b->phone, VALUE_MAX);
    v->words[LETTER_FIELD_ITEM] = letter_line(a, in->item, VALUE_MAX);
    v->words[LETTER_FIELD_AVAILABLE] = letter_line(a, in->available, VALUE_MAX);
    v->words[LETTER_FIELD_REORDER_POINT] = letter_line(a, in->reorder_point, VALUE_MAX);
    v->words[LETTER_FIELD_MINUTES] = str_printf(a, "%d", in->valid_min);
    v->words[LETTER_FIELD_STARS] = str_printf(a, "%d", in->stars);
    v->words[LETTER_FIELD_FORM] = letter_line(a, in->form_name, VALUE_MAX);
    v->facts[FACT_WHERE] = v->words[LETTER_FIELD_ADDRESS];
    v->facts[FACT_PHONE] = v->words[LETTER_FIELD_PHONE];
    v->facts[FACT_ITEM] = v->words[LETTER_FIELD_ITEM];
    v->facts[FACT_AVAILABLE] = v->words[LETTER_FIELD_AVAILABLE];
    v->facts[FACT_REORDER_POINT] = v->words[LETTER_FIELD_REORDER_POINT];
    v->facts[FACT_EMAIL] = letter_line(a, in->to_address, VALUE_MAX);
    v->facts[FACT_PASSWORD] = letter_line(a, in->password, VALUE_MAX);
    v->facts[FACT_ANSWER_TO] = letter_line(a, b->reply_to, VALUE_MAX);
    if (in->booking)
        booking_values(a, in, v);
    if (in->client)
        client_values(a, in->client, v);
    if (in->time_off)
        time_off_values(a, in, v);
    if (in->day_s)
        v->words[LETTER_FIELD_DATE] = date_text(a, b, in->day_s);
}

/* ---- names ---- */

/* Which letters have a field: all of them, those about a visit, … */
enum letter_about {
    ABOUT_ALL = 1 << 0,
    ABOUT_VISIT = 1 << 1,
    ABOUT_ITEM = 1 << 2,
    ABOUT_CLIENT = 1 << 3,
    ABOUT_FORM = 1 << 4,
    ABOUT_DAY = 1 << 5,
    ABOUT_OTHER = 1 << 6, /* of words that nobody but us writes */
};

static const struct field_name {
    const char *name, *also;
    unsigned about;
} field_names[LETTER_FIELD__MAX] = {
    [LETTER_FIELD_BUSINESS] = {"business", "business_name", ABOUT_ALL},
    [LETTER_FIELD_RECIPIENT] = {"recipient", "recipient_name", ABOUT_ALL},
    [LETTER_FIELD_CLIENT] = {"client", "client_name", ABOUT_VISIT | ABOUT_CLIENT | ABOUT_FORM},
    [LETTER_FIELD_STAFF] = {"staff", "staff_name", ABOUT_VISIT | ABOUT_FORM},
    [LETTER_FIELD_DATE] = {"date", "day", ABOUT_VISIT | ABOUT_FORM | ABOUT_DAY},
    [LETTER_FIELD_TIME] = {"time", "start", ABOUT_VISIT | ABOUT_FORM},
    [LETTER_FIELD_SERVICES] = {"services", "service", ABOUT_VISIT | ABOUT_FORM},
    [LETTER_FIELD_PRICE] = {"price", NULL, ABOUT_VISIT},
    [LETTER_FIELD_ADDRESS] = {"address", "business_address", ABOUT_ALL},
    [LETTER_FIELD_PHONE] = {"phone", "business_phone", ABOUT_ALL},
    [LETTER_FIELD_ITEM] = {"item", "item_name", ABOUT_ITEM},
    [LETTER_FIELD_AVAILABLE] = {"available", NULL, ABOUT_ITEM},
    [LETTER_FIELD_REORDER_POINT] = {"reorder_point", NULL, ABOUT_ITEM},
    [LETTER_FIELD_MINUTES] = {"minutes", NULL, ABOUT_OTHER},
    [LETTER_FIELD_FORM] = {"form", "form_name", ABOUT_FORM},
    [LETTER_FIELD_STARS] = {"stars", NULL, ABOUT_OTHER},
};

static unsigned about_of(enum letter_kind kind)
{
    switch (kind) {
    case LETTER_BOOKING_CONFIRMATION:
    case LETTER_BOOKING_RESCHEDULED:
    case LETTER_BOOKING_CANCELLED:
    case LETTER_BOOKING_REMINDER:
    case LETTER_FOLLOW_UP:
    case LETTER_OWNER_NEW_BOOKING:
    case LETTER_OWNER_BOOKING_RESCHEDULED:
    case LETTER_OWNER_BOOKING_CANCELLED: return ABOUT_ALL | ABOUT_VISIT;
    case LETTER_FORM_REQUEST:
    case LETTER_FORM_REMINDER: return ABOUT_ALL | ABOUT_FORM;
    case LETTER_OWNER_LOW_RATING: return ABOUT_ALL | ABOUT_VISIT | ABOUT_OTHER;
    case LETTER_LOW_STOCK: return ABOUT_ALL | ABOUT_ITEM;
    case LETTER_MESSAGE:
    case LETTER_OWNER_NEW_MESSAGE:
    case LETTER_CLIENT_WELCOME: return ABOUT_ALL | ABOUT_CLIENT;
    case LETTER_OWNER_DAILY_DIGEST: return ABOUT_ALL | ABOUT_DAY;
    default: return ABOUT_ALL;
    }
}

/* LETTER_FIELD__MAX: there is none of this name. */
static enum letter_field field_called(struct str name)
{
    for (int i = 0; i < LETTER_FIELD__MAX; i++)
        if (str_is(name, field_names[i].name) ||
            (field_names[i].also && str_is(name, field_names[i].also)))
            return (enum letter_field)i;
    return LETTER_FIELD__MAX;
}

size_t letter_fields_of(enum letter_kind kind, struct str ret[static LETTER_FIELD__MAX])
{
    size_t count = 0;
    for (int i = 0; i < LETTER_FIELD__MAX; i++)
        if (field_names[i].about & about_of(kind))
            ret[count++] = str_of(field_names[i].name);
    return count;
}

/* ---- places ---- */

static struct str trim_spaces(struct str s)
{
    while (s.len && s.ptr[0] == ' ')
        s = (struct str){s.ptr + 1, s.len - 1};
    while (s.len && s.ptr[s.len - 1] == ' ')
        s.len--;
    return s;
}

bool letter_next_field(struct str *rest, struct str *ret_plain, struct str *ret_name)
{
    const char *open = rest->len ? memchr(rest->ptr, '{', rest->len) : NULL;
    if (!open) {
        *ret_plain = *rest;
        *rest = (struct str){0};
        return false;
    }
    *ret_plain = (struct str){rest->ptr, (size_t)(open - rest->ptr)};
    const char *end = rest->ptr + rest->len;
    bool twice = open + 1 < end && open[1] == '{';
    const char *name = open + (twice ? 2 : 1);
    const char *close = name < end ? memchr(name, '}', (size_t)(end - name)) : NULL;
    bool closed = close && (!twice || (close + 1 < end && close[1] == '}'));
    *ret_name = (struct str){0};
    if (!closed) {
        *rest = (struct str){end, 0};
        return true;
    }
    *ret_name = trim_spaces((struct str){name, (size_t)(close - name)});
    close += twice ? 2 : 1;
    *rest = (struct str){close, (size_t)(end - close)};
    return true;
}

void letter_fill(struct buf *out, struct str words, const struct letter_values *v, letter_put put)
{
    struct str plain, name;
    while (words.len) {
        bool field = letter_next_field(&words, &plain, &name);
        put(out, plain);
        if (!field)
            break;
        /* What is no field any more is left out; our own words are tested to have none such. */
        enum letter_field which = name.ptr ? field_called(name) : LETTER_FIELD__MAX;
        if (which != LETTER_FIELD__MAX)
            put(out, v->words[which]);
    }
}

static const char *all_fields(struct work *w, enum letter_kind kind)
{
    struct str names[LETTER_FIELD__MAX];
    size_t count = letter_fields_of(kind, names);
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = arena_printf(w->arena, "%s%s{" STR_FMT "}", text, i ? " " : "", STR_ARG(names[i]));
    return text;
}

enum result letter_fields_check(struct work *w, enum letter_kind kind, struct str words,
                                const char *path)
{
    struct str plain, name;
    for (int count = 1; words.len && letter_next_field(&words, &plain, &name); count++) {
        if (count > FIELDS_MAX)
            return problem_field(w->problem, path, "too_many", "These are too many fields.");
        if (!name.ptr)
            return problem_field(w->problem, path, "invalid_format",
                                 "A brace { stands open. Write fields as {name}.");
        enum letter_field which = field_called(name);
        if (which != LETTER_FIELD__MAX && (field_names[which].about & about_of(kind)))
            continue;
        size_t shown = name.len < FIELD_NAME_MAX ? name.len : FIELD_NAME_MAX;
        return problem_field(w->problem, path, "unknown_field",
                             arena_printf(w->arena, "There is no field {%.*s} here. These are: %s",
                                          (int)shown, name.ptr, all_fields(w, kind)));
    }
    return OK;
}
