/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * walk: pages of rows, business by business, and what was found in them. See internal.h.
 *
 * SQLite takes a text where a column is for numbers, and any length where we write short words. A
 * row with such a thing in it is a finding, whatever the check asks; the walk goes on behind it.
 */
#include "inspect/internal.h"

#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

/* ---- findings ---- */

static struct finding *next_finding(struct looking *l)
{
    int64_t n = l->finding_count++;
    if (n >= FINDINGS_TOLD)
        return NULL;
    l->findings[n] = (struct finding){.workspace_id = l->workspace_id};
    return &l->findings[n];
}

/* "booking %, item %" with each % as the row has it. */
static void name_row(const struct looking *l, const struct db_rows *r, size_t row,
                     char ret[static WHAT_TEXT])
{
    size_t n = 0, key = 0;
    for (const char *c = l->walk->what; *c && n + 1 < WHAT_TEXT; c++) {
        if (*c != '%') {
            ret[n++] = *c;
            continue;
        }
        size_t left = WHAT_TEXT - n;
        const struct db_value *v = &r->cells[row * r->columns + key];
        int k = v->type == DB_INT ? snprintf(ret + n, left, "%lld", (long long)v->i)
                                  : snprintf(ret + n, left, STR_FMT, STR_ARG(v->s));
        n += k > 0 ? (size_t)k : 0;
        n = n < WHAT_TEXT ? n : WHAT_TEXT - 1;
        key++;
    }
    ret[n] = '\0';
}

void found(struct looking *l, const struct db_rows *r, size_t row, const char *problem, ...)
{
    struct finding *f = next_finding(l);
    if (!f)
        return;
    va_list args;
    va_start(args, problem);
    vsnprintf(f->problem, sizeof f->problem, problem, args);
    va_end(args);
    name_row(l, r, row, f->what);
}

void found_at(struct looking *l, const char *what, const char *problem, ...)
{
    struct finding *f = next_finding(l);
    if (!f)
        return;
    va_list args;
    va_start(args, problem);
    vsnprintf(f->problem, sizeof f->problem, problem, args);
    va_end(args);
    snprintf(f->what, sizeof f->what, "%s", what);
}

/* ---- pages ---- */

enum { KEY_TEXT_MAX = 512, KEY_BYTES_MAX = 16 * 1024 * 1024 };

struct place {
    size_t count;
    struct db_value keys[WALK_KEYS_MAX];
    struct buf text[WALK_KEYS_MAX]; /* what the values of text keys point to */
};

static void place_init(struct place *at, const char *keys)
{
    at->count = strlen(keys);
    assert(at->count > 0 && at->count <= WALK_KEYS_MAX);
    for (size_t i = 0; i < at->count; i++) {
        at->keys[i] = keys[i] == 'i' ? db_i(INT64_MIN) : db_s(STR(""));
        buf_init(&at->text[i], KEY_BYTES_MAX);
    }
}

static void place_done(struct place *at)
{
    for (size_t i = 0; i < at->count; i++)
        buf_done(&at->text[i]);
}

/* The page's arena goes with the page. INTERNAL: no statement could go on from there. */
static enum result stand_at(struct place *at, const struct db_rows *r, size_t row)
{
    for (size_t i = 0; i < at->count; i++) {
        at->keys[i] = r->cells[row * r->columns + i];
        if (at->keys[i].type == DB_INT)
            continue;
        buf_reset(&at->text[i]);
        buf_str(&at->text[i], at->keys[i].s);
        at->keys[i].s.ptr = at->text[i].ptr;
        if (at->keys[i].type == DB_NULL || at->text[i].overflow)
            return INTERNAL;
    }
    return OK;
}

static enum result read_page(struct looking *l, const struct place *at, struct db_rows *ret)
{
    struct db_value params[WALK_KEYS_MAX + 3];
    const struct walk *w = l->walk;
    size_t n = 0;
    params[n++] = db_i(l->workspace_id);
    params[n++] = db_i(WALK_PAGE);
    for (size_t i = 0; i < at->count; i++)
        params[n++] = at->keys[i];
    if (w->clock)
        params[n++] = db_i(l->now_s);
    const char *sql = db_sql(l->tx, w->sqlite, w->postgres ? w->postgres : w->sqlite);
    return db_query_values(l->tx, ret, sql, params, n);
}

/* Of the type that the letter says, and no longer than what we write. */
static bool fits(const struct db_value *v, char letter, bool key)
{
    if (letter == 'i')
        return v->type == DB_INT || (v->type == DB_NULL && !key);
    return key ? v->type == DB_TEXT && v->s.len < KEY_TEXT_MAX : v->type != DB_INT;
}

static bool row_fits(const struct walk *w, const struct db_rows *r, size_t row)
{
    const struct db_value *v = &r->cells[row * r->columns];
    size_t keys = strlen(w->keys), rest = w->rest ? strlen(w->rest) : 0;
    for (size_t i = 0; i < keys; i++)
        if (!fits(&v[i], w->keys[i], true))
            return false;
    for (size_t i = 0; i < rest; i++)
        if (!fits(&v[keys + i], w->rest[i], false))
            return false;
    return true;
}

static enum result look_at_page(struct looking *l, const struct place *at, const struct db_rows *r)
{
    enum result res = OK;
    for (size_t i = 0; i < r->count && res == OK; i++) {
        if (!row_fits(l->walk, r, i))
            found(l, r, i,
                  "holds what no such row of ours does: another kind of value, or too long");
        else if (l->walk->look)
            res = l->walk->look(l, r, i);
        else if (!db_is_null(r, i, at->count))
            found(l, r, i, STR_FMT, STR_ARG(db_str(r, i, at->count)));
    }
    return res;
}

static enum result walk_from(struct looking *l, struct place *at)
{
    const struct walk *w = l->walk;
    struct db_rows r;
    l->memory = (struct memory){0};
    do {
        arena_reset(l->arena);
        enum result res = read_page(l, at, &r);
        if (res == OK)
            res = look_at_page(l, at, &r);
        if (res == OK && r.count)
            res = stand_at(at, &r, r.count - 1);
        if (res != OK)
            return res;
        if (!w->aside)
            l->looked_at += (int64_t)r.count;
    } while (r.count == WALK_PAGE);
    return OK;
}

static enum result walk_one(struct looking *l)
{
    struct place at;
    place_init(&at, l->walk->keys);
    enum result res = walk_from(l, &at);
    place_done(&at);
    return res;
}

/* 0 where there is none behind it. A text as its number is none: then its rows are a business's
 * that is none. */
static enum result next_business(struct looking *l, int64_t behind, int64_t *ret)
{
    struct db_rows r;
    enum result res =
        db_one(l->tx, &r,
               "SELECT w.id FROM workspace w WHERE w.id > $1 AND w.id <= $2 ORDER BY w.id LIMIT 1",
               db_i(behind), db_i(INT64_MAX));
    *ret = res == OK ? db_int(&r, 0, 0) : 0;
    return res == NOT_FOUND ? OK : res;
}

enum result walk_all(struct looking *l)
{
    enum result res = OK;
    for (size_t i = 0; i < l->check->walk_count && res == OK; i++) {
        l->walk = &l->check->walks[i];
        l->workspace_id = 0;
        if (l->walk->global) {
            res = walk_one(l);
            continue;
        }
        res = next_business(l, INT64_MIN, &l->workspace_id);
        while (res == OK && l->workspace_id) {
            res = walk_one(l);
            if (res == OK)
                res = next_business(l, l->workspace_id, &l->workspace_id);
        }
    }
    l->workspace_id = 0;
    return res;
}
