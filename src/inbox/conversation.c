/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* conversation: the rows of conversations and their messages. See inbox.h. */
#include "inbox/internal.h"

#include "audit/audit.h"
#include "message/letter.h"
#include "team/team.h"

const char *const direction_names[] = {"in", "out", "note", NULL};
const char *const via_names[] = {"contact", "mail", "form", "portal", "office", NULL};
const char *const doubt_names[] = {
    [DOUBT_NONE] = "",
    [DOUBT_HONEYPOT] = "honeypot",
    [DOUBT_TOO_FAST] = "too_fast",
    [DOUBT_STALE] = "stale",
    [DOUBT_TOO_MANY] = "too_many",
    [DOUBT_REPEATED] = "repeated",
    [DOUBT_LINKS] = "links",
    [DOUBT_SENDER] = "sender",
    [DOUBT_AUTOMATIC] = "automatic",
    NULL,
};

int64_t name_index(const char *const *names, struct str name)
{
    int64_t i = 0;
    while (names[i] && !str_is(name, names[i]))
        i++;
    return i;
}

/* ---- beginning one ---- */

enum result conversation_open(struct work *w, int64_t client_id, bool doubtful, int64_t *ret_id,
                              bool *ret_created)
{
    int64_t id = env_id(w->env), made = 0;
    struct db_rows r;
    enum result res = db_count(
        w->tx, &made,
        "INSERT INTO conversation (workspace_id, id, client_id, last_id, created_s, folder)"
        " VALUES ($1, $2, $3, $2, $4, $5)"
        " ON CONFLICT (workspace_id, client_id) DO NOTHING",
        db_i(w->actor.workspace_id), db_i(id), db_i(client_id), db_i(w->now_s),
        db_z(doubtful ? "doubtful" : "inbox"));
    if (res == OK && made == 0) {
        res = db_one(w->tx, &r,
                     "SELECT id FROM conversation WHERE workspace_id = $1 AND client_id = $2",
                     db_i(w->actor.workspace_id), db_i(client_id));
        if (res == OK)
            id = db_int(&r, 0, 0);
    } else if (res == OK) {
        res = audit_action(w, "conversation", id, "opened");
    }
    if (res != OK)
        return res;
    *ret_id = id;
    *ret_created = made != 0;
    return OK;
}

/* ---- messages ---- */

enum result conversation_say(struct work *w, int64_t id, const struct said *what,
                             struct spoken *ret)
{
    static const char *const actions[] = {"received", "sent", "noted"};
    int64_t ws = w->actor.workspace_id;
    const char *direction = direction_names[what->direction];
    struct opt_int author = {w->actor.user_id != 0, w->actor.user_id};
    bool in = what->direction == DIRECTION_IN;
    bool out = what->direction == DIRECTION_OUT;
    struct db_rows r;
    /* First the conversation's row, whose lock puts two messages of one moment in order. */
    enum result res =
        db_one(w->tx, &r,
               "UPDATE conversation SET version = version + 1,"
               " unanswered = CASE $3 WHEN 1 THEN 1 WHEN 0 THEN 0 ELSE unanswered END,"
               " folder = CASE WHEN $4 = 2 OR ($4 = 1 AND set_aside = 0) THEN 'inbox'"
               "  ELSE folder END,"
               " set_aside = CASE $4 WHEN 2 THEN 0 ELSE set_aside END,"
               " unwelcomed = CASE $4 WHEN 2 THEN 0 ELSE unwelcomed END"
               " WHERE workspace_id = $1 AND id = $2 RETURNING set_aside, unwelcomed, last_id",
               db_i(ws), db_i(id),
               db_i(in && what->doubt != DOUBT_AUTOMATIC ? 1
                    : out                                ? 0
                                                         : 2),
               db_i(out ? 2 : in && what->doubt == DOUBT_NONE));
    if (res == OK && out && what->seen_id.set)
        res = answered_meanwhile(w, id, what->seen_id.value);
    if (res != OK)
        return res;
    enum inbox_doubt doubt = what->doubt;
    if (in && doubt == DOUBT_NONE && db_int(&r, 0, 0))
        doubt = DOUBT_SENDER;
    /* Also where the clock of the process that wrote last is ahead of ours. */
    struct spoken spoken = {env_id_after(w->env, db_int(&r, 0, 2)), doubt != DOUBT_NONE,
                            db_int(&r, 0, 1) != 0};
    res = db_exec(w->tx,
                  "INSERT INTO conversation_message (workspace_id, conversation_id, id,"
                  " direction, body, author_kind, author_id, author_name, doubtful, doubt, via,"
                  " created_s, words_made)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
                  db_i(ws), db_i(id), db_i(spoken.message_id), db_z(direction), db_s(what->body),
                  db_z(actor_kind_names[w->actor.kind]), db_opt(author),
                  db_s(w->actor.name.ptr ? w->actor.name : STR("")), db_i(spoken.doubtful),
                  db_z(doubt_names[doubt]), db_z(via_names[what->via]), db_i(w->now_s));
    if (res == OK)
        res = db_exec(w->tx,
                      "UPDATE conversation SET last_id = $3 WHERE workspace_id = $1 AND id = $2",
                      db_i(ws), db_i(id), db_i(spoken.message_id));
    if (res == OK)
        res = search_index(w, ws, spoken.message_id, what->body);
    if (res == OK) /* the words stay where they are: the audit says that there are some */
        res = audit_action(w, "conversation", id, actions[what->direction]);
    if (res == OK)
        *ret = spoken;
    return res;
}

enum result conversation_unwelcomed(struct work *w, int64_t id, bool unwelcomed)
{
    return db_exec(w->tx,
                   "UPDATE conversation SET unwelcomed = $3 WHERE workspace_id = $1 AND id = $2",
                   db_i(w->actor.workspace_id), db_i(id), db_i(unwelcomed));
}

/* ---- what a person decides about it ---- */

static enum result assign(struct work *w, const struct conversation *c, int64_t staff_id,
                          struct str *ret_name)
{
    struct staff_member member = {0};
    enum result res = staff_id ? team_member(w, staff_id, &member) : OK;
    if (res == NOT_FOUND)
        (void)problem_field(w->problem, "assigned_to", "not_found",
                            "There is no such member of staff.");
    if (res == OK && staff_id && !member.active)
        return problem_field(w->problem, "assigned_to", "inactive",
                             "This member has left: choose another.");
    if (res == OK)
        res = db_exec(w->tx,
                      "UPDATE conversation SET assigned_staff_id = $3, version = version + 1"
                      " WHERE workspace_id = $1 AND id = $2",
                      db_i(w->actor.workspace_id), db_i(c->id), db_i(staff_id));
    *ret_name = member.name;
    return res;
}

/* The doubt is over. The newest doubtful word is told of as it would have been; the others are
 * read with it. */
static enum result take_out(struct work *w, const struct conversation *c)
{
    int64_t ws = w->actor.workspace_id;
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT id, author_name, body FROM conversation_message"
                               " WHERE workspace_id = $1 AND conversation_id = $2"
                               " AND direction = 'in' AND doubtful = 1 ORDER BY id DESC LIMIT 1",
                               db_i(ws), db_i(c->id));
    if (res == OK)
        res = db_exec(w->tx,
                      "UPDATE conversation SET folder = 'inbox', set_aside = 0, unwelcomed = 0,"
                      " version = version + 1 WHERE workspace_id = $1 AND id = $2",
                      db_i(ws), db_i(c->id));
    if (res == OK)
        res = db_exec(w->tx,
                      "UPDATE conversation_message SET doubtful = 0 WHERE workspace_id = $1"
                      " AND conversation_id = $2 AND doubtful = 1",
                      db_i(ws), db_i(c->id));
    if (res != OK || r.count == 0)
        return res;
    const struct received what = {
        .client_id = c->client_id,
        .message_id = db_int(&r, 0, 0),
        .name = db_str(&r, 0, 1),
        .text = db_str(&r, 0, 2),
        .welcome = c->unwelcomed,
    };
    return received_follows(w, &what);
}

static enum result put_aside(struct work *w, const struct conversation *c)
{
    return db_exec(w->tx,
                   "UPDATE conversation SET folder = 'doubtful', set_aside = 1,"
                   " version = version + 1 WHERE workspace_id = $1 AND id = $2",
                   db_i(w->actor.workspace_id), db_i(c->id));
}

enum result conversation_change(struct work *w, const struct conversation *c,
                                const struct conversation_change *to)
{
    bool assigns = to->assigned_to.set && to->assigned_to.value != c->assigned_id;
    bool moves = to->folder.set && (enum folder)to->folder.value != c->folder;
    struct str name = c->assigned_name;
    enum result res = OK;
    if (!assigns && !moves)
        return OK;
    if (assigns)
        res = assign(w, c, to->assigned_to.value, &name);
    if (res == OK && moves)
        res = to->folder.value == FOLDER_INBOX ? take_out(w, c) : put_aside(w, c);
    if (res != OK)
        return res;
    struct audit a;
    audit_begin(&a, w, "conversation", c->id, moves ? "moved" : "assigned");
    if (assigns) {
        audit_str(&a, "assigned_to", c->assigned_name, name);
        audit_staff(&a, to->assigned_to.value, c->assigned_id);
    }
    if (moves)
        audit_str(&a, "folder", str_of(folder_names[c->folder]),
                  str_of(folder_names[to->folder.value]));
    return audit_end(&a);
}

enum result conversation_read(struct work *w, const struct conversation *c)
{
    return db_exec(w->tx,
                   "INSERT INTO conversation_read (workspace_id, conversation_id, user_id, read_id)"
                   " VALUES ($1, $2, $3, $4)"
                   " ON CONFLICT (workspace_id, conversation_id, user_id)"
                   " DO UPDATE SET read_id = excluded.read_id",
                   db_i(w->actor.workspace_id), db_i(c->id), db_i(w->actor.user_id),
                   db_i(c->last_id));
}

/* Its letter is found by what it is about: (kind, message). */
#define MESSAGE                                                                                \
    "SELECT m.id, m.direction, m.body, m.author_kind, m.author_name, m.created_s, m.doubtful," \
    " e.status, m.via, m.doubt, m.quoted, m.from_name, m.from_address, m.files"                \
    " FROM conversation_message m"                                                             \
    " LEFT JOIN message e ON e.workspace_id = m.workspace_id AND e.kind = $3"                  \
    "  AND e.subject_id = m.id AND e.occurrence = ''"                                          \
    " WHERE m.workspace_id = $1 AND m.conversation_id = $2"

static struct message_view message_of(struct arena *a, const struct db_rows *r, size_t i)
{
    struct message_view v = {
        .id = some_int(db_int(r, i, 0)),
        .direction = some_int(name_index(direction_names, db_str(r, i, 1))),
        .body = db_str(r, i, 2),
        .author_kind = db_str(r, i, 3),
        .author = db_str(r, i, 4),
        .at = some_int(db_int(r, i, 5)),
        .doubtful = {true, db_int(r, i, 6) != 0},
    };
    if (!db_is_null(r, i, 7))
        v.email_status = db_str(r, i, 7);
    v.via = db_str(r, i, 8);
    if (db_str(r, i, 9).len)
        v.doubt = db_str(r, i, 9);
    v.quoted = db_str(r, i, 10);
    v.from = sender_of(a, db_str(r, i, 11), db_str(r, i, 12));
    v.files = db_int(r, i, 13);
    return v;
}

enum result conversation_messages(struct work *w, int64_t id, int64_t below_id, int64_t limit,
                                  struct message_view **ret, size_t *ret_count, bool *ret_more)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r, MESSAGE " AND m.id < $4 ORDER BY m.id DESC LIMIT $5",
                 db_i(w->actor.workspace_id), db_i(id), db_z(letter_kind_name(LETTER_MESSAGE)),
                 db_i(below_id), db_i(limit + 1));
    if (res != OK)
        return res;
    size_t count = r.count < (size_t)limit ? r.count : (size_t)limit;
    struct message_view *list = arena_new_array(w->arena, count + 1, struct message_view);
    for (size_t i = 0; i < count; i++)
        list[i] = message_of(w->arena, &r, count - 1 - i);
    for (size_t i = 0; res == OK && i < count; i++)
        if (list[i].files > 0)
            res = annex_files(w, list[i].id.value, &list[i].attachments);
    if (res != OK)
        return res;
    *ret = list;
    *ret_count = count;
    *ret_more = r.count > count;
    return OK;
}

enum result conversation_message(struct work *w, int64_t id, int64_t message_id,
                                 struct message_view *ret)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r, MESSAGE " AND m.id = $4", db_i(w->actor.workspace_id),
                             db_i(id), db_z(letter_kind_name(LETTER_MESSAGE)), db_i(message_id));
    if (res == NOT_FOUND)
        return work_missing(w, "message");
    if (res == OK)
        *ret = message_of(w->arena, &r, 0);
    return res == OK && ret->files > 0 ? annex_files(w, message_id, &ret->attachments) : res;
}
