/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * courier: the common half of the smtp and resend providers: a few lanes, each a thread with one
 * libcurl handle, so that several deliveries are under way at once.
 *
 * Not libcurl's multi interface: its SMTP waits in a blocking loop for the answer to the final dot
 * (and to QUIT), so one server that hangs there would stop every other delivery. The provider fills
 * a delivery's handle and, when the transfer has ended, says what the outcome was; what both need
 * alike (deadline, certificates, no proxy, no redirect, a limit on what the other side may say) is
 * set here. All functions belong to the provider's thread but `settle`, which a lane calls.
 */
#ifndef CAREOPS_MAIL_COURIER_H
#define CAREOPS_MAIL_COURIER_H

#include "mail/mail.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>

enum { COURIER_ANSWER_MAX = 64 * 1024, LANE_SOCKETS_MAX = 8 };

enum lane_state {
    LANE_FREE,      /* the provider's thread may fill it */
    LANE_UNDER_WAY, /* the lane's thread has it */
    LANE_SETTLED,   /* the result waits to be polled */
};

/* One message on its way. Belongs to the provider's thread, and to the lane's while LANE_UNDER_WAY.
 */
struct delivery {
    uint64_t ticket;
    CURL *easy;              /* kept, with its connection, for the next delivery */
    struct curl_slist *list; /* HTTP headers or the SMTP recipient */
    struct buf body;         /* what is sent */
    size_t body_sent;        /* bytes handed to libcurl */
    bool body_ended;         /* libcurl was told that there is no more */
    struct buf answer;
    size_t answered;      /* bytes received, headers included */
    int stage;            /* smtp: how far the conversation went */
    bool by_resend;       /* own.c: which of the two it is */
    bool refused_address; /* own.c: what the host's name led to is not to be reached */
    struct mail_result result;
};

struct lane {
    struct courier *courier;
    pthread_t thread;
    bool started;
    pthread_cond_t wake;
    enum lane_state state; /* under courier->lock */
    struct delivery delivery;
    curl_socket_t
        sockets[LANE_SOCKETS_MAX]; /* open ones, so that closing need not wait for the other side */
};

struct courier {
    pthread_mutex_t lock; /* guards the lanes' states; nothing else is locked under it */
    atomic_bool stopping;
    int done_fd; /* eventfd: a lane has settled */
    struct lane lanes[MAIL_CAPACITY];
    char *ca_file; /* NULL: the system's alone */
    int timeout_ms;
    /* What the end of a transfer means; fills `ret`. Runs on a lane. */
    void (*settle)(const struct delivery *d, CURLcode code, struct mail_result *ret);
};

/* False without memory, descriptors or threads; `courier_done` is due in either case. `ca_file` is
 * copied. */
bool courier_init(struct courier *c, const char *ca_file, int timeout_ms,
                  void (*settle)(const struct delivery *, CURLcode,
                                 struct mail_result *)) must_check;
/* Cuts off what is under way (within about a second) and ends the threads. */
void courier_done(struct courier *c);

/* A free delivery, emptied, its easy handle set up with what is common. Asserts that there is one.
 */
struct delivery *courier_take(struct courier *c, uint64_t ticket);
/* Hands it to its lane. */
void courier_start(struct courier *c, struct delivery *d);
/* Ends it before it began. */
void courier_settle(struct courier *c, struct delivery *d, enum mail_outcome outcome,
                    const char *error);

/* For a host that is a stranger's word: nothing but public addresses (mail_address_public). */
void courier_public_only(struct delivery *d);

size_t courier_poll(struct courier *c, int wait_ms, int wake_fd, struct mail_done *ret, size_t max);

#endif
