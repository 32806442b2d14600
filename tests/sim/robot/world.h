/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * world: what outlives the program in the simulation: the clock, what people remember, and what was
 * seen to happen.
 *
 * It lies in a folder. `world` is this struct, mapped by every life of the program; `jumps` says by
 * how much the wall clock is wrong and since when; `actions.log` and `provider.log` are written by
 * whole lines that are in the kernel's hands before anything else happens, so a death loses none.
 *
 * There are two clocks. `right_ms` is the time that it is; it only rises. The wall clock, which the
 * program reads, is that and the jump in force. The program's monotonic clock is the right one.
 */
#ifndef CAREOPS_SIM_ROBOT_WORLD_H
#define CAREOPS_SIM_ROBOT_WORLD_H

#include "base/env.h"

#include <stdatomic.h>
#include <stdbool.h>

enum { SALONS = 3, SEATS = 2, JUMPS_MAX = 4096, PATH_TEXT = 512 };

/* What the owner's browser holds, and what they know of their business. */
struct sim_salon {
    char slug[64], email[64];
    int64_t id, services[2], staff[2];
    char cookies[SEATS][256], devices[SEATS][128];
};

/* A place at which a life of the program runs; two on PostgreSQL. */
struct seat {
    _Atomic int32_t pid;     /* 0: nobody */
    _Atomic int64_t seen_ms; /* it has had its turn at this time */
};

struct world {
    _Atomic int64_t right_ms, end_ms, actions, lives;
    struct seat seats[SEATS];
    struct sim_salon salons[SALONS];
};

struct jump {
    int64_t from_ms, offset_ms;
};

/* One life's view. */
struct life {
    struct world *world;
    char folder[PATH_TEXT];
    int seat;
    int64_t number;
    struct jump jumps[JUMPS_MAX];
    size_t jump_count;
    struct env env;
    _Atomic int64_t last_id;
    _Atomic uint64_t chance;        /* the state of random numbers */
    _Atomic int64_t steps, dies_at; /* 0: of nothing but what comes from outside */
    int actions_fd, provider_fd;
    bool forgets_keys; /* the provider, so that a test of this test fails */
};

/* Maps the folder's world, which a first life has made empty. False with a line on stderr. */
bool life_begin(struct life *l, const char *folder, int seat, uint64_t seed);

int64_t right_ms(const struct life *l);
int64_t wall_at(const struct life *l, int64_t right_ms);
/* The next moment after `right_ms` at which the wall clock jumps; INT64_MAX: none. */
int64_t next_jump_ms(const struct life *l, int64_t right_ms);
/* Moves the clock on, but no further than others of the program can follow: a process may lag, but
 * not sleep for a day. */
void move_to(struct life *l, int64_t to_ms);

uint64_t chance_of(struct life *l, uint64_t below);

/* A step that the program takes: here it may die. */
void may_die(struct life *l);

void note(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
