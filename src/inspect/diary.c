/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* diary: nothing overlaps, and each booking holds what it says. See inspect.h and
 * diary/booking.h, whose invariants these are. */
#include "inspect/internal.h"

/* ---- overlap ---- */

enum { RESOURCE, LATEST_END, LATEST_BOOKING };

/* In the order of their starts, what overlaps anything overlaps the one that ends last so far. */
static enum result overlap_look(struct looking *l, const struct db_rows *r, size_t row)
{
    struct memory *m = &l->memory;
    int64_t resource_id = db_int(r, row, 0), start_s = db_int(r, row, 1), end_s = db_int(r, row, 3);
    if (!db_int(r, row, 5))
        return OK;
    if (!m->any || m->n[RESOURCE] != resource_id)
        *m = (struct memory){.any = true, .n = {resource_id, INT64_MIN, 0}};
    if (start_s < m->n[LATEST_END])
        found(l, r, row,
              "begins before another hold of the same resource ends (bookings %lld, %lld)",
              (long long)db_int(r, row, 4), (long long)m->n[LATEST_BOOKING]);
    if (end_s > m->n[LATEST_END]) {
        m->n[LATEST_END] = end_s;
        m->n[LATEST_BOOKING] = db_int(r, row, 4);
    }
    return OK;
}

static const struct walk overlap_walks[] = {{
    .sqlite = "SELECT h.resource_id, h.start_s, h.id, h.end_s, h.booking_id, h.active FROM hold h"
              " WHERE h.workspace_id = $1 AND (h.resource_id, h.start_s, h.id) > ($3, $4, $5)"
              " ORDER BY h.resource_id, h.start_s, h.id LIMIT $2",
    .keys = "iii",
    .rest = "iii",
    .what = "resource %, from %, hold %",
    .look = overlap_look,
}};

/* ---- holds against bookings ---- */

static const struct walk active_walks[] = {{
    .sqlite =
        "SELECT h.resource_id, h.start_s, h.id, CASE"
        " WHEN b.status IN ('pending', 'confirmed', 'completed') AND h.active = 0"
        " THEN 'does not hold the time of booking ' || b.id || ', which is ' || b.status"
        " WHEN b.status IN ('cancelled', 'no_show') AND h.active = 1"
        " THEN 'still holds the time of booking ' || b.id || ', which is ' || b.status END"
        " FROM hold h LEFT JOIN booking b ON b.workspace_id = h.workspace_id AND b.id = h.booking_id"
        " WHERE h.workspace_id = $1 AND (h.resource_id, h.start_s, h.id) > ($3, $4, $5)"
        " ORDER BY h.resource_id, h.start_s, h.id LIMIT $2",
    .keys = "iii",
    .what = "resource %, from %, hold %",
}};

#define HOLD_OF_IT \
    "(SELECT 1 FROM hold h WHERE h.workspace_id = b.workspace_id AND h.booking_id = b.id"

static const struct walk held_walks[] = {{
    .sqlite =
        "SELECT b.id, CASE"
        " WHEN NOT EXISTS " HOLD_OF_IT " AND h.resource_id = b.staff_id)"
        " THEN 'holds nothing of its person'"
        " WHEN EXISTS " HOLD_OF_IT " AND (h.start_s < b.outer_from_s OR h.end_s > b.outer_to_s))"
        " THEN 'has a hold that reaches beyond the visit with its buffers'"
        " WHEN b.outer_from_s < b.start_s AND NOT EXISTS " HOLD_OF_IT
        " AND h.resource_id = b.staff_id AND h.start_s = b.outer_from_s AND h.end_s >= b.start_s)"
        " THEN 'does not hold its buffer before'"
        " WHEN b.outer_to_s > b.end_s AND NOT EXISTS " HOLD_OF_IT
        " AND h.resource_id = b.staff_id AND h.end_s = b.outer_to_s AND h.start_s <= b.end_s)"
        " THEN 'does not hold its buffer after'"
        " WHEN EXISTS " HOLD_OF_IT
        " AND h.resource_id <> b.staff_id AND EXISTS (SELECT 1 FROM staff s"
        " WHERE s.workspace_id = h.workspace_id AND s.id = h.resource_id))"
        " THEN 'holds another person'"
        " END FROM booking b WHERE b.workspace_id = $1 AND b.id > $3 ORDER BY b.id LIMIT $2",
    .keys = "i",
    .what = "booking %",
}};

/* ---- a booking by itself ---- */

#define SUM_OF_SERVICES(what)                                                     \
    "(SELECT COALESCE(CAST(SUM(s." what ") AS BIGINT), 0) FROM booking_service s" \
    " WHERE s.workspace_id = b.workspace_id AND s.booking_id = b.id)"

static const struct walk service_walks[] = {{
    .sqlite =
        "SELECT b.id, CASE"
        " WHEN NOT EXISTS (SELECT 1 FROM booking_service s WHERE s.workspace_id = b.workspace_id"
        " AND s.booking_id = b.id) THEN 'is of no service'"
        " WHEN (SELECT COUNT(*) <> MAX(s.position) + 1 FROM booking_service s"
        " WHERE s.workspace_id = b.workspace_id AND s.booking_id = b.id)"
        " THEN 'has a gap among its services'"
        " WHEN " SUM_OF_SERVICES(
            "duration_min") " * 60 <> b.end_s - b.start_s"
                            " THEN 'takes another time than its services together'"
                            " WHEN " SUM_OF_SERVICES(
                                "price") " <> b.price"
                                         " THEN 'has another price than its services together'"
                                         " END FROM booking b WHERE b.workspace_id = $1 AND b.id > $3 ORDER BY b.id LIMIT $2",
    .keys = "i",
    .what = "booking %",
}};

static const struct walk state_walks[] = {{
    .sqlite =
        "SELECT b.id, CASE"
        " WHEN b.status = 'cancelled' AND (b.cancelled_from IS NULL OR b.cancelled_by IS NULL"
        " OR b.cancelled_s IS NULL) THEN 'is cancelled, and by whom, when or from what is not known'"
        " WHEN b.status = 'cancelled' AND b.cancelled_from NOT IN ('pending', 'confirmed')"
        " THEN 'was cancelled from ' || b.cancelled_from"
        " WHEN b.status <> 'cancelled' AND (b.cancelled_from IS NOT NULL"
        " OR b.cancelled_by IS NOT NULL OR b.cancelled_s IS NOT NULL)"
        " THEN 'is ' || b.status || ' and remembers a cancellation'"
        " WHEN b.status IN ('cancelled', 'no_show') AND b.started_s IS NOT NULL"
        " THEN 'is ' || b.status || ' and began'"
        " WHEN b.status <> 'completed' AND b.test_result IS NOT NULL"
        " THEN 'has the result of a test and is ' || b.status"
        " WHEN b.revision < 0 OR b.version < 1 OR b.stock_step < 0"
        " THEN 'counts its changes backwards'"
        " END FROM booking b WHERE b.workspace_id = $1 AND b.id > $3 ORDER BY b.id LIMIT $2",
    .keys = "i",
    .what = "booking %",
}};

static const struct walk undo_walks[] = {{
    .sqlite = "SELECT u.booking_id, CASE"
              " WHEN u.version > b.version THEN 'goes back from version ' || u.version ||"
              " ', and the booking has ' || b.version"
              " WHEN u.holds = '' THEN 'goes back to no hold at all'"
              " END FROM booking_undo u LEFT JOIN booking b"
              " ON b.workspace_id = u.workspace_id AND b.id = u.booking_id"
              " WHERE u.workspace_id = $1 AND u.booking_id > $3 ORDER BY u.booking_id LIMIT $2",
    .keys = "i",
    .what = "undo of booking %",
}};

static const struct check checks[] = {
    {
        .name = "overlap",
        .question = "Does nobody and nothing have two visits at once, buffers included?",
        .unit = "holds",
        .next = "Look at both bookings and move one of them. See whether the check guards finds "
                "the database's own refusal of overlap missing.",
        WALKS(overlap_walks),
    },
    {
        .name = "holds_active",
        .question = "Does a hold count exactly while its booking stands?",
        .unit = "holds",
        .next = "A booking that stands must hold its time: cancel it and restore it. A hold of one "
                "that is off blocks a time that is free: restore the booking and cancel it again.",
        WALKS(active_walks),
    },
    {
        .name = "visit_held",
        .question = "Does each booking hold its person for the visit and its buffers, and nobody "
                    "else?",
        .unit = "bookings",
        .next = "Move the booking to another time and back: its holds are then made anew.",
        WALKS(held_walks),
    },
    {
        .name = "visit_services",
        .question = "Do the services of each booking add up to its time and its price?",
        .unit = "bookings",
        .next = "Compare with the booking's history, and change its length or price by hand.",
        WALKS(service_walks),
    },
    {
        .name = "booking_state",
        .question = "Does what a booking remembers fit the state that it is in?",
        .unit = "bookings",
        .next = "Compare with the booking's history in the audit trail, which says what happened.",
        WALKS(state_walks),
    },
    {
        .name = "undo_points",
        .question = "Does each undo go back from a change that the booking has had?",
        .unit = "kept changes",
        .next = "Such an undo is never offered; it goes by itself after a day.",
        WALKS(undo_walks),
    },
};
const struct check_list diary_checks = CHECK_LIST(checks);
