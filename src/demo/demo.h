/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * demo: fills an empty database with three businesses that look real: a hair salon, a spa and a
 * clinic, each with its menu, people, rooms, stock, clients and some three weeks of visits around
 * today.
 *
 * Owns nothing. What the businesses are stands in demo/<name>.json; here is only how it gets in: by
 * the program's own API, called in process, so that every rule is the real one and there is no
 * second way to write data; but for the passwords of the members who can sign in. Chance comes from
 * a fixed seed; what depends on the day is when it is run.
 *
 *     demo.c      the three businesses side by side, and what is printed
 *     caller.c    one signed-in person who speaks to the API
 *     business.c  a business from its file, up to its public page
 *     visits.c    its diary: the days past, today and the days to come
 */
#ifndef CAREOPS_DEMO_DEMO_H
#define CAREOPS_DEMO_DEMO_H

#include "base/app.h"
#include "base/result.h"

#include <stdio.h>

/*
 * Prints the addresses and sign-ins. CONFLICT, with one line printed, when the database holds any
 * business already (where it is the demo itself, the sign-ins follow): nothing is written then.
 * INTERNAL or BUSY when it failed on the way; the cause is in the log, and what was written stays.
 *
 * The dispatcher's limiter must be off. Every message that the demo causes is set to suppressed at
 * the end, so that invented people are never written to; a mailer must not run meanwhile. Any
 * thread, once.
 */
enum result demo_load(struct dispatcher *d, const struct app *app, FILE *out) must_check;

#endif
