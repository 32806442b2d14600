/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * call: one call of the system: sent, written down, its answer searched for markers of others.
 *
 * What has a key is asked again under the same key until it is answered. A line that breaks is
 * played in two ways: the player hangs up as soon as the answer begins to arrive (the system has
 * done its work), or at a moment that knows nothing of what the system is doing.
 */
#include "chaos/internal.h"

#include "base/civil.h"

#include <math.h>
#include <string.h>

enum {
    CALL_MS = 20000,
    CONNECT_MS = 3000,
    LOST_WITHIN_MS = 40,
    SLOW_DOWN_MAX_S = 30,
    BUSY_MS = 300, /* it said that it cannot: patience */
    URL_TEXT = 700,
    MARK_HEX = 12,
};

/* ---- small things ---- */

int64_t json_id(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);
    int64_t n = 0;
    if (json_is_integer(v))
        return json_integer_value(v);
    return json_is_string(v) && str_int(str_of(json_string_value(v)), &n) ? n : 0;
}

int64_t json_instant(const json_t *object, const char *name)
{
    int64_t s = 0;
    return instant_parse(str_of(json_text(object, name)), &s) ? s : 0;
}

const char *json_text(const json_t *object, const char *name)
{
    const char *s = json_string_value(json_object_get(object, name));
    return s ? s : "";
}

void add_json_text(struct buf *out, const char *text)
{
    json_t *s = json_string(text);
    char *quoted = s ? json_dumps(s, JSON_ENCODE_ANY) : NULL;
    buf_z(out, quoted ? quoted : "\"\"");
    free(quoted);
    json_decref(s);
}

uint32_t next_key(struct play *p)
{
    return atomic_fetch_add(&p->last_key, 1) + 1;
}

void told_done(struct told *t)
{
    json_decref(t->json);
    t->json = NULL;
}

/* ---- the handles ---- */

static size_t on_body(char *data, size_t size, size_t count, void *into)
{
    (void)size;
    struct buf *b = into;
    buf_add(b, data, count);
    return b->overflow ? 0 : count;
}

/* A loopback has addresses enough: the system takes so many connections of one. */
static void spread(const struct player *c, CURL *easy)
{
    enum { OF_ONE_ADDRESS = 40 };
    char from[32];
    if (strncmp(c->play->options.url, "http://127.0.0.1", 16) != 0)
        return;
    snprintf(from, sizeof from, "host!127.0.0.%d", 1 + c->index / OF_ONE_ADDRESS);
    curl_easy_setopt(easy, CURLOPT_INTERFACE, from);
}

static CURL *handle(const struct player *c, struct buf *into)
{
    CURL *easy = curl_easy_init();
    if (!easy)
        return NULL;
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, into);
    spread(c, easy);
    return easy;
}

bool player_init(struct player *c, struct play *play, int index, struct salon *salon, bool office,
                 const char *mark)
{
    *c = (struct player){
        .play = play, .index = index, .salon = salon, .office = office, .mark = mark};
    buf_init(&c->answer, ANSWER_MAX);
    buf_init(&c->twin_answer, ANSWER_MAX);
    dice_init(&c->dice, play->options.seed, (uint64_t)index);
    c->easy = handle(c, &c->answer);
    c->twin = handle(c, &c->twin_answer);
    c->multi = curl_multi_init();
    return c->easy && c->twin && c->multi;
}

void player_done(struct player *c)
{
    if (c->easy)
        curl_easy_cleanup(c->easy);
    if (c->twin)
        curl_easy_cleanup(c->twin);
    if (c->multi)
        curl_multi_cleanup(c->multi);
    buf_done(&c->answer);
    buf_done(&c->twin_answer);
    *c = (struct player){0};
}

/* ---- one call ---- */

struct sending {
    struct curl_slist *headers;
    char url[URL_TEXT];
    bool heard; /* the answer began to arrive */
    bool hang_up;
};

/* Hanging up here, the system has answered and nobody reads it. */
static size_t on_header(char *data, size_t size, size_t count, void *self)
{
    (void)data, (void)size;
    struct sending *s = self;
    s->heard = true;
    return s->hang_up ? 0 : count;
}

static void header(struct sending *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void header(struct sending *s, const char *fmt, ...)
{
    char line[COOKIE_TEXT + 100];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    struct curl_slist *longer = curl_slist_append(s->headers, line);
    if (longer)
        s->headers = longer;
}

static void prepare(struct player *c, const struct ask *ask, CURL *easy, struct sending *s)
{
    const struct play *p = c->play;
    bool outside = strcmp(ask->path, "/readyz") == 0;
    size_t base = strlen(p->options.url);
    while (base > 0 && p->options.url[base - 1] == '/')
        base--;
    snprintf(s->url, sizeof s->url, "%.*s%s%s", (int)base, p->options.url, outside ? "" : "/api/v1",
             ask->path);
    header(s, "Expect:");
    header(s, "X-Forwarded-For: 198.51.%d.%d", 100 + c->index / 250, 1 + c->index % 250);
    if (ask->body)
        header(s, "Content-Type: application/json");
    if (ask->key)
        header(s, "Idempotency-Key: chaos-%s-%u", p->run, ask->key);
    if (ask->if_match)
        header(s, "If-Match: \"%lld\"", (long long)ask->if_match);
    if (ask->as_owner)
        header(s, "Cookie: %s", c->salon->cookie);
    curl_easy_setopt(easy, CURLOPT_URL, s->url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, s->headers);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, s);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)CALL_MS);
    bool get = strcmp(ask->method, "GET") == 0;
    /* On a connection that was used before, libcurl sends again by itself what met silence, and
       nobody would know that it was asked twice. */
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, get ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, get ? 0L : 1L);
    if (get) {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, NULL);
        return;
    }
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, ask->method);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, ask->body ? ask->body : "");
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, ask->body ? (long)strlen(ask->body) : 0L);
}

/* Each mark bears its number, so that the one it must be is found at once. */
static void search(struct player *c, struct str text, const char *where)
{
    struct play *p = c->play;
    const char *end = text.ptr + text.len;
    for (const char *at = text.ptr; at && end - at >= MARK_HEX + 2;) {
        at = memmem(at, (size_t)(end - at), "zq", 2);
        if (!at || end - at < MARK_HEX + 2)
            break;
        char number[5] = {at[2], at[3], at[4], at[5], 0};
        char *rest = NULL;
        unsigned long i = strtoul(number, &rest, 16);
        if (*rest == '\0' && i < p->mark_count && memcmp(at, p->marks[i], MARK_HEX + 2) == 0) {
            bool of_salon = p->mark_salon[i] == c->salon->which;
            bool mine = (c->mark && strcmp(c->mark, p->marks[i]) == 0) ||
                        strcmp(c->salon->mark, p->marks[i]) == 0;
            if (!(c->office ? of_salon : mine))
                day_leak(&p->day,
                         &(struct day_leak){.at = play_now(p),
                                            .whose = str_of(p->marks[i]),
                                            .shown_to = str_of(c->mark ? c->mark : c->salon->mark),
                                            .where = str_of(where)});
        }
        at += 2;
    }
    pthread_mutex_lock(&p->day.lock);
    p->day.answers_searched++;
    pthread_mutex_unlock(&p->day.lock);
}

static void read_answer(const struct buf *answer, struct told *t)
{
    t->json = json_loadb(answer->ptr ? answer->ptr : "", answer->len, 0, NULL);
    if (!json_is_object(t->json))
        return;
    snprintf(t->code, sizeof t->code, "%s", json_text(t->json, "code"));
    const json_t *b = json_object_get(t->json, "booking");
    if (!b && json_object_get(t->json, "service_ids") && json_object_get(t->json, "status"))
        b = t->json;
    if (t->status >= 300 || !json_is_object(b))
        return;
    t->booking = json_id(b, "id");
    t->version = json_id(b, "version");
    t->start_s = json_instant(b, "start");
    t->end_s = json_instant(b, "end");
    t->staff = json_id(b, "staff_id");
    snprintf(t->state, sizeof t->state, "%s", json_text(b, "status"));
}

static void write_down(struct player *c, const struct ask *ask, const struct told *t,
                       const struct buf *answer, int64_t began)
{
    struct play *p = c->play;
    /* The other business is there for what must not be seen, and is not judged. */
    if (ask->unseen || !t->sent || c->salon->which != 0)
        return;
    bool acknowledged = t->status >= 200 && t->status < 300;
    struct day_op op = {
        .began = began,
        .ended = play_now(p),
        .verb = ask->verb,
        .outcome = acknowledged                          ? DAY_ACKNOWLEDGED
                   : t->status >= 400 && t->status < 500 ? DAY_REFUSED
                                                         : DAY_UNKNOWN,
        .client = c->index,
        .status = t->status,
        .booking = t->booking ? t->booking : ask->booking,
        .version = t->version,
        .start_s = ask->start_s,
        .staff = t->staff ? t->staff : ask->staff,
        .key = ask->key,
        .rush = ask->rush,
        .code = t->code[0] ? str_of(t->code) : (struct str){0},
        .meant_lost = ask->lose && t->status == 0,
    };
    if (acknowledged && ask->key)
        op.answer = hash_bytes(answer->ptr, answer->len) ^ (uint64_t)t->status;
    day_op(&p->day, &op);
    if (acknowledged)
        atomic_fetch_add(&p->answered, 1);
    if (op.meant_lost)
        tell_fault(p, DAY_LOST_ANSWER, NULL);
}

static void settle(struct player *c, const struct ask *ask, CURL *easy, CURLcode code,
                   struct sending *s, struct buf *answer, int64_t began, struct told *ret)
{
    long status = 0, bytes_sent = 0;
    curl_off_t after = 0;
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes_sent);
    *ret = (struct told){.sent = code == CURLE_OK || bytes_sent > 0};
    if (code == CURLE_OK) {
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &after);
        ret->status = (int)status;
        ret->retry_after_s = (int)(after < SLOW_DOWN_MAX_S ? after : SLOW_DOWN_MAX_S);
        read_answer(answer, ret);
        if (answer->len > 0)
            search(c, buf_view(answer), ask->path);
    }
    curl_slist_free_all(s->headers);
    s->headers = NULL;
    write_down(c, ask, ret, answer, began);
}

void call(struct player *c, const struct ask *ask, struct told *ret)
{
    struct sending s = {0};
    buf_reset(&c->answer);
    prepare(c, ask, c->easy, &s);
    if (ask->lose && dice_percent(&c->dice, 50))
        s.hang_up = true;
    else if (ask->lose)
        curl_easy_setopt(c->easy, CURLOPT_TIMEOUT_MS, (long)(1 + dice(&c->dice, LOST_WITHIN_MS)));
    int64_t began = play_now(c->play);
    CURLcode code = curl_easy_perform(c->easy);
    settle(c, ask, c->easy, code, &s, &c->answer, began, ret);
}

void call_twice(struct player *c, const struct ask *ask, struct told *ret, struct told *ret_twin)
{
    struct sending one = {0}, two = {0};
    CURLcode codes[2] = {CURLE_SEND_ERROR, CURLE_SEND_ERROR};
    buf_reset(&c->answer);
    buf_reset(&c->twin_answer);
    prepare(c, ask, c->easy, &one);
    prepare(c, ask, c->twin, &two);
    curl_multi_add_handle(c->multi, c->easy);
    curl_multi_add_handle(c->multi, c->twin);
    int64_t began = play_now(c->play);
    int running = 2;
    while (running > 0 && curl_multi_perform(c->multi, &running) == CURLM_OK) {
        int left;
        for (CURLMsg *m; (m = curl_multi_info_read(c->multi, &left));)
            if (m->msg == CURLMSG_DONE)
                codes[m->easy_handle == c->twin] = m->data.result;
        if (running > 0)
            curl_multi_poll(c->multi, NULL, 0, 1000, NULL);
    }
    curl_multi_remove_handle(c->multi, c->easy);
    curl_multi_remove_handle(c->multi, c->twin);
    settle(c, ask, c->easy, codes[0], &one, &c->answer, began, ret);
    settle(c, ask, c->twin, codes[1], &two, &c->twin_answer, began, ret_twin);
    if (ret->sent && ret_twin->sent)
        tell_fault(c->play, DAY_DOUBLE_TAP, NULL);
}

void wait_up(struct play *p, struct dice *d)
{
    enum { MOMENT_MS = 50 };
    struct nemesis *n = &p->nemesis;
    if (p->options.start && !atomic_load(&n->up)) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += MOMENT_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_mutex_lock(&n->lock);
        if (!atomic_load(&n->up))
            pthread_cond_timedwait(&n->changed, &n->lock, &until);
        pthread_mutex_unlock(&n->lock);
        return;
    }
    nap_ms(5 + dice(d, MOMENT_MS));
}

bool call_until(struct player *c, const struct ask *ask, struct told *ret)
{
    struct ask again = *ask;
    int64_t until = play_now(c->play) + RETRY_FOR_MS;
    for (;;) {
        call(c, &again, ret);
        if (ret->status >= 200 && ret->status < 500 && ret->status != 429)
            return true;
        if (play_now(c->play) > until)
            return false;
        again.lose = again.lose && !ret->sent; /* the line breaks once */
        if (ret->status == 429) {
            atomic_fetch_add(&c->play->limited, 1);
            nap_ms(1000 * (int64_t)(ret->retry_after_s > 0 ? ret->retry_after_s : 1));
        }
        if (ret->status >= 500)
            nap_ms(dice(&c->dice, BUSY_MS));
        told_done(ret);
        wait_up(c->play, &c->dice);
    }
}

json_t *fetch(struct player *c, const char *path, bool as_owner)
{
    struct told t;
    struct ask ask = {
        .verb = DAY_READ, .method = "GET", .path = path, .as_owner = as_owner, .unseen = true};
    if (call_until(c, &ask, &t) && t.status == 200)
        return t.json;
    told_done(&t);
    return NULL;
}
