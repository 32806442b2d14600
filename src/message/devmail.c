/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * devmail: /dev/mail, where whoever tries the program out reads the mail that file: mode wrote.
 *
 * It shows other people's mail, so it exists only in file: mode and only for a browser on this
 * machine: the peer is loopback, the Host is a name of loopback (no other site can point its own
 * name here), and no proxy passed the request on. To all others it is absent.
 */
#include "message/message_routes.h"

#include "base/app.h"
#include "mail/mail.h"
#include "mail/text.h"
#include "message/eml.h"

#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHOWN_MAX = 200, NAMES_MAX = 20000, FILE_NAME_MAX = 255 };

static const char STYLE[] =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .6rem;"
    "border-bottom:1px solid #ccc}pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    "iframe{width:100%;height:36rem;border:1px solid #ccc;background:#fff}";

/* ---- who may ---- */

static bool is_loopback_address(struct str s)
{
    return str_starts(s, STR("127.")) || str_is(s, "::1") || str_starts(s, STR("::ffff:127."));
}

static bool is_loopback_host(struct str host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);
        if (str_starts(host, str_of(names[i])) && (host.len == len || host.ptr[len] == ':'))
            return true;
    }
    return false;
}

static enum result allow(struct request *rq, struct work *w)
{
    bool forwarded =
        request_header(rq, "X-Forwarded-For").ptr || request_header(rq, "Forwarded").ptr;
    bool allowed = w->app && w->app->mail_dir && !forwarded && is_loopback_host(rq->host) &&
                   is_loopback_address(str_of(rq->client));
    return allowed ? OK : work_missing(w, "page");
}

/* ---- files ---- */

static bool name_ok(struct str name)
{
    struct str end = STR(".eml");
    if (name.len <= end.len || name.len > FILE_NAME_MAX || name.ptr[0] == '.')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c != '\0' && strchr("._@-", c))))
            return false;
    }
    return str_eq((struct str){name.ptr + name.len - end.len, end.len}, end);
}

/* A regular file of that name in the folder, whole; absent when it is none or too long. */
static struct str read_file(struct arena *a, int dir, const char *name)
{
    struct stat st;
    struct str ret = {0};
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return ret;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= MAIL_SIZE_MAX) {
        size_t size = (size_t)st.st_size;
        char *text = arena_alloc(a, size + 1);
        size_t have = 0;
        ssize_t n;
        while (have < size && (n = read(fd, text + have, size - have)) > 0)
            have += (size_t)n;
        ret = (struct str){text, have};
    }
    close(fd);
    return ret;
}

static int newest_first(const void *a, const void *b)
{
    return strcmp(*(const char *const *)b, *(const char *const *)a);
}

/* Names begin with the date, so their order is the messages'. Gives how many there are. */
static size_t list_names(struct arena *a, int dir, const char ***ret)
{
    size_t count = 0;
    const char **names = arena_new_array(a, NAMES_MAX, const char *);
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;
    while (entries && count < NAMES_MAX && (entry = readdir(entries)))
        if (name_ok(str_of(entry->d_name)))
            names[count++] = str_z(a, str_of(entry->d_name));
    if (entries)
        closedir(entries);
    else if (fd >= 0)
        close(fd);
    qsort(names, count, sizeof *names, newest_first);
    *ret = names;
    return count;
}

/* ---- pages ---- */

static void escaped(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        switch (s.ptr[i]) {
        case '&': buf_z(out, "&amp;"); break;
        case '<': buf_z(out, "&lt;"); break;
        case '>': buf_z(out, "&gt;"); break;
        case '"': buf_z(out, "&quot;"); break;
        default: buf_byte(out, s.ptr[i]);
        }
    }
}

static void open_page(struct buf *out, const char *title)
{
    buf_printf(out,
               "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width\">"
               "<title>%s</title><style>%s</style></head><body><main><h1>%s</h1>\n",
               title, STYLE, title);
}

/* The one style is named by its hash; nothing else is loaded but the frame. */
static void answer_page(struct request *rq, struct buf *out)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct buf digest;
    buf_z(out, "</main></body></html>\n");
    buf_init(&digest, 128);
    crypto_hash_sha256(hash, (const unsigned char *)STYLE, strlen(STYLE));
    text_base64(&digest, (struct str){(const char *)hash, sizeof hash}, 0);
    answer_header(rq, "Content-Security-Policy",
                  str_printf(rq->arena,
                             "default-src 'none'; style-src 'sha256-" STR_FMT "'; frame-src 'self';"
                             " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                             STR_ARG(buf_view(&digest))));
    answer_text(rq, 200, "text/html; charset=utf-8", str_copy(rq->arena, buf_view(out)));
    buf_done(&digest);
    buf_done(out);
}

static void list_row(struct buf *out, struct arena *a, int dir, const char *name)
{
    struct str message = read_file(a, dir, name);
    if (!message.ptr)
        return;
    buf_z(out, "<tr><td>");
    escaped(out, eml_header(a, message, "Date"));
    buf_z(out, "</td><td>");
    escaped(out, eml_header(a, message, "To"));
    buf_printf(out, "</td><td><a href=\"/dev/mail/%s\">", name);
    escaped(out, eml_header(a, message, "Subject"));
    buf_z(out, "</a></td></tr>\n");
}

static enum result show_list(struct request *rq, struct work *w)
{
    enum result result = allow(rq, w);
    if (result != OK)
        return result;
    struct buf out;
    buf_init(&out, RESPONSE_LIMIT);
    open_page(&out, "Mail");
    int dir = open(w->app->mail_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char **names = NULL;
    size_t count = dir >= 0 ? list_names(w->arena, dir, &names) : 0;
    buf_printf(&out, "<p>%zu messages, the newest %d are shown.</p>\n", count, SHOWN_MAX);
    buf_z(&out, "<table><thead><tr><th>Date</th><th>To</th><th>Subject</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < count && i < SHOWN_MAX; i++)
        list_row(&out, w->arena, dir, names[i]);
    buf_z(&out, "</tbody></table>\n");
    if (dir >= 0)
        close(dir);
    answer_page(rq, &out);
    return OK;
}

/* The message that the path names. */
static enum result find_message(struct request *rq, struct work *w, struct str *ret)
{
    enum result result = allow(rq, w);
    if (result != OK)
        return result;
    struct str message = {0};
    if (name_ok(rq->params[0])) {
        int dir = open(w->app->mail_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (dir >= 0) {
            message = read_file(w->arena, dir, str_z(w->arena, rq->params[0]));
            close(dir);
        }
    }
    if (!message.ptr)
        return work_missing(w, "message");
    *ret = message;
    return OK;
}

/* Plain text in which a line that is a link can be followed. */
static void write_text(struct buf *out, struct str text)
{
    buf_z(out, "<pre>");
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        struct str line = {text.ptr, end ? (size_t)(end - text.ptr) : text.len};
        bool link = text_is_visible_ascii(line) &&
                    (str_starts(line, STR("http://")) || str_starts(line, STR("https://")));
        if (link) {
            buf_z(out, "<a rel=\"noreferrer\" href=\"");
            escaped(out, line);
            buf_z(out, "\">");
        }
        escaped(out, line);
        buf_z(out, link ? "</a>\n" : "\n");
        size_t used = line.len + (end ? 1 : 0);
        text.ptr += used;
        text.len -= used;
    }
    buf_z(out, "</pre>\n");
}

static enum result show_message(struct request *rq, struct work *w)
{
    static const char *const shown[] = {"Date", "From", "To", "Reply-To", "Subject", "Message-ID"};
    struct str message;
    enum result result = find_message(rq, w, &message);
    if (result != OK)
        return result;
    struct buf out;
    buf_init(&out, RESPONSE_LIMIT);
    open_page(&out, "Message");
    buf_z(&out, "<p><a href=\"/dev/mail\">All mail</a></p>\n<table><tbody>\n");
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        struct str value = eml_header(w->arena, message, shown[i]);
        if (!value.ptr)
            continue;
        buf_printf(&out, "<tr><th scope=\"row\">%s</th><td>", shown[i]);
        escaped(&out, value);
        buf_z(&out, "</td></tr>\n");
    }
    buf_z(&out, "</tbody></table>\n<h2>Text</h2>\n");
    write_text(&out, eml_part(w->arena, message, "text/plain"));
    if (eml_part(w->arena, message, "text/html").ptr)
        buf_printf(&out,
                   "<h2>HTML</h2>\n<iframe sandbox title=\"The message's HTML\""
                   " src=\"/dev/mail/" STR_FMT "/html\"></iframe>\n",
                   STR_ARG(rq->params[0]));
    buf_z(&out, "<details><summary>Source</summary><pre>");
    escaped(&out, message);
    buf_z(&out, "</pre></details>\n");
    answer_page(rq, &out);
    return OK;
}

/* For the frame: no script, no load, no link out of it. */
static enum result show_html(struct request *rq, struct work *w)
{
    struct str message;
    enum result result = find_message(rq, w, &message);
    if (result != OK)
        return result;
    struct str html = eml_part(w->arena, message, "text/html");
    if (!html.ptr)
        return work_missing(w, "HTML part");
    answer_header(rq, "Content-Security-Policy",
                  STR("default-src 'none'; style-src 'unsafe-inline'; sandbox;"
                      " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"));
    answer_header(rq, "X-Frame-Options", STR("SAMEORIGIN"));
    answer_text(rq, 200, "text/html; charset=utf-8", html);
    return OK;
}

#define DEV_ROUTE(route_path, fn)                                                        \
    {                                                                                    \
        .method = HTTP_GET_, .path = (route_path), .who = WHO_ANYONE, .mode = MODE_FREE, \
        .hidden = true, .status = 200, .handler = (fn), .tag = "messages",               \
        .summary = "The mail of file: mode, on this machine alone"                       \
    }

static const struct route routes[] = {
    DEV_ROUTE("/dev/mail", show_list),
    DEV_ROUTE("/dev/mail/{name}", show_message),
    DEV_ROUTE("/dev/mail/{name}/html", show_html),
};
const struct route_table devmail_table = {routes, sizeof routes / sizeof *routes};
