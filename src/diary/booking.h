/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * booking: a visit that is in the diary: its life from pending to completed, and its holds.
 *
 * Invariants
 * - pending, confirmed and completed bookings hold their person, rooms and devices; cancelled and
 * no_show hold nothing. All holds are taken in one transaction or none is, and the database refuses
 * overlap (hold_no_overlap), whatever this code believes.
 * - pending and confirmed bookings reserve their materials; completing consumes, cancelling and
 * no-show release; each stock change has its own step, so none happens twice.
 * - started_s says that an open booking is under way; it tells when a completed one began. Moving,
 * cancelling and no-show take it back, since that visit has not taken place.
 * - every change writes an audit event and the messages it causes, in the same transaction.
 *
 *   pending ──confirm──▶ confirmed ──complete──▶ completed        cancelled ──restore──▶ what it
 * was └────────────────────┴── cancel ──▶ cancelled,  └── no-show ──▶ no_show
 *
 * What its services ask for first is in gates.h; after each change of a client's visits, all of
 * their open bookings are looked at again.
 *
 * Whoever changes a booking takes diary_lock() before it loads the booking; booking_create() takes
 * it itself.
 */
#ifndef CAREOPS_DIARY_BOOKING_H
#define CAREOPS_DIARY_BOOKING_H

#include "client/client.h"
#include "diary/visit.h"

enum booking_status {
    BOOKING_PENDING,
    BOOKING_CONFIRMED,
    BOOKING_CANCELLED,
    BOOKING_COMPLETED,
    BOOKING_NO_SHOW,
    BOOKING_STATUS__MAX
};
extern const char *const booking_status_names[]; /* NULL-terminated, in the enum's order */

struct booked_service {
    int64_t service_id;
    struct str name;
    int duration_min;
    int64_t price;
};

struct booked_material {
    int64_t item_id;
    struct str name, unit;
    int64_t quantity;
    struct opt_int used;
};

struct booked_thing {
    int64_t id;
    struct str name;
};

struct booking {
    int64_t id, client_id, staff_id;
    enum booking_status status;
    enum booking_status cancelled_from; /* where status is cancelled */
    struct str cancelled_by;            /* "client", "staff", or absent */
    struct opt_int cancelled_s, started_s;
    int64_t start_s, end_s, outer_from_s, outer_to_s;
    int64_t price;
    struct str notes, source;
    struct opt_int made_start_s, made_staff_id; /* as it was made; unset: before that was kept */
    int64_t revision, stock_step, version, created_s;
    bool gates_ok;          /* nothing is missing that its services ask for (gate/gate.h) */
    bool is_test;           /* one of its services is the patch test of another */
    struct str test_result; /* "passed", "failed", or absent: of a patch test */
    struct str staff_name;
    struct client client;
    size_t service_count;
    struct booked_service *services;
    size_t material_count;
    struct booked_material *materials; /* sorted by item */
    size_t thing_count;
    struct booked_thing *things;
};

/* The whole booking; NOT_FOUND with words. */
enum result booking_load(struct work *w, int64_t id, struct booking *ret) must_check;

struct booking_new {
    const int64_t *service_ids;
    size_t service_count;
    int64_t staff_id; /* 0 = anyone */
    int64_t start_s;
    int64_t client_id; /* or 0 and `client` */
    struct client_details client;
    struct str notes;
    bool by_staff;       /* owner or staff: a past start is written down as it was */
    bool override_hours; /* by_staff: also a future one */
    struct str
        hold_token; /* the client's pick (pick.h), which the booking takes over; absent: none */
};

enum { MANAGE_URL_MAX = 512 };

/* CONFLICT slot_taken (with the nearest free starts) or out_of_stock. ret_manage_url: the client's
 * own link (arena). */
enum result booking_create(struct work *w, const struct workspace *ws, const struct booking_new *in,
                           struct booking *ret, struct str *ret_manage_url) must_check;

/* New start, person (0 = keep) and/or length. `as_client`: every rule of the public page counts.
 * Never holds two slots nor none. The last stretch of work takes a difference of length
 * (visit_shape_stretch), the last service shows it, and the price stays as agreed. */
struct booking_move {
    struct opt_int start, duration_min;
    int64_t staff_id;
    bool any_staff; /* as_client, when the person is not asked for: keep the same if free, else
                       anyone */
    bool as_client;
    bool override_hours;
    bool quiet; /* nobody is told */
};
enum result booking_reschedule(struct work *w, const struct workspace *ws, struct booking *b,
                               const struct booking_move *move) must_check;

/* It was another client's, the notes were wrong, or (`details`) the client's name or number was. */
enum result booking_correct(struct work *w, const struct booking *b, int64_t client_id,
                            struct str notes, bool details) must_check;

/* It is another person's now, or goes to another address: the links sent so far open nothing any
 * more, and an open booking is told anew. */
enum result booking_hand_over(struct work *w, const struct workspace *ws, struct booking *b,
                              bool quiet) must_check;

/* `quiet`: nobody is told, and what waited to be told of earlier changes does not go either. */
enum result booking_confirm(struct work *w, const struct workspace *ws, struct booking *b,
                            bool quiet) must_check;
/* OK also where it has begun already: then nothing changes. */
enum result booking_start(struct work *w, struct booking *b) must_check;
enum result booking_cancel(struct work *w, const struct workspace *ws, struct booking *b,
                           bool by_client, bool quiet) must_check;
/* As cancelled by the business, without a word to anybody: its client is being erased. */
enum result booking_withdraw(struct work *w, struct booking *b) must_check;
enum result booking_restore(struct work *w, const struct workspace *ws, struct booking *b,
                            bool quiet) must_check;
/* `used` NULL: what was reserved. Sorted by item, unique. */
enum result booking_complete(struct work *w, struct booking *b, const struct stock_line *used,
                             size_t used_count) must_check;
enum result booking_no_show(struct work *w, struct booking *b) must_check;
/* How a completed patch test turned out, at once or later; it may be put right. INVALID at
 * test_result where it is none. */
enum result booking_test_result(struct work *w, struct booking *b, bool passed) must_check;

/* ---- sample data (sample/sample.h) ---- */

/*
 * A visit of a sample client at one of the day's free starts, where `permille` of them lie before:
 * it holds its time as any does, and takes no stock, plans nothing and is no event. NOT_FOUND
 * without words where the day has none. Under diary_lock(); of what it is, ret has no texts.
 */
struct booking_invented {
    int64_t client_id, service_id;
    int64_t date; /* local */
    int permille; /* 0 … 999 */
    enum booking_status if_over, if_ahead;
    struct str notes;
    bool by_staff;
};
enum result booking_invent(struct work *w, const struct workspace *ws,
                           const struct booking_invented *in, struct booking *ret) must_check;
/* No visit has to come before it, which an invented client could not have had; a form may. */
bool booking_inventable(const struct service *s);

/* ---- for the robot ---- */

/* The letter some time before, with a link of its own; where it goes is the booking's client. */
enum result booking_remind(struct work *w, const struct workspace *ws, const struct booking *b,
                           const char *withheld) must_check;
/* Thanks after the visit. `rate_url`, `unsubscribe_url`: where its links lead. */
struct booking_thanks {
    struct str rate_url, unsubscribe_url;
    const char *withheld; /* as in outbox.h */
};
enum result booking_thank(struct work *w, const struct workspace *ws, const struct booking *b,
                          const struct booking_thanks *thanks) must_check;
/* Asks for a form, or once more. */
struct booking_form {
    int64_t submission_id;
    struct str name, url;
    bool again;
    bool by_hand;            /* as in letter.h: as often as a person wants it */
    int64_t *ret_message_id; /* or NULL */
    const char *withheld;
};
enum result booking_ask_form(struct work *w, const struct workspace *ws, const struct booking *b,
                             const struct booking_form *form) must_check;
/* What the letters about it can say, in the arena; for a look at one (robot/preview.h). */
struct letter_in;
enum result booking_letter(struct work *w, const struct workspace *ws, const struct booking *b,
                           struct letter_in *ret) must_check;

/* The nearest free starts as the problem's further member `nearest` (up to three). */
enum result booking_offer_nearest(struct work *w, const struct visit *v, int64_t wanted_s,
                                  int64_t except_booking_id) must_check;

#endif
