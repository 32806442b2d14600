/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * answering: several people at one conversation do not tread on each other: who is writing is seen
 * by the others, and an answer that was written without seeing the last word is held back.
 *
 * The rows are in the database, since the others may be at another process. They are good for
 * ANSWERING_S by the clock, so nothing has to take them back; what is older is removed by who
 * writes next in the same business. No audit: nothing of it lasts.
 */
#include "inbox/internal.h"

#include "base/app.h"
#include "http/stream.h"

#include <assert.h>

enum { NEWER_SHOWN = 10, SWEEP_S = 60 };

static const struct field person_fields[] = {
    FIELD_ID(struct inbox_person, staff_id),
    FIELD_STR(struct inbox_person, name, 0, 0),
};
const struct shape inbox_person_shape =
    SHAPE("AnsweringMember", struct inbox_person, person_fields);

enum result answering_set(struct work *w, int64_t conversation_id, bool answering)
{
    int64_t ws = w->actor.workspace_id;
    enum result res = db_exec(w->tx,
                              "DELETE FROM conversation_answering WHERE workspace_id = $1"
                              " AND conversation_id = $2 AND (staff_id = $3 OR at_s < $4)",
                              db_i(ws), db_i(conversation_id),
                              db_i(answering ? 0 : w->actor.staff_id), db_i(w->now_s - SWEEP_S));
    if (res == OK && answering)
        res = db_exec(w->tx,
                      "INSERT INTO conversation_answering (workspace_id, conversation_id, staff_id,"
                      " name, at_s) VALUES ($1, $2, $3, $4, $5)"
                      " ON CONFLICT (workspace_id, conversation_id, staff_id)"
                      " DO UPDATE SET at_s = excluded.at_s, name = excluded.name",
                      db_i(ws), db_i(conversation_id), db_i(w->actor.staff_id), db_s(w->actor.name),
                      db_i(w->now_s));
    if (res == OK && w->app && w->app->streams)
        db_after_commit(w->tx, streams_wake, w->app->streams);
    return res;
}

enum result answering_of(struct work *w, struct conversation *list, size_t count)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT conversation_id, staff_id, name FROM conversation_answering"
                 " WHERE workspace_id = $1 AND at_s > $2 AND at_s <= $3 AND staff_id <> $4"
                 " ORDER BY conversation_id, staff_id LIMIT 1000",
                 db_i(w->actor.workspace_id), db_i(w->now_s - ANSWERING_S),
                 db_i(w->now_s + ANSWERING_S), db_i(w->actor.staff_id));
    for (size_t i = 0; res == OK && i < count; i++) {
        struct inbox_person *people =
            arena_new_array(w->arena, ANSWERING_SHOWN, struct inbox_person);
        size_t n = 0;
        for (size_t k = 0; k < r.count && n < ANSWERING_SHOWN; k++)
            if (db_int(&r, k, 0) == list[i].id)
                people[n++] = (struct inbox_person){some_int(db_int(&r, k, 1)), db_str(&r, k, 2)};
        list[i].answering = (struct shape_list){true, n, people};
    }
    return res;
}

enum result inbox_answering(struct db_tx *tx, struct arena *a, int64_t now_s,
                            struct inbox_answering **ret, size_t *ret_count)
{
    struct db_rows r;
    /* A clock that is ahead of ours does not keep anybody answering for ever. */
    enum result res = db_query(tx, &r,
                               "SELECT workspace_id, conversation_id, staff_id, at_s, name"
                               " FROM conversation_answering WHERE at_s > $1 AND at_s <= $2"
                               " ORDER BY workspace_id, conversation_id, staff_id LIMIT 1000",
                               db_i(now_s - ANSWERING_S), db_i(now_s + ANSWERING_S));
    if (res != OK)
        return res;
    *ret = arena_new_array(a, r.count + 1, struct inbox_answering);
    *ret_count = r.count;
    for (size_t i = 0; i < r.count; i++)
        (*ret)[i] = (struct inbox_answering){
            .workspace_id = db_int(&r, i, 0),
            .conversation_id = db_int(&r, i, 1),
            .staff_id = db_int(&r, i, 2),
            .at_s = db_int(&r, i, 3),
            .name = db_str(&r, i, 4),
        };
    return OK;
}
static_assert(ANSWERING_ROWS == 1000, "the statements say it as well");

/* ---- an answer that crossed another word ---- */

struct newer_message {
    struct opt_int id, direction, at;
    struct str author, author_kind;
};
static const struct field newer_message_fields[] = {
    FIELD_ID(struct newer_message, id),
    FIELD_ENUM(struct newer_message, direction, direction_names),
    FIELD_STR(struct newer_message, author, 0, 0),
    FIELD_WORD(struct newer_message, author_kind, actor_kind_names),
    FIELD_INSTANT(struct newer_message, at),
};
static const struct shape newer_message_shape =
    SHAPE("NewerMessage", struct newer_message, newer_message_fields);
struct newer_view {
    struct shape_list newer;
};
static const struct field newer_fields[] = {
    FIELD_LIST(struct newer_view, newer, newer_message_shape, 0, NEWER_SHOWN,
               .doc = "what was written since, oldest first"),
};
static const struct shape newer_shape = SHAPE("AnsweredMeanwhile", struct newer_view, newer_fields);

enum result answered_meanwhile(struct work *w, int64_t conversation_id, int64_t seen_id)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT id, direction, author_name, author_kind, created_s"
        " FROM conversation_message WHERE workspace_id = $1 AND conversation_id = $2"
        " AND id > $3 AND direction IN ('in', 'out')"
        " AND (author_id IS NULL OR author_id <> $4) ORDER BY id LIMIT 10",
        db_i(w->actor.workspace_id), db_i(conversation_id), db_i(seen_id), db_i(w->actor.user_id));
    if (res != OK || r.count == 0)
        return res;
    struct newer_view *view = arena_new(w->arena, struct newer_view);
    struct newer_message *list = arena_new_array(w->arena, r.count, struct newer_message);
    for (size_t i = 0; i < r.count; i++)
        list[i] = (struct newer_message){
            .id = some_int(db_int(&r, i, 0)),
            .direction = some_int(name_index(direction_names, db_str(&r, i, 1))),
            .author = db_str(&r, i, 2),
            .author_kind = db_str(&r, i, 3),
            .at = some_int(db_int(&r, i, 4)),
        };
    view->newer = (struct shape_list){true, r.count, list};
    w->problem->extra_shape = &newer_shape;
    w->problem->extra = view;
    return problem_set(w->problem, CONFLICT, "answered_meanwhile",
                       "Somebody has written here since you looked. Read it, then send your answer"
                       " again or change it.");
}
