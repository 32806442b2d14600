/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * idle_pool: hands out the numbers 0 … n-1 of an engine's connections, last in, first out, so that
 * the warm ones are used. Any thread. A holder gives back what it took.
 */
#ifndef CAREOPS_DB_IDLE_POOL_H
#define CAREOPS_DB_IDLE_POOL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct idle_pool {
    /* Guards what stands below; nothing else is locked while it is held. */
    pthread_mutex_t lock;
    pthread_cond_t given;
    size_t *idle;
    size_t count;
};

void idle_pool_init(struct idle_pool *p, size_t n);
void idle_pool_done(struct idle_pool *p);
/* False when none came back within wait_ms. */
bool idle_pool_take(struct idle_pool *p, int wait_ms, size_t *ret);
void idle_pool_give(struct idle_pool *p, size_t number);

#endif
