/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * pg_server: a PostgreSQL for tests, and fresh databases in it.
 *
 * Where CAREOPS_TEST_POSTGRES names a maintenance database, that server is used. Else a private
 * cluster is made in a temporary folder (as user postgres when root), reachable by its unix socket
 * alone; it dies with the test's process however that ends.
 */
#ifndef CAREOPS_TESTS_PG_SERVER_H
#define CAREOPS_TESTS_PG_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

enum { PG_URL_TEXT = 1024 };

struct pg_server {
    char folder[64];             /* "" = somebody else's server */
    char admin_url[PG_URL_TEXT]; /* a superuser's where the cluster is private */
    pid_t pid;
    unsigned databases;
};

/* Ends the process with a clear line where no server can be had: a test that needs one must not
 * pass without. `durable` leaves fsync on (for measurements). */
void pg_server_start(struct pg_server *s, bool durable);
void pg_server_stop(struct pg_server *s);

/* Creates an empty database and gives its address, as a role that owns it and may no more. */
void pg_server_database(struct pg_server *s, char ret_url[static PG_URL_TEXT]);
/* Runs one statement as the administrator. */
void pg_server_run(const char *url, const char *sql);

#endif
