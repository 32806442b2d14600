/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * own: the provider that hands each message to the service of the business that it is from. See
 * mail.h.
 */
#include "mail/provider.h"
#include "mail/resend.h"
#include "mail/smtp.h"
#include "mail/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { OWN_TIMEOUT_MS = 15000, OWN_URL_TEXT = 320 };

struct own_provider {
    struct courier courier;
    char *resend_url; /* curl_free */
    bool private_too;
};

/* ---- where strangers may send us ---- */

/* What IANA's registry of special-purpose addresses does not call globally reachable. */
static bool v4_public(uint32_t a)
{
    static const struct {
        uint32_t net;
        int bits;
    } special[] = {
        {0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},  {0xA9FE0000, 16},
        {0xAC100000, 12}, {0xC0000000, 24}, {0xC0000200, 24}, {0xC0586300, 24}, {0xC0A80000, 16},
        {0xC6120000, 15}, {0xC6336400, 24}, {0xCB007100, 24}, {0xE0000000, 3},
    };
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if ((a ^ special[i].net) >> (32 - special[i].bits) == 0)
            return false;
    return true;
}

static uint32_t v4_at(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Global unicast alone, and what carries an IPv4 address inside is judged by that one. */
static bool v6_public(const unsigned char a[static 16])
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    static const unsigned char nat64[12] = {0, 0x64, 0xFF, 0x9B};
    if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0)
        return v4_public(v4_at(a + 12));
    if (a[0] == 0x20 && a[1] == 0x02)
        return v4_public(v4_at(a + 2)); /* 6to4 */
    bool teredo = a[0] == 0x20 && a[1] == 0x01 && a[2] < 2;
    bool shown = a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8;
    return a[0] >> 5 == 1 && !teredo && !shown;
}

bool mail_address_public(const void *address)
{
    struct sockaddr head;
    memcpy(&head, address, sizeof head);
    if (head.sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return v4_public(ntohl(v4.sin_addr.s_addr));
    }
    if (head.sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        return v6_public(v6.sin6_addr.s6_addr);
    }
    return false;
}

bool mail_port_ok(int64_t port)
{
    static const int64_t ports[] = {25, 465, 587, 2465, 2525, 2587};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        if (port == ports[i])
            return true;
    return false;
}

int64_t mail_route_memory_s(bool resend)
{
    return resend ? RESEND_KEY_MEMORY_S : 0;
}

/* ---- deliveries ---- */

static void own_settle(const struct delivery *d, CURLcode code, struct mail_result *ret)
{
    if (d->refused_address && code == CURLE_COULDNT_CONNECT)
        mail_result_set(ret, MAIL_RETRY,
                        "The mail server's name leads to a private address, and those are not "
                        "allowed here.");
    else if (d->by_resend)
        resend_settle(d, code, ret);
    else
        smtp_settle(d, code, ret);
    /* The sender is the owner's setting to mend; the letter is not to blame and waits. */
    if (!d->by_resend && ret->outcome == MAIL_REFUSED && d->stage == STAGE_SENDER)
        ret->outcome = MAIL_RETRY;
}

static bool set_smtp(struct own_provider *p, struct delivery *d, const struct mail *m)
{
    const struct mail_route *r = m->route;
    char url[OWN_URL_TEXT];
    bool v6 = strchr(r->host, ':') != NULL;
    snprintf(url, sizeof url, "%s://%s%s%s:%d", r->security == MAIL_TLS ? "smtps" : "smtp",
             v6 ? "[" : "", r->host, v6 ? "]" : "", r->port);
    struct smtp_target to = {
        .url = url,
        .user = (char *)r->user,
        .password = (char *)r->password,
        .plain = r->security == MAIL_PLAIN,
    };
    mail_write(&d->body, m);
    if (!p->private_too)
        courier_public_only(d);
    return smtp_set_message(d, &to, m);
}

static bool set_resend(struct own_provider *p, struct delivery *d, const struct mail *m)
{
    char authorization[sizeof "Authorization: Bearer " + RESEND_API_KEY_MAX];
    snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", m->route->api_key);
    d->by_resend = true;
    return resend_set_message(d, p->resend_url, authorization, m);
}

static void own_begin(void *self, const struct mail *m, uint64_t ticket)
{
    struct own_provider *p = self;
    struct problem problem = {0};
    struct delivery *d = courier_take(&p->courier, ticket);
    if (!m->route) {
        courier_settle(&p->courier, d, MAIL_RETRY, "The business's mail settings are incomplete.");
        return;
    }
    if (mail_check(m, &problem) != OK) {
        courier_settle(&p->courier, d, MAIL_REFUSED, problem.detail);
        return;
    }
    curl_easy_setopt(d->easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(d->easy, CURLOPT_FRESH_CONNECT, 1L);
    bool ok = m->route->resend ? set_resend(p, d, m) : set_smtp(p, d, m);
    if (ok)
        courier_start(&p->courier, d);
    else
        courier_settle(&p->courier, d, MAIL_RETRY, "Out of memory.");
}

static size_t own_poll(void *self, int wait_ms, int wake_fd, struct mail_done *ret, size_t max)
{
    struct own_provider *p = self;
    return courier_poll(&p->courier, wait_ms, wake_fd, ret, max);
}

static void own_free(void *self)
{
    struct own_provider *p = self;
    courier_done(&p->courier);
    curl_free(p->resend_url);
    free(p);
    curl_global_cleanup();
}

enum result own_provider_new(const struct mail_provider_config *config, struct mail_provider *ret,
                             char ret_error[static MAIL_SETTING_TEXT])
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return provider_wrong(ret_error, "mail: libcurl could not be started");
    char *url = resend_endpoint(config->resend_url);
    if (!url) {
        curl_global_cleanup();
        return provider_wrong(ret_error, "mail: CAREOPS_RESEND_URL must be https://, or http:// to "
                                         "this machine");
    }
    struct own_provider *p = calloc(1, sizeof *p);
    int timeout_ms = config->timeout_ms > 0 ? config->timeout_ms : OWN_TIMEOUT_MS;
    if (!p || !courier_init(&p->courier, config->ca_file, timeout_ms, own_settle))
        abort(); /* no memory for a few handles */
    p->resend_url = url;
    p->private_too = config->own_private;
    *ret = (struct mail_provider){
        .self = p,
        .name = "own",
        .timeout_ms = timeout_ms,
        .begin = own_begin,
        .poll = own_poll,
        .free = own_free,
    };
    return OK;
}
