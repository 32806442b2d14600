/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * internal: what the files of inspect/ share and nobody else sees.
 *
 * A check is a question with one or more walks. A walk is a statement that gives a page of rows in
 * the order of an index; each row either carries its own verdict or is looked at by a function that
 * remembers what it needs of the rows before.
 */
#ifndef CAREOPS_INSPECT_INTERNAL_H
#define CAREOPS_INSPECT_INTERNAL_H

#include "inspect/inspect.h"

enum { WALK_KEYS_MAX = 5, WALK_PAGE = 1000, WHAT_TEXT = 160, PROBLEM_TEXT = 320 };

struct looking; /* one check under way */

typedef enum result (*look_fn)(struct looking *l, const struct db_rows *r, size_t row);

/*
 * $1 is the business (0 where the walk is `global`: then it runs once), $2 how many rows a page
 * has, $3… the keys of the last row, and behind them the time, where `clock` says so. The statement
 * gives the keys and then the row's problem, NULL where it has none; or, with `look`, what that
 * wants.
 */
struct walk {
    const char *sqlite;
    const char *postgres; /* NULL: the same */
    const char *keys;     /* a letter for each: i an integer, t text */
    const char *rest;     /* the same for what `look` wants behind them; NULL: nothing */
    const char *what;     /* names a row in a finding, with % for each of its keys */
    look_fn look;
    bool global, clock;
    bool aside; /* its rows are not counted: another walk of the check has counted them */
};

struct check {
    const char *name;
    const char *question;
    const char *unit; /* what is counted */
    const char *next; /* what to do about a finding */
    const struct walk *walks;
    size_t walk_count;
    enum result (*run)(struct looking *l); /* behind the walks, or instead of them */
};

#define WALKS(list) .walks = (list), .walk_count = sizeof(list) / sizeof(list)[0]

struct finding {
    int64_t workspace_id; /* 0: nobody's in particular */
    char what[WHAT_TEXT], problem[PROBLEM_TEXT];
};

/* What the walk at hand remembers between two rows; zeroed for each business. */
struct memory {
    bool any;
    int64_t n[8];
    char text[2][320];
};

struct looking {
    const struct check *check;
    struct db_tx *tx;
    struct arena *arena; /* emptied with each page */
    int64_t now_s;
    const struct walk *walk;
    int64_t workspace_id;
    struct memory memory;
    int64_t looked_at, finding_count;
    struct finding findings[FINDINGS_TOLD];
};

/* The row at hand, named by the walk's words. Its keys may be anything: see walk.c. */
void found(struct looking *l, const struct db_rows *r, size_t row, const char *problem, ...)
    __attribute__((format(printf, 4, 5)));
void found_at(struct looking *l, const char *what, const char *problem, ...)
    __attribute__((format(printf, 3, 4)));

/* Runs each walk over each business. */
enum result walk_all(struct looking *l) must_check;

/* ---- what came of them ---- */

struct outcome {
    const struct check *check;
    int64_t looked_at, finding_count, took_ms;
    bool blind;             /* it could not look, and so found nothing */
    char why[PROBLEM_TEXT]; /* it did not look to the end; "" where it did */
    struct finding findings[FINDINGS_TOLD];
};

struct report {
    enum db_engine engine;
    int64_t businesses, schema, took_ms, finding_count;
    int64_t peak_kb; /* of memory, of the whole process */
    size_t count, blind_count;
    struct outcome *outcomes;
};

void inspect_report_text(const struct report *r, FILE *out);
void inspect_report_json(const struct report *r, FILE *out);

/* ---- the tables of checks ---- */

struct check_list {
    const struct check *checks;
    size_t count;
};
extern const struct check_list database_checks, belongs_checks, diary_checks, ledger_checks,
    letter_checks, event_checks, sum_checks;

#define CHECK_LIST(list)                       \
    {                                          \
        (list), sizeof(list) / sizeof(list)[0] \
    }

#endif
