/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record: a business by the API, in process, and what the database is asked. See record.h. */
#include "record.h"

#include "account/account.h"
#include "app/routes.h"
#include "base/civil.h"
#include "demo/caller.h"
#include "http/limit.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAYS_AHEAD = 60, MINUTE = 60 };

static const char client_email[] = "cleo@client.example";

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "bare_bench: %s\n", what);
    exit(1);
}

/* ---- listening ---- */

static void note(void *self, const char *sql, const struct db_value *params, size_t n)
{
    struct recording *r = self;
    if (r->count == STATEMENTS_MAX)
        give_up("more statements than the recording holds");
    struct statement *s = &r->statements[r->count++];
    *s = (struct statement){sql, n, arena_new_array(r->arena, n + 1, struct db_value)};
    for (size_t i = 0; i < n; i++) {
        s->params[i] = params[i];
        if (params[i].type == DB_TEXT || params[i].type == DB_BLOB)
            s->params[i].s = str_copy(r->arena, params[i].s);
    }
}

static void begin(struct recording *r, struct db *db, const struct env *env)
{
    r->count = 0;
    r->first_id = env_id(env);
    db_watch(db, note, r);
}

static void end(struct recording *r, struct db *db, const struct env *env)
{
    db_watch(db, NULL, NULL);
    r->last_id = env_id(env);
}

/* ---- the business ---- */

/* Asks, takes the body over, and wants the status. */
static json_t *ask(struct caller *c, enum http_method method, const char *path, json_t *body,
                   int status)
{
    json_t *answer = NULL;
    struct ask a = {.method = method, .body = body, .status = status};
    if (caller_ask(c, &a, &answer, "%s", path) != OK)
        give_up(path);
    json_decref(body);
    return answer;
}

static void do_ask(struct caller *c, enum http_method method, const char *path, json_t *body,
                   int status)
{
    json_decref(ask(c, method, path, body, status));
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    if (!text)
        give_up(name);
    return text;
}

static json_t *hours(void)
{
    json_t *list = json_array();
    for (int day = 1; day <= 7; day++)
        json_array_append_new(
            list, json_pack("{s:i,s:s,s:s}", "weekday", day, "start", "08:00", "end", "20:00"));
    return list;
}

static void sign_up(struct caller *c)
{
    do_ask(c, HTTP_POST_, "/signup",
           json_pack("{s:{s:s,s:s,s:s,s:s},s:{s:s,s:s,s:s}}", "business", "name", "Bare", "slug",
                     "bare", "timezone", "Europe/Paris", "currency", "EUR", "owner", "name", "Mia",
                     "email", "mia@bare.example", "password", "a long enough secret 7"),
           201);
    do_ask(c, HTTP_PATCH_, "/workspace",
           json_pack("{s:o,s:s,s:i,s:i}", "hours", hours(), "contact_email", "mia@bare.example",
                     "min_notice_min", 0, "max_advance_days", 90),
           200);
}

/* One person, one material, one service of them; the service's id. */
static json_t *fill(struct caller *c)
{
    json_t *session = ask(c, HTTP_GET_, "/session", NULL, 200);
    const char *staff = text_of(session, "staff_id");
    char path[CALLER_TARGET_MAX];
    snprintf(path, sizeof path, "/staff/%s", staff);
    do_ask(c, HTTP_PATCH_, path, json_pack("{s:b}", "bookable", 1), 200);

    json_t *item =
        ask(c, HTTP_POST_, "/items",
            json_pack("{s:s,s:s,s:i}", "name", "Dye", "unit", "ml", "reorder_point", 10), 201);
    snprintf(path, sizeof path, "/items/%s/movements", text_of(item, "id"));
    do_ask(c, HTTP_POST_, path, json_pack("{s:s,s:i}", "kind", "receive", "quantity", 900000), 201);

    json_t *service = ask(c, HTTP_POST_, "/services",
                          json_pack("{s:s,s:i,s:i,s:[s],s:[{s:s,s:i}]}", "name", "Cut",
                                    "duration_min", 15, "price", 2500, "staff_ids", staff,
                                    "materials", "item_id", text_of(item, "id"), "quantity", 1),
                          201);
    do_ask(c, HTTP_POST_, "/workspace/publish", NULL, 200);
    json_decref(item);
    json_decref(session);
    return service;
}

/* ---- what is recorded ---- */

static void dates(int64_t now_s, int days, char ret[static DATE_TEXT])
{
    date_format(now_s / SECONDS_PER_DAY + days, ret);
}

static void record_availability(struct caller *c, struct db *db, const char *service,
                                struct recordings *ret)
{
    char from[DATE_TEXT], to[DATE_TEXT], path[CALLER_TARGET_MAX];
    dates(env_now_s(c->env), 2, from);
    dates(env_now_s(c->env), 9, to);
    snprintf(path, sizeof path, "/public/bare/availability?service_ids=%s&from=%s&to=%s", service,
             from, to);
    begin(&ret->availability, db, c->env);
    do_ask(c, HTTP_GET_, path, NULL, 200);
    end(&ret->availability, db, c->env);
}

/* At noon UTC, which is in the day of Paris at every time of the year. */
static void record_booking(struct caller *c, struct db *db, const char *service, const char *staff,
                           struct recordings *ret)
{
    char start[INSTANT_TEXT];
    int64_t day = env_now_s(c->env) / SECONDS_PER_DAY + DAYS_AHEAD;
    ret->start_s = day * SECONDS_PER_DAY + 12 * 60 * MINUTE;
    instant_format(ret->start_s, start);
    json_t *body =
        json_pack("{s:[s],s:s,s:s,s:{s:s,s:s}}", "service_ids", service, "staff_id", staff, "start",
                  start, "client", "name", "Cleo", "email", client_email);
    begin(&ret->booking, db, c->env);
    do_ask(c, HTTP_POST_, "/public/bare/bookings", body, 201);
    end(&ret->booking, db, c->env);
}

static void record_routes(struct caller *c, struct db *db, struct recordings *ret)
{
    sign_up(c);
    json_t *service = fill(c);
    json_t *session = ask(c, HTTP_GET_, "/session", NULL, 200);
    const char *workspace = text_of(json_object_get(session, "workspace"), "id");
    str_int(str_of(workspace), &ret->workspace_id);
    c->cookie[0] = '\0'; /* from here on a visitor */
    record_availability(c, db, text_of(service, "id"), ret);
    record_booking(c, db, text_of(service, "id"), text_of(session, "staff_id"), ret);
    json_decref(session);
    json_decref(service);
}

void record_all(const struct env *env, struct db *db, struct arena *a, struct recordings *ret)
{
    char error[DB_ERROR_TEXT];
    int applied;
    if (db_migrate(db, &applied, error) != OK)
        give_up(error);
    *ret = (struct recordings){
        .booking.arena = a, .availability.arena = a, .email = str_of(client_email)};

    struct limiter *limiter = limiter_new(env, 100, false);
    struct app app = {
        .account = account_new(env, limiter, false),
        .db = db,
        .env = env,
        .limiter = limiter,
        .base_url = "http://127.0.0.1:8080",
    };
    struct route_table tables[64];
    for (size_t i = 0; i < all_table_count; i++)
        tables[i] = *all_tables[i];
    struct dispatcher_config config = {
        .tables = tables,
        .table_count = all_table_count,
        .db = db,
        .env = env,
        .guard = {app.account, account_identify},
        .limiter = limiter,
        .base_url = app.base_url,
        .app = &app,
    };
    struct dispatcher *dispatcher = dispatcher_new(&config);
    struct caller caller;
    caller_init(&caller, dispatcher, env);
    record_routes(&caller, db, ret);
    caller_done(&caller);
    dispatcher_free(dispatcher);
    account_free(app.account);
    limiter_free(limiter);
}
