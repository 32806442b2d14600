/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * program: the running whole: opens what the settings name, in a fixed order, and closes it in the
 * reverse one.
 *
 * The port is bound before the database is opened, so that a port in use is told before anything is
 * touched.
 */
#ifndef CAREOPS_APP_PROGRAM_H
#define CAREOPS_APP_PROGRAM_H

#include "app/config.h"

/* Each prints one clear line to stderr on failure and returns the process's exit status. */
int program_serve(const struct config *c);
int program_migrate(const struct config *c);
int program_scrub(const struct config *c);
int program_demo(const struct config *c);
/* The mails that belong nowhere: a list of them, or (id) one as it came. */
int program_unmatched(const struct config *c, const char *id);
int program_openapi(const struct config *c);
/* Looks at the database and reports (inspect/inspect.h). The whole command line: `careops audit
 * [--json] [--only NAME,…] [--list]` and settings. 0: all holds, 1: findings, 2: it could not look.
 */
int program_audit(int argc, char **argv);

#endif
