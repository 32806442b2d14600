/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* shared_mail: see shared_mail.h. */
#include "shared_mail.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

struct shared_mail *shared_mail_new(int64_t now_s)
{
    struct shared_mail *s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(s != MAP_FAILED);
    atomic_store(&s->now_ms, now_s * 1000);
    return s;
}

void shared_mail_free(struct shared_mail *s)
{
    munmap(s, sizeof *s);
}

void shared_clock_move(struct shared_mail *s, int64_t ms)
{
    atomic_fetch_add(&s->now_ms, ms);
}

static int64_t now_ms(void *self)
{
    const struct shared_client *c = self;
    return atomic_load(&c->shared->now_ms);
}

/* Each process differs in these, as real ones do. */
static void random_bytes(void *self, void *ret, size_t len)
{
    (void)self;
    if (getrandom(ret, len, 0) != (ssize_t)len)
        abort();
}

/* ---- the service ---- */

static uint64_t sum_of(const struct mail *m)
{
    struct buf text;
    buf_init(&text, MAIL_SIZE_MAX);
    mail_write(&text, m);
    uint64_t sum = 14695981039346656037u;
    for (size_t i = 0; i < text.len; i++)
        sum = (sum ^ (unsigned char)text.ptr[i]) * 1099511628211u;
    buf_done(&text);
    return sum;
}

static struct shared_key *key_of(struct shared_mail *s, int64_t id)
{
    for (size_t i = 0; i < SHARED_KEYS_MAX; i++) {
        struct shared_key *k = &s->keys[((uint64_t)id * 0x9E3779B97F4A7C15u + i) % SHARED_KEYS_MAX];
        int64_t expected = 0;
        if (atomic_compare_exchange_strong(&k->id, &expected, id) || expected == id)
            return k;
    }
    abort();
}

/* The one word that says "taken" is set by exactly one caller, so none is counted twice. */
static void take(struct shared_mail *s, struct shared_key *k, uint64_t bytes)
{
    int64_t now = atomic_load(&s->now_ms);
    int64_t before = 0;
    if (!atomic_compare_exchange_strong(&k->taken_ms, &before, now)) {
        uint64_t first = atomic_load(&k->bytes);
        if (first != 0 && first != bytes)
            atomic_fetch_add(&s->other_bytes, 1);
        if (now - before < (int64_t)SHARED_MEMORY_S * 1000)
            return;
        atomic_store(&k->taken_ms, now);
    }
    atomic_store(&k->bytes, bytes);
    atomic_fetch_add(&k->emails, 1);
    atomic_fetch_add(&s->emails, 1);
}

static void begin(void *self, const struct mail *m, uint64_t ticket)
{
    struct shared_client *c = self;
    struct shared_mail *s = c->shared;
    struct mail_result result = {.outcome = MAIL_ACCEPTED};
    int64_t id = 0;
    const char *dash = memrchr(m->key.ptr, '-', m->key.len);
    if (!dash || c->pending_count == MAIL_CAPACITY ||
        !str_int((struct str){dash + 1, m->key.len - (size_t)(dash + 1 - m->key.ptr)}, &id))
        abort();
    take(s, key_of(s, id), sum_of(m));
    if (s->lose_each && atomic_fetch_add(&s->calls, 1) % s->lose_each == s->lose_each - 1) {
        result = (struct mail_result){.outcome = MAIL_UNKNOWN, .error = "lost"};
        atomic_fetch_add(&s->lost, 1);
    }
    c->pending[c->pending_count++] = (struct mail_done){ticket, result};
}

static size_t poll_done(void *self, int wait_ms, int wake_fd, struct mail_done *ret, size_t max)
{
    (void)wait_ms;
    (void)wake_fd;
    struct shared_client *c = self;
    size_t n = c->pending_count < max ? c->pending_count : max;
    memcpy(ret, c->pending, n * sizeof *ret);
    memmove(c->pending, c->pending + n, (c->pending_count - n) * sizeof *ret);
    c->pending_count -= n;
    return n;
}

static void leave(void *self)
{
    (void)self;
}

void shared_client_init(struct shared_client *c, struct shared_mail *s, int per_second)
{
    *c = (struct shared_client){.shared = s};
    c->env = (struct env){c, now_ms, now_ms, random_bytes, &c->last_id};
    c->provider = (struct mail_provider){
        .self = c,
        .name = "shared",
        .remembers_keys_s = 20 * 3600,
        .per_second = per_second,
        .timeout_ms = 15000,
        .begin = begin,
        .poll = poll_done,
        .free = leave,
    };
}
