/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * stocktake: counting the shelf, item by item, while work goes on.
 *
 *   open ──finish──▶ finished
 *     └────cancel──▶ cancelled ──reopen──▶ open
 *
 * A line is counted at a time t, at which the ledger's total is L(t) (`expected`); what it differs
 * by is its variance. Finishing writes one `count` movement a counted line, of counted − L(t): what
 * has moved since t is kept, since it happened after somebody looked. All lines in one transaction,
 * or none. What nobody counted is left alone.
 *
 * A line may be counted again, and taken back. Of two numbers the one that was read later counts,
 * whenever it arrives: a telephone without a network sends what it has with how long ago that was.
 *
 * A count of the item by hand, or of another stocktake, after t has the word: it already put right
 * what this line would (item.last_count_id against seen_move_id). Such a line is told as
 * `overtaken`, and changes nothing.
 *
 * Finishing is refused (409 out_of_stock, with the items) where it would leave less than bookings
 * hold.
 *
 * Lock order: the stocktake's row, then items by id. Whatever changes a stocktake takes its row
 * first, by raising its version.
 */
#ifndef CAREOPS_STOCK_STOCKTAKE_H
#define CAREOPS_STOCK_STOCKTAKE_H

#include "stock/internal.h"

enum { STOCKTAKE_LINES_MAX = 2000, STOCKTAKES_OPEN_MAX = 20, COUNTED_AGO_MAX_S = 7 * 86400 };

struct stocktake {
    int64_t id;
    struct str name, category, status;
    int64_t items, counted, started_s, version;
    struct opt_int variance_value, ended_s;
    struct str started_by, ended_by;
};

struct stocktake_line {
    int64_t item_id;
    struct str name, sku, unit, category, pack_name;
    struct opt_int pack_size, counted, expected, counted_s, unit_cost;
    int64_t seen_move_id;
    struct str counted_by;
    bool overtaken;
};

enum result stocktake_load(struct work *w, int64_t id, struct stocktake *ret) must_check;
/* Newest first. */
enum result stocktake_list(struct work *w, int64_t before_id, int64_t limit, struct stocktake **ret,
                           size_t *ret_count) must_check;
enum result stocktake_lines(struct work *w, int64_t id, struct stocktake_line **ret,
                            size_t *ret_count) must_check;
enum result stocktake_line(struct work *w, int64_t id, int64_t item_id,
                           struct stocktake_line *ret) must_check;

/* All that are not retired, of one category, or of a list (422 where nothing is left). */
struct stocktake_new {
    struct str name, category;
    struct id_list item_ids;
};
enum result stocktake_open(struct work *w, const struct stocktake_new *in,
                           int64_t *ret_id) must_check;

/* `counted` unset: the number is taken back. `ago_s`: how long ago it was read off the shelf. */
enum result stocktake_count(struct work *w, int64_t id, int64_t item_id, struct opt_int counted,
                            int64_t ago_s) must_check;

/* For both: the row locked and open, at the version that the caller saw. */
enum result stocktake_take(struct work *w, struct request *rq, int64_t id,
                           struct stocktake *ret) must_check;
enum result stocktake_finish(struct work *w, const struct stocktake *s) must_check;
enum result stocktake_cancel(struct work *w, const struct stocktake *s) must_check;
/* A cancelled one, with what was counted for it. */
enum result stocktake_reopen(struct work *w, int64_t id) must_check;

/* What a line found, where it was counted. */
struct opt_int stocktake_variance(const struct stocktake_line *l);
struct opt_int stocktake_variance_value(const struct stocktake_line *l);

#endif
