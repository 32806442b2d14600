/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of transfer/ share and nobody else sees. */
#ifndef CAREOPS_TRANSFER_INTERNAL_H
#define CAREOPS_TRANSFER_INTERNAL_H

#include "client/client.h"
#include "transfer/csv.h"
#include "transfer/transfer.h"

/* ---- columns (columns.c) ---- */

enum column {
    COLUMN_ID,
    COLUMN_NAME,
    COLUMN_FIRST_NAME,
    COLUMN_LAST_NAME,
    COLUMN_EMAIL,
    COLUMN_PHONE,
    COLUMN_NOTES,
    COLUMN_TAGS,
    COLUMN_ALERTS,
    COLUMN_STATUS,
    COLUMN_SOURCE,
    COLUMN_CREATED_AT,
    COLUMN_UNSUBSCRIBED_AT,
    COLUMN__MAX,
};
extern const char *const column_names[]; /* as the mapping and our own export call them */

/* Which of a file's columns is what, by its heading; absent: none. Also what a request says. */
struct mapping {
    struct str of[COLUMN__MAX];
};
extern const struct shape mapping_shape;

struct columns {
    size_t count;
    struct str headings[CSV_CELLS_MAX];
    int at[COLUMN__MAX]; /* -1: the file has none */
    struct mapping mapping;
};
/* INVALID where `said` (may be NULL) names a heading that the file has not. */
enum result columns_read(struct work *w, const struct csv_record *head, const struct mapping *said,
                         struct columns *ret) must_check;
/* Whether a name can be had from them. */
bool columns_name_somebody(const struct columns *c);

/* ---- lines (line.c) ---- */

struct line_error {
    struct str column, code, message;
};

struct line {
    struct str name, email, phone, notes, tags, alerts; /* absent: empty cell */
    struct str_list tag_list, alert_list;
    struct opt_int id, status, source, created_at, unsubscribed_at;
    struct shape_list errors; /* struct line_error; none: the line is right */
};
/* By the rules of POST /clients. False: the line is empty. */
bool line_read(struct arena *a, const struct columns *c, const struct csv_record *r,
               struct line *ret);
void line_fault(struct arena *a, struct line *l, struct str column, const char *code,
                const char *message);

/* ---- plans (plan.c) ---- */

enum plan_action { PLAN_CREATE, PLAN_UPDATE, PLAN_SKIP, PLAN_ERROR, PLAN__MAX };
extern const char *const plan_actions[];

struct step {
    int64_t line; /* of the file */
    enum plan_action action;
    int64_t client_id; /* 0: nobody yet */
    struct line what;
};

struct plan {
    struct columns columns;
    size_t count;
    struct step *steps;
    int64_t counts[PLAN__MAX];
    char mark[TOKEN_HASH_TEXT]; /* equal for equal plans */
};

struct import_in {
    struct str csv, csv_base64, plan;
    struct mapping *mapping;
    struct opt_int on_existing; /* 0 skip (also absent), 1 update */
};
enum result plan_make(struct work *w, const struct import_in *in, struct plan *ret) must_check;

#endif
