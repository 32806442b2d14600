/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mail_test: one letter to the owner's own address, at once, by given or kept settings, and what
 * the service said.
 *
 * It takes a worker for as long as the service takes to answer, TEST_TIMEOUT_MS at most, outside
 * any transaction; so it is limited per business, always, and in all. It goes to nobody but who
 * asks, and answers nothing that a stranger's service says but the words about the letter itself:
 * what leads into a private network is refused as it is for every other letter (own_provider_new).
 */
#include "message/mail_settings.h"

#include "audit/audit.h"
#include "base/app.h"
#include "http/limit.h"

#include <stdio.h>

enum { TEST_TIMEOUT_MS = 10000, LIMIT_TEST = RATE__MAX + 60, LIMIT_TESTS };
static const struct limit_rule test_rule = {.burst = 6, .refill_ms = 60000};
static const struct limit_rule tests_rule = {.burst = 3, .refill_ms = 5000};

struct test_in {
    struct mail_in *settings;
};
static const struct field test_in_fields[] = {
    FIELD_OBJECT(struct test_in, settings, mail_in_shape, .doc = "absent: as they are kept"),
};
static const struct shape test_in_shape = SHAPE("MailTestIn", struct test_in, test_in_fields);

static const char *const outcomes[] = {"accepted", "refused", "unreachable", "unknown", NULL};
enum { TEST_ACCEPTED, TEST_REFUSED, TEST_UNREACHABLE, TEST_UNKNOWN };

struct test_out {
    struct opt_bool ok;
    struct str outcome, to, detail, said;
};
static const struct field test_out_fields[] = {
    FIELD_BOOL(struct test_out, ok),
    FIELD_WORD(struct test_out, outcome, outcomes),
    FIELD_STR(struct test_out, to, 0, 0),
    FIELD_STR(struct test_out, detail, 0, 0, .maybe = true, .doc = "what went wrong"),
    FIELD_STR(struct test_out, said, 0, 0, .maybe = true, .doc = "the service's own words"),
};
static const struct shape test_out_shape = SHAPE("MailTest", struct test_out, test_out_fields);

/* From the transaction to the sending, in the request's arena. */
struct trial {
    struct own_mail own;
    struct str to_name, to_address, business, key;
};

static enum result check_rate(struct work *w)
{
    struct str key = str_printf(w->arena, "%lld", (long long)w->actor.workspace_id);
    int wait_s = 0;
    if (w->app->limiter)
        wait_s = limiter_take(w->app->limiter, LIMIT_TEST, test_rule, key, true);
    if (w->app->limiter && wait_s == 0)
        wait_s = limiter_take(w->app->limiter, LIMIT_TESTS, tests_rule, STR("all"), false);
    if (wait_s == 0)
        return OK;
    w->problem->status = 429;
    w->problem->retry_after_s = wait_s;
    return problem_set(w->problem, BUSY, "too_many_requests",
                       "Several test letters went out just now. Try again in %d seconds.", wait_s);
}

static enum result load_reader(struct work *w, struct request *rq, struct trial *t)
{
    struct db_rows r;
    enum result result = db_one(w->tx, &r, "SELECT name, email FROM user_account WHERE id = $1",
                                db_i(w->actor.user_id));
    if (result != OK)
        return result;
    t->to_name = str_copy(rq->arena, db_str(&r, 0, 0));
    t->to_address = str_copy(rq->arena, db_str(&r, 0, 1));
    result =
        db_one(w->tx, &r, "SELECT name FROM workspace WHERE id = $1", db_i(w->actor.workspace_id));
    if (result == OK)
        t->business = str_copy(rq->arena, db_str(&r, 0, 0));
    return result;
}

static void keep(struct arena *a, struct own_mail *m)
{
    struct str *const texts[] = {&m->from_name, &m->from_address, &m->host,     &m->user,
                                 &m->password,  &m->api_key,      &m->key_hint, &m->last_error};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = texts[i]->ptr ? str_copy(a, *texts[i]) : (struct str){0};
}

static enum result prepare(struct request *rq, struct work *w)
{
    const struct test_in *in = rq->in;
    struct trial *t = arena_new(rq->arena, struct trial);
    struct own_mail now;
    enum result result = own_mail_load(w->tx, w->actor.workspace_id, &now);
    if (result != OK)
        return result;
    t->own = now;
    if (in->settings)
        result = mail_settings_merge(w, in->settings, "settings.", &now, &t->own);
    if (result == OK)
        result = check_rate(w);
    if (result == OK)
        result = load_reader(w, rq, t);
    if (result == OK)
        result = audit_action(w, "workspace_mail", w->actor.workspace_id, "tested");
    keep(rq->arena, &t->own);
    t->key = str_printf(rq->arena, "careops-test-%lld", (long long)env_id(w->env));
    rq->made = t;
    return result;
}

/* ---- the sending ---- */

static struct mail letter_of(struct work *w, const struct trial *t)
{
    bool own = t->own.kind != OWN_SERVER;
    struct str from = own ? t->own.from_address : str_of(w->app->mail_from);
    return (struct mail){
        .from_name = own && t->own.from_name.len ? t->own.from_name : t->business,
        .from_address = from,
        .to_name = t->to_name,
        .to_address = t->to_address,
        .subject = str_printf(w->arena, "Test letter from " STR_FMT, STR_ARG(t->business)),
        .text = str_printf(w->arena,
                           "This is the test letter that you asked for in the settings of " STR_FMT
                           ".\n\nThat you can read it means that your letters leave as they "
                           "should.\n",
                           STR_ARG(t->business)),
        .key = t->key,
        .message_id = str_printf(w->arena, STR_FMT "@test.careops", STR_ARG(t->key)),
        .date_s = w->now_s,
    };
}

/* Begins the one delivery and waits for its end; what does not end by then is unknown. */
static void deliver(struct mail_provider *p, const struct mail *m, const struct env *env,
                    struct mail_result *ret)
{
    struct mail_done done;
    int64_t end_ms = env_mono_ms(env) + p->timeout_ms + 1000;
    *ret = (struct mail_result){.outcome = MAIL_UNKNOWN};
    snprintf(ret->error, sizeof ret->error, "The mail service did not answer in time.");
    p->begin(p->self, m, 0);
    for (int64_t left = end_ms - env_mono_ms(env); left > 0; left = end_ms - env_mono_ms(env))
        if (p->poll(p->self, (int)left, -1, &done, 1) == 1) {
            *ret = done.result;
            break;
        }
}

static enum result no_service(struct work *w, const char *why)
{
    return problem_set(w->problem, BUSY, "mail_unavailable", "%s", why);
}

static enum result send(struct request *rq, struct work *w, const struct trial *t,
                        struct mail_result *ret)
{
    char error[MAIL_SETTING_TEXT] = "";
    struct mail_provider provider;
    struct own_route route = {0};
    bool own = t->own.kind != OWN_SERVER;
    if (!w->app->mail)
        return no_service(w, "This program sends no mail.");
    struct mail_provider_config config = *w->app->mail;
    config.timeout_ms = TEST_TIMEOUT_MS;
    if (own && !own_mail_route(&t->own, w->app->seal, rq->arena, &route))
        return no_service(w, OWN_MAIL_SEALED);
    enum result result = own ? own_provider_new(&config, &provider, error)
                             : mail_provider_new(&config, &provider, error);
    if (result != OK)
        return no_service(w, error);
    struct mail m = letter_of(w, t);
    m.route = own ? &route.to : NULL;
    deliver(&provider, &m, w->env, ret);
    provider.free(provider.self);
    own_route_wipe(&route);
    return OK;
}

static enum result tell(struct request *rq, struct work *w)
{
    static const int by_outcome[] = {[MAIL_ACCEPTED] = TEST_ACCEPTED,
                                     [MAIL_RETRY] = TEST_UNREACHABLE,
                                     [MAIL_UNKNOWN] = TEST_UNKNOWN,
                                     [MAIL_REFUSED] = TEST_REFUSED};
    const struct trial *t = rq->made;
    struct mail_result got;
    enum result result = send(rq, w, t, &got);
    if (result != OK)
        return result;
    struct test_out out = {
        .ok = some_bool(got.outcome == MAIL_ACCEPTED),
        .outcome = str_of(outcomes[by_outcome[got.outcome]]),
        .to = t->to_address,
    };
    if (got.outcome != MAIL_ACCEPTED)
        out.detail = str_of(got.error);
    if (*got.word)
        out.said = str_of(got.word);
    answer_json(rq, 200, &test_out_shape, &out, w->actor.permissions);
    return OK;
}

static const struct route routes[] = {
    {.method = HTTP_POST_,
     .path = "/api/v1/workspace/mail/test",
     .who = WHO_OWNER,
     .no_token = true,
     .mode = MODE_WRITE,
     .body = &test_in_shape,
     .body_optional = true,
     .also = {429, 503},
     .status = 200,
     .answer = &test_out_shape,
     .handler = prepare,
     .after = tell,
     .tag = "workspace",
     .summary = "Send one letter to your own address and hear what the mail service says"},
};
const struct route_table mail_test_table = {routes, sizeof routes / sizeof routes[0]};
