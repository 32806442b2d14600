/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* provider: see provider.h. */
#include "provider.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    MEMORY_MS = 24 * 3600 * 1000,
    TIMEOUT_MS = 15000,
    FAULTS_OF_100 = 30,
    PAUSE_MAX_S = 45,
    PER_SECOND = 10,
    READ_BYTES = 1 << 16,
};

/* ---- what it remembers ---- */

static struct taken_key *place_of(const struct sim_provider *p, const char *key)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (const char *c = key; *c; c++)
        h = (h ^ (unsigned char)*c) * UINT64_C(1099511628211);
    for (size_t i = 0;; i++) {
        struct taken_key *k = &p->keys[(h + i) % KEYS_MAX];
        if (!k->key[0] || strcmp(k->key, key) == 0)
            return k;
    }
}

static const char *after(const char *line, const char *name)
{
    const char *found = strstr(line, name);
    return found ? found + strlen(name) : NULL;
}

static void remember(struct sim_provider *p, const char *key, uint64_t sum, int64_t at_ms)
{
    struct taken_key *k = place_of(p, key);
    snprintf(k->key, sizeof k->key, "%s", key);
    k->sum = sum;
    k->at_ms = at_ms;
}

static void read_line(struct sim_provider *p, const char *line)
{
    char key[KEY_TEXT];
    const char *at = after(line, "\"t\":"), *name = after(line, "\"key\":\""),
               *sum = after(line, "\"sum\":\"");
    if (!at || !name || !sum || !strstr(line, "\"got\":\"taken\""))
        return;
    snprintf(key, sizeof key, "%.*s", (int)strcspn(name, "\""), name);
    remember(p, key, strtoull(sum, NULL, 16), strtoll(at, NULL, 10));
}

/* What this life or another has written since. */
static void catch_up(struct sim_provider *p)
{
    static char part[READ_BYTES + 1];
    for (;;) {
        ssize_t n = pread(p->life->provider_fd, part, READ_BYTES, p->read_to);
        if (n <= 0)
            return;
        part[n] = '\0';
        char *line = part, *end;
        while ((end = strchr(line, '\n'))) {
            *end = '\0';
            read_line(p, line);
            line = end + 1;
        }
        if (line == part)
            return;
        p->read_to += line - part;
    }
}

/* ---- a call ---- */

static uint64_t sum_of(const struct mail *m)
{
    struct buf text;
    buf_init(&text, MAIL_SIZE_MAX);
    mail_write(&text, m);
    uint64_t sum = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < text.len; i++)
        sum = (sum ^ (unsigned char)text.ptr[i]) * UINT64_C(1099511628211);
    buf_done(&text);
    return sum;
}

struct answer {
    bool takes;
    int64_t after_ms;
    const char *said;
    struct mail_result result;
};

static struct answer answer_of(struct life *l)
{
    struct answer a = {.takes = true, .said = "accepted", .result = {.outcome = MAIL_ACCEPTED}};
    if (chance_of(l, 100) >= FAULTS_OF_100)
        return a;
    a.result.outcome = MAIL_UNKNOWN;
    switch (chance_of(l, 6)) {
    case 0:
        a = (struct answer){.said = "503",
                            .result = {.outcome = MAIL_RETRY, .error = "It is ill."}};
        break;
    case 1:
        a = (struct answer){.said = "429",
                            .result = {.outcome = MAIL_RETRY,
                                       .pause = true,
                                       .retry_after_s = 1 + (int)chance_of(l, PAUSE_MAX_S),
                                       .error = "Too many."}};
        break;
    case 2: a.said = "reset after it was taken"; break;
    case 3:
        a.said = "hangs";
        a.after_ms = TIMEOUT_MS;
        a.takes = chance_of(l, 2);
        break;
    case 4: a.said = "garbage"; break;
    default: a.said = "reset"; a.takes = false;
    }
    snprintf(a.result.error, sizeof a.result.error, "%s", a.said);
    return a;
}

/* One call at a time, in whichever process. Who dies in here lets the others in. */
static const char *take(struct sim_provider *p, const char *key, const struct mail *m,
                        const struct answer *a)
{
    struct life *l = p->life;
    uint64_t sum = sum_of(m);
    while (flock(l->provider_fd, LOCK_EX) != 0)
        continue;
    catch_up(p);
    int64_t now_ms = right_ms(l);
    const struct taken_key *k = place_of(p, key);
    bool known = k->key[0] && now_ms - k->at_ms < MEMORY_MS && !l->forgets_keys;
    const char *got = known && k->sum != sum ? "differs"
                      : !a->takes            ? "not"
                      : known                ? "again"
                                             : "taken";
    note(l->provider_fd,
         "{\"t\":%" PRId64 ",\"w\":%" PRId64 ",\"life\":%" PRId64
         ",\"key\":\"%s\",\"sum\":\"%016" PRIx64 "\",\"got\":\"%s\",\"said\":\"%s\"}\n",
         now_ms, wall_at(l, now_ms), l->number, key, sum, got, a->said);
    flock(l->provider_fd, LOCK_UN);
    return got;
}

static void begin(void *self, const struct mail *m, uint64_t ticket)
{
    struct sim_provider *p = self;
    char key[KEY_TEXT];
    if (p->pending_count == MAIL_CAPACITY || m->key.len >= sizeof key)
        abort();
    snprintf(key, sizeof key, STR_FMT, STR_ARG(m->key));
    struct answer a = answer_of(p->life);
    may_die(p->life);
    take(p, key, m, &a);
    may_die(p->life);
    p->pending[p->pending_count] = (struct mail_done){ticket, a.result};
    p->ready_ms[p->pending_count++] = right_ms(p->life) + a.after_ms;
}

static size_t poll_done(void *self, int wait_ms, int wake_fd, struct mail_done *ret, size_t max)
{
    struct sim_provider *p = self;
    size_t n = 0, kept = 0;
    (void)wait_ms; /* time moves only where the simulation moves it */
    (void)wake_fd;
    for (size_t i = 0; i < p->pending_count; i++) {
        if (n < max && p->ready_ms[i] <= right_ms(p->life)) {
            ret[n++] = p->pending[i];
            continue;
        }
        p->pending[kept] = p->pending[i];
        p->ready_ms[kept++] = p->ready_ms[i];
    }
    p->pending_count = kept;
    return n;
}

static void leave(void *self)
{
    (void)self;
}

int64_t sim_provider_next_ms(const struct sim_provider *p)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < p->pending_count; i++)
        next = p->ready_ms[i] < next ? p->ready_ms[i] : next;
    return next;
}

void sim_provider_init(struct sim_provider *p, struct life *l)
{
    *p = (struct sim_provider){.life = l, .keys = calloc(KEYS_MAX, sizeof *p->keys)};
    if (!p->keys)
        abort();
    p->provider = (struct mail_provider){
        .self = p,
        .name = "simulated",
        .remembers_keys_s = 20 * 3600,
        .per_second = PER_SECOND,
        .timeout_ms = TIMEOUT_MS,
        .begin = begin,
        .poll = poll_done,
        .free = leave,
    };
}
