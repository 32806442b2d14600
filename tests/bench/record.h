/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * record: the statements that the program itself runs for one booking and for one answer of free
 * times, as its own routes run them on a fresh database.
 */
#ifndef CAREOPS_TESTS_BENCH_RECORD_H
#define CAREOPS_TESTS_BENCH_RECORD_H

#include "db/db.h"

enum { STATEMENTS_MAX = 200 };

struct statement {
    const char *sql;
    size_t count;
    struct db_value *params;
};

struct recording {
    size_t count;
    struct statement statements[STATEMENTS_MAX];
    struct arena *arena; /* what the statements' parameters live in */
    /* Ids made meanwhile lie between these two. */
    int64_t first_id, last_id;
};

struct recordings {
    struct recording booking, availability;
    int64_t start_s;      /* of the booking */
    struct str email;     /* of its client, who was unknown before */
    int64_t workspace_id; /* the business that all of it is about */
};

/*
 * Migrates the empty database, signs a business up in it (one person, one service of a quarter of
 * an hour, one material), and records. Ends the process with a line where anything is refused.
 */
void record_all(const struct env *env, struct db *db, struct arena *a, struct recordings *ret);

#endif
