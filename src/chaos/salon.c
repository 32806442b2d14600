/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * salon: the two businesses of the day, made as an owner makes them: sign-up, hours, people, stock,
 * services with buffers and processing times, publishing.
 *
 * The first is the one that is judged, and day.services, day.people and the rest are its own. The
 * second stands beside it, so that what leaks from one to the other is seen.
 */
#include "chaos/internal.h"

#include <stdarg.h>
#include <string.h>

enum { BODY_MAX = 16 * 1024 };

struct making {
    struct play *p;
    struct salon *s;
    struct player owner;
    struct buf body;
    char *error;
    size_t size;
    bool failed;
};

static void begin_body(struct making *m, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void begin_body(struct making *m, const char *fmt, ...)
{
    char text[1200];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    buf_reset(&m->body);
    buf_z(&m->body, text);
}

/* Sends the body; the id of what was made. The first failure is told and ends the making. */
static int64_t ask_for(struct making *m, const char *method, const char *path, int status)
{
    if (m->failed)
        return 0;
    buf_byte(&m->body, '\0');
    struct told t;
    struct ask ask = {
        .method = method,
        .path = path,
        .body = m->body.ptr,
        .as_owner = m->s->cookie[0] != '\0',
        .key = strcmp(method, "POST") == 0 ? next_key(m->p) : 0,
        .unseen = true,
    };
    bool answered = call_until(&m->owner, &ask, &t);
    int64_t id = json_id(t.json, "id");
    if (!answered || t.status != status) {
        m->failed = true;
        snprintf(m->error, m->size, "%s %s answered %d %s: %.300s", method, path, t.status, t.code,
                 m->owner.answer.len ? str_z(&m->p->day.arena, buf_view(&m->owner.answer)) : "");
    }
    told_done(&t);
    return id;
}

/* ---- signing up ---- */

/* All of them, as a browser would. */
static bool keep_cookies(CURL *easy, char ret[COOKIE_TEXT])
{
    struct curl_header *h;
    size_t used = 0;
    for (size_t i = 0; curl_easy_header(easy, "Set-Cookie", i, CURLH_HEADER, -1, &h) == CURLHE_OK;
         i++) {
        int len = (int)strcspn(h->value, ";");
        int n = snprintf(ret + used, COOKIE_TEXT - used, "%s%.*s", used ? "; " : "", len, h->value);
        if (n < 0 || (size_t)n >= COOKIE_TEXT - used)
            return false;
        used += (size_t)n;
    }
    return used > 0;
}

static void sign_up(struct making *m)
{
    struct salon *s = m->s;
    snprintf(s->slug, sizeof s->slug, "chaos-%s-%d", m->p->run, s->which);
    begin_body(m,
               "{\"business\":{\"name\":\"Salon %s\",\"slug\":\"%s\",\"timezone\":\"Europe/Paris\","
               "\"currency\":\"EUR\"},\"owner\":{\"name\":\"Olive %s\","
               "\"email\":\"owner.%s@chaos.example\",\"password\":\"a day of chaos %s\"}}",
               s->mark, s->slug, s->mark, s->mark, m->p->run);
    ask_for(m, "POST", "/signup", 201);
    if (!m->failed && !keep_cookies(m->owner.easy, s->cookie)) {
        m->failed = true;
        snprintf(m->error, m->size, "signing up gave no cookie");
    }
}

static void add_hours(struct making *m)
{
    buf_byte(&m->body, '[');
    for (int day = 1; day <= 7; day++)
        buf_printf(&m->body, "%s{\"weekday\":%d,\"start\":\"06:00\",\"end\":\"22:00\"}",
                   day > 1 ? "," : "", day);
    buf_byte(&m->body, ']');
}

static void set_policy(struct making *m)
{
    begin_body(m,
               "{\"contact_email\":\"owner.%s@chaos.example\",\"slot_step_min\":15,"
               "\"min_notice_min\":0,\"max_advance_days\":500,\"cancel_cutoff_min\":0,\"hours\":",
               m->s->mark);
    add_hours(m);
    buf_byte(&m->body, '}');
    ask_for(m, "PATCH", "/workspace", 200);
}

/* What the business is told of each booking would take the provider longer than the day. */
static void quiet(struct making *m)
{
    static const char *const keys[] = {"owner_new_booking", "owner_daily_digest", "client_welcome",
                                       "booking_reminder", "follow_up"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char path[PATH_TEXT];
        snprintf(path, sizeof path, "/automations/%s", keys[i]);
        begin_body(m, "{\"enabled\":false}");
        ask_for(m, "PATCH", path, 200);
    }
}

/* ---- people, stock, services ---- */

static void add_people(struct making *m, size_t count)
{
    static const char *const names[PEOPLE_MAX] = {"Ann", "Bob",  "Cem", "Dana",
                                                  "Ewa", "Finn", "Gil", "Hana"};
    struct salon *s = m->s;
    for (size_t i = 0; i < count && !m->failed; i++) {
        char name[60], path[PATH_TEXT];
        snprintf(name, sizeof name, "%s %s", names[i], s->mark);
        begin_body(m,
                   "{\"name\":\"%s\",\"email\":\"p%zu.%s@chaos.example\",\"role\":\"staff\","
                   "\"permissions\":[],\"bookable\":true}",
                   name, i, s->mark);
        int64_t id = ask_for(m, "POST", "/staff", 201);
        snprintf(path, sizeof path, "/staff/%lld/hours", (long long)id);
        begin_body(m, "{\"weekly\":");
        add_hours(m);
        buf_byte(&m->body, '}');
        ask_for(m, "PUT", path, 200);
        s->people[s->people_count++] = id;
        if (s->which == 0)
            day_person(&m->p->day, &(struct day_person){.id = id, .name = str_of(name)});
    }
}

static const struct {
    const char *name, *unit;
    int64_t on_hand;
} stock[] = {{"Dye", "ml", 5000000}, {"Oil", "ml", 5000000}, {"Serum", "piece", 150}};
enum { STOCK_COUNT = sizeof stock / sizeof stock[0] };

static void add_stock(struct making *m)
{
    for (size_t i = 0; i < STOCK_COUNT && !m->failed; i++) {
        char path[PATH_TEXT];
        begin_body(m, "{\"name\":\"%s %s\",\"unit\":\"%s\",\"reorder_point\":0}", stock[i].name,
                   m->s->mark, stock[i].unit);
        int64_t id = ask_for(m, "POST", "/items", 201);
        snprintf(path, sizeof path, "/items/%lld/movements", (long long)id);
        begin_body(m, "{\"kind\":\"receive\",\"quantity\":%lld,\"reason\":\"first delivery\"}",
                   (long long)stock[i].on_hand);
        ask_for(m, "POST", path, 201);
        m->s->items[m->s->item_count++] = id;
    }
}

struct recipe {
    const char *name;
    int before_min, after_min;
    int segments;
    struct {
        bool work;
        int minutes;
    } segment[3];
    int item; /* of the stock; -1: none */
    int thousandths;
    bool scarce;
};

static const struct recipe menu[] = {
    {"Cut", 5, 10, 1, {{true, 45}}, -1, 0, false},
    {"Colour", 0, 15, 3, {{true, 45}, {false, 30}, {true, 30}}, 0, 60000, false},
    {"Beard", 0, 0, 1, {{true, 15}}, 1, 2500, false},
    {"Perm", 10, 5, 3, {{true, 20}, {false, 40}, {true, 30}}, 0, 33125, false},
    {"Treatment", 5, 5, 1, {{true, 30}}, 2, 1000, true},
};
enum { RECIPES = sizeof menu / sizeof menu[0] };

static void write_service(struct making *m, const struct recipe *r, const char *name, int minutes)
{
    struct salon *s = m->s;
    begin_body(m,
               "{\"name\":\"%s\",\"duration_min\":%d,\"buffer_before_min\":%d,"
               "\"buffer_after_min\":%d,\"price\":4500,\"active\":true,\"staff_ids\":[",
               name, minutes, r->before_min, r->after_min);
    for (size_t i = 0; i < s->people_count; i++)
        buf_printf(&m->body, "%s\"%lld\"", i ? "," : "", (long long)s->people[i]);
    buf_z(&m->body, "],\"segments\":[");
    for (int i = 0; i < r->segments && r->segments > 1; i++)
        buf_printf(&m->body, "%s{\"kind\":\"%s\",\"minutes\":%d}", i ? "," : "",
                   r->segment[i].work ? "work" : "processing", r->segment[i].minutes);
    buf_z(&m->body, "],\"materials\":[");
    if (r->item >= 0)
        buf_printf(&m->body, "{\"item_id\":\"%lld\",\"quantity\":%d.%03d}",
                   (long long)s->items[r->item], r->thousandths / 1000, r->thousandths % 1000);
    buf_z(&m->body, "]}");
}

static void add_services(struct making *m)
{
    struct salon *s = m->s;
    for (size_t i = 0; i < RECIPES && !m->failed; i++) {
        const struct recipe *r = &menu[i];
        char name[60];
        int minutes = 0;
        snprintf(name, sizeof name, "%s %s", r->name, s->mark);
        struct day_service known = {.name = str_of(name),
                                    .before_s = r->before_min * 60,
                                    .after_s = r->after_min * 60,
                                    .segments = r->segments,
                                    .item = r->item >= 0 ? s->items[r->item] : 0,
                                    .quantity = r->thousandths};
        for (int k = 0; k < r->segments; k++) {
            minutes += r->segment[k].minutes;
            known.segment[k].work = r->segment[k].work;
            known.segment[k].length_s = r->segment[k].minutes * 60;
        }
        write_service(m, r, name, minutes);
        known.id = ask_for(m, "POST", "/services", 201);
        s->menu[s->menu_count++] =
            (struct menu){.id = known.id, .length_s = minutes * 60, .scarce = r->scarce};
        if (s->which == 0)
            day_service(&m->p->day, &known);
    }
}

bool salon_make(struct play *p, struct salon *s, char *error, size_t size)
{
    struct making m = {.p = p, .s = s, .error = error, .size = size};
    s->mark = p->marks[s->which];
    buf_init(&m.body, BODY_MAX);
    m.failed = !player_init(&m.owner, p, 0, s, true, NULL);
    if (m.failed)
        snprintf(error, size, "no memory for a connection");
    sign_up(&m);
    set_policy(&m);
    quiet(&m);
    add_people(&m, s->which == 0 ? PEOPLE_MAX : 2);
    add_stock(&m);
    add_services(&m);
    begin_body(&m, "{}");
    ask_for(&m, "POST", "/workspace/publish", 200);
    player_done(&m.owner);
    buf_done(&m.body);
    return !m.failed;
}
