/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of privacy/ share and nobody else sees. */
#ifndef CAREOPS_PRIVACY_INTERNAL_H
#define CAREOPS_PRIVACY_INTERNAL_H

#include "privacy/privacy.h"

#include "base/buf.h"
#include "client/client.h"

/* ---- clinical notes ---- */

/* The client, unless they are erased: 404 client_erased then. */
struct subject {
    int64_t id;
    struct str name;
};
enum result subject_load(struct work *w, int64_t client_id, struct subject *ret) must_check;

/* ---- erasure ---- */

struct erasing {
    struct work *w;
    int64_t client_id;
    /* what went, and what stays without a name */
    int64_t visits_cancelled, letters, conversation_messages, forms, ratings, bookings, events,
        moves, attachments;
    int64_t *merged; /* who had turned out to be them: the data folder's list names them as well,
                        since a backup may be from before they were merged */
    size_t merged_count;
    const char **letter_ids; /* the Message-IDs of letters that may lie as files */
    size_t letter_id_count;
};

/*
 * One step for each table that holds something of a client, in the order in which they must go:
 * what names a row goes before the row. A new table with a client's data gets its step here and its
 * lines in tests/lib/personal.mjs, which a test holds against the schema.
 */
struct erase_step {
    const char *table;
    enum result (*erase)(struct erasing *e);
};
extern const struct erase_step erase_steps[];
extern const size_t erase_step_count;

/* The whole of it, in the caller's transaction, under the business's lock. `at_s`: when it was
 * asked for. */
enum result erase_client(struct work *w, int64_t client_id, int64_t at_s,
                         struct erasing *ret) must_check;

/* ---- what lies beside the database ---- */

/* Removes the letters' files, where mail goes into a folder (NULL: it does not). Sorts `ids`. */
void letter_files_remove(const char *folder, const char **ids, size_t count);

/* ---- export ---- */

enum export_kind {
    EXPORT_TEXT,
    EXPORT_ID,
    EXPORT_INT,
    EXPORT_INSTANT,
    EXPORT_BOOL,
    EXPORT_JSON,
    EXPORT_QTY,
    EXPORT_LETTER,
    EXPORT_SEALED,
    EXPORT_SEALED_JSON
};
struct export_column {
    const char *name;
    enum export_kind kind;
};
/* Rows after a key, in the order of it; the key stands in the first column. */
struct export_part {
    const char *name, *title;
    const struct export_column *columns; /* ends with one without a name */
    bool single;                         /* one row: an object instead of a list */
    enum result (*page)(struct work *w, int64_t client_id, int64_t after, struct db_rows *ret);
};
extern const struct export_part export_parts[];
extern const size_t export_part_count;
/* Rows at once: what a page of the longest of them takes fits a request's arena. */
enum { EXPORT_PAGE = 100, EXPORT_EVENTS_PAGE = 500 };

#endif
