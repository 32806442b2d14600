/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * backup: the commands `careops backup FILE` and `careops restore FILE`. See db/backup.h.
 *
 * Each is given the whole command line, since it has words of its own:
 *
 *   careops backup FILE|FOLDER [--force] [--setting value]…
 *   careops restore FILE [--setting value]…
 *
 * backup prints one line of JSON, restore a few lines. 0: done; 1: it could not be, and nothing was
 * changed; 2: the words make no sense, or the database is PostgreSQL's, and then what to do there
 * is said.
 */
#ifndef CAREOPS_APP_BACKUP_H
#define CAREOPS_APP_BACKUP_H

int backup_command(int argc, char **argv);
int restore_command(int argc, char **argv);

#endif
