/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* invented: the conversation of a sample client, as if it had been had. See inbox.h. */
#include "inbox/internal.h"

static enum result put_message(struct work *w, int64_t id, int64_t message_id,
                               const struct client *c, const struct inbox_invented *line)
{
    int64_t ws = w->actor.workspace_id;
    struct opt_int author = {line->answer, w->actor.user_id};
    enum result res = db_exec(
        w->tx,
        "INSERT INTO conversation_message (workspace_id, conversation_id, id, direction, body,"
        " author_kind, author_id, author_name, doubtful, doubt, via, created_s, words_made)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', $9, $10, 1)",
        db_i(ws), db_i(id), db_i(message_id),
        db_z(direction_names[line->answer ? DIRECTION_OUT : DIRECTION_IN]), db_s(line->text),
        db_z(actor_kind_names[line->answer ? w->actor.kind : ACTOR_CLIENT]), db_opt(author),
        db_s(line->answer ? w->actor.name : c->name),
        db_z(via_names[line->answer ? VIA_OFFICE : VIA_CONTACT]), db_i(line->at_s));
    return res == OK ? search_index(w, ws, message_id, line->text) : res;
}

enum result inbox_invent(struct work *w, const struct client *c, const struct inbox_invented *lines,
                         size_t count)
{
    int64_t ws = w->actor.workspace_id, id = env_id(w->env), last_id = id;
    bool answered = count > 0 && lines[count - 1].answer;
    enum result res =
        db_exec(w->tx,
                "INSERT INTO conversation (workspace_id, id, client_id, last_id, created_s,"
                " unanswered) VALUES ($1, $2, $3, $2, $4, $5)",
                db_i(ws), db_i(id), db_i(c->id), db_i(w->now_s), db_i(!answered));
    for (size_t i = 0; i < count && res == OK; i++) {
        last_id = env_id_after(w->env, last_id);
        res = put_message(w, id, last_id, c, &lines[i]);
    }
    if (res == OK)
        res = db_exec(w->tx,
                      "UPDATE conversation SET last_id = $3 WHERE workspace_id = $1 AND id = $2",
                      db_i(ws), db_i(id), db_i(last_id));
    /* Whoever has answered has read it. */
    const struct conversation read = {.id = id, .last_id = last_id};
    return res == OK && answered ? conversation_read(w, &read) : res;
}
