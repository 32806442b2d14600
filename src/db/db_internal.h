/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * db_internal: what db.c, the two engines and the migrations share. Nobody outside src/db/ (and its
 * own tests) includes it.
 *
 * db.c owns what is the same on both engines: the dead transaction, the callbacks after the commit,
 * the words of a problem, the cells. An engine owns connections and says what went wrong as an
 * `enum db_fault`; db.c turns that into a result, once.
 */
#ifndef CAREOPS_DB_DB_INTERNAL_H
#define CAREOPS_DB_DB_INTERNAL_H

#include "db/db.h"

#include <stdatomic.h>

/* What a statement or a commit can meet. The table in db.c gives each its result and its words. */
enum db_fault {
    FAULT_NONE,
    FAULT_CONFLICT,       /* a constraint said no; tx->conflict names it */
    FAULT_TOO_BUSY,       /* a lock, a queue or a statement took longer than busy_ms */
    FAULT_STORAGE_FULL,   /* the disk is full; nothing was changed */
    FAULT_UNAVAILABLE,    /* nobody answers */
    FAULT_COMMIT_UNKNOWN, /* the answer to COMMIT was lost */
    FAULT_RERUN,          /* lost a race (40001, 40P01): fn may run again */
    FAULT_LOST,           /* the connection broke before COMMIT was sent: fn may run again */
    FAULT_INTERNAL,       /* ours; logged where it was found */
    FAULT__MAX
};

enum db_run_mode {
    RUN_EXEC,  /* nobody reads the result: an engine may put it off */
    RUN_COUNT, /* how many rows changed */
    RUN_ALL,   /* every row */
    RUN_ONE,   /* the first row; `rows->count` is 0 or 1 */
};

struct db_statement {
    enum db_run_mode mode;
    const char *sql;
    const struct db_value *params;
    size_t param_count;
    struct db_rows *rows; /* RUN_ALL, RUN_ONE */
    int64_t *changed;     /* RUN_COUNT */
};

struct db_after {
    void (*fn)(void *);
    void *arg;
};

/* Lives on the stack of the thread that called db_transact or db_view. */
struct db_tx {
    struct db *db;
    struct arena *arena;
    struct problem *problem;
    bool problem_was_set; /* before fn ran: then a rerun leaves it alone */
    bool read_only;
    bool patient;          /* migrations: no limit on how long a statement takes */
    struct db_reach reach; /* whose rows the next statement may touch */
    struct db_reach told;  /* PostgreSQL: what the server knows of it */
    enum db_fault fault;   /* of the first statement that failed; then the transaction is dead */
    char conflict[DB_CONFLICT_TEXT];
    struct db_after after[DB_AFTER_COMMIT_MAX];
    size_t after_count;
    void *conn; /* the engine's */
};

struct db_ops {
    /* Runs fn to its end: commit, rollback or rerun. What went wrong is in tx->fault. */
    enum result (*transact)(struct db_tx *tx, db_fn fn, void *arg);
    enum db_fault (*run)(struct db_tx *tx, const struct db_statement *s);
    enum db_fault (*flush)(struct db_tx *tx);
    /* Several statements in one text, without parameters: for migrations. */
    enum db_fault (*script)(struct db_tx *tx, const char *text,
                            char ret_error[static DB_ERROR_TEXT]);
    void (*close)(struct db *db);
    bool (*was_disturbed)(const struct db *db); /* NULL: never */
    enum result (*forget_log)(struct db *db);
    enum result (*scrub)(struct db *db, char ret_error[static DB_ERROR_TEXT]);
};

struct db_counters {
    _Atomic int64_t commits, groups, retries, rollbacks, queue_length;
};

/* An engine's own struct begins with this one. */
struct db {
    enum db_engine engine;
    const struct db_ops *ops;
    const struct env *env;
    int busy_ms;
    bool read_only; /* as in db_config */
    struct db_counters counters;
    db_watch_fn watch; /* NULL: nobody */
    void *watch_self;
};

enum result sqlite_open(const struct db_config *config, const char *path, struct db **ret,
                        char ret_error[static DB_ERROR_TEXT]) must_check;
enum result postgres_open(const struct db_config *config, struct db **ret,
                          char ret_error[static DB_ERROR_TEXT]) must_check;

/* Remembers the first fault of a transaction, and returns it. */
enum db_fault db_fail(struct db_tx *tx, enum db_fault fault);
/* Names what refused a statement; anything but a plain identifier becomes "". */
enum db_fault db_fail_conflict(struct db_tx *tx, const char *name, size_t len);
/* Whether two reaches open the same rows. */
bool db_reach_same(const struct db_reach *a, const struct db_reach *b);
/* Before fn runs again: forgets what the last run left behind. */
void db_restart(struct db_tx *tx);
/* What fn's result and the transaction's fault come to. */
enum result db_verdict(struct db_tx *tx, enum result of_fn);

void db_count_up(_Atomic int64_t *counter, int64_t by);

/* Rows that grow in the arena while an engine reads them. */
struct row_sink {
    struct arena *arena;
    struct db_value *cells;
    size_t columns;
    size_t count;
    size_t capacity;
    size_t first; /* capacity to begin with */
};
void row_sink_init(struct row_sink *sink, struct arena *a, size_t columns, enum db_run_mode mode);
/* The next row's cells, to be filled; NULL past DB_ROWS_MAX. */
struct db_value *row_sink_next(struct row_sink *sink);
void row_sink_finish(const struct row_sink *sink, struct db_rows *ret);

/* ---- migrations from an array, for tests ---- */

struct migration_file {
    const char *name; /* "0001_ground.sql" */
    struct str text;
};
enum result migrate_files(struct db *db, const struct migration_file *files, size_t n,
                          int *ret_applied, char ret_error[static DB_ERROR_TEXT]) must_check;
enum result migrate_is_current(struct db *db, const struct migration_file *files, size_t n,
                               char ret_error[static DB_ERROR_TEXT]) must_check;
/* The program's own, in order; the caller frees the array. */
struct migration_file *migrations_carried(size_t *ret_count);
/* Whether the program carries this migration with this hash: CONFLICT where its number is higher
 * than any (the database is newer), INVALID where it has another content. */
enum result migration_known(int64_t version, const char *sha256) must_check;
/* How many the program carries. */
int64_t migration_newest(void);
/* The text with the lines of this engine uncommented. */
const char *migration_text(struct arena *a, struct str text, enum db_engine engine);

#endif
