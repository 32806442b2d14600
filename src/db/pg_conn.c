/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * pg_conn: connecting, the pipeline, and waiting with a deadline. See pg_conn.h.
 *
 * The socket is non-blocking, so that sending never stops while the server waits for us to read.
 */
#include "db/pg_conn.h"

#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A server that obeys its own timeouts answers within busy_ms; past this on top it is gone. */
enum { SETUP_WAIT_MS = 5000 };

/* ---- waiting ---- */

static bool lose(struct pg_conn *c)
{
    c->lost = true;
    return false;
}

/* Sends what it can and takes in what has come; false when the connection or the time is over. */
static bool wait_io(struct pg_conn *c, int64_t deadline_ms)
{
    int unsent = PQflush(c->pq);
    int64_t left = deadline_ms - env_mono_ms(c->env);
    if (left <= 0)
        c->late = true;
    if (unsent < 0 || left <= 0)
        return lose(c);
    struct pollfd fd = {.fd = PQsocket(c->pq), .events = POLLIN};
    if (unsent)
        fd.events |= POLLOUT;
    int n = poll(&fd, 1, left > 60000 ? 60000 : (int)left);
    if (n < 0 && errno != EINTR)
        return lose(c);
    if (n > 0 && (fd.revents & (POLLIN | POLLERR | POLLHUP)) && !PQconsumeInput(c->pq))
        return lose(c);
    return true;
}

/* The next result, or NULL: the end of one statement's results, or a lost connection. */
static PGresult *next_result(struct pg_conn *c, int64_t deadline_ms)
{
    while (PQisBusy(c->pq))
        if (!wait_io(c, deadline_ms))
            return NULL;
    return PQgetResult(c->pq);
}

/* ---- errors ---- */

static bool means_lost(const char *state)
{
    return state[0] == '\0' || strncmp(state, "08", 2) == 0 || strncmp(state, "57P", 3) == 0 ||
           strcmp(state, "25P03") == 0;
}

static void copy_field(char *to, size_t size, const PGresult *result, int field)
{
    const char *text = PQresultErrorField(result, field);
    snprintf(to, size, "%s", text ? text : "");
}

static void note_error(struct pg_conn *c, const PGresult *result, const char *sql)
{
    struct pg_error e = {.set = true, .sql = sql};
    copy_field(e.state, sizeof e.state, result, PG_DIAG_SQLSTATE);
    copy_field(e.constraint, sizeof e.constraint, result, PG_DIAG_CONSTRAINT_NAME);
    copy_field(e.message, sizeof e.message, result, PG_DIAG_MESSAGE_PRIMARY);
    e.lost = means_lost(e.state);
    if (!c->error.set)
        c->error = e;
    if (e.lost || PQstatus(c->pq) != CONNECTION_OK)
        c->lost = true;
}

/*
 * A WARNING in answer to COMMIT means that the wait for a synchronous standby was cut short:
 * committed here, perhaps not there.
 */
static void note_notice(void *arg, const PGresult *result)
{
    struct pg_conn *c = arg;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (c->reading == PG_COMMIT && severity && strcmp(severity, "WARNING") == 0)
        c->warned = true;
}

/* ---- the pipeline ---- */

static void expect(struct pg_conn *c, enum pg_kind kind, const char *sql,
                   struct pg_prepared *prepared)
{
    assert(c->pending_count < PG_PENDING_MAX);
    size_t i = (c->pending_first + c->pending_count++) % PG_PENDING_MAX;
    c->pending[i] = (struct pg_pending){kind, sql, prepared};
}

static struct pg_prepared *prepared_for(struct pg_conn *c, const char *sql,
                                        const struct db_value *params, size_t n)
{
    struct sql_types types = sql_types_of(params, n);
    struct pg_prepared *p = sql_cache_find(&c->cache, sql, types);
    if (p || c->cache.count == SQL_CACHE_MAX)
        return p;
    p = calloc(1, sizeof *p);
    if (!p)
        abort();
    snprintf(p->name, sizeof p->name, "s%u", c->prepared_count++);
    if (sql_cache_add(&c->cache, sql, types, p))
        return p;
    free(p);
    return NULL;
}

bool pg_send(struct pg_conn *c, enum pg_kind kind, const char *sql, const struct db_value *params,
             size_t n)
{
    if (c->lost)
        return false;
    struct pg_params p;
    pg_params_fill(&p, params, n);
    struct pg_prepared *prepared = prepared_for(c, sql, params, n);
    int sent;
    if (prepared && prepared->state == PG_UNPREPARED) {
        if (!PQsendPrepare(c->pq, prepared->name, sql, p.count, p.types))
            return lose(c);
        prepared->state = PG_ASKED;
        expect(c, PG_PREPARE, sql, prepared);
    }
    if (prepared)
        sent =
            PQsendQueryPrepared(c->pq, prepared->name, p.count, p.values, p.lengths, p.formats, 0);
    else
        sent = PQsendQueryParams(c->pq, sql, p.count, p.types, p.values, p.lengths, p.formats, 0);
    if (!sent)
        return lose(c);
    expect(c, kind, sql, NULL);
    return true;
}

bool pg_sync(struct pg_conn *c)
{
    if (c->lost || !PQpipelineSync(c->pq))
        return lose(c);
    expect(c, PG_SYNC, NULL, NULL);
    return true;
}

bool pg_push(struct pg_conn *c)
{
    return pg_sync(c) && (PQflush(c->pq) >= 0 || lose(c));
}

static void note_success(struct pg_conn *c, const struct pg_pending *item, PGresult **result,
                         PGresult **ret_rows)
{
    if (item->kind == PG_PREPARE)
        item->prepared->state = PG_READY;
    /* COMMIT of a failed transaction succeeds, too, and says ROLLBACK. */
    if (item->kind == PG_COMMIT)
        c->committed = strcmp(PQcmdStatus(*result), "COMMIT") == 0;
    if (item->kind == PG_ROWS && ret_rows) {
        PQclear(*ret_rows);
        *ret_rows = *result;
        *result = NULL;
    }
}

/* Reads the answer to one queued item. */
static bool read_answer(struct pg_conn *c, const struct pg_pending *item, int64_t deadline_ms,
                        PGresult **ret_rows)
{
    c->reading = item->kind;
    PGresult *result = next_result(c, deadline_ms);
    ExecStatusType status = PQresultStatus(result); /* of NULL: a fatal error */
    if (item->kind == PG_PREPARE)
        item->prepared->state = PG_UNPREPARED;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        note_success(c, item, &result, ret_rows);
    else if (result && status == PGRES_FATAL_ERROR)
        note_error(c, result, item->sql);
    else if (status != PGRES_PIPELINE_ABORTED && status != PGRES_PIPELINE_SYNC)
        lose(c);
    if ((item->kind == PG_SYNC) != (status == PGRES_PIPELINE_SYNC))
        lose(c);
    PQclear(result);
    if (!c->lost && item->kind != PG_SYNC) {
        result = next_result(c, deadline_ms);
        if (result)
            lose(c);
        PQclear(result);
    }
    return !c->lost;
}

bool pg_drain(struct pg_conn *c, int wait_ms, PGresult **ret_rows)
{
    if (ret_rows)
        *ret_rows = NULL;
    int64_t deadline_ms = env_mono_ms(c->env) + wait_ms;
    bool good = pg_sync(c);
    while (good && c->pending_count > 0) {
        struct pg_pending item = c->pending[c->pending_first];
        c->pending_first = (c->pending_first + 1) % PG_PENDING_MAX;
        c->pending_count--;
        good = read_answer(c, &item, deadline_ms, ret_rows);
    }
    if (ret_rows && (!good || c->error.set)) {
        PQclear(*ret_rows);
        *ret_rows = NULL;
    }
    return good;
}

bool pg_script(struct pg_conn *c, const char *text, int wait_ms)
{
    int64_t deadline_ms = env_mono_ms(c->env) + wait_ms;
    assert(c->pending_count == 0);
    if (c->lost || !PQexitPipelineMode(c->pq) || !PQsendQuery(c->pq, text))
        return lose(c);
    PGresult *result;
    while ((result = next_result(c, deadline_ms))) {
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_FATAL_ERROR)
            note_error(c, result, "(a migration)");
        else if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
                 status != PGRES_EMPTY_QUERY)
            lose(c); /* a COPY, which nobody here could feed */
        PQclear(result);
        if (c->lost)
            return false;
    }
    return !c->lost && (PQenterPipelineMode(c->pq) || lose(c));
}

/* ---- life ---- */

/* libpq's texts have several lines and never a password; one line is enough. */
static enum result say(struct pg_conn *c, char ret_error[static DB_ERROR_TEXT], const char *text)
{
    snprintf(ret_error, DB_ERROR_TEXT, "cannot use the PostgreSQL database: %.400s", text);
    size_t len = strlen(ret_error);
    while (len > 0 && ret_error[len - 1] == '\n')
        ret_error[--len] = '\0';
    for (size_t i = 0; i < len; i++)
        if (ret_error[i] == '\n' || ret_error[i] == '\t')
            ret_error[i] = ' ';
    pg_conn_close(c);
    return BUSY;
}

static bool set_up(struct pg_conn *c)
{
    char busy[16];
    snprintf(busy, sizeof busy, "%d", c->busy_ms);
    static const char sql[] =
        "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $1, false),"
        " set_config('idle_in_transaction_session_timeout', '60000', false),"
        " set_config('client_min_messages', 'warning', false),"
        " set_config('timezone', 'UTC', false), set_config('bytea_output', 'hex', false),"
        /* A transaction begins with no tenant, whatever an address or a role's settings say. */
        " set_config('careops.tenant', '', false),"
        /* An answer means durable; a stricter setting than "on" is the operator's choice. */
        " CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')"
        "  THEN set_config('synchronous_commit', 'on', false) END";
    PQsetNoticeReceiver(c->pq, note_notice, c);
    return PQsetnonblocking(c->pq, 1) == 0 && PQenterPipelineMode(c->pq) &&
           pg_send(c, PG_RUN, sql, (struct db_value[]){db_z(busy)}, 1) &&
           pg_drain(c, SETUP_WAIT_MS, NULL) && !c->error.set;
}

enum result pg_conn_open(struct pg_conn *c, const char *url, char ret_error[static DB_ERROR_TEXT])
{
    /* What the address itself says about these comes later and wins. */
    static const char *const names[] = {"keepalives",
                                        "keepalives_idle",
                                        "keepalives_interval",
                                        "keepalives_count",
                                        "tcp_user_timeout",
                                        "connect_timeout",
                                        "target_session_attrs",
                                        "fallback_application_name",
                                        "dbname",
                                        "client_encoding",
                                        NULL};
    const char *const values[] = {"1",          "1",       "1", "3",    "5000", "5",
                                  "read-write", "careops", url, "UTF8", NULL};
    assert(!c->pq);
    /* Asked first, because a text of libpq about a misspelt address repeats it, password and all.
     */
    PQconninfoOption *parsed = PQconninfoParse(url, NULL);
    if (!parsed)
        return say(c, ret_error, "its address is not a valid postgres:// URL");
    PQconninfoFree(parsed);
    c->pq = PQconnectdbParams(names, values, 1);
    if (!c->pq)
        abort();
    if (PQstatus(c->pq) != CONNECTION_OK)
        return say(c, ret_error, PQerrorMessage(c->pq));
    if (PQserverVersion(c->pq) < PG_LEAST_VERSION)
        return say(c, ret_error, "it is older than PostgreSQL 15");
    if (!set_up(c))
        return say(c, ret_error, c->error.set ? c->error.message : "it did not take its settings");
    return OK;
}

void pg_conn_close(struct pg_conn *c)
{
    sql_cache_clear(&c->cache, free);
    PQfinish(c->pq);
    c->pq = NULL;
    c->lost = c->late = false;
    c->pending_first = c->pending_count = 0;
    pg_conn_begin(c);
}

void pg_conn_begin(struct pg_conn *c)
{
    assert(c->pending_count == 0);
    c->began = c->committed = c->warned = false;
    c->error = (struct pg_error){.set = false};
}

bool pg_conn_alive(struct pg_conn *c)
{
    if (!c->pq || c->lost)
        return false;
    /* The end of the last transaction may not have been awaited. */
    if (c->pending_count > 0 && !pg_drain(c, c->busy_ms, NULL))
        return false;
    /* Nothing was asked, so whatever comes is a farewell. */
    struct pollfd fd = {.fd = PQsocket(c->pq), .events = POLLIN};
    if (poll(&fd, 1, 0) != 0)
        return false;
    return PQstatus(c->pq) == CONNECTION_OK && PQtransactionStatus(c->pq) == PQTRANS_IDLE;
}
