/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * line: one line of a file as a client's details. Its cells are put into the object that POST
 * /clients would take and read by a shape of the same limits, so that what is wrong is said in the
 * same words.
 */
#include "transfer/internal.h"

#include "http/json_write.h"

enum { OBJECT_MAX = 256 * 1024, ERRORS_MAX = 16 };

struct texts {
    struct str name, email, phone, notes;
    struct str_list tags, alerts;
    struct opt_int status, source, created_at, unsubscribed_at;
};
static const struct field texts_fields[] = {
    FIELD_STR(struct texts, name, 1, CLIENT_NAME_MAX, .required = true),
    FIELD_STR(struct texts, email, 0, CLIENT_EMAIL_MAX, .format = STR_EMAIL),
    FIELD_STR(struct texts, phone, 0, CLIENT_PHONE_MAX, .format = STR_PHONE),
    FIELD_STR(struct texts, notes, 0, CLIENT_NOTES_MAX, .multiline = true),
    FIELD_STRS(struct texts, tags, 0, TAGS_MAX),
    FIELD_STRS(struct texts, alerts, 0, ALERTS_MAX),
    FIELD_ENUM(struct texts, status, client_statuses),
    FIELD_ENUM(struct texts, source, client_sources),
    FIELD_INSTANT(struct texts, created_at),
    FIELD_INSTANT(struct texts, unsubscribed_at),
};
static const struct shape texts_shape = SHAPE("ClientLine", struct texts, texts_fields);

static struct str cell_of(const struct columns *c, const struct csv_record *r, enum column column)
{
    int at = c->at[column];
    return at >= 0 && (size_t)at < r->count ? r->cells[at] : STR("");
}

void line_fault(struct arena *a, struct line *l, struct str column, const char *code,
                const char *message)
{
    if (!l->errors.items)
        l->errors.items = arena_new_array(a, ERRORS_MAX, struct line_error);
    struct line_error *list = l->errors.items;
    l->errors.set = true;
    if (l->errors.count < ERRORS_MAX)
        list[l->errors.count++] = (struct line_error){column, str_of(code), str_of(message)};
}

/* ---- the object ---- */

static void put_text(struct json_out *j, const char *key, struct str text)
{
    if (!text.len)
        return;
    jw_key(j, key);
    jw_text(j, text);
}

/* "a; b", "a, b" or, where entries hold such signs, the JSON array that our export writes. */
static void put_list(struct arena *a, struct json_out *j, const char *key, struct str text,
                     bool commas)
{
    if (!text.len)
        return;
    jw_key(j, key);
    if (text.ptr[0] == '[' && client_list_read(a, text).count > 0) {
        jw_raw(j, text);
        return;
    }
    char sign = commas && !memchr(text.ptr, ';', text.len) ? ',' : ';';
    jw_open(j, '[');
    while (text.len) {
        const char *end = memchr(text.ptr, sign, text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len;
        struct str entry = str_trim((struct str){text.ptr, len});
        if (entry.len)
            jw_text(j, entry);
        len += end ? 1 : 0;
        text = (struct str){text.ptr + len, text.len - len};
    }
    jw_close(j, ']');
}

static void put_instant(struct arena *a, struct json_out *j, const char *key, struct str text)
{
    bool date = text.len == strlen("2026-01-31");
    put_text(j, key, date ? str_printf(a, STR_FMT "T00:00:00Z", STR_ARG(text)) : text);
}

static struct str name_of(struct arena *a, const struct columns *c, const struct csv_record *r)
{
    struct str name = cell_of(c, r, COLUMN_NAME);
    struct str first = cell_of(c, r, COLUMN_FIRST_NAME), last = cell_of(c, r, COLUMN_LAST_NAME);
    if (name.len || (!first.len && !last.len))
        return name;
    return str_trim(str_printf(a, STR_FMT " " STR_FMT, STR_ARG(first), STR_ARG(last)));
}

static struct str object_of(struct arena *a, const struct columns *c, const struct csv_record *r)
{
    struct buf b;
    buf_init(&b, OBJECT_MAX);
    struct json_out j = jw(&b);
    jw_open(&j, '{');
    put_text(&j, "name", name_of(a, c, r));
    put_text(&j, "email", cell_of(c, r, COLUMN_EMAIL));
    put_text(&j, "phone", cell_of(c, r, COLUMN_PHONE));
    put_text(&j, "notes", cell_of(c, r, COLUMN_NOTES));
    put_list(a, &j, "tags", cell_of(c, r, COLUMN_TAGS), true);
    put_list(a, &j, "alerts", cell_of(c, r, COLUMN_ALERTS), false);
    put_text(&j, "status", str_lower(a, cell_of(c, r, COLUMN_STATUS)));
    put_text(&j, "source", str_lower(a, cell_of(c, r, COLUMN_SOURCE)));
    put_instant(a, &j, "created_at", cell_of(c, r, COLUMN_CREATED_AT));
    put_instant(a, &j, "unsubscribed_at", cell_of(c, r, COLUMN_UNSUBSCRIBED_AT));
    jw_close(&j, '}');
    struct str text = b.overflow ? (struct str){0} : str_copy(a, buf_view(&b));
    buf_done(&b);
    return text;
}

/* ---- reading ---- */

/* The file's heading for a field of the object ("tags.2" → "Labels"). */
static struct str heading_of(const struct columns *c, const char *path)
{
    size_t len = strcspn(path, ".");
    for (int i = 0; i < COLUMN__MAX; i++)
        if (c->at[i] >= 0 && strlen(column_names[i]) == len &&
            strncmp(column_names[i], path, len) == 0)
            return c->headings[c->at[i]];
    return strncmp(path, "name", len) == 0 && c->at[COLUMN_FIRST_NAME] >= 0
               ? c->headings[c->at[COLUMN_FIRST_NAME]]
               : (struct str){path, len};
}

/* What the shape cannot say of lists; the same rules as in client/client.c. */
static void check_list(struct arena *a, const struct columns *c, struct line *l, const char *field,
                       const struct str_list *list, size_t longest)
{
    bool twice = false;
    for (size_t i = 0; i < list->count; i++) {
        if (str_utf8_len(list->items[i]) > longest)
            line_fault(a, l, heading_of(c, field), "too_long",
                       arena_printf(a, "Give entries of at most %zu characters.", longest));
        for (size_t k = 0; k < i; k++)
            twice |= str_eq(list->items[i], list->items[k]);
    }
    if (twice)
        line_fault(a, l, heading_of(c, field), "duplicate", "The same entry stands twice.");
}

bool line_read(struct arena *a, const struct columns *c, const struct csv_record *r,
               struct line *ret)
{
    struct problem problem = {0};
    struct texts t = {0};
    struct str json = object_of(a, c, r);
    *ret = (struct line){.errors = {.set = true}};
    bool empty = true;
    for (size_t i = 0; i < r->count; i++)
        empty &= r->cells[i].len == 0;
    if (empty && !r->too_many)
        return false;
    if (r->open)
        line_fault(a, ret, STR(""), "unclosed_quote",
                   "A quotation mark that begins here has no end.");
    else if (!json.ptr)
        line_fault(a, ret, STR(""), "too_long", "This line is too long.");
    else if (shape_read(a, &problem, &texts_shape, json, &t) != OK && problem.field_count == 0)
        line_fault(a, ret, STR(""), "unreadable", "This line cannot be read.");
    for (size_t i = 0; i < problem.field_count; i++)
        line_fault(a, ret, heading_of(c, problem.fields[i].path), problem.fields[i].code,
                   problem.fields[i].message);
    int64_t id = 0;
    if (str_int(cell_of(c, r, COLUMN_ID), &id) && id > 0)
        ret->id = some_int(id);
    ret->name = t.name;
    ret->email = t.email.len ? t.email : (struct str){0};
    ret->phone = t.phone;
    ret->notes = t.notes;
    ret->tag_list = t.tags;
    ret->alert_list = t.alerts;
    ret->tags = client_list_json(a, &t.tags);
    ret->alerts = client_list_json(a, &t.alerts);
    ret->status = t.status;
    ret->source = t.source;
    ret->created_at = t.created_at;
    ret->unsubscribed_at = t.unsubscribed_at;
    check_list(a, c, ret, "tags", &t.tags, TAG_LENGTH_MAX);
    check_list(a, c, ret, "alerts", &t.alerts, STRS_ITEM_MAX);
    return true;
}
