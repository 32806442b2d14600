/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stock: the ledger's only writer. Every movement passes stock_move(), which keeps the sums, the
 * row and the alert together. See stock.h. */
#include "stock/stock.h"

#include "base/seeded.h"
#include "stock/internal.h"
#include "stock/low_stock.h"

#include <assert.h>
#include <stdlib.h>

static const char *const kind_names[] = {"receive", "count",   "waste",  "adjust",
                                         "reserve", "release", "consume"};

void item_read(const struct db_rows *r, size_t row, struct item *ret)
{
    *ret = (struct item){
        .id = db_int(r, row, 0),
        .name = db_str(r, row, 1),
        .sku = db_str(r, row, 2),
        .unit = db_str(r, row, 3),
        .reorder_point = db_int(r, row, 4),
        .on_hand = db_int(r, row, 5),
        .reserved = db_int(r, row, 6),
        .low = db_int(r, row, 7) != 0,
        .low_count = db_int(r, row, 8),
        .active = db_int(r, row, 9) != 0,
        .version = db_int(r, row, 10),
        .last_move_id = db_int(r, row, 11),
        .last_count_id = db_int(r, row, 12),
        .unit_cost = db_opt_int(r, row, 13),
        .pack_name = db_str(r, row, 14),
        .pack_size = db_opt_int(r, row, 15),
        .supplier = db_str(r, row, 16),
        .category = db_str(r, row, 17),
        .created_s = db_int(r, row, 18),
    };
}

/* SQLite has one writer, which is lock enough; PostgreSQL locks the row against other bookings but
 * not against foreign keys. */
static enum result lock_item(struct work *w, int64_t id, struct item *ret)
{
    struct db_rows r;
    enum result res = db_one(
        w->tx, &r,
        db_sql(w->tx, "SELECT " ITEM_COLUMNS " FROM item i WHERE i.workspace_id = $1 AND i.id = $2",
               "SELECT " ITEM_COLUMNS " FROM item i WHERE i.workspace_id = $1 AND i.id = $2"
               " FOR NO KEY UPDATE"),
        db_i(w->actor.workspace_id), db_i(id));
    if (res == NOT_FOUND)
        return work_missing(w, "item");
    if (res == OK)
        item_read(&r, 0, ret);
    return res;
}

enum result stock_lock(struct work *w, const int64_t *ids, size_t count, struct item **ret)
{
    struct item *items = arena_new_array(w->arena, count + 1, struct item);
    for (size_t i = 0; i < count; i++) {
        assert(i == 0 || ids[i - 1] < ids[i]);
        enum result res = lock_item(w, ids[i], &items[i]);
        if (res != OK)
            return res;
    }
    *ret = items;
    return OK;
}

/* The crossing: falls to or under the point once, and must rise above before it counts again. */
static enum result watch_level(struct work *w, struct item *item)
{
    bool low = item->on_hand - item->reserved <= item->reorder_point;
    if (low == item->low)
        return OK;
    item->low = low;
    if (low)
        item->low_count++;
    enum result res = db_exec(
        w->tx, "UPDATE item SET low = $3, low_count = $4 WHERE workspace_id = $1 AND id = $2",
        db_i(w->actor.workspace_id), db_i(item->id), db_i(low), db_i(item->low_count));
    return res == OK && low ? low_stock_tell(w, item) : res;
}

enum result stock_level_changed(struct work *w, struct item *item)
{
    return watch_level(w, item);
}

enum result stock_move(struct work *w, struct item *item, enum move_kind kind,
                       int64_t on_hand_delta, int64_t reserved_delta, struct stock_cause *cause)
{
    int64_t id = env_id(w->env);
    if (id <= item->last_move_id)
        id = item->last_move_id + 1;
    if (!cause->booking)
        cause->cause_id = id;
    item->on_hand += on_hand_delta;
    item->reserved += reserved_delta;
    item->last_move_id = id;
    if (kind == MOVE_COUNT)
        item->last_count_id = id;
    item->version++;
    enum result res = db_exec(
        w->tx,
        "UPDATE item SET on_hand = on_hand + $3, reserved = reserved + $4, last_move_id = $5,"
        " last_count_id = $6, version = version + 1 WHERE workspace_id = $1 AND id = $2",
        db_i(w->actor.workspace_id), db_i(item->id), db_i(on_hand_delta), db_i(reserved_delta),
        db_i(id), db_i(item->last_count_id));
    if (res != OK)
        return res;
    if (SEEDED(LEDGER_ROW_MISSING) && kind == MOVE_CONSUME)
        return watch_level(w, item);
    struct opt_int actor = {w->actor.user_id != 0, w->actor.user_id};
    res = db_exec(
        w->tx,
        "INSERT INTO stock_move (workspace_id, item_id, id, kind, on_hand_delta, reserved_delta, on_hand_after,"
        " reserved_after, cause_kind, cause_id, step, booking_id, actor_kind, actor_id, actor_name, reason, at_s,"
        " unit_cost, stocktake_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        db_i(w->actor.workspace_id), db_i(item->id), db_i(id), db_z(kind_names[kind]),
        db_i(on_hand_delta), db_i(reserved_delta), db_i(item->on_hand), db_i(item->reserved),
        db_z(cause->booking ? "booking" : "hand"), db_i(cause->cause_id), db_i(cause->step),
        cause->booking ? db_i(cause->cause_id) : db_null(), db_z(actor_kind_names[w->actor.kind]),
        db_opt(actor), db_s(w->actor.name.ptr ? w->actor.name : STR("")),
        db_s(cause->reason.ptr ? cause->reason : STR("")), db_i(w->now_s), db_opt(item->unit_cost),
        db_opt((struct opt_int){cause->stocktake_id != 0, cause->stocktake_id}));
    return res == OK ? watch_level(w, item) : res;
}

int64_t stock_value(int64_t thousandths, int64_t unit_cost)
{
    __int128 exact = (__int128)thousandths * unit_cost;
    __int128 minor = (exact + (exact < 0 ? -500 : 500)) / 1000;
    const __int128 most = ((__int128)1 << 53) - 1; /* what a number in JSON can say */
    return (int64_t)(minor > most ? most : minor < -most ? -most : minor);
}

/* ---- lines of a visit ---- */

static int by_item(const void *x, const void *y)
{
    const struct stock_line *a = x, *b = y;
    return (a->item_id > b->item_id) - (a->item_id < b->item_id);
}

void stock_sort(struct stock_line *lines, size_t count)
{
    qsort(lines, count, sizeof *lines, by_item);
}

enum result stock_lines(struct work *w, const struct service *services, size_t count,
                        struct stock_line **ret, size_t *ret_count)
{
    struct stock_line *lines =
        arena_new_array(w->arena, count * SERVICE_MATERIALS_MAX + 1, struct stock_line);
    size_t n = 0;
    for (size_t s = 0; s < count; s++)
        for (size_t m = 0; m < services[s].material_count; m++)
            lines[n++] = (struct stock_line){services[s].materials[m].item_id,
                                             services[s].materials[m].quantity};
    stock_sort(lines, n);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept && lines[kept - 1].item_id == lines[i].item_id)
            lines[kept - 1].quantity += lines[i].quantity;
        else
            lines[kept++] = lines[i];
    }
    if (kept > STOCK_LINES_MAX)
        return problem_field(
            w->problem, "service_ids", "too_many_materials",
            "These services need more than 60 different materials together; book them apart.");
    *ret = lines;
    *ret_count = kept;
    return OK;
}

enum result stock_enough(struct work *w, const struct stock_line *lines, size_t count, bool *ret)
{
    *ret = true;
    for (size_t i = 0; i < count && *ret; i++) {
        struct db_rows r;
        enum result res = db_one(
            w->tx, &r, "SELECT on_hand - reserved FROM item WHERE workspace_id = $1 AND id = $2",
            db_i(w->actor.workspace_id), db_i(lines[i].item_id));
        if (res != OK && res != NOT_FOUND)
            return res;
        *ret = res == OK && db_int(&r, 0, 0) >= lines[i].quantity;
    }
    return OK;
}

static enum result lock_lines(struct work *w, const struct stock_line *lines, size_t count,
                              struct item **ret)
{
    int64_t *ids = arena_new_array(w->arena, count + 1, int64_t);
    for (size_t i = 0; i < count; i++)
        ids[i] = lines[i].item_id;
    return stock_lock(w, ids, count, ret);
}

/* ---- what is short, told to staff only ---- */

struct short_items {
    struct shape_list items;
};
static const struct field short_item_fields[] = {
    FIELD_ID(struct stock_short, item_id),
    FIELD_STR(struct stock_short, name, 0, 200),
    FIELD_QTY(struct stock_short, needed, 0, 0),
    FIELD_QTY(struct stock_short, available, 0, 0),
};
static const struct shape short_item_shape =
    SHAPE("ShortItem", struct stock_short, short_item_fields);
static const struct field short_items_fields[] = {
    FIELD_LIST(struct short_items, items, short_item_shape, 0, 60)};
static const struct shape short_items_shape =
    SHAPE("OutOfStock", struct short_items, short_items_fields);

enum result stock_refuse_short(struct work *w, const struct stock_short *list, size_t count,
                               const char *detail)
{
    struct short_items *extra = arena_new(w->arena, struct short_items);
    struct stock_short *copy = arena_new_array(w->arena, count, struct stock_short);
    for (size_t i = 0; i < count; i++)
        copy[i] = list[i];
    extra->items = (struct shape_list){true, count, copy};
    w->problem->extra_shape = &short_items_shape;
    w->problem->extra = extra;
    return problem_set(w->problem, CONFLICT, "out_of_stock", "%s", detail);
}

static enum result refuse_short(struct work *w, const struct stock_short *list, size_t count)
{
    bool staff = w->actor.kind == ACTOR_OWNER || w->actor.kind == ACTOR_STAFF;
    if (!staff)
        return problem_set(
            w->problem, CONFLICT, "out_of_stock",
            "This service cannot be booked at the moment. Please choose another one or call us.");
    const char *detail = arena_printf(
        w->arena,
        "%zu material%s short. Receive or count the stock first, or change what the visit uses.",
        count, count == 1 ? " is" : "s are");
    return stock_refuse_short(w, list, count, detail);
}

enum result stock_reserve(struct work *w, int64_t booking_id, int64_t step,
                          const struct stock_line *lines, size_t count)
{
    struct item *items;
    enum result res = lock_lines(w, lines, count, &items);
    if (res != OK)
        return res;
    struct stock_short lacking[STOCK_LINES_MAX];
    size_t lacking_count = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t available = items[i].on_hand - items[i].reserved;
        if (available < lines[i].quantity)
            lacking[lacking_count++] =
                (struct stock_short){some_int(items[i].id), items[i].name,
                                     some_int(lines[i].quantity), some_int(available)};
    }
    if (lacking_count)
        return refuse_short(w, lacking, lacking_count);
    struct stock_cause cause = {.booking = true, .cause_id = booking_id, .step = step};
    for (size_t i = 0; i < count && res == OK; i++)
        if (lines[i].quantity > 0)
            res = stock_move(w, &items[i], MOVE_RESERVE, 0, lines[i].quantity, &cause);
    return res;
}

enum result stock_release(struct work *w, int64_t booking_id, int64_t step,
                          const struct stock_line *lines, size_t count)
{
    struct item *items;
    enum result res = lock_lines(w, lines, count, &items);
    struct stock_cause cause = {.booking = true, .cause_id = booking_id, .step = step};
    for (size_t i = 0; i < count && res == OK; i++)
        if (lines[i].quantity > 0)
            res = stock_move(w, &items[i], MOVE_RELEASE, 0, -lines[i].quantity, &cause);
    return res;
}

/* Reserved and used side by side, one entry an item, sorted: what completing does to each. */
struct settlement {
    int64_t item_id, reserved, used;
};

static size_t settle(const struct stock_line *reserved, size_t reserved_count,
                     const struct stock_line *used, size_t used_count, struct settlement *ret)
{
    size_t n = 0, i = 0, j = 0;
    while (i < reserved_count || j < used_count) {
        bool take_r =
            i < reserved_count && (j == used_count || reserved[i].item_id <= used[j].item_id);
        bool take_u =
            j < used_count && (i == reserved_count || used[j].item_id <= reserved[i].item_id);
        ret[n++] = (struct settlement){
            .item_id = take_r ? reserved[i].item_id : used[j].item_id,
            .reserved = take_r ? reserved[i].quantity : 0,
            .used = take_u ? used[j].quantity : 0,
        };
        i += take_r;
        j += take_u;
    }
    return n;
}

/* Both lines side by side in `all` (room for twice STOCK_LINES_MAX), and their items, locked. */
static enum result lock_settlement(struct work *w, const struct stock_line *reserved,
                                   size_t reserved_count, const struct stock_line *used,
                                   size_t used_count, struct settlement *all, size_t *ret_count,
                                   struct item **ret)
{
    assert(reserved_count <= STOCK_LINES_MAX && used_count <= STOCK_LINES_MAX);
    size_t n = settle(reserved, reserved_count, used, used_count, all);
    struct stock_line ids[2 * STOCK_LINES_MAX] = {0};
    for (size_t i = 0; i < n; i++)
        ids[i] = (struct stock_line){.item_id = all[i].item_id};
    *ret_count = n;
    return lock_lines(w, ids, n, ret);
}

enum result stock_consume(struct work *w, int64_t booking_id, int64_t step,
                          const struct stock_line *reserved, size_t reserved_count,
                          const struct stock_line *used, size_t used_count)
{
    struct settlement all[2 * STOCK_LINES_MAX];
    struct item *items;
    size_t n;
    enum result res =
        lock_settlement(w, reserved, reserved_count, used, used_count, all, &n, &items);
    if (res != OK)
        return res;
    struct stock_short lacking[2 * STOCK_LINES_MAX];
    size_t lacking_count = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t at_hand = items[i].on_hand - items[i].reserved + all[i].reserved;
        if (all[i].used > at_hand)
            lacking[lacking_count++] = (struct stock_short){
                some_int(items[i].id), items[i].name, some_int(all[i].used), some_int(at_hand)};
    }
    if (lacking_count)
        return refuse_short(w, lacking, lacking_count);
    struct stock_cause cause = {.booking = true, .cause_id = booking_id, .step = step};
    for (size_t i = 0; i < n && res == OK; i++)
        if (all[i].reserved || all[i].used)
            res = stock_move(w, &items[i], all[i].used ? MOVE_CONSUME : MOVE_RELEASE, -all[i].used,
                             -all[i].reserved, &cause);
    return res;
}

enum result stock_unconsume(struct work *w, int64_t booking_id, int64_t step,
                            const struct stock_line *reserved, size_t reserved_count,
                            const struct stock_line *used, size_t used_count)
{
    struct settlement all[2 * STOCK_LINES_MAX];
    struct item *items;
    size_t n;
    enum result res =
        lock_settlement(w, reserved, reserved_count, used, used_count, all, &n, &items);
    if (res != OK)
        return res;
    struct stock_short lacking[2 * STOCK_LINES_MAX];
    size_t lacking_count = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t at_hand = items[i].on_hand + all[i].used - items[i].reserved;
        if (all[i].reserved > at_hand)
            lacking[lacking_count++] = (struct stock_short){
                some_int(items[i].id), items[i].name, some_int(all[i].reserved), some_int(at_hand)};
    }
    if (lacking_count)
        return refuse_short(w, lacking, lacking_count);
    struct stock_cause cause = {.booking = true, .cause_id = booking_id, .step = step};
    for (size_t i = 0; i < n && res == OK; i++)
        if (all[i].reserved || all[i].used)
            res = stock_move(w, &items[i], all[i].used ? MOVE_CONSUME : MOVE_RESERVE, all[i].used,
                             all[i].reserved, &cause);
    return res;
}
