/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mailer: the thread between the outbox and the provider. See mailer.h.
 *
 * `flights` are the rows that this mailer holds: begun, or ended and not yet recorded. Everything
 * but the atomics and the wake descriptor belongs to whoever calls mailer_step: the thread, or a
 * test.
 */
#include "message/mailer.h"

#include "base/log.h"
#include "base/seeded.h"
#include "mail/provider.h"
#include "message/letter.h"
#include "message/mailer_queue.h"
#include "message/own_mail.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { ARENA_LIMIT = 16 * 1024 * 1024 };

enum flight_state {
    FLIGHT_FREE,
    FLIGHT_BEGUN, /* the provider has it */
    FLIGHT_ENDED, /* its result waits to be recorded */
};

struct flight {
    enum flight_state state;
    int64_t workspace_id, id;
    int64_t attempts, first_attempt_s;
    bool unknown_before;
    int64_t remembers_keys_s;
    char owner[LEASE_OWNER_TEXT];
    char kind[KIND_TEXT];
    char to_address[MAIL_ADDRESS_MAX + 1];
    int64_t booking_id;
    struct mail_result result;
};

struct mailer {
    struct db *db;
    const struct env *env;
    const struct seal *seal;
    struct mail_provider provider;
    struct arena arena;
    char *from; /* the setting; the two below point into it */
    struct str from_name, from_address;
    bool own;
    struct mailer *kin;
    int lease_s;
    uint64_t self;   /* random: in each lease owner's name */
    unsigned claims; /* counts them: an owner's name is never used twice */

    void (*step)(void *self, const char *where);
    void *step_self;

    struct flight flights[MAIL_CAPACITY];
    int64_t claim_at_ms;    /* not before: nothing was due */
    int64_t record_at_ms;   /* not before: the database was away */
    int64_t rate_at_ms;     /* not before: the rate that all share was used up */
    int64_t look_far_at_ms; /* when to look again for what is due impossibly late */
    int64_t pause_until_ms; /* the provider asked this process to wait */
    bool pause_news;        /* and the others have not been told */

    int wake_fd; /* eventfd, any thread */
    atomic_bool woken;
    atomic_bool stopping;
    atomic_int grace_ms;
    pthread_t thread;
    bool running;
    _Atomic int64_t sent, retried, unknown, failed, under_way;
#ifdef CAREOPS_SEEDED
    pthread_mutex_t early_lock;
    struct early {
        struct claimed_row row;
        struct early *next;
    } * early;
#endif
};

static void step(const struct mailer *m, const char *where)
{
    if (m->step)
        m->step(m->step_self, where);
}

/* ---- flights ---- */

static size_t count_flights(const struct mailer *m, enum flight_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < MAIL_CAPACITY; i++)
        count += m->flights[i].state == state;
    return count;
}

static struct flight *flight_of(struct mailer *m, int64_t workspace_id, int64_t id)
{
    for (size_t i = 0; i < MAIL_CAPACITY; i++) {
        struct flight *f = &m->flights[i];
        if (f->state != FLIGHT_FREE && f->workspace_id == workspace_id && f->id == id)
            return f;
    }
    return NULL;
}

static struct flight *free_flight(struct mailer *m)
{
    for (size_t i = 0; i < MAIL_CAPACITY; i++)
        if (m->flights[i].state == FLIGHT_FREE)
            return &m->flights[i];
    abort(); /* the claim asked for no more rows than there are free ones */
}

static struct str key_of(struct mailer *m, const struct claimed_row *r)
{
    if (SEEDED(MAIL_NEW_KEY) && r->attempts > 1)
        return str_printf(&m->arena, "careops-%lld-%lld-%lld", (long long)r->workspace_id,
                          (long long)r->id, (long long)r->attempts);
    return str_printf(&m->arena, "careops-%lld-%lld", (long long)r->workspace_id, (long long)r->id);
}

static struct mail mail_of(struct mailer *m, const struct claimed_row *r)
{
    const struct own_mail *own = r->own;
    struct str from = own ? own->from_address : m->from_address;
    struct str name = own && own->from_name.len ? own->from_name : r->from_name;
    const char *at = memchr(from.ptr, '@', from.len);
    struct str domain = {at, from.len - (size_t)(at - from.ptr)};
    return (struct mail){
        .from_name = name.len ? name : m->from_name,
        .from_address = from,
        .reply_to = r->reply_to.len ? r->reply_to : (struct str){0},
        .to_name = r->to_name,
        .to_address = r->to_address,
        .subject = r->subject,
        .text = r->body_text,
        .html = r->body_html,
        .calendar = r->calendar,
        .calendar_method = r->calendar_method,
        .key = key_of(m, r),
        .message_id =
            str_printf(&m->arena, STR_FMT STR_FMT, STR_ARG(r->message_id), STR_ARG(domain)),
        .date_s = r->created_s,
        .unsubscribe_url = r->unsubscribe_url,
        .tag = str_printf(&m->arena, "%lld-%lld", (long long)r->workspace_id, (long long)r->id),
    };
}

static bool open_words(struct mailer *m, struct mail *mail)
{
    return seal_open(m->seal, &m->arena, mail->text, &mail->text) &&
           (!mail->html.ptr || seal_open(m->seal, &m->arena, mail->html, &mail->html));
}

static void begin(struct mailer *m, const struct claimed_row *r, const char *owner)
{
    /* This process slept past its own lease: the delivery that is under way counts, under the new
     * lease. */
    struct flight *already = flight_of(m, r->workspace_id, r->id);
    if (already) {
        snprintf(already->owner, sizeof already->owner, "%s", owner);
        return;
    }
    struct flight *f = free_flight(m);
    *f = (struct flight){
        .state = FLIGHT_BEGUN,
        .workspace_id = r->workspace_id,
        .id = r->id,
        .attempts = r->attempts,
        .first_attempt_s = r->first_attempt_s,
        .unknown_before = r->unknown_before,
        .remembers_keys_s = r->remembers_keys_s,
        .booking_id = r->booking_id,
    };
    snprintf(f->owner, sizeof f->owner, "%s", owner);
    snprintf(f->to_address, sizeof f->to_address, STR_FMT, STR_ARG(r->to_address));
    snprintf(f->kind, sizeof f->kind, STR_FMT, STR_ARG(r->kind));
    struct mail mail = mail_of(m, r);
    bool secret = letter_is_secret(r->kind);
    if (secret && !open_words(m, &mail)) {
        f->state = FLIGHT_ENDED;
        mail_result_set(&f->result, MAIL_RETRY,
                        "Its words are sealed with another key than this program has.");
        return;
    }
    struct own_route route;
    if (r->own && !own_mail_route(r->own, m->seal, &m->arena, &route)) {
        f->state = FLIGHT_ENDED;
        mail_result_set(&f->result, MAIL_RETRY, "%s", OWN_MAIL_SEALED);
        return;
    }
    mail.route = r->own ? &route.to : NULL;
    step(m, "begin");
    m->provider.begin(m->provider.self, &mail, (uint64_t)(f - m->flights));
    if (secret) {
        str_wipe(mail.text);
        str_wipe(mail.html);
    }
    if (r->own)
        own_route_wipe(&route);
    step(m, "begun");
}

#ifdef CAREOPS_SEEDED
static struct str kept(struct str s)
{
    return s.ptr ? (struct str){strndup(s.ptr, s.len), s.len} : s;
}

void mailer_send_early(struct mailer *m, const struct claimed_row *row)
{
    struct early *e = calloc(1, sizeof *e);
    if (!e)
        abort();
    e->row = *row;
    struct str *const texts[] = {
        &e->row.kind,     &e->row.to_name,         &e->row.to_address, &e->row.from_name,
        &e->row.reply_to, &e->row.subject,         &e->row.body_text,  &e->row.body_html,
        &e->row.calendar, &e->row.calendar_method, &e->row.message_id, &e->row.unsubscribe_url};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = kept(*texts[i]); /* for good: such a program does not live long */
    e->row.remembers_keys_s = m->provider.remembers_keys_s;
    pthread_mutex_lock(&m->early_lock);
    e->next = m->early;
    m->early = e;
    pthread_mutex_unlock(&m->early_lock);
    mailer_wake(m);
}

static void begin_early(struct mailer *m)
{
    pthread_mutex_lock(&m->early_lock);
    while (m->early && count_flights(m, FLIGHT_FREE) > 0) {
        struct early *e = m->early;
        m->early = e->next;
        begin(m, &e->row, "early");
    }
    pthread_mutex_unlock(&m->early_lock);
}
#endif

static void log_claim(const struct claim *c, enum result result)
{
    if (result != OK)
        log_event(LOG_WARN, "mailer cannot read the outbox", "i:result", (int64_t)result, NULL);
    if (result == OK && c->forgotten > 0)
        log_event(LOG_ERROR, "mail parked, outcome unknown", "i:count", (int64_t)c->forgotten,
                  NULL);
    if (result == OK && c->brought_back > 0)
        log_event(LOG_WARN, "mail was due too far ahead; the clock went back", "i:count",
                  c->brought_back, NULL);
}

/* When to look again. */
static void plan_claim(struct mailer *m, const struct claim *c, enum result result, int64_t now_ms)
{
    bool more = result == OK && c->count + c->forgotten + c->passed == c->max;
    m->claim_at_ms = more || c->wait_ms > 0 ? now_ms : now_ms + MAILER_POLL_MS;
    m->rate_at_ms = now_ms + (c->wait_ms < MAILER_RATE_LOOK_MS ? c->wait_ms : MAILER_RATE_LOOK_MS);
    if (result == OK && c->look_far)
        m->look_far_at_ms = now_ms + MAILER_LOOK_FAR_MS;
}

static bool may_claim(const struct mailer *m, int64_t now_ms)
{
    bool due = atomic_load(&m->woken) || now_ms >= m->claim_at_ms;
    return due && now_ms >= m->pause_until_ms && now_ms >= m->rate_at_ms;
}

static size_t find_busy(const struct mailer *m, int64_t ret[static MAIL_CAPACITY])
{
    size_t count = 0;
    for (size_t i = 0; i < MAIL_CAPACITY; i++)
        if (m->flights[i].state != FLIGHT_FREE)
            ret[count++] = m->flights[i].workspace_id;
    return count;
}

static void claim(struct mailer *m)
{
    int64_t now_ms = env_mono_ms(m->env);
    size_t room = count_flights(m, FLIGHT_FREE);
    if (room == 0 || !may_claim(m, now_ms))
        return;
    atomic_store(&m->woken, false);
    step(m, "claim");

    char owner[LEASE_OWNER_TEXT];
    int64_t busy[MAIL_CAPACITY];
    snprintf(owner, sizeof owner, "%016llx.%s%u", (unsigned long long)m->self, m->own ? "o" : "",
             ++m->claims);
    struct claim c = {
        .owner = owner,
        .now_ms = env_now_ms(m->env),
        .lease_s = m->lease_s,
        .provider = m->provider.name,
        .remembers_keys_s = m->provider.remembers_keys_s,
        .per_second = m->provider.per_second,
        .max = room,
        .look_far = now_ms >= m->look_far_at_ms,
        .own = m->own,
        .busy = busy,
        .busy_count = find_busy(m, busy),
    };
    enum result result = queue_claim(m->db, &m->arena, &c);
    step(m, "claimed");
    log_claim(&c, result);
    if (result == OK && c.moved > 0)
        mailer_wake(m->kin);
    plan_claim(m, &c, result, now_ms);
    for (size_t i = 0; result == OK && i < c.count; i++)
        begin(m, &c.rows[i], owner);
    atomic_store(&m->under_way, (int64_t)count_flights(m, FLIGHT_BEGUN));
    arena_reset(&m->arena);
}

/* ---- outcomes ---- */

static void log_outcome(const struct mailer *m, const struct flight *f, const struct decision *d)
{
    static const char *const messages[] = {
        [ROW_SENT] = "mail sent", [ROW_FAILED] = "mail failed", [ROW_AGAIN] = "mail delayed"};
    enum log_level level = d->end == ROW_SENT ? LOG_INFO : LOG_WARN;
    log_event(level, messages[d->end], "i:workspace_id", f->workspace_id, "i:message_id", f->id,
              "s:kind", f->kind, "i:attempts", f->attempts, "s:provider", m->provider.name,
              "s:error", *d->error ? d->error : NULL, NULL);
}

static void count_outcome(struct mailer *m, const struct flight *f, const struct decision *d)
{
    if (d->end == ROW_SENT)
        atomic_fetch_add(&m->sent, 1);
    else if (d->end == ROW_FAILED)
        atomic_fetch_add(&m->failed, 1);
    else
        atomic_fetch_add(&m->retried, 1);
    if (f->result.outcome == MAIL_UNKNOWN)
        atomic_fetch_add(&m->unknown, 1);
}

static struct decision decide(struct mailer *m, const struct flight *f, int64_t now_s)
{
    struct attempt attempt = {
        .now_s = now_s,
        .first_attempt_s = f->first_attempt_s,
        .attempts = f->attempts,
        .unknown_before = f->unknown_before,
        .remembers_keys_s = f->remembers_keys_s,
    };
    env_random(m->env, &attempt.chance, sizeof attempt.chance);
    return retry_decide(&attempt, &f->result);
}

static struct outcome outcome_of(struct mailer *m, const struct flight *f, int64_t now_ms)
{
    return (struct outcome){
        .workspace_id = f->workspace_id,
        .id = f->id,
        .owner = f->owner,
        .secret = letter_is_secret(str_of(f->kind)),
        .provider_id = f->result.provider_id,
        .provider_word = f->result.word,
        .to_address = str_of(f->to_address),
        .booking_id = f->booking_id,
        .decision = decide(m, f, now_ms / 1000),
        .own = m->own,
        .outcome = f->result.outcome,
        .retry_after_s = f->result.retry_after_s,
    };
}

/* What the provider asked this process for holds for all of them. */
static void add_pause(const struct mailer *m, struct recording *r)
{
    int64_t left_ms = m->pause_until_ms - env_mono_ms(m->env);
    if (!m->pause_news || m->provider.per_second == 0 || left_ms <= 0)
        return;
    r->paused_provider = m->provider.name;
    r->paused_for_ms = left_ms;
}

/* All that ended, in one transaction. What cannot be recorded now stays and is tried again. */
static void record(struct mailer *m)
{
    if (count_flights(m, FLIGHT_ENDED) == 0 || env_mono_ms(m->env) < m->record_at_ms)
        return;
    step(m, "record");
    int64_t now_ms = env_now_ms(m->env);
    struct outcome outcomes[MAIL_CAPACITY];
    struct flight *flights[MAIL_CAPACITY];
    size_t count = 0;
    for (size_t i = 0; i < MAIL_CAPACITY; i++) {
        struct flight *f = &m->flights[i];
        if (f->state != FLIGHT_ENDED)
            continue;
        flights[count] = f;
        outcomes[count++] = outcome_of(m, f, now_ms);
    }
    struct recording r = {.now_ms = now_ms, .outcomes = outcomes, .count = count};
    add_pause(m, &r);
    enum result result = queue_record(m->db, &m->arena, &r);
    step(m, "recorded");
    arena_reset(&m->arena);
    if (result != OK) {
        log_event(LOG_WARN, "mailer cannot record outcomes", "i:result", (int64_t)result, NULL);
        m->record_at_ms = env_mono_ms(m->env) + MAILER_POLL_MS;
        return;
    }
    m->pause_news = false;
    for (size_t i = 0; i < count; i++) {
        log_outcome(m, flights[i], &outcomes[i].decision);
        count_outcome(m, flights[i], &outcomes[i].decision);
        flights[i]->state = FLIGHT_FREE;
    }
}

static void take_results(struct mailer *m, const struct mail_done *done, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert(done[i].ticket < MAIL_CAPACITY);
        struct flight *f = &m->flights[done[i].ticket];
        assert(f->state == FLIGHT_BEGUN);
        f->state = FLIGHT_ENDED;
        f->result = done[i].result;
        int64_t until_ms = env_mono_ms(m->env) + (int64_t)f->result.retry_after_s * 1000;
        if (f->result.pause && !m->own && until_ms > m->pause_until_ms) {
            m->pause_until_ms = until_ms;
            m->pause_news = true;
        }
    }
    atomic_store(&m->under_way, (int64_t)count_flights(m, FLIGHT_BEGUN));
}

/* ---- the round ---- */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* How long nothing can happen but a delivery's end or a wake. */
static int idle_ms(const struct mailer *m, int wait_ms)
{
    int64_t now_ms = env_mono_ms(m->env);
    int64_t wait = wait_ms;
    if (count_flights(m, FLIGHT_ENDED) > 0)
        wait = least(wait, m->record_at_ms - now_ms);
    if (count_flights(m, FLIGHT_FREE) > 0 && !atomic_load(&m->stopping)) {
        int64_t next = m->claim_at_ms - now_ms;
        if (atomic_load(&m->woken) && next > 0)
            next = 0;
        int64_t rate = m->rate_at_ms - now_ms;
        if (m->pause_until_ms - now_ms > rate)
            rate = m->pause_until_ms - now_ms;
        wait = least(wait, next > rate ? next : rate);
    }
    return wait > 0 ? (int)wait : 0;
}

void mailer_step(struct mailer *m, int wait_ms)
{
    record(m);
#ifdef CAREOPS_SEEDED
    begin_early(m);
#endif
    if (!atomic_load(&m->stopping))
        claim(m);
    struct mail_done done[MAIL_CAPACITY];
    size_t count =
        m->provider.poll(m->provider.self, idle_ms(m, wait_ms), m->wake_fd, done, MAIL_CAPACITY);
    uint64_t raised;
    ssize_t n = read(m->wake_fd, &raised, sizeof raised);
    (void)n; /* nothing to read is fine: `woken` tells */
    if (count > 0)
        step(m, "results");
    take_results(m, done, count);
    record(m);
}

static void *run(void *arg)
{
    struct mailer *m = arg;
    while (!atomic_load(&m->stopping))
        mailer_step(m, MAILER_POLL_MS);

    int64_t end_ms = env_mono_ms(m->env) + atomic_load(&m->grace_ms);
    while (count_flights(m, FLIGHT_FREE) < MAIL_CAPACITY) {
        int64_t left_ms = end_ms - env_mono_ms(m->env);
        if (left_ms <= 0)
            break;
        mailer_step(m, (int)left_ms);
    }
    return NULL;
}

/* ---- life ---- */

struct mailer *mailer_new(const struct mailer_config *config)
{
    struct mailer *m = calloc(1, sizeof *m);
    char *from = strdup(config->from);
    int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (!m || !from || wake_fd < 0)
        abort(); /* at start: no memory for the first things */
    m->from = from;
    m->wake_fd = wake_fd;
#ifdef CAREOPS_SEEDED
    pthread_mutex_init(&m->early_lock, NULL);
#endif
    m->db = config->db;
    m->env = config->env;
    m->seal = config->seal;
    m->provider = config->provider;
    m->lease_s = config->lease_s > 0 ? config->lease_s : MAILER_LEASE_S;
    arena_init(&m->arena, ARENA_LIMIT);
    m->own = config->own;
    m->kin = config->kin;
    /* One name for the process: what either has in the air is left to it (mailer_queue.c). */
    if (m->kin)
        m->self = m->kin->self;
    else
        env_random(m->env, &m->self, sizeof m->self);
    m->step = config->step;
    m->step_self = config->step_self;
    /* A lease that ends before the delivery would let another begin the same message. */
    assert((int64_t)m->lease_s * 1000 > m->provider.timeout_ms);
    if (!mail_sender_parse(str_of(m->from), &m->from_name, &m->from_address)) {
        mailer_free(m);
        return NULL;
    }
    return m;
}

void mailer_start(struct mailer *m)
{
    /* Signals are for the thread that the program gave them to. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    m->running = pthread_create(&m->thread, NULL, run, m) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!m->running)
        abort(); /* at start: no threads */
}

void mailer_wake(void *arg)
{
    struct mailer *m = arg;
    if (!m)
        return;
    atomic_store(&m->woken, true);
    uint64_t one = 1;
    ssize_t n = write(m->wake_fd, &one, sizeof one);
    (void)n; /* it can only fail when it is raised already */
}

void mailer_stop(struct mailer *m, int grace_ms)
{
    if (!m->running)
        return;
    atomic_store(&m->grace_ms, grace_ms);
    atomic_store(&m->stopping, true);
    mailer_wake(m);
    pthread_join(m->thread, NULL);
    m->running = false;
}

void mailer_free(struct mailer *m)
{
    if (!m)
        return;
    mailer_stop(m, 0);
    m->provider.free(m->provider.self);
    arena_done(&m->arena);
    close(m->wake_fd);
    free(m->from);
    free(m);
}

struct mailer_stats mailer_stats(const struct mailer *m)
{
    return (struct mailer_stats){
        .sent = atomic_load(&m->sent),
        .retried = atomic_load(&m->retried),
        .unknown = atomic_load(&m->unknown),
        .failed = atomic_load(&m->failed),
        .under_way = atomic_load(&m->under_way),
    };
}
