/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * fetch: takes in the mails that Resend has told of. See mailin.h and message/mail_fetch.h.
 *
 * One at a time and at most one a second: the API's rate is also the sending's.
 */
#include "mailin/internal.h"

#include "base/log.h"
#include "mail/resend_inbound.h"
#include "message/mail_fetch.h"

#include <string.h>

enum { POLL_MS = 1000, AWAY_MS = 5000, OWNER_TEXT = 40 };

struct fetcher {
    const struct app *app;
    struct resend_inbound *resend;
    uint64_t self;   /* random: in each claim's name */
    unsigned claims; /* counts them: a name is never used twice */
    char owner[OWNER_TEXT];
    struct fetch_claim claim;
    void (*step)(void *self, const char *where);
    void *step_self;
};

static void step(const struct fetcher *f, const char *where)
{
    if (f->step)
        f->step(f->step_self, where);
}

struct settling {
    struct fetcher *f;
    struct arena *arena;
    const struct mailin_mail *mail;
    const struct resend_fetched *fetched;
    struct problem problem;
    struct mailin_taken taken;
    bool gave_up;
};

static enum result claim_in(struct db_tx *tx, void *arg)
{
    struct fetcher *f = arg;
    return mail_fetch_claim(tx, env_now_s(f->app->env), &f->claim);
}

/* The mail is in and the row is gone, or neither. */
static enum result take_in(struct db_tx *tx, void *arg)
{
    struct settling *s = arg;
    problem_clear(&s->problem);
    struct work w = mailin_work(s->f->app, tx, s->arena, &s->problem);
    enum result res = mail_fetch_done(tx, &s->f->claim);
    return res == OK ? mailin_take(&w, s->mail, &s->taken) : res;
}

static enum result fail_in(struct db_tx *tx, void *arg)
{
    struct settling *s = arg;
    return mail_fetch_failed(tx, env_now_s(s->f->app->env), &s->f->claim, s->fetched->wait_s,
                             s->fetched->why, &s->gave_up);
}

static void fail(struct settling *s)
{
    enum result res = db_transact(s->f->app->db, s->arena, NULL, fail_in, s);
    log_event(s->gave_up ? LOG_ERROR : LOG_WARN,
              s->gave_up ? "mail given up: it lies at Resend" : "mail not fetched", "s:email_id",
              s->f->claim.email_id, "s:why", s->fetched->why, "i:attempts", s->f->claim.attempts,
              "i:result", (int64_t)res, NULL);
}

static void settle(struct fetcher *f, struct resend_fetched *fetched)
{
    struct arena arena;
    struct mailin_mail mail = {.source = SOURCE_RESEND, .raw = fetched->raw};
    struct settling s = {.f = f, .arena = &arena, .mail = &mail, .fetched = fetched};
    enum result res = INTERNAL;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    if (fetched->raw.ptr) {
        incoming_read(&arena, fetched->raw, &mail.in);
        step(f, "take");
        res = db_transact(f->app->db, &arena, &s.problem, take_in, &s);
        if (res == OK)
            mailin_log(&mail, &s.taken);
        fetched->why = "It could not be taken in; the program's log says more.";
    }
    if (res != OK && res != CONFLICT)
        fail(&s);
    arena_done(&arena);
}

int fetcher_once(struct fetcher *f)
{
    struct arena arena;
    struct resend_fetched fetched;
    snprintf(f->owner, sizeof f->owner, "%016llx.%u", (unsigned long long)f->self, ++f->claims);
    f->claim = (struct fetch_claim){.owner = f->owner};
    step(f, "claim");
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    enum result res = db_transact(f->app->db, &arena, NULL, claim_in, f);
    arena_done(&arena);
    if (res != OK)
        return -1;
    if (!f->claim.found)
        return 0;
    step(f, "fetch");
    resend_inbound_fetch(f->resend, f->claim.email_id, &fetched);
    settle(f, &fetched);
    step(f, "taken");
    return 1;
}

void fetcher_run(struct fetcher *f, struct nap *nap, const atomic_bool *stopping)
{
    while (!atomic_load(stopping))
        nap_for(nap, fetcher_once(f) < 0 ? AWAY_MS : POLL_MS);
}

void fetcher_stop(struct fetcher *f)
{
    resend_inbound_stop(f->resend);
}

struct fetcher *fetcher_new(const struct mailin_config *config)
{
    struct resend_inbound_config resend = {
        .url = config->resend_url,
        .api_key = config->resend_api_key,
        .ca_file = config->ca_file,
        .mail_max = INCOMING_SIZE_MAX,
    };
    struct fetcher *f = calloc(1, sizeof *f);
    if (!f)
        abort(); /* at start: no memory for the first things */
    f->app = config->app;
    f->step = config->step;
    f->step_self = config->step_self;
    env_random(f->app->env, &f->self, sizeof f->self);
    f->resend = resend_inbound_new(&resend);
    if (f->resend)
        return f;
    free(f);
    return NULL;
}

void fetcher_free(struct fetcher *f)
{
    if (!f)
        return;
    resend_inbound_free(f->resend);
    free(f);
}
