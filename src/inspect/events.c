/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* events: the audit trail is complete: what was made has its event, a booking as many as its
 * version says, and each event is about something that there is. See inspect.h, audit/audit.h. */
#include "inspect/internal.h"

/* ---- what was made ---- */

/* Sample data comes in under one event of the business (sample/sample.h). */
#define IS_SAMPLE                                                                                 \
    "EXISTS (SELECT 1 FROM client c WHERE c.workspace_id = x.workspace_id AND c.id = x.client_id" \
    " AND c.sample = 1)"
#define NEVER "1 = 0"

#define MADE(table, entity, business, invented)                                          \
    {                                                                                    \
        .sqlite = "SELECT x.id, CASE (SELECT COUNT(*) FROM audit_event e"                \
                  " WHERE e.workspace_id = " business " AND e.entity_id = x.id"          \
                  " AND e.entity = '" entity "' AND e.action = 'created')"               \
                  " WHEN 1 THEN NULL WHEN 0 THEN CASE WHEN " invented                    \
                  " THEN NULL ELSE 'was made without an event' END"                      \
                  " ELSE 'was made more than once' END FROM " table " x WHERE " business \
                  " = $1 AND x.id > $3 ORDER BY x.id LIMIT $2",                          \
        .keys = "i", .what = entity " %",                                                \
    }

static const struct walk made_walks[] = {
    MADE("booking", "booking", "x.workspace_id", IS_SAMPLE),
    MADE("client", "client", "x.workspace_id", "x.sample = 1"),
    MADE("item", "item", "x.workspace_id", NEVER),
    MADE("service", "service", "x.workspace_id", NEVER),
    MADE("staff", "staff", "x.workspace_id", NEVER),
    MADE("workspace", "workspace", "x.id", NEVER),
};

/* ---- as many as the version says ---- */

/*
 * Each of these raises the version of a booking by one, and nothing else does but a merge of
 * clients, its undoing, and an erasure, which have events of their clients.
 */
#define CHANGES_OF_IT                                                                           \
    "(SELECT COUNT(*) FROM audit_event e WHERE e.workspace_id = b.workspace_id"                 \
    " AND e.entity_id = b.id AND e.entity = 'booking' AND e.action IN ('confirmed', 'started'," \
    " 'cancelled', 'restored', 'completed', 'no_show', 'corrected', 'rescheduled', 'resized',"  \
    " 'tested', 'undone'))"
#define HANDED_BY_MERGES(which)                                                        \
    "(SELECT COUNT(*) FROM client_merge g JOIN client_merge_row y"                     \
    " ON y.workspace_id = g.workspace_id AND y.merge_id = g.id AND y.kind = 'booking'" \
    " AND y.row_id = v.id WHERE g.workspace_id = v.workspace_id" which ")"

static const struct walk version_walks[] = {{
    .sqlite =
        "SELECT v.id, CASE WHEN v.changes = v.version - 1 THEN NULL"
        " WHEN v.changes > v.version - 1"
        " THEN 'has version ' || v.version || ' and ' || v.changes || ' changes in the trail'"
        " WHEN EXISTS (SELECT 1 FROM client c WHERE c.workspace_id = v.workspace_id"
        " AND c.id = v.client_id AND c.erased_s IS NOT NULL) THEN NULL"
        " WHEN v.version - 1 - v.changes BETWEEN " HANDED_BY_MERGES("") " AND " HANDED_BY_MERGES("") " + " HANDED_BY_MERGES(
            " AND g.undone_s IS NOT NULL") " THEN NULL"
                                           " ELSE 'has version ' || v.version || ' and ' || v.changes || ' changes in the trail' END"
                                           " FROM (SELECT b.workspace_id, b.id, b.client_id, b.version, " CHANGES_OF_IT
                                           " AS changes"
                                           " FROM booking b WHERE b.workspace_id = $1 AND b.id > $3 ORDER BY b.id LIMIT $2) v"
                                           " ORDER BY v.id",
    .keys = "i",
    .what = "booking %",
}};

/* ---- what was counted by hand ---- */

static const struct walk hand_walks[] = {{
    .sqlite =
        "SELECT i.id, CASE WHEN (SELECT COUNT(*) FROM stock_move m WHERE m.workspace_id = i.workspace_id"
        " AND m.item_id = i.id AND m.cause_kind = 'hand') <> (SELECT COUNT(*) FROM audit_event e"
        " WHERE e.workspace_id = i.workspace_id AND e.entity_id = i.id AND e.entity = 'item'"
        " AND e.action IN ('received', 'counted', 'wasted', 'adjusted'))"
        " THEN 'has another number of movements by hand than of events'"
        " END FROM item i WHERE i.workspace_id = $1 AND i.id > $3 ORDER BY i.id LIMIT $2",
    .keys = "i",
    .what = "item %",
}};

/* ---- about something that there is ---- */

/* What was done to sample data stays in the trail when that is taken out: what happened while it
 * was in may have been about it. A client with the event of their making was no sample. */
#define SAMPLES_WENT(side)                                                      \
    "(SELECT g.action FROM audit_event g WHERE g.workspace_id = e.workspace_id" \
    " AND g.entity_id = e.workspace_id AND g.entity = 'workspace'"              \
    " AND g.action IN ('sample_added', 'sample_removed') AND g.id " side
#define WENT_WITH_SAMPLES                                                   \
    SAMPLES_WENT("> e.id ORDER BY g.id LIMIT 1) = 'sample_removed' AND ")   \
    SAMPLES_WENT("< e.id ORDER BY g.id DESC LIMIT 1) = 'sample_added'")     \
    " AND NOT (e.entity = 'client' AND EXISTS (SELECT 1 FROM audit_event g" \
    " WHERE g.workspace_id = e.workspace_id AND g.entity_id = e.entity_id"  \
    " AND g.entity = 'client' AND g.action = 'created'))"

#define IS_OF(entity, table)                                                                   \
    " WHEN '" entity "' THEN (SELECT 1 FROM " table " t WHERE t.workspace_id = e.workspace_id" \
    " AND t.id = e.entity_id)"

static const struct walk known_walks[] = {{
    .sqlite = "SELECT e.id, CASE WHEN CASE e.entity" IS_OF("booking", "booking") IS_OF(
        "client", "client") IS_OF("item", "item") IS_OF("service", "service")
        IS_OF("staff", "staff") IS_OF("resource", "resource") IS_OF("form", "form") IS_OF(
            "rating", "rating") IS_OF("stocktake", "stocktake")
            IS_OF("time_off_request", "time_off_request") IS_OF("email", "message") IS_OF(
                "job",
                "job") " WHEN 'workspace' THEN CASE WHEN e.entity_id = e.workspace_id"
                       " THEN 1 END ELSE 1 END IS NULL AND NOT (e.entity IN ('booking', 'client', 'rating', 'email')"
                       " AND COALESCE(" WENT_WITH_SAMPLES
                       ", 1 = 0)) THEN 'is about ' || e.entity || ' ' || e.entity_id ||"
                       " ', which is not there'"
                       " END FROM audit_event e WHERE e.workspace_id = $1 AND e.id > $3"
                       " ORDER BY e.id LIMIT $2",
    .keys = "i",
    .what = "event %",
}};

static const struct check checks[] = {
    {
        .name = "made_events",
        .question = "Has each booking, client, item, service, member and business the event of its "
                    "making, once?",
        .unit = "things",
        .next = "Somebody has written to the database past the program, or an event is gone: "
                "compare with a backup.",
        WALKS(made_walks),
    },
    {
        .name = "booking_versions",
        .question = "Has each booking as many changes in the audit trail as its version says?",
        .unit = "bookings",
        .next = "A change of this booking was not written down, or was written down and is gone: "
                "compare with a backup.",
        WALKS(version_walks),
    },
    {
        .name = "hand_events",
        .question = "Has each movement of stock by hand its event?",
        .unit = "items",
        .next = "Compare the item's movements with the audit trail: what stands in one alone was "
                "not done by the program.",
        WALKS(hand_walks),
    },
    {
        .name = "events_known",
        .question = "Is each event about something that there is?",
        .unit = "events",
        .next = "What it is about is gone, and nothing in the program removes it: compare with a "
                "backup.",
        WALKS(known_walks),
    },
};
const struct check_list event_checks = CHECK_LIST(checks);
