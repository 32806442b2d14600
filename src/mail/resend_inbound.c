/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* resend_inbound: see resend_inbound.h. */
#include "mail/resend_inbound.h"

#include "mail/provider.h"
#include "mail/text.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdatomic.h>
#include <string.h>

enum { JSON_SIZE_MAX = 8 * 1024 * 1024, TIMEOUT_MS = 120 * 1000, URL_MAX = 4096, HEADER_MAX = 900 };

struct resend_inbound {
    CURL *easy;
    char *url; /* without a trailing slash */
    char *authorization;
    char *ca_file;
    bool local; /* the API is on this machine: then downloads may be, too */
    atomic_bool stopping;
    struct buf json, raw;
    bool cut; /* the answer was larger than it may be */
};

/* ---- one request ---- */

static size_t take_bytes(char *data, size_t size, size_t count, void *self)
{
    struct buf *out = self;
    size_t n = size * count, room = out->limit - out->len;
    buf_add(out, data, n < room ? n : room);
    return n <= room ? n : 0; /* fewer than given: the transfer ends */
}

static int watch_stop(void *self, curl_off_t a, curl_off_t b, curl_off_t x, curl_off_t y)
{
    const struct resend_inbound *r = self;
    (void)a, (void)b, (void)x, (void)y;
    return atomic_load(&r->stopping);
}

static const char *get(struct resend_inbound *r, const char *url, bool with_key, struct buf *out,
                       int *ret_wait_s)
{
    struct curl_slist *headers = with_key ? curl_slist_append(NULL, r->authorization) : NULL;
    long status = 0;
    curl_off_t wait_s = 0;
    buf_reset(out);
    curl_easy_reset(r->easy);
    curl_easy_setopt(r->easy, CURLOPT_URL, url);
    curl_easy_setopt(r->easy, CURLOPT_PROTOCOLS_STR, r->local ? "https,http" : "https");
    curl_easy_setopt(r->easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(r->easy, CURLOPT_USERAGENT, "careops/" CAREOPS_VERSION);
    curl_easy_setopt(r->easy, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
    curl_easy_setopt(r->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(r->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(r->easy, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(r->easy, CURLOPT_WRITEDATA, out);
    curl_easy_setopt(r->easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(r->easy, CURLOPT_XFERINFOFUNCTION, watch_stop);
    curl_easy_setopt(r->easy, CURLOPT_XFERINFODATA, r);
    if (r->ca_file)
        curl_easy_setopt(r->easy, CURLOPT_CAINFO, r->ca_file);
    CURLcode code = curl_easy_perform(r->easy);
    curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(r->easy, CURLINFO_RETRY_AFTER, &wait_s);
    curl_slist_free_all(headers);
    *ret_wait_s = wait_s > 0 && wait_s < 24 * 3600 ? (int)wait_s : 0;
    r->cut = code == CURLE_WRITE_ERROR && out->len == out->limit;
    if (code != CURLE_OK && !r->cut)
        return "Resend did not answer.";
    if (status == 429)
        return "Resend wants us to wait.";
    if (status == 404)
        return "Resend does not know this mail.";
    if (status == 401 || status == 403)
        return "Resend refused the key; it needs full access.";
    return status == 200 ? NULL : "Resend could not give the mail.";
}

/* ---- a mail of JSON ---- */

static struct str member(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);
    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)}
                             : (struct str){0};
}

static bool is_header_name(const char *s)
{
    size_t i = 0;
    for (; s[i]; i++)
        if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') ||
              (s[i] >= '0' && s[i] <= '9') || s[i] == '-'))
            return false;
    return i > 0 && i <= 80;
}

static void add_header(struct buf *out, const char *name, struct str value)
{
    char line[HEADER_MAX];
    if (!value.ptr || !is_header_name(name) || strncasecmp(name, "content-", 8) == 0)
        return;
    text_one_line(line, sizeof line, value);
    buf_printf(out, "%s: %s\r\n", name, line);
}

static void add_list(struct buf *out, const char *name, const json_t *list)
{
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one)
    {
        if (json_is_string(one))
            add_header(out, name, (struct str){json_string_value(one), json_string_length(one)});
    }
}

static void add_headers(struct buf *out, const json_t *root)
{
    const char *name;
    json_t *value;
    json_t *headers = json_object_get(root, "headers");
    json_object_foreach(headers, name, value)
    {
        if (json_is_string(value))
            add_header(out, name,
                       (struct str){json_string_value(value), json_string_length(value)});
    }
    /* Where a header is there twice, the reader takes the first, or all. */
    add_header(out, "From", member(root, "from"));
    add_list(out, "To", json_object_get(root, "to"));
    add_list(out, "Cc", json_object_get(root, "cc"));
    add_list(out, "Delivered-To", json_object_get(root, "to"));
    add_header(out, "Subject", member(root, "subject"));
    add_header(out, "Message-ID", member(root, "message_id"));
}

static bool compose(const json_t *root, struct buf *ret)
{
    struct str text = member(root, "text"), html = member(root, "html");
    if (!json_is_object(root) || !member(root, "from").ptr)
        return false;
    add_headers(ret, root);
    bool plain = text.len > 0 || !html.ptr;
    buf_printf(ret, "MIME-Version: 1.0\r\nContent-Type: text/%s; charset=utf-8\r\n\r\n",
               plain ? "plain" : "html");
    buf_str(ret, plain ? text : html);
    return true;
}

bool resend_inbound_compose(struct str json, struct buf *ret)
{
    json_t *root = json_loadb(json.ptr, json.len, 0, NULL);
    bool ok = compose(root, ret);
    json_decref(root);
    return ok;
}

/* ---- both together ---- */

static bool download_ok(const struct resend_inbound *r, struct str url)
{
    bool scheme = str_starts(url, STR("https://")) || (r->local && str_starts(url, STR("http://")));
    return scheme && text_is_visible_ascii(url) && url.len < URL_MAX;
}

static const char *fetch(struct resend_inbound *r, const char *email_id, int *ret_wait_s)
{
    char url[URL_MAX];
    char *id = curl_easy_escape(r->easy, email_id, 0);
    snprintf(url, sizeof url, "%s/emails/receiving/%s?html_format=cid", r->url, id ? id : "");
    curl_free(id);
    const char *why = get(r, url, true, &r->json, ret_wait_s);
    if (why)
        return why;
    json_t *root = r->cut ? NULL : json_loadb(r->json.ptr, r->json.len, 0, NULL);
    struct str download = member(json_object_get(root, "raw"), "download_url");
    if (download_ok(r, download)) {
        snprintf(url, sizeof url, STR_FMT, STR_ARG(download));
        why = get(r, url, false, &r->raw, ret_wait_s);
    } else {
        buf_reset(&r->raw);
        why = compose(root, &r->raw) && !r->raw.overflow ? NULL
                                                         : "Resend's answer could not be read.";
    }
    json_decref(root);
    return why;
}

void resend_inbound_fetch(struct resend_inbound *r, const char *email_id,
                          struct resend_fetched *ret)
{
    *ret = (struct resend_fetched){0};
    ret->why = fetch(r, email_id, &ret->wait_s);
    if (!ret->why)
        ret->raw = r->raw.len > 0 ? buf_view(&r->raw) : STR("");
}

/* ---- life ---- */

static bool is_local(const char *setting, bool *ret_allowed)
{
    char *host = NULL, *scheme = NULL;
    CURLU *url = curl_url();
    bool read = url && curl_url_set(url, CURLUPART_URL, setting, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK;
    bool local = read && provider_is_loopback(host);
    *ret_allowed = read && (strcmp(scheme, "https") == 0 || (local && strcmp(scheme, "http") == 0));
    curl_free(host);
    curl_free(scheme);
    curl_url_cleanup(url);
    return local;
}

struct resend_inbound *resend_inbound_new(const struct resend_inbound_config *config)
{
    struct resend_inbound *r = calloc(1, sizeof *r);
    bool allowed;
    if (!r || !(r->easy = curl_easy_init()))
        abort(); /* at start: no memory for a handle */
    r->local = is_local(config->url, &allowed);
    r->url = strdup(config->url);
    r->ca_file = config->ca_file ? strdup(config->ca_file) : NULL;
    if (!r->url || asprintf(&r->authorization, "Authorization: Bearer %s", config->api_key) < 0)
        abort();
    for (size_t len = strlen(r->url); len > 0 && r->url[len - 1] == '/'; len--)
        r->url[len - 1] = '\0';
    buf_init(&r->json, JSON_SIZE_MAX);
    buf_init(&r->raw, config->mail_max);
    if (allowed)
        return r;
    resend_inbound_free(r);
    return NULL;
}

void resend_inbound_free(struct resend_inbound *r)
{
    if (!r)
        return;
    curl_easy_cleanup(r->easy);
    buf_done(&r->json);
    buf_done(&r->raw);
    free(r->url);
    free(r->authorization);
    free(r->ca_file);
    free(r);
}

void resend_inbound_stop(struct resend_inbound *r)
{
    atomic_store(&r->stopping, true);
}
