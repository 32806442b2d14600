/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * transfer: clients in from a table and out into one.
 *
 * Out: all clients as CSV that is safe to open in a spreadsheet (csv.h), page by page into a file,
 * so in bounded memory; who is changed meanwhile stands there as before or after. Taking it in
 * again gives the same clients.
 *
 * In: at most IMPORT_LINES_MAX lines, which keep SQLite's one writer for a second or two, and as
 * many bytes as a request may have. The first line names
 * the columns; what each means is guessed from its name or said by `mapping`. Each line is read by
 * the rules of POST /clients and becomes one of
 *   create  nobody here is this client
 *   update  somebody is (by id, by address, else by whole name and number), differs, and
 * on_existing is "update": what the line says replaces what is there, empty cells change nothing
 *   skip    somebody is, and nothing is to be done
 *   error   what is wrong is said by column; the other lines are taken in all the same
 * The preview is the plan, and the import makes the same plan and carries it out, in one
 * transaction. With the preview's `plan` it refuses (409 plan_changed) where the plan would now be
 * another. Each client has its audit event, and the import one with the counts.
 */
#ifndef CAREOPS_TRANSFER_TRANSFER_H
#define CAREOPS_TRANSFER_TRANSFER_H

#include "http/route.h"

enum { IMPORT_LINES_MAX = 2000 };

extern const struct route_table export_table;
extern const struct route_table audit_csv_table; /* GET /clients/export.csv */
extern const struct route_table import_table;    /* POST /client-imports… */

#endif
