/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* idle_pool: a stack of numbers under a mutex. See idle_pool.h. */
#include "db/idle_pool.h"

#include <stdlib.h>
#include <time.h>

enum { NS_PER_S = 1000000000, NS_PER_MS = 1000000, MS_PER_S = 1000 };

void idle_pool_init(struct idle_pool *p, size_t n)
{
    pthread_condattr_t monotonic;
    p->idle = calloc(n, sizeof *p->idle);
    if (!p->idle)
        abort();
    for (p->count = 0; p->count < n; p->count++)
        p->idle[p->count] = n - 1 - p->count;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->given, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void idle_pool_done(struct idle_pool *p)
{
    pthread_cond_destroy(&p->given);
    pthread_mutex_destroy(&p->lock);
    free(p->idle);
    p->idle = NULL;
}

static struct timespec after_ms(int wait_ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += wait_ms / MS_PER_S;
    t.tv_nsec += (long)(wait_ms % MS_PER_S) * NS_PER_MS;
    if (t.tv_nsec >= NS_PER_S) {
        t.tv_sec++;
        t.tv_nsec -= NS_PER_S;
    }
    return t;
}

bool idle_pool_take(struct idle_pool *p, int wait_ms, size_t *ret)
{
    struct timespec until = after_ms(wait_ms);
    int waited = 0;
    pthread_mutex_lock(&p->lock);
    while (p->count == 0 && waited == 0)
        waited = pthread_cond_timedwait(&p->given, &p->lock, &until);
    bool got = p->count > 0;
    if (got)
        *ret = p->idle[--p->count];
    pthread_mutex_unlock(&p->lock);
    return got;
}

void idle_pool_give(struct idle_pool *p, size_t number)
{
    pthread_mutex_lock(&p->lock);
    p->idle[p->count++] = number;
    pthread_cond_signal(&p->given);
    pthread_mutex_unlock(&p->lock);
}
