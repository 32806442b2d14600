/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* doubt: see doubt.h. */
#include "inbox/doubt.h"

#include "base/app.h"
#include "base/seal.h"
#include "http/limit.h"
#include "inbox/internal.h"

#include <string.h>

/* Of the one limiter, in which the rate classes and the account's rules are numbered below. */
enum { LIMIT_ADDRESS = RATE__MAX + 50, LIMIT_BUSINESS, LIMIT_WORDS };
static const struct limit_rule address_rule = {.burst = 10, .refill_ms = 600000};
static const struct limit_rule business_rule = {.burst = 60, .refill_ms = 60000};
static const struct limit_rule words_rule = {.burst = 10, .refill_ms = 3600000};

static bool is_over(const struct app *app, int rule_id, struct limit_rule rule, struct str key)
{
    return app->limiter && limiter_take(app->limiter, rule_id, rule, key, false) > 0;
}

void visitor_count(const struct request *rq, const struct app *app, struct str slug,
                   struct visitor *v)
{
    struct arena *a = rq->arena;
    char mark[LIMITER_MARK_TEXT];
    struct str at = str_of(rq->client);
    /* Its mark, so that the addresses of one household count as one here as well. */
    if (app->limiter && limiter_mark(app->limiter, at, mark))
        at = str_of(mark);
    v->many_from_address = is_over(app, LIMIT_ADDRESS, address_rule,
                                   str_printf(a, STR_FMT " " STR_FMT, STR_ARG(slug), STR_ARG(at)));
    v->many_to_business = is_over(app, LIMIT_BUSINESS, business_rule, slug);
    v->same_words =
        is_over(app, LIMIT_WORDS, words_rule,
                str_printf(a, STR_FMT " " STR_FMT, STR_ARG(slug), STR_ARG(str_trim(v->text))));
}

/* ---- the moment ---- */

static const char PURPOSE[] = "contact page";

struct str visitor_token(struct work *w)
{
    return seal_close(w->app->seal, w->arena,
                      str_printf(w->arena, "%s %lld %lld", PURPOSE,
                                 (long long)w->actor.workspace_id, (long long)w->now_s));
}

/* A token that we have not given out says as little as one from yesterday. */
static enum inbox_doubt doubt_of_moment(struct work *w, struct str token)
{
    struct str text,
        mine = str_printf(w->arena, "%s %lld ", PURPOSE, (long long)w->actor.workspace_id);
    int64_t opened_s;
    if (token.len == 0)
        return DOUBT_NONE;
    if (!seal_open(w->app->seal, w->arena, token, &text) || !str_starts(text, mine) ||
        !str_int((struct str){text.ptr + mine.len, text.len - mine.len}, &opened_s) ||
        w->now_s - opened_s > DOUBT_MOST_S)
        return DOUBT_STALE;
    return w->now_s - opened_s < DOUBT_LEAST_S ? DOUBT_TOO_FAST : DOUBT_NONE;
}

/* ---- the words ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static bool holds(struct str word, struct str part)
{
    for (size_t i = 0; i + part.len <= word.len; i++)
        if (memcmp(word.ptr + i, part.ptr, part.len) == 0)
            return true;
    return false;
}

/* Fewer than three words to each link: nobody asks for an appointment like that. */
bool doubt_links(struct str text)
{
    size_t links = 0, words = 0;
    for (size_t i = 0; i < text.len;) {
        while (i < text.len && is_blank(text.ptr[i]))
            i++;
        size_t from = i;
        while (i < text.len && !is_blank(text.ptr[i]))
            i++;
        struct str word = {text.ptr + from, i - from};
        if (holds(word, STR("://")) || str_starts(word, STR("www.")))
            links++;
        else if (word.len)
            words++;
    }
    return links > 0 && words < 3 * links;
}

/* Whether this client has sent it already, with nobody having answered since. */
static enum result is_repeated(struct work *w, int64_t client_id, struct str text, bool *ret)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT m.direction, m.body, m.created_s FROM conversation c"
                 " JOIN conversation_message m ON m.workspace_id = c.workspace_id"
                 "  AND m.conversation_id = c.id"
                 " WHERE c.workspace_id = $1 AND c.client_id = $2 ORDER BY m.id DESC LIMIT 10",
                 db_i(w->actor.workspace_id), db_i(client_id));
    *ret = false;
    for (size_t i = 0; res == OK && i < r.count && !*ret; i++) {
        if (str_is(db_str(&r, i, 0), "out") || db_int(&r, i, 2) < w->now_s - DOUBT_AGAIN_S)
            break;
        *ret = str_is(db_str(&r, i, 0), "in") && str_eq(str_trim(db_str(&r, i, 1)), str_trim(text));
    }
    return res;
}

/* ---- the verdict ---- */

enum inbox_doubt visitor_doubt_of_page(struct work *w, const struct visitor *v)
{
    return v->website.len > 0 ? DOUBT_HONEYPOT : doubt_of_moment(w, v->opened_at_token);
}

static enum result is_stranger(struct work *w, int64_t client_id, bool *ret)
{
    struct db_rows r;
    enum result res = db_one(
        w->tx, &r,
        "SELECT 1 FROM conversation WHERE workspace_id = $1 AND client_id = $2 AND unwelcomed = 1",
        db_i(w->actor.workspace_id), db_i(client_id));
    *ret = res == OK;
    return res == NOT_FOUND ? OK : res;
}

enum result visitor_doubt(struct work *w, const struct visitor *v, int64_t client_id, bool created,
                          enum inbox_doubt *ret)
{
    enum inbox_doubt doubt = visitor_doubt_of_page(w, v);
    bool stranger = created, again = false;
    enum result res = created ? OK : is_stranger(w, client_id, &stranger);
    if (res == OK && !created)
        res = is_repeated(w, client_id, v->text, &again);
    if (res != OK)
        return res;
    if (doubt == DOUBT_NONE && v->many_from_address)
        doubt = DOUBT_TOO_MANY;
    if (doubt == DOUBT_NONE && (again || (stranger && v->same_words)))
        doubt = DOUBT_REPEATED;
    if (doubt == DOUBT_NONE && stranger && doubt_links(v->text))
        doubt = DOUBT_LINKS;
    if (doubt == DOUBT_NONE && stranger && v->many_to_business)
        doubt = DOUBT_TOO_MANY;
    *ret = doubt;
    return OK;
}
