/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* digest_words: what the morning says: the day's visits, what needs a hand, yesterday. */
#include "robot/internal.h"

#include "base/civil.h"
#include "base/money.h"
#include "message/letter_fields.h"

enum { VISITS_SHOWN = 20, ITEMS_SHOWN = 10, NAME_SHOWN = 60, COUNTED_MAX = 1000 };

/* Sample data (sample/sample.h) is nothing to tell of. Letters and tasks there are none of. */
#define REAL " AND client_id NOT IN (SELECT id FROM client WHERE workspace_id = $1 AND sample = 1)"

struct day {
    struct work *w;
    const struct workspace *ws;
    int64_t from_s, to_s, at_s;
    struct buf *out;
};

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

/* ---- today ---- */

static void put_clock(const struct day *d, int64_t at_s)
{
    char text[CLOCK_TEXT];
    clock_format(tz_wall_s(d->ws->tz, at_s) / 60, text);
    buf_z(d->out, text);
}

static enum result say_visits(const struct day *d)
{
    struct db_rows r;
    struct work *w = d->w;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT b.start_s, b.status, c.name, s.name FROM booking b"
                 " JOIN client c ON c.workspace_id = b.workspace_id AND c.id = b.client_id"
                 " JOIN resource s ON s.workspace_id = b.workspace_id AND s.id = b.staff_id"
                 " WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"
                 " AND b.status IN ('pending', 'confirmed', 'completed') AND c.sample = 0"
                 " ORDER BY b.start_s, b.id LIMIT $4",
                 db_i(d->ws->id), db_i(d->from_s), db_i(d->to_s), db_i(COUNTED_MAX));
    if (res != OK || r.count == 0)
        return res;
    buf_printf(d->out, "Today: %zu visit%s\n", r.count, plural((int64_t)r.count));
    for (size_t i = 0; i < r.count && i < VISITS_SHOWN; i++) {
        struct str client = letter_line(w->arena, db_str(&r, i, 2), NAME_SHOWN);
        struct str staff = letter_line(w->arena, db_str(&r, i, 3), NAME_SHOWN);
        buf_z(d->out, "  ");
        put_clock(d, db_int(&r, i, 0));
        buf_printf(d->out, " " STR_FMT " with " STR_FMT "%s\n", STR_ARG(client), STR_ARG(staff),
                   str_is(db_str(&r, i, 1), "pending") ? " (not confirmed)" : "");
    }
    if (r.count > VISITS_SHOWN)
        buf_printf(d->out, "  and %zu more\n", r.count - VISITS_SHOWN);
    buf_byte(d->out, '\n');
    return OK;
}

/* ---- what needs a hand ---- */

/* By the columns of the question in say_hands. */
static const struct {
    const char *one, *many;
} hands[] = {
    {"visit waits to be confirmed", "visits wait to be confirmed"},
    {"visit has ended and is not marked as completed or as a no-show",
     "visits have ended and are not marked as completed or as no-shows"},
    {"person was not told what they should know", "people were not told what they should know"},
    {"client waits for an answer", "clients wait for an answer"},
    {"client was not content, and nobody has seen to it",
     "clients were not content, and nobody has seen to it"},
    {"automatic task was given up", "automatic tasks were given up"},
};

static enum result say_low_stock(const struct day *d, bool *said)
{
    struct db_rows r;
    enum result res = db_query(d->w->tx, &r,
                               "SELECT name FROM item WHERE workspace_id = $1 AND low = 1"
                               " AND active = 1 ORDER BY name, id LIMIT $2",
                               db_i(d->ws->id), db_i(ITEMS_SHOWN + 1));
    if (res != OK || r.count == 0)
        return res;
    buf_z(d->out, *said ? "  Low stock: " : "Needs a hand\n  Low stock: ");
    *said = true;
    for (size_t i = 0; i < r.count && i < ITEMS_SHOWN; i++) {
        buf_z(d->out, i ? ", " : "");
        buf_str(d->out, letter_line(d->w->arena, db_str(&r, i, 0), NAME_SHOWN));
    }
    buf_z(d->out, r.count > ITEMS_SHOWN ? " and more\n" : "\n");
    return OK;
}

/* Each counts COUNTED_MAX at most, along an index of just such rows. */
static enum result say_hands(const struct day *d)
{
    bool said = false;
    struct db_rows r;
    enum result res =
        db_one(d->w->tx, &r,
               "SELECT (SELECT COUNT(*) FROM (SELECT id FROM booking WHERE workspace_id = $1"
               " AND status = 'pending' AND start_s >= $2" REAL " LIMIT $3) AS a),"
               " (SELECT COUNT(*) FROM (SELECT id FROM booking WHERE workspace_id = $1"
               " AND end_s <= $2 AND status IN ('pending', 'confirmed')" REAL " LIMIT $3) AS b),"
               " (SELECT COUNT(*) FROM (SELECT id FROM message WHERE workspace_id = $1"
               " AND untold = 1 AND matters_until_s > $2 LIMIT $3) AS c),"
               " (SELECT COUNT(*) FROM (SELECT id FROM conversation WHERE workspace_id = $1"
               " AND unanswered = 1" REAL " LIMIT $3) AS d),"
               " (SELECT COUNT(*) FROM (SELECT id FROM rating WHERE workspace_id = $1"
               " AND stars <= 3 AND handled_s IS NULL" REAL " LIMIT $3) AS e),"
               " (SELECT COUNT(*) FROM (SELECT id FROM job WHERE workspace_id = $1"
               " AND status = 'parked' LIMIT $3) AS f)",
               db_i(d->ws->id), db_i(d->at_s), db_i(COUNTED_MAX));
    for (size_t i = 0; res == OK && i < sizeof hands / sizeof *hands; i++) {
        int64_t n = db_int(&r, 0, i);
        if (n == 0)
            continue;
        buf_printf(d->out, "%s  %lld%s %s\n", said ? "" : "Needs a hand\n", (long long)n,
                   n == COUNTED_MAX ? " or more" : "", n == 1 ? hands[i].one : hands[i].many);
        said = true;
    }
    if (res == OK)
        res = say_low_stock(d, &said);
    if (said)
        buf_byte(d->out, '\n');
    return res;
}

/* ---- yesterday ---- */

static enum result say_yesterday(const struct day *d)
{
    struct db_rows r;
    int64_t date = tz_date(d->ws->tz, d->at_s) - 1;
    enum result res = db_one(
        d->w->tx, &r,
        "SELECT CAST(COALESCE(SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END), 0) AS BIGINT),"
        " CAST(COALESCE(SUM(CASE WHEN status = 'completed' THEN price ELSE 0 END), 0) AS BIGINT),"
        " CAST(COALESCE(SUM(CASE WHEN status = 'no_show' THEN 1 ELSE 0 END), 0) AS BIGINT),"
        " CAST(COALESCE(SUM(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END), 0) AS BIGINT)"
        " FROM booking WHERE workspace_id = $1 AND start_s >= $2 AND start_s < $3" REAL,
        db_i(d->ws->id), db_i(tz_day_start(d->ws->tz, date)), db_i(tz_day_end(d->ws->tz, date)));
    if (res != OK)
        return res;
    int64_t completed = db_int(&r, 0, 0), no_shows = db_int(&r, 0, 2);
    int64_t cancelled = db_int(&r, 0, 3);
    if (completed + no_shows + cancelled == 0)
        return OK;
    buf_printf(d->out, "Yesterday: %lld visit%s completed", (long long)completed,
               plural(completed));
    if (completed) {
        buf_z(d->out, " for ");
        money_format(d->out, db_int(&r, 0, 1), d->ws->currency);
    }
    if (no_shows)
        buf_printf(d->out, ", %lld no-show%s", (long long)no_shows, plural(no_shows));
    if (cancelled)
        buf_printf(d->out, ", %lld cancelled", (long long)cancelled);
    buf_byte(d->out, '\n');
    return OK;
}

enum result digest_words(struct work *w, const struct workspace *ws, int64_t at_s, struct str *ret)
{
    struct buf out;
    buf_init(&out, LETTER_SAID_MAX);
    int64_t date = tz_date(ws->tz, at_s);
    const struct day d = {w, ws, tz_day_start(ws->tz, date), tz_day_end(ws->tz, date), at_s, &out};
    enum result res = say_visits(&d);
    if (res == OK)
        res = say_hands(&d);
    if (res == OK)
        res = say_yesterday(&d);
    struct str words = buf_view(&out);
    while (words.len && words.ptr[words.len - 1] == '\n')
        words.len--;
    *ret = str_copy(w->arena, words);
    buf_done(&out);
    return res;
}
