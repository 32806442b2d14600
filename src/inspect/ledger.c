/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ledger: the stock's movements at every prefix, the sums kept of them, and the reservations of
 * bookings. See inspect.h and stock/stock.h, whose invariants these are. */
#include "inspect/internal.h"

/* ---- every prefix ---- */

enum { ITEM, ON_HAND, RESERVED };

static enum result prefix_look(struct looking *l, const struct db_rows *r, size_t row)
{
    struct memory *m = &l->memory;
    int64_t item_id = db_int(r, row, 0);
    if (!m->any || m->n[ITEM] != item_id)
        *m = (struct memory){.any = true, .n = {item_id, 0, 0}};
    int64_t on_hand = m->n[ON_HAND] + db_int(r, row, 2);
    int64_t reserved = m->n[RESERVED] + db_int(r, row, 3);
    if (db_int(r, row, 4) != on_hand || db_int(r, row, 5) != reserved)
        found(l, r, row,
              "says %lld on hand and %lld reserved; the movements until then make %lld "
              "and %lld",
              (long long)db_int(r, row, 4), (long long)db_int(r, row, 5), (long long)on_hand,
              (long long)reserved);
    else if (on_hand < 0 || reserved < 0 || reserved > on_hand)
        found(l, r, row, "leaves %lld on hand and %lld reserved", (long long)on_hand,
              (long long)reserved);
    /* What follows is judged by what it follows, so that one wrong row is one finding. */
    m->n[ON_HAND] = db_int(r, row, 4);
    m->n[RESERVED] = db_int(r, row, 5);
    return OK;
}

static const struct walk prefix_walks[] = {{
    .sqlite =
        "SELECT m.item_id, m.id, m.on_hand_delta, m.reserved_delta, m.on_hand_after, m.reserved_after"
        " FROM stock_move m WHERE m.workspace_id = $1 AND (m.item_id, m.id) > ($3, $4)"
        " ORDER BY m.item_id, m.id LIMIT $2",
    .keys = "ii",
    .rest = "iiii",
    .what = "item %, movement %",
    .look = prefix_look,
}};

/* ---- the sums ---- */

#define SUM_OF_MOVES(what)                                                   \
    "(SELECT COALESCE(CAST(SUM(m." what ") AS BIGINT), 0) FROM stock_move m" \
    " WHERE m.workspace_id = i.workspace_id AND m.item_id = i.id)"

static const struct walk sum_walks[] = {{
    .sqlite =
        "SELECT i.id, CASE"
        " WHEN i.on_hand <> " SUM_OF_MOVES("on_hand_delta") " THEN 'has ' || i.on_hand || ' on hand; its movements make ' || " SUM_OF_MOVES("on_hand_delta") " WHEN i.reserved <> " SUM_OF_MOVES("reserved_delta") " THEN 'has ' || i.reserved || ' reserved; its movements make ' || " SUM_OF_MOVES(
            "reserved_delta") " WHEN i.last_move_id <> (SELECT COALESCE(MAX(m.id), 0) FROM stock_move m"
                              " WHERE m.workspace_id = i.workspace_id AND m.item_id = i.id)"
                              " THEN 'does not know its last movement'"
                              " WHEN i.last_count_id <> 0 AND NOT EXISTS (SELECT 1 FROM stock_move m"
                              " WHERE m.workspace_id = i.workspace_id AND m.item_id = i.id AND m.id = i.last_count_id"
                              " AND m.kind = 'count') THEN 'remembers a count that there was not'"
                              " END FROM item i WHERE i.workspace_id = $1 AND i.id > $3 ORDER BY i.id LIMIT $2",
    .keys = "i",
    .what = "item %",
}};

static const struct walk low_walks[] = {{
    .sqlite = "SELECT i.id, CASE"
              " WHEN i.low = 1 AND i.on_hand - i.reserved > i.reorder_point"
              " THEN 'is marked as low, and is not'"
              " WHEN i.low = 0 AND i.on_hand - i.reserved <= i.reorder_point"
              " THEN 'is low, and not marked'"
              " END FROM item i WHERE i.workspace_id = $1 AND i.id > $3 ORDER BY i.id LIMIT $2",
    .keys = "i",
    .what = "item %",
}};

/* ---- causes ---- */

enum { CAUSE_ITEM, CAUSE_ID, CAUSE_STEP };

static enum result cause_look(struct looking *l, const struct db_rows *r, size_t row)
{
    struct memory *m = &l->memory;
    struct str kind = db_str(r, row, 1);
    bool same = m->any && m->n[CAUSE_ITEM] == db_int(r, row, 0) && str_is(kind, m->text[0]) &&
                m->n[CAUSE_ID] == db_int(r, row, 2) && m->n[CAUSE_STEP] == db_int(r, row, 3);
    if (same)
        found(l, r, row, "has the same cause as the movement before it");
    else if (!db_is_null(r, row, 5))
        found(l, r, row, STR_FMT, STR_ARG(db_str(r, row, 5)));
    m->any = true;
    m->n[CAUSE_ITEM] = db_int(r, row, 0);
    m->n[CAUSE_ID] = db_int(r, row, 2);
    m->n[CAUSE_STEP] = db_int(r, row, 3);
    snprintf(m->text[0], sizeof m->text[0], STR_FMT, STR_ARG(kind));
    return OK;
}

static const struct walk cause_walks[] = {{
    .sqlite =
        "SELECT m.item_id, m.cause_kind, m.cause_id, m.step, m.id, CASE"
        " WHEN m.cause_kind = 'hand' AND m.kind IN ('reserve', 'release', 'consume')"
        " THEN 'is a ' || m.kind || ' by hand'"
        " WHEN m.cause_kind = 'booking' AND m.kind NOT IN ('reserve', 'release', 'consume')"
        " THEN 'is a ' || m.kind || ' for a booking'"
        " WHEN m.cause_kind = 'hand' AND (m.cause_id <> m.id OR m.booking_id IS NOT NULL)"
        " THEN 'was made by hand and names something else as its cause'"
        " WHEN m.cause_kind = 'booking' AND (m.booking_id IS NULL OR m.booking_id <> m.cause_id)"
        " THEN 'names two bookings'"
        " WHEN m.cause_kind = 'hand' AND m.reserved_delta <> 0 THEN 'reserves by hand'"
        " WHEN m.kind = 'reserve' AND (m.on_hand_delta <> 0 OR m.reserved_delta < 0)"
        " THEN 'reserves less than nothing'"
        " WHEN m.kind = 'release' AND (m.on_hand_delta <> 0 OR m.reserved_delta > 0)"
        " THEN 'releases less than nothing'"
        " END FROM stock_move m WHERE m.workspace_id = $1"
        " AND (m.item_id, m.cause_kind, m.cause_id, m.step, m.id) > ($3, $4, $5, $6, $7)"
        " ORDER BY m.item_id, m.cause_kind, m.cause_id, m.step, m.id LIMIT $2",
    .keys = "itiii",
    .what = "item %, movement by % %, step %, number %",
    .look = cause_look,
}};

/* ---- reservations ---- */

#define OF_BOOKING(from, item)                                                              \
    " FROM stock_move v WHERE v.workspace_id = " from ".workspace_id AND v.item_id = " item \
    " AND v.cause_kind = 'booking' AND v.cause_id = " from ".booking_id"
#define OF_LINE OF_BOOKING("m", "m.item_id")
#define IS_OPEN "b.status IN ('pending', 'confirmed')"

static const struct walk reservation_walks[] = {
    {
        .sqlite =
            "SELECT m.booking_id, m.item_id, CASE"
            " WHEN (SELECT COALESCE(CAST(SUM(v.reserved_delta) AS BIGINT), 0)" OF_LINE ")"
            " <> CASE WHEN " IS_OPEN " THEN m.quantity ELSE 0 END"
            " THEN CASE WHEN " IS_OPEN " THEN 'does not reserve what the visit needs'"
            " ELSE 'is over, and still reserves' END"
            " WHEN (SELECT COALESCE(CAST(SUM(CASE WHEN v.reserved_delta > 0 THEN 1"
            " WHEN v.reserved_delta < 0 THEN -1 ELSE 0 END) AS BIGINT), 0)" OF_LINE ")"
            " <> CASE WHEN " IS_OPEN " AND m.quantity > 0 THEN 1 ELSE 0 END"
            " THEN 'does not end each reservation once'"
            " WHEN b.status = 'completed' AND COALESCE(m.used, 0) <> (SELECT"
            " COALESCE(CAST(-SUM(v.on_hand_delta) AS BIGINT), 0)" OF_LINE ")"
            " THEN 'used ' || COALESCE(m.used, 0) || ', and the movements took something else'"
            " WHEN b.status <> 'completed' AND (SELECT"
            " COALESCE(CAST(SUM(v.on_hand_delta) AS BIGINT), 0)" OF_LINE ") <> 0"
            " THEN 'is not completed, and has taken from the shelf'"
            " WHEN b.status <> 'completed' AND m.used IS NOT NULL"
            " THEN 'is not completed, and says what it used'"
            " WHEN b.stock_step < (SELECT COALESCE(MAX(v.step), 0)" OF_LINE ")"
            " THEN 'does not know its last stock change'"
            " END FROM booking_material m LEFT JOIN booking b"
            " ON b.workspace_id = m.workspace_id AND b.id = m.booking_id"
            " WHERE m.workspace_id = $1 AND (m.booking_id, m.item_id) > ($3, $4)"
            " ORDER BY m.booking_id, m.item_id LIMIT $2",
        .keys = "ii",
        .what = "booking %, item %",
    },
    {
        /* A line that an undo has removed had nothing left of it. */
        .sqlite =
            "SELECT m.item_id, m.id, CASE WHEN m.cause_kind = 'booking' AND NOT EXISTS"
            " (SELECT 1 FROM booking_material x WHERE x.workspace_id = m.workspace_id"
            " AND x.booking_id = m.booking_id AND x.item_id = m.item_id) AND (SELECT"
            " SUM(v.on_hand_delta) <> 0 OR SUM(v.reserved_delta) <> 0" OF_LINE ")"
            " THEN 'is of booking ' || m.booking_id || ', which does not know of it'"
            " END FROM stock_move m WHERE m.workspace_id = $1 AND (m.item_id, m.id) > ($3, $4)"
            " ORDER BY m.item_id, m.id LIMIT $2",
        .keys = "ii",
        .what = "item %, movement %",
        .aside = true,
    },
};

/* ---- stocktakes ---- */

#define LINES_OF_IT \
    " FROM stocktake_line n WHERE n.workspace_id = t.workspace_id AND n.stocktake_id = t.id"

static const struct walk stocktake_walks[] = {{
    .sqlite =
        "SELECT t.id, CASE"
        " WHEN t.items <> (SELECT COUNT(*)" LINES_OF_IT ")"
        " THEN 'says it has ' || t.items || ' lines'"
        " WHEN t.counted <> (SELECT COUNT(*)" LINES_OF_IT " AND n.counted IS NOT NULL)"
        " THEN 'says that ' || t.counted || ' of its lines are counted'"
        " END FROM stocktake t WHERE t.workspace_id = $1 AND t.id > $3 ORDER BY t.id LIMIT $2",
    .keys = "i",
    .what = "stocktake %",
}};

static const struct check checks[] = {
    {
        .name = "ledger_prefix",
        .question = "After every single movement, does the stock say what all movements until then "
                    "make, never less than nothing, never more reserved than there is?",
        .unit = "movements",
        .next = "The first such movement of an item is the one to look at. Count the item by hand: "
                "a count puts the sum right from then on.",
        WALKS(prefix_walks),
    },
    {
        .name = "ledger_sums",
        .question = "Is what each item shows the sum of its movements?",
        .unit = "items",
        .next = "The movements are the truth. Count the item by hand once its sum is put right.",
        WALKS(sum_walks),
    },
    {
        .name = "low_stock",
        .question = "Is an item marked as low exactly while it is?",
        .unit = "items",
        .next = "Any movement of the item puts the mark right: a count of what is there will do.",
        WALKS(low_walks),
    },
    {
        .name = "move_causes",
        .question = "Does each movement have a cause of its own, so that nothing counted twice?",
        .unit = "movements",
        .next = "Undo the second one by an adjustment, with a reason.",
        WALKS(cause_walks),
    },
    {
        .name = "reservations",
        .question = "Does each visit to come reserve what it needs, and has each other reservation "
                    "ended once, as used or given back?",
        .unit = "materials of bookings",
        .next = "Of a visit to come: cancel and restore it. Of one that is over: adjust the item.",
        WALKS(reservation_walks),
    },
    {
        .name = "stocktakes",
        .question = "Does each stocktake count its lines rightly?",
        .unit = "stocktakes",
        .next = "Finish or cancel the stocktake; the ledger does not depend on its sums.",
        WALKS(stocktake_walks),
    },
};
const struct check_list ledger_checks = CHECK_LIST(checks);
