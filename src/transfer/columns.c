/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* columns: what a file's columns mean, by their headings. */
#include "transfer/internal.h"

#include "base/fold.h"

const char *const column_names[] = {
    "id",   "name",   "first_name", "last_name", "email",      "phone",           "notes",
    "tags", "alerts", "status",     "source",    "created_at", "unsubscribed_at", NULL};

#define NAMED(n, column)                                                                      \
    {                                                                                         \
        .name = (n), .kind = F_STR, .offset = offsetof(struct mapping, of[column]), .min = 1, \
        .max = 200, .maybe = true                                                             \
    }
static const struct field mapping_fields[] = {
    NAMED("id", COLUMN_ID),
    NAMED("name", COLUMN_NAME),
    NAMED("first_name", COLUMN_FIRST_NAME),
    NAMED("last_name", COLUMN_LAST_NAME),
    NAMED("email", COLUMN_EMAIL),
    NAMED("phone", COLUMN_PHONE),
    NAMED("notes", COLUMN_NOTES),
    NAMED("tags", COLUMN_TAGS),
    NAMED("alerts", COLUMN_ALERTS),
    NAMED("status", COLUMN_STATUS),
    NAMED("source", COLUMN_SOURCE),
    NAMED("created_at", COLUMN_CREATED_AT),
    NAMED("unsubscribed_at", COLUMN_UNSUBSCRIBED_AT),
};
const struct shape mapping_shape = SHAPE("ClientImportMapping", struct mapping, mapping_fields);

/* What other programs call them, folded, the likeliest first. */
static const struct {
    enum column column;
    const char *heading;
} known[] = {
    {COLUMN_ID, "id"},
    {COLUMN_NAME, "name"},
    {COLUMN_NAME, "full name"},
    {COLUMN_NAME, "full-name"},
    {COLUMN_NAME, "client"},
    {COLUMN_NAME, "client name"},
    {COLUMN_NAME, "customer"},
    {COLUMN_NAME, "customer name"},
    {COLUMN_NAME, "kunde"},
    {COLUMN_NAME, "nombre completo"},
    {COLUMN_NAME, "nom complet"},
    {COLUMN_FIRST_NAME, "first-name"},
    {COLUMN_FIRST_NAME, "first name"},
    {COLUMN_FIRST_NAME, "firstname"},
    {COLUMN_FIRST_NAME, "given name"},
    {COLUMN_FIRST_NAME, "vorname"},
    {COLUMN_FIRST_NAME, "prenom"},
    {COLUMN_FIRST_NAME, "nombre"},
    {COLUMN_FIRST_NAME, "nome"},
    {COLUMN_LAST_NAME, "last-name"},
    {COLUMN_LAST_NAME, "last name"},
    {COLUMN_LAST_NAME, "lastname"},
    {COLUMN_LAST_NAME, "surname"},
    {COLUMN_LAST_NAME, "family name"},
    {COLUMN_LAST_NAME, "nachname"},
    {COLUMN_LAST_NAME, "nom"},
    {COLUMN_LAST_NAME, "apellidos"},
    {COLUMN_LAST_NAME, "apellido"},
    {COLUMN_LAST_NAME, "cognome"},
    {COLUMN_EMAIL, "email"},
    {COLUMN_EMAIL, "e-mail"},
    {COLUMN_EMAIL, "e-mail address"},
    {COLUMN_EMAIL, "email address"},
    {COLUMN_EMAIL, "mail"},
    {COLUMN_EMAIL, "correo"},
    {COLUMN_EMAIL, "correo electronico"},
    {COLUMN_PHONE, "phone"},
    {COLUMN_PHONE, "phone number"},
    {COLUMN_PHONE, "mobile"},
    {COLUMN_PHONE, "mobile phone"},
    {COLUMN_PHONE, "mobile number"},
    {COLUMN_PHONE, "telephone"},
    {COLUMN_PHONE, "tel"},
    {COLUMN_PHONE, "telefon"},
    {COLUMN_PHONE, "handy"},
    {COLUMN_PHONE, "telefono"},
    {COLUMN_PHONE, "movil"},
    {COLUMN_PHONE, "cell"},
    {COLUMN_PHONE, "cellulare"},
    {COLUMN_NOTES, "notes"},
    {COLUMN_NOTES, "note"},
    {COLUMN_NOTES, "comments"},
    {COLUMN_NOTES, "notizen"},
    {COLUMN_NOTES, "notas"},
    {COLUMN_TAGS, "tags"},
    {COLUMN_TAGS, "labels"},
    {COLUMN_TAGS, "groups"},
    {COLUMN_ALERTS, "alerts"},
    {COLUMN_ALERTS, "allergies"},
    {COLUMN_STATUS, "status"},
    {COLUMN_SOURCE, "source"},
    {COLUMN_CREATED_AT, "created-at"},
    {COLUMN_CREATED_AT, "created at"},
    {COLUMN_UNSUBSCRIBED_AT, "unsubscribed-at"},
};

static int find_heading(struct arena *a, const struct columns *c, struct str heading)
{
    struct str wanted = fold(a, heading);
    for (size_t i = 0; i < c->count; i++)
        if (str_eq(c->headings[i], heading))
            return (int)i;
    for (size_t i = 0; i < c->count && wanted.len; i++)
        if (str_eq(fold(a, c->headings[i]), wanted))
            return (int)i;
    return -1;
}

static void guess(struct arena *a, struct columns *c)
{
    bool taken[CSV_CELLS_MAX] = {false};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        enum column column = known[i].column;
        for (size_t k = 0; k < c->count && c->at[column] < 0; k++)
            if (!taken[k] && str_is(fold(a, c->headings[k]), known[i].heading)) {
                c->at[column] = (int)k;
                taken[k] = true;
            }
    }
}

static enum result take(struct work *w, const struct mapping *said, struct columns *c)
{
    enum result r = OK;
    for (int i = 0; i < COLUMN__MAX; i++) {
        if (!said->of[i].len)
            continue;
        c->at[i] = find_heading(w->arena, c, said->of[i]);
        if (c->at[i] < 0)
            r = problem_field(w->problem, arena_printf(w->arena, "mapping.%s", column_names[i]),
                              "not_a_choice", "The file has no column of this name.");
    }
    return r;
}

enum result columns_read(struct work *w, const struct csv_record *head, const struct mapping *said,
                         struct columns *ret)
{
    *ret = (struct columns){.count = head->count};
    memcpy(ret->headings, head->cells, sizeof ret->headings);
    for (int i = 0; i < COLUMN__MAX; i++)
        ret->at[i] = -1;
    enum result r = OK;
    if (said)
        r = take(w, said, ret);
    else
        guess(w->arena, ret);
    for (int i = 0; i < COLUMN__MAX; i++)
        if (ret->at[i] >= 0)
            ret->mapping.of[i] = ret->headings[ret->at[i]];
    return r;
}

bool columns_name_somebody(const struct columns *c)
{
    return c->at[COLUMN_NAME] >= 0 || c->at[COLUMN_FIRST_NAME] >= 0 || c->at[COLUMN_LAST_NAME] >= 0;
}
