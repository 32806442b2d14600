/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* declare: what a service asks, as it comes and as it is kept. See gate.h. */
#include "gate/gate.h"

#include "workspace/ids.h"

enum { HOURS_PER_DAY = 24, EDGES_MAX = 5000 }; /* 500 services with ten gates each */

static const struct field gate_io_fields[] = {
    FIELD_ENUM(struct gate_io, kind, gate_kind_names, .required = true),
    FIELD_ID(struct gate_io, form_id, .maybe = true, .doc = "form: which"),
    FIELD_ID(struct gate_io, service_id, .maybe = true,
             .doc = "patch_test, prerequisite: the service that comes first"),
    FIELD_INT(struct gate_io, lead_hours, 0, GATE_LEAD_HOURS_MAX, .maybe = true,
              .doc = "patch_test, prerequisite: it ends at least so long before; 0 when absent"),
    FIELD_INT(struct gate_io, valid_days, 1, GATE_VALID_DAYS_MAX, .maybe = true,
              .doc = "for so many days of the calendar; absent: for ever"),
};
const struct shape gate_io_shape = SHAPE("ServiceGate", struct gate_io, gate_io_fields);

/* ---- what the list alone says ---- */

static enum result wrong(struct work *w, size_t n, const char *member, const char *code,
                         const char *message)
{
    return problem_field(w->problem, arena_printf(w->arena, "requires.%zu.%s", n, member), code,
                         message);
}

static enum result check_form(struct work *w, const struct gate_io *g, size_t n)
{
    enum result res = OK;
    if (!g->form_id.set)
        res = wrong(w, n, "form_id", "required", "Say which form is asked for.");
    if (g->service_id.set)
        res = wrong(w, n, "service_id", "ambiguous", "A gate asks for a form or for a service.");
    if (g->lead_hours.set && g->lead_hours.value > 0)
        res = wrong(w, n, "lead_hours", "out_of_range", "A form has no lead: leave it out.");
    return res;
}

static enum result check_visit(struct work *w, int64_t service_id, const struct gate_io *g,
                               size_t n)
{
    enum result res = OK;
    if (!g->service_id.set)
        res = wrong(w, n, "service_id", "required", "Say which service comes first.");
    else if (g->service_id.value == service_id)
        res = wrong(w, n, "service_id", "circle", "A service cannot ask for itself.");
    if (g->form_id.set)
        res = wrong(w, n, "form_id", "ambiguous", "A gate asks for a form or for a service.");
    /* Else it would have run out before it counts; a day more, since one may have 23 hours. */
    if (g->valid_days.set && g->lead_hours.set &&
        g->lead_hours.value > (g->valid_days.value - 1) * HOURS_PER_DAY)
        res = wrong(w, n, "valid_days", "out_of_range",
                    "It has to be valid for a day longer than its lead.");
    return res;
}

static int64_t asked(const struct gate_io *g)
{
    return g->kind.value == GATE_FORM ? g->form_id.value : g->service_id.value;
}

enum result gate_check(struct work *w, int64_t service_id, const struct gate_io *list, size_t count)
{
    enum result res = OK;
    for (size_t n = 0; n < count; n++) {
        const struct gate_io *g = &list[n];
        bool is_form = g->kind.value == GATE_FORM;
        if ((is_form ? check_form(w, g, n) : check_visit(w, service_id, g, n)) != OK)
            res = INVALID;
        for (size_t k = 0; k < n; k++)
            if (list[k].kind.value == g->kind.value && asked(&list[k]) == asked(g)) {
                res = wrong(w, n, is_form ? "form_id" : "service_id", "duplicate",
                            "This stands in the list already.");
                break;
            }
    }
    return res;
}

/* ---- keeping it ---- */

static struct db_value none_or(bool set, int64_t value)
{
    return set ? db_i(value) : db_opt((struct opt_int){0});
}

static enum result refuse_asked(struct work *w, const struct gate_io *g, size_t n)
{
    bool is_form = g->kind.value == GATE_FORM;
    struct db_rows r;
    enum result res =
        is_form ? db_one(w->tx, &r, "SELECT 1 FROM form WHERE workspace_id = $1 AND id = $2",
                         db_i(w->actor.workspace_id), db_i(g->form_id.value))
                : db_one(w->tx, &r, "SELECT 1 FROM service WHERE workspace_id = $1 AND id = $2",
                         db_i(w->actor.workspace_id), db_i(g->service_id.value));
    if (res == OK)
        return wrong(w, n, is_form ? "form_id" : "service_id", "not_offered",
                     is_form ? "This form is switched off: switch it on first."
                             : "This service is not offered: make it active first.");
    if (res != NOT_FOUND)
        return res;
    const char *path =
        arena_printf(w->arena, "requires.%zu.%s", n, is_form ? "form_id" : "service_id");
    return work_missing_at(w, path, is_form ? "form" : "service");
}

static enum result put(struct work *w, int64_t service_id, const struct gate_io *g, size_t n)
{
    bool is_form = g->kind.value == GATE_FORM;
    int64_t added = 0;
    enum result res = db_count(
        w->tx, &added,
        "INSERT INTO service_require (workspace_id, service_id, position, kind, form_id,"
        " required_id, lead_hours, valid_days)"
        " SELECT workspace_id, id, $3, $4, $5, $6, $7, $8 FROM service"
        " WHERE workspace_id = $1 AND id = $2"
        " AND (EXISTS (SELECT 1 FROM form f WHERE f.workspace_id = $1 AND f.id = $5 AND f.active = 1)"
        "  OR EXISTS (SELECT 1 FROM service s WHERE s.workspace_id = $1 AND s.id = $6"
        "   AND s.retired = 0 AND s.active = 1))",
        db_i(w->actor.workspace_id), db_i(service_id), db_i((int64_t)n),
        db_z(gate_kind_names[g->kind.value]), none_or(is_form, g->form_id.value),
        none_or(!is_form, g->service_id.value), db_i(g->lead_hours.value), db_opt(g->valid_days));
    return res == OK && added == 0 ? refuse_asked(w, g, n) : res;
}

/* All services of the business that ask for one that is not retired. */
static enum result check_circle(struct work *w, int64_t service_id)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT service_id, required_id FROM service_require"
        " WHERE workspace_id = $1 AND kind <> 'form' ORDER BY service_id, position LIMIT $2",
        db_i(w->actor.workspace_id), db_i(EDGES_MAX));
    if (res != OK)
        return res;
    struct gate_edge *edges = arena_new_array(w->arena, r.count + 1, struct gate_edge);
    for (size_t i = 0; i < r.count; i++)
        edges[i] = (struct gate_edge){db_int(&r, i, 0), db_int(&r, i, 1)};
    if (!gate_circle(w->arena, edges, r.count, service_id))
        return OK;
    return problem_field(w->problem, "requires", "circle",
                         "These services would ask for each other, so none of them could ever be "
                         "booked first. Take one of them out.");
}

enum result gate_declare(struct work *w, int64_t service_id, const struct gate_io *list,
                         size_t count)
{
    enum result res =
        db_exec(w->tx, "DELETE FROM service_require WHERE workspace_id = $1 AND service_id = $2",
                db_i(w->actor.workspace_id), db_i(service_id));
    for (size_t n = 0; n < count && res == OK; n++)
        res = put(w, service_id, &list[n], n);
    return res == OK ? check_circle(w, service_id) : res;
}

struct str gate_text(struct arena *a, const struct gate_io *list, size_t count)
{
    struct str text = STR("");
    for (size_t i = 0; i < count; i++) {
        text = str_printf(a, STR_FMT "%s%s %lld", STR_ARG(text), i > 0 ? ", " : "",
                          gate_kind_names[list[i].kind.value], (long long)asked(&list[i]));
        if (list[i].lead_hours.value > 0)
            text = str_printf(a, STR_FMT " %lld h before", STR_ARG(text),
                              (long long)list[i].lead_hours.value);
        if (list[i].valid_days.set)
            text = str_printf(a, STR_FMT " for %lld days", STR_ARG(text),
                              (long long)list[i].valid_days.value);
    }
    return text;
}
