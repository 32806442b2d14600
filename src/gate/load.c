/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* load: the rows that the judge is given. See gate.h. */
#include "gate/gate.h"

enum {
    VISITS_BEFORE_MAX = 50, /* the most recent that end in time */
    VISITS_AFTER_MAX = 200, /* and those from there on */
    SECONDS_PER_HOUR = 3600,
};

/* ---- what is asked ---- */

#define RULES                                                                          \
    " r.kind, COALESCE(r.form_id, r.required_id), r.lead_hours, r.valid_days,"         \
    " COALESCE(f.name, s.name), o.name,"                                               \
    " CASE WHEN f.id IS NULL THEN s.active * (1 - s.retired) ELSE f.active END"        \
    " FROM service_require r"                                                          \
    " JOIN service o ON o.workspace_id = r.workspace_id AND o.id = r.service_id"       \
    " LEFT JOIN service s ON s.workspace_id = r.workspace_id AND s.id = r.required_id" \
    " LEFT JOIN form f ON f.workspace_id = r.workspace_id AND f.id = r.form_id"

static struct gate_rule *rules_of(struct arena *a, const struct db_rows *r)
{
    struct gate_rule *list = arena_new_array(a, r->count + 1, struct gate_rule);
    for (size_t i = 0; i < r->count; i++)
        list[i] = (struct gate_rule){
            .kind = gate_kind_of(db_str(r, i, 0)),
            .asked_id = db_int(r, i, 1),
            .lead_hours = (int)db_int(r, i, 2),
            .valid_days = db_opt_int(r, i, 3),
            .name = db_str(r, i, 4),
            .service = db_str(r, i, 5),
            .offered = db_int(r, i, 6) != 0,
        };
    return list;
}

/* A visit may have one service twice. */
enum result gate_rules_of_booking(struct work *w, int64_t booking_id, struct gate_rule **ret,
                                  size_t *ret_count)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT" RULES " WHERE r.workspace_id = $1 AND r.service_id IN"
                 " (SELECT x.service_id FROM booking_service x"
                 "  WHERE x.workspace_id = $1 AND x.booking_id = $2)"
                 " AND NOT EXISTS (SELECT 1 FROM booking b JOIN client c"
                 "  ON c.workspace_id = b.workspace_id AND c.id = b.client_id"
                 "  WHERE b.workspace_id = $1 AND b.id = $2 AND c.erased_s IS NOT NULL)"
                 " ORDER BY r.service_id, r.position LIMIT $3",
                 db_i(w->actor.workspace_id), db_i(booking_id), db_i(GATES_OF_VISIT_MAX));
    if (res != OK)
        return res;
    *ret = rules_of(w->arena, &r);
    *ret_count = r.count;
    return OK;
}

enum result gate_rules_of(struct work *w, const int64_t *service_ids, size_t count,
                          struct gate_rule **ret, size_t *ret_count)
{
    struct gate_rule *list = arena_new_array(w->arena, GATES_OF_VISIT_MAX, struct gate_rule);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || service_ids[k] == service_ids[i];
        if (again)
            continue;
        struct db_rows r;
        enum result res =
            db_query(w->tx, &r,
                     "SELECT" RULES " WHERE r.workspace_id = $1 AND r.service_id = $2"
                     " ORDER BY r.position LIMIT $3",
                     db_i(w->actor.workspace_id), db_i(service_ids[i]), db_i(GATES_OF_SERVICE_MAX));
        if (res != OK)
            return res;
        const struct gate_rule *of_one = rules_of(w->arena, &r);
        for (size_t k = 0; k < r.count && n < GATES_OF_VISIT_MAX; k++)
            list[n++] = of_one[k];
    }
    *ret = list;
    *ret_count = n;
    return OK;
}

/* ---- what is there ---- */

#define VISITS                                                          \
    "SELECT b.start_s, b.end_s, b.status, b.test_result FROM booking b" \
    " WHERE b.workspace_id = $1 AND b.client_id = $2 AND b.id <> $4"
#define OF_SERVICE                                                           \
    " AND EXISTS (SELECT 1 FROM booking_service x WHERE x.workspace_id = $1" \
    "  AND x.booking_id = b.id AND x.service_id = $3)"
#define COUNTED " AND b.status IN ('pending', 'confirmed', 'completed')"

static void add(const struct db_rows *r, struct gate_facts *f)
{
    for (size_t i = 0; i < r->count; i++) {
        struct str result = db_str(r, i, 3);
        f->visits[f->visit_count++] = (struct gate_visit){
            .start_s = db_int(r, i, 0),
            .end_s = db_int(r, i, 1),
            .completed = str_is(db_str(r, i, 2), "completed"),
            .result = !result.ptr                ? GATE_NO_RESULT
                      : str_is(result, "failed") ? GATE_FAILED
                                                 : GATE_PASSED,
        };
    }
}

/* All three walk one client's own visits. */
static enum result visits_of(struct work *w, const struct gate_rule *rule, int64_t client_id,
                             int64_t except_booking_id, int64_t from_s, int64_t to_s,
                             struct gate_facts *ret)
{
    int64_t in_time_s = from_s - (int64_t)rule->lead_hours * SECONDS_PER_HOUR;
    struct db_value workspace = db_i(w->actor.workspace_id), client = db_i(client_id);
    struct db_value service = db_i(rule->asked_id), except = db_i(except_booking_id);
    struct db_rows before, after, failed;
    enum result res =
        db_query(w->tx, &before,
                 VISITS OF_SERVICE COUNTED " AND b.start_s < $5 AND b.end_s <= $5"
                                           " ORDER BY b.start_s DESC, b.id DESC LIMIT $6",
                 workspace, client, service, except, db_i(in_time_s), db_i(VISITS_BEFORE_MAX));
    /* Those past to_s as well: one of them may say from when on it could be. */
    if (res == OK)
        res = db_query(w->tx, &after,
                       VISITS OF_SERVICE COUNTED " AND b.end_s > $5"
                                                 " ORDER BY b.start_s, b.id LIMIT $6",
                       workspace, client, service, except, db_i(in_time_s), db_i(VISITS_AFTER_MAX));
    /* A failure counts however many visits have been since. */
    if (res == OK)
        res = db_query(w->tx, &failed,
                       VISITS OF_SERVICE
                       " AND b.status = 'completed' AND b.test_result = 'failed'"
                       " AND b.end_s <= $5 ORDER BY b.end_s DESC, b.id DESC LIMIT 1",
                       workspace, client, service, except, db_i(to_s));
    if (res != OK)
        return res;
    struct gate_facts f = {.visits = arena_new_array(w->arena,
                                                     before.count + after.count + failed.count + 1,
                                                     struct gate_visit)};
    add(&before, &f);
    add(&after, &f);
    add(&failed, &f);
    *ret = f;
    return OK;
}

enum result gate_facts(struct work *w, const struct gate_rule *rule, int64_t client_id,
                       int64_t except_booking_id, int64_t from_s, int64_t to_s,
                       struct gate_facts *ret)
{
    if (rule->kind != GATE_FORM)
        return visits_of(w, rule, client_id, except_booking_id, from_s, to_s, ret);
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT completed_s FROM form_submission WHERE workspace_id = $1"
                               " AND client_id = $2 AND form_id = $3 AND completed_s IS NOT NULL"
                               " ORDER BY completed_s DESC LIMIT 1",
                               db_i(w->actor.workspace_id), db_i(client_id), db_i(rule->asked_id));
    if (res == OK)
        *ret =
            (struct gate_facts){.answered_s = r.count ? db_opt_int(&r, 0, 0) : (struct opt_int){0}};
    return res;
}
