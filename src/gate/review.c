/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * review: keeps booking.gates_unmet what the judge says. See gate.h.
 *
 * The version of a booking stays: nothing of it has changed, and whoever is about to change it has
 * seen no other booking.
 */
#include "gate/gate.h"

#include "audit/audit.h"
#include "job/job.h"

#include <stdlib.h>

enum { PAGE = 100, NOTHING = 0, A_FORM = 1, A_VISIT = 2 };

#define ASKS_OR_ASKED                                                                             \
    " AND (b.gates_unmet > 0 OR EXISTS (SELECT 1 FROM booking_service x"                          \
    "  JOIN service_require r ON r.workspace_id = x.workspace_id AND r.service_id = x.service_id" \
    "  WHERE x.workspace_id = $1 AND x.booking_id = b.id))"

struct reviewed {
    int64_t id, client_id, staff_id, start_s, unmet;
};

static const char *unmet_name(int64_t unmet)
{
    static const char *const names[] = {
        [NOTHING] = "nothing", [A_FORM] = "a form", [A_VISIT] = "a visit that comes first"};
    return names[unmet];
}

/* Without what is clinical: neither the service nor the result. */
static enum result write_down(struct work *w, const struct reviewed *b, int64_t unmet)
{
    enum result res =
        db_exec(w->tx, "UPDATE booking SET gates_unmet = $3 WHERE workspace_id = $1 AND id = $2",
                db_i(w->actor.workspace_id), db_i(b->id), db_i(unmet));
    /* That a form waits for its client is no news. */
    if (res != OK || (b->unmet != A_VISIT && unmet != A_VISIT && unmet != NOTHING))
        return res;
    struct audit a;
    audit_begin(&a, w, "booking", b->id, unmet == A_VISIT ? "gate_unmet" : "gate_met");
    audit_staff(&a, b->staff_id, 0);
    audit_str(&a, "missing", str_of(unmet_name(b->unmet)), str_of(unmet_name(unmet)));
    return audit_end(&a);
}

static enum result judge(struct work *w, const struct tz *tz, const struct reviewed *b)
{
    struct gate_rule *rules;
    size_t count;
    int64_t unmet = NOTHING;
    enum result res = gate_rules_of_booking(w, b->id, &rules, &count);
    for (size_t i = 0; i < count && res == OK; i++) {
        struct gate_facts facts;
        int64_t missing = rules[i].kind == GATE_FORM ? A_FORM : A_VISIT;
        if (missing <= unmet)
            continue;
        res = gate_facts(w, &rules[i], b->client_id, b->id, b->start_s, b->start_s, &facts);
        if (res == OK && gate_judge(tz, &rules[i], &facts, b->start_s, GATE_PLANNED).why != GATE_OK)
            unmet = missing;
    }
    return res == OK && unmet != b->unmet ? write_down(w, b, unmet) : res;
}

static enum result judge_all(struct work *w, const struct db_rows *r)
{
    if (r->count == 0)
        return OK;
    struct workspace ws;
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    for (size_t i = 0; i < r->count && res == OK; i++) {
        struct reviewed b = {
            .id = db_int(r, i, 0),
            .client_id = db_int(r, i, 1),
            .staff_id = db_int(r, i, 2),
            .start_s = db_int(r, i, 3),
            .unmet = db_int(r, i, 4),
        };
        res = judge(w, ws.tz, &b);
    }
    return res;
}

enum result gate_review(struct work *w, int64_t client_id, bool *ret_any)
{
    bool any = false;
    int64_t after_s = INT64_MIN, after_id = 0;
    for (;;) {
        struct db_rows r;
        enum result res =
            db_query(w->tx, &r,
                     "SELECT b.id, b.client_id, b.staff_id, b.start_s, b.gates_unmet FROM booking b"
                     " WHERE b.workspace_id = $1 AND b.client_id = $2 AND b.start_s >= $3"
                     " AND (b.start_s > $3 OR b.id > $4)"
                     " AND b.status IN ('pending', 'confirmed')" ASKS_OR_ASKED
                     " ORDER BY b.start_s, b.id LIMIT $5",
                     db_i(w->actor.workspace_id), db_i(client_id), db_i(after_s), db_i(after_id),
                     db_i(PAGE));
        if (res == OK)
            res = judge_all(w, &r);
        if (res != OK)
            return res;
        any = any || r.count > 0;
        if (r.count < PAGE) {
            if (ret_any)
                *ret_any = any;
            return OK;
        }
        after_s = db_int(&r, PAGE - 1, 3);
        after_id = db_int(&r, PAGE - 1, 0);
    }
}

/* ---- all of a business, by a job ---- */

enum result gate_review_page(struct work *w, struct gate_place *at, bool *ret_more)
{
    struct db_rows r;
    enum result res = workspace_lock(w);
    if (res == OK)
        res = db_query(w->tx, &r,
                       "SELECT id, client_id, staff_id, start_s, gates_unmet, end_s FROM booking"
                       " WHERE workspace_id = $1 AND (end_s, id) > ($2, $3)"
                       " AND status IN ('pending', 'confirmed') ORDER BY end_s, id LIMIT $4",
                       db_i(w->actor.workspace_id), db_i(at->end_s), db_i(at->id), db_i(PAGE));
    if (res == OK)
        res = judge_all(w, &r);
    if (res != OK)
        return res;
    *ret_more = r.count == PAGE;
    if (r.count > 0)
        *at = (struct gate_place){db_int(&r, r.count - 1, 5), db_int(&r, r.count - 1, 0)};
    return OK;
}

/* "<review>/<end>/<id>": each page is a job of its own, so that bookings have their turn between.
 */
enum result gate_review_on(struct work *w, struct str review, struct gate_place at)
{
    struct job_plan p = {
        .kind = "gate_review",
        .subject_id = w->actor.workspace_id,
        .occurrence = str_printf(w->arena, STR_FMT "/%lld/%lld", STR_ARG(review),
                                 (long long)at.end_s, (long long)at.id),
        .anchor_s = w->now_s,
        .due_s = w->now_s,
    };
    return job_plan(w, &p);
}

enum result gate_review_all(struct work *w)
{
    struct str review = str_printf(w->arena, "%lld", (long long)env_id(w->env));
    return gate_review_on(w, review, (struct gate_place){0});
}

bool gate_place_read(struct arena *a, struct str occurrence, struct str *ret_review,
                     struct gate_place *ret)
{
    const char *text = str_z(a, occurrence);
    char *end;
    long long review = strtoll(text, &end, 10);
    if (*end != '/')
        return false;
    long long end_s = strtoll(end + 1, &end, 10);
    if (*end != '/')
        return false;
    long long id = strtoll(end + 1, &end, 10);
    if (*end)
        return false;
    *ret_review = str_printf(a, "%lld", review);
    *ret = (struct gate_place){end_s, id};
    return true;
}
