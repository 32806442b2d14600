/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stream: the list of open streams and their waiting bytes. See stream.h. */
#include "http/stream.h"

#include "http/request.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

static const int64_t NS_PER_MS = 1000000, NS_PER_S = 1000000000;

struct stream {
    struct streams *home;
    struct stream
        *next; /* changed under the lock; read without it by the feeder, its only changer */
    struct stream_holder holder;
    void *seat;     /* the feeder's */
    struct buf out; /* this and the rest under the lock */
    bool over;      /* nothing more goes in */
    bool gone;      /* the I/O thread has let go */
};

struct streams {
    pthread_mutex_t lock;
    pthread_cond_t news;
    struct stream *open;    /* the feeder adds and removes */
    struct stream *joining; /* opened since it last looked */
    bool woken, stopping;
    struct streams_stats stats;
    _Atomic int64_t count; /* stats.open, for whoever only wants to know whether there is one */
    atomic_bool flushed;
    void (*wake)(void *self);
    void *wake_self;
};

struct streams *streams_new(void)
{
    struct streams *s = calloc(1, sizeof *s);
    pthread_condattr_t attributes;
    if (!s)
        abort(); /* at start: no memory for the first things */
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&s->news, &attributes);
    pthread_condattr_destroy(&attributes);
    return s;
}

static void free_stream(struct stream *stream)
{
    buf_done(&stream->out);
    free(stream->seat);
    free(stream);
}

static void free_list(struct stream *list)
{
    for (struct stream *next; list; list = next) {
        next = list->next;
        free_stream(list);
    }
}

void streams_free(struct streams *s)
{
    if (!s)
        return;
    free_list(s->open);
    free_list(s->joining);
    pthread_cond_destroy(&s->news);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* ---- a worker ---- */

static int held_in(const struct stream *list, const struct stream_holder *holder)
{
    int n = 0;
    for (const struct stream *x = list; x; x = x->next)
        n += !x->gone && !x->over && x->holder.workspace_id == holder->workspace_id &&
             x->holder.user_id == holder->user_id && x->holder.session_id == holder->session_id;
    return n;
}

static enum result refuse(struct problem *p, bool all)
{
    p->status = all ? 503 : 429;
    p->retry_after_s = 30;
    return problem_set(p, BUSY, "too_many_streams", "%s",
                       all ? "Too many event streams are open. Try again later."
                           : "You have too many event streams open. Close one first.");
}

enum result streams_open(struct streams *s, struct problem *p, struct stream_holder holder,
                         void *seat, struct stream **ret)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        abort();
    *stream = (struct stream){.home = s, .holder = holder, .seat = seat};
    buf_init(&stream->out, STREAM_BACKLOG);
    pthread_mutex_lock(&s->lock);
    bool all = s->stopping || s->stats.open >= STREAMS_MAX;
    bool room =
        !all && held_in(s->open, &holder) + held_in(s->joining, &holder) < STREAMS_PER_HOLDER;
    if (room) {
        stream->next = s->joining;
        s->joining = stream;
        s->stats.open++;
        s->stats.opened++;
        atomic_store(&s->count, s->stats.open);
        s->woken = true;
        pthread_cond_signal(&s->news);
    } else {
        s->stats.refused++;
    }
    pthread_mutex_unlock(&s->lock);
    if (!room) {
        free_stream(stream);
        return refuse(p, all);
    }
    *ret = stream;
    return OK;
}

void answer_stream(struct request *rq, struct stream *stream)
{
    rq->status = 200;
    rq->stream = stream;
    answer_header(rq, "Content-Type", STR("text/event-stream; charset=utf-8"));
    /* A proxy that gathers an answer before it passes it on would never pass this one on. */
    answer_header(rq, "X-Accel-Buffering", STR("no"));
}

/* ---- any thread ---- */

void streams_wake(void *streams)
{
    struct streams *s = streams;
    if (!s || atomic_load(&s->count) == 0)
        return;
    pthread_mutex_lock(&s->lock);
    s->woken = true;
    pthread_cond_signal(&s->news);
    pthread_mutex_unlock(&s->lock);
}

void streams_stop(struct streams *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->news);
    pthread_mutex_unlock(&s->lock);
}

void streams_stats(struct streams *s, struct streams_stats *ret)
{
    pthread_mutex_lock(&s->lock);
    *ret = s->stats;
    pthread_mutex_unlock(&s->lock);
}

/* ---- the feeder ---- */

static struct timespec after_ms(int ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t ns = t.tv_nsec + ms * NS_PER_MS;
    t.tv_sec += ns / NS_PER_S;
    t.tv_nsec = ns % NS_PER_S;
    return t;
}

/* Until woken (where it may be), stopped or the time is over. */
static void sleep_until(struct streams *s, const struct timespec *end, bool wakes)
{
    int r = 0;
    while (r == 0 && !s->stopping && !(wakes && s->woken))
        r = pthread_cond_timedwait(&s->news, &s->lock, end);
}

bool streams_wait(struct streams *s, int least_ms, int most_ms)
{
    struct timespec least = after_ms(least_ms), most = after_ms(most_ms);
    pthread_mutex_lock(&s->lock);
    sleep_until(s, &least, false);
    while (s->stats.open == 0 && !s->stopping)
        pthread_cond_wait(&s->news, &s->lock);
    sleep_until(s, &most, true);
    s->woken = false;
    bool goes_on = !s->stopping;
    pthread_mutex_unlock(&s->lock);
    return goes_on;
}

struct stream *streams_first(struct streams *s)
{
    struct stream *dead = NULL;
    pthread_mutex_lock(&s->lock);
    while (s->joining) {
        struct stream *x = s->joining;
        s->joining = x->next;
        x->next = s->open;
        s->open = x;
    }
    for (struct stream **at = &s->open; *at;) {
        struct stream *x = *at;
        if (x->gone) {
            *at = x->next;
            x->next = dead;
            dead = x;
        } else {
            at = &x->next;
        }
    }
    pthread_mutex_unlock(&s->lock);
    free_list(dead);
    return s->open;
}

struct stream *stream_next(struct stream *stream)
{
    return stream->next;
}

void *stream_seat(struct stream *stream)
{
    return stream->seat;
}

bool stream_send(struct stream *stream, struct str bytes)
{
    struct streams *s = stream->home;
    pthread_mutex_lock(&s->lock);
    bool open = !stream->over && !stream->gone;
    if (open)
        buf_str(&stream->out, bytes);
    if (open && stream->out.overflow) {
        stream->over = true;
        s->stats.too_slow++;
        open = false;
    }
    pthread_mutex_unlock(&s->lock);
    return open;
}

size_t stream_waiting(struct stream *stream)
{
    struct streams *s = stream->home;
    pthread_mutex_lock(&s->lock);
    size_t waiting = stream->out.len;
    pthread_mutex_unlock(&s->lock);
    return waiting;
}

void stream_end(struct stream *stream, bool slow)
{
    struct streams *s = stream->home;
    pthread_mutex_lock(&s->lock);
    s->stats.too_slow += slow && !stream->over;
    stream->over = true;
    buf_reset(&stream->out);
    pthread_mutex_unlock(&s->lock);
}

void streams_flush(struct streams *s)
{
    atomic_store(&s->flushed, true);
    if (s->wake)
        s->wake(s->wake_self);
}

/* ---- the I/O thread ---- */

void streams_attach(struct streams *s, void (*wake)(void *self), void *self)
{
    s->wake = wake;
    s->wake_self = self;
}

bool streams_flushed(struct streams *s)
{
    return atomic_exchange(&s->flushed, false);
}

bool stream_take(struct stream *stream, struct buf *into)
{
    struct streams *s = stream->home;
    assert(into->len == 0);
    pthread_mutex_lock(&s->lock);
    struct buf taken = stream->out;
    stream->out = *into;
    *into = taken;
    bool over = stream->over;
    pthread_mutex_unlock(&s->lock);
    return over;
}

bool stream_is_over(struct stream *stream)
{
    struct streams *s = stream->home;
    pthread_mutex_lock(&s->lock);
    bool over = stream->over;
    pthread_mutex_unlock(&s->lock);
    return over;
}

void stream_gone(struct stream *stream)
{
    struct streams *s = stream->home;
    pthread_mutex_lock(&s->lock);
    stream->gone = true;
    s->stats.open--;
    atomic_store(&s->count, s->stats.open);
    pthread_mutex_unlock(&s->lock);
}
