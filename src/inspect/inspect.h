/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * inspect: whether everything that a database of ours must be is so, asked of the database alone.
 *
 * `careops audit` reads a live database, a stopped one or a restored copy, of either engine, and
 * writes nothing. What a check is, `careops audit --list` says in a question each; the checks stand
 * with their SQL in the files of this folder by what they are about:
 *
 * - database.c: the file itself (on PostgreSQL what it says of itself; its amcheck looks into the
 *   pages of an index, which no statement does), and every guard that the migrations put up:
 * tables, indexes, constraints, triggers, row-level security;
 * - belongs.c: rows of a business that is none; references, whether the schema declares them or
 * not, always within one business;
 * - diary.c: overlap with buffers; holds, services and states against their bookings; what an undo
 *   goes back to;
 * - ledger.c: movements at every prefix, sums, causes, reservations and their ends, stocktakes;
 * - letters.c: the outbox and the jobs, by themselves and against the bookings;
 * - events.c: the audit trail: what was made has its event, a booking as many as its version says;
 * - sums.c: what is kept beside the rows that it follows from; the menu; merged and erased clients;
 *   records of answered requests.
 *
 * What a database cannot answer, and who does: whether an answer that was given is there at all
 * (a Chaos Day asks its players); whether a letter reached its reader, once (the provider's log);
 * whether slots were offered rightly (tests/sim); whether a service's gates are judged rightly
 * (booking.gates_unmet is asked of what the program would say today, and so has no check here);
 * whether the words by which clients and messages are found are right beyond what stands in sums.c.
 *
 * Each check sees one moment: it has one snapshot of its own, so a server at work gives no false
 * finding. Checks follow each other, so that no snapshot keeps a log from being cut for longer than
 * one of them takes. The memory is that of one page of rows, however large the database: tables are
 * walked in the order of an index, and neighbours compared.
 */
#ifndef CAREOPS_INSPECT_INSPECT_H
#define CAREOPS_INSPECT_INSPECT_H

#include "db/db.h"

#include <stdio.h>

enum { FINDINGS_TOLD = 20 }; /* of each check; all are counted */

struct inspect_options {
    bool json;
    const char *only; /* names with commas between them; NULL: every check */
};

/* The process's exit status. */
enum inspect_status {
    INSPECT_HOLDS = 0,
    INSPECT_FINDINGS = 1,
    INSPECT_BLIND = 2, /* it could not look, or tell; also where one check could not, and no other
                          found */
};

/* Looks, and writes the report to `out`. `db` was opened read-only. INSPECT_BLIND with words in
 * ret_error, and no report, where there is nothing to look at: another schema, an unknown name.
 * Words in ret_error with any status where the report did not reach `out`. */
enum inspect_status inspect(struct db *db, const struct env *env,
                            const struct inspect_options *options, FILE *out,
                            char ret_error[static DB_ERROR_TEXT]) must_check;

/* A line for each check: its name, a tab, its question. */
void inspect_list(FILE *out);

#endif
