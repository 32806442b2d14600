/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * origin: whether a browser sent an unsafe request on behalf of another site. Only a session cookie
 * is sent without the caller's knowing, so only requests with one are asked.
 */
#include "http/dispatch_internal.h"

#include <string.h>

/* Another scheme is not ours: a proxy before us may ask for Basic, which a browser then sends with
 * every request, cookie or not. */
struct str request_bearer(const struct request *rq)
{
    struct str value = request_header(rq, "Authorization");
    const size_t scheme = sizeof "Bearer" - 1;
    bool bearer = value.len > scheme && value.ptr[scheme] == ' ' &&
                  str_is_nocase((struct str){value.ptr, scheme}, "Bearer");
    return bearer ? str_trim((struct str){value.ptr + scheme, value.len - scheme})
                  : (struct str){0};
}

bool request_has_credentials(const struct request *rq)
{
    return request_cookie(rq, SESSION_COOKIE).ptr || request_bearer(rq).ptr;
}

/* "https://host:port" → "host:port", or absent where the scheme is another. */
static struct str host_of(struct str origin, bool https)
{
    size_t scheme = https ? 8 : 7;
    if (!str_starts(origin, https ? STR("https://") : STR("http://")))
        return (struct str){0};
    return (struct str){origin.ptr + scheme, origin.len - scheme};
}

static bool equal_nocase(struct arena *a, struct str left, struct str right)
{
    return str_is_nocase(left, str_z(a, right));
}

bool request_same_site(const struct dispatcher *d, const struct request *rq)
{
    bool safe = rq->method & (HTTP_GET_ | HTTP_HEAD_ | HTTP_OPTIONS_);
    if (safe || !request_cookie(rq, SESSION_COOKIE).ptr)
        return true;
    struct str site = request_header(rq, "Sec-Fetch-Site");
    if (site.ptr && !str_is(site, "same-origin") && !str_is(site, "none"))
        return false;
    struct str origin = request_header(rq, "Origin");
    if (!origin.ptr || equal_nocase(rq->arena, origin, d->origin))
        return true;
    /* Reached by another name than the configured one, as while developing: then the page came from
     * there as well. */
    struct str host = host_of(origin, rq->https);
    return host.len > 0 && equal_nocase(rq->arena, host, rq->host);
}
