/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* database: the file itself, and the guards that the migrations put up. See inspect.h. */
#include "inspect/internal.h"

/* ---- the file ---- */

/* One line, "ok", or a line for each fault. PostgreSQL has no such question; what it says of itself
 * are indexes and constraints that it knows to be no good. */
#define SQLITE_INTACT "SELECT integrity_check FROM pragma_integrity_check LIMIT 100"
#define POSTGRES_INTACT                                                                \
    "SELECT 'index ' || c.relname || ' is not valid' FROM pg_index i JOIN pg_class c"  \
    " ON c.oid = i.indexrelid WHERE c.relnamespace = current_schema()::regnamespace"   \
    " AND NOT (i.indisvalid AND i.indisready AND i.indislive)"                         \
    " UNION ALL SELECT 'constraint ' || n.conname || ' was never checked on old rows'" \
    " FROM pg_constraint n WHERE n.connamespace = current_schema()::regnamespace"      \
    " AND NOT n.convalidated LIMIT 100"

static enum result intact_run(struct looking *l)
{
    struct db_rows r;
    enum result res = db_query(l->tx, &r, db_sql(l->tx, SQLITE_INTACT, POSTGRES_INTACT));
    /* Pages that make no sense end the question itself. */
    if (res == INTERNAL)
        found_at(l, "database", "cannot be read through: the log says why");
    if (res != OK)
        return res;
    l->looked_at = 1;
    for (size_t i = 0; i < r.count; i++)
        if (!str_is(db_str(&r, i, 0), "ok"))
            found_at(l, "database", STR_FMT, STR_ARG(db_str(&r, i, 0)));
    return OK;
}

/* ---- the guards ---- */

static enum result guards_run(struct looking *l)
{
    struct db_schema_fault *faults;
    size_t count;
    enum result res = db_schema_faults(l->tx, &l->looked_at, &faults, &count);
    for (size_t i = 0; res == OK && i < count; i++)
        found_at(l, str_z(l->arena, faults[i].object), "%s", faults[i].problem);
    return res;
}

static const struct check checks[] = {
    {
        .name = "intact",
        .question = "Does the database find its own pages and indexes whole?",
        .unit = "database",
        .next = "Stop the program, keep a copy of the files as they are, and restore a backup.",
        .run = intact_run,
    },
    {
        .name = "guards",
        .question = "Is every table, index, constraint, trigger and policy there that the "
                    "migrations put up?",
        .unit = "objects",
        .next = "Somebody has changed the schema past the program. Restore a backup, or put the "
                "guard back as migrations/ has it, once the other checks hold.",
        .run = guards_run,
    },
};
const struct check_list database_checks = CHECK_LIST(checks);
