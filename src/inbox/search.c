/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * search: conversations by the words in them, the newest mention first.
 *
 * First come the clients whose name has the words, then the conversations one of whose messages has
 * them all, each once, by its newest such message. The work of one question is bounded, whatever a
 * million messages hold:
 *
 *   - the word that fewest messages have leads, and the messages that have it are read from the
 *     newest on; whether they have the others is seen in their text;
 *   - a beginning of a word that FEW messages or less have is put in order and read likewise; where
 *     more have it and it is all that was asked, the newest messages of all are read, since one in
 *     a few of them has it;
 *   - at most LOOKED_AT messages, or LOOKED_AT_BYTES of them, are read for one page. Where that was
 *     not enough the page is short and its cursor goes on where the reading stopped.
 */
#include "inbox/internal.h"

#include "inbox/words.h"

#include <assert.h>
#include <stdlib.h>

enum {
    FEW = 20000,
    BATCH = 250,
    LOOKED_AT = 2000,
    LOOKED_AT_BYTES = 4 * 1024 * 1024,
    NAMES_MAX = 20, /* clients found by name, of NAMES_LOOKED_AT that the words fit */
    NAMES_LOOKED_AT = 100,
    SEEN_MAX = 50, /* messages of one conversation asked whether a page before had it */
    SEARCH_KEY = 2 /* of cursors, plus how many names were shown; those of lists have 0 and 1 */
};

/* ---- the index ---- */

enum result search_index(struct work *w, int64_t workspace_id, int64_t message_id, struct str body)
{
    struct str_list words;
    words_of(w->arena, body, &words);
    if (words.count == 0)
        return OK;
    return db_exec(w->tx,
                   db_sql(w->tx,
                          "INSERT INTO conversation_word (workspace_id, word, message_id)"
                          " SELECT $1, value, $2 FROM json_each($3) WHERE true"
                          " ON CONFLICT (workspace_id, word, message_id) DO NOTHING",
                          "INSERT INTO conversation_word (workspace_id, word, message_id)"
                          " SELECT $1, value, $2 FROM json_array_elements_text(CAST($3 AS json))"
                          " ON CONFLICT (workspace_id, word, message_id) DO NOTHING"),
                   db_i(workspace_id), db_i(message_id), db_s(client_list_json(w->arena, &words)));
}

/* The number is written down: PostgreSQL plans an unknown LIMIT as a tenth of the table. */
enum result inbox_index_sweep(struct work *w, int64_t *ret_done)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT workspace_id, conversation_id, id, body"
                               " FROM conversation_message WHERE words_made = 0"
                               " ORDER BY id LIMIT 500");
    for (size_t i = 0; res == OK && i < r.count; i++) {
        res = search_index(w, db_int(&r, i, 0), db_int(&r, i, 2), db_str(&r, i, 3));
        if (res == OK)
            res = db_exec(w->tx,
                          "UPDATE conversation_message SET words_made = 1 WHERE workspace_id = $1"
                          " AND conversation_id = $2 AND id = $3",
                          db_i(db_int(&r, i, 0)), db_i(db_int(&r, i, 1)), db_i(db_int(&r, i, 2)));
    }
    if (res == OK)
        *ret_done = (int64_t)r.count;
    return res;
}

static enum result forget(struct work *w, int64_t message_id, struct str body)
{
    struct str_list words;
    enum result res = OK;
    words_of(w->arena, body, &words);
    for (size_t i = 0; res == OK && i < words.count; i++)
        res = db_exec(w->tx,
                      "DELETE FROM conversation_word WHERE workspace_id = $1 AND word = $2"
                      " AND message_id = $3",
                      db_i(w->actor.workspace_id), db_s(words.items[i]), db_i(message_id));
    return res;
}

enum result inbox_forget_words(struct work *w, int64_t conversation_id)
{
    int64_t below_id = INT64_MAX;
    for (;;) {
        struct db_rows r;
        enum result res =
            db_query(w->tx, &r,
                     "SELECT id, body FROM conversation_message"
                     " WHERE workspace_id = $1 AND conversation_id = $2 AND id < $3"
                     " ORDER BY id DESC LIMIT 250",
                     db_i(w->actor.workspace_id), db_i(conversation_id), db_i(below_id));
        for (size_t i = 0; res == OK && i < r.count; i++)
            res = forget(w, below_id = db_int(&r, i, 0), db_str(&r, i, 1));
        if (res != OK || r.count < BATCH)
            return res;
    }
}

/* ---- a question ---- */

/* How messages are come by. */
enum lead { LEAD_WORD, LEAD_BEGINNING, LEAD_NEWEST };

struct search {
    struct work *w;
    const struct conversation_query *q;
    struct words_asked asked;
    enum lead lead;
    struct str lo, hi; /* the leading word, or the span of its beginning */
    bool none;         /* no message has one of the words */
    int64_t from_id;   /* a page before had what is from here on */
    int64_t below_id;  /* read from here down */
    bool over;         /* there is nothing further down */
    struct conversation *list;
    size_t count, most;
    size_t looked_at, bytes;
    struct conversation *names; /* found by name: they come first, and not again */
    size_t name_count;
    size_t names_shown;
};

static struct str end_of_beginning(struct arena *a, struct str beginning)
{
    return str_printf(a, STR_FMT "\xF4\x8F\xBF\xBF", STR_ARG(beginning)); /* U+10FFFF */
}

static enum result choose_lead(struct search *s)
{
    struct work *w = s->w;
    int64_t fewest = INT64_MAX;
    s->lead = LEAD_NEWEST;
    for (size_t i = 0; i < s->asked.count; i++) {
        bool last = i == s->asked.count - 1;
        struct str lo = s->asked.words[i], hi = last ? end_of_beginning(w->arena, lo) : lo;
        struct db_rows r;
        enum result res =
            db_one(w->tx, &r,
                   "SELECT COUNT(*) FROM (SELECT 1 FROM conversation_word WHERE workspace_id = $1"
                   " AND word >= $2 AND word <= $3 LIMIT 20000) x",
                   db_i(w->actor.workspace_id), db_s(lo), db_s(hi));
        if (res != OK)
            return res;
        int64_t n = db_int(&r, 0, 0);
        s->none = s->none || n == 0;
        if (n >= fewest || (last && n >= FEW))
            continue;
        fewest = n;
        s->lead = last ? LEAD_BEGINNING : LEAD_WORD;
        s->lo = lo;
        s->hi = hi;
    }
    return OK;
}
static_assert(FEW == 20000, "the statement says it as well");

static enum result read_batch(struct search *s, struct db_rows *ret)
{
    struct work *w = s->w;
    int64_t ws = w->actor.workspace_id;
    switch (s->lead) {
    case LEAD_WORD:
        return db_query(w->tx, ret,
                        "SELECT t.message_id, (SELECT m.conversation_id"
                        "  FROM conversation_message m WHERE m.workspace_id = $1"
                        "  AND m.id = t.message_id LIMIT 1), (SELECT m.body"
                        "  FROM conversation_message m WHERE m.workspace_id = $1"
                        "  AND m.id = t.message_id LIMIT 1) FROM conversation_word t"
                        " WHERE t.workspace_id = $1 AND t.word = $2 AND t.message_id < $3"
                        " ORDER BY t.message_id DESC LIMIT 250",
                        db_i(ws), db_s(s->lo), db_i(s->below_id));
    case LEAD_BEGINNING:
        return db_query(w->tx, ret,
                        "SELECT m.id, m.conversation_id, m.body FROM (SELECT DISTINCT message_id"
                        "  FROM conversation_word WHERE workspace_id = $1 AND word >= $2"
                        "  AND word <= $3 AND message_id < $4 ORDER BY message_id DESC LIMIT 250) t"
                        " CROSS JOIN conversation_message m WHERE m.workspace_id = $1"
                        "  AND m.id = t.message_id ORDER BY m.id DESC",
                        db_i(ws), db_s(s->lo), db_s(s->hi), db_i(s->below_id));
    case LEAD_NEWEST: break;
    }
    return db_query(w->tx, ret,
                    "SELECT id, conversation_id, body FROM conversation_message"
                    " WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT 250",
                    db_i(ws), db_i(s->below_id));
}
static_assert(BATCH == 250, "the statements say it as well");

/* ---- what is shown ---- */

static struct conversation *among(struct conversation *list, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id)
            return &list[i];
    return NULL;
}

/* ---- by name ---- */

static int newest_first(const void *a, const void *b)
{
    int64_t x = ((const struct conversation *)a)->last_id;
    int64_t y = ((const struct conversation *)b)->last_id;
    return (x < y) - (x > y);
}

/* Clients are found by addresses and numbers as well, which not everybody here may know: only who
 * has the words in their name counts. */
static enum result find_names(struct search *s)
{
    struct work *w = s->w;
    struct client *clients;
    size_t count, at, looked = 0;
    enum result res = client_matching(w, s->q->q, NAMES_LOOKED_AT, &clients, &count);
    s->names = arena_new_array(w->arena, NAMES_MAX, struct conversation);
    for (size_t i = 0; res == OK && i < count && looked < NAMES_MAX; i++) {
        struct conversation *c = &s->names[s->name_count];
        if (!words_match(w->arena, &s->asked, clients[i].name, &at))
            continue;
        looked++;
        res = conversation_find(w, 0, clients[i].id, c);
        if (res == OK)
            s->name_count += conversation_fits(w, s->q, c);
        res = res == NOT_FOUND ? OK : res;
    }
    if (res == OK && s->name_count > 1)
        qsort(s->names, s->name_count, sizeof *s->names, newest_first);
    return res;
}

/* ---- by message ---- */

/* Whether a page before had this conversation, by a newer message. */
static enum result was_shown(struct search *s, int64_t conversation_id, bool *ret)
{
    struct db_rows r = {0};
    size_t at;
    enum result res = OK;
    *ret = among(s->names, s->name_count, conversation_id) != NULL;
    if (!*ret && s->from_id != INT64_MAX)
        res = db_query(s->w->tx, &r,
                       "SELECT body FROM conversation_message WHERE workspace_id = $1"
                       " AND conversation_id = $2 AND id >= $3 ORDER BY id LIMIT 50",
                       db_i(s->w->actor.workspace_id), db_i(conversation_id), db_i(s->from_id));
    for (size_t i = 0; res == OK && i < r.count && !*ret; i++)
        *ret = words_match(s->w->arena, &s->asked, db_str(&r, i, 0), &at);
    return res;
}
static_assert(SEEN_MAX == 50, "the statement says it as well");

/* A message that has the words: its conversation is shown, unless it was, or is not to be. */
static enum result take(struct search *s, int64_t message_id, int64_t conversation_id,
                        struct str body, size_t at)
{
    struct conversation *c = &s->list[s->count];
    bool shown;
    enum result res = was_shown(s, conversation_id, &shown);
    if (res != OK || shown)
        return res;
    res = conversation_find(s->w, conversation_id, 0, c);
    if (res != OK || !conversation_fits(s->w, s->q, c))
        return res == NOT_FOUND ? OK : res;
    c->match_id = message_id;
    c->match_excerpt = words_excerpt(s->w->arena, body, at);
    s->count++;
    return OK;
}

/* Reads on in a batch until the page is full or enough was looked at. */
static enum result look_through(struct search *s, const struct db_rows *r)
{
    enum result res = OK;
    for (size_t i = 0; res == OK && i < r->count; i++) {
        struct str body = db_str(r, i, 2);
        int64_t id = db_int(r, i, 0), conversation_id = db_int(r, i, 1);
        size_t at;
        if (s->count == s->most || s->looked_at == LOOKED_AT || s->bytes >= LOOKED_AT_BYTES)
            return OK;
        s->looked_at++;
        s->bytes += body.len;
        s->below_id = id;
        if (!among(s->list, s->count, conversation_id) &&
            words_match(s->w->arena, &s->asked, body, &at))
            res = take(s, id, conversation_id, body, at);
    }
    s->over = r->count < BATCH;
    return res;
}

static enum result find_messages(struct search *s)
{
    enum result res = choose_lead(s);
    s->over = s->none;
    while (res == OK && !s->over && s->count < s->most && s->looked_at < LOOKED_AT &&
           s->bytes < LOOKED_AT_BYTES) {
        struct db_rows r;
        res = read_batch(s, &r);
        if (res == OK)
            res = look_through(s, &r);
    }
    return res;
}

enum result conversation_search(struct work *w, const struct conversation_query *q,
                                struct conversation **ret, size_t *ret_count, struct str *ret_next)
{
    bool paged;
    int64_t key = SEARCH_KEY;
    size_t limit = (size_t)(q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT);
    struct search s = {.w = w, .q = q, .from_id = INT64_MAX, .asked = words_ask(w->arena, q->q)};
    enum result res = cursor_read(w, q->cursor, &paged, &key, &s.from_id);
    *ret_next = (struct str){0};
    *ret_count = 0;
    *ret = s.list = arena_new_array(w->arena, limit + NAMES_MAX + 1, struct conversation);
    if (res != OK || s.asked.count == 0)
        return res;
    s.below_id = s.from_id;
    res = find_names(&s);
    s.names_shown = paged && key > SEARCH_KEY ? (size_t)(key - SEARCH_KEY) : 0;
    for (; res == OK && s.names_shown < s.name_count && s.count < limit; s.names_shown++)
        s.list[s.count++] = s.names[s.names_shown];
    s.most = limit;
    if (res == OK)
        res = find_messages(&s);
    if (res != OK)
        return res;
    if (!s.over)
        *ret_next = cursor_write(w->arena, SEARCH_KEY + (int64_t)s.names_shown, s.below_id);
    *ret_count = s.count;
    return answering_of(w, s.list, s.count);
}
