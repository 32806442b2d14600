/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * db: transactions and statements on SQLite or PostgreSQL, one portable SQL text for both.
 *
 * A transaction is a function. `db_transact(db, arena, problem, fn, arg)` runs fn until it is
 * committed and returns OK only when it is durable; fn may run again (a serialisation failure, a
 * deadlock, a connection lost before the commit was sent), so it has no effect outside the database
 * and resets what it fills. When fn returns anything but OK the transaction is rolled back and that
 * result returned.
 *
 * SQLite: one writer thread owns the only connection that writes and checkpoints; it runs what is
 * queued, each in its savepoint, and commits them together (at most 64, group commit); callers
 * sleep until the commit is durable. So fn runs on the writer's thread while its caller sleeps.
 * `db_view` uses a pooled read-only WAL connection with one snapshot, on the caller's thread.
 * PostgreSQL: a pooled connection, READ COMMITTED (db_view: REPEATABLE READ READ ONLY), on the
 * caller's thread; 40001 and 40P01 are retried with jitter, a few times. Statements whose result
 * nobody has read yet (db_exec) are queued in the pipeline, not awaited; their error surfaces at
 * the next read, at db_flush or at the commit.
 *
 * On both engines a transaction is dead after the first statement that failed: every further
 * statement is refused with the same result, and it is rolled back whatever fn returns. (NOT_FOUND
 * of db_one is an answer, not a failure.) Never call db_transact or db_view inside fn.
 *
 * An I/O or corruption error of SQLite ends the process (RELIABILITY R7); a full disk is BUSY with
 * code "storage_full". Parameters are $1…$n; no string is ever built into SQL. Values are int64,
 * text (UTF-8 without NUL), bytes or NULL; booleans are 0/1.
 *
 * Any thread may call any function here, except that a `struct db_tx` belongs to its fn.
 */
#ifndef CAREOPS_DB_DB_H
#define CAREOPS_DB_DB_H

#include "base/env.h"
#include "base/str.h"

struct db;
struct db_tx;

enum db_engine { DB_SQLITE, DB_POSTGRES };

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BLOB };

/*
 * `null_of` is the type that an absent parameter would have had. PostgreSQL settles a parameter's
 * type before it sees the value, so that `$1 IS NULL OR x = $1` works with it and not without.
 */
struct db_value {
    enum db_type type;
    enum db_type null_of;
    int64_t i;
    struct str s;
};

static inline struct db_value db_i(int64_t v)
{
    return (struct db_value){.type = DB_INT, .i = v};
}

/* Absent text (NULL pointer) is SQL NULL. */
static inline struct db_value db_s(struct str s)
{
    return (struct db_value){.type = s.ptr ? DB_TEXT : DB_NULL, .null_of = DB_TEXT, .s = s};
}

static inline struct db_value db_z(const char *zero_terminated)
{
    return db_s(str_of(zero_terminated));
}

static inline struct db_value db_bytes(struct str s)
{
    return (struct db_value){.type = s.ptr ? DB_BLOB : DB_NULL, .null_of = DB_BLOB, .s = s};
}

/* NULL of a type that the statement itself makes clear (`SET x = $1`, `VALUES ($1)`). */
static inline struct db_value db_null(void)
{
    return (struct db_value){.type = DB_NULL};
}

/* Unset is SQL NULL. */
static inline struct db_value db_opt(struct opt_int v)
{
    return v.set ? db_i(v.value) : (struct db_value){.type = DB_NULL, .null_of = DB_INT};
}

/*
 * Rows, materialised in the transaction's arena: nothing to close. A query that yields more than
 * DB_ROWS_MAX is our mistake (logged, INTERNAL): say LIMIT. A fractional number is one, too.
 */
struct db_rows {
    size_t count;
    size_t columns;
    const struct db_value *cells; /* count × columns */
};

enum { DB_ROWS_MAX = 50000, DB_PARAMS_MAX = 64 };

enum result db_exec_values(struct db_tx *tx, const char *sql, const struct db_value *params,
                           size_t n) must_check;
enum result db_count_values(struct db_tx *tx, int64_t *ret_changed, const char *sql,
                            const struct db_value *params, size_t n) must_check;
enum result db_query_values(struct db_tx *tx, struct db_rows *ret, const char *sql,
                            const struct db_value *params, size_t n) must_check;
enum result db_one_values(struct db_tx *tx, struct db_rows *ret, const char *sql,
                          const struct db_value *params, size_t n) must_check;

/* The values after the SQL become one array; the leading dummy lets the list be empty. */
#define DB_LIST(...) (((const struct db_value[]){{.type = DB_NULL}, ##__VA_ARGS__}) + 1)
#define DB_LEN(...)                                                        \
    (sizeof((const struct db_value[]){{.type = DB_NULL}, ##__VA_ARGS__}) / \
         sizeof(struct db_value) -                                         \
     1)

/* Runs a statement whose result nobody reads. */
#define db_exec(tx, sql, ...) db_exec_values((tx), (sql), DB_LIST(__VA_ARGS__), DB_LEN(__VA_ARGS__))
/* Runs it now and tells how many rows it changed. */
#define db_count(tx, ret, sql, ...) \
    db_count_values((tx), (ret), (sql), DB_LIST(__VA_ARGS__), DB_LEN(__VA_ARGS__))
/* Any number of rows. */
#define db_query(tx, ret, sql, ...) \
    db_query_values((tx), (ret), (sql), DB_LIST(__VA_ARGS__), DB_LEN(__VA_ARGS__))
/* The first row, or NOT_FOUND. */
#define db_one(tx, ret, sql, ...) \
    db_one_values((tx), (ret), (sql), DB_LIST(__VA_ARGS__), DB_LEN(__VA_ARGS__))

/*
 * Waits for what db_exec has queued and returns the first failure, so that db_conflict can be asked
 * before the transaction is over. Where the only wish is to commit, the commit does it for less.
 */
enum result db_flush(struct db_tx *tx) must_check;

/*
 * Cells. Asking an integer of text, or a cell outside, is our mistake (assert). NULL reads as 0,
 * absent text, unset. Text ends with a NUL that its length does not count.
 */
int64_t db_int(const struct db_rows *r, size_t row, size_t column);
struct opt_int db_opt_int(const struct db_rows *r, size_t row, size_t column);
struct str db_str(const struct db_rows *r, size_t row, size_t column);
bool db_is_null(const struct db_rows *r, size_t row, size_t column);

/* Which of two texts suits the engine, where the dialects differ. */
const char *db_sql(const struct db_tx *tx, const char *sqlite, const char *postgres);
enum db_engine db_tx_engine(const struct db_tx *tx);
struct arena *db_arena(struct db_tx *tx);

/*
 * After a CONFLICT from a statement: what refused it, by the same name on both engines; "" when it
 * has none. "hold_no_overlap" of an exclusion constraint or of SQLite's RAISE(ABORT, '<name>'),
 * "item_stock_check" of a named CHECK, "client_email_key" of a unique index, "<table>_pkey" of a
 * primary key, "foreign_key" of any foreign key (SQLite does not say which).
 * How constraints must be written for that stands in migrations/README.md.
 */
enum { DB_CONFLICT_TEXT = 64 };
const char *db_conflict(const struct db_tx *tx);

/*
 * Runs `fn(arg)` after the transaction is durable, once however often it was asked for, on the
 * thread that called db_transact; at most DB_AFTER_COMMIT_MAX; forgotten on rollback or rerun. For
 * waking the mailer, never for work that may not be lost.
 */
enum { DB_AFTER_COMMIT_MAX = 16 };
void db_after_commit(struct db_tx *tx, void (*fn)(void *), void *arg);

/*
 * Whose rows a transaction may touch. Every table with a column `workspace_id`, and `workspace`
 * itself, belongs to tenants. A transaction begins with none of them: it reads no row of these
 * tables and may write none. db_tenant says whose it is from here on; db_across opens all, with a
 * reason for whoever reads the code, where the tenant is only being found (a token, a slug, an
 * address) or where the work is nobody's (the mailer, the janitor, a migration).
 *
 * It is a second lock: each statement still names its workspace. It holds where one forgets to.
 *   PostgreSQL: row-level security, forced on the owner as well (migrations/0006_tenants.sql), by a
 *   setting that ends with the transaction. Another tenant's rows are not there; writing one is
 *   INTERNAL. The setting travels with the next statement, so it costs no round trip.
 *   SQLite: each statement is prepared so that it reads the tenant's rows alone, and every row that
 *   is written is looked at (sqlite_tenant.h). Another tenant's rows are not there for reading;
 *   touching one is INTERNAL, and so is reading with no tenant at all, since that is our mistake.
 *
 * A rerun begins with none, as the first run did. 0 is no tenant.
 */
void db_tenant(struct db_tx *tx, int64_t workspace_id);

struct db_reach {
    int64_t tenant;     /* 0: none */
    const char *across; /* why every tenant's rows are open; NULL: they are not */
};
/* Opens every tenant's rows until db_back is given what this returned. */
struct db_reach db_across(struct db_tx *tx, const char *reason) must_check;
void db_back(struct db_tx *tx, struct db_reach before);

typedef enum result (*db_fn)(struct db_tx *tx, void *arg);

/*
 * `p` (may be NULL) learns why, unless fn has said it: BUSY with storage_full,
 * database_unavailable, too_busy (a full queue, a lock or an answer not had in time),
 * commit_unknown (PostgreSQL: the link broke between COMMIT and its answer, so the change may or
 * may not be there; never rerun here, the caller's idempotency key decides); CONFLICT with
 * "conflict" where a queued statement was refused at the commit; INTERNAL. On INTERNAL the cause is
 * in the log.
 */
enum result db_transact(struct db *db, struct arena *a, struct problem *p, db_fn fn,
                        void *arg) must_check;
enum result db_view(struct db *db, struct arena *a, struct problem *p, db_fn fn,
                    void *arg) must_check;

/* ---- life ---- */

enum { DB_BUSY_MS_DEFAULT = 10000, DB_CONNECTIONS_MAX = 256 };

struct db_config {
    const char *url; /* "sqlite:PATH" or "postgres://…" (also "postgresql://…") */
    int connections; /* PostgreSQL pool and SQLite readers: as many as threads that ask at once */
    const struct env *env; /* outlives the db */
    int busy_ms; /* how long a statement or a lock may take before BUSY; 0 = DB_BUSY_MS_DEFAULT */
    bool read_only; /* see db_was_disturbed */
};

enum { DB_ERROR_TEXT = 512 };
/*
 * One clear line in ret_error on failure; no data was touched then. Refuses SQLite before 3.51.3
 * and PostgreSQL before 15; warns where the role passes by row-level security (a superuser). A
 * second process on one SQLite file is refused (an exclusive flock on PATH.lock, which stays behind
 * and means nothing without its lock).
 */
enum result db_open(const struct db_config *config, struct db **ret,
                    char ret_error[static DB_ERROR_TEXT]) must_check;
/* Waits for what runs, then closes (SQLite: checkpoints). Nobody may call in any more. */
void db_close(struct db *db);
enum db_engine db_engine_of(const struct db *db);

/*
 * `read_only` opens a database for db_view alone, beside whoever uses it: no lock, no writer, no
 * checkpoint, and nothing is made or changed beside the file. db_transact is refused. An I/O or
 * corruption error is INTERNAL and does not end the process, since there is nothing here to save.
 *
 * An SQLite file beside which no write-ahead log lies belongs to nobody at the moment. It is read
 * as one that does not change, without locks, so that it may lie where nothing can be written.
 * db_was_disturbed tells afterwards that somebody began to use it meanwhile: then what was read
 * counts for nothing. Open it again. Always false where readers are kept apart from writers.
 */
bool db_was_disturbed(const struct db *db);

/*
 * What was overwritten and removed shall be gone from the files, too.
 *
 * db_forget_log, while the program runs: SQLite's write-ahead log is copied home and cut to nothing
 * (soon: once no reader needs it). Freed pages are overwritten always (secure_delete).
 * db_scrub, while nothing else does: every table is written anew, without what was ever freed
 * (VACUUM; on PostgreSQL VACUUM FULL). Neither reaches a backup, or PostgreSQL's own log.
 */
enum result db_forget_log(struct db *db) must_check;
enum result db_scrub(struct db *db, char ret_error[static DB_ERROR_TEXT]) must_check;

/* Figures for /metrics: counts since start. */
struct db_stats {
    int64_t commits;      /* transactions made durable */
    int64_t groups;       /* COMMITs that did it: fewer where group commit works */
    int64_t retries;      /* reruns after 40001, 40P01 or a lost connection */
    int64_t rollbacks;    /* transactions that left no trace */
    int64_t queue_length; /* now waiting for SQLite's writer */
};
void db_stats(const struct db *db, struct db_stats *ret);

/*
 * Tells of each statement just before it is run, on the thread that runs it. For the bench, which
 * runs the same statements without the program; set it while nobody else asks.
 */
typedef void (*db_watch_fn)(void *self, const char *sql, const struct db_value *params, size_t n);
void db_watch(struct db *db, db_watch_fn fn, void *self);

/* ---- migrations ---- */

/*
 * Applies migrations/NNNN_name.sql (embedded) in order, each in its transaction, recorded with its
 * SHA-256 in schema_migration. Refuses a database that is newer than the program or whose recorded
 * hash differs. Lines that begin with `--sqlite:` or `--postgres:` are uncommented for that engine.
 * On PostgreSQL under an advisory lock, so several processes may start at once.
 */
enum result db_migrate(struct db *db, int *ret_applied,
                       char ret_error[static DB_ERROR_TEXT]) must_check;
/* OK when the schema is exactly this program's, CONFLICT when not, BUSY when nobody answers. */
enum result db_schema_current(struct db *db) must_check;
/* The same with words: which is the newer, the program or the database. */
enum result db_schema_compare(struct db *db, char ret_error[static DB_ERROR_TEXT]) must_check;

/*
 * Which tables, columns, indexes, constraints, triggers and policies are not there as the
 * migrations make them: something was taken away or changed past the program. Compared with what
 * the migrations make of an empty database in memory; on PostgreSQL by what both engines have in
 * common, and its own guards beside. In a transaction whose schema is this program's; the faults
 * are in its arena.
 */
struct db_schema_fault {
    struct str object; /* "trigger hold_no_overlap_insert" */
    const char *problem;
};
enum result db_schema_faults(struct db_tx *tx, int64_t *ret_looked_at, struct db_schema_fault **ret,
                             size_t *ret_count) must_check;

#endif
