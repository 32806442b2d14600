/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * resource_routes: rooms and devices, their rules and their routes.
 *
 * A resource is never removed, since visits may hold it: DELETE makes it inactive, which is what
 * PATCH {"active": false} does. Holds that exist stay; nothing new is offered with it.
 */
#include "catalog/catalog.h"

#include "audit/audit.h"
#include "workspace/workspace.h"

static const char *const kinds[] = {"room", "device", NULL};

enum { USED_BY_MAX = 200, AHEAD_S = 400 * SECONDS_PER_DAY };

/* Who counts on it: the services that can take it, and the visits ahead that hold it. */
struct using_service {
    struct opt_int id;
    struct str name;
    struct opt_bool alone; /* there is no other for that need */
};
static const struct field using_service_fields[] = {
    FIELD_ID(struct using_service, id),
    FIELD_STR(struct using_service, name, 0, 120),
    FIELD_BOOL(struct using_service, alone,
               .doc = "it is the only one that is switched on for a need of the service"),
};
static const struct shape using_service_shape =
    SHAPE("UsingService", struct using_service, using_service_fields);

struct using_visit {
    struct opt_int id, start, end;
    struct str client_name, staff_name;
};
static const struct field using_visit_fields[] = {
    FIELD_ID(struct using_visit, id),
    FIELD_INSTANT(struct using_visit, start),
    FIELD_INSTANT(struct using_visit, end),
    FIELD_STR(struct using_visit, client_name, 0, 120),
    FIELD_STR(struct using_visit, staff_name, 0, 120),
};
static const struct shape using_visit_shape =
    SHAPE("UsingVisit", struct using_visit, using_visit_fields);

struct used_by {
    struct shape_list services, visits;
};
static const struct field used_by_fields[] = {
    FIELD_LIST(struct used_by, services, using_service_shape, 0, SERVICES_MAX,
               .doc = "not retired, whose needs name it"),
    FIELD_LIST(struct used_by, visits, using_visit_shape, 0, USED_BY_MAX,
               .visible_to = PERM_BOOKINGS,
               .doc = "ahead, the next ones first; they keep it when it is switched off"),
};
static const struct shape used_by_shape = SHAPE("ResourceUse", struct used_by, used_by_fields);

struct resource {
    struct opt_int id;
    struct str name;
    struct opt_int kind;
    struct opt_bool active;
    struct opt_int version;
    struct used_by *used_by; /* of one, not of a list */
};

static const struct field resource_fields[] = {
    FIELD_ID(struct resource, id),
    FIELD_STR(struct resource, name, 0, 120),
    FIELD_ENUM(struct resource, kind, kinds),
    FIELD_BOOL(struct resource, active),
    FIELD_INT(struct resource, version, 0, 0),
    FIELD_OBJECT(struct resource, used_by, used_by_shape, .omit = true,
                 .doc = "of one room or device, not in lists"),
};
static const struct shape resource_shape = SHAPE("Resource", struct resource, resource_fields);

static const struct field resource_new_fields[] = {
    FIELD_STR(struct resource, name, 1, 120, .required = true),
    FIELD_ENUM(struct resource, kind, kinds, .required = true),
    FIELD_BOOL(struct resource, active, .doc = "true when absent"),
};
static const struct shape resource_new_shape =
    SHAPE("ResourceNew", struct resource, resource_new_fields);

static const struct field resource_patch_fields[] = {
    FIELD_STR(struct resource, name, 1, 120),
    FIELD_BOOL(struct resource, active),
};
static const struct shape resource_patch_shape =
    SHAPE("ResourcePatch", struct resource, resource_patch_fields);

static const struct field resource_query_fields[] = {PAGE_FIELDS(struct page_in)};
static const struct shape resource_query_shape =
    SHAPE("ResourceQuery", struct page_in, resource_query_fields);

/* ---- rules ---- */

#define RESOURCE                                           \
    "SELECT id, name, kind, active, version FROM resource" \
    " WHERE workspace_id = $1 AND kind <> 'person'"

static struct resource resource_of(const struct db_rows *rows, size_t i)
{
    return (struct resource){
        .id = db_opt_int(rows, i, 0),
        .name = db_str(rows, i, 1),
        .kind = some_int(str_is(db_str(rows, i, 2), "device") ? 1 : 0),
        .active = some_bool(db_int(rows, i, 3) != 0),
        .version = db_opt_int(rows, i, 4),
    };
}

static enum result load(struct work *w, int64_t id, struct resource *ret)
{
    struct db_rows rows;
    enum result r =
        db_one(w->tx, &rows, RESOURCE " AND id = $2", db_i(w->actor.workspace_id), db_i(id));
    if (r == NOT_FOUND)
        return work_missing(w, "room or device");
    if (r == OK)
        *ret = resource_of(&rows, 0);
    return r;
}

static enum result write_audit(struct work *w, const char *action, const struct resource *was,
                               const struct resource *is)
{
    struct audit a;
    audit_begin(&a, w, "resource", is->id.value, action);
    audit_str(&a, "name", was->name, is->name);
    audit_str(&a, "kind", was->kind.set ? str_of(kinds[was->kind.value]) : (struct str){0},
              str_of(kinds[is->kind.value]));
    audit_bool(&a, "active", was->active.value, is->active.value);
    return audit_end(&a);
}

static enum result check_room(struct work *w)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT COUNT(*) FROM resource"
                           " WHERE workspace_id = $1 AND kind <> 'person'",
                           db_i(w->actor.workspace_id));
    if (r == OK && db_int(&rows, 0, 0) >= RESOURCES_MAX)
        return problem_set(w->problem, CONFLICT, "limit_reached",
                           "A business has at most %d rooms and devices.", RESOURCES_MAX);
    return r;
}

static enum result create(struct work *w, const struct resource *in, int64_t *ret_id)
{
    static const struct resource nothing;
    struct resource is = *in;
    is.id = some_int(env_id(w->env));
    if (!is.active.set)
        is.active = some_bool(true);
    enum result r = workspace_lock(w);
    if (r == OK)
        r = check_room(w);
    if (r == OK)
        r = db_exec(w->tx,
                    "INSERT INTO resource (workspace_id, id, kind, name, active, created_s)"
                    " VALUES ($1, $2, $3, $4, $5, $6)",
                    db_i(w->actor.workspace_id), db_opt(is.id), db_z(kinds[is.kind.value]),
                    db_s(is.name), db_i(is.active.value), db_i(w->now_s));
    if (r == OK)
        r = write_audit(w, "created", &nothing, &is);
    if (r == OK)
        *ret_id = is.id.value;
    return r;
}

/* Under If-Match and the workspace's lock, so that no booking takes a room that goes this moment.
 */
static enum result change(struct request *rq, struct work *w, int64_t id, const struct resource *in)
{
    struct resource was;
    enum result r = workspace_lock(w);
    if (r == OK)
        r = db_exec(w->tx,
                    "UPDATE resource SET version = version + 1"
                    " WHERE workspace_id = $1 AND id = $2 AND kind <> 'person'",
                    db_i(w->actor.workspace_id), db_i(id));
    if (r == OK)
        r = load(w, id, &was);
    if (r == OK)
        r = route_check_version(rq, w, was.version.value - 1);
    if (r != OK)
        return r;
    struct resource is = was;
    if (in->name.ptr)
        is.name = in->name;
    if (in->active.set)
        is.active = in->active;
    r = db_exec(w->tx,
                "UPDATE resource SET name = $3, active = $4 WHERE workspace_id = $1 AND id = $2",
                db_i(w->actor.workspace_id), db_i(id), db_s(is.name), db_i(is.active.value));
    return r == OK ? write_audit(w, "changed", &was, &is) : r;
}

/* ---- who counts on it ---- */

static enum result load_services(struct work *w, int64_t id, struct shape_list *ret)
{
    struct db_rows rows;
    enum result r = db_query(
        w->tx, &rows,
        "SELECT s.id, s.name, MAX(CASE WHEN EXISTS (SELECT 1 FROM service_need o"
        "  JOIN resource x ON x.workspace_id = o.workspace_id AND x.id = o.resource_id"
        "  WHERE o.workspace_id = n.workspace_id AND o.service_id = n.service_id"
        "  AND o.position = n.position AND o.resource_id <> n.resource_id AND x.active = 1)"
        "  THEN 0 ELSE 1 END)"
        " FROM service_need n"
        " JOIN service s ON s.workspace_id = n.workspace_id AND s.id = n.service_id"
        " WHERE n.workspace_id = $1 AND n.resource_id = $2 AND s.retired = 0"
        " GROUP BY s.id, s.name ORDER BY s.id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(id), db_i(SERVICES_MAX));
    if (r != OK)
        return r;
    struct using_service *list = arena_new_array(w->arena, rows.count, struct using_service);
    for (size_t i = 0; i < rows.count; i++)
        list[i] = (struct using_service){db_opt_int(&rows, i, 0), db_str(&rows, i, 1),
                                         some_bool(db_int(&rows, i, 2) != 0)};
    *ret = (struct shape_list){true, rows.count, list};
    return OK;
}

/* By its holds, each looked up from there: a planner that knows no figures yet would else begin
 * with the bookings. A visit may hold it for several of its services, and is taken once; a pick is
 * nobody's visit yet. */
static enum result load_visits(struct work *w, int64_t id, struct shape_list *ret)
{
    struct db_rows rows;
    enum result r =
        db_query(w->tx, &rows,
                 "SELECT h.booking_id,"
                 " (SELECT b.start_s FROM booking b"
                 "  WHERE b.workspace_id = h.workspace_id AND b.id = h.booking_id),"
                 " (SELECT b.end_s FROM booking b"
                 "  WHERE b.workspace_id = h.workspace_id AND b.id = h.booking_id),"
                 " (SELECT c.name FROM booking b"
                 "  JOIN client c ON c.workspace_id = b.workspace_id AND c.id = b.client_id"
                 "  WHERE b.workspace_id = h.workspace_id AND b.id = h.booking_id),"
                 " (SELECT p.name FROM booking b"
                 "  JOIN resource p ON p.workspace_id = b.workspace_id AND p.id = b.staff_id"
                 "  WHERE b.workspace_id = h.workspace_id AND b.id = h.booking_id)"
                 " FROM hold h WHERE h.workspace_id = $1 AND h.resource_id = $2 AND h.start_s > $3"
                 " AND h.start_s < $4 AND h.active = 1 ORDER BY h.start_s LIMIT $5",
                 db_i(w->actor.workspace_id), db_i(id), db_i(w->now_s), db_i(w->now_s + AHEAD_S),
                 db_i(USED_BY_MAX));
    if (r != OK)
        return r;
    struct using_visit *list = arena_new_array(w->arena, rows.count, struct using_visit);
    size_t n = 0;
    for (size_t i = 0; i < rows.count; i++) {
        struct opt_int booking_id = db_opt_int(&rows, i, 0);
        bool skip = !booking_id.set;
        for (size_t k = 0; k < n && !skip; k++)
            skip = list[k].id.value == booking_id.value;
        if (!skip)
            list[n++] =
                (struct using_visit){booking_id, db_opt_int(&rows, i, 1), db_opt_int(&rows, i, 2),
                                     db_str(&rows, i, 3), db_str(&rows, i, 4)};
    }
    *ret = (struct shape_list){true, n, list};
    return OK;
}

static enum result load_use(struct work *w, int64_t id, struct used_by **ret)
{
    struct used_by *use = arena_new(w->arena, struct used_by);
    enum result r = load_services(w, id, &use->services);
    if (r == OK)
        r = load_visits(w, id, &use->visits);
    if (r == OK)
        *ret = use;
    return r;
}

/* ---- handlers ---- */

static enum result answer(struct request *rq, struct work *w, int status, int64_t id)
{
    struct resource is;
    enum result r = load(w, id, &is);
    if (r == OK)
        r = load_use(w, id, &is.used_by);
    if (r != OK)
        return r;
    answer_etag(rq, is.version.value);
    answer_json(rq, status, &resource_shape, &is, w->actor.permissions);
    return OK;
}

static enum result get_resources(struct request *rq, struct work *w)
{
    const struct page_in *page = rq->query_in;
    size_t limit = page->limit.set ? (size_t)page->limit.value : PAGE_LIMIT_DEFAULT;
    bool given;
    int64_t key = 0, after_id = 0;
    struct db_rows rows;
    enum result r = cursor_read(w, page->cursor, &given, &key, &after_id);
    if (r == OK)
        r = db_query(w->tx, &rows, RESOURCE " AND id > $2 ORDER BY id LIMIT $3",
                     db_i(w->actor.workspace_id), db_i(after_id), db_i((int64_t)limit + 1));
    if (r != OK)
        return r;
    struct str next = {0};
    size_t count = rows.count;
    if (count > limit) {
        count = limit;
        next = cursor_write(w->arena, 0, db_int(&rows, count - 1, 0));
    }
    struct resource *list = arena_new_array(w->arena, count, struct resource);
    for (size_t i = 0; i < count; i++)
        list[i] = resource_of(&rows, i);
    answer_list(rq, &resource_shape, list, count, next, w->actor.permissions);
    return OK;
}

static enum result get_resource(struct request *rq, struct work *w)
{
    return answer(rq, w, 200, request_id_param(rq, 0));
}

static enum result post_resource(struct request *rq, struct work *w)
{
    int64_t id;
    enum result r = create(w, rq->in, &id);
    return r == OK ? answer(rq, w, 201, id) : r;
}

static enum result patch_resource(struct request *rq, struct work *w)
{
    int64_t id = request_id_param(rq, 0);
    enum result r = change(rq, w, id, rq->in);
    return r == OK ? answer(rq, w, 200, id) : r;
}

static enum result delete_resource(struct request *rq, struct work *w)
{
    static const struct resource off = {.active = {.set = true, .value = false}};
    enum result r = change(rq, w, request_id_param(rq, 0), &off);
    if (r == OK)
        answer_empty(rq, 204);
    return r;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/resources",
        .who = WHO_STAFF,
        .mode = MODE_READ,
        .query = &resource_query_shape,
        .status = 200,
        .answer = &resource_shape,
        .answer_is_list = true,
        .handler = get_resources,
        .tag = "catalog",
        .summary = "Rooms and devices, inactive ones too, oldest first",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/resources",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .idempotent = true,
        .body = &resource_new_shape,
        .status = 201,
        .answer = &resource_shape,
        .handler = post_resource,
        .tag = "catalog",
        .summary = "Add a room or a device",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/resources/{id}",
        .who = WHO_STAFF,
        .mode = MODE_READ,
        .status = 200,
        .answer = &resource_shape,
        .handler = get_resource,
        .tag = "catalog",
        .summary = "One room or device, with the services and visits that count on it",
    },
    {
        .method = HTTP_PATCH_,
        .path = "/api/v1/resources/{id}",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .body = &resource_patch_shape,
        .status = 200,
        .answer = &resource_shape,
        .handler = patch_resource,
        .tag = "catalog",
        .summary = "Rename a room or device, or switch it off and on; says what counts on it",
    },
    {
        .method = HTTP_DELETE_,
        .path = "/api/v1/resources/{id}",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .status = 204,
        .handler = delete_resource,
        .tag = "catalog",
        .summary = "Switch a room or device off: visits keep it, nothing new is offered with it",
    },
};
const struct route_table resource_table = {routes, sizeof routes / sizeof routes[0]};
