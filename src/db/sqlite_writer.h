/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sqlite_writer: the one thread that writes to and checkpoints an SQLite file.
 *
 * Callers queue a function and sleep; the thread runs what is queued, each function in a savepoint,
 * and commits them together. It never waits for more to come: the group is what arrived while the
 * last group was on its way to the disk, so one caller alone has the shortest way and many share
 * an fsync. Bounded: SQLITE_QUEUE_MAX wait, SQLITE_GROUP_MAX commit together.
 *
 * Checkpoints run here as well, between two groups: only one connection may write and checkpoint.
 * While a backup reads its snapshot (backup_file.h: the mark), they wait for no reader: the WAL
 * grows then, and starts over after it.
 */
#ifndef CAREOPS_DB_SQLITE_WRITER_H
#define CAREOPS_DB_SQLITE_WRITER_H

#include "db/sqlite_conn.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

enum { SQLITE_QUEUE_MAX = 1024, SQLITE_GROUP_MAX = 64 };

/* One queued function: on its caller's stack, the writer's from queueing until `done` is posted. */
struct sqlite_job {
    struct db_tx *tx;
    db_fn fn;
    void *arg;
    enum result result;
    int64_t since_ms;
    sem_t done;
    struct sqlite_job *next;
};

struct sqlite_writer {
    struct db *db;
    struct sqlite_conn conn; /* the writer thread's, once it runs */
    int checkpointed_frames; /* the WAL's length at the last checkpoint */
    int lock_fd;        /* PATH.lock, where a backup makes itself known; set before the start */
    atomic_bool forget; /* the WAL is to be cut to nothing; stays while readers are in the way */
    pthread_t thread;
    /* Guards what stands below; nothing else is locked while it is held. */
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct sqlite_job *first, *last;
    size_t length;
    bool closing;
};

enum result sqlite_writer_start(struct sqlite_writer *w, struct db *db, const char *path,
                                char ret_error[static DB_ERROR_TEXT]) must_check;
/* Runs what is queued, checkpoints and closes. */
void sqlite_writer_stop(struct sqlite_writer *w);

/* Any thread: behind the next group that no reader hinders, the WAL is copied home and cut to
 * nothing. */
void sqlite_writer_forget(struct sqlite_writer *w);

/* Runs fn on the writer's thread and returns when its group is durable or undone. */
enum result sqlite_write(struct sqlite_writer *w, struct db_tx *tx, db_fn fn, void *arg) must_check;

#endif
