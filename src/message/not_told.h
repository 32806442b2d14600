/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* not_told: who was not told what they should know, for whoever lists them; see not_told.c. */
#ifndef CAREOPS_MESSAGE_NOT_TOLD_H
#define CAREOPS_MESSAGE_NOT_TOLD_H

#include "http/route.h"

struct untold_client {
    struct opt_int id;
    struct str name, email, phone;
};

struct next_step {
    struct str code, message, url;
};
extern const char *const next_step_names[]; /* NULL-terminated */

struct untold_view {
    struct opt_int email_id, booking_id, booking_start, at, matters_until;
    struct untold_client *client;
    struct next_step *next_step;
    struct str kind, subject, status, delivery, why, last_error;
};

/* Those to whom it matters still, the most urgent first: at most `limit`. */
enum result not_told_first(struct work *w, int64_t limit, struct untold_view **ret,
                           size_t *ret_count) must_check;

#endif
