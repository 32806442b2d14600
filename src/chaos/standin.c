/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * standin: the mail provider of the day, which fails a third of its calls.
 *
 * Keeps the contract of Resend's public documentation for POST /emails: a bearer key, JSON, an
 * Idempotency-Key that is remembered (the same key with the same bytes is answered like the first
 * and sends nothing; with others it is 409 invalid_idempotent_request), and 429 with Retry-After.
 * Failures before it accepts: 429, 500, 502, a reset. After: 502, a reset, silence for a moment,
 * words that are no JSON. No letter meets more than FAULTS_OF_A_KEY of them, and one when the last
 * client has left, so that the day's end is not put off for hours.
 *
 * One thread listens, each connection has a thread. Letters are kept under the lock until the end.
 */
#include "chaos/internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 64,
    HEAD_MAX = 16 * 1024,
    BODY_LIMIT = 4 * 1024 * 1024,
    KEYS_MAX = 1 << 20,
    LETTERS_MAX = DAY_MAILS_MAX,
    FAULT_PERCENT = 40, /* a third in the end: no letter meets more than some */
    FAULTS_OF_A_KEY = 3,
    IDLE_MS = 200,
    HANG_MS = 600,
};

enum fault {
    FAULT_NONE,
    FAULT_429,
    FAULT_500,
    FAULT_502,
    FAULT_RESET,
    FAULT_ACCEPT_502,
    FAULT_ACCEPT_RESET,
    FAULT_ACCEPT_HANG,
    FAULT_ACCEPT_GARBAGE,
    FAULT_DOWN,
};

static const char *const fault_words[] = {
    [FAULT_NONE] = "",
    [FAULT_429] = "429, wait a second",
    [FAULT_500] = "500",
    [FAULT_502] = "502",
    [FAULT_RESET] = "the connection was reset",
    [FAULT_ACCEPT_502] = "took the letter and answered 502",
    [FAULT_ACCEPT_RESET] = "took the letter and reset the connection",
    [FAULT_ACCEPT_HANG] = "took the letter and said nothing",
    [FAULT_ACCEPT_GARBAGE] = "took the letter and answered nonsense",
    [FAULT_DOWN] = "it is down",
};

struct known {
    uint64_t key, body;
    uint64_t id; /* 0: not accepted yet */
    int faults;
};

struct standin {
    struct play *play;
    int listener, port;
    bool faults;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t left;
    int connections;
    atomic_bool ending, down;
    struct dice dice;
    struct known *known; /* open addressing, KEYS_MAX places */
    size_t known_count;
    struct letter *letters;
    size_t letter_count, letter_cap;
    int64_t calls, failed;
};

/* A request, read whole. */
struct asked {
    char head[HEAD_MAX];
    char *body;
    size_t body_len;
    bool is_emails, authorized;
    uint64_t key;
};

/* ---- reading ---- */

/* The value of a header, or absent. */
static struct str header_of(const struct asked *a, const char *name)
{
    size_t len = strlen(name);
    for (const char *line = a->head; (line = strstr(line, "\r\n"));) {
        line += 2;
        if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
            const char *value = line + len + 1;
            return str_trim((struct str){value, strcspn(value, "\r")});
        }
    }
    return (struct str){0};
}

/* At most so much, as it comes; 0: the other side is gone, or the day is over. */
static size_t receive(struct standin *s, int fd, char *into, size_t size)
{
    while (!atomic_load(&s->ending)) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = poll(&p, 1, IDLE_MS);
        if (ready < 0)
            return 0;
        if (ready > 0) {
            ssize_t n = recv(fd, into, size, 0);
            return n > 0 ? (size_t)n : 0;
        }
    }
    return 0;
}

/* Nobody sends a second request before the first is answered, so what follows the head is its
 * body. */
static bool read_request(struct standin *s, int fd, struct asked *a)
{
    size_t got = 0;
    char *end = NULL;
    *a = (struct asked){0};
    while (!end) {
        size_t n =
            got + 1 < sizeof a->head ? receive(s, fd, a->head + got, sizeof a->head - 1 - got) : 0;
        if (n == 0)
            return false;
        got += n;
        end = memmem(a->head, got, "\r\n\r\n", 4);
    }
    size_t head_len = (size_t)(end - a->head) + 4, have = got - head_len;
    int64_t length = 0;
    char *rest = calloc(1, have + 1);
    if (!rest)
        return false;
    memcpy(rest, a->head + head_len, have);
    a->head[head_len] = '\0';
    struct str key = header_of(a, "idempotency-key");
    struct str said = header_of(a, "content-length");
    bool good =
        (!said.ptr || str_int(said, &length)) && length >= (int64_t)have && length <= BODY_LIMIT;
    a->is_emails = strncmp(a->head, "POST /emails ", 13) == 0;
    a->authorized = str_is(header_of(a, "authorization"), "Bearer re_chaos_day");
    a->key = key.ptr ? hash_bytes(key.ptr, key.len) : 0;
    a->body_len = good ? (size_t)length : 0;
    a->body = good ? calloc(1, a->body_len + 1) : NULL;
    if (a->body)
        memcpy(a->body, rest, have);
    free(rest);
    for (got = have; a->body && got < a->body_len;) {
        size_t n = receive(s, fd, a->body + got, a->body_len - got);
        if (n == 0)
            return false;
        got += n;
    }
    return a->body != NULL;
}

/* ---- answering ---- */

static void answer(int fd, int status, const char *type, const char *more, const char *body)
{
    char head[512];
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 %d Said\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                     "ratelimit-limit: 100\r\nratelimit-reset: 1\r\n%s\r\n",
                     status, type, strlen(body), more);
    if (send(fd, head, (size_t)n, MSG_NOSIGNAL | MSG_MORE) == n)
        (void)!send(fd, body, strlen(body), MSG_NOSIGNAL);
}

static void refuse(int fd, int status, const char *name, const char *more)
{
    char body[200];
    snprintf(body, sizeof body, "{\"statusCode\":%d,\"name\":\"%s\",\"message\":\"As asked.\"}",
             status, name);
    answer(fd, status, "application/json", more, body);
}

static void reset(int fd)
{
    struct linger hard = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

/* ---- what is remembered; under the lock ---- */

static struct known *recall(struct standin *s, uint64_t key)
{
    for (size_t i = key % KEYS_MAX;; i = (i + 1) % KEYS_MAX) {
        struct known *k = &s->known[i];
        if (k->key == key)
            return k;
        if (k->key == 0) {
            if (s->known_count >= KEYS_MAX / 2)
                return NULL;
            s->known_count++;
            k->key = key;
            return k;
        }
    }
}

static enum fault choose(struct standin *s, struct known *k)
{
    /* A 429 stops every call for a second, so it is the rarest. */
    static const enum fault kinds[] = {
        FAULT_429,
        FAULT_500,
        FAULT_500,
        FAULT_500,
        FAULT_502,
        FAULT_502,
        FAULT_502,
        FAULT_RESET,
        FAULT_RESET,
        FAULT_RESET,
        FAULT_ACCEPT_502,
        FAULT_ACCEPT_502,
        FAULT_ACCEPT_502,
        FAULT_ACCEPT_RESET,
        FAULT_ACCEPT_RESET,
        FAULT_ACCEPT_RESET,
        FAULT_ACCEPT_HANG,
        FAULT_ACCEPT_HANG,
        FAULT_ACCEPT_GARBAGE,
        FAULT_ACCEPT_GARBAGE,
    };
    bool hit = dice_percent(&s->dice, FAULT_PERCENT);
    enum fault kind = kinds[dice(&s->dice, sizeof kinds / sizeof kinds[0])];
    if (atomic_load(&s->down))
        return FAULT_DOWN;
    int most = atomic_load(&s->play->over) ? 1 : FAULTS_OF_A_KEY;
    if (!s->faults || !hit || !k || k->faults >= most)
        return FAULT_NONE;
    k->faults++;
    return kind;
}

static int64_t tag_of(const json_t *mail)
{
    size_t i;
    json_t *tag;
    json_array_foreach(json_object_get(mail, "tags"), i, tag)
    {
        int64_t id = json_id(tag, "value");
        if (strcmp(json_text(tag, "name"), "careops") == 0)
            return id;
    }
    return 0;
}

static const char *recipient(const json_t *mail)
{
    const json_t *to = json_object_get(mail, "to");
    const char *one = json_string_value(json_is_array(to) ? json_array_get(to, 0) : to);
    return one ? one : "";
}

/* True where the letter is a person's to read from now on. */
static bool keep_letter(struct standin *s, const struct asked *a, uint64_t body, const json_t *mail)
{
    if (s->letter_count == s->letter_cap) {
        size_t cap = s->letter_cap ? 2 * s->letter_cap : 256;
        struct letter *more = cap <= LETTERS_MAX ? realloc(s->letters, cap * sizeof *more) : NULL;
        if (!more)
            return false;
        s->letters = more;
        s->letter_cap = cap;
    }
    char *to = strdup(recipient(mail)), *subject = strdup(json_text(mail, "subject"));
    if (!to || !subject)
        abort();
    s->letters[s->letter_count++] = (struct letter){.at = play_now(s->play),
                                                    .key = a->key,
                                                    .body = body,
                                                    .tag = tag_of(mail),
                                                    .to = to,
                                                    .subject = subject};
    return true;
}

/* A letter to one client may hold no other's marker; one to the business's people may hold those of
 * its clients. */
static void search_letter(struct play *p, const char *to, const char *body)
{
    size_t own = p->mark_count;
    for (size_t i = 0; i < p->mark_count; i++)
        if (strstr(to, p->marks[i]))
            own = i;
    if (own == p->mark_count)
        return;
    for (size_t i = 0; i < p->mark_count; i++) {
        bool may = i == own || i == p->mark_salon[own] ||
                   (own < 2 && p->mark_salon[i] == p->mark_salon[own]);
        if (!may && strstr(body, p->marks[i]))
            day_leak(&p->day, &(struct day_leak){.at = play_now(p),
                                                 .whose = str_of(p->marks[i]),
                                                 .shown_to = str_of(to),
                                                 .where = STR("a letter")});
    }
}

/* ---- one call ---- */

/* What the contract says without any fault: 0, or the status of a refusal with its name. */
static int accept_letter(struct standin *s, const struct asked *a, const json_t *mail,
                         const char **ret_name, uint64_t *ret_id)
{
    uint64_t body = hash_bytes(a->body, a->body_len);
    pthread_mutex_lock(&s->lock);
    struct known *k = a->key ? recall(s, a->key) : NULL;
    int status = 0;
    if (k && k->id && k->body != body) {
        status = 409;
        *ret_name = "invalid_idempotent_request";
    } else if (k && k->id) {
        *ret_id = k->id;
    } else if (!keep_letter(s, a, body, mail)) {
        status = 500;
        *ret_name = "application_error";
    } else {
        *ret_id = s->letter_count;
        if (k) {
            k->id = *ret_id;
            k->body = body;
        }
    }
    pthread_mutex_unlock(&s->lock);
    return status;
}

/* False: the connection ends. */
static bool play_fault(struct standin *s, int fd, enum fault fault, uint64_t id)
{
    char body[100];
    switch (fault) {
    case FAULT_429: refuse(fd, 429, "rate_limit_exceeded", "Retry-After: 1\r\n"); return true;
    case FAULT_500: refuse(fd, 500, "application_error", ""); return true;
    case FAULT_502:
    case FAULT_DOWN:
    case FAULT_ACCEPT_502:
        answer(fd, 502, "text/html", "", "<html><body>Bad gateway</body></html>");
        return true;
    case FAULT_RESET:
    case FAULT_ACCEPT_RESET: reset(fd); return false;
    case FAULT_ACCEPT_HANG:
        for (int waited = 0; waited < HANG_MS && !atomic_load(&s->ending); waited += 50)
            nap_ms(50);
        return false;
    case FAULT_ACCEPT_GARBAGE:
        answer(fd, 200, "application/json", "", "{\"id\": <not JSON>");
        return true;
    case FAULT_NONE: break;
    }
    snprintf(body, sizeof body, "{\"id\":\"chaos-%016llx\"}", (unsigned long long)id);
    answer(fd, 200, "application/json", "", body);
    return true;
}

static bool serve_one(struct standin *s, int fd, const struct asked *a)
{
    if (!a->is_emails || !a->authorized) {
        refuse(fd, a->is_emails ? 403 : 404, a->is_emails ? "invalid_api_key" : "not_found", "");
        return true;
    }
    json_t *mail = json_loadb(a->body, a->body_len, 0, NULL);
    if (!json_is_object(mail) || !*recipient(mail) || !*json_text(mail, "subject")) {
        json_decref(mail);
        refuse(fd, 422, "missing_required_field", "");
        return true;
    }
    pthread_mutex_lock(&s->lock);
    struct known *k = a->key ? recall(s, a->key) : NULL;
    enum fault fault = choose(s, k);
    s->calls++;
    s->failed += fault != FAULT_NONE;
    pthread_mutex_unlock(&s->lock);
    if (fault != FAULT_NONE)
        tell_fault(s->play, DAY_PROVIDER, fault_words[fault]);
    int status = 0;
    const char *name = NULL;
    uint64_t id = 0;
    bool accepts =
        fault == FAULT_NONE || (fault >= FAULT_ACCEPT_502 && fault <= FAULT_ACCEPT_GARBAGE);
    if (accepts) {
        search_letter(s->play, recipient(mail), a->body);
        status = accept_letter(s, a, mail, &name, &id);
    }
    json_decref(mail);
    if (status) {
        refuse(fd, status, name, "");
        return true;
    }
    return play_fault(s, fd, fault, id);
}

/* ---- the threads ---- */

struct connection {
    struct standin *s;
    int fd;
};

static void *serve(void *self)
{
    struct connection *c = self;
    struct standin *s = c->s;
    struct asked *a = calloc(1, sizeof *a);
    bool go_on = a != NULL;
    while (go_on) {
        go_on = read_request(s, c->fd, a) && serve_one(s, c->fd, a);
        free(a->body);
        a->body = NULL;
    }
    free(a);
    close(c->fd);
    free(c);
    pthread_mutex_lock(&s->lock);
    s->connections--;
    pthread_cond_broadcast(&s->left);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void take(struct standin *s, int fd)
{
    struct connection *c = calloc(1, sizeof *c);
    pthread_t thread;
    pthread_mutex_lock(&s->lock);
    bool room = c && s->connections < CONNECTIONS_MAX;
    s->connections += room;
    pthread_mutex_unlock(&s->lock);
    if (room) {
        *c = (struct connection){s, fd};
        if (pthread_create(&thread, NULL, serve, c) == 0) {
            pthread_detach(thread);
            return;
        }
        pthread_mutex_lock(&s->lock);
        s->connections--;
        pthread_mutex_unlock(&s->lock);
    }
    free(c);
    close(fd);
}

static void *listen_on(void *self)
{
    struct standin *s = self;
    while (!atomic_load(&s->ending)) {
        struct pollfd p = {.fd = s->listener, .events = POLLIN};
        if (poll(&p, 1, IDLE_MS) > 0) {
            int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
            if (fd >= 0)
                take(s, fd);
        }
    }
    return NULL;
}

static bool open_listener(struct standin *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&at, len) != 0 ||
        listen(s->listener, 64) != 0 || getsockname(s->listener, (struct sockaddr *)&at, &len) != 0)
        return false;
    s->port = ntohs(at.sin_port);
    return true;
}

struct standin *standin_start(struct play *p, bool faults, char *error, size_t size)
{
    struct standin *s = calloc(1, sizeof *s);
    if (!s)
        abort(); /* at start: no memory for a few fields */
    s->play = p;
    s->faults = faults;
    s->known = calloc(KEYS_MAX, sizeof *s->known);
    dice_init(&s->dice, p->options.seed, 1000033);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->left, NULL);
    if (s->known && open_listener(s) && pthread_create(&s->thread, NULL, listen_on, s) == 0)
        return s;
    snprintf(error, size, "the stand-in of the mail provider cannot listen: %s", strerror(errno));
    if (s->listener > 0)
        close(s->listener);
    free(s->known);
    free(s);
    return NULL;
}

int standin_port(const struct standin *s)
{
    return s->port;
}

void standin_down(struct standin *s, bool down)
{
    atomic_store(&s->down, down);
}

int64_t standin_calls(const struct standin *s)
{
    return s->calls;
}

int64_t standin_failed(const struct standin *s)
{
    return s->failed;
}

size_t standin_letters(const struct standin *s, const struct letter **ret)
{
    *ret = s->letters;
    return s->letter_count;
}

void standin_stop(struct standin *s)
{
    if (atomic_exchange(&s->ending, true))
        return;
    pthread_join(s->thread, NULL);
    pthread_mutex_lock(&s->lock);
    while (s->connections > 0)
        pthread_cond_wait(&s->left, &s->lock);
    pthread_mutex_unlock(&s->lock);
    close(s->listener);
}

void standin_free(struct standin *s)
{
    if (!s)
        return;
    standin_stop(s);
    for (size_t i = 0; i < s->letter_count; i++) {
        free(s->letters[i].to);
        free(s->letters[i].subject);
    }
    free(s->letters);
    free(s->known);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->left);
    free(s);
}
