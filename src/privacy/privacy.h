/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * privacy: what belongs to one person: notes that few may read, everything about them in one file,
 * and their going.
 *
 * Clinical notes lie sealed (base/seal.h); who has the permission `clinical` reads and writes them,
 * and each reading is an event of the audit. An export and an erasure are an owner's.
 */
#ifndef CAREOPS_PRIVACY_PRIVACY_H
#define CAREOPS_PRIVACY_PRIVACY_H

#include "db/work.h"
#include "http/route.h"

/*
 * The clinical notes of a client, opened: for whoever may read them, or moves them without showing
 * them to anybody (merge). Writing seals them again and is an event of the audit; what was never
 * written (version 0) is taken away. INTERNAL, with words for the operator, where another key has
 * sealed them.
 */
enum { CLINICAL_NOTES_MAX = 20000 };
struct clinical {
    struct str text, changed_by;
    struct opt_int changed_s;
    int64_t version; /* 0: there are none, and the text is empty */
};
enum result clinical_load(struct work *w, int64_t client_id, struct clinical *ret) must_check;
enum result clinical_write(struct work *w, int64_t client_id, const struct clinical *c) must_check;

/* At the start, before anybody is served: who stands in the list of the data folder (erase_files.c)
 * and was not erased in this database, is. That is how an erasure outlives a backup. */
struct app;
enum result privacy_catch_up(const struct app *app, int *ret_erased) must_check;

/* ---- the list in the data folder ---- */

struct erasure_line {
    int64_t workspace_id, client_id, at_s;
};
/* Appends one, durably. */
enum result erasures_append(const char *folder, struct erasure_line line) must_check;
/* All of them, in the arena; none where there is no list. A line that is cut short is passed over.
 */
enum result erasures_read(struct arena *a, const char *folder, struct erasure_line **ret,
                          size_t *ret_count) must_check;

extern const struct route_table clinical_table;
extern const struct route_table person_table;
extern const struct route_table business_export_table;
extern const struct route_table erase_table;

#endif
