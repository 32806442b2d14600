/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * csv_answer: a list that is too long for memory, read page by page and answered as a CSV file.
 *
 * Each page is read in a view of its own, so a list that changes meanwhile may show a row as it was
 * and the next as it is. Memory is one page and the spool's piece. One thread.
 */
#ifndef CAREOPS_TRANSFER_CSV_ANSWER_H
#define CAREOPS_TRANSFER_CSV_ANSWER_H

#include "http/route.h"

struct csv_list {
    const char *filename;
    const char *const *headings; /* ends with NULL */
    const char *exported;        /* audit_event's entity where people's details leave; else NULL */
    void *page;                  /* the list's own, handed to all three */
    /*
     * Reads what comes next into `page`, in the arena of `w`, as its tenant; says how many rows
     * that are and whether there may be more. It may run again, so it moves on nowhere.
     */
    enum result (*read)(struct work *w, void *page, size_t *ret_count, bool *ret_more);
    /* Writes row `i` of it, with csv_cell() and csv_end_record(). */
    void (*write)(struct arena *a, struct buf *out, const void *page, size_t i);
    /* Moves on, past what was read. */
    void (*next)(void *page);
};

/* For a route in MODE_FREE. */
enum result csv_answer(struct request *rq, struct work *w, const struct csv_list *list) must_check;

/* The mark by which spreadsheets know UTF-8, and the headings. */
void csv_head(struct buf *out, const char *const *headings);

#endif
