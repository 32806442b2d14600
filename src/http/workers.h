/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * workers: a bounded pool of threads that run exchanges, and the two queues between them and the
 * I/O thread. An exchange belongs to whoever took it last: submitted, it is a worker's; taken back
 * by workers_done_list(), it is the I/O thread's again.
 */
#ifndef CAREOPS_HTTP_WORKERS_H
#define CAREOPS_HTTP_WORKERS_H

#include "http/request.h"

struct connection;

/* One request, its memory and its connection. */
struct exchange {
    struct request rq;
    struct arena arena;
    struct buf head; /* the request's, into which rq points */
    struct buf body;
    struct buf response_head;
    struct connection *connection; /* I/O thread only */
    struct exchange *next;         /* in a queue or in the free list */
};

struct workers;

struct workers_config {
    int threads;
    int queue_max;
    bool yields; /* its threads give way to the others' where there are not cores enough */
    void (*run)(void *self, struct request *rq); /* on a worker */
    void (*wake)(void *wake_self);               /* on a worker, when something is done */
    void *self;
    void *wake_self;
};

/* NULL when no thread can be started. */
struct workers *workers_new(const struct workers_config *config);
/* False when the queue is full; the exchange stays the caller's then. */
bool workers_submit(struct workers *w, struct exchange *x) must_check;
/* All that is done, as a list; NULL when nothing is. */
struct exchange *workers_done_list(struct workers *w);
/* Waits until what was submitted is done, and ends the threads. */
void workers_free(struct workers *w);

#endif
