/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* nap: on a descriptor of the kernel's. See nap.h. */
#include "base/nap.h"

#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

void nap_init(struct nap *n)
{
    n->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (n->fd < 0)
        abort();
}

void nap_done(struct nap *n)
{
    close(n->fd);
}

bool nap_for(struct nap *n, int ms)
{
    struct pollfd waits = {.fd = n->fd, .events = POLLIN};
    uint64_t raised;
    if (poll(&waits, 1, ms) <= 0)
        return false;
    return read(n->fd, &raised, sizeof raised) > 0;
}

void nap_wake(struct nap *n)
{
    uint64_t one = 1;
    ssize_t written = write(n->fd, &one, sizeof one);
    (void)written; /* it can only fail when it is raised already */
}
