/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * password: hashing behind a gate.
 *
 * One hash takes 19 MiB and about 20 ms of a core. The gate lets two run and QUEUE_MAX wait, so
 * that a flood of sign-ins costs bounded memory and leaves cores for everything else; who comes
 * after that is told to come again. The routes that lead here are `slow` (http/route.h), so that
 * who waits takes no worker from the rest.
 */
#include "account/internal.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>

enum { RUNNING_MAX = 2, QUEUE_MAX = 64, RETRY_AFTER_S = 2 };
enum { OPSLIMIT = 2, MEMLIMIT = 19 * 1024 * 1024 };

static_assert(PASSWORD_HASH_TEXT >= crypto_pwhash_STRBYTES, "room for a hash");

struct account {
    struct limiter *limiter;
    bool secure_cookie;
    pthread_mutex_t mutex; /* a leaf: nothing else is locked under it */
    pthread_cond_t turn;
    int running, waiting;            /* under the mutex */
    char nobody[PASSWORD_HASH_TEXT]; /* the hash of a password that nobody knows; fixed */
};

struct account *account_new(const struct env *env, struct limiter *limiter, bool secure_cookie)
{
    if (sodium_init() < 0)
        return NULL;
    struct account *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    char unknown[TOKEN_BYTES];
    env_random(env, unknown, sizeof unknown);
    if (crypto_pwhash_str(a->nobody, unknown, sizeof unknown, OPSLIMIT, MEMLIMIT) != 0) {
        free(a);
        return NULL;
    }
    a->limiter = limiter;
    a->secure_cookie = secure_cookie;
    pthread_mutex_init(&a->mutex, NULL);
    pthread_cond_init(&a->turn, NULL);
    return a;
}

void account_free(struct account *a)
{
    if (!a)
        return;
    assert(a->running == 0 && a->waiting == 0);
    pthread_cond_destroy(&a->turn);
    pthread_mutex_destroy(&a->mutex);
    free(a);
}

struct limiter *account_limiter(const struct account *a)
{
    return a->limiter;
}

bool account_secure_cookie(const struct account *a)
{
    return a->secure_cookie;
}

static enum result gate_enter(struct account *a, struct problem *p)
{
    pthread_mutex_lock(&a->mutex);
    if (a->waiting >= QUEUE_MAX) {
        pthread_mutex_unlock(&a->mutex);
        p->retry_after_s = RETRY_AFTER_S;
        return problem_set(p, BUSY, "too_busy", "Too many are signing in. Try again in a moment.");
    }
    a->waiting++;
    while (a->running >= RUNNING_MAX)
        pthread_cond_wait(&a->turn, &a->mutex);
    a->waiting--;
    a->running++;
    pthread_mutex_unlock(&a->mutex);
    return OK;
}

static void gate_leave(struct account *a)
{
    pthread_mutex_lock(&a->mutex);
    a->running--;
    pthread_cond_signal(&a->turn);
    pthread_mutex_unlock(&a->mutex);
}

enum result account_hash_password(struct account *a, struct problem *p, struct str password,
                                  char ret[static PASSWORD_HASH_TEXT])
{
    enum result r = gate_enter(a, p);
    if (r != OK)
        return r;
    char hash[PASSWORD_HASH_TEXT];
    int failed = crypto_pwhash_str(hash, password.ptr, password.len, OPSLIMIT, MEMLIMIT);
    gate_leave(a);
    if (failed) { /* only for want of memory */
        p->retry_after_s = RETRY_AFTER_S;
        return problem_set(p, BUSY, "too_busy", "There is no memory for this now. Try again.");
    }
    memcpy(ret, hash, sizeof hash);
    return OK;
}

enum result password_verify(struct account *a, struct problem *p, struct str password,
                            const char *hash, bool *ret_same)
{
    enum result r = gate_enter(a, p);
    if (r != OK)
        return r;
    bool same = crypto_pwhash_str_verify(hash ? hash : a->nobody, password.ptr, password.len) == 0;
    gate_leave(a);
    *ret_same = same && hash;
    return OK;
}

bool password_outdated(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, OPSLIMIT, MEMLIMIT) != 0;
}
