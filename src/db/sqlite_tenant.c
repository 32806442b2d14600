/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sqlite_tenant: see sqlite_tenant.h. */
#include "db/sqlite_tenant.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- which tables are whose ---- */

static struct tenant_table *find_table(struct sqlite_tenant *t, const char *name)
{
    for (size_t i = 0; i < t->table_count; i++)
        if (strcmp(t->tables[i].name, name) == 0)
            return &t->tables[i];
    return NULL;
}

static bool is_tenants_own(const char *table)
{
    return strcmp(table, "workspace") == 0;
}

/* Asks the schema. NULL where SQLite did not answer; the code is in *ret_code. */
static struct tenant_table *learn_table(struct sqlite_tenant *t, const char *name, int *ret_code)
{
    static const char sql[] = "SELECT cid FROM pragma_table_info(?1) WHERE name = ?2";
    const char *column = is_tenants_own(name) ? "id" : "workspace_id";
    sqlite3_stmt *s = NULL;
    assert(t->table_count < TENANT_TABLES_MAX); /* the schema is ours */
    int code = sqlite3_prepare_v2(t->handle, sql, -1, &s, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(s, 2, column, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    struct tenant_table *table = NULL;
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        table = &t->tables[t->table_count++];
        snprintf(table->name, sizeof table->name, "%s", name);
        table->column = code == SQLITE_ROW ? sqlite3_column_int(s, 0) : -1;
        code = SQLITE_OK;
    }
    sqlite3_finalize(s);
    *ret_code = code;
    return table;
}

void sqlite_tenant_forget(struct sqlite_tenant *t)
{
    t->table_count = 0;
}

/* ---- what a statement names ---- */

static void note(struct sqlite_tenant *t, const char *name, bool read)
{
    if (!name || strlen(name) >= TENANT_NAME_TEXT)
        return; /* not ours: migrations/README.md has the limit of a name */
    for (size_t i = 0; i < t->name_count; i++)
        if (strcmp(t->names[i].name, name) == 0) {
            t->names[i].read |= read;
            return;
        }
    if (t->name_count == TENANT_NAMES_MAX) {
        t->too_many = true;
        return;
    }
    struct tenant_name *n = &t->names[t->name_count++];
    snprintf(n->name, sizeof n->name, "%s", name);
    n->read = read;
}

/* Allows everything: it only listens. */
static int listen(void *arg, int action, const char *table, const char *column, const char *schema,
                  const char *trigger)
{
    struct sqlite_tenant *t = arg;
    (void)column;
    (void)schema;
    if (!t->noting)
        return SQLITE_OK;
    if (action == SQLITE_READ)
        note(t, table, trigger == NULL);
    else if (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE)
        note(t, table, false);
    return SQLITE_OK;
}

void sqlite_tenant_note(struct sqlite_tenant *t)
{
    t->noting = true;
    t->too_many = false;
    t->name_count = 0;
}

/* ---- narrowing ---- */

static bool starts_with_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    return strncasecmp(text, word, n) == 0 && strchr(" \t\r\n", text[n]) && text[n];
}

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* "WITH a AS (…), b AS (…)" of `narrow`, and what follows it of the statement. */
static void write_narrowed(const char *sql, const struct tenant_table *const *narrow, size_t n,
                           struct buf *ret)
{
    const char *rest = skip_space(sql);
    const char *separator = " ";
    bool has_with = starts_with_word(rest, "WITH");
    if (has_with)
        rest = skip_space(rest + strlen("WITH"));
    bool recursive = has_with && starts_with_word(rest, "RECURSIVE");
    if (recursive)
        rest = skip_space(rest + strlen("RECURSIVE"));
    buf_z(ret, recursive ? "WITH RECURSIVE " : "WITH ");
    for (size_t i = 0; i < n; i++) {
        buf_z(ret, i ? ", " : "");
        buf_z(ret, narrow[i]->name);
        buf_z(ret, " AS NOT MATERIALIZED (SELECT * FROM main.");
        buf_z(ret, narrow[i]->name);
        buf_z(ret, is_tenants_own(narrow[i]->name) ? " WHERE id = " : " WHERE workspace_id = ");
        buf_z(ret, TENANT_PARAMETER ")");
    }
    if (has_with)
        separator = ", ";
    buf_z(ret, separator);
    buf_z(ret, rest);
    buf_byte(ret, '\0');
}

int sqlite_tenant_narrow(struct sqlite_tenant *t, const char *sql, bool *ret_touches,
                         struct buf *ret_text)
{
    const struct tenant_table *narrow[TENANT_NAMES_MAX];
    size_t n = 0;
    t->noting = false;
    *ret_touches = false;
    if (t->too_many)
        return SQLITE_TOOBIG;
    for (size_t i = 0; i < t->name_count; i++) {
        int code = SQLITE_OK;
        const struct tenant_table *table = find_table(t, t->names[i].name);
        if (!table)
            table = learn_table(t, t->names[i].name, &code);
        if (!table)
            return code;
        if (table->column < 0)
            continue;
        *ret_touches = true;
        if (t->names[i].read)
            narrow[n++] = table;
    }
    if (n > 0)
        write_narrowed(sql, narrow, n, ret_text);
    return ret_text->overflow ? SQLITE_TOOBIG : SQLITE_OK;
}

/* ---- what a statement writes ---- */

static bool is_own(const struct sqlite_tenant *t, sqlite3_value *v)
{
    return v && sqlite3_value_type(v) == SQLITE_INTEGER &&
           sqlite3_value_int64(v) == t->tx->reach.tenant;
}

static void look(void *arg, sqlite3 *handle, int action, const char *schema, const char *name,
                 sqlite3_int64 key, sqlite3_int64 new_key)
{
    struct sqlite_tenant *t = arg;
    (void)key;
    (void)new_key;
    if (!t->tx || t->tx->reach.across || t->trespassed || strcmp(schema, "main") != 0)
        return;
    const struct tenant_table *table = find_table(t, name);
    if (table && table->column < 0)
        return;
    sqlite3_value *v = NULL;
    /* A table that the statement did not name cannot be: it is refused with the rest. */
    bool own = table != NULL;
    if (own && action != SQLITE_INSERT)
        own = sqlite3_preupdate_old(handle, table->column, &v) == SQLITE_OK && is_own(t, v);
    if (own && action != SQLITE_DELETE)
        own = sqlite3_preupdate_new(handle, table->column, &v) == SQLITE_OK && is_own(t, v);
    t->trespassed = !own;
}

void sqlite_tenant_watch(struct sqlite_tenant *t, const struct db_tx *tx)
{
    t->tx = tx;
    t->trespassed = false;
}

bool sqlite_tenant_done(struct sqlite_tenant *t)
{
    t->tx = NULL;
    return !t->trespassed;
}

/* ---- life ---- */

int sqlite_tenant_open(struct sqlite_tenant *t, sqlite3 *handle)
{
    t->handle = handle;
    sqlite3_preupdate_hook(handle, look, t);
    return sqlite3_set_authorizer(handle, listen, t);
}
