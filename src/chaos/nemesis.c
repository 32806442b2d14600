/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * nemesis: kills the system at moments that know nothing of what it is doing, and starts it again.
 *
 * Time to ready is from the start of the system's process until GET /readyz says 200. What ends by
 * itself is started again too, as a supervisor would, and told.
 */
#include "chaos/internal.h"

#include <signal.h>
#include <string.h>

enum {
    READY_FOR_MS = 90000,
    PROBE_MS = 2,
    STOP_MS = 15000,
    LIVES_LEAST_MS = 15,
    LIVES_MORE_MS = 180, /* at most so much longer, where the kills are pressed for time */
    ENV_TEXT = 120,
};

static bool is_ready(struct play *p)
{
    struct told t;
    struct ask ask = {.verb = DAY_READ, .method = "GET", .path = "/readyz", .unseen = true};
    call(&p->nemesis.probe, &ask, &t);
    bool ready = t.status == 200;
    told_done(&t);
    return ready;
}

static void set_up(struct play *p, bool up)
{
    struct nemesis *n = &p->nemesis;
    pthread_mutex_lock(&n->lock);
    atomic_store(&n->up, up);
    pthread_cond_broadcast(&n->changed);
    pthread_mutex_unlock(&n->lock);
}

static bool start_server(struct play *p)
{
    char url[ENV_TEXT];
    snprintf(url, sizeof url, "CAREOPS_RESEND_URL=http://127.0.0.1:%d", standin_port(p->standin));
    const char *const env[] = {"CAREOPS_MAIL=resend",
                               "CAREOPS_RESEND_API_KEY=re_chaos_day",
                               url,
                               "CAREOPS_RESEND_RATE=100",
                               "CAREOPS_RATE_LIMIT=off",
                               NULL};
    return process_start(&p->nemesis.server, env, p->options.output) == OK;
}

static bool start_database(struct play *p)
{
    const char *const env[] = {NULL};
    return process_start(&p->nemesis.database, env, p->options.output) == OK;
}

/* Until it answers; what ended meanwhile is started again. *ret_ms: since the last start of the
 * server, or since the call. A day that is broken off waits for it too: else it would be judged
 * while it is down, and not for its own sake. */
static bool await_ready(struct play *p, int64_t *ret_ms)
{
    struct nemesis *n = &p->nemesis;
    int64_t begun = play_now(p), since = begun;
    while (!is_ready(p)) {
        if (play_now(p) - begun > READY_FOR_MS)
            return false;
        if (p->options.database && process_ended(&n->database)) {
            nap_ms(20); /* another's lock may still be there */
            if (!start_database(p))
                return false;
        }
        if (p->options.start && process_ended(&n->server)) {
            n->ended_alone++;
            tell_chapter(p, "The system had ended by itself and was started again.");
            nap_ms(20);
            since = play_now(p);
            if (!start_server(p))
                return false;
        }
        nap_ms(PROBE_MS);
    }
    *ret_ms = play_now(p) - since;
    return true;
}

bool nemesis_begin(struct play *p, char *error, size_t size)
{
    struct nemesis *n = &p->nemesis;
    n->server.command = p->options.start;
    n->database.command = p->options.database;
    if (!p->options.start) {
        if (is_ready(p))
            return true;
        snprintf(error, size, "%s does not answer GET /readyz with 200", p->options.url);
        return false;
    }
    if (is_ready(p)) {
        snprintf(error, size, "something answers at %s already: --start must be alone there",
                 p->options.url);
        return false;
    }
    if ((p->options.database && !start_database(p)) || !start_server(p)) {
        snprintf(error, size, "/bin/sh could not be started");
        return false;
    }
    /* A command that is wrong ends at once: that is said now, and not after a minute. */
    for (int64_t begun = play_now(p); play_now(p) - begun < READY_FOR_MS; nap_ms(PROBE_MS)) {
        if (is_ready(p)) {
            set_up(p, true);
            return true;
        }
        if (atomic_load(&p->interrupted))
            break;
        if (process_ended(&n->server)) {
            if (!p->options.database) {
                snprintf(error, size, "the command of --start ended before it was ready%s",
                         p->options.output ? "; --output has what it said"
                                           : "; --output FILE keeps what it says");
                return false;
            }
            nap_ms(200); /* the database is not there yet */
            if (process_ended(&n->database) && !start_database(p))
                break;
            if (!start_server(p))
                break;
        }
    }
    snprintf(error, size, "GET /readyz at %s did not become 200 in %d s", p->options.url,
             READY_FOR_MS / 1000);
    return false;
}

static void kill_server(struct play *p)
{
    struct nemesis *n = &p->nemesis;
    int64_t took = 0;
    set_up(p, false);
    process_kill(&n->server);
    atomic_fetch_add(&n->kills, 1);
    tell_fault(p, DAY_KILL_SERVER, "kill -9 of the system");
    if (!start_server(p) || !await_ready(p, &took)) {
        tell_chapter(p, "The system did not come back in %d s.", READY_FOR_MS / 1000);
        return;
    }
    day_event(&p->day, &(struct day_event){.at = play_now(p), .fault = DAY_READY, .took = took});
    set_up(p, true);
}

static void kill_database(struct play *p)
{
    struct nemesis *n = &p->nemesis;
    int64_t took = 0;
    process_kill(&n->database);
    atomic_fetch_add(&n->database_kills, 1);
    tell_fault(p, DAY_KILL_DATABASE, "kill -9 of the database");
    int64_t at = play_now(p);
    if (!start_database(p) || !await_ready(p, &took)) {
        tell_chapter(p, "The database did not come back in %d s.", READY_FOR_MS / 1000);
        return;
    }
    tell_chapter(p, "The system answered again %lld ms after the database was started.",
                 (long long)(play_now(p) - at));
}

/* What ends by itself between two kills. */
static void look_after(struct play *p)
{
    struct nemesis *n = &p->nemesis;
    int64_t took;
    if (!p->options.start || !process_ended(&n->server))
        return;
    n->ended_alone++;
    set_up(p, false);
    tell_chapter(p, "The system ended by itself and was started again.");
    if (start_server(p) && await_ready(p, &took))
        set_up(p, true);
}

static void live_on(struct play *p, int64_t until)
{
    while (play_now(p) < until && !atomic_load(&p->interrupted)) {
        int64_t left = until - play_now(p);
        nap_ms(left < 10 ? left : 10);
        look_after(p);
    }
}

void *nemesis_run(void *play)
{
    struct play *p = play;
    struct dice d;
    dice_init(&d, p->options.seed, 1000003);
    int64_t from = p->options.length_ms / 10, to = p->options.length_ms * 17 / 20;
    int rounds = p->options.kills * (p->options.database ? 2 : 1);
    live_on(p, from);
    for (int i = 0; i < rounds && !atomic_load(&p->interrupted); i++) {
        int64_t share = (to - from) / rounds;
        int64_t due = from + i * share + dice(&d, share + 1);
        int64_t least = play_now(p) + LIVES_LEAST_MS + dice(&d, LIVES_MORE_MS);
        live_on(p, due > least ? due : least);
        if (p->options.database && i % 2)
            kill_database(p);
        else
            kill_server(p);
    }
    atomic_store(&p->kills_done, true);
    while (p->options.start && !atomic_load(&p->over)) {
        nap_ms(50);
        look_after(p);
    }
    return NULL;
}

bool nemesis_settle(struct play *p)
{
    int64_t took;
    bool ready = await_ready(p, &took);
    set_up(p, ready);
    return ready;
}

void nemesis_end(struct play *p)
{
    process_stop(&p->nemesis.server, SIGTERM, STOP_MS);
    process_stop(&p->nemesis.database, SIGINT, STOP_MS);
}
