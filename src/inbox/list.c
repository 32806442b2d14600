/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* list: which conversations there are, and what each looks like. See inbox.h. */
#include "inbox/internal.h"

#include "base/seeded.h"

#include <assert.h>
#include <string.h>

const char *const conversation_filters[] = {"unanswered", "mine", "unassigned", NULL};
const char *const folder_names[] = {"inbox", "doubtful", NULL};

enum { FILTER_UNANSWERED, FILTER_MINE, FILTER_UNASSIGNED };
enum { ANYBODY = -1 };
static_assert(COUNT_MAX == 100, "the statements say it as well");

/* Where c is a conversation: the reader, $2, has not read all that its client wrote. A subselect
 * for its one row, as in OWN: so PostgreSQL asks for that one, whatever its statistics. */
#define UNREAD_OF_2                                                                              \
    "(SELECT 1 FROM conversation_message u WHERE u.workspace_id = c.workspace_id"                \
    " AND u.conversation_id = c.id AND u.direction = 'in' AND u.id > COALESCE((SELECT r.read_id" \
    "  FROM conversation_read r WHERE r.workspace_id = c.workspace_id"                           \
    "  AND r.conversation_id = c.id AND r.user_id = $2), 0) LIMIT 1) IS NOT NULL"
/* $1 the business, $2 the reader. */
#define CONVERSATION                                                                               \
    "SELECT c.id, c.client_id, cl.name, c.unanswered, c.last_id, c.version, m.direction,"          \
    " substr(m.body, 1, 200), m.created_s, m.doubtful,"                                            \
    " (SELECT COUNT(*) FROM (SELECT 1 FROM conversation_message u"                                 \
    "   WHERE u.workspace_id = c.workspace_id AND u.conversation_id = c.id"                        \
    "   AND u.direction = 'in' AND u.id > COALESCE((SELECT r.read_id FROM conversation_read r"     \
    "     WHERE r.workspace_id = c.workspace_id AND r.conversation_id = c.id AND r.user_id = $2)," \
    "     0) LIMIT 100) x),"                                                                       \
    " c.folder, c.assigned_staff_id, s.name, c.unwelcomed"                                         \
    " FROM conversation c"                                                                         \
    " JOIN client cl ON cl.workspace_id = c.workspace_id AND cl.id = c.client_id"                  \
    "  AND cl.merged_into IS NULL"                                                                 \
    " LEFT JOIN resource s ON s.workspace_id = c.workspace_id AND s.id = c.assigned_staff_id"      \
    " LEFT JOIN conversation_message m ON m.workspace_id = c.workspace_id"                         \
    "  AND m.conversation_id = c.id AND m.id = c.last_id"                                          \
    " WHERE c.workspace_id = $1"
/* $3 the member: what is assigned to them, and the clients with whom they have, or had, a visit. */
#define OWN                                                                 \
    " AND (c.assigned_staff_id = $3 OR (SELECT 1 FROM booking b"            \
    "  WHERE b.workspace_id = c.workspace_id AND b.client_id = c.client_id" \
    "  AND b.staff_id = $3 LIMIT 1) IS NOT NULL)"

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
        .folder = (enum folder)name_index(folder_names, db_str(r, i, 11)),
        .assigned_id = db_int(r, i, 12),
        .assigned_name = db_str(r, i, 13),
        .unwelcomed = db_int(r, i, 14) != 0,
    };
    if (c.spoken) {
        c.last_direction = (enum direction)name_index(direction_names, db_str(r, i, 6));
        c.last_preview = preview_of(a, db_str(r, i, 7));
        c.last_at_s = db_int(r, i, 8);
        c.last_doubtful = db_int(r, i, 9) != 0;
    }
    return c;
}

/* ---- one ---- */

enum result conversation_find(struct work *w, int64_t id, int64_t client_id,
                              struct conversation *ret)
{
    struct db_rows r;
    struct db_value ws = db_i(w->actor.workspace_id), user = db_i(w->actor.user_id);
    struct db_value staff = db_i(w->actor.staff_id);
    enum result res;
    if (w->sees_all && id)
        res = db_one(w->tx, &r, CONVERSATION " AND c.id = $3", ws, user, db_i(id));
    else if (w->sees_all)
        res = db_one(w->tx, &r, CONVERSATION " AND c.client_id = $3", ws, user, db_i(client_id));
    else if (id)
        res = db_one(w->tx, &r, CONVERSATION OWN " AND c.id = $4", ws, user, staff, db_i(id));
    else
        res = db_one(w->tx, &r, CONVERSATION OWN " AND c.client_id = $4", ws, user, staff,
                     db_i(client_id));
    if (res == OK)
        *ret = conversation_of(w->arena, &r, 0);
    return res;
}

enum result conversation_load(struct work *w, int64_t id, struct conversation *ret)
{
    enum result res = conversation_find(w, id ? id : -1, 0, ret);
    return res == NOT_FOUND ? work_missing(w, "conversation") : res;
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

enum result conversation_may_open(struct work *w, int64_t client_id)
{
    struct client client;
    struct db_rows r;
    enum result res =
        w->sees_all ? client_load_known(w, client_id, &client)
                    : db_one(w->tx, &r,
                             "SELECT 1 FROM booking WHERE workspace_id = $1 AND client_id = $2"
                             " AND staff_id = $3 LIMIT 1",
                             db_i(w->actor.workspace_id), db_i(client_id), db_i(w->actor.staff_id));
    return res == NOT_FOUND ? work_missing_at(w, "client_id", "client") : res;
}

/* ---- a page of them ---- */

/* What a query asks for, made plain. */
struct wanted {
    const char *folder;
    bool unanswered;
    struct opt_int assigned; /* 0: to nobody */
};

static struct wanted wanted_of(const struct work *w, const struct conversation_query *q)
{
    int64_t filter = q->filter.set ? q->filter.value : -1;
    struct wanted want = {
        .folder = folder_names[q->folder.set ? q->folder.value : FOLDER_INBOX],
        .unanswered = filter == FILTER_UNANSWERED,
        .assigned = q->assigned_to,
    };
    if (filter == FILTER_MINE)
        want.assigned = some_int(w->actor.staff_id);
    if (filter == FILTER_UNASSIGNED)
        want.assigned = some_int(0);
    return want;
}

bool conversation_fits(const struct work *w, const struct conversation_query *q,
                       const struct conversation *c)
{
    struct wanted want = wanted_of(w, q);
    return (!want.unanswered || c->unanswered) &&
           (!want.assigned.set || c->assigned_id == want.assigned.value) &&
           (!q->folder.set || c->folder == (enum folder)q->folder.value) &&
           (!q->client_id.set || c->client_id == q->client_id.value);
}

/* A client's own conversation is shown whatever its folder, unless one is asked for. */
static enum result page_of_client(struct work *w, const struct conversation_query *q,
                                  struct conversation *list, size_t *ret_count)
{
    enum result res = conversation_find(w, 0, q->client_id.value, &list[0]);
    *ret_count = res == OK && conversation_fits(w, q, &list[0]);
    return res == NOT_FOUND ? OK : res;
}

static enum result query_turn(struct work *w, const struct wanted *want, bool unanswered,
                              int64_t below_id, int64_t limit, struct db_rows *ret)
{
    int64_t ws = w->actor.workspace_id, user = w->actor.user_id, staff = w->actor.staff_id;
    struct db_value assigned = db_i(want->assigned.value);
    if (w->sees_all && want->assigned.set)
        return db_query(w->tx, ret,
                        CONVERSATION " AND c.folder = $3 AND c.unanswered = $4 AND c.last_id < $5"
                                     " AND c.assigned_staff_id = $6"
                                     " ORDER BY c.last_id DESC LIMIT $7",
                        db_i(ws), db_i(user), db_z(want->folder), db_i(unanswered), db_i(below_id),
                        assigned, db_i(limit));
    if (w->sees_all)
        return db_query(w->tx, ret,
                        CONVERSATION " AND c.folder = $3 AND c.unanswered = $4 AND c.last_id < $5"
                                     " ORDER BY c.last_id DESC LIMIT $6",
                        db_i(ws), db_i(user), db_z(want->folder), db_i(unanswered), db_i(below_id),
                        db_i(limit));
    if (want->assigned.set)
        return db_query(w->tx, ret,
                        CONVERSATION OWN
                        " AND c.folder = $4 AND c.unanswered = $5 AND c.last_id < $6"
                        " AND c.assigned_staff_id = $7 ORDER BY c.last_id DESC LIMIT $8",
                        db_i(ws), db_i(user), db_i(staff), db_z(want->folder), db_i(unanswered),
                        db_i(below_id), assigned, db_i(limit));
    return db_query(w->tx, ret,
                    CONVERSATION OWN " AND c.folder = $4 AND c.unanswered = $5 AND c.last_id < $6"
                                     " ORDER BY c.last_id DESC LIMIT $7",
                    db_i(ws), db_i(user), db_i(staff), db_z(want->folder), db_i(unanswered),
                    db_i(below_id), db_i(limit));
}

enum result conversation_page(struct work *w, const struct conversation_query *q,
                              struct conversation **ret, size_t *ret_count, struct str *ret_next)
{
    bool paged;
    int64_t turn = 1, below_id = INT64_MAX;
    int64_t limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT;
    struct wanted want = wanted_of(w, q);
    struct db_rows r;
    enum result res = cursor_read(w, q->cursor, &paged, &turn, &below_id);
    struct conversation *list = arena_new_array(w->arena, (size_t)limit + 1, struct conversation);
    size_t count = 0;
    if (res == OK && q->client_id.set)
        res = page_of_client(w, q, list, &count);
    for (; res == OK && !q->client_id.set && turn >= (want.unanswered ? 1 : 0); turn--) {
        res = query_turn(w, &want, turn > 0, below_id, limit + 1 - (int64_t)count, &r);
        for (size_t i = 0; res == OK && i < r.count; i++)
            list[count++] = conversation_of(w->arena, &r, i);
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
    return answering_of(w, list, count);
}

/* ---- how many ---- */

/* Of one folder, one answeredness, and one member, nobody (0) or ANYBODY; at most COUNT_MAX. */
static enum result count_of(struct work *w, enum folder folder, bool unanswered, int64_t assigned,
                            int64_t *ret)
{
    int64_t ws = w->actor.workspace_id;
    struct db_value in = db_z(folder_names[folder]), turn = db_i(unanswered);
    struct db_rows r;
    enum result res;
    bool all = w->sees_all || SEEDED(COUNT_UNFILTERED);
    if (all && assigned >= 0)
        res = db_one(w->tx, &r,
                     "SELECT COUNT(*) FROM (SELECT 1 FROM conversation WHERE workspace_id = $1"
                     " AND folder = $2 AND assigned_staff_id = $3 AND unanswered = $4 LIMIT 100) x",
                     db_i(ws), in, db_i(assigned), turn);
    else if (all)
        res = db_one(w->tx, &r,
                     "SELECT COUNT(*) FROM (SELECT 1 FROM conversation WHERE workspace_id = $1"
                     " AND folder = $2 AND unanswered = $3 LIMIT 100) x",
                     db_i(ws), in, turn);
    else /* of the newest ones, so that it is bounded for who owns few of many */
        res = db_one(w->tx, &r,
                     "SELECT COUNT(*) FROM (SELECT 1 FROM (SELECT workspace_id, client_id,"
                     " assigned_staff_id FROM conversation WHERE workspace_id = $1 AND folder = $2"
                     " AND unanswered = $4 ORDER BY last_id DESC LIMIT 2000) c"
                     " WHERE ($5 < 0 OR c.assigned_staff_id = $5)" OWN " LIMIT 100) x",
                     db_i(ws), in, db_i(w->actor.staff_id), turn, db_i(assigned));
    if (res == OK)
        *ret += db_int(&r, 0, 0);
    return res;
}

/* Among the newest: who has not read for months is helped by none of these figures. */
static enum result count_unread(struct work *w, bool unanswered, int64_t *ret)
{
    struct db_rows r;
    enum result res =
        w->sees_all
            ? db_one(w->tx, &r,
                     "SELECT COUNT(*) FROM (SELECT id, workspace_id, client_id, assigned_staff_id"
                     " FROM conversation WHERE workspace_id = $1 AND folder = 'inbox'"
                     " AND unanswered = $3 ORDER BY last_id DESC LIMIT 100) c"
                     " WHERE " UNREAD_OF_2,
                     db_i(w->actor.workspace_id), db_i(w->actor.user_id), db_i(unanswered))
            : db_one(w->tx, &r,
                     "SELECT COUNT(*) FROM (SELECT id, workspace_id, client_id, assigned_staff_id"
                     " FROM conversation WHERE workspace_id = $1 AND folder = 'inbox'"
                     " AND unanswered = $4 ORDER BY last_id DESC LIMIT 100) c"
                     " WHERE " UNREAD_OF_2 OWN,
                     db_i(w->actor.workspace_id), db_i(w->actor.user_id), db_i(w->actor.staff_id),
                     db_i(unanswered));
    if (res == OK)
        *ret += db_int(&r, 0, 0);
    return res;
}

static int64_t at_most(int64_t n)
{
    return n < COUNT_MAX ? n : COUNT_MAX;
}

enum result conversation_counts(struct work *w, struct conversation_counts *ret)
{
    struct conversation_counts n = {0};
    enum result res = count_of(w, FOLDER_INBOX, true, ANYBODY, &n.unanswered);
    if (res == OK)
        res = count_of(w, FOLDER_INBOX, true, w->actor.staff_id, &n.mine);
    if (res == OK)
        res = count_of(w, FOLDER_INBOX, true, 0, &n.unassigned);
    for (int turn = 0; res == OK && turn < 2; turn++)
        res = count_of(w, FOLDER_DOUBTFUL, turn, ANYBODY, &n.doubtful);
    for (int turn = 0; res == OK && turn < 2; turn++)
        res = count_unread(w, turn, &n.unread);
    if (res != OK)
        return res;
    n.doubtful = at_most(n.doubtful);
    n.unread = at_most(n.unread);
    *ret = n;
    return OK;
}
