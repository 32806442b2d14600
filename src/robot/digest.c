/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * digest: the owner's morning, once a day at the hour of their choice, by the business's clock.
 *
 * Each day's job plans the next one's, also where nothing was said or its hour was missed. A clock
 * that ran a year ahead leaves a business whose next morning is a year away: digest_look_far()
 * finds those and plans the nearest one beside it.
 */
#include "robot/internal.h"

#include "base/log.h"
#include "team/team.h"

enum {
    SECONDS_PER_MIN = 60,
    LATE_AFTER_S = 6 * 3600,
    FAR_S = 2 * SECONDS_PER_DAY, /* the next morning is never as far away */
    FAR_ROWS = 64,
};

static enum result plan_day(struct work *w, const struct workspace *ws, int64_t date, int delay_min)
{
    char text[DATE_TEXT];
    date_format(date, text);
    int64_t due_s = tz_instant(ws->tz, date, delay_min);
    struct job_plan p = {
        .kind = "owner_daily_digest",
        .subject_id = ws->id,
        .occurrence = str_copy(w->arena, str_of(text)),
        /* Not midnight: on days of 23 and 25 hours the hour on the clock is what counts. */
        .anchor_s = due_s - (int64_t)delay_min * SECONDS_PER_MIN,
        .due_s = due_s,
    };
    return job_plan(w, &p);
}

/* The nearest to come, skipping what a clock has skipped. */
static enum result plan_next(struct work *w, const struct workspace *ws, int delay_min)
{
    int64_t date = tz_date(ws->tz, w->now_s);
    bool over = tz_instant(ws->tz, date, delay_min) <= w->now_s;
    return plan_day(w, ws, over ? date + 1 : date, delay_min);
}

static enum result send(struct work *w, const struct workspace *ws, const struct job *job,
                        int64_t at_s, struct str words)
{
    struct staff_member *owners;
    size_t count;
    enum result res = team_owners(w, &owners, &count);
    const struct letter_business business = {.name = ws->name,
                                             .address = ws->address,
                                             .phone = ws->phone,
                                             .locale = ws->locale,
                                             .tz = ws->tz};
    for (size_t i = 0; res == OK && i < count; i++) {
        const struct letter_in in = {
            .business = &business,
            .to_name = owners[i].name,
            .to_address = owners[i].email,
            .url = str_printf(w->arena, "%s/app", w->app->base_url),
            .said = words,
            .day_s = at_s,
        };
        struct str occurrence = str_printf(w->arena, STR_FMT "/%lld", STR_ARG(job->occurrence),
                                           (long long)owners[i].id);
        res = letter_send(w, LETTER_OWNER_DAILY_DIGEST, &in, ws->id, occurrence);
    }
    return res;
}

enum result digest_run(struct work *w, struct job *job)
{
    struct workspace ws;
    struct rule rule;
    struct str words;
    int64_t date;
    if (!date_parse(job->occurrence, &date))
        return OK; /* the first, which only plans */
    enum result res = workspace_load(w, job->workspace_id, &ws);
    if (res == OK)
        res = rule_load(w, RULE_OWNER_DAILY_DIGEST, &rule);
    if (res != OK)
        return res;
    int64_t due_s = tz_instant(ws.tz, date, rule.delay_min);
    if (w->now_s < due_s) {
        job->again_s = due_s;
        return due_s > w->now_s + FAR_S ? plan_next(w, &ws, rule.delay_min) : OK;
    }
    job->late_s = due_s + LATE_AFTER_S;
    job->late = w->now_s >= job->late_s;
    if (job->late || !rule.enabled) {
        job->outcome = job->late ? "late" : "off";
        return OK;
    }
    res = digest_words(w, &ws, due_s, &words);
    if (res == OK && words.len > 0)
        res = send(w, &ws, job, due_s, words);
    job->outcome = words.len > 0 ? "sent" : "nothing_to_say";
    return res;
}

enum result digest_then(struct work *w, const struct job *job)
{
    struct workspace ws;
    struct rule rule;
    enum result res = workspace_load(w, job->workspace_id, &ws);
    if (res == OK)
        res = rule_load(w, RULE_OWNER_DAILY_DIGEST, &rule);
    return res == OK ? plan_next(w, &ws, rule.delay_min) : res;
}

/* ---- after a clock that ran ahead ---- */

static enum result look_far_in(struct db_tx *tx, void *arg)
{
    const int64_t *now_s = arg;
    struct db_reach before = db_across(tx, "the robot looks for mornings that are too far away");
    enum result res =
        db_exec(tx,
                "UPDATE job SET due_s = $1, version = version + 1"
                " WHERE status = 'waiting' AND due_s > $2 AND (workspace_id, id) IN"
                " (SELECT j.workspace_id, j.id FROM job j WHERE j.kind = 'owner_daily_digest'"
                " AND j.status = 'waiting' AND j.due_s > $2 AND NOT EXISTS"
                " (SELECT 1 FROM job n WHERE n.workspace_id = j.workspace_id"
                " AND n.kind = 'owner_daily_digest' AND n.status = 'waiting' AND n.due_s <= $2)"
                " ORDER BY j.due_s LIMIT $3)",
                db_i(*now_s), db_i(*now_s + FAR_S), db_i(FAR_ROWS));
    db_back(tx, before);
    return res;
}

void digest_look_far(const struct app *app)
{
    struct arena arena;
    int64_t now_s = env_now_s(app->env);
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    enum result res = db_transact(app->db, &arena, NULL, look_far_in, &now_s);
    arena_done(&arena);
    if (res != OK)
        log_event(LOG_WARN, "robot cannot look for far mornings", "i:result", (int64_t)res, NULL);
}
