/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fake: see fake.h. */
#include "fake.h"

#include <poll.h>
#include <string.h>

/* ---- the clock ---- */

static int64_t read_clock(struct fake_clock *c, const int64_t *which)
{
    pthread_mutex_lock(&c->lock);
    int64_t v = *which;
    pthread_mutex_unlock(&c->lock);
    return v;
}

static int64_t now_ms(void *self)
{
    struct fake_clock *c = self;
    return read_clock(c, &c->now_ms);
}

static int64_t mono_ms(void *self)
{
    struct fake_clock *c = self;
    return read_clock(c, &c->mono_ms);
}

static void random_bytes(void *self, void *ret, size_t len)
{
    struct fake_clock *c = self;
    unsigned char *p = ret;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < len; i++)
        p[i] = (unsigned char)numbers_next(&c->numbers);
    pthread_mutex_unlock(&c->lock);
}

void fake_clock_init(struct fake_clock *c, int64_t now_s)
{
    *c = (struct fake_clock){.now_ms = now_s * 1000, .mono_ms = 5000, .numbers = {42}};
    pthread_mutex_init(&c->lock, NULL);
    c->env = (struct env){c, now_ms, mono_ms, random_bytes, &c->last_id};
}

void fake_clock_move(struct fake_clock *c, int64_t ms)
{
    pthread_mutex_lock(&c->lock);
    c->now_ms += ms;
    c->mono_ms += ms;
    pthread_mutex_unlock(&c->lock);
}

void fake_clock_jump(struct fake_clock *c, int64_t ms)
{
    pthread_mutex_lock(&c->lock);
    c->now_ms += ms;
    pthread_mutex_unlock(&c->lock);
}

/* ---- the provider ---- */

static void copy_text(char *ret, size_t size, struct str s)
{
    assert_true(s.len < size);
    memcpy(ret, s.ptr, s.len);
    ret[s.len] = '\0';
}

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

static bool is_known(const struct fake_provider *p, const char *key)
{
    for (size_t i = 0; i < p->emails; i++)
        if (strcmp(p->keys[i], key) == 0)
            return true;
    return false;
}

static void take(struct fake_provider *p, const struct fake_call *call)
{
    if (p->provider.remembers_keys_s > 0 && is_known(p, call->key))
        return;
    assert_true(p->emails < FAKE_KEYS_MAX);
    memcpy(p->keys[p->emails++], call->key, sizeof call->key);
}

static void begin(void *self, const struct mail *m, uint64_t ticket)
{
    struct fake_provider *p = self;
    struct problem problem = {0};
    assert_int_equal(mail_check(m, &problem), OK);
    pthread_mutex_lock(&p->lock);
    assert_true(p->pending_count < MAIL_CAPACITY && p->call_count < FAKE_CALLS_MAX);
    struct mail_result result = {.outcome = MAIL_ACCEPTED};
    if (p->script)
        result = p->script(p->arg, p->call_count);
    struct fake_call *call = &p->calls[p->call_count++];
    copy_text(call->key, sizeof call->key, m->key);
    copy_text(call->message_id, sizeof call->message_id, m->message_id);
    size_t shown = m->text.len < sizeof call->text ? m->text.len : sizeof call->text - 1;
    copy_text(call->text, sizeof call->text, (struct str){m->text.ptr, shown});
    call->bytes = sum_of(m);
    call->mono_ms = mono_ms(p->clock);
    call->outcome = result.outcome;
    if (result.outcome == MAIL_ACCEPTED || (result.outcome == MAIL_UNKNOWN && p->takes_unknown))
        take(p, call);
    p->pending[p->pending_count++] = (struct mail_done){ticket, result};
    pthread_cond_broadcast(&p->called);
    pthread_mutex_unlock(&p->lock);
}

static size_t take_pending(struct fake_provider *p, struct mail_done *ret, size_t max)
{
    pthread_mutex_lock(&p->lock);
    size_t n = p->hold ? 0 : p->pending_count < max ? p->pending_count : max;
    memcpy(ret, p->pending, n * sizeof *ret);
    memmove(p->pending, p->pending + n, (p->pending_count - n) * sizeof *ret);
    p->pending_count -= n;
    pthread_mutex_unlock(&p->lock);
    return n;
}

static size_t poll_done(void *self, int wait_ms, int wake_fd, struct mail_done *ret, size_t max)
{
    size_t n = take_pending(self, ret, max);
    if (n > 0 || wait_ms == 0)
        return n;
    struct pollfd wake = {.fd = wake_fd, .events = POLLIN};
    poll(&wake, 1, wait_ms);
    return take_pending(self, ret, max);
}

static void leave(void *self)
{
    struct fake_provider *p = self;
    p->pending_count = 0;
}

void fake_provider_init(struct fake_provider *p, struct fake_clock *clock, int64_t remembers_keys_s,
                        int per_second)
{
    memset(p, 0, sizeof *p);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->called, NULL);
    p->clock = clock;
    p->provider = (struct mail_provider){
        .self = p,
        .name = "fake",
        .remembers_keys_s = remembers_keys_s,
        .per_second = per_second,
        .timeout_ms = 15000,
        .begin = begin,
        .poll = poll_done,
        .free = leave,
    };
}

bool fake_wait_calls(struct fake_provider *p, size_t count)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 10;
    pthread_mutex_lock(&p->lock);
    int r = 0;
    while (r == 0 && p->call_count < count)
        r = pthread_cond_timedwait(&p->called, &p->lock, &end);
    bool there = p->call_count >= count;
    pthread_mutex_unlock(&p->lock);
    return there;
}
