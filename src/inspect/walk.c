/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* walk: pages of rows, business by business, and what was found in them. See internal.h. */
#include "inspect/internal.h"

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
        int k;
        if (l->walk->keys[key] == 'i')
            k = snprintf(ret + n, left, "%lld", (long long)db_int(r, row, key));
        else
            k = snprintf(ret + n, left, STR_FMT, STR_ARG(db_str(r, row, key)));
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

struct place {
    size_t count;
    struct db_value keys[WALK_KEYS_MAX];
    char text[WALK_KEYS_MAX][512]; /* what the values of text keys point to */
};

static void before_all(struct place *at, const char *keys)
{
    at->count = strlen(keys);
    assert(at->count > 0 && at->count <= WALK_KEYS_MAX);
    for (size_t i = 0; i < at->count; i++)
        at->keys[i] = keys[i] == 'i' ? db_i(INT64_MIN) : db_s(STR(""));
}

/* The page's arena goes with the page. */
static void stand_at(struct place *at, const char *keys, const struct db_rows *r, size_t row)
{
    for (size_t i = 0; i < at->count; i++) {
        if (keys[i] == 'i') {
            at->keys[i] = db_i(db_int(r, row, i));
            continue;
        }
        struct str s = db_str(r, row, i);
        assert(s.len < sizeof at->text[i]); /* keys are hashes, kinds and words of ours */
        memcpy(at->text[i], s.ptr, s.len);
        at->keys[i] = db_s((struct str){at->text[i], s.len});
    }
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

static enum result look_at_page(struct looking *l, const struct place *at, const struct db_rows *r)
{
    enum result res = OK;
    for (size_t i = 0; i < r->count && res == OK; i++) {
        if (l->walk->look)
            res = l->walk->look(l, r, i);
        else if (!db_is_null(r, i, at->count))
            found(l, r, i, STR_FMT, STR_ARG(db_str(r, i, at->count)));
    }
    return res;
}

static enum result walk_one(struct looking *l)
{
    const struct walk *w = l->walk;
    struct place at;
    struct db_rows r;
    before_all(&at, w->keys);
    l->memory = (struct memory){0};
    do {
        arena_reset(l->arena);
        enum result res = read_page(l, &at, &r);
        if (res == OK)
            res = look_at_page(l, &at, &r);
        if (res != OK)
            return res;
        if (!w->aside)
            l->looked_at += (int64_t)r.count;
        if (r.count)
            stand_at(&at, w->keys, &r, r.count - 1);
    } while (r.count == WALK_PAGE);
    return OK;
}

/* 0 where there is none behind it. */
static enum result next_business(struct looking *l, int64_t behind, int64_t *ret)
{
    struct db_rows r;
    enum result res =
        db_one(l->tx, &r, "SELECT w.id FROM workspace w WHERE w.id > $1 ORDER BY w.id LIMIT 1",
               db_i(behind));
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
