/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * talk: conversations of two clients who are one. A client has one conversation: where only the
 * other has one it changes hands; where both have, the other's messages go into the client's, and
 * the other's conversation stays behind, empty and with its client, so out of every list. What
 * people have decided about the two holds for the one: it lies in the inbox if either did, and is
 * looked after by the client's member, else by the other's.
 */
#include "merge/internal.h"

/* NOT_FOUND is 0. */
static enum result conversation_of(struct work *w, int64_t client_id, int64_t *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT id FROM conversation WHERE workspace_id = $1 AND client_id = $2",
                           db_i(w->actor.workspace_id), db_i(client_id));
    *ret = r == OK ? db_int(&rows, 0, 0) : 0;
    return r == NOT_FOUND ? OK : r;
}

static enum result record(struct work *w, const struct merge *m, int64_t conversation_id)
{
    return db_exec(w->tx,
                   "INSERT INTO client_merge_row (workspace_id, merge_id, kind, row_id)"
                   " SELECT workspace_id, $2, 'conversation_message', id FROM conversation_message"
                   " WHERE workspace_id = $1 AND conversation_id = $3",
                   db_i(w->actor.workspace_id), db_i(m->id.value), db_i(conversation_id));
}

static enum result hand_over(struct work *w, int64_t conversation_id, int64_t client_id)
{
    return db_exec(w->tx,
                   "UPDATE conversation SET client_id = $3, version = version + 1"
                   " WHERE workspace_id = $1 AND id = $2",
                   db_i(w->actor.workspace_id), db_i(conversation_id), db_i(client_id));
}

/* Whose turn it is and which message is the newest follow from what is there. */
static enum result settle(struct work *w, int64_t conversation_id)
{
    return db_exec(
        w->tx,
        "UPDATE conversation SET version = version + 1, last_id = COALESCE((SELECT MAX(m.id)"
        "  FROM conversation_message m WHERE m.workspace_id = $1 AND m.conversation_id = $2), $2),"
        " unanswered = COALESCE((SELECT CASE m.direction WHEN 'in' THEN 1 ELSE 0 END"
        "  FROM conversation_message m WHERE m.workspace_id = $1 AND m.conversation_id = $2"
        "  AND m.direction <> 'note' AND m.doubt <> 'automatic' ORDER BY m.id DESC LIMIT 1), 0)"
        " WHERE workspace_id = $1 AND id = $2",
        db_i(w->actor.workspace_id), db_i(conversation_id));
}

static enum result move_messages(struct work *w, const struct merge *m, int64_t from, int64_t to,
                                 bool recorded)
{
    enum result r =
        recorded
            ? db_exec(w->tx,
                      "UPDATE conversation_message SET conversation_id = $4 WHERE workspace_id = $1"
                      " AND conversation_id = $3 AND id IN (SELECT row_id FROM client_merge_row"
                      " WHERE workspace_id = $1 AND merge_id = $2"
                      " AND kind = 'conversation_message')",
                      db_i(w->actor.workspace_id), db_i(m->id.value), db_i(from), db_i(to))
            : db_exec(w->tx,
                      "UPDATE conversation_message SET conversation_id = $4 WHERE workspace_id = $1"
                      " AND conversation_id = $3 AND id NOT IN (SELECT row_id FROM client_merge_row"
                      " WHERE workspace_id = $1 AND merge_id = $2"
                      " AND kind = 'conversation_message')",
                      db_i(w->actor.workspace_id), db_i(m->id.value), db_i(from), db_i(to));
    if (r == OK)
        r = settle(w, from);
    return r == OK ? settle(w, to) : r;
}

/* ---- what people have decided ---- */

static enum result state_of(struct work *w, int64_t conversation_id, struct talk_state *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT folder, assigned_staff_id, set_aside, unwelcomed"
                           " FROM conversation WHERE workspace_id = $1 AND id = $2",
                           db_i(w->actor.workspace_id), db_i(conversation_id));
    if (r == OK)
        *ret = (struct talk_state){db_str(&rows, 0, 0),
                                   {db_int(&rows, 0, 1) != 0, db_int(&rows, 0, 1)},
                                   some_int(db_int(&rows, 0, 2)),
                                   some_int(db_int(&rows, 0, 3))};
    return r;
}

static enum result set_state(struct work *w, int64_t conversation_id, const struct talk_state *s)
{
    return db_exec(w->tx,
                   "UPDATE conversation SET folder = $3, assigned_staff_id = $4, set_aside = $5,"
                   " unwelcomed = $6 WHERE workspace_id = $1 AND id = $2",
                   db_i(w->actor.workspace_id), db_i(conversation_id), db_s(s->folder),
                   db_i(s->assigned.value), db_i(s->set_aside.value), db_i(s->unwelcomed.value));
}

static struct talk_state join_states(const struct talk_state *own, const struct talk_state *others)
{
    bool inbox = str_is(own->folder, "inbox") || str_is(others->folder, "inbox");
    return (struct talk_state){
        inbox ? STR("inbox") : STR("doubtful"),
        own->assigned.value ? own->assigned : others->assigned,
        some_int(!inbox && (own->set_aside.value || others->set_aside.value)),
        some_int(own->unwelcomed.value && others->unwelcomed.value),
    };
}

static int64_t part_number(int64_t now, struct opt_int before, struct opt_int after)
{
    return now == after.value ? before.value : now;
}

/* What the merge made of them goes; what somebody made of them since stays. */
static enum result part_state(struct work *w, const struct merge *m, int64_t conversation_id)
{
    const struct talk_state *before = &m->talk_before, *after = &m->talk_after;
    struct talk_state now;
    if (!before->folder.len)
        return OK;
    enum result r = state_of(w, conversation_id, &now);
    if (r != OK)
        return r;
    /* A folder and having been put there by a person are one decision. */
    if (str_eq(now.folder, after->folder) && now.set_aside.value == after->set_aside.value) {
        now.folder = before->folder;
        now.set_aside = before->set_aside;
    }
    now.assigned.value = part_number(now.assigned.value, before->assigned, after->assigned);
    now.unwelcomed.value = part_number(now.unwelcomed.value, before->unwelcomed, after->unwelcomed);
    return set_state(w, conversation_id, &now);
}

/* Nobody is answering in a conversation that is another by now. */
static enum result forget_answering(struct work *w, int64_t conversation_id)
{
    return db_exec(w->tx,
                   "DELETE FROM conversation_answering WHERE workspace_id = $1"
                   " AND conversation_id = $2",
                   db_i(w->actor.workspace_id), db_i(conversation_id));
}

/* ---- there and back ---- */

/* Theirs goes over whole: its client is one who was there, so there is nobody to welcome. */
static enum result take_over(struct work *w, struct merge *m, int64_t theirs)
{
    enum result r = state_of(w, theirs, &m->talk_before);
    m->talk_after = m->talk_before;
    m->talk_after.unwelcomed = some_int(0);
    if (r == OK)
        r = set_state(w, theirs, &m->talk_after);
    return r == OK ? hand_over(w, theirs, m->client_id.value) : r;
}

static enum result flow_into(struct work *w, struct merge *m, int64_t theirs, int64_t own)
{
    struct talk_state others;
    enum result r = state_of(w, own, &m->talk_before);
    if (r == OK)
        r = state_of(w, theirs, &others);
    if (r != OK)
        return r;
    m->talk_after = join_states(&m->talk_before, &others);
    r = set_state(w, own, &m->talk_after);
    return r == OK ? move_messages(w, m, theirs, own, true) : r;
}

enum result talk_move(struct work *w, struct merge *m)
{
    int64_t theirs, own;
    enum result r = conversation_of(w, m->other_id, &theirs);
    if (r == OK)
        r = conversation_of(w, m->client_id.value, &own);
    if (r != OK || !theirs)
        return r;
    r = record(w, m, theirs);
    if (r == OK)
        r = forget_answering(w, theirs);
    if (r == OK)
        r = own ? flow_into(w, m, theirs, own) : take_over(w, m, theirs);
    return r;
}

/* What was said since in a conversation that goes back stays with the client, in one of their own.
 */
static enum result keep_since(struct work *w, const struct merge *m, int64_t conversation_id)
{
    struct db_rows rows;
    int64_t id = env_id(w->env);
    enum result r = db_one(w->tx, &rows,
                           "SELECT 1 FROM conversation_message WHERE workspace_id = $1"
                           " AND conversation_id = $2 AND id NOT IN (SELECT row_id"
                           "  FROM client_merge_row WHERE workspace_id = $1 AND merge_id = $3"
                           "  AND kind = 'conversation_message') LIMIT 1",
                           db_i(w->actor.workspace_id), db_i(conversation_id), db_i(m->id.value));
    if (r != OK)
        return r == NOT_FOUND ? OK : r;
    r = db_exec(
        w->tx,
        "INSERT INTO conversation (workspace_id, id, client_id, last_id, created_s, folder,"
        " assigned_staff_id, set_aside) SELECT workspace_id, $2, $3, $2, $4, folder,"
        " assigned_staff_id, set_aside FROM conversation WHERE workspace_id = $1 AND id = $5",
        db_i(w->actor.workspace_id), db_i(id), db_i(m->client_id.value), db_i(w->now_s),
        db_i(conversation_id));
    return r == OK ? move_messages(w, m, conversation_id, id, false) : r;
}

enum result talk_back(struct work *w, const struct merge *m)
{
    struct db_rows rows;
    int64_t theirs, own;
    enum result r = conversation_of(w, m->other_id, &theirs);
    if (r == OK)
        r = conversation_of(w, m->client_id.value, &own);
    if (r != OK || !own)
        return r;
    if (theirs) { /* left behind empty */
        r = part_state(w, m, own);
        return r == OK ? move_messages(w, m, own, theirs, true) : r;
    }
    r = db_one(w->tx, &rows,
               "SELECT 1 FROM client_merge_row r JOIN conversation_message m"
               " ON m.workspace_id = r.workspace_id AND m.conversation_id = $3 AND m.id = r.row_id"
               " WHERE r.workspace_id = $1 AND r.merge_id = $2 AND r.kind = 'conversation_message'"
               " LIMIT 1",
               db_i(w->actor.workspace_id), db_i(m->id.value), db_i(own));
    if (r != OK)
        return r == NOT_FOUND ? OK : r;
    r = hand_over(w, own, m->other_id);
    if (r == OK)
        r = keep_since(w, m, own);
    return r == OK ? part_state(w, m, own) : r;
}
