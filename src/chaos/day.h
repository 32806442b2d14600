/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * day: what is known of a Chaos Day: what was asked and answered, what was done to the system, and
 * what the system showed at the end. The players write it, the judges (judge.h) and the report
 * (report.h) read it; neither knows the other.
 *
 * Nothing in this folder includes anything of the server but base/: the judges share no code with
 * what they judge. Times are milliseconds of the monotonic clock since the day began, except where
 * a name ends in `_s`: seconds of UTC. Quantities are thousandths of the item's unit.
 *
 * All lists are bounded and belong to the day; texts lie in the day's arena. The lists grow under
 * the day's lock while it is played, and are read alone after it.
 */
#ifndef CAREOPS_CHAOS_DAY_H
#define CAREOPS_CHAOS_DAY_H

#include "base/str.h"

#include <pthread.h>

enum {
    DAY_OPS_MAX = 4000000, /* some six hours of sixty deeds a second */
    DAY_EVENTS_MAX = 1000000,
    DAY_BOOKINGS_MAX = 500000,
    DAY_MOVES_MAX = 1000000,
    DAY_MAILS_MAX = 1000000,
    DAY_READY_WITHIN_MS = 1000, /* unless the operator says otherwise */
};

/* What was asked of the system through its API. */
enum day_verb {
    DAY_BOOK,
    DAY_MOVE,
    DAY_CANCEL,
    DAY_RESTORE,
    DAY_CORRECT, /* the client's wrong number */
    DAY_CONFIRM,
    DAY_COMPLETE,
    DAY_NO_SHOW,
    DAY_STOCK, /* received, counted, wasted or adjusted */
    DAY_AWAY,  /* a stylist calls in sick */
    DAY_READ,
    DAY_VERBS,
};

enum day_outcome {
    DAY_ACKNOWLEDGED, /* 2xx */
    DAY_REFUSED,      /* 4xx: it had no effect */
    DAY_UNKNOWN,      /* no answer, a broken one, or 5xx: it may or may not have had its effect */
};

/* One call. A retry is a call of its own under the same key. */
struct day_op {
    int64_t began, ended;
    enum day_verb verb;
    enum day_outcome outcome;
    int client;      /* who called: 0 is the owner */
    int status;      /* HTTP; 0: none */
    int64_t booking; /* 0: none, or not known */
    int64_t version; /* of the booking, as answered */
    int64_t start_s; /* BOOK and MOVE: the start that was asked for; AWAY: from when on */
    int64_t staff;   /* BOOK and MOVE: as answered; 0: not known; AWAY: who */
    uint32_t key;    /* index of the idempotency key; 0: none */
    uint32_t rush;   /* which rush on one slot it belongs to; 0: none */
    uint64_t answer; /* hash of the answer's status and body, for repeated keys; 0: none */
    struct str code; /* the problem's code, or absent */
    bool meant_lost; /* the player threw the answer away: the system may have given one */
};

/* What happened on the day, for the timeline; the ones that hurt count as injected. */
enum day_fault {
    DAY_NO_FAULT, /* a chapter of the day, told in words */
    DAY_KILL_SERVER,
    DAY_KILL_DATABASE,
    DAY_READY, /* answering again; `took` since the start of the process */
    DAY_LOST_ANSWER,
    DAY_DOUBLE_TAP,
    DAY_PROVIDER, /* the mail provider failed a call; `text` says how */
    DAY_FAULTS,
};

struct day_event {
    int64_t at;
    enum day_fault fault;
    int64_t took;
    struct str text; /* a sentence in plain words, or absent */
};

/* What was set up, so that judges know what to hold visits against. */
struct day_service {
    int64_t id;
    struct str name;
    int before_s, after_s; /* the buffers */
    int segments;
    struct day_segment {
        bool work; /* else processing: the person is free */
        int length_s;
    } segment[8];
    int64_t item; /* 0: uses none */
    int64_t quantity;
};

struct day_person {
    int64_t id;
    struct str name;
};

/* A booking as the system showed it at the end. */
struct day_booking {
    int64_t id;
    int64_t version;
    int64_t service, staff;
    int64_t start_s, end_s; /* without buffers */
    struct str status;      /* as in API.md */
    struct str client_mark; /* the marker in its client's name: who it is for */
    uint32_t key;           /* the key it was made with, as its marker tells; 0: not ours */
    int confirmations;      /* letters of confirmation that the system says it sent */
};

/* A row of the ledger as the system showed it, oldest first. */
struct day_stock_move {
    int64_t id, item;
    int64_t on_hand, reserved; /* what it adds to each */
    struct str cause;          /* reserve, release, consume, receive, … */
    int64_t booking;           /* 0: none */
};

struct day_item {
    int64_t id;
    struct str name;
    int64_t on_hand, reserved; /* as the system showed them at the end */
};

/* When somebody is away, as the system showed it at the end. */
struct day_away {
    int64_t staff;
    int64_t from_s, to_s;
};

/* A letter that the stand-in of the provider accepted. */
struct day_mail {
    int64_t at;
    uint64_t key;    /* hash of its idempotency key */
    uint64_t body;   /* hash of its body */
    struct str to;   /* the address */
    struct str kind; /* from its tags: booking_confirmation, … */
    int64_t booking; /* from its tags; 0: none */
};

/* Somebody was shown a marker of somebody else. */
struct day_leak {
    int64_t at;
    struct str whose, shown_to, where;
};

struct day {
    struct arena arena;
    pthread_mutex_t lock;
    uint64_t seed;
    struct str target; /* the address that was played against */
    struct str engine; /* as the operator says it, or absent */
    int64_t began_s;   /* when, in UTC */
    int64_t length;    /* how long it was */
    int clients;
    int kills_wanted;
    int64_t ready_within_ms; /* what judge `ready` asks at the 99th percentile */
    bool has_stand_in;       /* the provider was ours, so letters can be counted */
    bool all_read; /* bookings, moves and items are complete; else the day has no verdict */
    struct day_list {
        size_t count, cap;
        void *rows;
    } ops, events, services, people, bookings, moves, items, aways, mails, leaks;
    int64_t answers_searched;      /* how many answers were searched for markers of others */
    int64_t unwritten[DAY_FAULTS]; /* of each kind, what was done and is not among the events */
};

void day_init(struct day *d, uint64_t seed);
void day_done(struct day *d);

/* Each takes the lock, copies what it is given, texts too, and drops what is past the bound
 * (`day_overflowed` tells: then the day has no verdict). */
void day_op(struct day *d, const struct day_op *op);
void day_event(struct day *d, const struct day_event *event);
/* One more fault of this kind, of which so many are written down already. */
void day_unwritten(struct day *d, enum day_fault fault);
void day_mail(struct day *d, const struct day_mail *mail);
void day_leak(struct day *d, const struct day_leak *leak);
void day_service(struct day *d, const struct day_service *service);
void day_person(struct day *d, const struct day_person *person);
void day_item(struct day *d, const struct day_item *item);
void day_booking(struct day *d, const struct day_booking *booking);
void day_stock_move(struct day *d, const struct day_stock_move *move);
void day_away(struct day *d, const struct day_away *away);
bool day_overflowed(const struct day *d);

/* Of verbs, outcomes and faults, for the history and the report: "no_show", "acknowledged",
 * "kill_server". */
const char *day_verb_name(enum day_verb verb);
const char *day_outcome_name(enum day_outcome outcome);
const char *day_fault_name(enum day_fault fault);

/* The rows of a list, for `const struct day_op *op = day_rows(&d->ops)`. */
static inline const void *day_rows(const struct day_list *list)
{
    return list->rows;
}

/* How many faults of a kind were injected; chapters and READY are none. */
int64_t day_injected(const struct day *d, enum day_fault fault);
int64_t day_injected_all(const struct day *d);

/* One JSON object a line: what was asked, answered and done, in the order of time. */
enum result day_write_history(const struct day *d, const char *path, char *error,
                              size_t size) must_check;

#endif
