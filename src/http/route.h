/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * route: routes are data. Each feature has one `const struct route x_routes[]`; the dispatcher, the
 * permission check, validation, /api/openapi.json, the docs page and the permission-matrix test all
 * read these tables.
 *
 * Paths are segments: literal, or `{name}` for any one segment; a last `{*name}` takes one or more.
 * A literal goes before a parameter, at the first segment where two routes differ.
 *
 * The way of a request through dispatch_request(), on a worker:
 *   1. find the route: 404; 405 with Allow; HEAD is answered as GET without a body; OPTIONS with
 *      Allow and no more;
 *   2. the rate of its class for this client address: 429;
 *   3. a body that is not application/json: 415;
 *   4. an unsafe method with a session cookie from another site (Sec-Fetch-Site, Origin): 403
 *      cross_site;
 *   5. a route that wants a caller, and neither cookie nor token: 401; with both: 400
 *      two_credentials, since one of them would be ignored;
 *   6. read the query and the body into structs. What is wrong with them is said only after the
 *      caller is known to be allowed (WHO_ANYONE: at once);
 *   7. `before`: outside any transaction, once, for what takes long (passwords). It may refuse;
 *   8. by mode: WRITE db_transact, READ db_view, FREE none. Inside: identify the caller (401; 403
 *      password_change_required or two_factor_setup_required where a route is not `unsettled`;
 * 403), the faults of step 6 (400, 422), the idempotency key, the handler, the idempotency record;
 *   9. `after`: outside again, once, what takes long and needs no database (a document).
 *
 * A handler that returns anything but OK rolls everything back, and its problem is the answer. A
 * transaction may be run again, and the handler with it; the answer is emptied before each run.
 *
 * A route without a body shape takes an empty body or {}, unless it is body_raw. A hidden route
 * without a query shape ignores the query; any other refuses unknown parameters.
 */
#ifndef CAREOPS_HTTP_ROUTE_H
#define CAREOPS_HTTP_ROUTE_H

#include "db/work.h"
#include "http/request.h"

/* Who may call; what it means for each kind of caller stands in http/access.h. */
enum route_who {
    WHO_ANYONE,
    WHO_SIGNED_IN, /* a person with a session, about themselves; tokens never */
    WHO_STAFF,     /* a member of the workspace: owner or staff */
    WHO_OWNER,     /* the owner, or a member who has one of `permissions` */
};

enum route_mode {
    MODE_READ,  /* db_view */
    MODE_WRITE, /* db_transact */
    MODE_FREE,  /* the handler opens transactions itself or needs none; w->tx is NULL */
};

/*
 * Limited per client address: so many at once, then one more each so many milliseconds.
 *   PUBLIC_READ 240, 250 ms · PUBLIC_WRITE 100, 3 s · CONTACT 20, 30 s · SIGNUP 20, 30 s ·
 *   SIGNIN 100, 1 s · WEBHOOK 1000, 20 ms
 * (sign-in is throttled by its failures, too, in the account feature).
 */
enum rate_class {
    RATE_NONE,
    RATE_PUBLIC_READ,
    RATE_PUBLIC_WRITE,
    RATE_CONTACT, /* what has us write to an address that nobody has proved to be theirs */
    RATE_SIGNUP,
    RATE_SIGNIN,
    RATE_WEBHOOK,
    RATE__MAX,
};

typedef enum result (*route_fn)(struct request *rq, struct work *w);

struct route {
    enum http_method method; /* GET only with MODE_READ or MODE_FREE: reading changes nothing,
                                unless it is itself written down */
    const char *path;        /* "/api/v1/bookings/{id}/cancel"; pages too: "/book/{slug}" */
    enum route_who who;
    unsigned permissions; /* for WHO_OWNER: which permission opens it to staff as well */
    /*
     * For WHO_STAFF, where things belong to someone: who has one of these (RIGHT_OWNER: owners
     * alone) sees and changes everybody's, the others only their own, and the rest looks absent to
     * them. The handler is told by w->sees_all. 0: nothing here is anybody's own.
     */
    unsigned all_with;
    bool no_token; /* accounts and tokens: for people alone, whatever a token's scopes */
    enum route_mode mode;
    bool written_down; /* a GET whose reading is an event of the audit; MODE_WRITE */
    enum rate_class rate;
    bool versioned;  /* honours If-Match, of what the business has one of; else the path says it */
    bool idempotent; /* takes Idempotency-Key (every POST that creates); MODE_WRITE only */
    bool hidden;     /* not in OpenAPI (pages, assets) */
    bool slow;       /* hashes a password: has workers of its own, which give way to the others */
    bool unsettled;  /* open also to who must first choose a password or set up two-factor */
    const struct shape *query;
    const struct shape *body;
    bool body_optional; /* an empty body reads as {} */
    /* The body stays as it came, for a handler to whom its very bytes count (a signature over
     * them): neither its type is asked nor its JSON read. Not with `body`. */
    bool body_raw;
    int also[2]; /* answers beside the usual ones, for the docs: 401 and 429 of sign-in */
    int status;  /* of the good answer; sent without a body when the handler says none */
    const struct shape *answer; /* NULL: no body, or one that is not JSON */
    bool answer_is_list;
    bool answer_is_file;   /* bytes of a type that the handler says */
    bool answer_is_stream; /* events without an end (http/stream.h) */
    route_fn before; /* outside any transaction, once; NULL: none. w->tx is NULL, nobody is known */
    route_fn handler;
    /* Outside any transaction, once, when its work is durable: for what takes long and needs no
     * database, from what the handler has left in rq->made. w->tx is NULL. NULL: none. */
    route_fn after;
    const char *tag;     /* the feature, for the docs */
    const char *summary; /* one line */
};

struct route_table {
    const struct route *routes;
    size_t count;
};

enum { ROUTE_SEGMENTS_MAX = 12 };

/* `If-Match: "7"` must name the version (412 stale_version); absent or * is fine. */
enum result route_check_version(const struct request *rq, struct work *w,
                                int64_t version) must_check;

/*
 * Paging: limit (1…200, default 50) and an opaque cursor that is the last row's sort key and id.
 * Embed `struct page_in` fields by PAGE_FIELDS(type).
 */
enum { PAGE_LIMIT_DEFAULT = 50, PAGE_LIMIT_MAX = 200 };

struct page_in {
    struct opt_int limit;
    struct str cursor;
};
/* clang-format off */
#define PAGE_FIELDS(type)                                                                          \
    FIELD_INT(type, limit, 1, PAGE_LIMIT_MAX, .doc = "at most so many (default 50)"),              \
    FIELD_STR(type, cursor, 1, 200, .doc = "next_cursor of the page before")
/* clang-format on */

/* Cursor ↔ two integers. INVALID (422 path "cursor") for one that is not ours. Absent: ret_given =
 * false. */
enum result cursor_read(struct work *w, struct str cursor, bool *ret_given, int64_t *ret_key,
                        int64_t *ret_id) must_check;
struct str cursor_write(struct arena *a, int64_t key, int64_t id);

#endif
