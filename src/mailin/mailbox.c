/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mailbox: watches a mailbox by IMAP. See mailin.h.
 *
 * It is read by numbers: what is above the last one that was taken is new. The numbers hold as long
 * as the server says so (UIDVALIDITY); when it has given new ones, what has come in the last weeks
 * is looked at again, and the mails' keys tell which of it is new. Nothing in the mailbox is
 * changed. What lay there more than two days before CareOps first heard of the mailbox is not read.
 *
 * A server that does not answer is asked again after 5 s, doubling to 5 min; a mail for which the
 * database has no place just now, the same. A mail that ends the program each time that it is read,
 * or that the server will not give, is passed over the fourth time, so that it cannot keep all
 * others from being read.
 */
#include "mailin/internal.h"

#include "base/log.h"
#include "base/seal.h"

#include <sodium.h>
#include <string.h>

enum {
    SLICE_MS = 10 * 1000, /* of waiting, after which the lease is looked after */
    BACKOFF_MIN_MS = 5 * 1000,
    BACKOFF_MAX_MS = 5 * 60 * 1000,
    FOLLOW_MS = 5 * 1000, /* another process reads: so often whether it still does */
    NAME_TEXT = 33,
    OWNER_TEXT = 17,
    ROUNDS_MAX = 100, /* batches in one go, so that waiting has its turn */
};

struct mailbox {
    const struct app *app;
    struct imap_setting setting;
    char *password, *ca_file;
    char name[NAME_TEXT], owner[OWNER_TEXT];
    struct mailbox_state state;
    struct imap *imap;
    int wake_fd;
    bool told_away; /* the log knows that the server does not answer */
    void (*step)(void *self, const char *where);
    void *step_self;
};

static void step(const struct mailbox *b, const char *where)
{
    if (b->step)
        b->step(b->step_self, where);
}

/* ---- connecting ---- */

static void hang_up(struct mailbox *b)
{
    imap_close(b->imap);
    b->imap = NULL;
}

static bool connect_to(struct mailbox *b)
{
    char error[IMAP_ERROR_TEXT] = "";
    struct imap_config config = {
        .setting = &b->setting,
        .password = b->password,
        .ca_file = b->ca_file,
        .mail_max = INCOMING_SIZE_MAX,
        .wake_fd = b->wake_fd,
    };
    b->imap = imap_open(&config, error);
    if (!b->imap && !b->told_away)
        log_event(LOG_WARN, "mailbox cannot be read", "s:why", error, NULL);
    else if (b->imap)
        log_event(LOG_INFO, "mailbox is watched", "s:by",
                  imap_can_idle(b->imap) ? "idle" : "asking", NULL);
    b->told_away = !b->imap;
    return b->imap != NULL;
}

static void lost(struct mailbox *b)
{
    log_event(LOG_INFO, "mailbox connection ended", "s:why", imap_error(b->imap), NULL);
    hang_up(b);
}

/* ---- reading what is new ---- */

static bool take_one(struct mailbox *b, int64_t uid)
{
    struct mailin_mail mail = {.source = SOURCE_IMAP};
    struct arena arena;
    bool again;
    step(b, "try");
    if (mailbox_try(b->app, &b->state, uid, &again) != OK)
        return false;
    if (!again) {
        log_event(LOG_ERROR, "mail passed over: it could not be read three times", "i:uid", uid,
                  NULL);
        return mailbox_take(b->app, &b->state, uid, NULL) == OK;
    }
    step(b, "fetch");
    if (!imap_fetch(b->imap, uid, &mail.raw)) {
        if (!imap_refused(b->imap))
            mailbox_not_tried(b->app, &b->state);
        lost(b);
        return false;
    }
    step(b, "take");
    if (!mail.raw.ptr) /* somebody has deleted it meanwhile */
        return mailbox_take(b->app, &b->state, uid, NULL) == OK;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    incoming_read(&arena, mail.raw, &mail.in);
    enum result res = mailbox_take(b->app, &b->state, uid, &mail);
    arena_done(&arena);
    if (res == BUSY)
        mailbox_not_tried(b->app, &b->state);
    step(b, "taken");
    return res == OK;
}

/* One batch; *ret_count tells how many there were. */
static bool read_batch(struct mailbox *b, size_t *ret_count)
{
    int64_t uids[IMAP_UIDS_MAX];
    int64_t validity = imap_uid_validity(b->imap);
    *ret_count = 0;
    if (validity != b->state.uid_validity && mailbox_renumbered(b->app, &b->state, validity) != OK)
        return false;
    step(b, "search");
    if (!imap_search(b->imap, b->state.last_uid + 1, b->state.since_s, uids, ret_count)) {
        lost(b);
        return false;
    }
    for (size_t i = 0; i < *ret_count; i++) {
        if (mailbox_lease(b->app, &b->state) != OK || !b->state.held)
            return false;
        if (!take_one(b, uids[i]))
            return false;
    }
    return true;
}

static bool read_all(struct mailbox *b)
{
    size_t count = 1;
    for (int i = 0; i < ROUNDS_MAX && count > 0; i++)
        if (!read_batch(b, &count))
            return false;
    return true;
}

/* ---- watching ---- */

/* The lease is ours, and there is a connection. */
static bool ready(struct mailbox *b)
{
    step(b, "lease");
    if (mailbox_lease(b->app, &b->state) != OK || !b->state.held) {
        if (b->imap)
            hang_up(b);
        return false;
    }
    return b->imap || connect_to(b);
}

bool mailbox_once(struct mailbox *b)
{
    return ready(b) && read_all(b);
}

void mailbox_run(struct mailbox *b, struct nap *nap, const atomic_bool *stopping)
{
    int backoff_ms = BACKOFF_MIN_MS;
    b->wake_fd = nap->fd;
    while (!atomic_load(stopping)) {
        if (!mailbox_once(b)) {
            bool follows = !b->state.held;
            nap_for(nap, follows ? FOLLOW_MS : backoff_ms);
            backoff_ms = 2 * backoff_ms < BACKOFF_MAX_MS ? 2 * backoff_ms : BACKOFF_MAX_MS;
            if (follows)
                backoff_ms = BACKOFF_MIN_MS;
            continue;
        }
        backoff_ms = BACKOFF_MIN_MS;
        if (imap_wait(b->imap, SLICE_MS) == IMAP_GONE)
            lost(b);
    }
    if (b->imap)
        hang_up(b);
    mailbox_let_go(b->app, &b->state);
}

/* ---- life ---- */

/* One row for each login and mailbox; a hash, since a login is nobody's business. */
static void name_row(struct mailbox *b)
{
    crypto_generichash_state state;
    unsigned char hash[(NAME_TEXT - 1) / 2];
    const char *parts[] = {b->setting.url, b->setting.user, b->setting.mailbox};
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        crypto_generichash_update(&state, (const unsigned char *)parts[i], strlen(parts[i]) + 1);
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(b->name, sizeof b->name, hash, sizeof hash);
}

struct mailbox *mailbox_new(const struct mailin_config *config,
                            char ret_error[static MAILIN_SETTING_TEXT])
{
    struct mailbox *b = calloc(1, sizeof *b);
    unsigned char chance[(OWNER_TEXT - 1) / 2];
    char error[IMAP_ERROR_TEXT] = "";
    if (!b)
        abort(); /* at start: no memory for the first things */
    if (!imap_setting_read(config->imap_url, &b->setting, error)) {
        snprintf(ret_error, MAILIN_SETTING_TEXT, "%s", error);
        free(b);
        return NULL;
    }
    b->app = config->app;
    b->wake_fd = -1;
    b->step = config->step;
    b->step_self = config->step_self;
    b->password = strdup(config->imap_password ? config->imap_password : "");
    b->ca_file = config->ca_file ? strdup(config->ca_file) : NULL;
    env_random(b->app->env, chance, sizeof chance);
    sodium_bin2hex(b->owner, sizeof b->owner, chance, sizeof chance);
    name_row(b);
    b->state = (struct mailbox_state){.name = b->name, .owner = b->owner};
    return b;
}

void mailbox_free(struct mailbox *b)
{
    if (!b)
        return;
    hang_up(b);
    imap_setting_done(&b->setting);
    str_wipe(str_of(b->password));
    free(b->password);
    free(b->ca_file);
    free(b);
}
