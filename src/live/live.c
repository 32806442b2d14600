/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * live: the feeder. Owns the thread and how far the rows have been read.
 *
 * A round is one snapshot: the new rows, who listens, what each of them hears. It is put together
 * in memory, since a view may run again, and goes out when the view is over.
 */
#include "live/internal.h"

#include "account/account.h"
#include "base/app.h"
#include "base/log.h"
#include "http/stream.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum {
    ROWS_A_ROUND = 200,
    HEARD_MAX = STREAM_BACKLOG / 2, /* of one stream in one round; past it they load again */
    FULL = STREAM_BACKLOG / 2,      /* with so much waiting they are told nothing more */
    ROUND_BYTES = 8 * 1024 * 1024,  /* of memory; who is left then is told in the next round */
};

struct live {
    const struct app *app;
    pthread_t thread;
    struct position at; /* read and told up to here; the thread's own, as the rest */
    struct answering answering;
    bool placed; /* `at` is kept up to date, since somebody listens */
    bool failing;
};

/* One stream's part of a round. */
struct turn {
    struct stream *stream;
    struct seat *seat;
    struct position at, own;
    struct actor actor;
    bool full;  /* too much waits for them */
    bool lags;  /* there is more to catch up with */
    bool waits; /* for the next round, since this one is full */
    bool checked, ends;
    struct buf heard;
};

struct round {
    struct live *live;
    struct arena *arena;
    struct problem problem;
    int64_t now_s, now_ms;
    struct turn *turns;
    size_t turn_count;
    struct position at; /* after it */
    bool more;          /* there is more to tell at once */
};

static struct work work_of(struct round *r, struct db_tx *tx, const struct turn *t)
{
    return (struct work){
        .arena = r->arena,
        .tx = tx,
        .env = r->live->app->env,
        .app = r->live->app,
        .problem = &r->problem,
        .now_s = r->now_s,
        .actor = t->actor,
    };
}

/* ---- who listens ---- */

/* As any request of theirs would be judged now. */
static enum result identify(struct round *r, struct db_tx *tx, struct turn *t)
{
    struct seat *seat = t->seat;
    struct request rq = {0};
    struct work w = work_of(r, tx, t);
    request_open(&rq, r->arena, w.env);
    rq.method = HTTP_GET_;
    rq.route = live_table.routes; /* what a token may read is asked of its route */
    if (seat->cookie_len)
        rq.headers[rq.header_count++] =
            (struct header){STR("Cookie"), {seat->credentials, seat->cookie_len}};
    if (seat->bearer_len)
        rq.headers[rq.header_count++] = (struct header){
            STR("Authorization"), {seat->credentials + seat->cookie_len, seat->bearer_len}};
    struct db_reach before = db_across(tx, "whoever listens is found by a secret alone");
    enum result res = account_identify(w.app->account, &rq, &w);
    db_back(tx, before);
    request_close(&rq);
    if (res != OK)
        return res;
    t->actor = w.actor;
    t->actor.name = (struct str){0};
    t->checked = true;
    t->ends = (w.actor.kind != ACTOR_OWNER && w.actor.kind != ACTOR_STAFF) ||
              w.actor.workspace_id != seat->workspace_id || w.actor.must_change_password ||
              w.actor.must_set_up_two_factor;
    return OK;
}

static bool concerns(const struct change *changes, size_t count, int64_t workspace_id)
{
    for (size_t i = 0; i < count; i++)
        if (changes[i].workspace_id == workspace_id)
            return true;
    return false;
}

/* ---- what they hear ---- */

static struct position shown(const struct round *r, const struct turn *t)
{
    return position_shown(t->at, t->own, db_engine_of(r->live->app->db));
}

static enum result tell(struct round *r, struct db_tx *tx, struct turn *t,
                        const struct change *changes, size_t count)
{
    struct work w = work_of(r, tx, t);
    enum result res = OK;
    for (size_t i = 0; res == OK && i < count; i++) {
        const struct change *c = &changes[i];
        if (c->workspace_id != t->seat->workspace_id || position_compare(c->at, t->at) <= 0)
            continue;
        res = event_tell(&w, c, &t->heard);
        t->at = t->own = c->at;
    }
    return res;
}

/* What happened between where they were and where we are. */
static enum result catch_up(struct round *r, struct db_tx *tx, struct turn *t,
                            struct position until)
{
    struct change *missed = NULL;
    size_t count = 0;
    struct work w = work_of(r, tx, t);
    bool behind = position_compare(t->at, until) < 0, reset = t->seat->reset;
    enum result res = OK;
    if (!t->seat->greeted)
        buf_printf(&t->heard, "retry: %d\n\n", LIVE_RETRY_MS);
    if (behind && !reset && !t->seat->greeted)
        res = feed_is_long(&w, t->at, &reset);
    if (res == OK && behind && !reset)
        res = feed_between(&w, t->at, until, LIVE_RESUME_ROWS + 1, &missed, &count);
    if (res != OK)
        return res;
    /* Who listens all the time but read slowly has it page by page. */
    if (count > LIVE_RESUME_ROWS && t->seat->greeted) {
        count = LIVE_RESUME_ROWS;
        t->lags = true;
    }
    if (reset || count > LIVE_RESUME_ROWS) {
        if (behind)
            t->at = until;
        event_reset(shown(r, t), r->now_s, &t->heard);
        return OK;
    }
    res = tell(r, tx, t, missed, count);
    if (res == OK && !t->seat->greeted && count == 0)
        event_heartbeat(shown(r, t), &t->heard); /* a client knows where it is from the beginning */
    return res;
}

static enum result take_turn(struct round *r, struct db_tx *tx, struct turn *t,
                             struct position before, const struct change *changes, size_t count)
{
    struct seat *seat = t->seat;
    const struct answering *answering = &r->live->answering;
    bool writing = answering_concerns(answering, seat->workspace_id);
    bool news = concerns(changes, count, seat->workspace_id);
    enum result res = OK;
    t->actor = seat->actor;
    t->at = seat->at;
    t->own = seat->own;
    t->checked = t->ends = t->lags = t->waits = false;
    buf_reset(&t->heard);
    if (!seat->greeted || news || writing || r->now_ms - seat->checked_ms >= LIVE_CHECK_MS)
        res = identify(r, tx, t);
    t->waits = (seat->behind || news) && r->arena->used > ROUND_BYTES;
    if (res != OK || t->ends || t->full || t->waits)
        return res;
    db_tenant(tx, seat->workspace_id);
    if (seat->behind)
        res = catch_up(r, tx, t, before);
    if (res != OK || t->lags)
        return res;
    if (news)
        res = tell(r, tx, t, changes, count);
    if (res == OK && writing) {
        struct work w = work_of(r, tx, t);
        res = answering_tell(&w, answering, &t->heard);
    }
    if (position_compare(t->at, r->at) < 0)
        t->at = r->at;
    return res;
}

/* A db_fn: may run again, so it fills everything anew. */
static enum result read_round(struct db_tx *tx, void *arg)
{
    struct round *r = arg;
    struct position before = r->live->at;
    struct change *changes = NULL;
    size_t count = 0;
    enum result res = OK;
    struct db_reach before_all = db_across(tx, "one reader for every business's listeners");
    if (!r->live->placed)
        res = feed_now(tx, r->live->app->env, &before);
    if (res == OK)
        res = feed_since(tx, r->arena, before, ROWS_A_ROUND, &changes, &count);
    if (res == OK)
        res = answering_look(&r->live->answering, tx, r->arena, r->now_s);
    db_back(tx, before_all);
    if (res != OK)
        return res;
    r->at = count ? changes[count - 1].at : before;
    r->more = count == ROWS_A_ROUND;
    for (size_t i = 0; res == OK && i < r->turn_count; i++)
        res = take_turn(r, tx, &r->turns[i], before, changes, count);
    return res;
}

/* ---- the thread ---- */

/* Whether they have left too much unread for too long. */
static bool is_stuck(const struct round *r, const struct turn *t)
{
    struct seat *seat = t->seat;
    if (!t->full)
        seat->full_ms = 0;
    else if (seat->full_ms == 0)
        seat->full_ms = r->now_ms;
    return t->full && r->now_ms - seat->full_ms >= LIVE_SLOW_MS;
}

/* What a turn came to goes out. */
static void give(const struct round *r, struct turn *t)
{
    struct seat *seat = t->seat;
    bool stuck = is_stuck(r, t);
    if (t->ends || stuck) {
        stream_end(t->stream, stuck && !t->ends);
        return;
    }
    if (t->checked) {
        seat->actor = t->actor;
        seat->checked_ms = r->now_ms;
    }
    seat->behind = t->full || t->lags || t->waits;
    if (t->full || t->waits)
        return;
    seat->greeted = true;
    seat->reset = false;
    seat->at = t->at;
    seat->own = t->own;
    if (t->heard.overflow) {
        buf_reset(&t->heard);
        event_reset(shown(r, t), r->now_s, &t->heard);
    } else if (t->heard.len == 0 && r->now_ms - seat->sent_ms >= LIVE_HEARTBEAT_MS) {
        event_heartbeat(shown(r, t), &t->heard);
    }
    if (t->heard.len == 0)
        return;
    seat->sent_ms = r->now_ms;
    if (!stream_send(t->stream, buf_view(&t->heard)))
        stream_end(t->stream, true);
}

/* The database is away: nobody is judged and nothing is told, but the streams stay. */
static void keep_alive(const struct round *r)
{
    for (size_t i = 0; i < r->turn_count; i++) {
        struct turn *t = &r->turns[i];
        if (r->now_ms - t->seat->sent_ms < LIVE_HEARTBEAT_MS)
            continue;
        t->seat->sent_ms = r->now_ms;
        (void)stream_send(t->stream, STR(": still here\n\n"));
    }
}

static void collect(struct round *r, struct streams *streams)
{
    for (struct stream *s = streams_first(streams); s; s = stream_next(s))
        r->turn_count++;
    r->turns = arena_new_array(r->arena, r->turn_count + 1, struct turn);
    size_t i = 0;
    for (struct stream *s = r->turn_count ? streams_first(streams) : NULL; s && i < r->turn_count;
         s = stream_next(s), i++) {
        r->turns[i] =
            (struct turn){.stream = s, .seat = stream_seat(s), .full = stream_waiting(s) > FULL};
        buf_init(&r->turns[i].heard, HEARD_MAX);
    }
    r->turn_count = i;
}

/* True where there is more to read at once. */
static bool go_round(struct live *l)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct round r = {
        .live = l,
        .arena = &arena,
        .now_s = env_now_s(l->app->env),
        .now_ms = env_mono_ms(l->app->env),
    };
    collect(&r, l->app->streams);
    bool listened = r.turn_count > 0;
    enum result res =
        listened ? db_view(l->app->db, &arena, &r.problem, read_round, &r) : NOT_FOUND;
    if (res == OK) {
        answering_keep(&l->answering);
        l->at = r.at;
        for (size_t i = 0; i < r.turn_count; i++) {
            give(&r, &r.turns[i]);
            r.more = r.more || r.turns[i].lags || r.turns[i].waits;
        }
    } else if (listened) {
        if (!l->failing)
            log_event(LOG_WARN, "events cannot be read", "s:code", r.problem.code, NULL);
        keep_alive(&r);
    }
    l->failing = listened && res != OK;
    l->placed = res == OK || (listened && l->placed);
    for (size_t i = 0; i < r.turn_count; i++)
        buf_done(&r.turns[i].heard);
    if (listened)
        streams_flush(l->app->streams);
    arena_done(&arena);
    return res == OK && r.more;
}

static void *run(void *arg)
{
    struct live *l = arg;
    bool more = false;
    while (streams_wait(l->app->streams, more ? 0 : LIVE_PAUSE_MS, more ? 0 : LIVE_POLL_MS))
        more = go_round(l);
    return NULL;
}

struct live *live_start(const struct app *app)
{
    struct live *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    l->app = app;
    /* Signals are for the thread that the program gave them to. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int r = pthread_create(&l->thread, NULL, run, l);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (r != 0)
        abort(); /* at start: no threads */
    pthread_setname_np(l->thread, "live");
    return l;
}

void live_stop(struct live *l)
{
    if (!l)
        return;
    streams_stop(l->app->streams);
    pthread_join(l->thread, NULL);
    free(l);
}
