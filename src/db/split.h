/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * split: what has been written so far is committed, and the rest becomes a transaction of its own:
 * the defect that several of base/seeded.h share. Only SQLite's writer can be split so. Called
 * behind SEEDED() alone, so the program as it is built has none of it.
 */
#ifndef CAREOPS_DB_SPLIT_H
#define CAREOPS_DB_SPLIT_H

#include "base/seeded.h"
#include "db/db.h"

static inline enum result db_split(struct db_tx *tx)
{
    if (db_tx_engine(tx) != DB_SQLITE)
        return OK;
    enum result r = db_exec(tx, "COMMIT");
    if (r == OK)
        r = db_exec(tx, "BEGIN IMMEDIATE");
    return r == OK ? db_exec(tx, "SAVEPOINT one") : r;
}

#endif
