/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* world: see world.h. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4000, FOLLOW_US = 500, DEATH = 9 };

/* ---- clocks ---- */

int64_t right_ms(const struct life *l)
{
    return atomic_load(&l->world->right_ms);
}

int64_t wall_at(const struct life *l, int64_t at_ms)
{
    int64_t offset = 0;
    for (size_t i = 0; i < l->jump_count && l->jumps[i].from_ms <= at_ms; i++)
        offset = l->jumps[i].offset_ms;
    return at_ms + offset;
}

int64_t next_jump_ms(const struct life *l, int64_t at_ms)
{
    for (size_t i = 0; i < l->jump_count; i++)
        if (l->jumps[i].from_ms > at_ms)
            return l->jumps[i].from_ms;
    return INT64_MAX;
}

static int64_t now_ms(void *self)
{
    const struct life *l = self;
    return wall_at(l, right_ms(l));
}

static int64_t mono_ms(void *self)
{
    return right_ms(self);
}

static bool lives(const struct seat *s)
{
    pid_t pid = atomic_load(&s->pid);
    return pid > 0 && (kill(pid, 0) == 0 || errno != ESRCH);
}

void move_to(struct life *l, int64_t to_ms)
{
    struct world *w = l->world;
    int64_t now = right_ms(l);
    if (to_ms <= now)
        return;
    atomic_store(&w->seats[l->seat].seen_ms, now); /* who waits here holds nobody up */
    for (int i = 0; i < SEATS; i++) {
        const struct seat *s = &w->seats[i];
        while (i != l->seat && lives(s) && atomic_load(&s->seen_ms) < now && right_ms(l) == now)
            usleep(FOLLOW_US);
    }
    atomic_compare_exchange_strong(&w->right_ms, &now, to_ms);
}

/* ---- chance ---- */

static uint64_t next_number(struct life *l)
{
    uint64_t z = atomic_fetch_add(&l->chance, UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint64_t chance_of(struct life *l, uint64_t below)
{
    return next_number(l) % below;
}

static void random_bytes(void *self, void *ret, size_t len)
{
    unsigned char *p = ret;
    for (size_t i = 0; i < len; i++)
        p[i] = (unsigned char)(next_number(self) >> 24);
}

void may_die(struct life *l)
{
    int64_t at = atomic_load(&l->dies_at);
    if (at > 0 && atomic_fetch_add(&l->steps, 1) + 1 == at)
        _exit(DEATH);
}

/* ---- the folder ---- */

void note(int fd, const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (len <= 0 || (size_t)len >= sizeof line || write(fd, line, (size_t)len) != len)
        abort();
}

static int open_in(const struct life *l, const char *name, int flags)
{
    char path[PATH_TEXT + 32];
    snprintf(path, sizeof path, "%s/%s", l->folder, name);
    int fd = open(path, flags | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        fprintf(stderr, "robot_sim: %s: %s\n", path, strerror(errno));
    return fd;
}

static void read_jumps(struct life *l)
{
    char path[PATH_TEXT + 32], line[128];
    snprintf(path, sizeof path, "%s/jumps", l->folder);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f) && l->jump_count < JUMPS_MAX) {
        char *end;
        int64_t from_ms = strtoll(line, &end, 10);
        l->jumps[l->jump_count++] = (struct jump){from_ms, strtoll(end, NULL, 10)};
    }
    if (f)
        fclose(f);
}

bool life_begin(struct life *l, const char *folder, int seat, uint64_t seed)
{
    snprintf(l->folder, sizeof l->folder, "%s", folder);
    l->seat = seat;
    int fd = open_in(l, "world", O_RDWR);
    l->actions_fd = open_in(l, "actions.log", O_WRONLY | O_APPEND);
    l->provider_fd = open_in(l, "provider.log", O_RDWR | O_APPEND);
    if (fd < 0 || l->actions_fd < 0 || l->provider_fd < 0 || ftruncate(fd, sizeof *l->world) != 0)
        return false;
    l->world = mmap(NULL, sizeof *l->world, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (l->world == MAP_FAILED)
        return false;
    read_jumps(l);
    l->number = atomic_fetch_add(&l->world->lives, 1);
    atomic_store(&l->chance, seed + (uint64_t)l->number * UINT64_C(0xD1342543DE82EF95));
    l->env = (struct env){l, now_ms, mono_ms, random_bytes, &l->last_id};
    atomic_store(&l->world->seats[seat].seen_ms, right_ms(l));
    atomic_store(&l->world->seats[seat].pid, getpid());
    return true;
}
