/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* readiness: the checks before publishing. See readiness.h. */
#include "workspace/readiness.h"

static const struct field check_fields[] = {
    FIELD_STR(struct readiness_check, code, 0, 40),
    FIELD_BOOL(struct readiness_check, ok),
    FIELD_BOOL(struct readiness_check, required, .doc = "publishing waits for it"),
    FIELD_STR(struct readiness_check, message, 0, 400),
    FIELD_STR(struct readiness_check, fix_url, 0, 200, .doc = "where to mend it"),
};
static const struct shape check_shape =
    SHAPE("ReadinessCheck", struct readiness_check, check_fields);

enum { CHECKS_MAX = 8 };

static const struct field readiness_fields[] = {
    FIELD_BOOL(struct readiness, ready),
    FIELD_LIST(struct readiness, checks, check_shape, 0, CHECKS_MAX),
};
const struct shape readiness_shape = SHAPE("Readiness", struct readiness, readiness_fields);

static const struct field gap_fields[] = {
    FIELD_LIST(struct readiness, checks, check_shape, 0, CHECKS_MAX),
};
const struct shape readiness_gap_shape = SHAPE("ReadinessGaps", struct readiness, gap_fields);

struct facts {
    bool service, staff, stock;
};

/* One question, so that all answers are of one moment. */
static enum result facts_read(struct work *w, struct facts *ret)
{
    struct db_rows rows;
    enum result r = db_one(
        w->tx, &rows,
        "SELECT"
        " (SELECT COUNT(*) FROM service WHERE workspace_id = $1 AND active = 1 AND retired = 0),"
        " (SELECT COUNT(*) FROM service s"
        "   WHERE s.workspace_id = $1 AND s.active = 1 AND s.retired = 0 AND EXISTS ("
        "     SELECT 1 FROM service_staff p"
        "     JOIN staff m ON m.workspace_id = p.workspace_id AND m.id = p.staff_id"
        "     JOIN resource r ON r.workspace_id = m.workspace_id AND r.id = m.id"
        "     WHERE p.workspace_id = $1 AND p.service_id = s.id AND m.bookable = 1"
        "       AND r.active = 1 AND (m.hours_own = 0 OR EXISTS ("
        "         SELECT 1 FROM staff_hours h"
        "         WHERE h.workspace_id = $1 AND h.staff_id = m.id)))),"
        " (SELECT COUNT(*) FROM service_material x"
        "   JOIN service s ON s.workspace_id = x.workspace_id AND s.id = x.service_id"
        "   JOIN item i ON i.workspace_id = x.workspace_id AND i.id = x.item_id"
        "   WHERE x.workspace_id = $1 AND s.active = 1 AND s.retired = 0"
        "     AND i.on_hand - i.reserved < x.quantity)",
        db_i(w->actor.workspace_id));
    if (r != OK)
        return r;
    *ret = (struct facts){
        .service = db_int(&rows, 0, 0) > 0,
        .staff = db_int(&rows, 0, 1) > 0,
        .stock = db_int(&rows, 0, 2) == 0,
    };
    return OK;
}

/* The first service that asks for what cannot be had; absent: none does. */
static enum result gates_read(struct work *w, struct str *ret_gap)
{
    struct db_rows rows;
    enum result r =
        db_query(w->tx, &rows,
                 "SELECT s.name, COALESCE(f.name, p.name) FROM service_require q"
                 " JOIN service s ON s.workspace_id = q.workspace_id AND s.id = q.service_id"
                 " LEFT JOIN form f ON f.workspace_id = q.workspace_id AND f.id = q.form_id"
                 " LEFT JOIN service p ON p.workspace_id = q.workspace_id AND p.id = q.required_id"
                 " WHERE q.workspace_id = $1 AND s.active = 1 AND s.retired = 0"
                 " AND (f.active = 0 OR p.active = 0 OR p.retired = 1)"
                 " ORDER BY q.service_id, q.position LIMIT 1",
                 db_i(w->actor.workspace_id));
    if (r == OK)
        *ret_gap = rows.count == 0
                       ? (struct str){0}
                       : str_printf(w->arena,
                                    STR_FMT " asks for \"" STR_FMT
                                            "\", which is switched off or retired: its visits "
                                            "cannot take place.",
                                    STR_ARG(db_str(&rows, 0, 0)), STR_ARG(db_str(&rows, 0, 1)));
    return r;
}

static struct readiness_check check(const char *code, bool required, bool ok, const char *good,
                                    const char *bad, const char *fix_url)
{
    return (struct readiness_check){
        .code = str_of(code),
        .ok = some_bool(ok),
        .required = some_bool(required),
        .message = str_of(ok ? good : bad),
        .fix_url = str_of(fix_url),
    };
}

enum result readiness_of(struct work *w, const struct workspace *ws, struct readiness *ret)
{
    struct facts is;
    struct str gap;
    enum result r = facts_read(w, &is);
    if (r == OK)
        r = gates_read(w, &gap);
    if (r != OK)
        return r;
    struct readiness_check *list = arena_new_array(w->arena, CHECKS_MAX, struct readiness_check);
    size_t n = 0;
    list[n++] = check("hours", true, ws->hours_count > 0, "Opening hours are set.",
                      "Set the hours when the business is open.", "/app/settings/hours");
    list[n++] = check("service", true, is.service, "There is a service to book.",
                      "Add a service and make it active.", "/app/services");
    list[n++] =
        check("staff", true, is.staff, "Someone can be booked for a service.",
              "Give a service a bookable, active person who has working hours.", "/app/team");
    list[n++] =
        check("contact", false, ws->phone.len > 0 || ws->contact_email.len > 0,
              "Clients can reach the business.",
              "Add a phone number or an e-mail address for clients.", "/app/settings/business");
    list[n++] = check("stock", false, is.stock, "There is stock for every active service.",
                      "Some materials are short: their services cannot be booked until received.",
                      "/app/inventory");
    list[n++] = check("gates", false, !gap.ptr, "What services ask for first can be had.",
                      str_z(w->arena, gap), "/app/services");

    bool ready = true;
    for (size_t i = 0; i < n; i++)
        ready = ready && (list[i].ok.value || !list[i].required.value);
    *ret = (struct readiness){
        .ready = some_bool(ready),
        .checks = {.set = true, .count = n, .items = list},
    };
    return OK;
}

struct readiness readiness_gaps(struct arena *a, const struct readiness *all)
{
    const struct readiness_check *list = all->checks.items;
    struct readiness_check *gaps = arena_new_array(a, all->checks.count, struct readiness_check);
    size_t n = 0;
    for (size_t i = 0; i < all->checks.count; i++)
        if (list[i].required.value && !list[i].ok.value)
            gaps[n++] = list[i];
    return (struct readiness){
        .ready = all->ready,
        .checks = {.set = true, .count = n, .items = gaps},
    };
}
