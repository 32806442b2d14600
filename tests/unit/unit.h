/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * unit: what unit tests share. cmocka wants four headers before its own; the helpers below say in a
 * word what tests of the base floor ask again and again.
 */
#ifndef CAREOPS_TESTS_UNIT_H
#define CAREOPS_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define count_of(array) (sizeof(array) / sizeof *(array))

/* Whether `fn` ends its process by SIGABRT. It runs in a child that says nothing. */
static inline bool aborts(void (*fn)(void))
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(null, STDERR_FILENO);
        dup2(null, STDOUT_FILENO);
        fn();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

/* A repeatable stream of numbers (splitmix64): a test that fails fails again. */
struct numbers {
    uint64_t state;
};

static inline uint64_t numbers_next(struct numbers *n)
{
    uint64_t z = n->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* least … most, both included */
static inline int64_t numbers_between(struct numbers *n, int64_t least, int64_t most)
{
    return least + (int64_t)(numbers_next(n) % (uint64_t)(most - least + 1));
}

#endif
