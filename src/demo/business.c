/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * business: opens a business of the demo through the API. See business.h.
 *
 * Without memory jansson gives NULL, which then is a missing body or member: the API refuses it,
 * and that ends the load. So nothing here asks after each allocation.
 */
#include "demo/business.h"

#include "base/log.h"

#include <stdlib.h>

size_t dice_roll(struct dice *d, size_t sides)
{
    uint64_t z = d->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (size_t)((z ^ (z >> 31)) % sides);
}

void business_init(struct business *b, struct caller *caller, const json_t *data, uint64_t seed)
{
    *b = (struct business){
        .caller = caller,
        .data = data,
        .now_s = env_now_s(caller->env),
        .dice = {seed},
        .staff = json_object(),
        .resources = json_object(),
        .items = json_object(),
        .services = json_object(),
        .clients = json_array(),
    };
}

void business_done(struct business *b)
{
    json_decref(b->staff);
    json_decref(b->resources);
    json_decref(b->items);
    json_decref(b->services);
    json_decref(b->clients);
}

const char *data_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

const char *id_of(const json_t *ids, const char *name)
{
    const char *id = json_string_value(json_object_get(ids, name));
    return id ? id : "0";
}

static void keep_id(json_t *ids, const json_t *named, const json_t *answer)
{
    json_object_set(ids, data_text(named, "name"), json_object_get(answer, "id"));
}

static json_t *ids_of(const json_t *ids, const json_t *names)
{
    json_t *list = json_array();
    size_t i;
    json_t *name;
    json_array_foreach(names, i, name)
    {
        json_array_append_new(list, json_string(id_of(ids, json_string_value(name))));
    }
    return list;
}

/* A copy of an object of the file, without the members that the API does not know. */
static json_t *body_without(const json_t *object, const char *const *keys)
{
    json_t *body = json_deep_copy(object);
    for (size_t i = 0; keys[i]; i++)
        json_object_del(body, keys[i]);
    return body;
}

/* ---- the business itself ---- */

static json_t *weekly_of(const json_t *hours)
{
    json_t *weekly = json_array();
    size_t i, k;
    json_t *span, *weekday;
    json_array_foreach(hours, i, span)
    {
        json_array_foreach(json_object_get(span, "weekdays"), k, weekday)
        {
            json_array_append_new(weekly, json_pack("{s:O, s:O, s:O}", "weekday", weekday, "start",
                                                    json_object_get(span, "start"), "end",
                                                    json_object_get(span, "end")));
        }
    }
    return weekly;
}

static json_t *closures_of(const struct business *b)
{
    json_t *closures = json_array();
    size_t i;
    json_t *closure;
    json_array_foreach(json_object_get(b->data, "closures"), i, closure)
    {
        char from[DATE_TEXT], to[DATE_TEXT];
        int64_t first = b->today + json_integer_value(json_object_get(closure, "in_days"));
        date_format(first, from);
        date_format(first + json_integer_value(json_object_get(closure, "days")) - 1, to);
        json_array_append_new(closures, json_pack("{s:s, s:s, s:s}", "from", from, "to", to,
                                                  "reason", data_text(closure, "reason")));
    }
    return closures;
}

static enum result sign_up(struct business *b)
{
    const json_t *business = json_object_get(b->data, "business");
    json_auto_t *body =
        json_pack("{s:O, s:O}", "business", business, "owner", json_object_get(b->data, "owner"));
    json_auto_t *answer = NULL;
    struct ask ask = {.method = HTTP_POST_, .body = body, .status = 201};
    enum result res = caller_ask(b->caller, &ask, &answer, "/signup");
    if (res != OK)
        return res;
    const char *id = data_text(json_object_get(answer, "workspace"), "id");
    b->tz = tz_find(str_of(data_text(business, "timezone")));
    if (!b->tz || !str_int(str_of(id), &b->workspace_id))
        return INTERNAL;
    b->today = tz_date(b->tz, b->now_s);
    return OK;
}

static enum result settle_in(struct business *b)
{
    json_auto_t *body = json_deep_copy(json_object_get(b->data, "settings"));
    json_object_set_new(body, "hours", weekly_of(json_object_get(b->data, "hours")));
    json_object_set_new(body, "closures", closures_of(b));
    struct ask ask = {.method = HTTP_PATCH_, .body = body, .status = 200};
    return caller_ask(b->caller, &ask, NULL, "/workspace");
}

static enum result add_resources(struct business *b)
{
    enum result res = OK;
    size_t i;
    json_t *resource;
    json_array_foreach(json_object_get(b->data, "resources"), i, resource)
    {
        json_auto_t *answer = NULL;
        struct ask ask = {.method = HTTP_POST_, .body = resource, .status = 201};
        res = caller_ask(b->caller, &ask, &answer, "/resources");
        if (res != OK)
            break;
        keep_id(b->resources, resource, answer);
    }
    return res;
}

/* ---- people ---- */

static enum result add_time_off(struct business *b, const char *id, const json_t *list)
{
    enum result res = OK;
    size_t i;
    json_t *off;
    json_array_foreach(list, i, off)
    {
        int from_min, to_min;
        int64_t date = b->today + json_integer_value(json_object_get(off, "in_days"));
        if (!clock_parse(str_of(data_text(off, "start")), &from_min) ||
            !clock_parse(str_of(data_text(off, "end")), &to_min))
            return INTERNAL;
        char start[INSTANT_TEXT], end[INSTANT_TEXT];
        instant_format(tz_instant(b->tz, date, from_min), start);
        instant_format(tz_instant(b->tz, date, to_min), end);
        json_auto_t *body = json_pack("{s:s, s:s, s:s}", "start", start, "end", end, "reason",
                                      data_text(off, "reason"));
        struct ask ask = {.method = HTTP_POST_, .body = body, .status = 201};
        res = caller_ask(b->caller, &ask, NULL, "/staff/%s/time-off", id);
        if (res != OK)
            break;
    }
    return res;
}

/* The owner's membership came with the sign-up and is the only one so far. */
static enum result switch_owner_on(struct business *b, const json_t *person)
{
    json_auto_t *page = NULL;
    struct ask list = {.method = HTTP_GET_, .status = 200};
    enum result res = caller_ask(b->caller, &list, &page, "/staff");
    if (res != OK)
        return res;
    const json_t *owner = json_array_get(json_object_get(page, "data"), 0);
    keep_id(b->staff, person, owner);
    json_auto_t *body = json_pack("{s:O}", "bookable", json_object_get(person, "bookable"));
    struct ask ask = {.method = HTTP_PATCH_, .body = body, .status = 200};
    return caller_ask(b->caller, &ask, NULL, "/staff/%s", data_text(owner, "id"));
}

static enum result invite(struct business *b, const json_t *person)
{
    static const char *const ours[] = {"hours", "time_off", "password", NULL};
    json_auto_t *body = body_without(person, ours);
    json_auto_t *answer = NULL;
    struct ask ask = {.method = HTTP_POST_, .body = body, .status = 201};
    enum result res = caller_ask(b->caller, &ask, &answer, "/staff");
    if (res == OK)
        keep_id(b->staff, person, answer);
    return res;
}

static enum result add_staff(struct business *b)
{
    enum result res = OK;
    size_t i;
    json_t *person;
    json_array_foreach(json_object_get(b->data, "staff"), i, person)
    {
        res = i == 0 ? switch_owner_on(b, person) : invite(b, person);
        const char *id = id_of(b->staff, data_text(person, "name"));
        const json_t *hours = json_object_get(person, "hours");
        if (res == OK && hours) {
            json_auto_t *body = json_pack("{s:o}", "weekly", weekly_of(hours));
            struct ask ask = {.method = HTTP_PUT_, .body = body, .status = 200};
            res = caller_ask(b->caller, &ask, NULL, "/staff/%s/hours", id);
        }
        if (res == OK)
            res = add_time_off(b, id, json_object_get(person, "time_off"));
        if (res != OK)
            break;
    }
    return res;
}

/* ---- stock ---- */

static enum result move_stock(struct business *b, const char *item_id, const char *kind,
                              double quantity, const char *reason)
{
    json_auto_t *body =
        json_pack("{s:s, s:f, s:s}", "kind", kind, "quantity", quantity, "reason", reason);
    struct ask ask = {.method = HTTP_POST_, .body = body, .status = 201};
    return caller_ask(b->caller, &ask, NULL, "/items/%s/movements", item_id);
}

static enum result add_items(struct business *b)
{
    static const char *const ours[] = {"received", "waste", "left", NULL};
    enum result res = OK;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(b->data, "items"), i, item)
    {
        json_auto_t *body = body_without(item, ours);
        json_auto_t *answer = NULL;
        struct ask ask = {.method = HTTP_POST_, .body = body, .status = 201};
        res = caller_ask(b->caller, &ask, &answer, "/items");
        if (res != OK)
            break;
        keep_id(b->items, item, answer);
        const char *id = data_text(answer, "id");
        const json_t *waste = json_object_get(item, "waste");
        res = move_stock(b, id, "receive", json_number_value(json_object_get(item, "received")),
                         "Delivery");
        if (res == OK && waste)
            res = move_stock(b, id, "waste", json_number_value(json_object_get(waste, "quantity")),
                             data_text(waste, "reason"));
        if (res != OK)
            break;
    }
    return res;
}

enum result business_count_stock(struct business *b)
{
    enum result res = OK;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(b->data, "items"), i, item)
    {
        const json_t *left = json_object_get(item, "left");
        if (!left)
            continue;
        const char *id = id_of(b->items, data_text(item, "name"));
        json_auto_t *now = NULL;
        struct ask ask = {.method = HTTP_GET_, .status = 200};
        res = caller_ask(b->caller, &ask, &now, "/items/%s", id);
        if (res == OK)
            res = move_stock(b, id, "count",
                             json_number_value(left) +
                                 json_number_value(json_object_get(now, "reserved")),
                             "Stocktake");
        if (res != OK)
            break;
    }
    return res;
}

/* ---- menu and clients ---- */

static json_t *materials_of(const struct business *b, const json_t *list)
{
    json_t *materials = json_array();
    size_t i;
    json_t *line;
    json_array_foreach(list, i, line)
    {
        const char *id = id_of(b->items, data_text(line, "item"));
        json_array_append_new(materials, json_pack("{s:s, s:O}", "item_id", id, "quantity",
                                                   json_object_get(line, "quantity")));
    }
    return materials;
}

static json_t *needs_of(const struct business *b, const json_t *list)
{
    json_t *needs = json_array();
    size_t i;
    json_t *names;
    json_array_foreach(list, i, names)
    {
        json_array_append_new(needs, json_pack("{s:o}", "any_of", ids_of(b->resources, names)));
    }
    return needs;
}

static enum result add_services(struct business *b)
{
    static const char *const ours[] = {"staff", "materials", "needs", NULL};
    enum result res = OK;
    size_t i;
    json_t *service;
    json_array_foreach(json_object_get(b->data, "services"), i, service)
    {
        json_auto_t *body = body_without(service, ours);
        json_auto_t *answer = NULL;
        json_object_set_new(body, "staff_ids", ids_of(b->staff, json_object_get(service, "staff")));
        json_object_set_new(body, "materials",
                            materials_of(b, json_object_get(service, "materials")));
        json_object_set_new(body, "needs", needs_of(b, json_object_get(service, "needs")));
        struct ask ask = {.method = HTTP_POST_, .body = body, .status = 201};
        res = caller_ask(b->caller, &ask, &answer, "/services");
        if (res != OK)
            break;
        keep_id(b->services, service, answer);
    }
    return res;
}

static enum result add_clients(struct business *b)
{
    enum result res = OK;
    size_t i;
    json_t *client;
    json_array_foreach(json_object_get(b->data, "clients"), i, client)
    {
        json_t *answer = NULL;
        struct ask ask = {.method = HTTP_POST_, .body = client, .status = 201};
        res = caller_ask(b->caller, &ask, &answer, "/clients");
        if (res != OK)
            break;
        json_array_append_new(b->clients, answer);
    }
    return res;
}

enum result business_open(struct business *b)
{
    enum result res = sign_up(b);
    if (res == OK)
        res = settle_in(b);
    if (res == OK)
        res = add_resources(b);
    if (res == OK)
        res = add_staff(b);
    if (res == OK)
        res = add_items(b);
    if (res == OK)
        res = add_services(b);
    if (res == OK)
        res = add_clients(b);
    struct ask publish = {.method = HTTP_POST_, .status = 200};
    return res == OK ? caller_ask(b->caller, &publish, NULL, "/workspace/publish") : res;
}
