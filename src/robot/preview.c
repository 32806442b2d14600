/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* preview: a letter as it would be, from a real booking or a made-up one. See internal.h. */
#include "robot/internal.h"

#include "diary/booking.h"

static enum result find_booking(struct work *w, int64_t asked, int64_t *ret)
{
    struct db_rows r;
    if (asked) {
        *ret = asked;
        return OK;
    }
    enum result res = db_one(w->tx, &r,
                             "SELECT id FROM booking WHERE workspace_id = $1"
                             " ORDER BY start_s DESC, id DESC LIMIT 1",
                             db_i(w->actor.workspace_id));
    *ret = res == OK ? db_int(&r, 0, 0) : 0;
    return res == NOT_FOUND ? OK : res;
}

static enum result real_visit(struct work *w, const struct workspace *ws, int64_t id,
                              struct letter_in *in)
{
    struct booking *b = arena_new(w->arena, struct booking);
    enum result res = booking_load(w, id, b);
    if (res == NOT_FOUND) {
        problem_clear(w->problem);
        return work_missing_at(w, "booking_id", "booking");
    }
    return res == OK ? booking_letter(w, ws, b, in) : res;
}

static void made_up_visit(struct work *w, const struct workspace *ws, struct letter_in *in)
{
    struct letter_booking *visit = arena_new(w->arena, struct letter_booking);
    int64_t start_s = tz_instant(ws->tz, tz_date(ws->tz, w->now_s) + 1, 10 * 60);
    *visit = (struct letter_booking){
        .start_s = start_s,
        .end_s = start_s + 45 * 60,
        .services = STR("Cut"),
        .staff_name = STR("Ada"),
        .client_name = STR("Bea Example"),
    };
    in->booking = visit;
    in->to_name = visit->client_name;
}

static enum result stock_item(struct work *w, struct letter_in *in)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r,
                             "SELECT name, unit FROM item WHERE workspace_id = $1 AND active = 1"
                             " ORDER BY id LIMIT 1",
                             db_i(w->actor.workspace_id));
    if (res != OK && res != NOT_FOUND)
        return res;
    struct str unit = res == OK ? db_str(&r, 0, 1) : STR("ml");
    in->item = res == OK ? db_str(&r, 0, 0) : STR("Oxide 6 %");
    in->available = str_printf(w->arena, "120 " STR_FMT, STR_ARG(unit));
    in->reorder_point = str_printf(w->arena, "500 " STR_FMT, STR_ARG(unit));
    return OK;
}

/* The links of a letter that nobody was sent lead to the page where they would, and no further. */
static struct str link_of(struct work *w, const struct workspace *ws, enum rule_key key)
{
    switch (key) {
    case RULE_BOOKING_CANCELLED:
    case RULE_CLIENT_WELCOME:
        return str_printf(w->arena, "%s/book/" STR_FMT, w->app->base_url, STR_ARG(ws->slug));
    case RULE_FOLLOW_UP: return str_printf(w->arena, "%s/rate/preview", w->app->base_url);
    case RULE_FORM_REQUEST:
    case RULE_FORM_REMINDER: return str_printf(w->arena, "%s/form/preview", w->app->base_url);
    case RULE_LOW_STOCK:
    case RULE_OWNER_NEW_BOOKING:
    case RULE_OWNER_DAILY_DIGEST: return str_printf(w->arena, "%s/app", w->app->base_url);
    default: return str_printf(w->arena, "%s/manage/preview", w->app->base_url);
    }
}

static enum result visit_of(struct work *w, const struct workspace *ws, int64_t booking_id,
                            struct letter_in *in)
{
    int64_t id;
    enum result res = find_booking(w, booking_id, &id);
    if (res != OK)
        return res;
    if (id)
        return real_visit(w, ws, id, in);
    made_up_visit(w, ws, in);
    return OK;
}

enum result preview_of(struct work *w, enum rule_key key, int64_t booking_id, struct preview *ret)
{
    struct workspace *ws = arena_new(w->arena, struct workspace);
    struct letter_business *business = arena_new(w->arena, struct letter_business);
    struct letter_in in = {0};
    enum result res = workspace_load(w, w->actor.workspace_id, ws);
    if (res == OK)
        res = visit_of(w, ws, booking_id, &in);
    if (res == OK && key == RULE_LOW_STOCK)
        res = stock_item(w, &in);
    if (res == OK && key == RULE_OWNER_DAILY_DIGEST)
        res = digest_words(w, ws, w->now_s, &in.said);
    if (res != OK)
        return res;
    *business = workspace_letterhead(ws);
    in.business = business;
    in.url = link_of(w, ws, key);
    if (key == RULE_FORM_REQUEST || key == RULE_FORM_REMINDER)
        in.form_name = STR("Before your visit");
    if (key == RULE_OWNER_DAILY_DIGEST)
        in.day_s = w->now_s;
    if (key == RULE_FOLLOW_UP)
        in.unsubscribe_url = str_printf(w->arena, "%s/unsubscribe/preview", w->app->base_url);
    if (!rule_kinds[key].to_client)
        in.to_name = w->actor.name;
    *ret = (struct preview){.in = in, .kind = rule_kinds[key].letter};
    return OK;
}
