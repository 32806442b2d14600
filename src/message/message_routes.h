/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* message_routes: the communication log under /api/v1/emails, and the mail of file: mode under
 * /dev/mail. */
#ifndef CAREOPS_MESSAGE_MESSAGE_ROUTES_H
#define CAREOPS_MESSAGE_MESSAGE_ROUTES_H

#include "http/route.h"

extern const struct route_table message_table;
extern const struct route_table devmail_table;

#endif
