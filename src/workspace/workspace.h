/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * workspace: a business: its name and place, money and zone, opening hours, closures and booking
 * policy; readiness and publishing.
 *
 * Invariants: `timezone` is one that tz_find knew when it was set; hours of a weekday do not
 * overlap (touching is fine); only a published workspace has public pages; the currency stays once
 * there are bookings, since their prices are in its minor units.
 */
#ifndef CAREOPS_WORKSPACE_WORKSPACE_H
#define CAREOPS_WORKSPACE_WORKSPACE_H

#include "base/tz.h"
#include "db/work.h"
#include "diary/slots.h"
#include "http/route.h"
#include "message/letter.h"

enum { HOURS_MAX = 70, CLOSURES_MAX = 400 };

struct closure {
    int64_t from, to; /* days, inclusive */
    struct str reason;
};

struct workspace {
    int64_t id;
    struct str slug, name, timezone, currency, locale, address, phone, contact_email;
    struct str accent_color; /* absent: the program's own */
    const struct tz *tz;
    int slot_step_min, min_notice_min, max_advance_days, cancel_cutoff_min;
    bool auto_confirm;
    int session_idle_min;    /* a session that nobody uses for so long ends */
    bool require_two_factor; /* members without a second factor can do nothing but set it up */
    bool staff_see_contacts; /* every member sees phone and e-mail of the clients they see */
    struct opt_int quiet_from_min, quiet_until_min; /* both or none: nothing goes to clients by
                                                     * itself between them, also over midnight */
    bool published;
    int64_t version;
    size_t hours_count;
    struct weekly_span *hours; /* by weekday and start */
    size_t closure_count;
    struct closure *closures; /* by first day */
};

/* With hours and closures. NOT_FOUND where there is none. */
enum result workspace_load(struct work *w, int64_t id, struct workspace *ret) must_check;
/* A published workspace by its slug, for public routes; NOT_FOUND (with words) otherwise. Sets
 * w->actor.workspace_id. */
enum result workspace_public(struct work *w, struct str slug, struct workspace *ret) must_check;

/* What every letter says of the business. */
struct letter_business workspace_letterhead(const struct workspace *ws);

/* What every page that visitors see says of it. */
struct workspace_card {
    struct str name, slug, timezone, locale, address, phone, contact_email, accent_color;
};
extern const struct shape workspace_card_shape;
struct workspace_card *workspace_card_of(struct arena *a, const struct workspace *ws);

/* The end of the quiet hours that an instant is in; 0: it is in none. */
int64_t workspace_quiet_until(const struct workspace *ws, int64_t at_s);

/* For sign-up: makes it (slug from the name where absent; a taken one given by hand is CONFLICT
 * already_exists, a generated one gets a number). Sets w->actor.workspace_id. */
struct workspace_new {
    struct str name, timezone, currency, slug, locale;
};
enum result workspace_create(struct work *w, const struct workspace_new *in,
                             int64_t *ret_id) must_check;

/*
 * The workspace's lock for the rest of the transaction: on PostgreSQL an advisory lock, on SQLite
 * nothing, since there is one writer. Taken first by whatever changes the diary, or what a booking
 * reads in several statements (services, rooms, hours, members), and by rules over several rows (at
 * least one owner, so many services at most).
 */
enum result workspace_lock(struct work *w) must_check;

/* A closure on the wire, for whoever lists them. */
struct closure_span {
    struct opt_int from, to;
    struct str reason;
};
extern const struct shape closure_span_shape;

extern const struct shape workspace_shape; /* the whole, for the owner */
/* Fills the struct behind workspace_shape, in the arena. */
const void *workspace_view(struct arena *a, const struct workspace *ws);

extern const struct route_table workspace_table;

#endif
