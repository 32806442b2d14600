/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sqlite_writer: queue, group commit and checkpoints. See sqlite_writer.h.
 *
 * A group is one SQLite transaction. A function that fails is undone to its savepoint and its
 * neighbours go on. Where SQLite gives up the transaction as a whole (a full disk, a statement cut
 * off by its deadline), everybody in the group is told BUSY and nothing of it remains. That
 * includes those who were refused: what refused them may have been a neighbour that is gone now.
 */
#include "db/sqlite_writer.h"

#include "base/log.h"
#include "base/seeded.h"
#include "db/backup_file.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * The WAL in frames of one page (4 KiB). A PASSIVE checkpoint every 4 MiB copies without waiting
 * for anybody. Readers that always overlap keep it from starting over, so past 16 MiB a RESTART
 * waits a moment for them, and past 40 MiB as long as they may take; new readers meanwhile read a
 * file that is up to date and hold nothing up. A backup's reader would keep it waiting in vain.
 */
enum {
    CHECKPOINT_FRAMES = 1000,
    RESTART_FRAMES = 4000,
    INSIST_FRAMES = 10000,
    RESTART_WAIT_MS = 50,
};

/* ---- the caller's side ---- */

static bool enqueue(struct sqlite_writer *w, struct sqlite_job *job)
{
    pthread_mutex_lock(&w->lock);
    bool room = !w->closing && w->length < SQLITE_QUEUE_MAX;
    if (room) {
        if (w->last)
            w->last->next = job;
        else
            w->first = job;
        w->last = job;
        w->length++;
        db_count_up(&w->db->counters.queue_length, 1);
        pthread_cond_signal(&w->work);
    }
    pthread_mutex_unlock(&w->lock);
    return room;
}

enum result sqlite_write(struct sqlite_writer *w, struct db_tx *tx, db_fn fn, void *arg)
{
    /* From inside fn this would wait for itself. */
    assert(!pthread_equal(pthread_self(), w->thread));
    struct sqlite_job job = {.tx = tx, .fn = fn, .arg = arg, .since_ms = env_mono_ms(w->db->env)};
    if (sem_init(&job.done, 0, 0) != 0)
        abort();
    if (enqueue(w, &job)) {
        while (sem_wait(&job.done) != 0)
            assert(errno == EINTR);
    } else {
        db_fail(tx, FAULT_TOO_BUSY);
        job.result = BUSY;
    }
    sem_destroy(&job.done);
    return db_verdict(tx, job.result);
}

/* ---- the writer's side ---- */

static struct sqlite_job *unlink_first(struct sqlite_writer *w)
{
    struct sqlite_job *job = w->first;
    if (job) {
        w->first = job->next;
        if (!w->first)
            w->last = NULL;
        w->length--;
        db_count_up(&w->db->counters.queue_length, -1);
    }
    return job;
}

/* NULL when the queue is empty: the moment to commit. */
static struct sqlite_job *take_now(struct sqlite_writer *w)
{
    pthread_mutex_lock(&w->lock);
    struct sqlite_job *job = unlink_first(w);
    pthread_mutex_unlock(&w->lock);
    return job;
}

/* NULL when the writer is to end. */
static struct sqlite_job *take_waiting(struct sqlite_writer *w)
{
    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->closing)
        pthread_cond_wait(&w->work, &w->lock);
    struct sqlite_job *job = unlink_first(w);
    pthread_mutex_unlock(&w->lock);
    return job;
}

static void answer(struct sqlite_job *job, enum result r)
{
    job->result = r;
    sem_post(&job->done); /* from here on the job is its caller's, and gone */
}

static void refuse(struct sqlite_job *job, enum db_fault fault)
{
    struct db_tx *tx = job->tx;
    /* Trouble of its own says more than the group's. */
    if (tx->fault == FAULT_NONE || tx->fault == FAULT_CONFLICT)
        tx->fault = fault;
    answer(job, job->result);
}

/* Runs one function in its savepoint. Afterwards the group's transaction may be gone. */
static void run_one(struct sqlite_writer *w, struct sqlite_job *job)
{
    struct sqlite_conn *c = &w->conn;
    struct db_tx *tx = job->tx;
    if (env_mono_ms(c->env) - job->since_ms > w->db->busy_ms) {
        db_fail(tx, FAULT_TOO_BUSY);
        job->result = BUSY;
        return;
    }
    tx->conn = c;
    int code = sqlite_control(c, CONTROL_SAVEPOINT);
    if (code == SQLITE_OK) {
        job->result = job->fn(tx, job->arg);
        if (sqlite3_get_autocommit(c->handle))
            return;
        if (tx->fault == FAULT_NONE && job->result == OK && sqlite_owes_foreign_key(c))
            db_fail_conflict(tx, "foreign_key", sizeof "foreign_key" - 1);
        bool undo = tx->fault != FAULT_NONE || job->result != OK;
        if (undo && !SEEDED(UNDO_FORGOTTEN))
            code = sqlite_control(c, CONTROL_SAVEPOINT_UNDO);
        if (code == SQLITE_OK)
            code = sqlite_control(c, CONTROL_SAVEPOINT_KEEP);
    }
    if (code != SQLITE_OK) {
        db_fail(tx, sqlite_fault(c, code, "SAVEPOINT"));
        sqlite_undo(c);
    }
}

static bool kept(const struct sqlite_job *job)
{
    return job->result == OK && job->tx->fault == FAULT_NONE;
}

/* Commits, or undoes the group; what its members are told then. */
static enum db_fault finish_group(struct sqlite_writer *w, enum db_fault why_gone)
{
    struct sqlite_conn *c = &w->conn;
    if (sqlite3_get_autocommit(c->handle))
        return why_gone == FAULT_STORAGE_FULL ? FAULT_STORAGE_FULL : FAULT_TOO_BUSY;
    int code = sqlite_control(c, CONTROL_COMMIT);
    if (code == SQLITE_OK)
        return FAULT_NONE;
    enum db_fault fault = sqlite_fault(c, code, "COMMIT");
    sqlite_undo(c);
    log_event(LOG_WARN, "group not committed", "i:code", (int64_t)code, "s:error",
              sqlite3_errstr(code), NULL);
    if (SEEDED(FULL_DISK_ACKNOWLEDGED))
        return FAULT_NONE;
    return fault == FAULT_STORAGE_FULL ? FAULT_STORAGE_FULL : FAULT_TOO_BUSY;
}

static void answer_group(struct sqlite_writer *w, struct sqlite_job **group, size_t n,
                         enum db_fault fault)
{
    struct db_counters *counters = &w->db->counters;
    int64_t committed = 0;
    if (SEEDED(ANSWER_BEFORE_COMMIT))
        return; /* all have been, and are gone */
    for (size_t i = 0; fault == FAULT_NONE && i < n; i++)
        committed += kept(group[i]);
    /* Counted before the callers wake, so that they find themselves in the figures. */
    db_count_up(&counters->commits, committed);
    db_count_up(&counters->groups, committed > 0);
    db_count_up(&counters->rollbacks, (int64_t)n - committed);
    for (size_t i = 0; i < n; i++) {
        if (fault == FAULT_NONE)
            answer(group[i], group[i]->result);
        else
            refuse(group[i], fault);
    }
}

static void run_group(struct sqlite_writer *w, struct sqlite_job *job)
{
    struct sqlite_conn *c = &w->conn;
    struct sqlite_job *group[SQLITE_GROUP_MAX];
    size_t n = 0;
    enum db_fault fault = FAULT_NONE;
    int code = sqlite_control(c, CONTROL_BEGIN_WRITE);
    if (code != SQLITE_OK) {
        group[n++] = job;
        fault = sqlite_fault(c, code, "BEGIN");
    } else {
        while (job) {
            run_one(w, job);
            group[n++] = job;
            fault = job->tx->fault;
            if (SEEDED(ANSWER_BEFORE_COMMIT))
                answer(job, job->result);
            bool gone = sqlite3_get_autocommit(c->handle) != 0;
            job = gone || n == SQLITE_GROUP_MAX ? NULL : take_now(w);
        }
        fault = finish_group(w, fault);
    }
    answer_group(w, group, n, fault);
}

/* ---- checkpoints ---- */

static void checkpoint_when_due(struct sqlite_writer *w)
{
    struct sqlite_conn *c = &w->conn;
    int frames = c->wal_frames;
    if (frames < w->checkpointed_frames)
        w->checkpointed_frames = 0; /* the WAL has started over */
    if (frames - w->checkpointed_frames < CHECKPOINT_FRAMES)
        return;
    w->checkpointed_frames = frames;
    bool wait = frames >= RESTART_FRAMES && !backup_is_marked(w->lock_fd);
    int mode = wait ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
    sqlite3_busy_timeout(c->handle, frames >= INSIST_FRAMES ? c->busy_ms : RESTART_WAIT_MS);
    int code = sqlite3_wal_checkpoint_v2(c->handle, NULL, mode, NULL, NULL);
    sqlite3_busy_timeout(c->handle, c->busy_ms);
    /* Busy means readers, full means later: the WAL still has everything. */
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
        sqlite_fault(c, code, "checkpoint");
}

void sqlite_writer_forget(struct sqlite_writer *w)
{
    atomic_store(&w->forget, true);
}

static void forget_when_asked(struct sqlite_writer *w)
{
    struct sqlite_conn *c = &w->conn;
    if (!atomic_load(&w->forget) || backup_is_marked(w->lock_fd))
        return;
    atomic_store(&w->forget, false);
    int code = sqlite3_wal_checkpoint_v2(c->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    w->checkpointed_frames = 0;
    if (code == SQLITE_OK)
        return;
    atomic_store(&w->forget, true);
    if ((code & 0xff) != SQLITE_BUSY)
        sqlite_fault(c, code, "checkpoint");
}

/* ---- life ---- */

static void *writer_main(void *arg)
{
    struct sqlite_writer *w = arg;
    struct sqlite_job *job;
    while ((job = take_waiting(w))) {
        run_group(w, job);
        checkpoint_when_due(w);
        forget_when_asked(w);
    }
    return NULL;
}

enum result sqlite_writer_start(struct sqlite_writer *w, struct db *db, const char *path,
                                char ret_error[static DB_ERROR_TEXT])
{
    w->db = db;
    enum result r = sqlite_conn_open(&w->conn, path, SQLITE_WRITER, db, ret_error);
    if (r != OK)
        return r;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->work, NULL);
    if (pthread_create(&w->thread, NULL, writer_main, w) == 0)
        return OK;
    snprintf(ret_error, DB_ERROR_TEXT, "cannot start the database's writer thread");
    sqlite_conn_close(&w->conn);
    return INTERNAL;
}

void sqlite_writer_stop(struct sqlite_writer *w)
{
    pthread_mutex_lock(&w->lock);
    w->closing = true;
    pthread_cond_signal(&w->work);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->work);
    pthread_mutex_destroy(&w->lock);
    sqlite_conn_close(&w->conn);
}
