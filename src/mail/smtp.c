/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * smtp: the provider that hands messages to a mail server (RFC 5321) by libcurl.
 *
 * SMTP has no idempotency keys (RFC 1047): when the link dies between the final dot and the answer,
 * nobody can know. So the outcome is read from how far the conversation went: before the end of
 * DATA the server cannot have the message; after it only its answer tells. A refusal before MAIL
 * FROM (a full server, a wrong password) is the server's or the setting's fault, not the message's:
 * it is retried.
 */
#include "mail/smtp.h"

#include "mail/provider.h"
#include "mail/text.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_TIMEOUT_MS = 30000, ANGLED_ADDRESS = MAIL_ADDRESS_MAX + 3 };

struct smtp_provider {
    struct courier courier;
    struct smtp_target to; /* its strings are libcurl's */
};

static size_t give_body(char *data, size_t size, size_t count, void *arg)
{
    struct delivery *d = arg;
    size_t left = d->body.len - d->body_sent;
    size_t n = size * count < left ? size * count : left;
    memcpy(data, d->body.ptr + d->body_sent, n);
    d->body_sent += n;
    if (n == 0) {
        d->body_ended = true;
        d->result.word[0] = '\0'; /* what comes now is about the whole message */
    }
    return n;
}

/*
 * The last line of the reply to what concerned the message last ("250 2.0.0 Ok: queued as 1A2B"):
 * to the final dot, or the refusal. What a server says to a login before is nobody's business, and
 * 221 is its goodbye.
 */
static void keep_reply(struct delivery *d, struct str line)
{
    bool last = line.len >= 4 && line.ptr[0] >= '2' && line.ptr[0] <= '5' && line.ptr[3] == ' ';
    if (last && d->stage > STAGE_GREETING && !str_starts(line, STR("221")))
        text_one_line(d->result.word, sizeof d->result.word, line);
}

static int watch_commands(CURL *easy, curl_infotype type, char *data, size_t len, void *arg)
{
    (void)easy;
    struct delivery *d = arg;
    if (type == CURLINFO_HEADER_IN)
        keep_reply(d, (struct str){data, len});
    if (type != CURLINFO_HEADER_OUT)
        return 0;
    struct str line = {data, len};
    if (!str_starts(line, STR("QUIT")))
        d->result.word[0] = '\0';
    if (str_starts(line, STR("MAIL FROM")))
        d->stage = STAGE_SENDER;
    else if (str_starts(line, STR("RCPT TO")))
        d->stage = STAGE_RECIPIENT;
    else if (str_starts(line, STR("DATA")))
        d->stage = STAGE_DATA;
    return 0;
}

/* The server said no, by a reply code that we have. */
static void settle_refusal(const struct delivery *d, long reply, struct mail_result *ret)
{
    static const char *const refused[] = {
        [STAGE_GREETING] = "The mail server refused the connection",
        [STAGE_SENDER] = "The mail server refused the sender",
        [STAGE_RECIPIENT] = MAIL_REFUSED_RECIPIENT,
        [STAGE_DATA] = "The mail server refused the message",
    };
    bool for_good = reply >= 500 && d->stage != STAGE_GREETING;
    mail_result_set(ret, for_good ? MAIL_REFUSED : MAIL_RETRY, "%s (%ld).", refused[d->stage],
                    reply);
}

void smtp_settle(const struct delivery *d, CURLcode code, struct mail_result *ret)
{
    long reply = 0;
    curl_easy_getinfo(d->easy, CURLINFO_RESPONSE_CODE, &reply);
    if (code == CURLE_OK) {
        ret->outcome = MAIL_ACCEPTED;
        return;
    }
    if (code == CURLE_LOGIN_DENIED)
        mail_result_set(ret, MAIL_RETRY, "The mail server refused the login.");
    else if (code == CURLE_USE_SSL_FAILED)
        mail_result_set(ret, MAIL_RETRY, "The mail server offers no encryption; nothing was sent.");
    else if (code != CURLE_OPERATION_TIMEDOUT && reply >= 400 && reply < 600)
        settle_refusal(d, reply, ret);
    else if (d->body_ended)
        mail_result_set(ret, MAIL_UNKNOWN, "The mail server did not answer after the message: %s.",
                        curl_easy_strerror(code));
    else
        mail_result_set(ret, MAIL_RETRY, "The mail server could not be reached: %s.",
                        curl_easy_strerror(code));
}

static void angled(char ret[static ANGLED_ADDRESS], struct str address)
{
    snprintf(ret, ANGLED_ADDRESS, "<" STR_FMT ">", STR_ARG(address));
}

bool smtp_set_message(struct delivery *d, const struct smtp_target *to, const struct mail *m)
{
    char address[ANGLED_ADDRESS];
    CURL *easy = d->easy;
    curl_easy_setopt(easy, CURLOPT_URL, to->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_USE_SSL,
                     to->plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
    if (to->user) {
        curl_easy_setopt(easy, CURLOPT_USERNAME, to->user);
        curl_easy_setopt(easy, CURLOPT_PASSWORD, to->password);
    }
    angled(address, m->from_address);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, address);
    angled(address, m->to_address);
    d->list = curl_slist_append(NULL, address);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, d->list);
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(easy, CURLOPT_READDATA, d);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, watch_commands);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, d);
    return d->list != NULL;
}

static void smtp_begin(void *self, const struct mail *m, uint64_t ticket)
{
    struct smtp_provider *p = self;
    struct problem problem = {0};
    struct delivery *d = courier_take(&p->courier, ticket);
    if (mail_check(m, &problem) != OK) {
        courier_settle(&p->courier, d, MAIL_REFUSED, problem.detail);
        return;
    }
    mail_write(&d->body, m);
    if (smtp_set_message(d, &p->to, m))
        courier_start(&p->courier, d);
    else
        courier_settle(&p->courier, d, MAIL_RETRY, "Out of memory.");
}

static size_t smtp_poll(void *self, int wait_ms, int wake_fd, struct mail_done *ret, size_t max)
{
    struct smtp_provider *p = self;
    return courier_poll(&p->courier, wait_ms, wake_fd, ret, max);
}

static void smtp_free(void *self)
{
    struct smtp_provider *p = self;
    courier_done(&p->courier);
    curl_free(p->to.url);
    curl_free(p->to.user);
    curl_free(p->to.password);
    free(p);
    curl_global_cleanup();
}

/* NULL where the URL has no such part. */
static char *url_part(CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    return curl_url_get(url, part, &text, flags) == CURLUE_OK ? text : NULL;
}

/* Takes the setting apart; a line in `ret_error` (never the login) when something is wrong. */
static enum result read_setting(CURLU *url, const char *setting, struct smtp_provider *p,
                                char ret_error[static MAIL_SETTING_TEXT])
{
    if (curl_url_set(url, CURLUPART_URL, setting, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        return provider_wrong(ret_error, "mail: the smtp address cannot be read; give "
                                         "smtp://USER:PASSWORD@HOST:PORT");
    p->to.user = url_part(url, CURLUPART_USER, CURLU_URLDECODE);
    p->to.password = url_part(url, CURLUPART_PASSWORD, CURLU_URLDECODE);
    char *host = url_part(url, CURLUPART_HOST, 0);
    char *path = url_part(url, CURLUPART_PATH, 0);
    char *query = url_part(url, CURLUPART_QUERY, 0);
    bool loopback = host && provider_is_loopback(host);
    bool query_ok = !query || strcmp(query, "tls=no") == 0;
    bool path_ok = !path || strcmp(path, "/") == 0;
    p->to.plain = query && query_ok;
    curl_free(host);
    curl_free(path);
    curl_free(query);

    if (!query_ok || !path_ok)
        return provider_wrong(ret_error, "mail: after the smtp host only ?tls=no is understood");
    if ((p->to.user != NULL) != (p->to.password != NULL))
        return provider_wrong(ret_error, "mail: the smtp login wants both USER and PASSWORD");
    if (p->to.plain && (!loopback || p->to.user || strncmp(setting, "smtps:", 6) == 0))
        return provider_wrong(ret_error,
                              "mail: tls=no is for smtp:// to this machine without login");

    curl_url_set(url, CURLUPART_USER, NULL, 0);
    curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
    curl_url_set(url, CURLUPART_QUERY, NULL, 0);
    p->to.url = url_part(url, CURLUPART_URL, 0);
    return p->to.url ? OK : provider_wrong(ret_error, "mail: the smtp address cannot be read");
}

enum result smtp_provider_new(const struct mail_provider_config *config, struct mail_provider *ret,
                              char ret_error[static MAIL_SETTING_TEXT])
{
    struct smtp_provider *p = calloc(1, sizeof *p);
    CURLU *url = curl_url();
    int timeout_ms = config->timeout_ms > 0 ? config->timeout_ms : DEFAULT_TIMEOUT_MS;
    if (!p || !url || !courier_init(&p->courier, config->ca_file, timeout_ms, smtp_settle))
        abort(); /* at start: no memory for a few handles */
    enum result result = read_setting(url, config->url, p, ret_error);
    curl_url_cleanup(url);
    if (result != OK) {
        smtp_free(p);
        return result;
    }
    *ret = (struct mail_provider){
        .self = p,
        .name = "smtp",
        .timeout_ms = timeout_ms,
        .begin = smtp_begin,
        .poll = smtp_poll,
        .free = smtp_free,
    };
    return OK;
}
