/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rating: the rows of ratings, their total, and the rules around both. See feedback.h. */
#include "feedback/internal.h"

#include "audit/audit.h"

/* ---- reading ---- */

#define RATING                                                                                 \
    "SELECT t.id, t.booking_id, t.client_id, t.staff_id, t.stars, c.name, p.name, t.services," \
    " t.comment, t.may_show, t.hidden, t.handled_s, t.handled_by, t.created_s, t.changed_s,"   \
    " t.version FROM rating t"                                                                 \
    " JOIN client c ON c.workspace_id = t.workspace_id AND c.id = t.client_id"                 \
    " JOIN resource p ON p.workspace_id = t.workspace_id AND p.id = t.staff_id"                \
    " WHERE t.workspace_id = $1"

static struct rating rating_at(const struct db_rows *r, size_t i)
{
    return (struct rating){
        .id = db_int(r, i, 0),
        .booking_id = db_int(r, i, 1),
        .client_id = db_int(r, i, 2),
        .staff_id = db_int(r, i, 3),
        .stars = (int)db_int(r, i, 4),
        .client_name = db_str(r, i, 5),
        .staff_name = db_str(r, i, 6),
        .services = db_str(r, i, 7),
        .comment = db_str(r, i, 8),
        .may_show = db_int(r, i, 9) != 0,
        .hidden = db_int(r, i, 10) != 0,
        .handled_s = db_opt_int(r, i, 11),
        .handled_by = db_str(r, i, 12),
        .created_s = db_int(r, i, 13),
        .changed_s = db_int(r, i, 14),
        .version = db_int(r, i, 15),
    };
}

enum result rating_load(struct work *w, int64_t id, struct rating *ret)
{
    struct db_rows r;
    enum result res =
        db_one(w->tx, &r, RATING " AND t.id = $2", db_i(w->actor.workspace_id), db_i(id));
    if (res == NOT_FOUND)
        return work_missing(w, "rating");
    if (res == OK)
        *ret = rating_at(&r, 0);
    return res;
}

enum result rating_of_booking(struct work *w, int64_t booking_id, struct rating *ret)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r, RATING " AND t.booking_id = $2",
                             db_i(w->actor.workspace_id), db_i(booking_id));
    if (res == OK)
        *ret = rating_at(&r, 0);
    return res;
}

_Static_assert(RATING_LOW_STARS == 3, "the indexes rating_low… say it in SQL");

/* Each shape of the question has its index; what is low stands in them as it does here. */
static enum result query_page(struct work *w, const struct rating_range *q, struct db_rows *ret)
{
    if (q->client_id) /* a client's are few */
        return db_query(w->tx, ret,
                        RATING " AND t.client_id = $2 AND ($3 = 0 OR t.staff_id = $3)"
                               " AND ($4 = 0 OR (t.stars <= 3 AND t.handled_s IS NULL))"
                               " AND t.id < $5 ORDER BY t.id DESC LIMIT $6",
                        db_i(w->actor.workspace_id), db_i(q->client_id), db_i(q->staff_id),
                        db_i(q->attention), db_i(q->before_id), db_i(q->limit));
    if (q->attention && q->staff_id)
        return db_query(w->tx, ret,
                        RATING " AND t.staff_id = $2 AND t.stars <= 3 AND t.handled_s IS NULL"
                               " AND t.id < $3 ORDER BY t.id DESC LIMIT $4",
                        db_i(w->actor.workspace_id), db_i(q->staff_id), db_i(q->before_id),
                        db_i(q->limit));
    if (q->attention)
        return db_query(w->tx, ret,
                        RATING " AND t.stars <= 3 AND t.handled_s IS NULL"
                               " AND t.id < $2 ORDER BY t.id DESC LIMIT $3",
                        db_i(w->actor.workspace_id), db_i(q->before_id), db_i(q->limit));
    if (q->staff_id)
        return db_query(
            w->tx, ret, RATING " AND t.staff_id = $2 AND t.id < $3 ORDER BY t.id DESC LIMIT $4",
            db_i(w->actor.workspace_id), db_i(q->staff_id), db_i(q->before_id), db_i(q->limit));
    return db_query(w->tx, ret, RATING " AND t.id < $2 ORDER BY t.id DESC LIMIT $3",
                    db_i(w->actor.workspace_id), db_i(q->before_id), db_i(q->limit));
}

enum result rating_page(struct work *w, const struct rating_range *q, struct rating **ret,
                        size_t *ret_count)
{
    struct db_rows r;
    enum result res = query_page(w, q, &r);
    if (res != OK)
        return res;
    struct rating *list = arena_new_array(w->arena, r.count + 1, struct rating);
    for (size_t i = 0; i < r.count; i++)
        list[i] = rating_at(&r, i);
    *ret = list;
    *ret_count = r.count;
    return OK;
}

/* ---- writing ---- */

static enum result write_audit(struct work *w, const char *action, const struct rating *was,
                               const struct rating *is)
{
    struct audit a;
    audit_begin(&a, w, "rating", is->id, action);
    audit_int(&a, "stars", was->stars ? some_int(was->stars) : (struct opt_int){0},
              some_int(is->stars));
    audit_str(&a, "comment", was->comment, is->comment);
    audit_bool(&a, "may_show", was->may_show, is->may_show);
    audit_bool(&a, "hidden", was->hidden, is->hidden);
    audit_instant(&a, "handled", was->handled_s, is->handled_s);
    return audit_end(&a);
}

static enum result count_one(struct work *w, int64_t stars)
{
    return db_exec(w->tx,
                   "INSERT INTO rating_total (workspace_id, ratings, stars) VALUES ($1, 1, $2)"
                   " ON CONFLICT (workspace_id) DO UPDATE SET"
                   " ratings = rating_total.ratings + 1,"
                   " stars = rating_total.stars + excluded.stars",
                   db_i(w->actor.workspace_id), db_i(stars));
}

static enum result add_stars(struct work *w, int64_t stars)
{
    return db_exec(w->tx, "UPDATE rating_total SET stars = stars + $2 WHERE workspace_id = $1",
                   db_i(w->actor.workspace_id), db_i(stars));
}

static enum result put_row(struct work *w, const struct rating *r)
{
    return db_exec(
        w->tx,
        "INSERT INTO rating (workspace_id, id, booking_id, client_id, staff_id, services,"
        " stars, comment, may_show, created_s, changed_s)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        db_i(w->actor.workspace_id), db_i(r->id), db_i(r->booking_id), db_i(r->client_id),
        db_i(r->staff_id), db_s(r->services), db_i(r->stars), db_s(r->comment), db_i(r->may_show),
        db_i(w->now_s));
}

static enum result insert(struct work *w, const struct rating *r)
{
    static const struct rating nothing;
    enum result res = put_row(w, r);
    if (res == OK)
        res = count_one(w, r->stars);
    return res == OK ? write_audit(w, "created", &nothing, r) : res;
}

static enum result update(struct work *w, const struct rating *was, struct rating *is,
                          const char *action)
{
    is->version = was->version + 1;
    enum result res =
        db_exec(w->tx,
                "UPDATE rating SET stars = $3, comment = $4, may_show = $5, hidden = $6,"
                " handled_s = $7, handled_by = $8, changed_s = $9, version = $10"
                " WHERE workspace_id = $1 AND id = $2",
                db_i(w->actor.workspace_id), db_i(is->id), db_i(is->stars), db_s(is->comment),
                db_i(is->may_show), db_i(is->hidden), db_opt(is->handled_s), db_s(is->handled_by),
                db_i(is->changed_s), db_i(is->version));
    if (res == OK && is->stars != was->stars)
        res = add_stars(w, is->stars - was->stars);
    return res == OK ? write_audit(w, action, was, is) : res;
}

static struct rating rating_new(const struct work *w, const struct rated_visit *v)
{
    return (struct rating){
        .id = env_id(w->env),
        .booking_id = v->booking_id,
        .client_id = v->client_id,
        .staff_id = v->staff_id,
        .client_name = v->client_name,
        .staff_name = v->staff_name,
        .services = v->services,
        .created_s = w->now_s,
        .version = 1,
    };
}

enum result feedback_invent(struct work *w, int64_t booking_id, int stars, struct str comment)
{
    struct rated_visit v;
    enum result res = rated_visit_load(w, booking_id, &v);
    if (res != OK)
        return res;
    struct rating r = rating_new(w, &v);
    r.stars = stars;
    r.comment = comment;
    return put_row(w, &r);
}

enum result rating_put(struct work *w, const struct workspace *ws, const struct rated_visit *v,
                       const struct rating *was, const struct rating_words *words,
                       struct rating *ret)
{
    struct rating is = was ? *was : rating_new(w, v);
    bool low_before = was && was->stars <= RATING_LOW_STARS;
    is.stars = words->stars;
    is.comment = words->comment.ptr ? words->comment : STR("");
    is.may_show = words->may_show && is.stars >= RATING_SHOWN_STARS;
    is.changed_s = w->now_s;
    bool same = was && was->stars == is.stars && was->may_show == is.may_show &&
                str_eq(was->comment, is.comment);
    /* Whoever was content with less has something new to say. */
    if (was && is.stars < was->stars) {
        is.handled_s = (struct opt_int){0};
        is.handled_by = (struct str){0};
    }
    enum result res = OK;
    if (!was)
        res = insert(w, &is);
    else if (!same)
        res = update(w, was, &is, "changed");
    if (res == OK && is.stars <= RATING_LOW_STARS && !low_before)
        res = low_rating_tell(w, ws, v, &is);
    if (res == OK)
        *ret = same ? *was : is;
    return res;
}

enum result rating_decide(struct work *w, const struct rating *was, struct opt_bool handled,
                          struct opt_bool shown)
{
    struct rating is = *was;
    if (shown.set && shown.value && !was->may_show)
        return problem_set(w->problem, CONFLICT, "invalid_transition",
                           was->stars < RATING_SHOWN_STARS
                               ? "Only a rating of 4 or 5 stars can be shown."
                               : "Its client has not agreed that it is shown.");
    if (shown.set)
        is.hidden = !shown.value;
    if (handled.set && handled.value != was->handled_s.set) {
        is.handled_s = handled.value ? some_int(w->now_s) : (struct opt_int){0};
        is.handled_by = handled.value ? w->actor.name : (struct str){0};
    }
    if (is.hidden == was->hidden && is.handled_s.set == was->handled_s.set)
        return OK;
    return update(w, was, &is, "decided");
}
