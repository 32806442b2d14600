/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mail_settings: see mail_settings.h. */
#include "message/mail_settings.h"

#include "audit/audit.h"
#include "base/app.h"
#include "message/mailer.h"

#include <arpa/inet.h>
#include <string.h>

enum { KEY_HINT = 4, WAITING_MAX = 1000 };

/* ---- shapes ---- */

static const struct field smtp_in_fields[] = {
    FIELD_STR(struct mail_smtp_in, host, 1, OWN_HOST_MAX, .required = true),
    FIELD_INT(struct mail_smtp_in, port, 1, 65535, .required = true,
              .doc = "587 with starttls, 465 with tls"),
    FIELD_ENUM(struct mail_smtp_in, security, own_mail_securities, .required = true,
               .doc = "none only where the operator allows private servers, and without a login"),
    FIELD_STR(struct mail_smtp_in, username, 0, OWN_SECRET_MAX),
    FIELD_STR(struct mail_smtp_in, password, 1, OWN_SECRET_MAX, .raw = true,
              .doc = "never answered; absent: the one that is kept"),
};
static const struct shape smtp_in_shape =
    SHAPE("MailServerIn", struct mail_smtp_in, smtp_in_fields);

static const struct field resend_in_fields[] = {
    FIELD_STR(struct mail_resend_in, api_key, 1, OWN_SECRET_MAX,
              .doc = "never answered; absent: the one that is kept"),
};
static const struct shape resend_in_shape =
    SHAPE("MailResendIn", struct mail_resend_in, resend_in_fields);

static const struct field in_fields[] = {
    FIELD_ENUM(struct mail_in, provider, own_mail_providers, .required = true,
               .doc = "server: the program's own service"),
    FIELD_STR(struct mail_in, from_name, 0, 120, .doc = "empty: the business's name"),
    FIELD_STR(struct mail_in, from_address, 0, 254, .format = STR_EMAIL,
              .doc = "the sender, which the service must know"),
    FIELD_OBJECT(struct mail_in, smtp, smtp_in_shape),
    FIELD_OBJECT(struct mail_in, resend, resend_in_shape),
};
const struct shape mail_in_shape = SHAPE("MailSettingsIn", struct mail_in, in_fields);

struct smtp_out {
    struct str host, username, security;
    struct opt_int port;
    struct opt_bool has_password;
};
static const struct field smtp_out_fields[] = {
    FIELD_STR(struct smtp_out, host, 0, 0),
    FIELD_INT(struct smtp_out, port, 0, 0),
    FIELD_WORD(struct smtp_out, security, own_mail_securities),
    FIELD_STR(struct smtp_out, username, 0, 0),
    FIELD_BOOL(struct smtp_out, has_password),
};
static const struct shape smtp_out_shape = SHAPE("MailServer", struct smtp_out, smtp_out_fields);

struct resend_out {
    struct opt_bool has_key;
    struct str key_hint;
};
static const struct field resend_out_fields[] = {
    FIELD_BOOL(struct resend_out, has_key),
    FIELD_STR(struct resend_out, key_hint, 0, 0, .maybe = true, .doc = "its last four characters"),
};
static const struct shape resend_out_shape =
    SHAPE("MailResend", struct resend_out, resend_out_fields);

struct mail_out {
    struct str provider, from_name, from_address, server_from, last_error;
    struct smtp_out *smtp;
    struct resend_out *resend;
    struct opt_bool private_allowed;
    struct opt_int waiting, failing_since, last_sent_at, version;
};
static const struct field out_fields[] = {
    FIELD_WORD(struct mail_out, provider, own_mail_providers),
    FIELD_STR(struct mail_out, from_name, 0, 0),
    FIELD_STR(struct mail_out, from_address, 0, 0),
    FIELD_OBJECT(struct mail_out, smtp, smtp_out_shape),
    FIELD_OBJECT(struct mail_out, resend, resend_out_shape),
    FIELD_STR(struct mail_out, server_from, 0, 0, .maybe = true,
              .doc = "the sender of the program's own service"),
    FIELD_BOOL(struct mail_out, private_allowed,
               .doc = "the operator allows servers in private networks"),
    FIELD_INT(struct mail_out, waiting, 0, 0, .doc = "letters not sent yet, at most 1000"),
    FIELD_INSTANT(struct mail_out, failing_since, .maybe = true,
                  .doc = "the business's own service: since when nothing has gone through"),
    FIELD_STR(struct mail_out, last_error, 0, 0, .maybe = true, .doc = "and why"),
    FIELD_INSTANT(struct mail_out, last_sent_at, .maybe = true),
    FIELD_INT(struct mail_out, version, 0, 0),
};
static const struct shape out_shape = SHAPE("MailSettings", struct mail_out, out_fields);

/* ---- answering ---- */

static enum result count_waiting(struct work *w, int64_t *ret)
{
    struct db_rows r;
    enum result result = db_one(w->tx, &r,
                                "SELECT COUNT(*) FROM (SELECT id FROM message"
                                " WHERE workspace_id = $1 AND status = 'queued' LIMIT $2) q",
                                db_i(w->actor.workspace_id), db_i(WAITING_MAX));
    if (result == OK)
        *ret = db_int(&r, 0, 0);
    return result;
}

static enum result answer(struct request *rq, struct work *w, const struct own_mail *m)
{
    int64_t waiting = 0;
    enum result result = count_waiting(w, &waiting);
    if (result != OK)
        return result;
    struct smtp_out smtp = {
        .host = m->host,
        .port = some_int(m->port),
        .security = str_of(own_mail_securities[m->security]),
        .username = m->user,
        .has_password = some_bool(m->password.len > 0),
    };
    struct resend_out resend = {.has_key = some_bool(m->api_key.len > 0)};
    if (m->key_hint.len)
        resend.key_hint = m->key_hint;
    struct mail_out out = {
        .provider = str_of(own_mail_providers[m->kind]),
        .from_name = m->from_name,
        .from_address = m->from_address,
        .smtp = &smtp,
        .resend = &resend,
        .server_from = str_of(w->app->mail_from),
        .private_allowed = some_bool(w->app->mail && w->app->mail->own_private),
        .waiting = some_int(waiting),
        .version = some_int(m->version),
    };
    if (m->kind != OWN_SERVER) {
        out.failing_since = m->failing_since_s;
        out.last_error = m->last_error;
        out.last_sent_at = m->last_sent_s;
    }
    answer_etag(rq, m->version);
    answer_json(rq, 200, &out_shape, &out, w->actor.permissions);
    return OK;
}

static enum result get_mail(struct request *rq, struct work *w)
{
    struct own_mail m;
    enum result result = own_mail_load(w->tx, w->actor.workspace_id, &m);
    return result == OK ? answer(rq, w, &m) : result;
}

/* ---- checking ---- */

static enum result wrong(struct work *w, const char *prefix, const char *path, const char *code,
                         const char *message)
{
    return problem_field(w->problem, arena_printf(w->arena, "%s%s", prefix, path), code, message);
}

/* A name as DNS has it, or an address. */
static bool host_ok(struct str host)
{
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '.' && c != '-' && c != ':')
            return false;
    }
    return host.len > 0 && host.ptr[0] != '-' && host.ptr[0] != '.';
}

static bool host_public(struct arena *a, struct str host)
{
    const char *z = str_z(a, host);
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, z, &v4.sin_addr) == 1)
        return mail_address_public(&v4);
    if (inet_pton(AF_INET6, z, &v6.sin6_addr) == 1)
        return mail_address_public(&v6);
    /* Numbers in other notations are read as addresses by some resolvers; a name has a letter in
     * its last label. */
    const char *last = strrchr(z, '.');
    return last && last[1] && strcspn(last + 1, "0123456789:") > 0 && !strchr(z, ':');
}

static enum result check_smtp(struct work *w, const char *prefix, const struct own_mail *m,
                              bool others)
{
    bool private_too = w->app->mail && w->app->mail->own_private;
    enum result result = OK;
    if (!host_ok(m->host))
        result = wrong(w, prefix, "smtp.host", "invalid_format",
                       "Give the server's name, such as smtp.example.com.");
    else if (!private_too && !host_public(w->arena, m->host))
        result = wrong(w, prefix, "smtp.host", "not_allowed",
                       "This name or address is a private one. Give a server that the internet "
                       "reaches.");
    if (!private_too && !mail_port_ok(m->port))
        result = wrong(w, prefix, "smtp.port", "not_allowed",
                       "Give one of the ports of mail: 587, 465, 25, 2525, 2465 or 2587.");
    if (m->security == MAIL_PLAIN && (!private_too || m->user.len > 0))
        result = wrong(w, prefix, "smtp.security", "not_allowed",
                       "Letters and passwords go encrypted. Choose STARTTLS or TLS.");
    if (m->user.len > 0 && m->password.len == 0)
        result = wrong(w, prefix, "smtp.password", "required",
                       others ? "Give the password again, since the server or the user is another."
                              : "Give the user's password.");
    if (m->user.len == 0 && m->password.len > 0)
        result = wrong(w, prefix, "smtp.username", "required", "Give the user of this password.");
    return result;
}

static bool is_visible(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~')
            return false;
    return true;
}

static void take_smtp(struct work *w, const struct mail_smtp_in *in, const struct own_mail *now,
                      struct own_mail *ret, bool *ret_others)
{
    struct str user = in->username.ptr ? in->username : STR("");
    *ret_others = !str_eq(in->host, now->host) || !str_eq(user, now->user) ||
                  in->port.value != now->port || (int64_t)now->security != in->security.value;
    ret->host = in->host;
    ret->port = in->port.value;
    ret->security = (enum mail_security)in->security.value;
    ret->user = user;
    if (in->password.ptr)
        ret->password = seal_close(w->app->seal, w->arena, in->password);
    else if (*ret_others || user.len == 0)
        ret->password = STR("");
}

static enum result take_resend(struct work *w, const char *prefix, const struct mail_resend_in *in,
                               struct own_mail *ret)
{
    if (!in->api_key.ptr)
        return OK;
    if (!is_visible(in->api_key))
        return wrong(w, prefix, "resend.api_key", "invalid_characters",
                     "A key has letters, digits and signs, without blanks.");
    size_t hint = in->api_key.len > 2 * KEY_HINT ? KEY_HINT : 0;
    ret->api_key = seal_close(w->app->seal, w->arena, in->api_key);
    ret->key_hint = (struct str){in->api_key.ptr + in->api_key.len - hint, hint};
    return OK;
}

enum result mail_settings_merge(struct work *w, const struct mail_in *in, const char *prefix,
                                const struct own_mail *now, struct own_mail *ret)
{
    bool others = false;
    enum result result = OK;
    *ret = *now;
    ret->kind = (enum own_mail_kind)in->provider.value;
    ret->from_name = in->from_name.ptr ? in->from_name : now->from_name;
    ret->from_address = in->from_address.ptr ? in->from_address : now->from_address;
    if (in->smtp)
        take_smtp(w, in->smtp, now, ret, &others);
    if (in->resend && take_resend(w, prefix, in->resend, ret) != OK)
        result = INVALID;
    if (ret->kind != OWN_SERVER && ret->from_address.len == 0)
        result = wrong(w, prefix, "from_address", "required",
                       "Give the address that letters come from.");
    if (ret->kind == OWN_SMTP && ret->host.len == 0)
        result = wrong(w, prefix, "smtp.host", "required", "Give the mail server.");
    else if ((ret->kind == OWN_SMTP || in->smtp) && check_smtp(w, prefix, ret, others) != OK)
        result = INVALID;
    if (ret->kind == OWN_RESEND && ret->api_key.len == 0)
        result = wrong(w, prefix, "resend.api_key", "required", "Give the key of Resend's API.");
    return result;
}

/* ---- changing ---- */

static enum result write_audit(struct work *w, const struct own_mail *was,
                               const struct own_mail *is)
{
    struct audit a;
    audit_begin(&a, w, "workspace_mail", w->actor.workspace_id, "changed");
    audit_str(&a, "provider", str_of(own_mail_providers[was->kind]),
              str_of(own_mail_providers[is->kind]));
    audit_str(&a, "from_name", was->from_name, is->from_name);
    audit_str(&a, "from_address", was->from_address, is->from_address);
    audit_str(&a, "host", was->host, is->host);
    audit_int(&a, "port", some_int(was->port), some_int(is->port));
    audit_str(&a, "security", str_of(own_mail_securities[was->security]),
              str_of(own_mail_securities[is->security]));
    audit_str(&a, "username", was->user, is->user);
    if (!str_eq(was->password, is->password))
        audit_note(&a, "password", "changed");
    if (!str_eq(was->api_key, is->api_key))
        audit_note(&a, "api_key", "changed");
    return audit_end(&a);
}

/* What has failed before goes again now, by the new settings. */
static enum result hurry(struct work *w)
{
    enum result result =
        db_exec(w->tx,
                "UPDATE message SET due_s = $2, version = version + 1"
                " WHERE workspace_id = $1 AND id IN (SELECT id FROM message"
                " WHERE workspace_id = $1 AND status = 'queued' ORDER BY id LIMIT 500)"
                " AND last_error IS NOT NULL AND lease_owner IS NULL AND due_s > $2",
                db_i(w->actor.workspace_id), db_i(w->now_s));
    if (result == OK)
        db_after_commit(w->tx, mailer_wake, w->app->mailer);
    return result;
}

static enum result write_row(struct work *w, const struct own_mail *m)
{
    return db_exec(
        w->tx,
        "UPDATE workspace_mail SET provider = $2, from_name = $3, from_address = $4,"
        " smtp_host = $5, smtp_port = $6, smtp_security = $7, smtp_username = $8,"
        " smtp_password = $9, resend_key = $10, key_hint = $11, changed_s = $12, free_s = 0,"
        " tail_s = 0, rest_until_s = 0, failures = 0, failing_since_s = NULL, last_error = NULL"
        " WHERE workspace_id = $1",
        db_i(w->actor.workspace_id), db_z(own_mail_providers[m->kind]), db_s(m->from_name),
        db_s(m->from_address), db_s(m->host), db_i(m->port), db_z(own_mail_securities[m->security]),
        db_s(m->user), db_s(m->password), db_s(m->api_key), db_s(m->key_hint), db_i(w->now_s));
}

/* Takes the row's lock, and makes it where it is missing. */
static enum result open_for_change(struct request *rq, struct work *w, struct own_mail *ret)
{
    enum result result = db_exec(w->tx,
                                 "INSERT INTO workspace_mail (workspace_id, changed_s, version)"
                                 " VALUES ($1, $2, 0) ON CONFLICT (workspace_id) DO NOTHING",
                                 db_i(w->actor.workspace_id), db_i(w->now_s));
    if (result == OK)
        result = db_exec(w->tx,
                         "UPDATE workspace_mail SET version = version + 1 WHERE workspace_id = $1",
                         db_i(w->actor.workspace_id));
    if (result == OK)
        result = own_mail_load(w->tx, w->actor.workspace_id, ret);
    return result == OK ? route_check_version(rq, w, ret->version - 1) : result;
}

static enum result put_mail(struct request *rq, struct work *w)
{
    struct own_mail was, is;
    enum result result = hurry(w); /* messages first, as the mailer locks them */
    if (result == OK)
        result = open_for_change(rq, w, &was);
    if (result == OK)
        result = mail_settings_merge(w, rq->in, "", &was, &is);
    if (result == OK)
        result = write_row(w, &is);
    if (result == OK)
        result = write_audit(w, &was, &is);
    if (result == OK)
        result = own_mail_load(w->tx, w->actor.workspace_id, &is);
    return result == OK ? answer(rq, w, &is) : result;
}

#define MAIL_ROUTE \
    .path = "/api/v1/workspace/mail", .who = WHO_OWNER, .no_token = true, .tag = "workspace"

static const struct route routes[] = {
    {MAIL_ROUTE, .method = HTTP_GET_, .mode = MODE_READ, .status = 200, .answer = &out_shape,
     .handler = get_mail, .summary = "By which service the business's letters leave"},
    {MAIL_ROUTE, .method = HTTP_PUT_, .mode = MODE_WRITE, .versioned = true, .body = &mail_in_shape,
     .status = 200, .answer = &out_shape, .handler = put_mail,
     .summary = "Choose the program's service or one of the business's own"},
};
const struct route_table mail_settings_table = {routes, sizeof routes / sizeof routes[0]};
