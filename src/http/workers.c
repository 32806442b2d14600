/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* workers: threads and queues. Owns the threads, never the exchanges. See workers.h. */
#include "http/workers.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* A tenth of the share that a thread has by default. */
enum { THREADS_MAX = 256, YIELDING_NICE = 10 };

struct queue {
    struct exchange *first;
    struct exchange **end;
    int length;
};

struct workers {
    struct workers_config config;
    /* One lock for both queues, held for a few instructions and never together with another. */
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct queue todo;
    struct queue done;
    bool stopping;
    int running;
    pthread_t threads[THREADS_MAX];
};

static void push(struct queue *q, struct exchange *x)
{
    x->next = NULL;
    *q->end = x;
    q->end = &x->next;
    q->length++;
}

static struct exchange *pop(struct queue *q)
{
    struct exchange *x = q->first;
    q->first = x->next;
    if (!q->first)
        q->end = &q->first;
    q->length--;
    x->next = NULL;
    return x;
}

static void *worker(void *arg)
{
    struct workers *w = arg;
    if (w->config.yields) /* on Linux a thread's own; where it is not allowed, they are all equal */
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(), YIELDING_NICE);
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (!w->todo.first && !w->stopping)
            pthread_cond_wait(&w->more, &w->lock);
        if (!w->todo.first)
            break;
        struct exchange *x = pop(&w->todo);
        pthread_mutex_unlock(&w->lock);
        w->config.run(w->config.self, &x->rq);
        pthread_mutex_lock(&w->lock);
        push(&w->done, x);
        bool first = w->done.length == 1;
        pthread_mutex_unlock(&w->lock);
        /* Whoever takes the list takes all of it, so one call is enough for a full list. */
        if (first)
            w->config.wake(w->config.wake_self);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct workers *workers_new(const struct workers_config *config)
{
    struct workers *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->config = *config;
    w->todo.end = &w->todo.first;
    w->done.end = &w->done.first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->more, NULL);
    int wanted = config->threads < THREADS_MAX ? config->threads : THREADS_MAX;
    while (w->running < wanted && pthread_create(&w->threads[w->running], NULL, worker, w) == 0) {
        pthread_setname_np(w->threads[w->running], "http-worker");
        w->running++;
    }
    if (w->running == 0) {
        workers_free(w);
        return NULL;
    }
    return w;
}

bool workers_submit(struct workers *w, struct exchange *x)
{
    pthread_mutex_lock(&w->lock);
    bool room = w->todo.length < w->config.queue_max;
    if (room)
        push(&w->todo, x);
    pthread_mutex_unlock(&w->lock);
    if (room)
        pthread_cond_signal(&w->more);
    return room;
}

struct exchange *workers_done_list(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    struct exchange *list = w->done.first;
    w->done = (struct queue){.end = &w->done.first};
    pthread_mutex_unlock(&w->lock);
    return list;
}

void workers_free(struct workers *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_mutex_unlock(&w->lock);
    pthread_cond_broadcast(&w->more);
    for (int i = 0; i < w->running; i++)
        pthread_join(w->threads[i], NULL);
    pthread_cond_destroy(&w->more);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
