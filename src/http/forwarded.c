/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* forwarded: addresses and trusted proxies. Owns nothing; see forwarded.h. */
#include "http/forwarded.h"

#include <arpa/inet.h>
#include <string.h>

static const unsigned char v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_v4(const struct address *a)
{
    return memcmp(a->bytes, v4_prefix, sizeof v4_prefix) == 0;
}

bool address_parse(struct str s, struct address *ret)
{
    char text[ADDRESS_TEXT];
    struct address a;
    if (s.len == 0 || s.len >= sizeof text || memchr(s.ptr, '\0', s.len))
        return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    if (inet_pton(AF_INET6, text, a.bytes) != 1) {
        memcpy(a.bytes, v4_prefix, sizeof v4_prefix);
        if (inet_pton(AF_INET, text, a.bytes + sizeof v4_prefix) != 1)
            return false;
    }
    *ret = a;
    return true;
}

void address_format(const struct address *a, char ret[static ADDRESS_TEXT])
{
    const char *done = is_v4(a) ? inet_ntop(AF_INET, a->bytes + 12, ret, ADDRESS_TEXT)
                                : inet_ntop(AF_INET6, a->bytes, ret, ADDRESS_TEXT);
    if (!done)
        ret[0] = '\0';
}

struct address address_group(struct address a)
{
    if (!is_v4(&a))
        memset(a.bytes + 8, 0, 8);
    return a;
}

static bool net_parse(struct str s, struct address *ret_net, int *ret_bits)
{
    const char *slash = memchr(s.ptr, '/', s.len);
    struct str host = {s.ptr, slash ? (size_t)(slash - s.ptr) : s.len};
    if (!address_parse(host, ret_net))
        return false;
    bool v4 = memchr(host.ptr, ':', host.len) == NULL;
    int64_t bits = v4 ? 32 : 128;
    if (slash) {
        struct str number = {slash + 1, s.len - host.len - 1};
        int64_t given;
        if (!str_int(number, &given) || given < 0 || given > bits)
            return false;
        bits = given;
    }
    *ret_bits = (int)bits + (v4 ? 96 : 0);
    return true;
}

bool trusted_parse(const char *list, struct trusted *ret)
{
    struct trusted t = {0};
    struct str rest = str_of(list ? list : "");
    while (rest.len) {
        const char *comma = memchr(rest.ptr, ',', rest.len);
        size_t len = comma ? (size_t)(comma - rest.ptr) : rest.len;
        struct str one = str_trim((struct str){rest.ptr, len});
        if (one.len) {
            if (t.count == TRUSTED_MAX ||
                !net_parse(one, &t.nets[t.count].net, &t.nets[t.count].bits))
                return false;
            t.count++;
        }
        size_t step = comma ? len + 1 : len;
        rest = (struct str){rest.ptr + step, rest.len - step};
    }
    *ret = t;
    return true;
}

static bool within(const struct address *a, const struct address *net, int bits)
{
    size_t whole = (size_t)bits / 8;
    if (memcmp(a->bytes, net->bytes, whole) != 0)
        return false;
    int left = bits % 8;
    return left == 0 || (a->bytes[whole] ^ net->bytes[whole]) >> (8 - left) == 0;
}

bool trusted_has(const struct trusted *t, const struct address *a)
{
    for (size_t i = 0; i < t->count; i++)
        if (within(a, &t->nets[i].net, t->nets[i].bits))
            return true;
    return false;
}

/* One entry of X-Forwarded-For; some proxies add a port: "192.0.2.1:1234", "[2001:db8::1]:1234". */
static bool hop_parse(struct str s, struct address *ret)
{
    s = str_trim(s);
    if (s.len && s.ptr[0] == '[') {
        const char *end = memchr(s.ptr, ']', s.len);
        return end && address_parse((struct str){s.ptr + 1, (size_t)(end - s.ptr - 1)}, ret);
    }
    const char *colon = memchr(s.ptr, ':', s.len);
    if (colon && colon == memrchr(s.ptr, ':', s.len))
        s.len = (size_t)(colon - s.ptr);
    return address_parse(s, ret);
}

/* Walks one header value from its right end. False when the walk is over: at the first address
 * that is not trusted, or at something that is none. */
static bool walk_back(struct str value, const struct trusted *t, struct address *client)
{
    for (;;) {
        const char *comma = value.len ? memrchr(value.ptr, ',', value.len) : NULL;
        const char *from = comma ? comma + 1 : value.ptr;
        struct str hop = {from, (size_t)(value.ptr + value.len - from)};
        struct address a;
        if (!hop_parse(hop, &a))
            return false;
        *client = a;
        if (!trusted_has(t, &a))
            return false;
        if (!comma)
            return true;
        value.len = (size_t)(comma - value.ptr);
    }
}

static void take_request_id(struct request *rq)
{
    struct str id = request_header(rq, "X-Request-Id");
    bool good = id.len >= 8 && id.len < REQUEST_ID_TEXT;
    for (size_t i = 0; good && i < id.len; i++) {
        char c = id.ptr[i];
        good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    }
    if (good) {
        memcpy(rq->id, id.ptr, id.len);
        rq->id[id.len] = '\0';
    }
}

void request_set_client(struct request *rq, const struct trusted *t, const struct address *peer)
{
    struct address client = *peer;
    if (trusted_has(t, peer)) {
        take_request_id(rq);
        for (size_t i = rq->header_count; i-- > 0;)
            if (str_is_nocase(rq->headers[i].name, "X-Forwarded-For") &&
                !walk_back(rq->headers[i].value, t, &client))
                break;
    }
    address_format(&client, rq->client);
}
