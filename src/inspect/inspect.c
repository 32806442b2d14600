/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* inspect: runs the checks one by one, each on a snapshot of its own. See inspect.h. */
#include "inspect/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const struct check_list *const lists[] = {
    &database_checks, &belongs_checks, &diary_checks, &ledger_checks,
    &letter_checks,   &event_checks,   &sum_checks,
};
enum { LIST_COUNT = sizeof lists / sizeof lists[0], CHECKS_MAX = 128 };

static size_t all_checks(const struct check **ret)
{
    size_t n = 0;
    for (size_t i = 0; i < LIST_COUNT; i++)
        for (size_t k = 0; k < lists[i]->count && n < CHECKS_MAX; k++)
            ret[n++] = &lists[i]->checks[k];
    return n;
}

/* Whether one of the names between the commas is this. */
static bool is_named(const char *names, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = names; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, name, len) == 0 && (at[len] == ',' || at[len] == '\0'))
            return true;
    return false;
}

/* Leaves those that were asked for. INVALID names the first word that is no check, be it "": to
 * have asked for nothing would look as if all held. */
static enum result choose(const char *only, const struct check **checks, size_t *count,
                          char ret_error[static DB_ERROR_TEXT])
{
    size_t kept = 0;
    for (const char *at = only; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        bool known = false;
        size_t len = strcspn(at, ",");
        for (size_t i = 0; i < *count; i++)
            known |= strlen(checks[i]->name) == len && strncmp(checks[i]->name, at, len) == 0;
        if (!known) {
            snprintf(ret_error, DB_ERROR_TEXT,
                     "there is no check \"%.*s\": see careops audit --list",
                     (int)(len < 60 ? len : 60), at);
            return INVALID;
        }
    }
    for (size_t i = 0; i < *count; i++)
        if (!only || is_named(only, checks[i]->name))
            checks[kept++] = checks[i];
    *count = kept;
    return OK;
}

/* ---- one check ---- */

static enum result look_in(struct db_tx *tx, void *arg)
{
    struct looking *l = arg;
    /* It may run again, where a connection was lost. */
    l->tx = tx;
    l->looked_at = 0;
    l->finding_count = 0;
    struct db_reach before = db_across(tx, "the audit reads every business's rows");
    enum result r = l->check->walk_count ? walk_all(l) : OK;
    if (r == OK && l->check->run)
        r = l->check->run(l);
    db_back(tx, before);
    return r;
}

static void look(struct db *db, const struct env *env, const struct check *c, struct looking *l,
                 struct outcome *ret)
{
    struct problem p = {0};
    struct arena rows;
    int64_t start_ms = env_mono_ms(env);
    arena_init(&rows, ARENA_DEFAULT_LIMIT);
    *l = (struct looking){.check = c, .arena = &rows, .now_s = env_now_s(env)};
    enum result r = db_view(db, &rows, &p, look_in, l);
    *ret = (struct outcome){
        .check = c,
        .looked_at = l->looked_at,
        .finding_count = l->finding_count,
        .took_ms = env_mono_ms(env) - start_ms,
        .blind = r != OK && l->finding_count == 0,
    };
    memcpy(ret->findings, l->findings, sizeof ret->findings);
    if (r != OK)
        snprintf(ret->why, sizeof ret->why, "%.300s",
                 r == INTERNAL || !p.detail[0] ? "the database could not be read here: see the log"
                                               : p.detail);
    arena_done(&rows);
}

/* ---- the whole ---- */

static enum result count_in(struct db_tx *tx, void *arg)
{
    struct report *report = arg;
    struct db_rows r;
    struct db_reach before = db_across(tx, "the audit counts the businesses");
    enum result res = db_one(tx, &r,
                             "SELECT (SELECT COUNT(*) FROM workspace),"
                             " (SELECT MAX(version) FROM schema_migration)");
    db_back(tx, before);
    if (res == OK) {
        report->businesses = db_int(&r, 0, 0);
        report->schema = db_int(&r, 0, 1);
    }
    return res;
}

static int64_t peak_memory_kb(void)
{
    struct rusage used;
    return getrusage(RUSAGE_SELF, &used) == 0 ? (int64_t)used.ru_maxrss : 0;
}

static enum result open_report(struct db *db, struct report *ret,
                               char ret_error[static DB_ERROR_TEXT])
{
    struct problem p = {0};
    struct arena a;
    enum result r = db_schema_compare(db, ret_error);
    if (r != OK)
        return r;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    r = db_view(db, &a, &p, count_in, ret);
    arena_done(&a);
    if (r != OK)
        snprintf(ret_error, DB_ERROR_TEXT, "the businesses cannot be read: see the log");
    return r;
}

enum inspect_status inspect(struct db *db, const struct env *env,
                            const struct inspect_options *options, FILE *out,
                            char ret_error[static DB_ERROR_TEXT])
{
    const struct check *checks[CHECKS_MAX];
    size_t count = all_checks(checks);
    struct report report = {.engine = db_engine_of(db)};
    int64_t start_ms = env_mono_ms(env);
    if (choose(options->only, checks, &count, ret_error) != OK ||
        open_report(db, &report, ret_error) != OK)
        return INSPECT_BLIND;
    report.outcomes = calloc(count + 1, sizeof *report.outcomes);
    struct looking *l = calloc(1, sizeof *l);
    if (!report.outcomes || !l)
        abort();
    for (size_t i = 0; i < count; i++) {
        struct outcome *o = &report.outcomes[report.count++];
        look(db, env, checks[i], l, o);
        report.finding_count += o->finding_count;
        report.blind_count += o->blind;
    }
    report.took_ms = env_mono_ms(env) - start_ms;
    report.peak_kb = peak_memory_kb();
    bool told = true;
    if (!db_was_disturbed(db)) {
        (options->json ? inspect_report_json : inspect_report_text)(&report, out);
        told = fflush(out) == 0 && !ferror(out);
    }
    free(l);
    free(report.outcomes);
    if (!told)
        snprintf(ret_error, DB_ERROR_TEXT, "the report could not be written: %s", strerror(errno));
    if (report.finding_count)
        return INSPECT_FINDINGS;
    return report.blind_count || !told ? INSPECT_BLIND : INSPECT_HOLDS;
}

void inspect_list(FILE *out)
{
    const struct check *checks[CHECKS_MAX];
    size_t count = all_checks(checks);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s\t%s\n", checks[i]->name, checks[i]->question);
}
