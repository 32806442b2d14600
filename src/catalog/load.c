/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * load: services with their segments, people, needs and materials.
 *
 * The rows of the services come first, then one query for each kind of part, for all of them. A
 * visit names its services by id; a list is a range of ids, taken in chunks so that no query can
 * yield more than the database layer allows (100 services × 200 people).
 */
#include "catalog/internal.h"

#include <assert.h>

enum { CHUNK = 100 };
static_assert(CHUNK * SERVICE_STAFF_MAX <= (int)DB_ROWS_MAX, "a chunk's people fit");
static_assert(CHUNK * SERVICE_NEEDS_MAX * NEED_CHOICES_MAX <= (int)DB_ROWS_MAX, "its needs too");
static_assert(CHUNK * GATES_OF_SERVICE_MAX <= (int)DB_ROWS_MAX, "its gates too");

/* ---- which services ---- */

#define SERVICE                                                                               \
    "SELECT s.id, s.name, s.category, s.description, s.duration_min, s.buffer_before_min,"    \
    " s.buffer_after_min, s.price, s.active, s.retired, s.version, s.position FROM service s" \
    " WHERE s.workspace_id = $1"
#define PART_OF_SERVICE                                                            \
    " p JOIN service s ON s.workspace_id = p.workspace_id AND s.id = p.service_id" \
    " WHERE p.workspace_id = $1"
#define PART_OF_FORM                                                               \
    " p JOIN service s ON s.workspace_id = p.workspace_id AND s.id = p.service_id" \
    " JOIN form f ON f.workspace_id = p.workspace_id AND f.id = p.form_id"         \
    " WHERE p.workspace_id = $1 AND f.active = 1"
#define NOT_RETIRED " AND s.retired = 0"
#define BY_ID       " AND s.id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
#define BY_RANGE    " AND s.id BETWEEN $2 AND $3" NOT_RETIRED

static_assert(VISIT_SERVICES_MAX == 10, "BY_ID has a place for each service of a visit");

/* The parameters of BY_ID (all places filled, by repeating) or of BY_RANGE. */
struct choice {
    bool by_range;
    size_t count;
    struct db_value values[1 + VISIT_SERVICES_MAX];
};

static struct choice choose_ids(int64_t workspace_id, const int64_t *ids, size_t count)
{
    struct choice c = {.count = 1 + VISIT_SERVICES_MAX, .values = {db_i(workspace_id)}};
    for (size_t i = 0; i < VISIT_SERVICES_MAX; i++)
        c.values[1 + i] = db_i(ids[i < count ? i : 0]);
    return c;
}

static struct choice choose_range(int64_t workspace_id, int64_t least, int64_t most)
{
    return (struct choice){
        .by_range = true,
        .count = 3,
        .values = {db_i(workspace_id), db_i(least), db_i(most)},
    };
}

static enum result ask(struct work *w, const struct choice *c, struct db_rows *ret,
                       const char *sql_by_id, const char *sql_by_range)
{
    return db_query_values(w->tx, ret, c->by_range ? sql_by_range : sql_by_id, c->values, c->count);
}

/* ---- rows into services ---- */

static struct service *services_of(struct arena *a, const struct db_rows *rows)
{
    struct service *list = arena_new_array(a, rows->count, struct service);
    for (size_t i = 0; i < rows->count; i++)
        list[i] = (struct service){
            .id = db_int(rows, i, 0),
            .name = db_str(rows, i, 1),
            .category = db_str(rows, i, 2),
            .description = db_str(rows, i, 3),
            .price = db_int(rows, i, 7),
            .active = db_int(rows, i, 8) != 0,
            .retired = db_int(rows, i, 9) != 0,
            .version = db_int(rows, i, 10),
            .position = db_int(rows, i, 11),
            .shape =
                {
                    .service_id = db_int(rows, i, 0),
                    .duration_min = (int)db_int(rows, i, 4),
                    .buffer_before_min = (int)db_int(rows, i, 5),
                    .buffer_after_min = (int)db_int(rows, i, 6),
                },
        };
    return list;
}

static struct service *find(struct service *list, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id)
            return &list[i];
    return NULL;
}

static enum result read_segments(struct work *w, const struct choice *c, struct service *list,
                                 size_t count)
{
    struct db_rows rows;
    enum result r =
        ask(w, c, &rows,
            "SELECT p.service_id, p.kind, p.minutes FROM service_segment" PART_OF_SERVICE BY_ID
            " ORDER BY p.service_id, p.position",
            "SELECT p.service_id, p.kind, p.minutes FROM service_segment" PART_OF_SERVICE BY_RANGE
            " ORDER BY p.service_id, p.position");
    for (size_t i = 0; r == OK && i < rows.count; i++) {
        struct service *s = find(list, count, db_int(&rows, i, 0));
        if (!s)
            continue;
        assert(s->shape.segment_count < SERVICE_SEGMENTS_MAX);
        s->shape.segments[s->shape.segment_count++] = (struct segment){
            .processing = str_is(db_str(&rows, i, 1), "processing"),
            .minutes = (int)db_int(&rows, i, 2),
        };
    }
    return r;
}

static enum result read_staff(struct work *w, const struct choice *c, struct service *list,
                              size_t count)
{
    struct db_rows rows;
    enum result r =
        ask(w, c, &rows,
            "SELECT p.service_id, p.staff_id, p.price, p.duration_min"
            " FROM service_staff" PART_OF_SERVICE BY_ID " ORDER BY p.service_id, p.staff_id",
            "SELECT p.service_id, p.staff_id, p.price, p.duration_min"
            " FROM service_staff" PART_OF_SERVICE BY_RANGE " ORDER BY p.service_id, p.staff_id");
    if (r != OK)
        return r;
    int64_t *ids = arena_new_array(w->arena, rows.count, int64_t);
    struct staff_terms *terms = arena_new_array(w->arena, rows.count, struct staff_terms);
    for (size_t i = 0; i < rows.count; i++) {
        ids[i] = db_int(&rows, i, 1);
        terms[i] = (struct staff_terms){db_opt_int(&rows, i, 2), db_opt_int(&rows, i, 3)};
        struct service *s = find(list, count, db_int(&rows, i, 0));
        if (!s)
            continue;
        if (s->staff_count++ == 0) {
            s->staff_ids = &ids[i];
            s->terms = &terms[i];
        }
    }
    return OK;
}

static enum result read_materials(struct work *w, const struct choice *c, struct service *list,
                                  size_t count)
{
    struct db_rows rows;
    enum result r = ask(
        w, c, &rows,
        "SELECT p.service_id, p.item_id, p.quantity FROM service_material" PART_OF_SERVICE BY_ID
        " ORDER BY p.service_id, p.item_id",
        "SELECT p.service_id, p.item_id, p.quantity FROM service_material" PART_OF_SERVICE BY_RANGE
        " ORDER BY p.service_id, p.item_id");
    if (r != OK)
        return r;
    struct material *materials = arena_new_array(w->arena, rows.count, struct material);
    for (size_t i = 0; i < rows.count; i++) {
        materials[i] = (struct material){db_int(&rows, i, 1), db_int(&rows, i, 2)};
        struct service *s = find(list, count, db_int(&rows, i, 0));
        if (!s)
            continue;
        if (s->material_count++ == 0)
            s->materials = &materials[i];
    }
    return OK;
}

/* A form that is switched off is asked no more. */
static enum result read_forms(struct work *w, const struct choice *c, struct service *list,
                              size_t count)
{
    struct db_rows rows;
    enum result r = ask(w, c, &rows,
                        "SELECT p.service_id, p.form_id FROM service_form" PART_OF_FORM BY_ID
                        " ORDER BY p.service_id, p.form_id",
                        "SELECT p.service_id, p.form_id FROM service_form" PART_OF_FORM BY_RANGE
                        " ORDER BY p.service_id, p.form_id");
    if (r != OK)
        return r;
    int64_t *ids = arena_new_array(w->arena, rows.count, int64_t);
    for (size_t i = 0; i < rows.count; i++) {
        ids[i] = db_int(&rows, i, 1);
        struct service *s = find(list, count, db_int(&rows, i, 0));
        if (!s)
            continue;
        if (s->form_count++ == 0)
            s->form_ids = &ids[i];
    }
    return OK;
}

/* Rows of one need stand together: (service, position, resource). */
static enum result read_needs(struct work *w, const struct choice *c, struct service *list,
                              size_t count)
{
    struct db_rows rows;
    enum result r = ask(
        w, c, &rows,
        "SELECT p.service_id, p.position, p.resource_id FROM service_need" PART_OF_SERVICE BY_ID
        " ORDER BY p.service_id, p.position, p.resource_id",
        "SELECT p.service_id, p.position, p.resource_id FROM service_need" PART_OF_SERVICE BY_RANGE
        " ORDER BY p.service_id, p.position, p.resource_id");
    if (r != OK)
        return r;
    int64_t *ids = arena_new_array(w->arena, rows.count, int64_t);
    for (size_t i = 0; i < rows.count; i++) {
        ids[i] = db_int(&rows, i, 2);
        struct service *s = find(list, count, db_int(&rows, i, 0));
        if (!s)
            continue;
        bool same_need = i > 0 && db_int(&rows, i, 0) == db_int(&rows, i - 1, 0) &&
                         db_int(&rows, i, 1) == db_int(&rows, i - 1, 1);
        if (!same_need) {
            assert(s->shape.need_count < SERVICE_NEEDS_MAX);
            s->shape.needs[s->shape.need_count++] = (struct need){.any_of = &ids[i]};
        }
        s->shape.needs[s->shape.need_count - 1].count++;
    }
    return OK;
}

static enum result read_requires(struct work *w, const struct choice *c, struct service *list,
                                 size_t count)
{
    struct db_rows rows;
    enum result r =
        ask(w, c, &rows,
            "SELECT p.service_id, p.kind, p.form_id, p.required_id, p.lead_hours, p.valid_days"
            " FROM service_require" PART_OF_SERVICE BY_ID " ORDER BY p.service_id, p.position",
            "SELECT p.service_id, p.kind, p.form_id, p.required_id, p.lead_hours, p.valid_days"
            " FROM service_require" PART_OF_SERVICE BY_RANGE " ORDER BY p.service_id, p.position");
    if (r != OK)
        return r;
    struct gate_io *gates = arena_new_array(w->arena, rows.count, struct gate_io);
    for (size_t i = 0; i < rows.count; i++) {
        gates[i] = (struct gate_io){
            .kind = some_int(gate_kind_of(db_str(&rows, i, 1))),
            .form_id = db_opt_int(&rows, i, 2),
            .service_id = db_opt_int(&rows, i, 3),
            .lead_hours = some_int(db_int(&rows, i, 4)),
            .valid_days = db_opt_int(&rows, i, 5),
        };
        struct service *s = find(list, count, db_int(&rows, i, 0));
        if (!s)
            continue;
        if (s->require_count++ == 0)
        s->requires = &gates[i];
    }
    return OK;
}

static enum result read_parts(struct work *w, const struct choice *c, struct service *list,
                              size_t count)
{
    enum result r = read_segments(w, c, list, count);
    if (r == OK)
        r = read_staff(w, c, list, count);
    if (r == OK)
        r = read_materials(w, c, list, count);
    if (r == OK)
        r = read_needs(w, c, list, count);
    if (r == OK)
        r = read_forms(w, c, list, count);
    if (r == OK)
        r = read_requires(w, c, list, count);
    return r;
}

/* ---- what others ask ---- */

enum result service_load(struct work *w, int64_t id, struct service *ret)
{
    struct choice c = choose_range(w->actor.workspace_id, id, id);
    struct db_rows rows;
    enum result r = db_one_values(w->tx, &rows, SERVICE BY_RANGE, c.values, c.count);
    if (r == NOT_FOUND)
        return work_missing(w, "service");
    if (r != OK)
        return r;
    struct service *s = services_of(w->arena, &rows);
    r = read_parts(w, &c, s, 1);
    if (r == OK)
        *ret = *s;
    return r;
}

/* The parts of a list that is sorted by id, chunk by chunk. */
static enum result read_parts_of_all(struct work *w, struct service *list, size_t count)
{
    enum result r = OK;
    for (size_t from = 0; r == OK && from < count; from += CHUNK) {
        size_t n = count - from < CHUNK ? count - from : CHUNK;
        struct choice c = choose_range(w->actor.workspace_id, list[from].id, list[from + n - 1].id);
        r = read_parts(w, &c, list + from, n);
    }
    return r;
}

enum result service_page(struct work *w, int64_t after_id, bool only_active, size_t limit,
                         struct service **ret, size_t *ret_count)
{
    struct db_rows rows;
    enum result r = db_query(
        w->tx, &rows,
        SERVICE NOT_RETIRED " AND s.id > $2 AND s.active >= $4 ORDER BY s.id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after_id), db_i((int64_t)limit), db_i(only_active));
    if (r != OK)
        return r;
    struct service *list = services_of(w->arena, &rows);
    r = read_parts_of_all(w, list, rows.count);
    if (r == OK) {
        *ret = list;
        *ret_count = rows.count;
    }
    return r;
}

/* Those that are not offered, retired ones too. Their ids may lie far apart, so that their parts
 * are asked for by id, as those of a visit are. */
enum result service_shelf(struct work *w, int64_t after_id, size_t limit, struct service **ret,
                          size_t *ret_count)
{
    struct db_rows rows;
    enum result r =
        db_query(w->tx, &rows, SERVICE " AND s.active = 0 AND s.id > $2 ORDER BY s.id LIMIT $3",
                 db_i(w->actor.workspace_id), db_i(after_id), db_i((int64_t)limit));
    if (r != OK)
        return r;
    struct service *list = services_of(w->arena, &rows);
    for (size_t from = 0; r == OK && from < rows.count; from += VISIT_SERVICES_MAX) {
        int64_t ids[VISIT_SERVICES_MAX];
        size_t n = 0;
        for (; n < VISIT_SERVICES_MAX && from + n < rows.count; n++)
            ids[n] = list[from + n].id;
        struct choice c = choose_ids(w->actor.workspace_id, ids, n);
        r = read_parts(w, &c, list + from, n);
    }
    if (r == OK) {
        *ret = list;
        *ret_count = rows.count;
    }
    return r;
}

enum result catalog_services(struct work *w, const int64_t *ids, size_t count, bool also_retired,
                             struct service **ret)
{
    assert(count <= VISIT_SERVICES_MAX);
    if (count == 0)
        return problem_field(w->problem, "service_ids", "too_few", "Choose a service.");
    struct choice c = choose_ids(w->actor.workspace_id, ids, count);
    struct db_rows rows;
    enum result r = db_query_values(w->tx, &rows, SERVICE BY_ID, c.values, c.count);
    if (r != OK)
        return r;
    struct service *found = services_of(w->arena, &rows);
    struct service *list = arena_new_array(w->arena, count, struct service);
    for (size_t i = 0; i < count; i++) {
        const struct service *s = find(found, rows.count, ids[i]);
        const char *path = arena_printf(w->arena, "service_ids.%zu", i);
        if (!s)
            return work_missing_at(w, path, "service");
        if (!also_retired && (!s->active || s->retired))
            return problem_field(w->problem, path, "not_offered",
                                 "This service is not offered any more.");
    }
    r = read_parts(w, &c, found, rows.count);
    if (r != OK)
        return r;
    for (size_t i = 0; i < count; i++)
        list[i] = *find(found, rows.count, ids[i]);
    *ret = list;
    return OK;
}

enum result catalog_active(struct work *w, struct service **ret, size_t *ret_count)
{
    struct db_rows rows;
    /* Inactive ones are read as well, so that a chunk's range of ids holds no more than a chunk. */
    enum result r = db_query(w->tx, &rows, SERVICE NOT_RETIRED " ORDER BY s.id LIMIT 500",
                             db_i(w->actor.workspace_id));
    if (r != OK)
        return r;
    struct service *list = services_of(w->arena, &rows);
    r = read_parts_of_all(w, list, rows.count);
    if (r != OK)
        return r;
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++)
        if (list[i].active)
            list[count++] = list[i];
    menu_sort(w->arena, list, count);
    *ret = list;
    *ret_count = count;
    return OK;
}
