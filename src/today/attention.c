/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attention: the list's shape and its order; what stands on it is in attention_visits.c (visits)
 * and attention_rest.c (all else). */
#include "today/attention.h"

#include <assert.h>
#include <stdlib.h>

enum { CODES = 18 };

static const char *const severities[] = {"urgent", "warning", "info", NULL};

#define OPTIONAL .omit = true
static const struct field item_fields[] = {
    FIELD_STR(struct attention_item, code, 0, 0, .doc = "unconfirmed, unmarked, low_stock …"),
    FIELD_ENUM(struct attention_item, severity, severities),
    FIELD_STR(struct attention_item, message, 0, 0, .doc = "a sentence"),
    FIELD_STR(struct attention_item, fix_url, 0, 0, .doc = "where the office mends it"),
    FIELD_ID(struct attention_item, id,
             .doc = "of what it is about: the booking, the item, the letter …"),
    FIELD_INT(struct attention_item, version, 0, 0, OPTIONAL, .doc = "of that"),
    FIELD_INSTANT(struct attention_item, at, OPTIONAL, .doc = "since when"),
    FIELD_ID(struct attention_item, booking_id, OPTIONAL),
    FIELD_INSTANT(struct attention_item, start, OPTIONAL),
    FIELD_INSTANT(struct attention_item, end, OPTIONAL),
    FIELD_INT(struct attention_item, minutes, 0, 0, OPTIONAL,
              .doc = "of the visit that are not as they should be"),
    FIELD_STR(struct attention_item, status, 0, 0, OPTIONAL),
    FIELD_STR(struct attention_item, services, 0, 0, OPTIONAL),
    FIELD_ID(struct attention_item, client_id, OPTIONAL),
    FIELD_STR(struct attention_item, client_name, 0, 0, OPTIONAL),
    FIELD_STR(struct attention_item, client_phone, 0, 0, OPTIONAL),
    FIELD_ID(struct attention_item, staff_id, OPTIONAL),
    FIELD_STR(struct attention_item, staff_name, 0, 0, OPTIONAL),
    FIELD_QTY(struct attention_item, available, 0, 0, OPTIONAL),
    FIELD_QTY(struct attention_item, reorder_point, 0, 0, OPTIONAL),
    FIELD_STR(struct attention_item, unit, 0, 0, OPTIONAL),
    FIELD_STR(struct attention_item, kind, 0, 0, OPTIONAL, .doc = "of a letter, of a job"),
    FIELD_STR(struct attention_item, name, 0, 0, OPTIONAL,
              .doc = "of the item, of the form; the letter's subject"),
    FIELD_STR(struct attention_item, detail, 0, 0, OPTIONAL, .doc = "why; what they wrote"),
    FIELD_STR(struct attention_item, next_step, 0, 0, OPTIONAL,
              .doc = "of a letter: retry, correct_address, add_address, call, wait"),
    FIELD_INT(struct attention_item, stars, 0, 0, OPTIONAL),
};
const struct shape attention_shape = SHAPE("AttentionItem", struct attention_item, item_fields);

struct attention_item *attention_add(struct attention *list, const char *code,
                                     enum severity severity)
{
    assert(list->count < list->room);
    struct attention_item *item = &list->items[list->count++];
    *item = (struct attention_item){.code = str_of(code), .severity = some_int(severity)};
    return item;
}

/* Stable, so that the codes and the order within each stay. */
static void by_severity(struct attention_item *items, size_t count, struct attention_item *into)
{
    size_t n = 0;
    for (int64_t s = SEVERITY_URGENT; s <= SEVERITY_INFO; s++)
        for (size_t i = 0; i < count; i++)
            if (items[i].severity.value == s)
                into[n++] = items[i];
}

enum result attention_list(struct work *w, const struct workspace *ws, struct shape_list *ret)
{
    static enum result (*const parts[])(struct attention *) = {
        attention_visits,  attention_orphans, attention_gates,    attention_forms,
        attention_letters, attention_stock,   attention_requests, attention_conversations,
        attention_ratings, attention_jobs,
    };
    struct attention list = {.w = w, .ws = ws, .room = (size_t)CODES * ATTENTION_EACH};
    list.items = arena_new_array(w->arena, list.room, struct attention_item);
    enum result res = OK;
    for (size_t i = 0; res == OK && i < sizeof parts / sizeof *parts; i++)
        res = parts[i](&list);
    if (res != OK)
        return res;
    struct attention_item *sorted =
        arena_new_array(w->arena, list.count + 1, struct attention_item);
    by_severity(list.items, list.count, sorted);
    *ret = (struct shape_list){true, list.count, sorted};
    return OK;
}
