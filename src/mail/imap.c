/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* imap: the commands, over libcurl's connection. See imap.h. */
#include "mail/imap.h"

#include "base/civil.h"
#include "base/env.h"
#include "mail/provider.h"

#include <curl/curl.h>
#include <poll.h>
#include <string.h>
#include <time.h>

enum { DEFAULT_TIMEOUT_MS = 30000, COMMAND_MAX = 1024, PIECE = 16 * 1024, KEEPALIVE_S = 60 };

struct imap {
    CURL *easy;
    curl_socket_t socket;
    struct imap_reader reader;
    struct buf mail; /* the last one that was fetched */
    int timeout_ms, wake_fd;
    size_t mail_max;
    unsigned tag;
    int64_t uid_validity;
    bool can_idle;
    bool idling;
    int64_t idle_since_ms;
    bool news; /* told while something else was asked */
    bool good;
    bool refused; /* the server said no; else it did not answer */
    char error[IMAP_ERROR_TEXT];
};

static int64_t mono_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- the setting ---- */

static bool setting_wrong(char error[static IMAP_ERROR_TEXT], const char *line)
{
    snprintf(error, IMAP_ERROR_TEXT, "%s", line);
    return false;
}

static char *url_part(CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    return curl_url_get(url, part, &text, flags) == CURLUE_OK ? text : NULL;
}

/* A mailbox is put into a command in quotes. */
static bool mailbox_ok(const char *s)
{
    size_t len = strlen(s);
    return len > 0 && len <= IMAP_MAILBOX_MAX && !strpbrk(s, "\"\\\r\n") &&
           str_utf8_ok((struct str){s, len});
}

static bool read_parts(CURLU *url, const char *setting, struct imap_setting *ret, char *error)
{
    char *host = url_part(url, CURLUPART_HOST, 0);
    char *path = url_part(url, CURLUPART_PATH, CURLU_URLDECODE);
    char *query = url_part(url, CURLUPART_QUERY, 0);
    char *password = url_part(url, CURLUPART_PASSWORD, 0);
    bool loopback = host && provider_is_loopback(host);
    const char *mailbox = !path ? "" : path[0] == '/' && path[1] ? path + 1 : "INBOX";
    bool ok = true;
    ret->user = url_part(url, CURLUPART_USER, CURLU_URLDECODE);
    ret->plain = query && strcmp(query, "tls=no") == 0;
    if (password)
        ok = setting_wrong(error, "imap: the password belongs into CAREOPS_IMAP_PASSWORD");
    else if (!ret->user || !*ret->user)
        ok = setting_wrong(error, "imap: give imaps://USER@HOST/MAILBOX");
    else if (query && !ret->plain)
        ok = setting_wrong(error, "imap: behind the mailbox only ?tls=no is understood");
    else if (ret->plain && (!loopback || strncmp(setting, "imaps:", 6) == 0))
        ok = setting_wrong(error, "imap: tls=no is for imap:// to this machine");
    else if (!mailbox_ok(mailbox))
        ok = setting_wrong(error, "imap: the mailbox's name cannot be used");
    else
        ret->mailbox = strdup(mailbox);
    curl_free(host);
    curl_free(path);
    curl_free(query);
    curl_free(password);
    return ok;
}

bool imap_setting_read(const char *setting, struct imap_setting *ret,
                       char ret_error[static IMAP_ERROR_TEXT])
{
    *ret = (struct imap_setting){0};
    CURLU *url = curl_url();
    bool scheme = strncmp(setting, "imap://", 7) == 0 || strncmp(setting, "imaps://", 8) == 0;
    bool ok = scheme && url && curl_url_set(url, CURLUPART_URL, setting, 0) == CURLUE_OK;
    if (!ok)
        setting_wrong(ret_error, "imap: give imaps://USER@HOST/MAILBOX");
    ok = ok && read_parts(url, setting, ret, ret_error);
    if (ok) {
        curl_url_set(url, CURLUPART_USER, NULL, 0);
        curl_url_set(url, CURLUPART_QUERY, NULL, 0);
        curl_url_set(url, CURLUPART_PATH, "/", 0);
        ret->url = url_part(url, CURLUPART_URL, 0);
        ok = ret->url && ret->mailbox;
    }
    curl_url_cleanup(url);
    if (!ok)
        imap_setting_done(ret);
    return ok;
}

void imap_setting_done(struct imap_setting *s)
{
    curl_free(s->url);
    curl_free(s->user);
    free(s->mailbox);
    *s = (struct imap_setting){0};
}

/* ---- bytes ---- */

static bool broke(struct imap *c, const char *why)
{
    if (c->good)
        snprintf(c->error, sizeof c->error, "%s", why);
    c->good = false;
    return false;
}

/* Until the socket is ready for `events`; false past the deadline, or when woken. */
static bool wait_socket(struct imap *c, short events, int64_t until_ms)
{
    struct pollfd fds[2] = {{c->socket, events, 0}, {c->wake_fd, POLLIN, 0}};
    for (;;) {
        int64_t left = until_ms - mono_ms();
        int n = poll(fds, c->wake_fd >= 0 ? 2 : 1, left > 0 ? (int)left : 0);
        if (n > 0 && fds[1].revents && c->wake_fd >= 0)
            return false;
        if (n > 0)
            return true;
        if (left <= 0)
            return false;
    }
}

static bool send_all(struct imap *c, struct str bytes)
{
    int64_t until_ms = mono_ms() + c->timeout_ms;
    while (bytes.len > 0) {
        size_t n = 0;
        CURLcode code = curl_easy_send(c->easy, bytes.ptr, bytes.len, &n);
        if (code == CURLE_AGAIN && !wait_socket(c, POLLOUT, until_ms))
            return broke(c, "the mail server takes no more");
        if (code != CURLE_OK && code != CURLE_AGAIN)
            return broke(c, "the connection to the mail server broke");
        bytes.ptr += n;
        bytes.len -= n;
    }
    return true;
}

/*
 * The next response. TLS may hold bytes that the socket no longer shows, so libcurl is asked until
 * it has none, and only then the socket. False with c->good still true: not until until_ms.
 */
static bool receive(struct imap *c, int64_t until_ms, struct imap_response *ret)
{
    char piece[PIECE];
    while (c->good && !imap_reader_next(&c->reader, ret)) {
        size_t n = 0;
        if (c->reader.broken)
            return broke(c, "the mail server said more than it may");
        CURLcode code = curl_easy_recv(c->easy, piece, sizeof piece, &n);
        if (code == CURLE_OK && n == 0)
            return broke(c, "the mail server hung up");
        if (code == CURLE_OK)
            imap_reader_feed(&c->reader, (struct str){piece, n});
        else if (code != CURLE_AGAIN)
            return broke(c, "the connection to the mail server broke");
        else if (!wait_socket(c, POLLIN, until_ms))
            return false;
    }
    return c->good;
}

/* ---- commands ---- */

struct answer {
    struct imap_response last; /* the tagged one */
    bool ok;
};

/* What comes without being asked for. */
static void note(struct imap *c, struct str line)
{
    int64_t n;
    if (imap_count(line, "EXISTS", &n) || imap_count(line, "RECENT", &n))
        c->news = true;
    if (imap_says(line, "* CAPABILITY") || imap_has_word(line, "CAPABILITY"))
        c->can_idle |= imap_has_word(line, "IDLE");
    if (imap_says(line, "* OK") && imap_number_after(line, "UIDVALIDITY", &n))
        c->uid_validity = n;
    if (imap_says(line, "* BYE"))
        broke(c, "the mail server said goodbye");
}

typedef void (*response_fn)(void *self, const struct imap_response *r);

/* Sends a command and reads to its end; each untagged response goes to `fn`. */
static bool command(struct imap *c, const char *text, response_fn fn, void *self)
{
    char line[COMMAND_MAX], tag[16];
    int n = snprintf(tag, sizeof tag, "c%u", ++c->tag);
    int len = snprintf(line, sizeof line, "%s %s\r\n", tag, text);
    if (n < 0 || len < 0 || len >= COMMAND_MAX)
        return broke(c, "a command is too long");
    int64_t until_ms = mono_ms() + c->timeout_ms;
    struct imap_response r;
    if (!send_all(c, (struct str){line, (size_t)len}))
        return false;
    while (receive(c, until_ms, &r)) {
        until_ms = mono_ms() + c->timeout_ms; /* a large mail may take its time */
        if (imap_says(r.line, tag)) {
            struct str rest = {r.line.ptr + n, r.line.len - (size_t)n};
            note(c, r.line);
            if (imap_says(rest, " OK"))
                return c->good;
            c->refused = true;
            return broke(c, "the mail server refused a command");
        }
        note(c, r.line);
        if (fn)
            fn(self, &r);
    }
    return broke(c, "the mail server did not answer in time");
}

/* ---- opening ---- */

static int watch_wake(void *self, curl_off_t a, curl_off_t b, curl_off_t x, curl_off_t y)
{
    const struct imap *c = self;
    struct pollfd fd = {c->wake_fd, POLLIN, 0};
    (void)a, (void)b, (void)x, (void)y;
    return c->wake_fd >= 0 && poll(&fd, 1, 0) > 0;
}

static void set_options(struct imap *c, const struct imap_config *config)
{
    const struct imap_setting *s = config->setting;
    curl_easy_setopt(c->easy, CURLOPT_URL, s->url);
    curl_easy_setopt(c->easy, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    curl_easy_setopt(c->easy, CURLOPT_USERNAME, s->user);
    curl_easy_setopt(c->easy, CURLOPT_PASSWORD, config->password ? config->password : "");
    curl_easy_setopt(c->easy, CURLOPT_USE_SSL, (long)(s->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (config->ca_file)
        curl_easy_setopt(c->easy, CURLOPT_CAINFO, config->ca_file);
    curl_easy_setopt(c->easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(c->easy, CURLOPT_TIMEOUT_MS, (long)c->timeout_ms);
    curl_easy_setopt(c->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(c->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(c->easy, CURLOPT_TCP_KEEPIDLE, (long)KEEPALIVE_S);
    curl_easy_setopt(c->easy, CURLOPT_TCP_KEEPINTVL, (long)KEEPALIVE_S);
    curl_easy_setopt(c->easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c->easy, CURLOPT_XFERINFOFUNCTION, watch_wake);
    curl_easy_setopt(c->easy, CURLOPT_XFERINFODATA, c);
}

static bool connect_and_log_in(struct imap *c)
{
    CURLcode code = curl_easy_perform(c->easy);
    if (code == CURLE_LOGIN_DENIED)
        return broke(c, "the mail server refused the login");
    if (code == CURLE_USE_SSL_FAILED)
        return broke(c, "the mail server offers no TLS");
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return broke(c, "the mail server's certificate is not trusted");
    if (code != CURLE_OK)
        return broke(c, "the mail server cannot be reached");
    /* What libcurl's deadline was for is over. */
    return curl_easy_getinfo(c->easy, CURLINFO_ACTIVESOCKET, &c->socket) == CURLE_OK &&
                   c->socket != CURL_SOCKET_BAD
               ? true
               : broke(c, "the connection to the mail server broke");
}

static bool open_mailbox(struct imap *c, const char *mailbox)
{
    char text[COMMAND_MAX];
    snprintf(text, sizeof text, "EXAMINE \"%s\"", mailbox);
    if (!command(c, "CAPABILITY", NULL, NULL) || !command(c, text, NULL, NULL))
        return false;
    c->news = false;
    return c->uid_validity > 0 || broke(c, "the mail server does not number its mails");
}

struct imap *imap_open(const struct imap_config *config, char ret_error[static IMAP_ERROR_TEXT])
{
    struct imap *c = calloc(1, sizeof *c);
    if (!c || !(c->easy = curl_easy_init()))
        abort();
    c->good = true;
    c->socket = CURL_SOCKET_BAD;
    c->timeout_ms = config->timeout_ms > 0 ? config->timeout_ms : DEFAULT_TIMEOUT_MS;
    c->wake_fd = config->wake_fd;
    c->mail_max = config->mail_max;
    imap_reader_init(&c->reader, config->mail_max);
    set_options(c, config);
    if (connect_and_log_in(c) && open_mailbox(c, config->setting->mailbox))
        return c;
    snprintf(ret_error, IMAP_ERROR_TEXT, "%s", c->error);
    imap_close(c);
    return NULL;
}

void imap_close(struct imap *c)
{
    if (!c)
        return;
    c->timeout_ms = 1000;
    c->wake_fd = -1;
    if (c->good && !c->idling)
        send_all(c, STR("bye LOGOUT\r\n"));
    curl_easy_cleanup(c->easy);
    imap_reader_done(&c->reader);
    buf_done(&c->mail);
    free(c);
}

const char *imap_error(const struct imap *c)
{
    return c->error;
}

bool imap_refused(const struct imap *c)
{
    return c->refused;
}

int64_t imap_uid_validity(const struct imap *c)
{
    return c->uid_validity;
}

bool imap_can_idle(const struct imap *c)
{
    return c->can_idle;
}

/* ---- idling ---- */

static bool begin_idle(struct imap *c)
{
    char line[32];
    struct imap_response r;
    int len = snprintf(line, sizeof line, "c%u IDLE\r\n", ++c->tag);
    int64_t until_ms = mono_ms() + c->timeout_ms;
    if (!send_all(c, (struct str){line, (size_t)len}))
        return false;
    while (receive(c, until_ms, &r)) {
        if (r.line.len > 0 && r.line.ptr[0] == '+') {
            c->idling = true;
            c->idle_since_ms = mono_ms();
            return true;
        }
        if (r.line.len > 0 && r.line.ptr[0] != '*')
            return broke(c, "the mail server refused to idle");
        note(c, r.line);
    }
    return broke(c, "the mail server did not answer in time");
}

static bool end_idle(struct imap *c)
{
    char tag[16];
    struct imap_response r;
    int64_t until_ms = mono_ms() + c->timeout_ms;
    if (!c->idling)
        return c->good;
    c->idling = false;
    snprintf(tag, sizeof tag, "c%u", c->tag);
    if (!send_all(c, STR("DONE\r\n")))
        return false;
    while (receive(c, until_ms, &r)) {
        note(c, r.line);
        if (imap_says(r.line, tag))
            return c->good;
    }
    return broke(c, "the mail server did not answer in time");
}

static enum imap_wait outcome(struct imap *c)
{
    if (!c->good)
        return IMAP_GONE;
    bool news = c->news;
    c->news = false;
    return news ? IMAP_NEWS : IMAP_QUIET;
}

/* Without IDLE: pass the time, then ask. */
static enum imap_wait ask_later(struct imap *c, int wait_ms)
{
    struct imap_response r;
    int64_t until_ms = mono_ms() + wait_ms;
    while (receive(c, until_ms, &r))
        note(c, r.line);
    if (c->good)
        command(c, "NOOP", NULL, NULL);
    return outcome(c);
}

enum imap_wait imap_wait(struct imap *c, int wait_ms)
{
    struct imap_response r;
    int64_t until_ms = mono_ms() + wait_ms;
    if (!c->can_idle)
        return ask_later(c, wait_ms);
    if (c->idling && mono_ms() - c->idle_since_ms >= IMAP_IDLE_MS && !end_idle(c))
        return IMAP_GONE;
    if (!c->idling && !c->news && !begin_idle(c))
        return IMAP_GONE;
    while (!c->news && receive(c, until_ms, &r))
        note(c, r.line);
    if (c->news && !end_idle(c))
        return IMAP_GONE;
    return outcome(c);
}

/* ---- reading ---- */

struct found {
    int64_t least;
    int64_t *uids;
    size_t count;
};

static void take_search(void *self, const struct imap_response *r)
{
    struct found *f = self;
    if (imap_says(r->line, "* SEARCH"))
        f->count = imap_search_result(r->line, f->least, f->uids);
}

bool imap_search(struct imap *c, int64_t least, int64_t since_s, int64_t ret[static IMAP_UIDS_MAX],
                 size_t *ret_count)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[COMMAND_MAX];
    struct civil day = civil_from_days(since_s / SECONDS_PER_DAY);
    struct found f = {.least = least, .uids = ret};
    snprintf(text, sizeof text, "UID SEARCH UID %lld:* SINCE %d-%.3s-%04d", (long long)least,
             day.day, months + 3 * (day.month - 1), day.year);
    if (!end_idle(c) || !command(c, text, take_search, &f))
        return false;
    *ret_count = f.count;
    return true;
}

struct fetched {
    struct imap *c;
    int64_t uid;
    struct buf mail;
    bool found;
};

static void take_fetch(void *self, const struct imap_response *r)
{
    struct fetched *f = self;
    int64_t n, uid;
    if (!imap_count(r->line, "FETCH", &n) || !imap_number_after(r->line, "UID", &uid) ||
        uid != f->uid || !r->literal.ptr || f->found)
        return;
    /* Taken over, not copied: it may be large. */
    struct imap_reader *reader = &f->c->reader;
    f->mail = reader->literal;
    buf_init(&reader->literal, reader->literal_max);
    f->found = true;
}

bool imap_fetch(struct imap *c, int64_t uid, struct str *ret)
{
    char text[COMMAND_MAX];
    snprintf(text, sizeof text, "UID FETCH %lld (UID BODY.PEEK[]<0.%zu>)", (long long)uid,
             c->mail_max);
    struct fetched f = {.c = c, .uid = uid};
    bool ok = end_idle(c) && command(c, text, take_fetch, &f);
    buf_done(&c->mail);
    c->mail = f.mail;
    *ret = !ok || !f.found ? (struct str){0} : f.mail.len > 0 ? buf_view(&c->mail) : STR("");
    return ok;
}
