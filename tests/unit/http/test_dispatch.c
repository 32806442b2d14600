/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The dispatcher with a database, on both engines: who may call, what is rolled back, and that a
 * key has one effect and one answer. */
#include "../db/fixture.h"
#include "exchanges.h"

#include "http/idempotency.h"

#include <stdatomic.h>

enum { DAY_S = 24 * 3600, CLIENTS = 32 };

struct note_in {
    struct str text;
};
static const struct field note_fields[] = {
    FIELD_STR(struct note_in, text, 1, 40, .required = true)};
static const struct shape note_shape = SHAPE("Note", struct note_in, note_fields);

struct note_out {
    struct opt_int id, count;
    struct str text;
};
static const struct field note_out_fields[] = {
    FIELD_ID(struct note_out, id),
    FIELD_INT(struct note_out, count, 0, 0),
    FIELD_STR(struct note_out, text, 0, 0),
};
static const struct shape note_out_shape = SHAPE("NoteOut", struct note_out, note_out_fields);

static enum result add(struct work *w, struct str text)
{
    return db_exec(w->tx, "INSERT INTO note (id, body) VALUES ($1, $2)", db_i(env_id(w->env)),
                   db_s(text));
}

static enum result create(struct request *rq, struct work *w)
{
    const struct note_in *in = rq->in;
    struct db_rows rows;
    enum result result = add(w, in->text);
    if (result == OK)
        result = db_one(w->tx, &rows, "SELECT COUNT(*) FROM note");
    if (result != OK)
        return result;
    struct note_out out = {some_int(env_id(w->env)), some_int(db_int(&rows, 0, 0)), in->text};
    answer_etag(rq, 1);
    answer_header(rq, "Location", STR("/notes/1"));
    answer_header(rq, "Set-Cookie", STR("secret=1"));
    answer_json(rq, 201, &note_out_shape, &out, w->actor.permissions);
    return OK;
}

static enum result create_and_refuse(struct request *rq, struct work *w)
{
    const struct note_in *in = rq->in;
    enum result result = add(w, in->text);
    answer_header(rq, "X-Half", STR("done"));
    answer_json(rq, 201, &note_shape, in, 0);
    return result != OK ? result
                        : problem_set(w->problem, CONFLICT, "invalid_transition", "Not now.");
}

static enum result create_and_redirect(struct request *rq, struct work *w)
{
    const struct note_in *in = rq->in;
    answer_empty(rq, 303);
    return add(w, in->text);
}

static enum result break_rule(struct request *rq, struct work *w)
{
    const struct note_in *in = rq->in;
    int64_t changed;
    return db_count(w->tx, &changed, "INSERT INTO ruled (id, kind) VALUES ($1, $2)",
                    db_i(env_id(w->env)), db_s(in->text));
}

static enum result say_actor(struct request *rq, struct work *w)
{
    answer_text(rq, 200, "text/plain",
                str_printf(rq->arena, "%d %lld", (int)w->actor.kind, (long long)w->actor.user_id));
    return OK;
}

static enum result say_reach(struct request *rq, struct work *w)
{
    answer_text(rq, 200, "text/plain", w->sees_all ? STR("all") : STR("own"));
    return OK;
}

#define ROUTE(p, h) .path = (p), .handler = (h), .tag = "t", .summary = "s"
#define KEYED \
    .method = HTTP_POST_, .mode = MODE_WRITE, .body = &note_shape, .status = 201, .idempotent = true

static const struct route routes[] = {
    {ROUTE("/api/v1/notes", create), KEYED, .who = WHO_STAFF},
    {ROUTE("/api/v1/public/{slug}/notes", create), KEYED, .who = WHO_ANYONE},
    {ROUTE("/api/v1/refused", create_and_refuse), KEYED, .who = WHO_STAFF},
    {ROUTE("/api/v1/redirected", create_and_redirect), KEYED, .who = WHO_STAFF},
    {ROUTE("/api/v1/ruled", break_rule), KEYED, .who = WHO_ANYONE},
    {ROUTE("/api/v1/owner", say_actor), .method = HTTP_POST_, .mode = MODE_WRITE,
     .body = &note_shape, .status = 200, .who = WHO_OWNER},
    {ROUTE("/api/v1/stock", say_actor), .method = HTTP_POST_, .mode = MODE_WRITE,
     .body = &note_shape, .status = 200, .who = WHO_OWNER, .permissions = PERM_INVENTORY},
    {ROUTE("/api/v1/staff", say_actor), .method = HTTP_GET_, .mode = MODE_READ, .status = 200,
     .who = WHO_STAFF},
    {ROUTE("/api/v1/me", say_actor), .method = HTTP_GET_, .mode = MODE_READ, .status = 200,
     .who = WHO_SIGNED_IN},
    {ROUTE("/api/v1/me-free", say_actor), .method = HTTP_GET_, .mode = MODE_FREE, .status = 200,
     .who = WHO_SIGNED_IN},
    {ROUTE("/api/v1/visits", say_reach), .method = HTTP_GET_, .mode = MODE_READ, .status = 200,
     .who = WHO_STAFF, .all_with = PERM_BOOKINGS},
    {ROUTE("/api/v1/visits", say_reach), .method = HTTP_POST_, .mode = MODE_WRITE, .status = 200,
     .who = WHO_STAFF, .all_with = PERM_BOOKINGS},
    {ROUTE("/api/v1/members", say_reach), .method = HTTP_GET_, .mode = MODE_READ, .status = 200,
     .who = WHO_STAFF, .all_with = RIGHT_OWNER},
    {ROUTE("/api/v1/accounts", say_reach), .method = HTTP_GET_, .mode = MODE_READ, .status = 200,
     .who = WHO_OWNER, .no_token = true},
    {ROUTE("/api/v1/seen", say_reach), .method = HTTP_GET_, .mode = MODE_READ, .status = 200,
     .who = WHO_ANYONE},
    {ROUTE("/api/v1/open", say_actor), .method = HTTP_GET_, .mode = MODE_READ, .status = 200,
     .who = WHO_ANYONE},
};

/* The token is the caller: "owner-7", "staff-8", "stock-9" (with the inventory permission),
 * "lonely-4" (a member of nothing); anything else is nobody. */
static enum result identify(void *self, struct request *rq, struct work *w)
{
    (void)self;
    struct str token = request_cookie(rq, SESSION_COOKIE);
    bool bearer = request_bearer(rq).ptr;
    if (bearer)
        token = request_bearer(rq);
    static const struct {
        struct str prefix;
        struct actor actor;
    } known[] = {
        {{"owner-", 6},
         {.kind = ACTOR_OWNER, .workspace_id = 1, .permissions = PERM_ALL | RIGHT_OWNER}},
        {{"diary-", 6}, {.kind = ACTOR_STAFF, .workspace_id = 1, .permissions = PERM_BOOKINGS}},
        {{"staff-", 6}, {.kind = ACTOR_STAFF, .workspace_id = 1}},
        {{"stock-", 6}, {.kind = ACTOR_STAFF, .workspace_id = 1, .permissions = PERM_INVENTORY}},
        {{"lonely-", 7}, {.kind = ACTOR_STAFF}},
    };
    for (size_t i = 0; i < count_of(known); i++)
        if (token.ptr && str_starts(token, known[i].prefix)) {
            w->actor = known[i].actor;
            w->actor.user_id = token.ptr[token.len - 1] - '0';
            w->actor.token_id = bearer;
            w->actor.session_id = !bearer;
        }
    return OK;
}

static atomic_int seen; /* how often a caller was noted as having been here */

static void note_seen(void *self, const struct app *app, const struct actor *actor)
{
    (void)self;
    (void)app;
    atomic_fetch_add(&seen, actor->user_id != 0);
}

/* ---- ground ---- */

struct ground_with_routes {
    struct fixture *f;
    struct env env;
    int64_t now_ms;
    struct exchanges x;
};

static int64_t now_ms(void *self)
{
    return *(int64_t *)self;
}

static int64_t mono_ms(void *self)
{
    return *(int64_t *)self;
}

static void set_up(struct ground_with_routes *g, struct fixture *f)
{
    static const struct route_table table = {routes, count_of(routes)};
    *g = (struct ground_with_routes){.f = f, .env = f->env, .now_ms = INT64_C(1795341600000)};
    g->env.self = &g->now_ms;
    g->env.now_ms = now_ms;
    g->env.mono_ms = mono_ms;
    run_sql(f, "CREATE TABLE note (id BIGINT PRIMARY KEY, body TEXT NOT NULL)");
    run_sql(f, "CREATE TABLE ruled (id BIGINT PRIMARY KEY, kind TEXT NOT NULL,"
               " CONSTRAINT hold_no_overlap CHECK (kind <> 'hold'),"
               " CONSTRAINT item_stock_check CHECK (kind <> 'stock'),"
               " CONSTRAINT other_rule CHECK (kind <> 'other'))");
    run_sql(f, "CREATE TABLE idempotency (workspace_id BIGINT NOT NULL, scope TEXT NOT NULL,"
               " key TEXT NOT NULL, body_hash TEXT NOT NULL, status BIGINT NOT NULL,"
               " headers TEXT NOT NULL, body TEXT NOT NULL, created_s BIGINT NOT NULL,"
               " PRIMARY KEY (workspace_id, scope, key))");
    struct dispatcher *d = dispatcher_new(&(struct dispatcher_config){
        .tables = &table,
        .table_count = 1,
        .db = f->db,
        .env = &g->env,
        .guard = {NULL, identify, note_seen},
        .base_url = "http://salon.example",
    });
    exchanges_init(&g->x, d, &g->env);
}

static void tear_down(struct ground_with_routes *g)
{
    dispatcher_free(g->x.dispatcher);
    exchanges_done(&g->x);
}

#define OWNER     "Cookie: careops_session=owner-1\r\n"
#define STAFF     "Cookie: careops_session=staff-2\r\n"
#define STOCK     "Cookie: careops_session=stock-3\r\n"
#define DIARY     "Cookie: careops_session=diary-6\r\n"
#define BEARER(t) "Authorization: Bearer " t "\r\n"
#define LONELY    "Cookie: careops_session=lonely-4\r\n"
#define UNKNOWN   "Cookie: careops_session=unknown\r\n"
#define KEY(k)    "Idempotency-Key: " k "\r\n"
#define NOTE      "{\"text\":\"a\"}"

/* ---- who ---- */

static void the_caller_is_judged_before_the_body_and_the_body_before_the_work(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    static const struct {
        const char *line, *headers, *body;
        int status;
    } cases[] = {
        {"POST /api/v1/owner", JSON, NOTE, 401},
        {"POST /api/v1/owner", JSON UNKNOWN, NOTE, 401},
        {"POST /api/v1/owner", JSON UNKNOWN, "{}", 401},
        {"POST /api/v1/owner", JSON STAFF, NOTE, 403},
        {"POST /api/v1/owner", JSON STAFF, "{\"wrong\":1}", 403},
        {"POST /api/v1/owner", JSON STAFF, "{", 403},
        {"POST /api/v1/owner", JSON STOCK, NOTE, 403},
        {"POST /api/v1/owner", JSON LONELY, NOTE, 403},
        {"POST /api/v1/owner", JSON OWNER, "{}", 422},
        {"POST /api/v1/owner", JSON OWNER, "{", 400},
        {"POST /api/v1/owner", JSON OWNER, NOTE, 200},
        {"POST /api/v1/stock", JSON STAFF, NOTE, 403},
        {"POST /api/v1/stock", JSON STOCK, NOTE, 200},
        {"POST /api/v1/stock", JSON OWNER, NOTE, 200},
        {"GET /api/v1/staff", LONELY, NULL, 403},
        {"GET /api/v1/staff", STAFF, NULL, 200},
        {"GET /api/v1/staff", OWNER, NULL, 200},
        {"GET /api/v1/staff", UNKNOWN, NULL, 401},
        {"GET /api/v1/staff", "Authorization: Bearer nonsense\r\n", NULL, 401},
        {"GET /api/v1/me", LONELY, NULL, 200},
        {"GET /api/v1/me-free", LONELY, NULL, 200},
        {"GET /api/v1/me-free", UNKNOWN, NULL, 401},
        {"GET /api/v1/open", NULL, NULL, 200},
    };
    for (size_t i = 0; i < count_of(cases); i++)
        if (ask_for(&g.x, cases[i].line, cases[i].headers, cases[i].body) != cases[i].status)
            fail_msg("%s %s: %d", cases[i].line, cases[i].headers, g.x.rq.status);
    ask_for(&g.x, "GET /api/v1/open", OWNER, NULL);
    assert_string_equal(answered(&g.x), "1 1"); /* a public route may know who asks */
    tear_down(&g);
}

static void ownership_is_the_routes_and_the_dispatchers_word(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    static const struct {
        const char *line, *headers;
        int status;
        const char *says;
    } cases[] = {
        {"GET /api/v1/visits", STAFF, 200, "own"},
        {"POST /api/v1/visits", STAFF, 200, "own"},
        {"GET /api/v1/visits", STOCK, 200, "own"},
        {"GET /api/v1/visits", DIARY, 200, "all"},
        {"GET /api/v1/visits", OWNER, 200, "all"},
        {"GET /api/v1/members", DIARY, 200, "own"},
        {"GET /api/v1/members", OWNER, 200, "all"},
        {"GET /api/v1/accounts", OWNER, 200, "all"},
        {"GET /api/v1/seen", OWNER, 200, "own"},
        {"GET /api/v1/visits", BEARER("diary-5"), 200, "all"},
        {"GET /api/v1/visits", "authorization: bearer   diary-5\r\n", 200, "all"},
        {"GET /api/v1/visits", BEARER("stock-5"), 403, "insufficient_scope"},
        {"GET /api/v1/members", BEARER("diary-5"), 403, "insufficient_scope"},
        {"GET /api/v1/members", BEARER("owner-5"), 200, "all"},
        {"GET /api/v1/staff", BEARER("stock-5"), 200, "2 5"},
        {"GET /api/v1/me", BEARER("owner-5"), 403, "insufficient_scope"},
        {"GET /api/v1/accounts", BEARER("owner-5"), 403, "insufficient_scope"},
        {"GET /api/v1/visits", BEARER("unknown"), 401, "invalid_token"},
        {"GET /api/v1/visits", BEARER(""), 401, "not_signed_in"},
        {"GET /api/v1/visits", "Authorization: Basic b3duZXItMQ==\r\n", 401, "not_signed_in"},
        {"GET /api/v1/visits", OWNER "Authorization: Basic b3duZXItMQ==\r\n", 200, "all"},
        {"GET /api/v1/visits", OWNER BEARER("diary-5"), 400, "two_credentials"},
        {"GET /api/v1/seen", OWNER BEARER("diary-5"), 200, "own"},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        int status = ask_for(&g.x, cases[i].line, cases[i].headers, NULL);
        if (status != cases[i].status || !strstr(answered(&g.x), cases[i].says))
            fail_msg("%s %s: %d %s", cases[i].line, cases[i].headers, status, answered(&g.x));
    }
    tear_down(&g);
}

static void only_who_got_an_answer_was_here(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    seen = 0;
    ask_for(&g.x, "GET /api/v1/visits", STAFF, NULL);
    assert_int_equal(seen, 1);
    ask_for(&g.x, "POST /api/v1/owner", JSON STAFF, NOTE);
    ask_for(&g.x, "POST /api/v1/refused", JSON OWNER, NOTE);
    ask_for(&g.x, "GET /api/v1/open", NULL, NULL);
    assert_int_equal(seen, 1);
    tear_down(&g);
}

/* ---- what is left behind ---- */

static void a_refusal_leaves_nothing_behind(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    assert_int_equal(ask_for(&g.x, "POST /api/v1/refused", JSON OWNER KEY("k"), NOTE), 409);
    assert_true(says(&g.x, "invalid_transition"));
    assert_null(answered_header(&g.x, "X-Half").ptr);
    assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM note"), 0);
    assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM idempotency"), 0);
    tear_down(&g);
}

static void what_the_database_refuses_has_its_own_code(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    static const char *const cases[][2] = {
        {"hold", "slot_taken"}, {"stock", "out_of_stock"}, {"other", "already_exists"}};
    for (size_t i = 0; i < count_of(cases); i++) {
        char body[64];
        snprintf(body, sizeof body, "{\"text\":\"%s\"}", cases[i][0]);
        assert_int_equal(ask_for(&g.x, "POST /api/v1/ruled", JSON, body), 409);
        if (!says(&g.x, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], answered(&g.x));
    }
    tear_down(&g);
}

/* ---- keys ---- */

static void the_same_key_and_body_replay_the_first_answer(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    assert_int_equal(ask_for(&g.x, "POST /api/v1/notes", JSON OWNER KEY("k"), NOTE), 201);
    assert_null(answered_header(&g.x, "Idempotent-Replayed").ptr);
    char *first = strdup(answered(&g.x));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ask_for(&g.x, "POST /api/v1/notes", JSON OWNER KEY("k"), NOTE), 201);
        assert_string_equal(answered(&g.x), first);
        assert_true(str_is(answered_header(&g.x, "Idempotent-Replayed"), "true"));
        assert_true(str_is(answered_header(&g.x, "ETag"), "\"1\""));
        assert_true(str_is(answered_header(&g.x, "Location"), "/notes/1"));
        assert_true(
            str_is(answered_header(&g.x, "Content-Type"), "application/json; charset=utf-8"));
        assert_null(answered_header(&g.x, "Set-Cookie").ptr);
    }
    assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM note"), 1);
    free(first);
    tear_down(&g);
}

static void a_key_belongs_to_its_caller_route_and_body(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    assert_int_equal(ask_for(&g.x, "POST /api/v1/notes", JSON OWNER KEY("k"), NOTE), 201);
    assert_int_equal(ask_for(&g.x, "POST /api/v1/notes", JSON OWNER KEY("k"), "{\"text\":\"b\"}"),
                     422);
    assert_true(says(&g.x, "idempotency_key_reused"));
    static const char *const others[][2] = {
        {"POST /api/v1/notes", JSON OWNER KEY("l")},
        {"POST /api/v1/notes", JSON STAFF KEY("k")},
        {"POST /api/v1/public/a/notes", JSON KEY("k")},
        {"POST /api/v1/public/b/notes", JSON KEY("k")},
        {"POST /api/v1/notes", JSON OWNER},
        {"POST /api/v1/notes", JSON OWNER},
    };
    for (size_t i = 0; i < count_of(others); i++) {
        assert_int_equal(ask_for(&g.x, others[i][0], others[i][1], NOTE), 201);
        assert_null(answered_header(&g.x, "Idempotent-Replayed").ptr);
    }
    assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM note"), 1 + (int)count_of(others));
    /* On a public route a cookie makes no other caller: sign-up answers with one. */
    assert_int_equal(ask_for(&g.x, "POST /api/v1/public/a/notes", JSON OWNER KEY("k"), NOTE), 201);
    assert_non_null(answered_header(&g.x, "Idempotent-Replayed").ptr);
    assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM idempotency WHERE scope LIKE '%public%'"),
                     0);
    tear_down(&g);
}

static void only_a_success_is_remembered(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    assert_int_equal(ask_for(&g.x, "POST /api/v1/notes", JSON OWNER KEY("k"), "{}"), 422);
    assert_int_equal(ask_for(&g.x, "POST /api/v1/notes", JSON OWNER KEY("k"), NOTE), 201);
    for (int i = 1; i <= 2; i++) {
        assert_int_equal(ask_for(&g.x, "POST /api/v1/redirected", JSON OWNER KEY("r"), NOTE), 303);
        assert_null(answered_header(&g.x, "Idempotent-Replayed").ptr);
        assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM note"), 1 + i);
    }
    tear_down(&g);
}

static void a_key_counts_for_24_hours_and_is_swept_after(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    assert_int_equal(ask_for(&g.x, "POST /api/v1/notes", JSON OWNER KEY("k"), NOTE), 201);
    g.now_ms += (int64_t)(DAY_S - 1) * 1000;
    assert_int_equal(ask_for(&g.x, "POST /api/v1/notes", JSON OWNER KEY("k"), NOTE), 201);
    assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM note"), 1);
    g.now_ms += 1000;
    assert_int_equal(ask_for(&g.x, "POST /api/v1/notes", JSON OWNER KEY("k"), "{\"text\":\"b\"}"),
                     201);
    assert_null(answered_header(&g.x, "Idempotent-Replayed").ptr);
    assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM note"), 2);
    assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM idempotency"), 1);
    tear_down(&g);
}

struct sweep {
    int64_t now_s, removed;
};

static enum result sweep(struct db_tx *tx, void *arg)
{
    struct sweep *s = arg;
    struct work w = {.tx = tx, .arena = db_arena(tx), .now_s = s->now_s};
    look_at_all(tx);
    return idempotency_sweep(&w, &s->removed);
}

static enum result fill_old(struct db_tx *tx, void *arg)
{
    (void)arg;
    enum result result = OK;
    db_tenant(tx, 1);
    for (int i = 0; result == OK && i < IDEMPOTENCY_SWEEP_ROWS + 10; i++)
        result = db_exec(tx, "INSERT INTO idempotency VALUES (1, 's', $1, 'h', 201, '', '', $2)",
                         db_s(str_printf(db_arena(tx), "%d", i)), db_i(i < 5 ? 2000000 : 1000000));
    return result;
}

static void the_sweep_takes_what_is_old_in_bounded_batches(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    assert_int_equal(transact(g.f, fill_old, NULL), OK);
    struct sweep s = {.now_s = 1000000 + DAY_S};
    assert_int_equal(transact(g.f, sweep, &s), OK);
    assert_int_equal(s.removed, IDEMPOTENCY_SWEEP_ROWS);
    assert_int_equal(transact(g.f, sweep, &s), OK);
    assert_int_equal(s.removed, 5);
    assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM idempotency"), 5);
    tear_down(&g);
}

static void a_key_that_is_none_is_refused(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    char headers[400], key[300];
    memset(key, 'k', sizeof key);
    for (int length = 255; length <= 256; length++) {
        snprintf(headers, sizeof headers, JSON OWNER "Idempotency-Key: %.*s\r\n", length, key);
        int status = ask_for(&g.x, "POST /api/v1/notes", headers, NOTE);
        assert_int_equal(status, length == 255 ? 201 : 400);
    }
    static const char *const wrong[] = {JSON OWNER KEY(""), JSON OWNER KEY("a b"),
                                        JSON OWNER KEY("a\tb"), JSON OWNER KEY("\xc3\xa4"),
                                        JSON OWNER KEY("a") KEY("a")};
    for (size_t i = 0; i < count_of(wrong); i++) {
        assert_int_equal(ask_for(&g.x, "POST /api/v1/notes", wrong[i], NOTE), 400);
        assert_true(says(&g.x, "invalid_idempotency_key"));
    }
    assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM note"), 1);
    tear_down(&g);
}

struct crowd {
    struct ground_with_routes *g;
    pthread_mutex_t lock;
    int created, replayed;
    char *text;
    bool differs;
};

static void *one_of_many(void *arg)
{
    struct crowd *c = arg;
    struct exchanges x;
    exchanges_init(&x, c->g->x.dispatcher, &c->g->env);
    int status = ask_for(&x, "POST /api/v1/notes", JSON OWNER KEY("same"), NOTE);
    bool replayed = answered_header(&x, "Idempotent-Replayed").ptr != NULL;
    const char *text = answered(&x);
    pthread_mutex_lock(&c->lock);
    c->created += status == 201 && !replayed;
    c->replayed += status == 201 && replayed;
    if (!c->text)
        c->text = strdup(text);
    c->differs |= strcmp(c->text, text) != 0;
    pthread_mutex_unlock(&c->lock);
    exchanges_done(&x);
    return NULL;
}

static void of_32_equal_keys_at_once_one_runs_and_all_get_its_answer(void **state)
{
    struct ground_with_routes g;
    set_up(&g, *state);
    struct crowd c = {.g = &g, .lock = PTHREAD_MUTEX_INITIALIZER};
    run_threads(CLIENTS, one_of_many, &c);
    assert_int_equal(c.created, 1);
    assert_int_equal(c.replayed, CLIENTS - 1);
    assert_false(c.differs);
    assert_int_equal(ask_int(g.f, "SELECT COUNT(*) FROM note"), 1);
    free(c.text);
    tear_down(&g);
}

#define TEST(fn) \
    {            \
#fn, fn  \
    }

int main(void)
{
    static const struct engine_test tests[] = {
        TEST(the_caller_is_judged_before_the_body_and_the_body_before_the_work),
        TEST(ownership_is_the_routes_and_the_dispatchers_word),
        TEST(only_who_got_an_answer_was_here),
        TEST(a_refusal_leaves_nothing_behind),
        TEST(what_the_database_refuses_has_its_own_code),
        TEST(the_same_key_and_body_replay_the_first_answer),
        TEST(a_key_belongs_to_its_caller_route_and_body),
        TEST(only_a_success_is_remembered),
        TEST(a_key_counts_for_24_hours_and_is_swept_after),
        TEST(the_sweep_takes_what_is_old_in_bounded_batches),
        TEST(a_key_that_is_none_is_refused),
        TEST(of_32_equal_keys_at_once_one_runs_and_all_get_its_answer),
    };
    return run_group_on_both("dispatch", tests);
}
