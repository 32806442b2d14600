/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* courier: lanes of libcurl transfers for the mail providers. See courier.h. */
#include "mail/courier.h"

#include "mail/provider.h"

#include <assert.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- a lane's thread ---- */

static void signal_done(struct courier *c)
{
    uint64_t one = 1;
    ssize_t n = write(c->done_fd, &one, sizeof one);
    (void)n; /* it can only fail when it is raised already */
}

static void *run_lane(void *arg)
{
    struct lane *lane = arg;
    struct courier *c = lane->courier;
    pthread_mutex_lock(&c->lock);
    for (;;) {
        while (lane->state != LANE_UNDER_WAY && !atomic_load(&c->stopping))
            pthread_cond_wait(&lane->wake, &c->lock);
        if (atomic_load(&c->stopping))
            break;
        pthread_mutex_unlock(&c->lock);

        CURLcode code = curl_easy_perform(lane->delivery.easy);
        c->settle(&lane->delivery, code, &lane->delivery.result);

        pthread_mutex_lock(&c->lock);
        lane->state = LANE_SETTLED;
        signal_done(c);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

static bool start_lane(struct lane *lane)
{
    /* Signals are for the thread that the program gave them to. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    lane->started = pthread_create(&lane->thread, NULL, run_lane, lane) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return lane->started;
}

/* ---- life ---- */

static void init_lane(struct courier *c, struct lane *lane)
{
    lane->courier = c;
    pthread_cond_init(&lane->wake, NULL);
    buf_init(&lane->delivery.body, 2 * MAIL_SIZE_MAX);
    buf_init(&lane->delivery.answer, COURIER_ANSWER_MAX);
    lane->delivery.easy = curl_easy_init();
    for (size_t i = 0; i < LANE_SOCKETS_MAX; i++)
        lane->sockets[i] = CURL_SOCKET_BAD;
}

bool courier_init(struct courier *c, const char *ca_file, int timeout_ms,
                  void (*settle)(const struct delivery *, CURLcode, struct mail_result *))
{
    *c = (struct courier){.timeout_ms = timeout_ms, .settle = settle};
    pthread_mutex_init(&c->lock, NULL);
    c->ca_file = ca_file ? strdup(ca_file) : NULL;
    c->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    for (size_t i = 0; i < MAIL_CAPACITY; i++)
        init_lane(c, &c->lanes[i]);
    if (c->done_fd < 0 || (ca_file && !c->ca_file))
        return false;
    for (size_t i = 0; i < MAIL_CAPACITY; i++)
        if (!c->lanes[i].delivery.easy || !start_lane(&c->lanes[i]))
            return false;
    return true;
}

static void close_lane(struct lane *lane)
{
    /* libcurl would say QUIT on a kept connection and wait for the answer, however long it takes.
     */
    for (size_t i = 0; i < LANE_SOCKETS_MAX; i++)
        if (lane->sockets[i] != CURL_SOCKET_BAD)
            shutdown(lane->sockets[i], SHUT_RDWR);
    curl_easy_cleanup(lane->delivery.easy);
    curl_slist_free_all(lane->delivery.list);
    buf_done(&lane->delivery.body);
    buf_done(&lane->delivery.answer);
    pthread_cond_destroy(&lane->wake);
}

void courier_done(struct courier *c)
{
    pthread_mutex_lock(&c->lock);
    atomic_store(&c->stopping, true);
    for (size_t i = 0; i < MAIL_CAPACITY; i++)
        pthread_cond_signal(&c->lanes[i].wake);
    pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < MAIL_CAPACITY; i++)
        if (c->lanes[i].started)
            pthread_join(c->lanes[i].thread, NULL);
    for (size_t i = 0; i < MAIL_CAPACITY; i++)
        close_lane(&c->lanes[i]);
    if (c->done_fd >= 0)
        close(c->done_fd);
    free(c->ca_file);
    pthread_mutex_destroy(&c->lock);
}

/* ---- what libcurl calls, on a lane ---- */

static int remember_socket(void *arg, curl_socket_t fd, curlsocktype purpose)
{
    (void)purpose;
    struct lane *lane = arg;
    for (size_t i = 0; i < LANE_SOCKETS_MAX; i++) {
        if (lane->sockets[i] == CURL_SOCKET_BAD) {
            lane->sockets[i] = fd;
            return CURL_SOCKOPT_OK;
        }
    }
    return CURL_SOCKOPT_ERROR;
}

static int forget_socket(void *arg, curl_socket_t fd)
{
    struct lane *lane = arg;
    for (size_t i = 0; i < LANE_SOCKETS_MAX; i++)
        if (lane->sockets[i] == fd)
            lane->sockets[i] = CURL_SOCKET_BAD;
    return close(fd);
}

/* libcurl asks at least once a second, also in its blocking loops. */
static int must_end(void *arg, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal,
                    curl_off_t ulnow)
{
    (void)dltotal;
    (void)dlnow;
    (void)ultotal;
    (void)ulnow;
    struct lane *lane = arg;
    return atomic_load(&lane->courier->stopping);
}

static bool within_answer_limit(struct delivery *d, size_t more)
{
    d->answered += more;
    return d->answered <= COURIER_ANSWER_MAX;
}

static size_t take_answer(char *data, size_t size, size_t count, void *arg)
{
    struct delivery *d = arg;
    if (!within_answer_limit(d, size * count))
        return 0;
    buf_add(&d->answer, data, size * count);
    return size * count;
}

static size_t take_header(char *data, size_t size, size_t count, void *arg)
{
    (void)data;
    return within_answer_limit(arg, size * count) ? size * count : 0;
}

/* Asked with the address itself, after the name was looked up: no answer of a name server between
 * a look and the connection can lead elsewhere. */
static curl_socket_t open_public(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct delivery *d = arg;
    if (!mail_address_public(&address->addr)) {
        d->refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void courier_public_only(struct delivery *d)
{
    curl_easy_setopt(d->easy, CURLOPT_OPENSOCKETFUNCTION, open_public);
    curl_easy_setopt(d->easy, CURLOPT_OPENSOCKETDATA, d);
}

/* ---- the provider's side ---- */

static void set_common(struct courier *c, struct lane *lane)
{
    CURL *easy = lane->delivery.easy;
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)c->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)c->timeout_ms);
    /* The deadline above does not hold while libcurl closes a connection; this one does. */
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(c->timeout_ms + 999) / 1000);
    curl_easy_setopt(easy, CURLOPT_MAXCONNECTS, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (c->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, c->ca_file);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &lane->delivery);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &lane->delivery);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, must_end);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, lane);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, remember_socket);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, lane);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, forget_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, lane);
}

struct delivery *courier_take(struct courier *c, uint64_t ticket)
{
    struct lane *lane = NULL;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < MAIL_CAPACITY && !lane; i++)
        if (c->lanes[i].state == LANE_FREE)
            lane = &c->lanes[i];
    pthread_mutex_unlock(&c->lock);
    assert(lane);

    struct delivery *d = &lane->delivery;
    curl_slist_free_all(d->list);
    buf_reset(&d->body);
    buf_reset(&d->answer);
    d->list = NULL;
    d->ticket = ticket;
    d->body_sent = 0;
    d->body_ended = false;
    d->answered = 0;
    d->stage = 0;
    d->by_resend = false;
    d->refused_address = false;
    d->result = (struct mail_result){0};
    set_common(c, lane);
    return d;
}

static struct lane *lane_of(struct courier *c, const struct delivery *d)
{
    for (size_t i = 0; i < MAIL_CAPACITY; i++)
        if (&c->lanes[i].delivery == d)
            return &c->lanes[i];
    abort(); /* it came from courier_take */
}

void courier_settle(struct courier *c, struct delivery *d, enum mail_outcome outcome,
                    const char *error)
{
    struct lane *lane = lane_of(c, d);
    mail_result_set(&d->result, outcome, "%s", error);
    pthread_mutex_lock(&c->lock);
    lane->state = LANE_SETTLED;
    pthread_mutex_unlock(&c->lock);
}

void courier_start(struct courier *c, struct delivery *d)
{
    if (d->body.overflow) {
        courier_settle(c, d, MAIL_REFUSED, "The message is too long.");
        return;
    }
    struct lane *lane = lane_of(c, d);
    pthread_mutex_lock(&c->lock);
    lane->state = LANE_UNDER_WAY;
    pthread_cond_signal(&lane->wake);
    pthread_mutex_unlock(&c->lock);
}

static size_t collect(struct courier *c, struct mail_done *ret, size_t max)
{
    size_t count = 0;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < MAIL_CAPACITY && count < max; i++) {
        struct lane *lane = &c->lanes[i];
        if (lane->state != LANE_SETTLED)
            continue;
        const struct delivery *d = &lane->delivery;
        ret[count++] = (struct mail_done){.ticket = d->ticket, .result = d->result};
        lane->state = LANE_FREE;
    }
    pthread_mutex_unlock(&c->lock);
    return count;
}

size_t courier_poll(struct courier *c, int wait_ms, int wake_fd, struct mail_done *ret, size_t max)
{
    size_t count = collect(c, ret, max);
    if (count > 0)
        return count;
    struct pollfd fds[] = {{.fd = c->done_fd, .events = POLLIN}, {.fd = wake_fd, .events = POLLIN}};
    poll(fds, 2, wait_ms);
    uint64_t raised;
    ssize_t n = read(c->done_fd, &raised, sizeof raised);
    (void)n; /* nothing to read is fine */
    return collect(c, ret, max);
}
