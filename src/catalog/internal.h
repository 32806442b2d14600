/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of catalog/ share and nobody else sees. */
#ifndef CAREOPS_CATALOG_INTERNAL_H
#define CAREOPS_CATALOG_INTERNAL_H

#include "catalog/catalog.h"

/* One that is not retired, with everything; NOT_FOUND otherwise. */
enum result service_load(struct work *w, int64_t id, struct service *ret) must_check;
/* By id, those after `after_id`; inactive ones too unless told, retired ones not. */
enum result service_page(struct work *w, int64_t after_id, bool only_active, size_t limit,
                         struct service **ret, size_t *ret_count) must_check;

/* The same for those that are switched off or retired. */
enum result service_shelf(struct work *w, int64_t after_id, size_t limit, struct service **ret,
                          size_t *ret_count) must_check;

/* Puts services in the order of the menu. Here and not in SQL, since the two engines order text
 * differently. */
void menu_sort(struct arena *a, struct service *list, size_t count);

/* Where the person stands in s->staff_ids, which is sorted; staff_count where nowhere. */
size_t service_staff_at(const struct service *s, int64_t staff_id);

/* ---- on the wire ---- */

struct segment_io {
    struct opt_int kind, minutes; /* kind: 0 work, 1 processing */
};

struct material_io {
    struct opt_int item_id, quantity;
};

struct need_io {
    struct id_list any_of;
};

struct terms_io {
    struct opt_int staff_id, price, duration_min;
};

extern const struct shape service_shape; /* as an answer */
extern const struct shape segment_shape, material_shape, need_shape, terms_shape;

/* Create and change alike: what is absent is a default or stays. */
struct service_in {
    struct str name, category, description;
    struct opt_int duration_min, buffer_before_min, buffer_after_min, price;
    struct opt_bool active;
    struct shape_list segments, materials, needs, requires, staff_terms;
    struct id_list staff_ids, form_ids;
};

/* One service as an answer, with its version as ETag. */
enum result service_answer(struct request *rq, struct work *w, int status, int64_t id) must_check;

/* Whether there is room for one more; the lock is the caller's. */
enum result service_check_room(struct work *w, int64_t *ret_last_position) must_check;
/* Another one like it, not offered yet. `name` absent: the same name. */
enum result service_duplicate(struct work *w, int64_t id, struct str name,
                              int64_t *ret_id) must_check;
enum result service_create(struct work *w, const struct service_in *in, int64_t *ret_id) must_check;
/* Under If-Match. */
enum result service_change(struct request *rq, struct work *w, int64_t id,
                           const struct service_in *in) must_check;
enum result service_retire(struct request *rq, struct work *w, int64_t id) must_check;

#endif
