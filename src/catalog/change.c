/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * change: how services are made, changed and retired.
 *
 * The lists of a service are replaced whole. Each reference is inserted by a statement that selects
 * it from its own table within the workspace, so that one of another business, or of nobody,
 * inserts no row and is named in the answer.
 */
#include "catalog/internal.h"

#include "audit/audit.h"
#include "workspace/ids.h"
#include "workspace/workspace.h"

/* ---- what a request makes of a service ---- */

static void merge_numbers(const struct service_in *in, struct service *s)
{
    if (in->duration_min.set)
        s->shape.duration_min = (int)in->duration_min.value;
    if (in->buffer_before_min.set)
        s->shape.buffer_before_min = (int)in->buffer_before_min.value;
    if (in->buffer_after_min.set)
        s->shape.buffer_after_min = (int)in->buffer_after_min.value;
    if (in->price.set)
        s->price = in->price.value;
    if (in->active.set)
        s->active = in->active.value;
}

static struct staff_terms *terms_of(const struct service *s, int64_t staff_id)
{
    for (size_t i = 0; i < s->staff_count; i++)
        if (s->staff_ids[i] == staff_id)
            return &s->terms[i];
    return NULL;
}

/* Who stays on the list keeps their terms, unless the request says which there are. */
static void merge_staff(struct arena *a, const struct service_in *in, struct service *s)
{
    if (!in->staff_ids.set && !in->staff_terms.set)
        return;
    const struct service was = *s;
    if (in->staff_ids.set) {
        s->staff_count = in->staff_ids.count;
        s->staff_ids = in->staff_ids.ids;
    }
    s->terms = arena_new_array(a, s->staff_count + 1, struct staff_terms);
    for (size_t i = 0; i < s->staff_count && !in->staff_terms.set; i++) {
        const struct staff_terms *had = terms_of(&was, s->staff_ids[i]);
        if (had)
            s->terms[i] = *had;
    }
    const struct terms_io *terms = in->staff_terms.items;
    for (size_t i = 0; i < in->staff_terms.count; i++) {
        struct staff_terms *of = terms_of(s, terms[i].staff_id.value);
        if (of)
            *of = (struct staff_terms){terms[i].price, terms[i].duration_min};
    }
}

static void merge_lists(struct arena *a, const struct service_in *in, struct service *s)
{
    if (in->segments.set) {
        const struct segment_io *segments = in->segments.items;
        s->shape.segment_count = in->segments.count;
        for (size_t i = 0; i < in->segments.count; i++)
            s->shape.segments[i] = (struct segment){
                .processing = segments[i].kind.value == 1,
                .minutes = (int)segments[i].minutes.value,
            };
    }
    if (in->needs.set) {
        const struct need_io *needs = in->needs.items;
        s->shape.need_count = in->needs.count;
        for (size_t i = 0; i < in->needs.count; i++)
            s->shape.needs[i] = (struct need){needs[i].any_of.count, needs[i].any_of.ids};
    }
    merge_staff(a, in, s);
    if (in->form_ids.set) {
        s->form_count = in->form_ids.count;
        s->form_ids = in->form_ids.ids;
    }
    if (in->requires.set) {
        s->require_count = in->requires.count;
        s->requires = in->requires.items;
    }
    if (in->materials.set) {
        const struct material_io *materials = in->materials.items;
        s->material_count = in->materials.count;
        s->materials = arena_new_array(a, in->materials.count, struct material);
        for (size_t i = 0; i < in->materials.count; i++)
            s->materials[i] =
                (struct material){materials[i].item_id.value, materials[i].quantity.value};
    }
}

static void merge(struct arena *a, const struct service_in *in, struct service *s)
{
    if (in->name.ptr)
        s->name = in->name;
    if (in->category.ptr)
        s->category = in->category;
    if (in->description.ptr)
        s->description = in->description;
    merge_numbers(in, s);
    merge_lists(a, in, s);
}

/* ---- rules within one service ---- */

static enum result check_segments(struct work *w, const struct visit_service *shape)
{
    if (shape->segment_count == 0)
        return OK;
    enum result r = OK;
    int sum = 0;
    for (size_t i = 0; i < shape->segment_count; i++)
        sum += shape->segments[i].minutes;
    if (sum != shape->duration_min)
        r = problem_field(w->problem, "segments", "sum",
                          arena_printf(w->arena,
                                       "The segments last %d minutes and the service %d: "
                                       "make them equal.",
                                       sum, shape->duration_min));
    if (shape->segments[0].processing)
        r = problem_field(w->problem, "segments.0.kind", "must_be_work",
                          "A visit begins with someone at work.");
    return r;
}

static enum result check_lists(struct work *w, const struct service *s)
{
    enum result r =
        ids_distinct(w, "staff_ids", (struct id_list){true, s->staff_count, s->staff_ids});
    if (ids_distinct(w, "form_ids", (struct id_list){true, s->form_count, s->form_ids}) != OK)
        r = INVALID;
    for (size_t i = 0; i < s->material_count; i++)
        for (size_t k = 0; k < i; k++)
            if (s->materials[k].item_id == s->materials[i].item_id) {
                r = problem_field(w->problem, arena_printf(w->arena, "materials.%zu.item_id", i),
                                  "duplicate", "This item stands in the list already.");
                break;
            }
    for (size_t i = 0; i < s->shape.need_count; i++) {
        struct id_list any_of = {true, s->shape.needs[i].count, NULL};
        any_of.ids = arena_new_array(w->arena, any_of.count, int64_t);
        if (any_of.count > 0)
            memcpy(any_of.ids, s->shape.needs[i].any_of, any_of.count * sizeof any_of.ids[0]);
        if (ids_distinct(w, arena_printf(w->arena, "needs.%zu.any_of", i), any_of) != OK)
            r = INVALID;
    }
    return r;
}

/* Each person of the list once, and only who performs the service. */
static enum result check_term_names(struct work *w, const struct service_in *in,
                                    const struct service *s)
{
    const struct terms_io *terms = in->staff_terms.items;
    enum result r = OK;
    for (size_t i = 0; i < in->staff_terms.count; i++) {
        const char *path = arena_printf(w->arena, "staff_terms.%zu.staff_id", i);
        if (!terms_of(s, terms[i].staff_id.value))
            r = problem_field(w->problem, path, "not_performed",
                              "This person does not perform the service: add them to staff_ids.");
        for (size_t k = 0; k < i; k++)
            if (terms[k].staff_id.value == terms[i].staff_id.value) {
                r = problem_field(w->problem, path, "duplicate",
                                  "This person stands in the list already.");
                break;
            }
    }
    return r;
}

static const char *terms_path(struct work *w, const struct service_in *in, int64_t staff_id)
{
    const struct terms_io *terms = in->staff_terms.items;
    for (size_t i = 0; i < in->staff_terms.count; i++)
        if (terms[i].staff_id.value == staff_id)
            return arena_printf(w->arena, "staff_terms.%zu.duration_min", i);
    return "staff_terms";
}

/* Also where the service has changed and the terms stay: what is processing has to fit in. */
static enum result check_term_times(struct work *w, const struct service_in *in,
                                    const struct service *s)
{
    enum result r = OK;
    for (size_t i = 0; i < s->staff_count; i++) {
        struct visit_service shape = s->shape;
        if (s->terms[i].duration_min.set &&
            !visit_service_resize(&shape, (int)s->terms[i].duration_min.value))
            r = problem_field(w->problem, terms_path(w, in, s->staff_ids[i]), "too_short",
                              "The work that comes last takes the difference: this leaves less "
                              "than five minutes for it.");
    }
    return r;
}

static enum result check(struct work *w, const struct service_in *in, const struct service *s)
{
    enum result segments = check_segments(w, &s->shape);
    enum result lists = check_lists(w, s);
    enum result names = check_term_names(w, in, s);
    enum result times = segments == OK ? check_term_times(w, in, s) : OK;
    enum result gates = gate_check(w, s->id, s->requires, s->require_count);
    return segments != OK ? segments
           : lists != OK  ? lists
           : names != OK  ? names
           : times != OK  ? times
                          : gates;
}

/* ---- writing the parts ---- */

static enum result clear_part(struct work *w, int64_t id, const char *sql)
{
    return db_exec(w->tx, sql, db_i(w->actor.workspace_id), db_i(id));
}

static enum result write_segments(struct work *w, const struct service *s)
{
    enum result r = clear_part(
        w, s->id, "DELETE FROM service_segment WHERE workspace_id = $1 AND service_id = $2");
    for (size_t i = 0; r == OK && i < s->shape.segment_count; i++)
        r = db_exec(w->tx,
                    "INSERT INTO service_segment"
                    " (workspace_id, service_id, position, kind, minutes)"
                    " VALUES ($1, $2, $3, $4, $5)",
                    db_i(w->actor.workspace_id), db_i(s->id), db_i((int64_t)i),
                    db_z(s->shape.segments[i].processing ? "processing" : "work"),
                    db_i(s->shape.segments[i].minutes));
    return r;
}

static enum result write_staff(struct work *w, const struct service *s)
{
    enum result r = clear_part(
        w, s->id, "DELETE FROM service_staff WHERE workspace_id = $1 AND service_id = $2");
    bool unknown = false;
    for (size_t i = 0; r == OK && i < s->staff_count; i++) {
        int64_t added = 0;
        r = db_count(w->tx, &added,
                     "INSERT INTO service_staff"
                     " (workspace_id, service_id, staff_id, price, duration_min)"
                     " SELECT workspace_id, $2, id, $4, $5 FROM staff"
                     " WHERE workspace_id = $1 AND id = $3",
                     db_i(w->actor.workspace_id), db_i(s->id), db_i(s->staff_ids[i]),
                     db_opt(s->terms[i].price), db_opt(s->terms[i].duration_min));
        if (r == OK && added == 0) {
            ids_unknown(w, "staff_ids", i, "There is no such member of staff.");
            unknown = true;
        }
    }
    return r == OK && unknown ? NOT_FOUND : r;
}

static enum result write_materials(struct work *w, const struct service *s)
{
    enum result r = clear_part(
        w, s->id, "DELETE FROM service_material WHERE workspace_id = $1 AND service_id = $2");
    bool unknown = false;
    for (size_t i = 0; r == OK && i < s->material_count; i++) {
        int64_t added = 0;
        r = db_count(w->tx, &added,
                     "INSERT INTO service_material (workspace_id, service_id, item_id, quantity)"
                     " SELECT workspace_id, $2, id, $4 FROM item"
                     " WHERE workspace_id = $1 AND id = $3",
                     db_i(w->actor.workspace_id), db_i(s->id), db_i(s->materials[i].item_id),
                     db_i(s->materials[i].quantity));
        if (r == OK && added == 0) {
            const char *path = arena_printf(w->arena, "materials.%zu.item_id", i);
            unknown = work_missing_at(w, path, "item") != OK;
        }
    }
    return r == OK && unknown ? NOT_FOUND : r;
}

static enum result write_need(struct work *w, const struct service *s, size_t position)
{
    const struct need *need = &s->shape.needs[position];
    const char *path = arena_printf(w->arena, "needs.%zu.any_of", position);
    enum result r = OK;
    bool unknown = false;
    for (size_t i = 0; r == OK && i < need->count; i++) {
        int64_t added = 0;
        r = db_count(w->tx, &added,
                     "INSERT INTO service_need (workspace_id, service_id, position, resource_id)"
                     " SELECT workspace_id, $2, $3, id FROM resource"
                     " WHERE workspace_id = $1 AND id = $4 AND kind <> 'person'",
                     db_i(w->actor.workspace_id), db_i(s->id), db_i((int64_t)position),
                     db_i(need->any_of[i]));
        if (r == OK && added == 0) {
            ids_unknown(w, path, i, "There is no such room or device.");
            unknown = true;
        }
    }
    return r == OK && unknown ? NOT_FOUND : r;
}

static enum result write_needs(struct work *w, const struct service *s)
{
    enum result r = clear_part(
        w, s->id, "DELETE FROM service_need WHERE workspace_id = $1 AND service_id = $2");
    for (size_t i = 0; r == OK && i < s->shape.need_count; i++)
        r = write_need(w, s, i);
    return r;
}

static enum result write_forms(struct work *w, const struct service *s)
{
    enum result r = clear_part(
        w, s->id, "DELETE FROM service_form WHERE workspace_id = $1 AND service_id = $2");
    bool unknown = false;
    for (size_t i = 0; r == OK && i < s->form_count; i++) {
        int64_t added = 0;
        r = db_count(w->tx, &added,
                     "INSERT INTO service_form (workspace_id, service_id, form_id)"
                     " SELECT workspace_id, $2, id FROM form"
                     " WHERE workspace_id = $1 AND id = $3 AND active = 1",
                     db_i(w->actor.workspace_id), db_i(s->id), db_i(s->form_ids[i]));
        if (r == OK && added == 0) {
            ids_unknown(w, "form_ids", i, "There is no such form, or it is switched off.");
            unknown = true;
        }
    }
    return r == OK && unknown ? NOT_FOUND : r;
}

/* Only the lists that the request names. */
static enum result write_parts(struct work *w, const struct service_in *in, const struct service *s)
{
    enum result r = OK;
    if (in->segments.set)
        r = write_segments(w, s);
    if (r == OK && (in->staff_ids.set || in->staff_terms.set))
        r = write_staff(w, s);
    if (r == OK && in->materials.set)
        r = write_materials(w, s);
    if (r == OK && in->needs.set)
        r = write_needs(w, s);
    if (r == OK && in->form_ids.set)
        r = write_forms(w, s);
    if (r == OK && in->requires.set)
        r = gate_declare(w, s->id, s->requires, s->require_count);
    return r;
}

/* ---- audit ---- */

static struct str segments_text(struct arena *a, const struct visit_service *shape)
{
    struct str text = STR("");
    for (size_t i = 0; i < shape->segment_count; i++)
        text = str_printf(a, STR_FMT "%s%s %d", STR_ARG(text), i > 0 ? ", " : "",
                          shape->segments[i].processing ? "processing" : "work",
                          shape->segments[i].minutes);
    return text;
}

static struct str materials_text(struct arena *a, const struct service *s)
{
    struct str text = STR("");
    for (size_t i = 0; i < s->material_count; i++) {
        char quantity[THOUSANDTHS_TEXT];
        thousandths_format(s->materials[i].quantity, quantity);
        text = str_printf(a, STR_FMT "%s%lld x %s", STR_ARG(text), i > 0 ? ", " : "",
                          (long long)s->materials[i].item_id, quantity);
    }
    return text;
}

static struct str needs_text(struct arena *a, const struct visit_service *shape)
{
    struct str text = STR("");
    for (size_t i = 0; i < shape->need_count; i++) {
        text = str_printf(a, STR_FMT "%sany of", STR_ARG(text), i > 0 ? "; " : "");
        for (size_t k = 0; k < shape->needs[i].count; k++)
            text =
                str_printf(a, STR_FMT " %lld", STR_ARG(text), (long long)shape->needs[i].any_of[k]);
    }
    return text;
}

static struct str staff_text(struct arena *a, const struct service *s)
{
    return ids_text(a, (struct id_list){true, s->staff_count, s->staff_ids});
}

/* "5: 4500, 60 min": whoever has an own price or time. */
static struct str terms_text(struct arena *a, const struct service *s)
{
    struct str text = STR("");
    for (size_t i = 0; i < s->staff_count; i++) {
        const struct staff_terms *t = &s->terms[i];
        if (!t->price.set && !t->duration_min.set)
            continue;
        text = str_printf(a, STR_FMT "%s%lld:", STR_ARG(text), text.len ? "; " : "",
                          (long long)s->staff_ids[i]);
        if (t->price.set)
            text = str_printf(a, STR_FMT " %lld", STR_ARG(text), (long long)t->price.value);
        if (t->duration_min.set)
            text = str_printf(a, STR_FMT "%s %lld min", STR_ARG(text), t->price.set ? "," : "",
                              (long long)t->duration_min.value);
    }
    return text;
}

static struct str forms_text(struct arena *a, const struct service *s)
{
    return ids_text(a, (struct id_list){true, s->form_count, s->form_ids});
}

static enum result write_audit(struct work *w, const char *action, const struct service *was,
                               const struct service *is)
{
    struct audit a;
    audit_begin(&a, w, "service", is->id, action);
    audit_str(&a, "name", was->name, is->name);
    audit_str(&a, "category", was->category, is->category);
    audit_str(&a, "description", was->description, is->description);
    audit_int(&a, "duration_min", some_int(was->shape.duration_min),
              some_int(is->shape.duration_min));
    audit_int(&a, "buffer_before_min", some_int(was->shape.buffer_before_min),
              some_int(is->shape.buffer_before_min));
    audit_int(&a, "buffer_after_min", some_int(was->shape.buffer_after_min),
              some_int(is->shape.buffer_after_min));
    audit_int(&a, "price", some_int(was->price), some_int(is->price));
    audit_bool(&a, "active", was->active, is->active);
    audit_str(&a, "segments", segments_text(w->arena, &was->shape),
              segments_text(w->arena, &is->shape));
    audit_str(&a, "staff_ids", staff_text(w->arena, was), staff_text(w->arena, is));
    audit_str(&a, "staff_terms", terms_text(w->arena, was), terms_text(w->arena, is));
    audit_str(&a, "materials", materials_text(w->arena, was), materials_text(w->arena, is));
    audit_str(&a, "form_ids", forms_text(w->arena, was), forms_text(w->arena, is));
    audit_str(&a, "requires", gate_text(w->arena, was->requires, was->require_count),
              gate_text(w->arena, is->requires, is->require_count));
    audit_str(&a, "needs", needs_text(w->arena, &was->shape), needs_text(w->arena, &is->shape));
    return audit_end(&a);
}

/* ---- the three changes ---- */

enum result service_check_room(struct work *w, int64_t *ret_last_position)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT COUNT(*), COALESCE(MAX(position), 0) FROM service"
                           " WHERE workspace_id = $1 AND retired = 0",
                           db_i(w->actor.workspace_id));
    if (r != OK)
        return r;
    if (db_int(&rows, 0, 0) >= SERVICES_MAX)
        return problem_set(w->problem, CONFLICT, "limit_reached",
                           "A business has at most %d services.", SERVICES_MAX);
    *ret_last_position = db_int(&rows, 0, 1);
    return OK;
}

static const struct service nothing = {
    .name = {"", 0}, .category = {"", 0}, .description = {"", 0}};

/* The lock is the caller's. */
static enum result insert(struct work *w, const struct service_in *in, const struct service *s)
{
    enum result r =
        db_exec(w->tx,
                "INSERT INTO service (workspace_id, id, name, category, description,"
                " duration_min, buffer_before_min, buffer_after_min, price, active, position,"
                " created_s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                db_i(w->actor.workspace_id), db_i(s->id), db_s(s->name), db_s(s->category),
                db_s(s->description), db_i(s->shape.duration_min), db_i(s->shape.buffer_before_min),
                db_i(s->shape.buffer_after_min), db_i(s->price), db_i(s->active), db_i(s->position),
                db_i(w->now_s));
    if (r == OK)
        r = write_parts(w, in, s);
    return r == OK ? write_audit(w, "created", &nothing, s) : r;
}

/* At the end of a menu that somebody has put in order, by its name in one that nobody has. */
static int64_t position_after(int64_t last)
{
    return last ? last + 1 : 0;
}

enum result service_create(struct work *w, const struct service_in *in, int64_t *ret_id)
{
    struct service s = nothing;
    int64_t last = 0;
    s.id = env_id(w->env);
    s.active = true;
    merge(w->arena, in, &s);
    enum result r = check(w, in, &s);
    if (r == OK)
        r = workspace_lock(w);
    if (r == OK)
        r = service_check_room(w, &last);
    s.position = position_after(last);
    if (r == OK)
        r = insert(w, in, &s);
    if (r == OK)
        *ret_id = s.id;
    return r;
}

enum result service_duplicate(struct work *w, int64_t id, struct str name, int64_t *ret_id)
{
    static const struct service_in all_lists = {
        .segments = {.set = true},
        .materials = {.set = true},
        .needs = {.set = true},
        .requires = {.set = true},
        .staff_ids = {.set = true},
        .form_ids = {.set = true},
    };
    struct service s;
    int64_t last = 0;
    enum result r = workspace_lock(w);
    if (r == OK)
        r = service_load(w, id, &s);
    if (r == OK)
        r = service_check_room(w, &last);
    if (r != OK)
        return r;
    s.id = env_id(w->env);
    s.active = false;
    if (name.len)
        s.name = name;
    r = insert(w, &all_lists, &s);
    if (r == OK)
        *ret_id = s.id;
    return r;
}

/* Under the workspace's lock: a booking reads a service in several statements and must see it
 * whole. */
static enum result open_for_change(struct request *rq, struct work *w, int64_t id,
                                   struct service *ret)
{
    enum result r = workspace_lock(w);
    if (r == OK)
        r = db_exec(w->tx,
                    "UPDATE service SET version = version + 1"
                    " WHERE workspace_id = $1 AND id = $2 AND retired = 0",
                    db_i(w->actor.workspace_id), db_i(id));
    if (r == OK)
        r = service_load(w, id, ret);
    return r == OK ? route_check_version(rq, w, ret->version - 1) : r;
}

enum result service_change(struct request *rq, struct work *w, int64_t id,
                           const struct service_in *in)
{
    struct service was;
    enum result r = open_for_change(rq, w, id, &was);
    if (r != OK)
        return r;
    struct service is = was;
    merge(w->arena, in, &is);
    r = check(w, in, &is);
    if (r == OK)
        r = db_exec(w->tx,
                    "UPDATE service SET name = $3, category = $4, description = $5,"
                    " duration_min = $6, buffer_before_min = $7, buffer_after_min = $8,"
                    " price = $9, active = $10 WHERE workspace_id = $1 AND id = $2",
                    db_i(w->actor.workspace_id), db_i(id), db_s(is.name), db_s(is.category),
                    db_s(is.description), db_i(is.shape.duration_min),
                    db_i(is.shape.buffer_before_min), db_i(is.shape.buffer_after_min),
                    db_i(is.price), db_i(is.active));
    if (r == OK)
        r = write_parts(w, in, &is);
    if (r == OK && in->requires.set)
        r = gate_review_all(w);
    return r == OK ? write_audit(w, "changed", &was, &is) : r;
}

enum result service_retire(struct request *rq, struct work *w, int64_t id)
{
    struct service s;
    enum result r = open_for_change(rq, w, id, &s);
    if (r == OK)
        r = db_exec(w->tx,
                    "UPDATE service SET retired = 1, active = 0"
                    " WHERE workspace_id = $1 AND id = $2",
                    db_i(w->actor.workspace_id), db_i(id));
    return r == OK ? audit_action(w, "service", id, "retired") : r;
}
