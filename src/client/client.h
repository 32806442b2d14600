/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * client: the people who come. One client per e-mail address and workspace, compared without case.
 *
 * Whoever makes or changes a client here keeps the terms by which it is found (index.c), in the
 * same transaction. A client who turned out to be another (merged_into) looks absent everywhere but
 * by their address, which finds the one that they are.
 *
 * A sample client is invented: letters to them are withheld (message/outbox.h), nothing is due
 * about them, their visits take nothing from stock, and all that is theirs goes at one click
 * (sample/sample.h). So nothing real ever becomes theirs, nor they anybody real: their address does
 * not change, and client_keep_apart() stands wherever something passes from one client to another.
 *
 * A client has a name; an e-mail address may be absent (a walk-in), and then nobody is ever the
 * same. Tags are at most TAGS_MAX short words, alerts at most ALERTS_MAX sentences that whoever
 * serves the client must know (allergies, aids); both are kept as the JSON array that answers show.
 */
#ifndef CAREOPS_CLIENT_CLIENT_H
#define CAREOPS_CLIENT_CLIENT_H

#include "db/work.h"
#include "http/route.h"

enum {
    CLIENT_NAME_MAX = 120, /* characters */
    CLIENT_EMAIL_MAX = 254,
    CLIENT_PHONE_MAX = 32,
    CLIENT_NOTES_MAX = 5000,
    TAGS_MAX = 20,
    TAG_LENGTH_MAX = 40,
    ALERTS_MAX = 20, /* of STRS_ITEM_MAX characters */
};

/* Whence they came first. */
enum client_source {
    CLIENT_FROM_BOOKING,
    CLIENT_FROM_CONTACT,
    CLIENT_FROM_FORM,
    CLIENT_FROM_MAIL,
    CLIENT_FROM_STAFF,
    CLIENT_FROM_IMPORT,
    CLIENT_FROM_UNKNOWN, /* made before this was kept */
};
extern const char *const client_sources[];  /* in this order */
extern const char *const client_statuses[]; /* "new", "contacted", "booked" */

struct client {
    int64_t id;
    struct str name, email /* absent: none */, phone, notes, tags /* JSON array */, status;
    struct str alerts; /* JSON array */
    struct opt_int paused_until_s, unsubscribed_s;
    struct str paused_by;
    bool has_clinical_notes; /* what stands in them is privacy/clinical.c's */
    struct opt_int erased_s; /* nothing is known of them any more (privacy/erase.c) */
    int64_t version;
    struct str source;
    int64_t created_s;
    struct opt_int merged_into;
    bool terms_made;
    bool sample; /* invented (sample/sample.h) */
};

/* What is said of a person. */
struct client_details {
    struct str name, email, phone;
    enum client_source source; /* of one that is made */
};

/* NOT_FOUND: not_found; client_merged, with the {client_id} of who they are, where they turned out
 * to be another. One who was erased is there: past visits go on. */
enum result client_load(struct work *w, int64_t id, struct client *ret) must_check;
/* One to do something new with: 404 client_erased for one who was erased. */
enum result client_load_known(struct work *w, int64_t id, struct client *ret) must_check;
/* The same, but whoever was merged is there as well: for who undoes it or tells of it. */
enum result client_load_any(struct work *w, int64_t id, struct client *ret) must_check;
/* Who has the address, or had it before it turned out whose it is; NOT_FOUND without words. */
enum result client_by_email(struct work *w, struct str email, struct client *ret) must_check;

/* Who has this whole name and this number, however they are written; NOT_FOUND without words, also
 * where the number is too short to tell people apart. */
enum result client_by_name(struct work *w, const struct client_details *in,
                           struct client *ret) must_check;
/* Everybody, oldest first, those younger than `after_id`. */
enum result client_all_after(struct work *w, int64_t after_id, size_t limit, struct client **ret,
                             size_t *ret_count) must_check;

/* What many changes in one transaction do to how many have a tag, written once at the end: on
 * PostgreSQL a row that is changed a thousand times in one transaction grows slow. */
enum { TALLY_TAGS = 256 };
struct client_tally {
    struct arena *arena; /* that lives as long */
    size_t count;
    struct str keys[TALLY_TAGS], tags[TALLY_TAGS];
    int64_t more[TALLY_TAGS];
};
enum result client_tally_write(struct work *w, struct client_tally *t) must_check;

/* Create and change alike: what is absent is empty or stays. */
struct client_in {
    struct str name, email, phone, notes;
    bool email_null; /* PATCH: take the address away */
    struct str_list tags, alerts;
    struct opt_int status;
    enum client_source source;  /* only of a new one */
    struct opt_int created_s;   /* only of a new one; absent: now */
    struct client_tally *tally; /* NULL: tags are counted at once */
    bool sample;                /* only of a new one; then no event tells of it */
};

/* CONFLICT already_exists, with {client_id} in the problem, where the address has a client. */
enum result client_create(struct work *w, const struct client_in *in, int64_t *ret_id) must_check;
/* Under If-Match of the request; without a request (rq NULL) the caller has checked its own. */
enum result client_change(struct request *rq, struct work *w, int64_t id,
                          const struct client_in *in) must_check;

/* CONFLICT sample_client where one of them is invented and the other is not. */
enum result client_keep_apart(struct work *w, const struct client *a,
                              const struct client *b) must_check;

/*
 * A client turns out to be another: no list shows them, and their address leads to who they are;
 * or, where that one takes it over (give_address), is free for them. And back: CONFLICT
 * already_exists where somebody has the address by now. What belongs to them is merge/'s to move.
 */
enum result client_become(struct work *w, const struct client *other, int64_t into_id,
                          bool give_address) must_check;
enum result client_come_back(struct work *w, const struct client *other) must_check;

/* Its terms are made anew, with those of whoever turned out to be this client. */
enum result client_index_again(struct work *w, int64_t id) must_check;

/* Nobody finds them any more, and their tags are not counted: for an erasure, before the row is
 * emptied. A tag that others have as well stays, as the business's own word. */
enum result client_forget_terms(struct work *w, int64_t id) must_check;

/* ["a","b"] ↔ a list; what cannot be read is an empty one. */
struct str client_list_json(struct arena *a, const struct str_list *list);
struct str_list client_list_read(struct arena *a, struct str json);

/*
 * A visitor's details → the client of that address, made where there is none (*ret_created). An
 * existing client's name and phone are kept where present (a stranger must not rewrite them); an
 * absent phone is filled. Without e-mail always a new client. Safe against two at once: the unique
 * key decides.
 */
extern const struct shape client_details_shape;        /* name required, email?, phone? (staff) */
extern const struct shape client_details_public_shape; /* name and email required */
enum result client_find_or_make(struct work *w, const struct client_details *in, struct client *ret,
                                bool *ret_created) must_check;
/* Corrects a client's details from a booking (audited); what is absent stays. CONFLICT
 * already_exists where the address is another client's. */
struct client_correction {
    struct str name, email, phone;
};
extern const struct shape client_correction_shape;
enum result client_correct(struct work *w, int64_t client_id,
                           const struct client_correction *in) must_check;
/* The business's first answer moves `new` to `contacted`. */
enum result client_contacted(struct work *w, int64_t client_id) must_check;
/* A booking moves `new` and `contacted` to `booked`. */
enum result client_booked(struct work *w, int64_t client_id) must_check;

/* Whether the robot may write to them by itself. */
struct client_peace {
    bool paused;       /* a person has answered them, and they have not written since */
    bool unsubscribed; /* they want no letters but those about their own visits */
};
enum result client_peace(struct work *w, int64_t client_id, struct client_peace *ret) must_check;
/* A person has written to them: the robot keeps still for CLIENT_PAUSE_S. */
enum { CLIENT_PAUSE_S = 48 * 3600 };
bool client_paused(const struct client *c, int64_t now_s);
enum result client_pause(struct work *w, int64_t client_id) must_check;
/* As it was with another, or before: nobody has answered just now. Absent: it goes on. */
enum result client_pause_until(struct work *w, int64_t client_id, struct opt_int until_s,
                               struct str by) must_check;
/* They have written: it may go on. */
enum result client_resume(struct work *w, int64_t client_id) must_check;

/* A new client who has said so elsewhere, before. */
enum result client_unsubscribed_since(struct work *w, int64_t client_id,
                                      int64_t since_s) must_check;
/* Their own wish; audited where it changes anything. An unknown client is nobody's wish: OK. */
enum result client_subscribe(struct work *w, int64_t client_id, bool subscribed) must_check;

/* Those whom the words fit, newest first; at most `limit`. */
enum result client_matching(struct work *w, struct str words, size_t limit, struct client **ret,
                            size_t *ret_count) must_check;

/* Makes the terms of clients that have none (from before the index, or written past the program), a
 * bounded number; call again while it tells of some. In a writing transaction open to all tenants.
 */
enum result client_index_sweep(struct work *w, int64_t *ret_done) must_check;

extern const struct shape client_view_shape;
/* As answers show it. */
struct client_out {
    struct opt_int id;
    struct str name, email, phone, notes, tags, alerts, status, source;
    struct opt_int created_at, paused_until, unsubscribed_at, version;
    struct opt_bool has_clinical_notes;
};
struct client_out client_show(const struct work *w, const struct client *c);

extern const struct route_table client_table;

#endif
