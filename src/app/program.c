/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* program: opens, runs and closes the whole. See program.h. */
#include "app/program.h"

#include "account/account.h"
#include "app/janitor.h"
#include "app/routes.h"
#include "base/log.h"
#include "base/seal.h"
#include "base/seeded.h"
#include "db/db.h"
#include "demo/demo.h"
#include "http/dispatch.h"
#include "http/limit.h"
#include "http/server.h"
#include "http/stream.h"
#include "live/live.h"
#include "mail/mail.h"
#include "mailin/mailin.h"
#include "message/mailer.h"
#include "page/page.h"
#include "privacy/privacy.h"
#include "robot/robot.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIMITER_KEYS = 100000, MAIL_GRACE_MS = 3000, ERROR_TEXT = 512, BASE_URL_MAX = 300 };
enum { WORKERS_MAX = 120 }; /* with two more, fewer than the connections that db allows */
enum { EXIT_EXISTS = 3 };   /* demo: there are businesses already */

/* Everything that lives as long as a command; zeroed, so that what was never opened is never
 * closed. */
struct program {
    const struct config *config;
    struct env env;
    struct app app;
    struct http_server *server;
    struct mail_provider_config mail;
    struct mail_provider provider, own_provider;
    bool provider_open, own_provider_open;
    struct mailer *own_mailer;
    struct shells *shells;
    struct janitor *janitor;
    struct robot *robot;
    struct seal *seal;
    struct live *live;
    struct mailin *mailin;
    char base_url[BASE_URL_MAX];
    char mail_from[MAIL_ADDRESS_MAX + 1];
};

static int fail(const char *what)
{
    fprintf(stderr, "careops: %s\n", what);
    return 1;
}

static void set_log(const struct config *c)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    for (int i = 0; i < 4; i++)
        if (strcmp(c->log_level, names[i]) == 0)
            log_to(STDERR_FILENO, (enum log_level)i);
}

static int worker_count(const struct config *c)
{
    int n = config_int(c->workers);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (n == 0)
        n = 2 * (int)(cores > 0 ? cores : 1) + 2;
    return n < WORKERS_MAX ? n : WORKERS_MAX;
}

/* Made only where a setting leads into it; what any other path lacks is the operator's to decide.
 */
static bool prepare_data(const struct program *p, char *error)
{
    const struct config *c = p->config;
    size_t n = strlen(c->data);
    bool needed = (strncmp(c->db, "sqlite:", 7) == 0 && strncmp(c->db + 7, c->data, n) == 0) ||
                  (strncmp(c->mail, "file:", 5) == 0 && strncmp(c->mail + 5, c->data, n) == 0);
    if (!needed || mkdir(c->data, 0700) == 0 || errno == EEXIST)
        return true;
    snprintf(error, ERROR_TEXT, "cannot make the data folder %s: %s", c->data, strerror(errno));
    return false;
}

/* The key that seals secrets in the database: a setting, or a file beside the data. */
static bool open_seal(struct program *p, char *error)
{
    const struct config *c = p->config;
    struct arena a;
    bool ok = true;
    if (*c->secret_key) {
        p->seal = seal_new(&p->env, str_of(c->secret_key));
    } else {
        arena_init(&a, ARENA_DEFAULT_LIMIT);
        if (mkdir(c->data, 0700) == 0 || errno == EEXIST) {
            const char *path = arena_printf(&a, "%s/secret.key", c->data);
            ok = seal_from_file(&p->env, path, &p->seal, error) == OK;
        } else {
            snprintf(error, ERROR_TEXT, "cannot make the data folder %s for the key: %s", c->data,
                     strerror(errno));
            ok = false;
        }
        arena_done(&a);
    }
    p->app.seal = p->seal;
    return ok;
}

static bool open_db(struct program *p, char *error)
{
    int connections = config_int(p->config->db_connections);
    struct db_config config = {
        .url = p->config->db,
        .connections = connections > 0 ? connections : worker_count(p->config) + 2,
        .env = &p->env,
    };
    return db_open(&config, &p->app.db, error) == OK;
}

#ifdef CAREOPS_SEEDED
/* For CHECK_THEN_INSERT alone: without what makes a double booking impossible. */
static enum result drop_constraint(struct db_tx *tx, void *arg)
{
    (void)arg;
    return db_exec(tx, db_sql(tx, "DROP TRIGGER IF EXISTS hold_insert",
                              "ALTER TABLE hold DROP CONSTRAINT IF EXISTS hold_no_overlap"));
}
#endif

static bool migrate(struct program *p, int *ret_applied, char *error)
{
    if (db_migrate(p->app.db, ret_applied, error) != OK)
        return false;
#ifdef CAREOPS_SEEDED
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    if (SEEDED(CHECK_THEN_INSERT))
        (void)!db_transact(p->app.db, &a, NULL, drop_constraint, NULL);
    arena_done(&a);
#endif
    if (live_continue_ids(p->app.db, &p->env) == OK)
        return true;
    snprintf(error, ERROR_TEXT, "cannot read the newest event");
    return false;
}

static bool open_mail(struct program *p, char *error)
{
    p->mail = (struct mail_provider_config){
        .url = p->config->mail,
        .resend_api_key = p->config->resend_api_key,
        .resend_url = p->config->resend_url,
        .resend_per_second = config_int(p->config->resend_rate),
        .ca_file = *p->config->ca_file ? p->config->ca_file : NULL,
        .own_private = config_on(p->config->mail_private),
        .env = &p->env,
    };
    p->app.mail = &p->mail;
    p->provider_open = mail_provider_new(&p->mail, &p->provider, error) == OK;
    p->own_provider_open =
        p->provider_open && own_provider_new(&p->mail, &p->own_provider, error) == OK;
    return p->own_provider_open;
}

static void read_sender(struct program *p);

static void open_features(struct program *p, bool limited)
{
    const struct config *c = p->config;
    read_sender(p);
    p->app.env = &p->env;
    p->app.base_url = p->base_url;
    p->app.data = c->data;
    p->app.resend_webhook_secret = *c->resend_webhook_secret ? c->resend_webhook_secret : NULL;
    p->app.inbound_address = *c->inbound_address ? c->inbound_address : NULL;
    p->app.mail_from = p->mail_from;
    p->app.pick_s = config_int(c->pick_seconds);
    p->app.mail_dir = strncmp(c->mail, "file:", 5) == 0 ? c->mail + 5 : NULL;
    p->app.limiter = limiter_new(&p->env, LIMITER_KEYS, limited);
    p->app.account = account_new(&p->env, p->app.limiter, strncmp(p->base_url, "https:", 6) == 0);
    p->shells = shells_new();
    p->app.shells = p->shells;
}

/* Of "Salon Ada <ada@salon.example>" the address, in small letters. */
static void read_sender(struct program *p)
{
    struct str name, address;
    if (!mail_sender_parse(str_of(p->config->mail_from), &name, &address))
        return;
    for (size_t i = 0; i < address.len && i < MAIL_ADDRESS_MAX; i++) {
        char c = address.ptr[i];
        p->mail_from[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
    }
}

static void open_dispatcher(struct program *p)
{
    struct route_table tables[64];
    size_t count = all_table_count;
    for (size_t i = 0; i < count; i++)
        tables[i] = *all_tables[i];
    struct dispatcher_config config = {
        .tables = tables,
        .table_count = count,
        .db = p->app.db,
        .env = &p->env,
        .guard = {p->app.account, account_identify, account_seen},
        .limiter = p->app.limiter,
        .base_url = p->app.base_url,
        .page_problem = page_problem,
        .app = &p->app,
    };
    p->app.dispatcher = dispatcher_new(&config);
}

static void close_all(struct program *p)
{
    mailin_stop(p->mailin);
    robot_stop(p->robot);
    janitor_stop(p->janitor);
    live_stop(p->live);
    if (p->app.mailer) {
        mailer_stop(p->app.mailer, MAIL_GRACE_MS);
        mailer_free(p->app.mailer);
    } else if (p->provider_open) {
        p->provider.free(p->provider.self);
    }
    if (p->own_mailer) {
        mailer_stop(p->own_mailer, MAIL_GRACE_MS);
        mailer_free(p->own_mailer);
    } else if (p->own_provider_open) {
        p->own_provider.free(p->own_provider.self);
    }
    if (p->server)
        http_server_free(p->server);
    streams_free(p->app.streams);
    if (p->app.dispatcher)
        dispatcher_free(p->app.dispatcher);
    shells_free(p->shells);
    if (p->app.account)
        account_free(p->app.account);
    if (p->app.limiter)
        limiter_free(p->app.limiter);
    if (p->app.db)
        db_close(p->app.db);
    seal_free(p->seal);
    free(p->env.last_id);
}

/* Passwords and keys pass through this memory: no core file and no debugger of the same user gets
 * it. A leak checker needs to look into the process, so it stays open there. */
static void close_memory(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static void begin(struct program *p, const struct config *c)
{
    close_memory();
    *p = (struct program){.config = c, .env = env_real()};
    set_log(c);
    signal(SIGPIPE, SIG_IGN);
}

/* ---- serve ---- */

static void handle(void *self, struct request *rq)
{
    struct program *p = self;
    dispatch_request(p->app.dispatcher, rq);
}

static bool is_slow(void *self, struct request *rq)
{
    struct program *p = self;
    return dispatch_is_slow(p->app.dispatcher, rq);
}

static bool bind_port(struct program *p, char *error)
{
    const struct config *c = p->config;
    struct http_server_config config = {
        .listen = c->listen,
        .workers = worker_count(c),
        .header_ms = config_int(c->header_ms),
        .body_ms = config_int(c->body_ms),
        .trusted_proxies = c->trusted_proxies,
        .https = strncmp(c->base_url, "https:", 6) == 0,
        .env = &p->env,
        .streams = p->app.streams,
        .handle = handle,
        .is_slow = is_slow,
        .self = p,
    };
    if (http_server_new(&config, &p->server, error) != OK)
        return false;
    p->app.server = p->server;
    const char *colon = strrchr(c->listen, ':');
    if (*c->base_url)
        snprintf(p->base_url, sizeof p->base_url, "%s", c->base_url);
    else
        snprintf(p->base_url, sizeof p->base_url, "http://%.*s:%d", (int)(colon - c->listen),
                 c->listen, http_server_port(p->server));
    return true;
}

/* Before anything is sent or shown: a database that was restored from before has them again. */
static bool catch_up(struct program *p, char *error)
{
    int erased = 0;
    bool ok = privacy_catch_up(&p->app, &erased) == OK;
    if (erased > 0)
        log_event(LOG_WARN, "clients who had been erased were erased again", "i:clients",
                  (int64_t)erased, NULL);
    if (!ok)
        snprintf(error, ERROR_TEXT, "cannot erase again who is in the list %s/erasures",
                 p->config->data);
    return ok;
}

static bool start_mailer(struct program *p, char *error)
{
    struct mailer_config config = {.db = p->app.db,
                                   .env = &p->env,
                                   .provider = p->provider,
                                   .from = p->config->mail_from,
                                   .seal = p->seal};
    struct mailer_config own = config;
    own.provider = p->own_provider;
    own.own = true;
    p->own_mailer = mailer_new(&own);
    config.kin = p->own_mailer;
    if (p->own_mailer)
        p->app.mailer = mailer_new(&config);
    else
        p->own_provider_open = false;
    if (!p->app.mailer) {
        p->provider_open = !p->own_mailer && p->provider_open;
        snprintf(error, ERROR_TEXT, "--mail-from is no e-mail address");
        return false;
    }
    mailer_start(p->own_mailer);
    mailer_start(p->app.mailer);
    return true;
}

/* Without a mailbox and without a webhook nothing comes in, and no thread waits for it. */
static bool open_mailin(struct program *p, char *error)
{
    const struct config *c = p->config;
    bool resend = *c->resend_webhook_secret && *c->resend_api_key;
    struct mailin_config config = {
        .app = &p->app,
        .imap_url = *c->imap ? c->imap : NULL,
        .imap_password = c->imap_password,
        .resend_url = resend ? c->resend_url : NULL,
        .resend_api_key = resend ? c->resend_api_key : NULL,
        .ca_file = *c->ca_file ? c->ca_file : NULL,
    };
    return (!config.imap_url && !resend) || mailin_new(&config, &p->mailin, error) == OK;
}

int program_serve(const struct config *c)
{
    struct program p;
    char error[ERROR_TEXT] = "";
    int applied = 0, status = 1;
    begin(&p, c);
    p.app.streams = streams_new();
    if (bind_port(&p, error) && prepare_data(&p, error) && open_seal(&p, error) &&
        open_mail(&p, error) && open_db(&p, error) && migrate(&p, &applied, error)) {
        open_features(&p, config_rate_limit(c));
        if (open_mailin(&p, error) && catch_up(&p, error) && start_mailer(&p, error)) {
            open_dispatcher(&p);
            p.janitor = janitor_start(&p.app);
            p.robot = robot_start(&p.app);
            p.live = live_start(&p.app);
            if (p.mailin)
                mailin_start(p.mailin);
            log_event(LOG_INFO, "listening", "s:url", p.base_url, "i:port",
                      (int64_t)http_server_port(p.server), "s:database",
                      db_engine_of(p.app.db) == DB_SQLITE ? "sqlite" : "postgres", "s:mail",
                      p.provider.name, "i:migrations_applied", (int64_t)applied, NULL);
            http_server_run(p.server);
            log_event(LOG_INFO, "stopped", NULL);
            status = 0;
        }
    }
    if (status != 0)
        fail(error);
    close_all(&p);
    return status;
}

/* ---- the other commands ---- */

int program_migrate(const struct config *c)
{
    struct program p;
    char error[ERROR_TEXT] = "";
    int applied = 0, status = 0;
    begin(&p, c);
    if (prepare_data(&p, error) && open_db(&p, error) && migrate(&p, &applied, error))
        printf("%d migration%s applied; the schema is current\n", applied, applied == 1 ? "" : "s");
    else
        status = fail(error);
    close_all(&p);
    return status;
}

int program_scrub(const struct config *c)
{
    struct program p;
    char error[ERROR_TEXT] = "";
    int applied = 0, status = 0;
    begin(&p, c);
    if (prepare_data(&p, error) && open_seal(&p, error) && open_db(&p, error) &&
        migrate(&p, &applied, error)) {
        open_features(&p, false);
        if (!catch_up(&p, error) || db_scrub(p.app.db, error) != OK)
            status = fail(error);
        else
            printf(
                "every table was written anew: what was removed is in no file of the database\n");
    } else {
        status = fail(error);
    }
    close_all(&p);
    return status;
}

int program_demo(const struct config *c)
{
    struct program p;
    char error[ERROR_TEXT] = "";
    int applied = 0, status = 1;
    begin(&p, c);
    snprintf(p.base_url, sizeof p.base_url, "%s%s", *c->base_url ? "" : "http://",
             *c->base_url ? c->base_url : c->listen);
    if (prepare_data(&p, error) && open_seal(&p, error) && open_db(&p, error) &&
        migrate(&p, &applied, error)) {
        open_features(&p, false);
        open_dispatcher(&p);
        enum result loaded = demo_load(p.app.dispatcher, &p.app, stdout);
        status = loaded == OK ? 0 : loaded == CONFLICT ? EXIT_EXISTS : 1;
    } else {
        fail(error);
    }
    close_all(&p);
    return status;
}

struct printing {
    struct program *p;
    struct arena *arena;
    struct problem problem;
    int64_t id;
};

static enum result print_in(struct db_tx *tx, void *arg)
{
    struct printing *x = arg;
    struct work w = {
        .arena = x->arena,
        .tx = tx,
        .env = &x->p->env,
        .app = &x->p->app,
        .problem = &x->problem,
        .actor = {.kind = ACTOR_SYSTEM},
    };
    return mailin_print_unmatched(&w, x->id, stdout);
}

int program_unmatched(const struct config *c, const char *id)
{
    struct program p;
    struct arena arena;
    char error[ERROR_TEXT] = "";
    int applied = 0, status = 1;
    begin(&p, c);
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct printing x = {.p = &p, .arena = &arena};
    if (id && !str_int(str_of(id), &x.id))
        fail("give the number of a mail, as careops unmatched lists it");
    else if (!prepare_data(&p, error) || !open_seal(&p, error) || !open_db(&p, error) ||
             !migrate(&p, &applied, error))
        fail(error);
    else if (db_view(p.app.db, &arena, &x.problem, print_in, &x) != OK)
        fail(x.problem.detail);
    else
        status = 0;
    close_all(&p);
    arena_done(&arena);
    return status;
}

int program_openapi(const struct config *c)
{
    struct program p;
    begin(&p, c);
    open_features(&p, false);
    open_dispatcher(&p);
    struct str text = dispatcher_openapi(p.app.dispatcher);
    fwrite(text.ptr, 1, text.len, stdout);
    close_all(&p);
    return 0;
}
