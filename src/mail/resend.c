/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * resend: the provider that posts messages to Resend's HTTPS API.
 *
 * POST {url}/emails with the outbox row's key as Idempotency-Key, which Resend remembers for 24
 * hours: an equal request within that time is answered like the first and sends nothing. So
 * whatever leaves the outcome open (a lost answer, a 5xx, words that are not the documented ones)
 * is UNKNOWN and goes again with the same bytes; we count on 20 hours of memory. Answers are
 * hostile input: 64 KiB, one deadline, no redirects, no compression.
 */
#include "mail/resend.h"
#include "http/json_write.h"
#include "mail/courier.h"
#include "mail/mime.h"
#include "mail/provider.h"
#include "mail/resend_event.h"
#include "mail/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_TIMEOUT_MS = 15000,
    DEFAULT_PER_SECOND = 2,
};

static const char DEFAULT_URL[] = "https://api.resend.com";

struct resend_provider {
    struct courier courier;
    char *url;           /* of the emails endpoint; curl_free */
    char *authorization; /* the whole header */
};

/* ---- the request ---- */

static void text_member(struct json_out *j, const char *name, struct str value)
{
    jw_key(j, name);
    jw_text(j, value);
}

static void sender_member(struct json_out *j, const struct mail *m)
{
    struct buf mailbox;
    buf_init(&mailbox, 4 * MAIL_NAME_MAX);
    mime_mailbox(&mailbox, m->from_name, m->from_address);
    text_member(j, "from", buf_view(&mailbox));
    buf_done(&mailbox);
}

static void subject_member(struct json_out *j, const struct mail *m)
{
    struct buf clean;
    buf_init(&clean, 3 * MAIL_SUBJECT_MAX);
    text_header(&clean, m->subject);
    text_member(j, "subject", buf_view(&clean));
    buf_done(&clean);
}

static void attachment_member(struct json_out *j, const struct mail *m)
{
    struct buf value;
    buf_init(&value, 2 * MAIL_CALENDAR_MAX);
    jw_key(j, "attachments");
    jw_open(j, '[');
    jw_open(j, '{');
    text_member(j, "filename", STR("invite.ics"));
    buf_z(&value, "text/calendar; charset=utf-8; method=");
    buf_str(&value, m->calendar_method);
    text_member(j, "content_type", buf_view(&value));
    buf_reset(&value);
    text_base64(&value, m->calendar, 0);
    text_member(j, "content", buf_view(&value));
    jw_close(j, '}');
    jw_close(j, ']');
    buf_done(&value);
}

static void unsubscribe_members(struct json_out *j, const struct mail *m)
{
    struct buf framed;
    buf_init(&framed, MAIL_URL_MAX + 2);
    buf_byte(&framed, '<');
    buf_str(&framed, m->unsubscribe_url);
    buf_byte(&framed, '>');
    text_member(j, "List-Unsubscribe", buf_view(&framed));
    text_member(j, "List-Unsubscribe-Post", STR("List-Unsubscribe=One-Click"));
    buf_done(&framed);
}

static bool tag_ok(struct str tag)
{
    for (size_t i = 0; i < tag.len; i++) {
        char c = tag.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-')
            return false;
    }
    return tag.len > 0 && tag.len <= MAIL_TAG_MAX;
}

/* Comes back in each report about the message (resend_event.h). */
static void tags_member(struct json_out *j, struct str tag)
{
    jw_key(j, "tags");
    jw_open(j, '[');
    jw_open(j, '{');
    text_member(j, "name", STR(RESEND_TAG));
    text_member(j, "value", tag);
    jw_close(j, '}');
    jw_close(j, ']');
}

/* The recipient goes without a name: an address alone can be read in one way only. */
static void write_request(struct buf *out, const struct mail *m)
{
    struct json_out j = jw(out);
    jw_open(&j, '{');
    sender_member(&j, m);
    jw_key(&j, "to");
    jw_open(&j, '[');
    jw_text(&j, m->to_address);
    jw_close(&j, ']');
    if (m->reply_to.ptr)
        text_member(&j, "reply_to", m->reply_to);
    subject_member(&j, m);
    text_member(&j, "text", m->text);
    if (m->html.ptr)
        text_member(&j, "html", m->html);
    if (m->calendar.ptr)
        attachment_member(&j, m);
    jw_key(&j, "headers");
    jw_open(&j, '{');
    text_member(&j, "Auto-Submitted", STR("auto-generated"));
    if (text_is_url(m->unsubscribe_url, MAIL_URL_MAX))
        unsubscribe_members(&j, m);
    jw_close(&j, '}');
    if (tag_ok(m->tag))
        tags_member(&j, m->tag);
    jw_close(&j, '}');
}

/* ---- the provider ---- */

static bool add_header(struct delivery *d, const char *line)
{
    struct curl_slist *longer = curl_slist_append(d->list, line);
    if (longer)
        d->list = longer;
    return longer != NULL;
}

static bool set_headers(const char *authorization, struct delivery *d, const struct mail *m)
{
    char key[sizeof "Idempotency-Key: " + MAIL_KEY_MAX];
    snprintf(key, sizeof key, "Idempotency-Key: " STR_FMT, STR_ARG(m->key));
    return add_header(d, authorization) && add_header(d, key) &&
           add_header(d, "Content-Type: application/json") && add_header(d, "Expect:");
}

bool resend_set_message(struct delivery *d, const char *url, const char *authorization,
                        const struct mail *m)
{
    write_request(&d->body, m);
    if (!set_headers(authorization, d, m))
        return false;
    CURL *easy = d->easy;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "careops/" CAREOPS_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, d->list);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)d->body.len);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, d->body.ptr);
    return true;
}

static void resend_begin(void *self, const struct mail *m, uint64_t ticket)
{
    struct resend_provider *p = self;
    struct problem problem = {0};
    struct delivery *d = courier_take(&p->courier, ticket);
    if (mail_check(m, &problem) != OK) {
        courier_settle(&p->courier, d, MAIL_REFUSED, problem.detail);
        return;
    }
    if (!resend_set_message(d, p->url, p->authorization, m)) {
        courier_settle(&p->courier, d, MAIL_RETRY, "Out of memory.");
        return;
    }
    courier_start(&p->courier, d);
}

static size_t resend_poll(void *self, int wait_ms, int wake_fd, struct mail_done *ret, size_t max)
{
    struct resend_provider *p = self;
    return courier_poll(&p->courier, wait_ms, wake_fd, ret, max);
}

static void resend_free(void *self)
{
    struct resend_provider *p = self;
    courier_done(&p->courier);
    curl_free(p->url);
    free(p->authorization);
    free(p);
    curl_global_cleanup();
}

char *resend_endpoint(const char *setting)
{
    char *scheme = NULL;
    char *host = NULL;
    char *user = NULL;
    char *path = NULL;
    char *ret = NULL;
    CURLU *url = curl_url();
    if (url && curl_url_set(url, CURLUPART_URL, setting ? setting : DEFAULT_URL, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_USER, &user, 0) != CURLUE_OK &&
        curl_url_get(url, CURLUPART_PATH, &path, 0) == CURLUE_OK) {
        bool allowed = strcmp(scheme, "https") == 0 ||
                       (strcmp(scheme, "http") == 0 && provider_is_loopback(host));
        size_t len = strlen(path);
        char full[512];
        int n = snprintf(full, sizeof full, "%s%semails", path, path[len - 1] == '/' ? "" : "/");
        if (allowed && n > 0 && (size_t)n < sizeof full &&
            curl_url_set(url, CURLUPART_PATH, full, 0) == CURLUE_OK)
            curl_url_get(url, CURLUPART_URL, &ret, 0);
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(path);
    curl_url_cleanup(url);
    return ret;
}

enum result resend_provider_new(const struct mail_provider_config *config,
                                struct mail_provider *ret, char ret_error[static MAIL_SETTING_TEXT])
{
    struct str api_key = str_of(config->resend_api_key ? config->resend_api_key : "");
    if (!text_is_visible_ascii(api_key) || api_key.len > RESEND_API_KEY_MAX)
        return provider_wrong(ret_error,
                              "mail: resend wants its API key in CAREOPS_RESEND_API_KEY");
    char *url = resend_endpoint(config->resend_url);
    if (!url)
        return provider_wrong(ret_error, "mail: CAREOPS_RESEND_URL must be https://, or http:// to "
                                         "this machine");
    struct resend_provider *p = calloc(1, sizeof *p);
    int timeout_ms = config->timeout_ms > 0 ? config->timeout_ms : DEFAULT_TIMEOUT_MS;
    if (!p || !courier_init(&p->courier, config->ca_file, timeout_ms, resend_settle) ||
        asprintf(&p->authorization, "Authorization: Bearer " STR_FMT, STR_ARG(api_key)) < 0)
        abort(); /* at start: no memory for a few handles */
    p->url = url;
    *ret = (struct mail_provider){
        .self = p,
        .name = "resend",
        .remembers_keys_s = RESEND_KEY_MEMORY_S,
        .per_second =
            config->resend_per_second > 0 ? config->resend_per_second : DEFAULT_PER_SECOND,
        .timeout_ms = timeout_ms,
        .begin = resend_begin,
        .poll = resend_poll,
        .free = resend_free,
    };
    return OK;
}
