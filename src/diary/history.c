/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* history: what happened to a booking and who was told: its audit events and its messages in one
 * list, oldest first. */
#include "diary/diary.h"
#include "diary/undo.h"

#include "audit/audit.h"
#include "message/letter.h"
#include "message/outbox.h"
#include "message/outbox_list.h"

#include <stdlib.h>

enum {
    HISTORY_MAX = 1000
}; /* of each kind: a booking with more changes than that shows its first ones */

enum { ENTRY_EVENT, ENTRY_MESSAGE };
static const char *const entry_types[] = {"event", "message", NULL};

struct history_entry {
    struct opt_int type, at, id;
    struct str action, actor, actor_kind, request_id, changes;
    struct str kind, to, subject, status, last_error;
    struct opt_int attempts;
    struct opt_bool undoable;
};
static const struct field entry_fields[] = {
    FIELD_ENUM(struct history_entry, type, entry_types),
    FIELD_INSTANT(struct history_entry, at),
    FIELD_ID(struct history_entry, id),
    FIELD_STR(struct history_entry, action, 0, 0, .omit = true,
              .doc = "event: created, rescheduled, cancelled …"),
    FIELD_STR(struct history_entry, actor, 0, 0, .omit = true),
    FIELD_WORD(struct history_entry, actor_kind, actor_kind_names, .omit = true, .doc = "event"),
    FIELD_STR(struct history_entry, request_id, 0, 0, .omit = true),
    FIELD_RAW(struct history_entry, changes, .json = RAW_CHANGES, .omit = true,
              .doc = "event: {field: [before, after]}"),
    FIELD_WORD(struct history_entry, kind, letter_kind_names, .omit = true, .doc = "message"),
    FIELD_STR(struct history_entry, to, 0, 0, .omit = true, .visible_to = SEES_CONTACTS),
    FIELD_STR(struct history_entry, subject, 0, 0, .omit = true),
    FIELD_WORD(struct history_entry, status, outbox_status_names, .omit = true, .doc = "message"),
    FIELD_STR(struct history_entry, last_error, 0, 0, .omit = true, .visible_to = SEES_CONTACTS,
              .doc = "the other server's words, which may name the address"),
    FIELD_INT(struct history_entry, attempts, 0, 0, .omit = true),
    FIELD_BOOL(struct history_entry, undoable, .omit = true,
               .doc = "the last change, which undo takes back as long as this says so"),
};
const struct shape history_entry_shape =
    SHAPE("BookingHistoryEntry", struct history_entry, entry_fields);

static int by_time(const void *x, const void *y)
{
    const struct history_entry *a = x, *b = y;
    if (a->at.value != b->at.value)
        return a->at.value < b->at.value ? -1 : 1;
    return (a->id.value > b->id.value) - (a->id.value < b->id.value);
}

/* The last change, if it can be taken back: that the client is not told of it is none. */
static void mark_undoable(struct history_entry *all, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        if (all[i].type.value != ENTRY_EVENT || str_is(all[i].action, "hushed"))
            continue;
        all[i].undoable = some_bool(true);
        return;
    }
}

enum result history_answer(struct request *rq, struct work *w, const struct booking *b)
{
    struct audit_event *events;
    struct outbox_entry *messages;
    size_t event_count, message_count;
    enum result res = audit_of(w, "booking", b->id, HISTORY_MAX, &events, &event_count);
    if (res == OK)
        res = outbox_of_booking(w, b->id, HISTORY_MAX, &messages, &message_count);
    bool undoable = false;
    if (res == OK)
        res = undo_possible(w, b, &undoable);
    if (res != OK)
        return res;
    struct history_entry *all =
        arena_new_array(w->arena, event_count + message_count + 1, struct history_entry);
    size_t n = 0;
    for (size_t i = 0; i < event_count; i++)
        all[n++] = (struct history_entry){
            .type = some_int(ENTRY_EVENT),
            .at = events[i].at,
            .id = events[i].id,
            .action = events[i].action,
            .actor = events[i].actor_name,
            .actor_kind = events[i].actor_kind,
            .request_id = events[i].request_id,
            .changes = events[i].changes,
        };
    for (size_t i = 0; i < message_count; i++)
        all[n++] = (struct history_entry){
            .type = some_int(ENTRY_MESSAGE),
            .at = some_int(messages[i].created_s),
            .id = some_int(messages[i].id),
            .kind = messages[i].kind,
            .to = messages[i].to_address,
            .subject = messages[i].subject,
            .status = messages[i].status,
            .last_error = messages[i].last_error,
            .attempts = some_int(messages[i].attempts),
        };
    qsort(all, n, sizeof *all, by_time);
    if (undoable)
        mark_undoable(all, n);
    answer_list(rq, &history_entry_shape, all, n, (struct str){0}, w->actor.permissions);
    return OK;
}
