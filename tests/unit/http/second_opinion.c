/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* second_opinion: see second_opinion.h. */
#include "second_opinion.h"

#include <http_parser.h>
#include <string.h>

static int on_url(http_parser *p, const char *at, size_t len)
{
    struct opinion *o = p->data;
    if (len > sizeof o->url - o->url_len)
        return 1;
    memcpy(o->url + o->url_len, at, len);
    o->url_len += len;
    return 0;
}

static int on_field(http_parser *p, const char *at, size_t len)
{
    (void)at;
    ((struct opinion *)p->data)->fields += len > 0;
    return 0;
}

static int on_headers(http_parser *p)
{
    ((struct opinion *)p->data)->accepted = true;
    return 1; /* no body follows here */
}

void second_opinion(const char *head, size_t len, bool response, struct opinion *ret)
{
    http_parser parser;
    http_parser_settings settings = {
        .on_url = on_url, .on_header_field = on_field, .on_headers_complete = on_headers};
    memset(ret, 0, sizeof *ret);
    http_parser_init(&parser, response ? HTTP_RESPONSE : HTTP_REQUEST);
    parser.data = ret;
    size_t used = http_parser_execute(&parser, &settings, head, len);
    ret->accepted = ret->accepted && used == len && parser.http_errno == HPE_OK;
    ret->fault = http_errno_name(parser.http_errno);
    ret->method = response ? "" : http_method_str(parser.method);
    ret->chunked = parser.flags & F_CHUNKED;
    ret->has_length = parser.flags & F_CONTENTLENGTH;
    ret->length = parser.content_length;
}
