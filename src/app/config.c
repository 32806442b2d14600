/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* config: the table of settings and what reads it. See config.h. */
#include "app/config.h"

#include "base/str.h"
#include "mail/imap.h"
#include "mail/resend_event.h"
#include "message/reply_address.h"

#include <stdlib.h>
#include <string.h>

/* Each check says in words what is wanted, or NULL when the value is good. */
typedef const char *(*check_fn)(const char *value);

struct setting {
    const char *name; /* flag --name; the environment's name is CAREOPS_NAME */
    size_t offset;
    const char *fallback;
    check_fn check;
    bool secret; /* environment only, never shown */
    const char *doc;
};

static bool starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static const char *check_listen(const char *v)
{
    const char *colon = strrchr(v, ':');
    int64_t port;
    if (!colon || colon == v || !str_int(str_of(colon + 1), &port) || port < 0 || port > 65535)
        return "give ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080";
    return NULL;
}

static const char *check_db(const char *v)
{
    if ((starts(v, "sqlite:") && v[7]) || starts(v, "postgres://") || starts(v, "postgresql://"))
        return NULL;
    return "give sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME";
}

static const char *check_mail(const char *v)
{
    if ((starts(v, "file:") && v[5]) || starts(v, "smtp://") || starts(v, "smtps://") ||
        strcmp(v, "resend") == 0)
        return NULL;
    return "give file:FOLDER, smtp://USER:PASSWORD@HOST:PORT, smtps://… or resend";
}

/* "ann@example.com" or "Ann's Salon <ann@example.com>". */
static const char *check_address(const char *v)
{
    const char *open = strchr(v, '<');
    const char *address = open ? open + 1 : v;
    size_t len = strcspn(address, ">");
    const char *at = memchr(address, '@', len);
    bool closed = open ? address[len] == '>' && address[len + 1] == '\0' : address[len] == '\0';
    bool plain = strcspn(address, " \t\r\n,\"<;") >= len && !strpbrk(v, "\r\n\"");
    if (at && at != address && at + 1 != address + len && closed && plain && len <= 254)
        return NULL;
    return "give an e-mail address, or NAME <ADDRESS>";
}

static const char *check_url(const char *v)
{
    if (!*v)
        return NULL;
    const char *host = starts(v, "https://") ? v + 8 : starts(v, "http://") ? v + 7 : NULL;
    if (host && *host && *host != '/' && !strpbrk(host, " \r\n\"<>?#@"))
        return NULL;
    return "give http://HOST or https://HOST";
}

static const char *check_on_off(const char *v)
{
    return strcmp(v, "on") == 0 || strcmp(v, "off") == 0 ? NULL : "give on or off";
}

static const char *check_level(const char *v)
{
    static const char *const levels[] = {"debug", "info", "warn", "error", NULL};
    for (int i = 0; levels[i]; i++)
        if (strcmp(v, levels[i]) == 0)
            return NULL;
    return "give debug, info, warn or error";
}

static const char *check_count(const char *v)
{
    int64_t n;
    return str_int(str_of(v), &n) && n >= 0 && n <= 1000000
               ? NULL
               : "give a whole number, 0 for the built-in value";
}

static const char *check_pick(const char *v)
{
    int64_t n;
    return str_int(str_of(v), &n) && n >= 1 && n <= 3600 ? NULL : "give seconds, 1 to 3600";
}

static const char *check_threads(const char *v)
{
    int64_t n;
    return str_int(str_of(v), &n) && n >= 0 && n <= 120
               ? NULL
               : "give a whole number up to 120, 0 for the built-in value";
}

static const char *check_rate(const char *v)
{
    int64_t n;
    return str_int(str_of(v), &n) && n >= 1 && n <= 1000 ? NULL : "give a whole number, 1 to 1000";
}

static const char *check_text(const char *v)
{
    return strpbrk(v, "\r\n") ? "give one line" : NULL;
}

static const char *check_secret(const char *v)
{
    return !*v || strlen(v) >= 32 ? NULL : "give at least 32 characters that nobody can guess";
}

static const char *check_webhook_secret(const char *v)
{
    return !*v || resend_secret_ok(str_of(v))
               ? NULL
               : "give the signing secret as Resend shows it, whsec_…";
}

static const char *check_inbound(const char *v)
{
    return !*v || reply_setting_ok(str_of(v))
               ? NULL
               : "give an e-mail address without a +, at most 31 characters before the @";
}

/* Touches nothing: the setting is only taken apart. */
static const char *check_imap(const char *v)
{
    struct imap_setting s;
    char error[IMAP_ERROR_TEXT];
    if (!*v)
        return NULL;
    if (!imap_setting_read(v, &s, error))
        return "give imaps://USER@HOST/MAILBOX, the password in CAREOPS_IMAP_PASSWORD";
    imap_setting_done(&s);
    return NULL;
}

#define AT(member) offsetof(struct config, member)

static const struct setting settings[] = {
    {"listen", AT(listen), "127.0.0.1:8080", check_listen, false,
     "address and port to serve on; port 0 takes a free one"},
    {"db", AT(db), "", check_db, false,
     "sqlite:PATH (default: careops.db in the data folder) or a postgres:// URL"},
    {"mail", AT(mail), "", check_mail, false,
     "file:FOLDER (default: mail in the data folder), smtp://…, smtps://… or resend"},
    {"mail-from", AT(mail_from), "careops@localhost.localdomain", check_address, false,
     "the sender: an address, or NAME <ADDRESS>"},
    {"mail-private", AT(mail_private), "off", check_on_off, false,
     "on: a business's own mail server may stand in a private network, on any port, and without"
     " encryption there"},
    {"base-url", AT(base_url), "", check_url, false,
     "the only origin that links are made from (default: http:// and the address)"},
    {"data", AT(data), "data", check_text, false, "the data folder"},
    {"rate-limit", AT(rate_limit), "on", check_on_off, false,
     "off where the proxy limits requests; guessing passwords is throttled always"},
    {"pick-seconds", AT(pick_seconds), "600", check_pick, false,
     "how long the time that a client has picked is kept for them while they fill in the form"},
    {"trusted-proxies", AT(trusted_proxies), "", check_text, false,
     "addresses or CIDR ranges, comma-separated, whose X-Forwarded-For counts"},
    {"secret-key", AT(secret_key), "", check_secret, true,
     "seals secrets in the database, the same on every machine of one database"
     " (default: secret.key in the data folder, made at the first start)"},
    {"resend-api-key", AT(resend_api_key), "", check_text, true, "the key for --mail resend"},
    {"resend-webhook-secret", AT(resend_webhook_secret), "", check_webhook_secret, true,
     "the signing secret of Resend's webhook, by which it tells what became of a message; without"
     " it the webhook is closed"},
    {"resend-url", AT(resend_url), "https://api.resend.com", check_url, false,
     "where Resend's API is, for a stand-in"},
    {"resend-rate", AT(resend_rate), "2", check_rate, false,
     "calls a second that Resend allows your team"},
    {"inbound-address", AT(inbound_address), "", check_inbound, false,
     "the address to which clients answer, such as reply@in.example.com; mail to reply+ANYTHING@ must"
     " come to the same place (default: answers go to the business's own address)"},
    {"imap", AT(imap), "", check_imap, false,
     "the mailbox where that mail arrives: imaps://USER@HOST/MAILBOX"},
    {"imap-password", AT(imap_password), "", check_text, true, "its password"},
    {"ca-file", AT(ca_file), "", check_text, false,
     "further CA certificates for the mail provider and the mailbox"},
    {"log-level", AT(log_level), "info", check_level, false, "debug, info, warn or error"},
    {"workers", AT(workers), "0", check_threads, false,
     "worker threads; 0: twice the cores and two"},
    {"db-connections", AT(db_connections), "0", check_threads, false,
     "database connections; 0: as many as workers and two"},
    {"header-ms", AT(header_ms), "0", check_count, false,
     "deadline of a request's head; 0: 10,000"},
    {"body-ms", AT(body_ms), "0", check_count, false, "deadline of a request's body; 0: 30,000"},
};
enum { SETTING_COUNT = sizeof settings / sizeof settings[0] };

static const char **slot(struct config *c, const struct setting *s)
{
    return (const char **)(void *)((char *)c + s->offset);
}

static const char *env_name(struct arena *a, const struct setting *s)
{
    char *name = arena_printf(a, "CAREOPS_%s", s->name);
    for (char *p = name + 8; *p; p++)
        *p = *p == '-' ? '_' : (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
    return name;
}

static const struct setting *find_setting(const char *name, size_t len)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (strlen(settings[i].name) == len && memcmp(settings[i].name, name, len) == 0)
            return &settings[i];
    return NULL;
}

static enum result read_flag(int argc, char **argv, int *at, struct config *c, char *error)
{
    const char *name = argv[*at] + 2;
    const char *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct setting *s = find_setting(name, len);
    if (!s || s->secret) {
        snprintf(error, CONFIG_ERROR_TEXT,
                 s ? "--%.*s is a secret: set it by the environment"
                   : "unknown setting --%.*s; see careops --help",
                 (int)len, name);
        return INVALID;
    }
    if (!equals && *at + 1 >= argc) {
        snprintf(error, CONFIG_ERROR_TEXT, "--%s needs a value", s->name);
        return INVALID;
    }
    *slot(c, s) = equals ? equals + 1 : argv[++*at];
    return OK;
}

static enum result check_all(struct arena *a, struct config *c, char *error)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *s = &settings[i];
        const char *value = *slot(c, s);
        const char *wanted = s->check(value);
        if (wanted) {
            snprintf(error, CONFIG_ERROR_TEXT, "--%s (%s): %s", s->name, env_name(a, s), wanted);
            return INVALID;
        }
    }
    if (strcmp(c->mail, "resend") == 0 && !*c->resend_api_key) {
        snprintf(error, CONFIG_ERROR_TEXT, "--mail resend needs a key: set CAREOPS_RESEND_API_KEY");
        return INVALID;
    }
    return OK;
}

/* Without a trailing slash, since paths are put behind it. */
static const char *cut_slash(struct arena *a, const char *url)
{
    size_t len = strlen(url);
    while (len && url[len - 1] == '/')
        len--;
    return arena_strndup(a, url, len);
}

enum result config_read(struct arena *a, int argc, char **argv, struct config *ret,
                        const char **ret_rest, size_t rest_max, size_t *ret_rest_count,
                        char ret_error[static CONFIG_ERROR_TEXT])
{
    struct config c = {0};
    *ret_rest_count = 0;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0) {
            if (*ret_rest_count < rest_max)
                ret_rest[(*ret_rest_count)++] = argv[i];
            continue;
        }
        enum result r = read_flag(argc, argv, &i, &c, ret_error);
        if (r != OK)
            return r;
    }
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const char **value = slot(&c, &settings[i]);
        const char *env = *value ? NULL : getenv(env_name(a, &settings[i]));
        if (!*value)
            *value = env && *env ? env : settings[i].fallback;
    }
    if (!*c.data)
        c.data = "data";
    if (!*c.db)
        c.db = arena_printf(a, "sqlite:%s/careops.db", c.data);
    if (!*c.mail)
        c.mail = arena_printf(a, "file:%s/mail", c.data);
    c.base_url = cut_slash(a, c.base_url);
    enum result r = check_all(a, &c, ret_error);
    if (r == OK)
        *ret = c;
    return r;
}

int config_int(const char *value)
{
    int64_t n = 0;
    return str_int(str_of(value), &n) ? (int)n : 0;
}

bool config_on(const char *value)
{
    return strcmp(value, "on") == 0;
}

bool config_rate_limit(const struct config *c)
{
    return strcmp(c->rate_limit, "on") == 0;
}

void config_help(FILE *out)
{
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *s = &settings[i];
        fprintf(out, "  %s%-18s %s\n%*s%s%s%s%s\n", s->secret ? "  " : "--",
                s->secret ? "(environment)" : s->name, env_name(&a, s), 23, "", s->doc,
                *s->fallback ? " [" : "", s->fallback, *s->fallback ? "]" : "");
    }
    arena_done(&a);
}

/* A password inside a URL is nobody's business either. */
static void show_value(const char *value, FILE *out)
{
    const char *scheme = strstr(value, "://");
    const char *at = scheme ? strchr(scheme + 3, '@') : NULL;
    const char *query = scheme ? strchr(value, '?') : NULL;
    const char *host = at ? at : scheme ? scheme + 3 : value;
    if (at)
        fprintf(out, "%.*s…", (int)(scheme + 3 - value), value);
    else if (scheme)
        fprintf(out, "%.*s", (int)(scheme + 3 - value), value);
    if (query && query > host)
        fprintf(out, "%.*s?…\n", (int)(query - host), host);
    else
        fprintf(out, "%s\n", host);
}

void config_show(const struct config *c, FILE *out)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *s = &settings[i];
        const char *value = *(const char *const *)(const void *)((const char *)c + s->offset);
        fprintf(out, "%-18s ", s->name);
        if (s->secret)
            fprintf(out, "%s\n", *value ? "(set)" : "(not set)");
        else
            show_value(value, out);
    }
}

void config_reference(FILE *out)
{
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    fprintf(out, "| flag | environment | default | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *s = &settings[i];
        fprintf(out, "| %s%s%s | `%s` | %s%s%s | %s |\n", s->secret ? "" : "`--",
                s->secret ? "none" : s->name, s->secret ? "" : "`", env_name(&a, s),
                *s->fallback ? "`" : "", s->fallback, *s->fallback ? "`" : "", s->doc);
    }
    arena_done(&a);
}
