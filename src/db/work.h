/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * work: what a feature function works with: one request, or one run of the robot, inside one
 * transaction.
 *
 * Made by http/dispatch (requests) or by a background thread; passed down by pointer, never stored.
 * Every query of a feature names `workspace_id`, so that a tenant is a range and nothing crosses.
 */
#ifndef CAREOPS_DB_WORK_H
#define CAREOPS_DB_WORK_H

#include "base/app.h"
#include "db/db.h"

enum actor_kind { ACTOR_NOBODY, ACTOR_OWNER, ACTOR_STAFF, ACTOR_CLIENT, ACTOR_SYSTEM };

/* As the audit and the ledger write them, NULL-terminated; nobody is a "visitor". */
extern const char *const actor_kind_names[];

/* Permissions that a member of staff can hold (API.md); an owner has all. */
enum permission {
    PERM_BOOKINGS = 1 << 0,
    PERM_INBOX = 1 << 1,
    PERM_CLIENTS = 1 << 2,
    PERM_INVENTORY = 1 << 3,
    PERM_REPORTS = 1 << 4,
    PERM_CLINICAL = 1 << 5, /* what is sealed: clinical notes, clinical forms' answers */
    PERM_ALL = (1 << 6) - 1,

    /* Nobody is given these: they follow from who calls, and stand beside the permissions wherever
     * a route or a field asks for one of several. */
    RIGHT_OWNER = 1 << 8,    /* an owner, or a token with the scope admin */
    RIGHT_CONTACTS = 1 << 9, /* staff of a business that shows them its clients' contacts */

    /* For fields: who may know where a client is reached. */
    SEES_CONTACTS = PERM_BOOKINGS | PERM_CLIENTS | RIGHT_CONTACTS,
};
/* Their names on the wire in the order of their bits, NULL-terminated. */
extern const char *const permission_names[];

struct actor {
    enum actor_kind kind;
    int64_t
        workspace_id; /* 0 = none yet (public routes set it when they have found the business) */
    int64_t user_id;  /* 0 for clients and the system */
    int64_t staff_id; /* the member's resource id, 0 otherwise */
    int64_t session_id;
    int64_t token_id;     /* of the API token that speaks for its maker; 0: a person themselves */
    unsigned permissions; /* and rights */
    bool must_change_password;   /* signed in with the password of an invitation */
    bool must_set_up_two_factor; /* the business asks for a second factor, and they have none */
    int64_t seen_s;              /* when their session or token was last noted as in use */
    struct str name;             /* for the audit's "who" */
};

struct rule;

struct work {
    struct arena *arena;
    struct db_tx *tx;
    const struct env *env;
    struct problem *problem;
    const struct app *app; /* mailer, base URL …: what lives as long as the program */
    int64_t now_s;         /* read once a request, so that one change has one time */
    struct actor actor;
    bool
        sees_all; /* the dispatcher's word on a route with `all_with`: not only what is their own */
    struct str request_id;
    int64_t job_id; /* of which this is a run (job/runner.h): it is not dropped by what it does */
    const struct rule *rules; /* message/rule.h: this business's, once they were asked for */
};

/*
 * From here on the work is at this business: the actor's workspace and the transaction's tenant.
 * For whoever is nobody's member: a visitor of a page, the holder of a link, a letter's addressee.
 */
void work_enter(struct work *w, struct actor actor);

/* "Not found" in words that help: work_missing(w, "service") → 404 "There is no such service." */
enum result work_missing(struct work *w, const char *what) must_check;
/* The same for an id inside the body: 404 with the field named in `errors`. */
enum result work_missing_at(struct work *w, const char *path, const char *what) must_check;

struct tz;
/*
 * One end of a time filter: a local date (its start, or with `end` its end) or an instant. Absent
 * leaves *ret as it is; anything else is INVALID at `path`.
 */
enum result work_bound(struct work *w, const struct tz *tz, struct str text, bool end,
                       const char *path, int64_t *ret) must_check;

#endif
