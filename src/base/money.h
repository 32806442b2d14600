/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * money: an amount in minor units of an ISO 4217 currency, as plain English text for mails and
 * pages without JavaScript: "€45", "€45.50", "¥4,500", "CHF 45". The browser formats by the
 * business's locale itself.
 */
#ifndef CAREOPS_BASE_MONEY_H
#define CAREOPS_BASE_MONEY_H

#include "base/buf.h"

/* How many digits the minor unit has: 2 for most, 0 for JPY, 3 for KWD. */
int money_digits(struct str currency);
void money_format(struct buf *out, int64_t minor, struct str currency);
/* "1234.50": as many places as the currency has and nothing else, as a spreadsheet reads it. */
void money_plain(struct buf *out, int64_t minor, struct str currency);

#endif
