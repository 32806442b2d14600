/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* people: see people.h. */
#include "people.h"

#include "base/civil.h"
#include "db/db.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
    MS = 1000,
    MINUTE_S = 60,
    HOUR_S = 3600,
    DAY_S = 86400,
    GRID_S = 15 * MINUTE_S,
    CLIENTS = 60,
    TEXT_BYTES = 1024,
    ROWS = 40,
    NOBODY = -1,
};

static const char *const zones[SALONS] = {"Europe/Berlin", "America/New_York", "Asia/Tokyo"};

/* ---- calling ---- */

void people_init(struct people *p, struct life *l, const struct app *app, struct dispatcher *d)
{
    *p = (struct people){.life = l, .app = app, .dispatcher = d};
    arena_init(&p->arena, ARENA_DEFAULT_LIMIT);
    request_open(&p->rq, &p->arena, &l->env);
}

void people_done(struct people *p)
{
    json_decref(p->answer);
    request_close(&p->rq);
    arena_done(&p->arena);
}

static void add_header(struct request *rq, const char *name, const char *value)
{
    rq->headers[rq->header_count++] = (struct header){str_of(name), str_of(value)};
}

static void keep_cookies(struct people *p, struct sim_salon *s)
{
    for (size_t i = 0; i < p->rq.response_header_count; i++) {
        struct header h = p->rq.response_headers[i];
        if (!str_is(h.name, "Set-Cookie"))
            continue;
        bool device = str_starts(h.value, STR("careops_device="));
        int len = (int)strcspn(h.value.ptr, ";");
        int seat = p->life->seat;
        snprintf(device ? s->devices[seat] : s->cookies[seat],
                 device ? sizeof s->devices[seat] : sizeof s->cookies[seat], "%.*s", len,
                 h.value.ptr);
    }
}

/* `salon` NOBODY: without a cookie. The status. */
static int call(struct people *p, int salon, const char *method, const char *path, const char *json)
{
    struct life *l = p->life;
    struct request *rq = &p->rq;
    int64_t number = atomic_fetch_add(&l->world->actions, 1);
    int64_t began_ms = right_ms(l);
    char id[REQUEST_ID_TEXT] = "", target[TEXT_BYTES], cookies[512];
    snprintf(id, sizeof id, "sim-%08" PRId64, number);
    snprintf(target, sizeof target, "/api/v1%s", path);
    note(l->actions_fd,
         "{\"n\":%" PRId64 ",\"id\":\"%s\",\"r0\":%" PRId64 ",\"w0\":%" PRId64 ",\"life\":%" PRId64
         ",\"method\":\"%s\",\"path\":\"%s\",\"body\":%s}\n",
         number, id, began_ms, wall_at(l, began_ms), l->number, method, path, json ? json : "null");
    request_close(rq);
    arena_reset(&p->arena);
    request_open(rq, &p->arena, &l->env);
    memcpy(rq->id, id, sizeof id);
    rq->method = http_method_of(str_of(method));
    rq->method_text = str_of(method);
    rq->target = rq->path = str_of(target);
    rq->host = STR("127.0.0.1:8080");
    snprintf(rq->client, sizeof rq->client, "192.0.2.%d", salon + 2);
    if (salon != NOBODY) {
        const struct sim_salon *s = &l->world->salons[salon];
        snprintf(cookies, sizeof cookies, "%s%s%s", s->cookies[l->seat],
                 s->cookies[l->seat][0] ? "; " : "", s->devices[l->seat]);
        add_header(rq, "Cookie", cookies);
    }
    if (json) {
        add_header(rq, "Content-Type", "application/json");
        rq->body = str_of(json);
    }
    dispatch_request(p->dispatcher, rq);
    note(l->actions_fd, "{\"n\":%" PRId64 ",\"r1\":%" PRId64 ",\"status\":%d}\n", number,
         right_ms(l), rq->status);
    may_die(l);
    if (salon != NOBODY)
        keep_cookies(p, &l->world->salons[salon]);
    struct str body = response_body(rq);
    json_decref(p->answer);
    p->answer = body.len ? json_loadb(body.ptr, body.len, 0, NULL) : NULL;
    return rq->status;
}

static bool sign_in(struct people *p, int salon)
{
    char json[TEXT_BYTES];
    struct sim_salon *s = &p->life->world->salons[salon];
    s->cookies[p->life->seat][0] = '\0';
    snprintf(json, sizeof json, "{\"email\":\"%s\",\"password\":\"violet lantern harbour\"}",
             s->email);
    return call(p, salon, "POST", "/session", json) == 200;
}

/* As the owner; a session that is over (the clock was a year ahead) is begun anew. */
static int owner_calls(struct people *p, int salon, const char *method, const char *json,
                       const char *format, ...) __attribute__((format(printf, 5, 6)));
static int owner_calls(struct people *p, int salon, const char *method, const char *json,
                       const char *format, ...)
{
    char path[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    if (p->life->world->salons[salon].cookies[p->life->seat][0] == '\0' && !sign_in(p, salon))
        return p->rq.status;
    int status = call(p, salon, method, path, json);
    return status == 401 && sign_in(p, salon) ? call(p, salon, method, path, json) : status;
}

static int64_t id_in(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? strtoll(text, NULL, 10) : 0;
}

/* ---- opening ---- */

static bool add_staff(struct people *p, int salon, int i)
{
    char json[TEXT_BYTES];
    struct sim_salon *s = &p->life->world->salons[salon];
    snprintf(json, sizeof json,
             "{\"name\":\"Staff %d\",\"email\":\"staff%d.s%d@staff.example\",\"role\":\"staff\","
             "\"permissions\":[],\"bookable\":true}",
             i, i, salon);
    if (owner_calls(p, salon, "POST", json, "/staff") != 201)
        return false;
    s->staff[i] = id_in(p->answer, "id");
    return true;
}

/* The clients of the second are asked for a form, which nobody ever fills in. */
static bool add_service(struct people *p, int salon, int i)
{
    static const char questions[] =
        "{\"name\":\"Health\",\"fields\":[{\"key\":\"name\",\"label\":\"Your name\","
        "\"type\":\"text\",\"required\":true}]}";
    char json[TEXT_BYTES], form[32] = "";
    if (i == 1 && owner_calls(p, salon, "POST", questions, "/forms") != 201)
        return false;
    if (i == 1)
        snprintf(form, sizeof form, "\"%" PRId64 "\"", id_in(p->answer, "id"));
    struct sim_salon *s = &p->life->world->salons[salon];
    snprintf(json, sizeof json,
             "{\"name\":\"Service %d\",\"duration_min\":%d,\"price\":4500,"
             "\"staff_ids\":[\"%" PRId64 "\",\"%" PRId64 "\"],\"form_ids\":[%s]}",
             i, 30 + 30 * i, s->staff[0], s->staff[1], form);
    if (owner_calls(p, salon, "POST", json, "/services") != 201)
        return false;
    s->services[i] = id_in(p->answer, "id");
    return true;
}

#define EVERY_DAY(day) "{\"weekday\":" #day ",\"start\":\"06:00\",\"end\":\"22:00\"}"

/* The second completes by itself what nobody has marked; the third asks for a yes, and keeps quiet
 * at night. */
static bool set_up(struct people *p, int salon)
{
    static const char common[] =
        "{\"slot_step_min\":15,\"min_notice_min\":0,\"max_advance_days\":700,"
        "\"cancel_cutoff_min\":0,\"session_idle_min\":43200,\"hours\":[" EVERY_DAY(1) "," EVERY_DAY(
            2) "," EVERY_DAY(3) "," EVERY_DAY(4) "," EVERY_DAY(5) "," EVERY_DAY(6) "," EVERY_DAY(7) "]}";
    if (owner_calls(p, salon, "PATCH", common, "/workspace") != 200)
        return false;
    if (salon == 1 && owner_calls(p, salon, "PATCH", "{\"enabled\":true}",
                                  "/automations/visit_completion") != 200)
        return false;
    return salon != 2 ||
           owner_calls(
               p, salon, "PATCH",
               "{\"auto_confirm\":false,\"quiet_from\":\"22:00\",\"quiet_until\":\"08:00\"}",
               "/workspace") == 200;
}

static bool open_salon(struct people *p, int salon)
{
    char json[TEXT_BYTES];
    struct sim_salon *s = &p->life->world->salons[salon];
    snprintf(s->slug, sizeof s->slug, "salon-%d", salon);
    snprintf(s->email, sizeof s->email, "owner.s%d@owner.example", salon);
    snprintf(json, sizeof json,
             "{\"business\":{\"name\":\"Salon %d\",\"slug\":\"%s\",\"timezone\":\"%s\","
             "\"currency\":\"EUR\"},\"owner\":{\"name\":\"Owner %d\",\"email\":\"%s\","
             "\"password\":\"violet lantern harbour\"}}",
             salon, s->slug, zones[salon], salon, s->email);
    if (call(p, salon, "POST", "/signup", json) != 201)
        return false;
    s->id = id_in(json_object_get(p->answer, "workspace"), "id");
    return add_staff(p, salon, 0) && add_staff(p, salon, 1) && add_service(p, salon, 0) &&
           add_service(p, salon, 1) && set_up(p, salon) &&
           owner_calls(p, salon, "POST", NULL, "/workspace/publish") == 200;
}

bool people_open_salons(struct people *p)
{
    for (int i = 0; i < SALONS; i++)
        if (!open_salon(p, i)) {
            char *said = p->answer ? json_dumps(p->answer, JSON_COMPACT) : NULL;
            fprintf(stderr, "robot_sim: salon %d: %d %s\n", i, p->rq.status, said ? said : "");
            free(said);
            return false;
        }
    return true;
}

/* ---- what they see in the diary ---- */

struct seen {
    int64_t id, start_s, end_s, client_id;
};

struct look {
    const char *sql;
    int64_t workspace_id, at_s;
    struct seen rows[ROWS];
    size_t count;
};

static enum result look_in(struct db_tx *tx, void *arg)
{
    struct look *k = arg;
    struct db_rows r;
    db_tenant(tx, k->workspace_id);
    enum result res = db_query(tx, &r, k->sql, db_i(k->workspace_id), db_i(k->at_s), db_i(ROWS));
    k->count = res == OK ? r.count : 0;
    for (size_t i = 0; i < k->count; i++)
        k->rows[i] =
            (struct seen){db_int(&r, i, 0), db_int(&r, i, 1), db_int(&r, i, 2), db_int(&r, i, 3)};
    return res;
}

#define BOOKINGS "SELECT id, start_s, end_s, client_id FROM booking WHERE workspace_id = $1"
static const char open_visits[] = BOOKINGS " AND status IN ('pending', 'confirmed')"
                                           " AND start_s > $2 ORDER BY start_s, id LIMIT $3";
/* Of which something is on its way to somebody just now. */
static const char told_visits[] =
    BOOKINGS " AND status IN ('pending', 'confirmed') AND start_s > $2 AND EXISTS"
             " (SELECT 1 FROM message m WHERE m.workspace_id = $1 AND m.booking_id = booking.id"
             " AND m.status = 'queued') ORDER BY start_s, id LIMIT $3";
static const char ended_visits[] = BOOKINGS " AND status IN ('pending', 'confirmed')"
                                            " AND end_s <= $2 ORDER BY start_s, id LIMIT $3";
static const char pending_visits[] = BOOKINGS " AND status = 'pending'"
                                              " AND start_s > $2 ORDER BY start_s, id LIMIT $3";
static const char conversations[] = "SELECT id, 0, 0, client_id FROM conversation"
                                    " WHERE workspace_id = $1 AND $2 > 0 ORDER BY id DESC LIMIT $3";

/* One of them, by chance. */
static bool pick(struct people *p, int salon, const char *sql, struct seen *ret)
{
    struct arena arena;
    struct look k = {.sql = sql,
                     .workspace_id = p->life->world->salons[salon].id,
                     .at_s = right_ms(p->life) / MS};
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    enum result res = db_view(p->app->db, &arena, NULL, look_in, &k);
    arena_done(&arena);
    if (res != OK || k.count == 0)
        return false;
    *ret = k.rows[chance_of(p->life, k.count)];
    return true;
}

/* One that is still to come; rather one of which there is news. */
static bool pick_open(struct people *p, int salon, struct seen *ret)
{
    bool hot = chance_of(p->life, 2) == 0;
    return (hot && pick(p, salon, told_visits, ret)) || pick(p, salon, open_visits, ret);
}

/* ---- what they do ---- */

static int64_t some_start_s(struct people *p)
{
    bool soon = chance_of(p->life, 100) < 30;
    int64_t ahead_s = soon ? HOUR_S + (int64_t)chance_of(p->life, 32 * HOUR_S)
                           : DAY_S + (int64_t)chance_of(p->life, 12 * DAY_S);
    return (right_ms(p->life) / MS + ahead_s) / GRID_S * GRID_S + GRID_S;
}

static void book(struct people *p, int salon)
{
    char json[TEXT_BYTES], start[INSTANT_TEXT], path[128], email[96] = "";
    struct life *l = p->life;
    const struct sim_salon *s = &l->world->salons[salon];
    bool by_staff = chance_of(l, 2);
    int who = (int)chance_of(l, CLIENTS);
    instant_format(some_start_s(p), start);
    if (!by_staff || who >= CLIENTS / 10) /* whoever is at the desk may leave none */
        snprintf(email, sizeof email, ",\"email\":\"client%d.s%d@client.example\"", who, salon);
    snprintf(json, sizeof json,
             "{\"service_ids\":[\"%" PRId64 "\"],\"start\":\"%s\","
             "\"client\":{\"name\":\"Client %d\"%s}%s}",
             s->services[chance_of(l, 2)], start, who, email,
             by_staff ? ",\"override_hours\":true" : "");
    snprintf(path, sizeof path, "/public/%s/bookings", s->slug);
    if (by_staff)
        owner_calls(p, salon, "POST", json, "/bookings");
    else
        call(p, NOBODY, "POST", path, json);
}

static void move(struct people *p, int salon)
{
    char json[TEXT_BYTES], start[INSTANT_TEXT];
    struct seen b;
    if (!pick_open(p, salon, &b))
        return;
    instant_format(some_start_s(p), start);
    snprintf(json, sizeof json, "{\"start\":\"%s\",\"override_hours\":true}", start);
    owner_calls(p, salon, "PATCH", json, "/bookings/%" PRId64, b.id);
}

/* Moved, and moved back at once: nobody shall hear of it. */
static void waver(struct people *p, int salon)
{
    char json[TEXT_BYTES], start[INSTANT_TEXT];
    struct seen b;
    if (!pick_open(p, salon, &b))
        return;
    for (int i = 0; i < 2; i++) {
        instant_format(i ? b.start_s : some_start_s(p), start);
        snprintf(json, sizeof json, "{\"start\":\"%s\",\"override_hours\":true}", start);
        owner_calls(p, salon, "PATCH", json, "/bookings/%" PRId64, b.id);
        move_to(p->life, right_ms(p->life) + (int64_t)chance_of(p->life, 6) * MS);
    }
}

/* Two of three stay cancelled; the third is taken back, within the ten seconds or later. */
static void cancel(struct people *p, int salon)
{
    struct seen b;
    if (!pick_open(p, salon, &b))
        return;
    owner_calls(p, salon, "POST", NULL, "/bookings/%" PRId64 "/cancel", b.id);
    if (chance_of(p->life, 3) > 0)
        return;
    move_to(p->life, right_ms(p->life) + (int64_t)chance_of(p->life, 15) * MS);
    owner_calls(p, salon, "POST", NULL, "/bookings/%" PRId64 "/restore", b.id);
}

static void mark(struct people *p, int salon)
{
    struct seen b;
    if (!pick(p, salon, ended_visits, &b))
        return;
    bool came = chance_of(p->life, 100) < 80;
    owner_calls(p, salon, "POST", NULL, "/bookings/%" PRId64 "/%s", b.id,
                came ? "complete" : "no-show");
}

static void confirm(struct people *p, int salon)
{
    struct seen b;
    if (pick(p, salon, pending_visits, &b))
        owner_calls(p, salon, "POST", NULL, "/bookings/%" PRId64 "/confirm", b.id);
}

/* A client writes, and gets letters again; or somebody answers one, who then is left in peace. */
static void talk(struct people *p, int salon)
{
    char json[TEXT_BYTES], path[128];
    struct seen c;
    struct life *l = p->life;
    int who = (int)chance_of(l, CLIENTS);
    if (chance_of(l, 2) && pick(p, salon, conversations, &c)) {
        owner_calls(p, salon, "POST", "{\"body\":\"See you then.\"}",
                    "/conversations/%" PRId64 "/messages", c.id);
        return;
    }
    snprintf(json, sizeof json,
             "{\"name\":\"Client %d\",\"email\":\"client%d.s%d@client.example\","
             "\"message\":\"May I bring my dog?\"}",
             who, who, salon);
    snprintf(path, sizeof path, "/public/%s/contact", l->world->salons[salon].slug);
    call(p, NOBODY, "POST", path, json);
}

static void change_rule(struct people *p, int salon)
{
    static const struct {
        const char *key, *change;
    } changes[] = {
        {"booking_reminder", "{\"delay_min\":2880}"}, {"booking_reminder", "{\"delay_min\":1440}"},
        {"booking_reminder", "{\"delay_min\":1440}"}, {"booking_reminder", "{\"delay_min\":180}"},
        {"follow_up", "{\"delay_min\":60}"},          {"follow_up", "{\"delay_min\":1440}"},
        {"follow_up", "{\"enabled\":false}"},         {"follow_up", "{\"enabled\":true}"},
        {"follow_up", "{\"enabled\":true}"},          {"owner_daily_digest", "{\"delay_min\":420}"},
    };
    size_t i = chance_of(p->life, sizeof changes / sizeof *changes);
    owner_calls(p, salon, "PATCH", changes[i].change, "/automations/%s", changes[i].key);
}

void people_act(struct people *p)
{
    static const struct {
        int of_1000;
        void (*act)(struct people *p, int salon);
    } acts[] = {{370, book}, {110, move},   {30, waver}, {90, cancel},
                {310, mark}, {50, confirm}, {30, talk},  {10, change_rule}};
    int salon = (int)chance_of(p->life, SALONS);
    int64_t n = (int64_t)chance_of(p->life, 1000);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        n -= acts[i].of_1000;
        if (n < 0) {
            acts[i].act(p, salon);
            return;
        }
    }
}
