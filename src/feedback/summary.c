/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* summary: what a business's public page shows of its ratings: one row of totals and the newest few
 * that may be shown. */
#include "feedback/internal.h"

#include <string.h>

enum { FIRST_NAME_MAX = 60 };

static const struct field shown_fields[] = {
    FIELD_INT(struct shown_rating, stars, 0, 0),
    FIELD_STR(struct shown_rating, comment, 0, 0, .doc = "empty where they said nothing more"),
    FIELD_STR(struct shown_rating, name, 0, 0, .maybe = true, .doc = "the client's first name"),
    FIELD_DATE(struct shown_rating, date, .doc = "when it was given"),
};
static const struct shape shown_shape = SHAPE("ShownRating", struct shown_rating, shown_fields);

static const struct field ratings_fields[] = {
    FIELD_INT(struct ratings_view, count, 0, 0, .doc = "of all ratings, shown or not"),
    FIELD_INT(struct ratings_view, average_tenths, 0, 0,
              .doc = "of the stars of all ratings: 47 is 4.7"),
    FIELD_LIST(struct ratings_view, recent, shown_shape, 0, 0,
               .doc = "the newest of those that their clients let be shown"),
};
const struct shape ratings_shape = SHAPE("PublicRatings", struct ratings_view, ratings_fields);

/* Absent where the word reads like an address, a number or a link: a field for a name holds what
 * people type, and this goes before everybody's eyes. */
static struct str first_name(struct str name)
{
    const char *space = name.len ? memchr(name.ptr, ' ', name.len) : NULL;
    struct str word = {name.ptr, space ? (size_t)(space - name.ptr) : name.len};
    if (word.len == 0 || word.len > FIRST_NAME_MAX)
        return (struct str){0};
    for (size_t i = 0; i < word.len; i++)
        if (strchr("@/:.<>0123456789", word.ptr[i]))
            return (struct str){0};
    return word;
}

static enum result load_recent(struct work *w, const struct workspace *ws, struct ratings_view *v)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT t.stars, t.comment, c.name, t.created_s FROM rating t"
                 " JOIN client c ON c.workspace_id = t.workspace_id AND c.id = t.client_id"
                 " WHERE t.workspace_id = $1 AND t.may_show = 1 AND t.hidden = 0"
                 " ORDER BY t.id DESC LIMIT $2",
                 db_i(w->actor.workspace_id), db_i(RATINGS_SHOWN_MAX));
    if (res != OK)
        return res;
    struct shown_rating *list = arena_new_array(w->arena, r.count + 1, struct shown_rating);
    for (size_t i = 0; i < r.count; i++)
        list[i] = (struct shown_rating){
            .stars = some_int(db_int(&r, i, 0)),
            .comment = db_str(&r, i, 1),
            .name = first_name(db_str(&r, i, 2)),
            .date = some_int(tz_date(ws->tz, db_int(&r, i, 3))),
        };
    v->recent = (struct shape_list){true, r.count, list};
    return OK;
}

enum result ratings_of_business(struct work *w, const struct workspace *ws,
                                struct ratings_view **ret)
{
    struct db_rows r;
    *ret = NULL;
    enum result res =
        db_one(w->tx, &r, "SELECT ratings, stars FROM rating_total WHERE workspace_id = $1",
               db_i(w->actor.workspace_id));
    if (res != OK)
        return res == NOT_FOUND ? OK : res;
    int64_t count = db_int(&r, 0, 0), stars = db_int(&r, 0, 1);
    if (count == 0)
        return OK;
    struct ratings_view *v = arena_new(w->arena, struct ratings_view);
    v->count = some_int(count);
    v->average_tenths = some_int((stars * 10 + count / 2) / count);
    res = load_recent(w, ws, v);
    if (res == OK)
        *ret = v;
    return res;
}
