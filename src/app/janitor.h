/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * janitor: one thread that throws away, a little every minute, what no longer counts: idempotency
 * records past their day, sessions and reset links that have run out. Small bounded transactions,
 * so that bookings never wait for it.
 */
#ifndef CAREOPS_APP_JANITOR_H
#define CAREOPS_APP_JANITOR_H

#include "base/app.h"

struct janitor;

struct janitor *janitor_start(const struct app *app);
void janitor_stop(struct janitor *j);

#endif
