/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* backup_end: see backup_end.h. */
#include "db/backup_end.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char SUM_LINE[] = "\nblake2b ";
enum { SUM_LINE_LEN = sizeof SUM_LINE - 1 };

static const char FIRST_LINE[] = "careops backup 1\n";

void backup_end_write(const struct backup_end *end, char ret[static BACKUP_END_BYTES])
{
    memset(ret, ' ', BACKUP_END_BYTES);
    int n = snprintf(ret, BACKUP_END_BYTES,
                     "%spages %" PRId64 "\npage_bytes %" PRId64 "\ntaken_s %" PRId64
                     "\nschema %" PRId64 "\nevent %" PRId64 "\nevent_s %" PRId64 "\nkey %s\n",
                     FIRST_LINE, end->pages, end->page_bytes, end->taken_s, end->schema, end->event,
                     end->event_s, end->key[0] ? end->key : "none");
    assert(n > 0 && n < BACKUP_SUM_AT - SUM_LINE_LEN);
    ret[n] = ' ';
    memcpy(ret + BACKUP_SUM_AT - SUM_LINE_LEN, SUM_LINE, SUM_LINE_LEN);
    ret[BACKUP_END_BYTES - 1] = '\n';
}

/* The value of the next line, which has to bear this name. */
static bool take(struct str *text, const char *name, struct str *ret)
{
    size_t len = strlen(name);
    const char *stop = memchr(text->ptr, '\n', text->len);
    if (!stop || !str_starts(*text, str_of(name)) || len >= text->len || text->ptr[len] != ' ')
        return false;
    *ret = (struct str){text->ptr + len + 1, (size_t)(stop - text->ptr) - len - 1};
    text->len -= (size_t)(stop - text->ptr) + 1;
    text->ptr = stop + 1;
    return true;
}

static bool take_number(struct str *text, const char *name, int64_t *ret)
{
    struct str value;
    return take(text, name, &value) && str_int(value, ret) && *ret >= 0;
}

static bool take_key(struct str *text, char ret[static BACKUP_KEY_TEXT])
{
    struct str value;
    if (!take(text, "key", &value))
        return false;
    bool none = str_is(value, "none");
    if (!none && value.len != BACKUP_KEY_TEXT - 1)
        return false;
    snprintf(ret, BACKUP_KEY_TEXT, "%.*s", none ? 0 : (int)value.len, value.ptr);
    return true;
}

bool backup_end_read(const char text[static BACKUP_END_BYTES], struct backup_end *ret)
{
    struct backup_end e = {0};
    struct str rest = {text, BACKUP_SUM_AT};
    if (!str_starts(rest, str_of(FIRST_LINE)) ||
        memcmp(text + BACKUP_SUM_AT - SUM_LINE_LEN, SUM_LINE, SUM_LINE_LEN) != 0 ||
        text[BACKUP_END_BYTES - 1] != '\n')
        return false;
    rest.ptr += sizeof FIRST_LINE - 1;
    rest.len -= sizeof FIRST_LINE - 1;
    if (!take_number(&rest, "pages", &e.pages) ||
        !take_number(&rest, "page_bytes", &e.page_bytes) ||
        !take_number(&rest, "taken_s", &e.taken_s) || !take_number(&rest, "schema", &e.schema) ||
        !take_number(&rest, "event", &e.event) || !take_number(&rest, "event_s", &e.event_s) ||
        !take_key(&rest, e.key))
        return false;
    memcpy(e.sum, text + BACKUP_SUM_AT, BACKUP_SUM_TEXT);
    *ret = e;
    return true;
}
