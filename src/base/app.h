/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * app: what lives as long as the program and what a feature may reach through w->app. Everything
 * here is immutable after start or has its own lock. Lower floors see only these pointers (forward
 * declarations), never app's own code.
 */
#ifndef CAREOPS_BASE_APP_H
#define CAREOPS_BASE_APP_H

/* Forward declarations only: a lower floor passes these pointers on and knows nothing of them. */
struct account;
struct db;
struct dispatcher;
struct env;
struct http_server;
struct limiter;
struct mail_provider_config;
struct mailer;
struct seal;
struct shells;
struct streams;

struct app {
    struct account *account;
    struct db *db;
    const struct env *env;
    struct limiter *limiter;
    struct dispatcher *dispatcher;
    struct http_server *server;              /* NULL where nothing is served (demo, tests) */
    const struct mail_provider_config *mail; /* the program's; NULL in tests */
    struct mailer *mailer;                   /* NULL in tests: queued messages wait */
    const struct seal *seal;                 /* NULL in tests and where nothing is written */
    struct streams *streams;                 /* NULL where nothing is served */
    const struct shells *shells;
    const char *base_url; /* without a trailing slash; the only origin that links are made from */
    const char *data;     /* the data folder: for files that live as long as a request */
    const char *mail_dir; /* file: mode's folder, NULL otherwise */
    const char *resend_webhook_secret; /* NULL: nobody reports to us */
    const char *inbound_address;       /* to which clients answer; NULL: to the business's own */
    const char
        *mail_from; /* the sender's bare address, to know our own letters by; NULL in tests */
    int pick_s;     /* how long a picked time is kept for its client */
};

#endif
