/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* conversation: the rows of conversations and their messages. See inbox.h. */
#include "inbox/internal.h"

#include "audit/audit.h"
#include "message/letter.h"

const char *const direction_names[] = {"in", "out", "note", NULL};
const char *const conversation_filters[] = {"unanswered", NULL};

static int64_t index_of(const char *const *names, struct str name)
{
    int64_t i = 0;
    while (names[i] && !str_is(name, names[i]))
        i++;
    return i;
}

/* ---- reading ---- */

/* $1 the business, $2 the reader. */
#define CONVERSATION                                                                               \
    "SELECT c.id, c.client_id, cl.name, c.unanswered, c.last_id, c.version, m.direction,"          \
    " substr(m.body, 1, 200), m.created_s, m.doubtful,"                                            \
    " (SELECT COUNT(*) FROM (SELECT 1 FROM conversation_message u"                                 \
    "   WHERE u.workspace_id = c.workspace_id AND u.conversation_id = c.id"                        \
    "   AND u.direction = 'in' AND u.id > COALESCE((SELECT r.read_id FROM conversation_read r"     \
    "     WHERE r.workspace_id = c.workspace_id AND r.conversation_id = c.id AND r.user_id = $2)," \
    "     0) LIMIT 100) x)"                                                                        \
    " FROM conversation c"                                                                         \
    " JOIN client cl ON cl.workspace_id = c.workspace_id AND cl.id = c.client_id"                  \
    " LEFT JOIN conversation_message m ON m.workspace_id = c.workspace_id"                         \
    "  AND m.conversation_id = c.id AND m.id = c.last_id"                                          \
    " WHERE c.workspace_id = $1"
/* $3 the member: those of the clients with whom they have, or had, a visit. */
#define OWN                                                                      \
    " AND EXISTS (SELECT 1 FROM booking b WHERE b.workspace_id = c.workspace_id" \
    "  AND b.client_id = c.client_id AND b.staff_id = $3)"

/* The beginning of a text, on one line. */
static struct str preview_of(struct arena *a, struct str body)
{
    char *out = arena_alloc(a, body.len + 4);
    size_t len = 0, characters = 0, i = 0;
    for (; i < body.len; i++) {
        bool begins = ((unsigned char)body.ptr[i] & 0xC0) != 0x80;
        if (begins && characters == PREVIEW_MAX)
            break;
        characters += begins;
        bool blank = body.ptr[i] == '\n' || body.ptr[i] == '\t';
        out[len++] = blank ? ' ' : body.ptr[i];
    }
    if (i < body.len) {
        memcpy(out + len, "…", strlen("…"));
        len += strlen("…");
    }
    return (struct str){out, len};
}

static struct conversation conversation_of(struct arena *a, const struct db_rows *r, size_t i)
{
    struct conversation c = {
        .id = db_int(r, i, 0),
        .client_id = db_int(r, i, 1),
        .client_name = db_str(r, i, 2),
        .unanswered = db_int(r, i, 3) != 0,
        .last_id = db_int(r, i, 4),
        .version = db_int(r, i, 5),
        .spoken = !db_is_null(r, i, 6),
        .unread = db_int(r, i, 10),
    };
    if (c.spoken) {
        c.last_direction = (enum direction)index_of(direction_names, db_str(r, i, 6));
        c.last_preview = preview_of(a, db_str(r, i, 7));
        c.last_at_s = db_int(r, i, 8);
        c.last_doubtful = db_int(r, i, 9) != 0;
    }
    return c;
}

enum result conversation_load(struct work *w, int64_t id, struct conversation *ret)
{
    struct db_rows r;
    int64_t ws = w->actor.workspace_id, user = w->actor.user_id;
    enum result res = w->sees_all ? db_one(w->tx, &r, CONVERSATION " AND c.id = $3", db_i(ws),
                                           db_i(user), db_i(id))
                                  : db_one(w->tx, &r, CONVERSATION OWN " AND c.id = $4", db_i(ws),
                                           db_i(user), db_i(w->actor.staff_id), db_i(id));
    if (res == NOT_FOUND)
        return work_missing(w, "conversation");
    if (res == OK)
        *ret = conversation_of(w->arena, &r, 0);
    return res;
}

enum result inbox_owns(struct work *w, int64_t conversation_id, bool *ret)
{
    struct db_rows r;
    *ret = false;
    if (w->actor.kind != ACTOR_STAFF || w->actor.token_id) /* a token owns nothing */
        return OK;
    enum result res = db_one(
        w->tx, &r, "SELECT 1 FROM conversation c WHERE c.workspace_id = $1 AND c.id = $2" OWN,
        db_i(w->actor.workspace_id), db_i(conversation_id), db_i(w->actor.staff_id));
    *ret = res == OK;
    return res == NOT_FOUND ? OK : res;
}

static enum result query_of_client(struct work *w, const struct conversation_query *q,
                                   struct db_rows *ret)
{
    int64_t ws = w->actor.workspace_id, user = w->actor.user_id;
    if (w->sees_all)
        return db_query(w->tx, ret, CONVERSATION " AND c.client_id = $3 AND c.unanswered >= $4",
                        db_i(ws), db_i(user), db_i(q->client_id.value), db_i(q->filter.set));
    return db_query(w->tx, ret, CONVERSATION OWN " AND c.client_id = $4 AND c.unanswered >= $5",
                    db_i(ws), db_i(user), db_i(w->actor.staff_id), db_i(q->client_id.value),
                    db_i(q->filter.set));
}

static enum result query_turn(struct work *w, bool unanswered, int64_t below_id, int64_t limit,
                              struct db_rows *ret)
{
    int64_t ws = w->actor.workspace_id, user = w->actor.user_id;
    if (w->sees_all)
        return db_query(w->tx, ret,
                        CONVERSATION " AND c.unanswered = $3 AND c.last_id < $4"
                                     " ORDER BY c.last_id DESC LIMIT $5",
                        db_i(ws), db_i(user), db_i(unanswered), db_i(below_id), db_i(limit));
    return db_query(w->tx, ret,
                    CONVERSATION OWN " AND c.unanswered = $4 AND c.last_id < $5"
                                     " ORDER BY c.last_id DESC LIMIT $6",
                    db_i(ws), db_i(user), db_i(w->actor.staff_id), db_i(unanswered), db_i(below_id),
                    db_i(limit));
}

static void add_rows(struct arena *a, const struct db_rows *r, struct conversation *list,
                     size_t *count)
{
    for (size_t i = 0; i < r->count; i++)
        list[(*count)++] = conversation_of(a, r, i);
}

enum result conversation_page(struct work *w, const struct conversation_query *q,
                              struct conversation **ret, size_t *ret_count, struct str *ret_next)
{
    bool paged;
    int64_t turn = 1, below_id = INT64_MAX;
    int64_t limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT;
    struct db_rows r;
    enum result res = cursor_read(w, q->cursor, &paged, &turn, &below_id);
    struct conversation *list = arena_new_array(w->arena, (size_t)limit + 1, struct conversation);
    size_t count = 0;
    if (res == OK && q->client_id.set) {
        res = query_of_client(w, q, &r); /* one at most */
        if (res == OK)
            add_rows(w->arena, &r, list, &count);
    }
    for (; res == OK && !q->client_id.set && turn >= (q->filter.set ? 1 : 0); turn--) {
        res = query_turn(w, turn > 0, below_id, limit + 1 - (int64_t)count, &r);
        if (res == OK)
            add_rows(w->arena, &r, list, &count);
        below_id = INT64_MAX;
        if ((int64_t)count > limit)
            break;
    }
    if (res != OK)
        return res;
    *ret_next = (struct str){0};
    if ((int64_t)count > limit) {
        count = (size_t)limit;
        *ret_next = cursor_write(w->arena, list[count - 1].unanswered, list[count - 1].last_id);
    }
    *ret = list;
    *ret_count = count;
    return OK;
}

/* ---- beginning one ---- */

enum result conversation_may_open(struct work *w, int64_t client_id)
{
    struct db_rows r;
    enum result res =
        w->sees_all ? db_one(w->tx, &r, "SELECT 1 FROM client WHERE workspace_id = $1 AND id = $2",
                             db_i(w->actor.workspace_id), db_i(client_id))
                    : db_one(w->tx, &r,
                             "SELECT 1 FROM booking WHERE workspace_id = $1 AND client_id = $2"
                             " AND staff_id = $3 LIMIT 1",
                             db_i(w->actor.workspace_id), db_i(client_id), db_i(w->actor.staff_id));
    return res == NOT_FOUND ? work_missing_at(w, "client_id", "client") : res;
}

enum result conversation_open(struct work *w, int64_t client_id, int64_t *ret_id, bool *ret_created)
{
    int64_t id = env_id(w->env), made = 0;
    struct db_rows r;
    enum result res =
        db_count(w->tx, &made,
                 "INSERT INTO conversation (workspace_id, id, client_id, last_id, created_s)"
                 " VALUES ($1, $2, $3, $2, $4) ON CONFLICT (workspace_id, client_id) DO NOTHING",
                 db_i(w->actor.workspace_id), db_i(id), db_i(client_id), db_i(w->now_s));
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
                             int64_t *ret_message_id)
{
    static const char *const actions[] = {"received", "sent", "noted"};
    int64_t ws = w->actor.workspace_id;
    struct opt_int author = {w->actor.user_id != 0, w->actor.user_id};
    /* First the conversation's row, whose lock puts two messages of one moment in order. */
    enum result res = db_exec(w->tx,
                              "UPDATE conversation SET version = version + 1, unanswered ="
                              " CASE $3 WHEN 'in' THEN 1 WHEN 'out' THEN 0 ELSE unanswered END"
                              " WHERE workspace_id = $1 AND id = $2",
                              db_i(ws), db_i(id), db_z(direction_names[what->direction]));
    if (res == OK)
        res = db_flush(w->tx);
    int64_t message_id = env_id(w->env);
    if (res == OK)
        res = db_exec(w->tx,
                      "INSERT INTO conversation_message (workspace_id, conversation_id, id,"
                      " direction, body, author_kind, author_id, author_name, doubtful, created_s)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                      db_i(ws), db_i(id), db_i(message_id), db_z(direction_names[what->direction]),
                      db_s(what->body), db_z(actor_kind_names[w->actor.kind]), db_opt(author),
                      db_s(w->actor.name.ptr ? w->actor.name : STR("")), db_i(what->doubtful),
                      db_i(w->now_s));
    if (res == OK)
        res = db_exec(w->tx,
                      "UPDATE conversation SET last_id = $3 WHERE workspace_id = $1 AND id = $2"
                      " AND last_id < $3",
                      db_i(ws), db_i(id), db_i(message_id));
    if (res == OK) /* the words stay where they are: the audit says that there are some */
        res = audit_action(w, "conversation", id, actions[what->direction]);
    if (res == OK)
        *ret_message_id = message_id;
    return res;
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
    " e.status FROM conversation_message m"                                                    \
    " LEFT JOIN message e ON e.workspace_id = m.workspace_id AND e.kind = $3"                  \
    "  AND e.subject_id = m.id AND e.occurrence = ''"                                          \
    " WHERE m.workspace_id = $1 AND m.conversation_id = $2"

static struct message_view message_of(const struct db_rows *r, size_t i)
{
    struct message_view v = {
        .id = some_int(db_int(r, i, 0)),
        .direction = some_int(index_of(direction_names, db_str(r, i, 1))),
        .body = db_str(r, i, 2),
        .author_kind = db_str(r, i, 3),
        .author = db_str(r, i, 4),
        .at = some_int(db_int(r, i, 5)),
        .doubtful = {true, db_int(r, i, 6) != 0},
    };
    if (!db_is_null(r, i, 7))
        v.email_status = db_str(r, i, 7);
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
        list[i] = message_of(&r, count - 1 - i);
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
        *ret = message_of(&r, 0);
    return res;
}
