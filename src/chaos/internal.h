/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * internal: the players of a Chaos Day among themselves.
 *
 * One `struct play` lives as long as the command. Each thread has a player of its own (call.c), by
 * which it asks the system and which writes down what was asked and answered. Who does what:
 *
 *     chaos.c       the command: options, the order of things, the verdict
 *     salon.c       the two businesses, made through the API
 *     call.c        one call: sent, written down, searched for others' markers
 *     visit.c       a booking in the hands of one player: made, moved, cancelled … until answered
 *     load.c        the clients' threads: the mixed load that goes on under everything
 *     chapters.c    the owner's day, one chapter after another
 *     nemesis.c     kills and starts the system's processes (process.c)
 *     standin.c     the mail provider that fails a third of its calls
 *     final.c       what the system shows at the end
 *
 * A booking is changed by one player only, so that each knows what must be there.
 */
#ifndef CAREOPS_CHAOS_INTERNAL_H
#define CAREOPS_CHAOS_INTERNAL_H

#include "base/buf.h"
#include "base/env.h"
#include "chaos/day.h"

#include <curl/curl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    CLIENTS_MAX = 500,
    PEOPLE_MAX = 8,
    MENU_MAX = 6,
    ITEMS_MAX_CHAOS = 4,
    BESIDE_EVERY = 16, /* of so many clients one is the other business's */
    MARK_TEXT = 20,
    MARKS_MAX = CLIENTS_MAX + 3,
    COOKIE_TEXT = 300,
    PATH_TEXT = 400,
    TOKEN_MAX = 80,
    HOT_DAYS = 3,         /* on which the clients book at a time */
    HOT_FIRST = 2,        /* days ahead */
    OWN_MAX = 5000,       /* bookings that one player looks after */
    RETRY_FOR_MS = 90000, /* an answer is asked for so long */
    ANSWER_MAX = 16 * 1024 * 1024,
};

/* ---- options.c ---- */

struct options {
    const char *url;
    int clients;
    int64_t length_ms, ready_ms;
    uint64_t seed;
    int kills;
    const char *start, *database;
    const char *report, *history, *output;
    bool json, calm, provider_faults;
};

enum { OPTIONS_ERROR = 200 };
/* INVALID with one clear line. */
enum result options_read(int argc, char **argv, struct options *ret, char *error) must_check;
void options_help(FILE *out);
/* The command that plays the same day again, as a shell takes it. */
void options_command(const struct options *o, struct buf *out);

/* ---- random.c: the same plan for the same seed ---- */

struct dice {
    uint64_t state;
};
void dice_init(struct dice *d, uint64_t seed, uint64_t stream);
uint64_t dice_bits(struct dice *d);
/* 0 … n - 1 */
int64_t dice(struct dice *d, int64_t n);
bool dice_percent(struct dice *d, int percent);
uint64_t hash_bytes(const void *data, size_t len);

/* ---- the two businesses ---- */

struct menu {
    int64_t id;
    int length_s;
    bool scarce; /* its material runs out in the stock surprise */
};

struct salon {
    int which; /* 0: the one that is judged; 1: the one beside it */
    const char *mark;
    char slug[64];
    char cookie[COOKIE_TEXT]; /* of its owner */
    int64_t people[PEOPLE_MAX];
    size_t people_count;
    struct menu menu[MENU_MAX];
    size_t menu_count;
    int64_t items[ITEMS_MAX_CHAOS];
    size_t item_count;
};

struct play;

/* ---- call.c ---- */

struct player {
    struct play *play;
    int index;           /* 0: the owner; clients from 1 on */
    struct salon *salon; /* whose pages, or whose office */
    bool office;         /* sees what belongs to the salon */
    const char *mark;    /* the client's own; NULL: none */
    CURL *easy, *twin;
    CURLM *multi; /* for double taps */
    struct buf answer, twin_answer;
    struct dice dice;
};

struct ask {
    enum day_verb verb;
    const char *method, *path; /* below /api/v1 unless it begins with /readyz */
    const char *body;          /* JSON, or NULL */
    bool as_owner;
    uint32_t key;     /* 0: none */
    int64_t if_match; /* 0: none */
    bool lose;        /* the line breaks after it was sent */
    bool unseen;      /* not written down: setting up, reading for the player's own use */
    uint32_t rush;
    int64_t start_s, booking;
    int64_t staff; /* whom it is about, where no answer says so */
};

struct told {
    int status; /* 0: no answer */
    bool sent;  /* false: nobody was listening, so nothing happened */
    int retry_after_s;
    json_t *json; /* owned: told_done; NULL where there was none */
    int64_t booking, version, start_s, end_s, staff;
    char state[16]; /* of the booking */
    char code[64];
};

bool player_init(struct player *c, struct play *play, int index, struct salon *salon, bool office,
                 const char *mark);
void player_done(struct player *c);
void told_done(struct told *t);
/* One call, written down unless unseen. */
void call(struct player *c, const struct ask *ask, struct told *ret);
/* The same call twice at the same moment, for which `twin` is the other finger. */
void call_twice(struct player *c, const struct ask *ask, struct told *ret, struct told *ret_twin);
/* Again until answered by less than 500 and not by 429, under the same key; false: given up. */
bool call_until(struct player *c, const struct ask *ask, struct told *ret);
/* GET without writing it down, again until it is 200; NULL: given up. The player frees. */
json_t *fetch(struct player *c, const char *path, bool as_owner);
uint32_t next_key(struct play *p);
/* Waits until the system is said to be up, or a moment where nobody says so. */
void wait_up(struct play *p, struct dice *d);
int64_t json_id(const json_t *object, const char *name);
int64_t json_instant(const json_t *object, const char *name);
const char *json_text(const json_t *object, const char *name); /* "" where absent */
void add_json_text(struct buf *out, const char *text);         /* with its quotes */

/* ---- visit.c ---- */

enum own_state { OWN_OPEN, OWN_CANCELLED, OWN_OVER, OWN_LOST };

struct own {
    int64_t id, version, start_s;
    uint32_t key;
    uint32_t rush;
    enum own_state state;
    short service; /* index of the menu */
    char token[TOKEN_MAX];
};

struct booking_wish {
    int service;
    int64_t start_s;
    int64_t staff; /* 0: anyone */
    bool at_desk;  /* by the owner, without an address */
    bool past;     /* a walk-in, written down later */
    bool lose, twice;
    uint32_t rush;
};

/* True when it was acknowledged; *ret is the booking then. */
bool visit_book(struct player *c, const struct booking_wish *wish, struct own *ret);
bool visit_move(struct player *c, struct own *own, int64_t start_s, int64_t staff, bool by_client,
                bool lose);
bool visit_step(struct player *c, struct own *own, enum day_verb verb, bool by_client, bool lose);
bool visit_correct(struct player *c, struct own *own, bool lose);
void visit_read(struct player *c, struct own *own);
/* A free start of a day (days since 1970) for a service, at random; false: none is left. `all`:
 * only where everybody is free. `staff`: 0 for anyone. */
bool visit_find(struct player *c, int service, int64_t day, int64_t staff, bool all,
                int64_t *ret_start_s);

/* ---- load.c ---- */

struct client {
    struct player player;
    struct own *own;
    size_t own_count;
    pthread_t thread;
    bool started;
    uint32_t rushed; /* the last rush that it took part in */
};

struct rush {
    uint32_t number; /* 0: none so far */
    int service;
    int64_t start_s;
    int waiting; /* clients at the door */
    int booked;  /* answered with yes */
    int done;
    bool open;
};

bool load_start(struct play *p);
void load_stop(struct play *p);

/* ---- chapters.c ---- */

/* The owner's day, until its length is over. On a thread of its own. */
void *chapters_run(void *play);
void tell_chapter(struct play *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void tell_fault(struct play *p, enum day_fault fault, const char *text);

/* ---- process.c: commands of the operator ---- */

struct process {
    const char *command;
    int pid; /* of its group's leader; 0: not running */
};

/* By /bin/sh -c, in a process group of its own; `env` are NAME=value that win, NULL at the end. */
enum result process_start(struct process *p, const char *const *env, const char *output) must_check;
/* kill -9 of the group and of all that descends from it; returns when they are gone. */
void process_kill(struct process *p);
void process_stop(struct process *p, int signal, int wait_ms);
/* It ended by itself; it is reaped then. */
bool process_ended(struct process *p);

/* ---- nemesis.c ---- */

struct nemesis {
    struct process server, database;
    atomic_int kills, database_kills; /* really made */
    int ended_alone;
    atomic_bool up;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct player probe;
};

/* Starts what is to be started and waits until the system is ready; false with why. */
bool nemesis_begin(struct play *p, char *error, size_t size);
void *nemesis_run(void *play);
/* After the day: the system must be up to be read. */
bool nemesis_settle(struct play *p);
void nemesis_end(struct play *p);

/* ---- standin.c ---- */

struct letter {
    int64_t at;
    uint64_t key, body;
    int64_t tag; /* the message's id at the system; 0: none */
    char *to;
    char *subject;
};

struct standin;
/* NULL with why. `faults`: a third of the calls fail. */
struct standin *standin_start(struct play *p, bool faults, char *error, size_t size);
int standin_port(const struct standin *s);
/* Every call fails until it is told otherwise. */
void standin_down(struct standin *s, bool down);
int64_t standin_calls(const struct standin *s);
int64_t standin_failed(const struct standin *s);
/* Ends its threads; the letters stay until standin_free. */
void standin_stop(struct standin *s);
size_t standin_letters(const struct standin *s, const struct letter **ret);
void standin_free(struct standin *s);

/* ---- salon.c, final.c ---- */

bool salon_make(struct play *p, struct salon *s, char *error, size_t size);
/* Waits until no letter is to be sent, at most so long. */
bool final_wait_for_letters(struct play *p, int64_t wait_ms);
/* Reads everything back; day.all_read says whether it could. */
void final_read(struct play *p);

/* ---- the play ---- */

struct play {
    struct options options;
    struct env env;
    _Atomic int64_t zero_ms; /* of the monotonic clock, when the day began */
    struct day day;
    char run[12]; /* random: this day's keys and addresses are no other's */
    char marks[MARKS_MAX][MARK_TEXT];
    unsigned char mark_salon[MARKS_MAX]; /* to which of the two it belongs */
    size_t mark_count;
    struct salon salon[2];
    struct client *clients;
    struct player owner;
    struct nemesis nemesis;
    struct standin *standin; /* NULL: the provider is not ours */
    pthread_mutex_t rush_lock;
    pthread_cond_t rush_changed;
    struct rush rush;
    _Atomic uint32_t last_key, rush_called;
    _Atomic int64_t hot_day; /* where the clients book: the first of some days, from 0 */
    _Atomic int64_t answered, booked, limited;
    _Atomic int64_t told_lost, told_twice, told_provider; /* events written of each */
    atomic_bool over;                                     /* no client begins anything new */
    atomic_bool chapters_done, kills_done;
    atomic_bool interrupted;
};

int64_t play_now(const struct play *p);
void nap_ms(int64_t ms);

#endif
