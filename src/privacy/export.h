/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * export: everything about one person as one file, in JSON for programs and in HTML for people.
 *
 * It is read page by page, each in a transaction of its own, so that a client of many years holds
 * nobody up and takes no more memory than the file itself; the file has a limit.
 */
#ifndef CAREOPS_PRIVACY_EXPORT_H
#define CAREOPS_PRIVACY_EXPORT_H

#include "privacy/internal.h"

enum { EXPORT_LIMIT = 128 * 1024 * 1024 };

enum export_form { EXPORT_AS_JSON, EXPORT_AS_HTML };

struct export_ask {
    const struct work *work; /* whose, and what to do it with; it has no transaction */
    int64_t client_id;
    struct str name; /* of the client */
    enum export_form form;
};
/* INVALID, 413 export_too_large, where it has no room in EXPORT_LIMIT. */
enum result export_write(const struct export_ask *ask, struct buf *out) must_check;

#endif
