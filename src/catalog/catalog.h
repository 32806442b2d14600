/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * catalog: what is sold (services) and what can be held beside people (rooms, devices).
 *
 * Invariants: segments sum to duration_min; the first segment is work; a retired service
 * stays for past bookings and is offered no more. At most SERVICES_MAX services of a business are
 * not retired, and at most RESOURCES_MAX rooms and devices exist. A service names its staff, items
 * and resources whether these are active or not: who offers times looks.
 */
#ifndef CAREOPS_CATALOG_CATALOG_H
#define CAREOPS_CATALOG_CATALOG_H

#include "db/work.h"
#include "diary/slots.h"
#include "gate/gate.h"
#include "http/route.h"

enum {
    SERVICES_MAX = 500,
    SERVICE_STAFF_MAX = 200,
    SERVICE_MATERIALS_MAX = 30,
    SERVICE_FORMS_MAX = 10,
    RESOURCES_MAX = 200
};

struct material {
    int64_t item_id;
    int64_t quantity; /* thousandths */
};

/* What one person takes for a service; unset: as the service says. */
struct staff_terms {
    struct opt_int price, duration_min;
};

struct service {
    int64_t id;
    struct str name, category, description;
    int64_t price;
    bool active, retired;
    int64_t position; /* along the menu; 0: by name */
    int64_t version;
    struct visit_service shape; /* duration, buffers, segments, needs */
    size_t staff_count;
    int64_t *staff_ids;        /* sorted; active and bookable or not: the caller looks */
    struct staff_terms *terms; /* one for each of staff_ids */
    size_t material_count;
    struct material *materials; /* sorted by item_id */
    size_t form_count;
    int64_t *form_ids; /* asked after booking (form/form.h): those that are active; sorted */
    size_t require_count;
    struct gate_io *requires; /* what must be so before a visit, in order (gate/gate.h) */
};

/* The services of a visit (at most VISIT_SERVICES_MAX) in the order asked (an id may stand twice),
 * with everything. An unknown one: NOT_FOUND at "service_ids.N"; an inactive or retired one:
 * INVALID there, unless `also_retired` (an old booking is moved). A fixed number of queries. */
enum result catalog_services(struct work *w, const int64_t *ids, size_t count, bool also_retired,
                             struct service **ret) must_check;
/* Whether the person is one of its people, active and bookable or not. */
bool service_performed_by(const struct service *s, int64_t staff_id);
/* The service as this person does it: their time in its shape, their price. As the menu says it for
 * whoever has no terms of their own, or does not perform it at all. */
void service_by(const struct service *s, int64_t staff_id, struct visit_service *ret_shape,
                int64_t *ret_price);

/* All that are active, for the public page and lists, in the order of the menu: categories by their
 * first service, services by position, then by name. At most SERVICES_MAX. */
enum result catalog_active(struct work *w, struct service **ret, size_t *ret_count) must_check;

extern const struct route_table catalog_table;  /* /services… */
extern const struct route_table resource_table; /* /resources… */
extern const struct route_table menu_table;     /* the order of the menu; what is retired */

#endif
