/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* access: see access.h. */
#include "http/access.h"

#include <stdio.h>

static enum access of_token(const struct route *r, const struct actor *a)
{
    bool owner = a->permissions & RIGHT_OWNER;
    if (r->no_token || r->who == WHO_SIGNED_IN)
        return ACCESS_NO;
    if (owner)
        return ACCESS_ALL;
    if (r->who == WHO_OWNER)
        return a->permissions & r->permissions ? ACCESS_ALL : ACCESS_NO;
    if (r->all_with)
        return a->permissions & r->all_with ? ACCESS_ALL : ACCESS_NO;
    return r->method == HTTP_GET_ ? ACCESS_ALL : ACCESS_NO;
}

enum access route_access(const struct route *r, const struct actor *a)
{
    bool owner = a->kind == ACTOR_OWNER, staff = a->kind == ACTOR_STAFF;
    if (r->who == WHO_ANYONE)
        return ACCESS_ALL;
    if (a->kind == ACTOR_NOBODY)
        return ACCESS_NO;
    if (a->token_id)
        return of_token(r, a);
    if (r->who == WHO_SIGNED_IN)
        return ACCESS_ALL;
    if ((!owner && !staff) || a->workspace_id == 0)
        return ACCESS_NO;
    if (owner)
        return ACCESS_ALL;
    if (r->who == WHO_OWNER)
        return a->permissions & r->permissions ? ACCESS_ALL : ACCESS_NO;
    return !r->all_with || (a->permissions & r->all_with) ? ACCESS_ALL : ACCESS_OWN;
}

/* ---- names ---- */

static const struct {
    unsigned bit;
    const char *name;
} rights[] = {{RIGHT_OWNER, "owner"}, {RIGHT_CONTACTS, "contacts"}};

typedef void (*name_fn)(void *to, const char *name);

static void each_name(unsigned permissions, name_fn fn, void *to)
{
    for (size_t i = 0; permission_names[i]; i++)
        if (permissions & 1U << i)
            fn(to, permission_names[i]);
    for (size_t i = 0; i < sizeof rights / sizeof rights[0]; i++)
        if (permissions & rights[i].bit)
            fn(to, rights[i].name);
}

static void into_json(void *to, const char *name)
{
    jw_z(to, name);
}

void access_names(struct json_out *j, unsigned permissions)
{
    jw_open(j, '[');
    each_name(permissions, into_json, j);
    jw_close(j, ']');
}

struct words {
    struct buf *out;
    size_t count;
};

static void into_words(void *to, const char *name)
{
    struct words *w = to;
    buf_printf(w->out, "%s%s", w->count++ ? " or " : " ", name);
}

void access_words(struct buf *out, const struct route *r)
{
    struct words w = {.out = out};
    switch (r->who) {
    case WHO_ANYONE: buf_z(out, "anyone"); break;
    case WHO_SIGNED_IN: buf_z(out, "signed in"); break;
    case WHO_STAFF:
        buf_z(out, "owner and staff");
        if (r->all_with == RIGHT_OWNER) {
            buf_z(out, "; staff only their own");
        } else if (r->all_with) {
            buf_z(out, "; staff without");
            each_name(r->all_with & PERM_ALL, into_words, &w);
            buf_z(out, " only their own");
        }
        break;
    case WHO_OWNER:
        buf_z(out, "owner");
        if (r->permissions) {
            buf_z(out, ", and staff with");
            each_name(r->permissions, into_words, &w);
        }
    }
}

/* ---- each kind of caller ---- */

/* The scopes that open the route to a token: each permission, to read alone or altogether. */
static void write_scopes(struct json_out *j, const struct route *r)
{
    struct actor token = {.kind = ACTOR_STAFF, .workspace_id = 1, .token_id = 1};
    jw_open(j, '[');
    for (size_t i = 0; r->who != WHO_ANYONE && permission_names[i]; i++) {
        char reading[32];
        token.permissions = 1U << i;
        if (route_access(r, &token) == ACCESS_NO)
            continue;
        jw_z(j, permission_names[i]);
        snprintf(reading, sizeof reading, "%s:read", permission_names[i]);
        if (r->method == HTTP_GET_)
            jw_z(j, reading);
    }
    token.kind = ACTOR_OWNER;
    token.permissions = PERM_ALL | RIGHT_OWNER;
    if (r->who != WHO_ANYONE && route_access(r, &token) != ACCESS_NO)
        jw_z(j, "admin");
    jw_close(j, ']');
}

void access_members(struct json_out *j, const struct route *r)
{
    static const char *const who[] = {
        [WHO_ANYONE] = "anyone",
        [WHO_SIGNED_IN] = "signed_in",
        [WHO_STAFF] = "staff",
        [WHO_OWNER] = "owner",
    };
    struct buf words;
    buf_init(&words, 512);
    access_words(&words, r);
    jw_key(j, "x-who");
    jw_text(j, buf_view(&words));
    buf_done(&words);
    jw_key(j, "x-access");
    jw_open(j, '{');
    jw_key(j, "who");
    jw_z(j, who[r->who]);
    jw_key(j, "permissions");
    access_names(j, r->permissions);
    jw_key(j, "own_without");
    access_names(j, r->all_with);
    jw_key(j, "tokens");
    write_scopes(j, r);
    jw_close(j, '}');
}

static void write_cell(struct buf *html, const struct route *r, struct actor who)
{
    static const char *const words[] = {
        [ACCESS_NO] = "<td>no", [ACCESS_OWN] = "<td>own", [ACCESS_ALL] = "<td><b>yes</b>"};
    buf_z(html, words[route_access(r, &who)]);
}

void access_row(struct buf *html, const struct route *r)
{
    struct actor who = {.workspace_id = 1};
    buf_printf(html, "<tr><th scope=\"row\">%s %s", http_method_name(r->method), r->path);
    write_cell(html, r, who);
    who.kind = ACTOR_STAFF;
    write_cell(html, r, who);
    for (size_t i = 0; permission_names[i]; i++) {
        who.permissions = 1U << i;
        write_cell(html, r, who);
    }
    who.kind = ACTOR_OWNER;
    who.permissions = PERM_ALL | RIGHT_OWNER;
    write_cell(html, r, who);
    who.token_id = 1;
    write_cell(html, r, who);
    buf_z(html, "</tr>");
}

void access_head(struct buf *html)
{
    buf_z(html,
          "<thead><tr><th scope=\"col\">Route<th scope=\"col\">nobody<th scope=\"col\">staff");
    for (size_t i = 0; permission_names[i]; i++)
        buf_printf(html, "<th scope=\"col\">%s", permission_names[i]);
    buf_z(html, "<th scope=\"col\">owner<th scope=\"col\">token admin</tr></thead>");
}
