/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * menu: what a service is by one person, and the menu as a whole: its order, another one like
 * it, back from retirement.
 */
#include "catalog/internal.h"

#include "audit/audit.h"
#include "workspace/ids.h"
#include "workspace/workspace.h"

#include <string.h>

/* ---- by one person ---- */

size_t service_staff_at(const struct service *s, int64_t staff_id)
{
    size_t lo = 0, hi = s->staff_count;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (s->staff_ids[mid] < staff_id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->staff_count && s->staff_ids[lo] == staff_id ? lo : s->staff_count;
}

bool service_performed_by(const struct service *s, int64_t staff_id)
{
    return service_staff_at(s, staff_id) < s->staff_count;
}

void service_by(const struct service *s, int64_t staff_id, struct visit_service *ret_shape,
                int64_t *ret_price)
{
    size_t at = service_staff_at(s, staff_id);
    const struct staff_terms none = {0}, *terms = at < s->staff_count ? &s->terms[at] : &none;
    *ret_shape = s->shape;
    *ret_price = terms->price.set ? terms->price.value : s->price;
    /* What does not fit was refused when it was written down (change.c). */
    if (terms->duration_min.set)
        (void)visit_service_resize(ret_shape, (int)terms->duration_min.value);
}

/* ---- the order ---- */

struct ranked {
    int64_t category_position; /* of the first service of its category */
    struct service service;
};

static int compare_text(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n > 0 ? memcmp(a.ptr, b.ptr, n) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int along_the_menu(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int order = compare_int(x->category_position, y->category_position);
    if (order == 0)
        order = compare_text(x->service.category, y->service.category);
    if (order == 0)
        order = compare_int(x->service.position, y->service.position);
    if (order == 0)
        order = compare_text(x->service.name, y->service.name);
    return order != 0 ? order : compare_int(x->service.id, y->service.id);
}

void menu_sort(struct arena *a, struct service *list, size_t count)
{
    struct ranked *ranked = arena_new_array(a, count, struct ranked);
    for (size_t i = 0; i < count; i++) {
        int64_t first = list[i].position;
        for (size_t k = 0; k < count; k++)
            if (list[k].position < first && str_eq(list[k].category, list[i].category))
                first = list[k].position;
        ranked[i] = (struct ranked){first, list[i]};
    }
    if (count > 1)
        qsort(ranked, count, sizeof *ranked, along_the_menu);
    for (size_t i = 0; i < count; i++)
        list[i] = ranked[i].service;
}

struct order_in {
    struct id_list ids;
};
static const struct field order_in_fields[] = {
    FIELD_IDS(struct order_in, ids, 1, SERVICES_MAX, .required = true,
              .doc = "the services along the menu; those that are not named follow as they are"),
};
static const struct shape order_in_shape = SHAPE("ServiceOrder", struct order_in, order_in_fields);

static enum result place(struct work *w, int64_t id, int64_t position)
{
    return db_exec(w->tx,
                   "UPDATE service SET position = $3"
                   " WHERE workspace_id = $1 AND id = $2 AND position <> $3",
                   db_i(w->actor.workspace_id), db_i(id), db_i(position));
}

static const struct service *find(const struct service *list, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id)
            return &list[i];
    return NULL;
}

/* Not under If-Match: an order is told whole, and leaves what an open page has of a service. */
static enum result put_order(struct request *rq, struct work *w)
{
    const struct order_in *in = rq->in;
    struct service *list;
    size_t count;
    int64_t position = 0;
    if (ids_distinct(w, "ids", in->ids) != OK)
        return INVALID;
    enum result r = workspace_lock(w);
    if (r == OK)
        r = service_page(w, 0, false, SERVICES_MAX, &list, &count);
    if (r != OK)
        return r;
    menu_sort(w->arena, list, count);
    for (size_t i = 0; i < in->ids.count; i++)
        if (!find(list, count, in->ids.ids[i]))
            r = work_missing_at(w, arena_printf(w->arena, "ids.%zu", i), "service");
    for (size_t i = 0; r == OK && i < in->ids.count; i++)
        r = place(w, in->ids.ids[i], ++position);
    for (size_t i = 0; r == OK && i < count; i++) {
        bool named = false;
        for (size_t k = 0; k < in->ids.count && !named; k++)
            named = in->ids.ids[k] == list[i].id;
        if (!named)
            r = place(w, list[i].id, ++position);
    }
    if (r == OK)
        r = audit_action(w, "service", in->ids.ids[0], "ordered");
    if (r == OK)
        answer_empty(rq, 204);
    return r;
}

/* ---- one more, and one again ---- */

struct duplicate_in {
    struct str name;
};
static const struct field duplicate_in_fields[] = {
    FIELD_STR(struct duplicate_in, name, 1, 120, .doc = "absent: the same name"),
};
static const struct shape duplicate_in_shape =
    SHAPE("ServiceDuplicate", struct duplicate_in, duplicate_in_fields);

static enum result post_duplicate(struct request *rq, struct work *w)
{
    const struct duplicate_in *in = rq->in;
    int64_t id;
    enum result r = service_duplicate(w, request_id_param(rq, 0), in->name, &id);
    return r == OK ? service_answer(rq, w, 201, id) : r;
}

/* Without If-Match: whoever sees it on the list of what is retired has no version of it. */
static enum result post_restore(struct request *rq, struct work *w)
{
    int64_t id = request_id_param(rq, 0), last, back = 0;
    enum result r = workspace_lock(w);
    if (r == OK)
        r = service_check_room(w, &last);
    if (r == OK)
        r = db_count(w->tx, &back,
                     "UPDATE service SET retired = 0, active = 1, version = version + 1"
                     " WHERE workspace_id = $1 AND id = $2 AND (retired = 1 OR active = 0)",
                     db_i(w->actor.workspace_id), db_i(id));
    if (r == OK && back)
        r = audit_action(w, "service", id, "restored");
    return r == OK ? service_answer(rq, w, 200, id) : r;
}

static const struct route routes[] = {
    {
        .method = HTTP_PUT_,
        .path = "/api/v1/services/order",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .body = &order_in_shape,
        .status = 204,
        .handler = put_order,
        .tag = "catalog",
        .summary = "Put the menu in order: categories by their first service, then services",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/services/{id}/duplicate",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .idempotent = true,
        .body = &duplicate_in_shape,
        .status = 201,
        .answer = &service_shape,
        .handler = post_duplicate,
        .tag = "catalog",
        .summary = "Add a service like this one, not offered yet",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/services/{id}/restore",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .status = 200,
        .answer = &service_shape,
        .handler = post_restore,
        .tag = "catalog",
        .summary = "Offer a service again that was retired or switched off",
    },
};
const struct route_table menu_table = {routes, sizeof routes / sizeof routes[0]};
