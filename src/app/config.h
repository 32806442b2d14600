/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * config: every setting stands once in one table: name, default, check, words. Flags, environment,
 * --help, `careops config` and the reference page come from it.
 *
 * A flag wins over the environment, the environment over the default. Secrets have no flag, since
 * other users of a machine can read a command line.
 */
#ifndef CAREOPS_APP_CONFIG_H
#define CAREOPS_APP_CONFIG_H

#include "base/arena.h"
#include "base/result.h"

#include <stdbool.h>
#include <stdio.h>

struct config {
    const char *listen;
    const char *db;
    const char *mail;
    const char *mail_from;
    const char *mail_private;
    const char *base_url;
    const char *data;
    const char *rate_limit;
    const char *pick_seconds;
    const char *trusted_proxies;
    const char *secret_key;
    const char *resend_api_key;
    const char *resend_webhook_secret;
    const char *resend_url;
    const char *resend_rate;
    const char *inbound_address;
    const char *imap;
    const char *imap_password;
    const char *ca_file;
    const char *log_level;
    const char *workers;
    const char *db_connections;
    const char *header_ms;
    const char *body_ms;
};

enum { CONFIG_ERROR_TEXT = 320 };

/* Reads `--name value` and `--name=value` and the environment; checks each value; fills in what
 * follows from others (database and mail folder in the data folder, base URL from the address).
 * INVALID with one clear line. Touches nothing on disk. Arguments that are not flags end up in
 * ret_rest (at most rest_max). */
enum result config_read(struct arena *a, int argc, char **argv, struct config *ret,
                        const char **ret_rest, size_t rest_max, size_t *ret_rest_count,
                        char ret_error[static CONFIG_ERROR_TEXT]) must_check;

int config_int(const char *value);
bool config_on(const char *value);
bool config_rate_limit(const struct config *c);

/* The table as --help shows it, as `careops config` shows it (with values, secrets hidden), and as
 * the reference page in docs/. */
void config_help(FILE *out);
void config_show(const struct config *c, FILE *out);
void config_reference(FILE *out);

#endif
