/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * nap: a thread that has nothing to do sleeps for a while, until another wakes it.
 *
 * The sleep is measured in what passes, not by the clock on the wall, so that a clock which is set
 * neither prolongs nor ends it.
 */
#ifndef CAREOPS_BASE_NAP_H
#define CAREOPS_BASE_NAP_H

#include <stdbool.h>

struct nap {
    int fd;
};

void nap_init(struct nap *n); /* ends the program where there are no descriptors: at start */
void nap_done(struct nap *n);
/* At most so long; true when woken. A wake that came before counts. */
bool nap_for(struct nap *n, int ms);
/* Any thread. */
void nap_wake(struct nap *n);

#endif
