/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* message_routes: the communication log under /api/v1/emails, who was not told, Resend's reports,
 * and the mail of file: mode under /dev/mail. */
#ifndef CAREOPS_MESSAGE_MESSAGE_ROUTES_H
#define CAREOPS_MESSAGE_MESSAGE_ROUTES_H

#include "http/route.h"

extern const struct route_table message_table;
extern const struct route_table not_told_table;
extern const struct route_table webhook_table;
extern const struct route_table devmail_table;

/* Forgets the reports that can no longer come twice, some at a time; whosever they were. */
enum result webhook_sweep(struct work *w) must_check;

#endif
