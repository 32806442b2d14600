/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stocktake: opened, counted and finished. See stocktake.h. */
#include "stock/stocktake.h"

#include "audit/audit.h"

static void read_stocktake(const struct db_rows *r, size_t row, struct stocktake *ret)
{
    *ret = (struct stocktake){
        .id = db_int(r, row, 0),
        .name = db_str(r, row, 1),
        .category = db_str(r, row, 2),
        .status = db_str(r, row, 3),
        .items = db_int(r, row, 4),
        .counted = db_int(r, row, 5),
        .variance_value = db_opt_int(r, row, 6),
        .started_s = db_int(r, row, 7),
        .started_by = db_str(r, row, 8),
        .ended_s = db_opt_int(r, row, 9),
        .ended_by = db_str(r, row, 10),
        .version = db_int(r, row, 11),
    };
}

#define STOCKTAKE_COLUMNS                                                                \
    "id, name, category, status, items, counted, variance_value, started_s, started_by," \
    " ended_s, ended_by, version"

enum result stocktake_load(struct work *w, int64_t id, struct stocktake *ret)
{
    struct db_rows r;
    enum result res =
        db_one(w->tx, &r,
               "SELECT " STOCKTAKE_COLUMNS " FROM stocktake WHERE workspace_id = $1 AND id = $2",
               db_i(w->actor.workspace_id), db_i(id));
    if (res == OK)
        read_stocktake(&r, 0, ret);
    return res == NOT_FOUND ? work_missing(w, "stocktake") : res;
}

enum result stocktake_list(struct work *w, int64_t before_id, int64_t limit, struct stocktake **ret,
                           size_t *ret_count)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT " STOCKTAKE_COLUMNS " FROM stocktake"
                               " WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                               db_i(w->actor.workspace_id), db_i(before_id), db_i(limit));
    if (res != OK)
        return res;
    struct stocktake *list = arena_new_array(w->arena, r.count + 1, struct stocktake);
    for (size_t i = 0; i < r.count; i++)
        read_stocktake(&r, i, &list[i]);
    *ret = list;
    *ret_count = r.count;
    return OK;
}

/* ---- lines ---- */

/* What it cost then stands in the line once it is finished; until then, what it costs. */
#define LINE_COLUMNS                                                                                 \
    "l.item_id, i.name, i.sku, i.unit, i.category, i.pack_name, i.pack_size, l.counted, l.expected," \
    " l.counted_s, CASE WHEN l.unit_cost IS NULL THEN i.unit_cost ELSE l.unit_cost END,"             \
    " l.seen_move_id, l.counted_by, l.overtaken"
#define LINE_FROM \
    " FROM stocktake_line l JOIN item i ON i.workspace_id = l.workspace_id AND i.id = l.item_id"

static void read_line(const struct db_rows *r, size_t row, struct stocktake_line *ret)
{
    *ret = (struct stocktake_line){
        .item_id = db_int(r, row, 0),
        .name = db_str(r, row, 1),
        .sku = db_str(r, row, 2),
        .unit = db_str(r, row, 3),
        .category = db_str(r, row, 4),
        .pack_name = db_str(r, row, 5),
        .pack_size = db_opt_int(r, row, 6),
        .counted = db_opt_int(r, row, 7),
        .expected = db_opt_int(r, row, 8),
        .counted_s = db_opt_int(r, row, 9),
        .unit_cost = db_opt_int(r, row, 10),
        .seen_move_id = db_int(r, row, 11),
        .counted_by = db_str(r, row, 12),
        .overtaken = db_int(r, row, 13) != 0,
    };
}

enum result stocktake_lines(struct work *w, int64_t id, struct stocktake_line **ret,
                            size_t *ret_count)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT " LINE_COLUMNS LINE_FROM
                               " WHERE l.workspace_id = $1 AND l.stocktake_id = $2"
                               " ORDER BY l.item_id LIMIT $3",
                               db_i(w->actor.workspace_id), db_i(id), db_i(STOCKTAKE_LINES_MAX));
    if (res != OK)
        return res;
    struct stocktake_line *list = arena_new_array(w->arena, r.count + 1, struct stocktake_line);
    for (size_t i = 0; i < r.count; i++)
        read_line(&r, i, &list[i]);
    *ret = list;
    *ret_count = r.count;
    return OK;
}

enum result stocktake_line(struct work *w, int64_t id, int64_t item_id, struct stocktake_line *ret)
{
    struct db_rows r;
    enum result res =
        db_one(w->tx, &r,
               "SELECT " LINE_COLUMNS LINE_FROM
               " WHERE l.workspace_id = $1 AND l.stocktake_id = $2 AND l.item_id = $3",
               db_i(w->actor.workspace_id), db_i(id), db_i(item_id));
    if (res == OK)
        read_line(&r, 0, ret);
    return res == NOT_FOUND ? work_missing(w, "line of this stocktake") : res;
}

struct opt_int stocktake_variance(const struct stocktake_line *l)
{
    return l->counted.set ? some_int(l->counted.value - l->expected.value) : (struct opt_int){0};
}

struct opt_int stocktake_variance_value(const struct stocktake_line *l)
{
    struct opt_int v = stocktake_variance(l);
    bool known = v.set && l->unit_cost.set;
    return known ? some_int(stock_value(v.value, l->unit_cost.value)) : (struct opt_int){0};
}

/* ---- opening ---- */

static enum result room_for_one(struct work *w)
{
    struct db_rows r;
    enum result res = db_one(
        w->tx, &r, "SELECT COUNT(*) FROM stocktake WHERE workspace_id = $1 AND status = 'open'",
        db_i(w->actor.workspace_id));
    if (res == OK && db_int(&r, 0, 0) >= STOCKTAKES_OPEN_MAX)
        return problem_set(w->problem, CONFLICT, "limit_reached",
                           "%d stocktakes are open. Finish or cancel one of them first.",
                           STOCKTAKES_OPEN_MAX);
    return res;
}

static enum result chosen_items(struct work *w, const struct id_list *ids, int64_t **ret,
                                size_t *ret_count)
{
    int64_t *list = arena_new_array(w->arena, ids->count + 1, int64_t);
    size_t n = 0;
    for (size_t i = 0; i < ids->count; i++) {
        struct db_rows r;
        enum result res =
            db_one(w->tx, &r, "SELECT 1 FROM item WHERE workspace_id = $1 AND id = $2",
                   db_i(w->actor.workspace_id), db_i(ids->ids[i]));
        if (res == NOT_FOUND)
            return work_missing_at(w, arena_printf(w->arena, "item_ids.%zu", i), "item");
        if (res != OK)
            return res;
        bool again = false;
        for (size_t k = 0; k < n && !again; k++)
            again = list[k] == ids->ids[i];
        if (!again)
            list[n++] = ids->ids[i];
    }
    *ret = list;
    *ret_count = n;
    return OK;
}

static enum result all_items(struct work *w, struct str category, int64_t **ret, size_t *ret_count)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT id FROM item WHERE workspace_id = $1 AND active = 1"
                               " AND ($2 = '' OR category = $2) ORDER BY id LIMIT $3",
                               db_i(w->actor.workspace_id), db_s(category.ptr ? category : STR("")),
                               db_i(STOCKTAKE_LINES_MAX + 1));
    if (res != OK)
        return res;
    int64_t *list = arena_new_array(w->arena, r.count + 1, int64_t);
    for (size_t i = 0; i < r.count; i++)
        list[i] = db_int(&r, i, 0);
    *ret = list;
    *ret_count = r.count;
    return OK;
}

enum result stocktake_open(struct work *w, const struct stocktake_new *in, int64_t *ret_id)
{
    int64_t *ids = NULL;
    size_t count = 0;
    enum result res = room_for_one(w);
    if (res == OK)
        res = in->item_ids.set ? chosen_items(w, &in->item_ids, &ids, &count)
                               : all_items(w, in->category, &ids, &count);
    if (res != OK)
        return res;
    if (count == 0)
        return problem_field(w->problem, in->category.ptr ? "category" : "item_ids", "nothing",
                             "There is nothing to count. Add an item first.");
    if (count > STOCKTAKE_LINES_MAX)
        return problem_field(w->problem, "category", "too_many",
                             "These are more than 2000 items. Count them by category.");
    int64_t id = env_id(w->env);
    res = db_exec(
        w->tx,
        "INSERT INTO stocktake (workspace_id, id, name, category, items, started_s, started_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        db_i(w->actor.workspace_id), db_i(id), db_s(in->name.ptr ? in->name : STR("")),
        db_s(in->category.ptr ? in->category : STR("")), db_i((int64_t)count), db_i(w->now_s),
        db_s(w->actor.name.ptr ? w->actor.name : STR("")));
    for (size_t i = 0; res == OK && i < count; i++)
        res = db_exec(w->tx,
                      "INSERT INTO stocktake_line (workspace_id, stocktake_id, item_id)"
                      " VALUES ($1, $2, $3)",
                      db_i(w->actor.workspace_id), db_i(id), db_i(ids[i]));
    if (res == OK)
        res = audit_action(w, "stocktake", id, "started");
    *ret_id = id;
    return res;
}

/* ---- counting ---- */

/* The row, locked until the end by raising its version. A cancelled or finished one: CONFLICT. */
static enum result hold_open(struct work *w, int64_t id, struct stocktake *ret)
{
    int64_t changed = 0;
    enum result res = db_count(w->tx, &changed,
                               "UPDATE stocktake SET version = version + 1"
                               " WHERE workspace_id = $1 AND id = $2",
                               db_i(w->actor.workspace_id), db_i(id));
    if (res == OK)
        res = stocktake_load(w, id, ret);
    if (res == OK && !str_is(ret->status, "open"))
        return problem_set(w->problem, CONFLICT, "invalid_transition",
                           "This stocktake was %s already.",
                           str_is(ret->status, "finished") ? "finished" : "cancelled");
    return res;
}

/* The ledger's total at that time, and the newest movement that is in it. */
static enum result ledger_at(struct work *w, int64_t item_id, int64_t at_s, int64_t *ret_total,
                             int64_t *ret_move_id)
{
    struct db_rows r;
    enum result res = db_one(
        w->tx, &r, "SELECT on_hand, last_move_id FROM item WHERE workspace_id = $1 AND id = $2",
        db_i(w->actor.workspace_id), db_i(item_id));
    if (res != OK)
        return res;
    *ret_total = db_int(&r, 0, 0);
    *ret_move_id = db_int(&r, 0, 1);
    if (at_s >= w->now_s)
        return OK;
    res = db_one(w->tx, &r,
                 "SELECT on_hand_after, id FROM stock_move WHERE workspace_id = $1 AND item_id = $2"
                 " AND id > 0 AND id <= $4 AND at_s <= $3 ORDER BY id DESC LIMIT 1",
                 db_i(w->actor.workspace_id), db_i(item_id), db_i(at_s), db_i(*ret_move_id));
    if (res != OK && res != NOT_FOUND)
        return res;
    *ret_total = res == OK ? db_int(&r, 0, 0) : 0;
    *ret_move_id = res == OK ? db_int(&r, 0, 1) : 0;
    return OK;
}

static enum result audit_line(struct work *w, int64_t id, const struct stocktake_line *line,
                              struct opt_int counted)
{
    struct audit a;
    audit_begin(&a, w, "stocktake", id, counted.set ? "counted" : "uncounted");
    audit_str(&a, "item", (struct str){0}, line->name);
    audit_qty(&a, "counted", line->counted.value, counted.value);
    return audit_end(&a);
}

enum result stocktake_count(struct work *w, int64_t id, int64_t item_id, struct opt_int counted,
                            int64_t ago_s)
{
    struct stocktake s;
    struct stocktake_line line;
    enum result res = hold_open(w, id, &s);
    if (res == OK)
        res = stocktake_line(w, id, item_id, &line);
    if (res != OK)
        return res;
    int64_t at_s = w->now_s - ago_s, expected = 0, seen = 0;
    if (at_s < s.started_s)
        at_s = s.started_s; /* nobody counted for it before it was there */
    if (line.counted_s.set && line.counted_s.value > at_s)
        return OK; /* somebody looked later */
    res = ledger_at(w, item_id, at_s, &expected, &seen);
    if (res != OK)
        return res;
    struct str by = w->actor.name.ptr ? w->actor.name : STR("");
    res = db_exec(
        w->tx,
        "UPDATE stocktake_line SET counted = $4, expected = $5, seen_move_id = $6, counted_s = $7,"
        " counted_by = $8 WHERE workspace_id = $1 AND stocktake_id = $2 AND item_id = $3",
        db_i(w->actor.workspace_id), db_i(id), db_i(item_id), db_opt(counted),
        db_opt((struct opt_int){counted.set, expected}), db_i(counted.set ? seen : 0),
        db_opt((struct opt_int){counted.set, at_s}), db_s(counted.set ? by : STR("")));
    int64_t more = (int64_t)counted.set - (int64_t)line.counted.set;
    if (res == OK && more)
        res = db_exec(
            w->tx,
            "UPDATE stocktake SET counted = counted + $3 WHERE workspace_id = $1 AND id = $2",
            db_i(w->actor.workspace_id), db_i(id), db_i(more));
    return res == OK ? audit_line(w, id, &line, counted) : res;
}

/* ---- its end ---- */

enum result stocktake_take(struct work *w, struct request *rq, int64_t id, struct stocktake *ret)
{
    enum result res = hold_open(w, id, ret);
    if (res != OK)
        return res;
    ret->version--; /* what the caller can have seen */
    res = route_check_version(rq, w, ret->version);
    ret->version++;
    return res;
}

/* Whether the shelf's count may stand: bookings hold no more than there is. */
struct lacking {
    struct stock_short list[STOCK_LINES_MAX];
    size_t count, all;
};

static void judge_line(const struct item *item, int64_t after, struct lacking *l)
{
    if (after >= item->reserved && after >= 0)
        return;
    if (l->count < STOCK_LINES_MAX)
        l->list[l->count++] =
            (struct stock_short){some_int(item->id), item->name, some_int(item->reserved),
                                 some_int(after > 0 ? after : 0)};
    l->all++;
}

static enum result settle_line(struct work *w, const struct stocktake *s,
                               const struct stocktake_line *line, struct item *item, int64_t *value)
{
    bool overtaken = item->last_count_id > line->seen_move_id;
    struct opt_int worth = stocktake_variance_value(line);
    enum result res = OK;
    if (!overtaken) {
        struct stock_cause cause = {.reason = s->name, .stocktake_id = s->id};
        int64_t before = item->on_hand;
        res =
            stock_move(w, item, MOVE_COUNT, line->counted.value - line->expected.value, 0, &cause);
        if (res == OK)
            res = stock_hand_audit(w, item, MOVE_COUNT, before);
        *value += worth.value;
    }
    return res == OK ? db_exec(w->tx,
                               "UPDATE stocktake_line SET overtaken = $4, unit_cost = $5"
                               " WHERE workspace_id = $1 AND stocktake_id = $2 AND item_id = $3",
                               db_i(w->actor.workspace_id), db_i(s->id), db_i(line->item_id),
                               db_i(overtaken), db_opt(line->unit_cost))
                     : res;
}

static enum result end(struct work *w, const struct stocktake *s, const char *status,
                       struct opt_int value)
{
    enum result res =
        db_exec(w->tx,
                "UPDATE stocktake SET status = $3, variance_value = $4, ended_s = $5, ended_by = $6"
                " WHERE workspace_id = $1 AND id = $2",
                db_i(w->actor.workspace_id), db_i(s->id), db_z(status), db_opt(value),
                db_i(w->now_s), db_s(w->actor.name.ptr ? w->actor.name : STR("")));
    if (res != OK)
        return res;
    struct audit a;
    audit_begin(&a, w, "stocktake", s->id, status);
    audit_int(&a, "variance_value", (struct opt_int){0}, value);
    return audit_end(&a);
}

enum result stocktake_finish(struct work *w, const struct stocktake *s)
{
    struct stocktake_line *lines;
    size_t count, n = 0;
    enum result res = stocktake_lines(w, s->id, &lines, &count);
    if (res != OK)
        return res;
    int64_t *ids = arena_new_array(w->arena, count + 1, int64_t);
    for (size_t i = 0; i < count; i++)
        if (lines[i].counted.set) {
            lines[n] = lines[i]; /* by item already, which is the order of locks */
            ids[n++] = lines[i].item_id;
        }
    if (n == 0)
        return problem_set(w->problem, CONFLICT, "nothing_counted",
                           "Nothing was counted yet. Count an item, or cancel the stocktake.");
    struct item *items;
    struct lacking lacking = {0};
    res = stock_lock(w, ids, n, &items);
    for (size_t i = 0; res == OK && i < n; i++) {
        int64_t delta = lines[i].counted.value - lines[i].expected.value;
        bool overtaken = items[i].last_count_id > lines[i].seen_move_id;
        judge_line(&items[i], items[i].on_hand + (overtaken ? 0 : delta), &lacking);
    }
    if (res == OK && lacking.all)
        return stock_refuse_short(w, lacking.list, lacking.count,
                                  "Bookings hold more of these than was counted. Count them again, "
                                  "or take the count back and complete or cancel the bookings.");
    int64_t value = 0;
    for (size_t i = 0; res == OK && i < n; i++)
        res = settle_line(w, s, &lines[i], &items[i], &value);
    return res == OK ? end(w, s, "finished", some_int(value)) : res;
}

enum result stocktake_cancel(struct work *w, const struct stocktake *s)
{
    return end(w, s, "cancelled", (struct opt_int){0});
}

enum result stocktake_reopen(struct work *w, int64_t id)
{
    struct stocktake s;
    int64_t changed = 0;
    enum result res = room_for_one(w);
    if (res == OK)
        res = db_count(w->tx, &changed,
                       "UPDATE stocktake SET status = 'open', ended_s = NULL, ended_by = '',"
                       " version = version + 1"
                       " WHERE workspace_id = $1 AND id = $2 AND status = 'cancelled'",
                       db_i(w->actor.workspace_id), db_i(id));
    if (res == OK)
        res = stocktake_load(w, id, &s);
    if (res == OK && changed == 0)
        return problem_set(w->problem, CONFLICT, "invalid_transition",
                           "Only a stocktake that was dropped can be opened again.");
    return res == OK ? audit_action(w, "stocktake", id, "reopened") : res;
}
