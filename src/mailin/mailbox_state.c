/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mailbox_state: the row that says how far a mailbox has been read, and by whom it is read now.
 *
 * One process reads at a time, under a lease (on SQLite, which lets no second process in, the lease
 * of a process that was killed is nobody's any more). It is the wall clock's, so one that lies
 * further ahead than a lease can is one of a clock that has gone back, and counts as over. Where
 * two read at once all the same, the mails' keys keep them from doubling anything.
 */
#include "mailin/internal.h"

#include "base/log.h"

enum {
    LOOK_BACK_S = 2 * 24 * 3600, /* the server's days and clock are not ours */
    LOOK_AGAIN_S = 30 * 24 * 3600,
};

struct call {
    const struct app *app;
    struct mailbox_state *s;
    int64_t uid, uid_validity;
    const struct mailin_mail *mail;
    struct arena *arena;
    struct problem problem;
    struct mailin_taken taken;
    bool again;
};

static enum result transact(struct call *c, db_fn fn)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    c->arena = &arena;
    enum result res = db_transact(c->app->db, &arena, &c->problem, fn, c);
    arena_done(&arena);
    return res;
}

static enum result make_row(struct db_tx *tx, const struct mailbox_state *s, int64_t now_s)
{
    return db_exec(tx,
                   "INSERT INTO mail_box (name, since_s) VALUES ($1, $2)"
                   " ON CONFLICT (name) DO NOTHING",
                   db_z(s->name), db_i(now_s - LOOK_BACK_S));
}

static enum result lease_in(struct db_tx *tx, void *arg)
{
    struct call *c = arg;
    struct mailbox_state *s = c->s;
    struct db_rows r;
    int64_t now_s = env_now_s(c->app->env), changed = 0;
    enum result res = make_row(tx, s, now_s);
    if (res == OK)
        res = db_count(tx, &changed,
                       "UPDATE mail_box SET lease_owner = $2, lease_s = $3 WHERE name = $1"
                       " AND (lease_owner = $2 OR lease_owner = '' OR lease_s <= $4"
                       " OR lease_s > $5 OR $6 = 1)",
                       db_z(s->name), db_z(s->owner), db_i(now_s + MAILBOX_LEASE_S), db_i(now_s),
                       db_i(now_s + 2 * MAILBOX_LEASE_S), db_i(db_tx_engine(tx) == DB_SQLITE));
    if (res == OK)
        res = db_one(tx, &r, "SELECT uid_validity, last_uid, since_s FROM mail_box WHERE name = $1",
                     db_z(s->name));
    if (res != OK)
        return res;
    s->held = changed > 0;
    s->uid_validity = db_int(&r, 0, 0);
    s->last_uid = db_int(&r, 0, 1);
    s->since_s = db_int(&r, 0, 2);
    return OK;
}

enum result mailbox_lease(const struct app *app, struct mailbox_state *s)
{
    struct call c = {.app = app, .s = s};
    s->held = false;
    return transact(&c, lease_in);
}

static enum result let_go_in(struct db_tx *tx, void *arg)
{
    struct call *c = arg;
    return db_exec(tx,
                   "UPDATE mail_box SET lease_owner = '', lease_s = 0"
                   " WHERE name = $1 AND lease_owner = $2",
                   db_z(c->s->name), db_z(c->s->owner));
}

void mailbox_let_go(const struct app *app, const struct mailbox_state *s)
{
    struct mailbox_state copy = *s;
    struct call c = {.app = app, .s = &copy};
    enum result res = transact(&c, let_go_in);
    (void)res; /* it runs out by itself */
}

/* What was there before is not all looked at again: the keys know it, but it may be much. */
static enum result renumber_in(struct db_tx *tx, void *arg)
{
    struct call *c = arg;
    struct mailbox_state *s = c->s;
    int64_t changed = 0;
    int64_t since_s = s->uid_validity == 0 ? s->since_s : env_now_s(c->app->env) - LOOK_AGAIN_S;
    if (since_s < s->since_s)
        since_s = s->since_s;
    enum result res = db_count(tx, &changed,
                               "UPDATE mail_box SET uid_validity = $3, last_uid = 0, since_s = $4,"
                               " trying_uid = 0, tries = 0 WHERE name = $1 AND lease_owner = $2",
                               db_z(s->name), db_z(s->owner), db_i(c->uid_validity), db_i(since_s));
    if (res == OK && changed == 0)
        return CONFLICT;
    if (res != OK)
        return res;
    s->uid_validity = c->uid_validity;
    s->last_uid = 0;
    s->since_s = since_s;
    return OK;
}

enum result mailbox_renumbered(const struct app *app, struct mailbox_state *s, int64_t uid_validity)
{
    struct call c = {.app = app, .s = s, .uid_validity = uid_validity};
    return transact(&c, renumber_in);
}

static enum result try_in(struct db_tx *tx, void *arg)
{
    struct call *c = arg;
    struct db_rows r;
    enum result res =
        db_exec(tx,
                "UPDATE mail_box SET tries = CASE trying_uid WHEN $3 THEN tries + 1 ELSE 1 END,"
                " trying_uid = $3 WHERE name = $1 AND lease_owner = $2",
                db_z(c->s->name), db_z(c->s->owner), db_i(c->uid));
    if (res == OK)
        res = db_one(tx, &r, "SELECT tries FROM mail_box WHERE name = $1 AND lease_owner = $2",
                     db_z(c->s->name), db_z(c->s->owner));
    if (res != OK)
        return res == NOT_FOUND ? CONFLICT : res;
    c->again = db_int(&r, 0, 0) <= MAILBOX_TRIES_MAX;
    return OK;
}

enum result mailbox_try(const struct app *app, const struct mailbox_state *s, int64_t uid,
                        bool *ret_again)
{
    struct mailbox_state copy = *s;
    struct call c = {.app = app, .s = &copy, .uid = uid};
    enum result res = transact(&c, try_in);
    *ret_again = c.again;
    return res;
}

static enum result not_tried_in(struct db_tx *tx, void *arg)
{
    struct call *c = arg;
    return db_exec(tx,
                   "UPDATE mail_box SET tries = 0, trying_uid = 0"
                   " WHERE name = $1 AND lease_owner = $2",
                   db_z(c->s->name), db_z(c->s->owner));
}

void mailbox_not_tried(const struct app *app, const struct mailbox_state *s)
{
    struct mailbox_state copy = *s;
    struct call c = {.app = app, .s = &copy};
    enum result res = transact(&c, not_tried_in);
    (void)res; /* then it counts: three more are left */
}

static enum result take_in(struct db_tx *tx, void *arg)
{
    struct call *c = arg;
    int64_t changed = 0;
    problem_clear(&c->problem);
    struct work w = mailin_work(c->app, tx, c->arena, &c->problem);
    enum result res =
        db_count(tx, &changed,
                 "UPDATE mail_box SET last_uid = $4, trying_uid = 0, tries = 0"
                 " WHERE name = $1 AND lease_owner = $2 AND uid_validity = $3 AND last_uid < $4",
                 db_z(c->s->name), db_z(c->s->owner), db_i(c->s->uid_validity), db_i(c->uid));
    if (res == OK && changed == 0)
        return CONFLICT;
    return res == OK && c->mail ? mailin_take(&w, c->mail, &c->taken) : res;
}

enum result mailbox_take(const struct app *app, struct mailbox_state *s, int64_t uid,
                         const struct mailin_mail *mail)
{
    struct call c = {.app = app, .s = s, .uid = uid, .mail = mail};
    enum result res = transact(&c, take_in);
    if (res == OK) {
        s->last_uid = uid;
        if (mail)
            mailin_log(mail, &c.taken);
    } else if (res != CONFLICT) {
        log_event(LOG_WARN, "mail not taken", "s:source", "imap", "s:code", c.problem.code, NULL);
    }
    return res;
}
