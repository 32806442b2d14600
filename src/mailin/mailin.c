/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mailin: the threads of the two ways in. See mailin.h. */
#include "mailin/internal.h"

#include "mail/provider.h"

#include <signal.h>
#include <uv.h>

struct way {
    struct mailin *m;
    uv_thread_t thread;
    struct nap nap;
    bool runs;
};

struct mailin {
    struct mailbox *mailbox; /* NULL: no mailbox is watched */
    struct fetcher *fetcher; /* NULL: nothing is fetched */
    struct way watching, fetching;
    atomic_bool stopping;
};

enum result mailin_new(const struct mailin_config *config, struct mailin **ret,
                       char ret_error[static MAILIN_SETTING_TEXT])
{
    struct mailin *m = calloc(1, sizeof *m);
    if (!m)
        abort(); /* at start: no memory for the first things */
    mail_network_begin();
    incoming_init();
    *ret = m;
    if (config->imap_url && !(m->mailbox = mailbox_new(config, ret_error))) {
        mailin_stop(m);
        *ret = NULL;
        return INVALID;
    }
    if (config->resend_url && config->resend_api_key && !(m->fetcher = fetcher_new(config))) {
        snprintf(ret_error, MAILIN_SETTING_TEXT,
                 "CAREOPS_RESEND_URL must be https://, or http:// to this machine");
        mailin_stop(m);
        *ret = NULL;
        return INVALID;
    }
    return OK;
}

static void run_mailbox(void *arg)
{
    struct way *way = arg;
    mailbox_run(way->m->mailbox, &way->nap, &way->m->stopping);
}

static void run_fetcher(void *arg)
{
    struct way *way = arg;
    fetcher_run(way->m->fetcher, &way->nap, &way->m->stopping);
}

static void start(struct mailin *m, struct way *way, void (*run)(void *))
{
    sigset_t all, before;
    way->m = m;
    way->runs = true;
    nap_init(&way->nap);
    /* Signals are for the thread that the program gave them to. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (uv_thread_create(&way->thread, run, way) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void mailin_start(struct mailin *m)
{
    if (m->mailbox)
        start(m, &m->watching, run_mailbox);
    if (m->fetcher)
        start(m, &m->fetching, run_fetcher);
}

static void stop(struct way *way)
{
    if (!way->runs)
        return;
    nap_wake(&way->nap);
    uv_thread_join(&way->thread);
    nap_done(&way->nap);
}

void mailin_stop(struct mailin *m)
{
    if (!m)
        return;
    atomic_store(&m->stopping, true);
    if (m->fetcher)
        fetcher_stop(m->fetcher);
    stop(&m->watching);
    stop(&m->fetching);
    mailbox_free(m->mailbox);
    fetcher_free(m->fetcher);
    free(m);
    mail_network_end();
}

bool mailin_once(struct mailin *m)
{
    bool ok = !m->mailbox || mailbox_once(m->mailbox);
    while (m->fetcher && fetcher_once(m->fetcher) > 0)
        ;
    return ok;
}
