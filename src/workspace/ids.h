/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ids: lists of ids in requests: each at most once, and as text for the audit. Pure. */
#ifndef CAREOPS_WORKSPACE_IDS_H
#define CAREOPS_WORKSPACE_IDS_H

#include "db/work.h"

/* INVALID with an error at "<path>.<n>" for each id that stands in the list before. */
enum result ids_distinct(struct work *w, const char *path, struct id_list list) must_check;
/* NOT_FOUND with an error at "<path>.<n>": nothing of this business has the n-th id. The first says
 * it for the whole, each adds its field. */
enum result ids_unknown(struct work *w, const char *path, size_t n, const char *message);
/* "12, 15" */
struct str ids_text(struct arena *a, struct id_list list);

#endif
