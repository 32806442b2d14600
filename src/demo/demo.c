/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demo: the businesses side by side, and what is printed. See demo.h. */
#include "demo/demo.h"

#include "account/account.h"
#include "base/embedded.h"
#include "base/log.h"
#include "demo/business.h"

#include <pthread.h>

static const char *const files[] = {"demo/hair.json", "demo/spa.json", "demo/clinic.json"};
enum { FILE_COUNT = sizeof files / sizeof files[0] };

static json_t *read_file(const char *name)
{
    const struct embedded_file *file = embedded_find(name);
    json_error_t error = {.line = 0};
    json_t *data = file ? json_loadb((const char *)file->data, file->size, 0, &error) : NULL;
    if (!data)
        log_event(LOG_ERROR, "a demo file cannot be read", "s:file", name, "i:line",
                  (int64_t)error.line, "s:error", error.text, NULL);
    return data;
}

/* ---- what the database holds ---- */

struct census {
    int64_t businesses, of_the_demo;
};

static enum result count_businesses(struct db_tx *tx, void *arg)
{
    struct census *ret = arg;
    struct db_rows rows;
    struct db_reach before = db_across(tx, "the demo is for a database without businesses");
    (void)before; /* so it stays, to the end of the transaction */
    enum result res = db_one(tx, &rows, "SELECT COUNT(*) FROM workspace");
    if (res != OK)
        return res;
    *ret = (struct census){.businesses = db_int(&rows, 0, 0)};
    for (size_t i = 0; i < FILE_COUNT && res == OK; i++) {
        json_auto_t *data = read_file(files[i]);
        res = db_one(tx, &rows, "SELECT COUNT(*) FROM workspace WHERE slug = $1",
                     db_z(data_text(json_object_get(data, "business"), "slug")));
        ret->of_the_demo += res == OK ? db_int(&rows, 0, 0) : 0;
    }
    return res;
}

/* A message is suppressed before it is begun; without a mailer none has been. What would write one
 * later is dropped too: the demo writes to nobody. */
static enum result suppress_messages(struct db_tx *tx, void *arg)
{
    const int64_t *workspace_id = arg;
    db_tenant(tx, *workspace_id);
    enum result res =
        db_exec(tx,
                "UPDATE job SET status = 'dropped', version = version + 1 WHERE workspace_id = $1"
                " AND status = 'waiting' AND kind IN"
                " ('booking_reminder', 'follow_up', 'owner_daily_digest', 'form_request')",
                db_i(*workspace_id));
    if (res != OK)
        return res;
    return db_exec(tx,
                   "UPDATE message SET status = 'suppressed', version = version + 1,"
                   " body_text = CASE WHEN kind = 'staff_invitation' THEN '' ELSE body_text END,"
                   " body_html = CASE WHEN kind = 'staff_invitation' THEN NULL ELSE body_html END"
                   " WHERE workspace_id = $1 AND status = 'queued'",
                   db_i(*workspace_id));
}

/* ---- members who can sign in ---- */

struct own_password {
    const struct app *app;
    struct arena *arena;
    const char *email;
    char hash[PASSWORD_HASH_TEXT];
};

static enum result set_own_password(struct db_tx *tx, void *arg)
{
    const struct own_password *own = arg;
    struct work w = {.arena = own->arena,
                     .tx = tx,
                     .env = own->app->env,
                     .app = own->app,
                     .now_s = env_now_s(own->app->env)};
    struct db_rows rows;
    enum result res =
        db_one(tx, &rows, "SELECT id FROM user_account WHERE email = $1", db_z(own->email));
    return res == OK ? account_set_password(&w, db_int(&rows, 0, 0), own->hash, false) : res;
}

/* The one place behind the API's back: the letter with the first password goes to nobody, so whom
 * the file gives a password has chosen it already. */
static enum result settle_members(const struct app *app, struct arena *arena, const json_t *data)
{
    enum result res = OK;
    size_t i;
    json_t *person;
    json_array_foreach(json_object_get(data, "staff"), i, person)
    {
        struct problem problem = {0};
        struct own_password own = {.app = app, .arena = arena, .email = data_text(person, "email")};
        const char *password = data_text(person, "password");
        if (!*password)
            continue;
        res = account_hash_password(app->account, &problem, str_of(password), own.hash);
        if (res == OK)
            res = db_transact(app->db, arena, NULL, set_own_password, &own);
        if (res != OK)
            break;
    }
    return res;
}

/* ---- loading ---- */

/* One business on its way in. `result` is its thread's until that is joined. */
struct load {
    struct dispatcher *dispatcher;
    const struct app *app;
    const char *file;
    uint64_t seed;
    enum result result;
    bool started;
    pthread_t thread;
};

/* The messages are taken back also when something failed on the way. */
static enum result load_business(const struct load *l, const json_t *data)
{
    struct caller caller;
    struct business b;
    caller_init(&caller, l->dispatcher, l->app->env);
    business_init(&b, &caller, data, l->seed);
    enum result res = business_open(&b);
    if (res == OK)
        res = business_fill_diary(&b);
    if (res == OK)
        res = business_count_stock(&b);
    if (res == OK)
        res = settle_members(l->app, &caller.arena, data);
    if (b.workspace_id) {
        enum result silenced =
            db_transact(l->app->db, &caller.arena, NULL, suppress_messages, &b.workspace_id);
        res = res == OK ? silenced : res;
    }
    business_done(&b);
    caller_done(&caller);
    return res;
}

static void *run_load(void *arg)
{
    struct load *l = arg;
    json_auto_t *data = read_file(l->file);
    l->result = data ? load_business(l, data) : INTERNAL;
    return NULL;
}

/* Side by side, since each spends most of its time on the database's answers: three threads take a
 * third of the time, and the commits of SQLite go to the disk together. */
static enum result load_all(struct dispatcher *d, const struct app *app)
{
    struct load loads[FILE_COUNT];
    enum result res = OK;
    for (size_t i = 0; i < FILE_COUNT; i++) {
        loads[i] = (struct load){
            .dispatcher = d, .app = app, .file = files[i], .seed = i + 1, .result = INTERNAL};
        loads[i].started = pthread_create(&loads[i].thread, NULL, run_load, &loads[i]) == 0;
    }
    for (size_t i = 0; i < FILE_COUNT; i++) {
        if (loads[i].started)
            pthread_join(loads[i].thread, NULL);
        res = res == OK ? loads[i].result : res;
    }
    return res;
}

/* ---- printing ---- */

static void print_sign_ins(const struct app *app, FILE *out)
{
    fprintf(out, "\nSign in at %s/login\n", app->base_url);
    for (size_t i = 0; i < FILE_COUNT; i++) {
        json_auto_t *data = read_file(files[i]);
        const json_t *business = json_object_get(data, "business");
        const json_t *owner = json_object_get(data, "owner");
        fprintf(out, "\n  %s\n", data_text(business, "name"));
        fprintf(out, "    booking page  %s/book/%s\n", app->base_url, data_text(business, "slug"));
        fprintf(out, "    owner         %s   password %s\n", data_text(owner, "email"),
                data_text(owner, "password"));
        size_t k;
        json_t *person;
        json_array_foreach(json_object_get(data, "staff"), k, person)
        {
            if (*data_text(person, "password"))
                fprintf(out, "    staff         %s   password %s\n", data_text(person, "email"),
                        data_text(person, "password"));
        }
    }
    fprintf(out, "\n");
}

static enum result refuse(const struct app *app, const struct census *found, FILE *out)
{
    if (found->of_the_demo == FILE_COUNT) {
        fprintf(out, "The demo is in this database already; nothing was changed.\n");
        print_sign_ins(app, out);
    } else {
        fprintf(out, "This database has businesses already; the demo is for an empty one.\n");
    }
    return CONFLICT;
}

enum result demo_load(struct dispatcher *d, const struct app *app, FILE *out)
{
    struct census found;
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    enum result res = db_view(app->db, &arena, NULL, count_businesses, &found);
    arena_done(&arena);
    if (res == OK && found.businesses)
        return refuse(app, &found, out);
    if (res == OK)
        res = load_all(d, app);
    if (res == OK) {
        fprintf(out, "The demo is loaded: a hair salon, a spa and a clinic.\n");
        print_sign_ins(app, out);
    }
    return res;
}
