/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_look: see visit_look.h. */
#include "robot/visit_look.h"

enum result visit_look(struct work *w, int64_t booking_id, enum rule_key key,
                       struct visit_look *ret)
{
    *ret = (struct visit_look){0};
    enum result res = diary_lock(w);
    if (res == OK)
        res = workspace_load(w, w->actor.workspace_id, &ret->ws);
    if (res == OK)
        res = rule_load(w, key, &ret->rule);
    if (res == OK)
        res = booking_load(w, booking_id, &ret->b);
    if (res == NOT_FOUND) {
        problem_clear(w->problem);
        ret->gone = true;
        return OK;
    }
    return res;
}

bool visit_is_for(struct work *w, const struct job *job, const struct booking *b)
{
    return str_eq(job->occurrence, str_printf(w->arena, "%lld", (long long)b->start_s));
}

enum result visit_job_end(struct job *job, const char *outcome)
{
    job->outcome = outcome;
    return OK;
}

enum result visit_job_late(struct job *job, int64_t since_s)
{
    job->late = true;
    job->late_s = since_s;
    return visit_job_end(job, "late");
}

int64_t visit_wait_until(const struct work *w, const struct visit_look *v, int64_t due_s)
{
    if (due_s > w->now_s)
        return due_s;
    return workspace_quiet_until(&v->ws, w->now_s);
}

enum result visit_withheld(struct work *w, const struct booking *b, bool thanks, const char **ret)
{
    struct client_peace peace;
    enum result res = client_peace(w, b->client_id, &peace);
    if (res != OK)
        return res;
    *ret = b->client.email.len == 0       ? "no_address"
           : thanks && peace.unsubscribed ? "unsubscribed"
           : peace.paused                 ? "paused"
                                          : NULL;
    return OK;
}
