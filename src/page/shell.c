/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* shell: cuts each embedded page at its tokens and puts the parts together again for every answer.
 * See shell.h. */
#include "page/shell.h"

#include "base/embedded.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SHELLS_MAX = 24, PIECES_MAX = 24, CSP_MAX = 512 };

enum token {
    TOKEN_NONE,
    TOKEN_LANG,
    TOKEN_DIR,
    TOKEN_TITLE,
    TOKEN_HEAD,
    TOKEN_BODY,
    TOKEN_DATA,
    TOKEN_NONCE,
    TOKEN__MAX
};
static const char *const token_texts[TOKEN__MAX] = {
    [TOKEN_LANG] = "{{lang}}",
    [TOKEN_DIR] = "{{dir}}",
    [TOKEN_TITLE] = "<!--careops:title-->",
    [TOKEN_HEAD] = "<!--careops:head-->",
    [TOKEN_BODY] = "<!--careops:body-->",
    [TOKEN_DATA] = "<!--careops:data-->",
    [TOKEN_NONCE] = "{{nonce}}",
};

struct piece {
    struct str text;  /* literal, then */
    enum token token; /* what is filled in behind it */
};

struct shell {
    const char *name; /* "web/book.html" */
    size_t piece_count;
    struct piece pieces[PIECES_MAX];
    char csp[CSP_MAX];
    size_t csp_nonce_at; /* where the answer's nonce stands in the policy; 0: nowhere */
};

struct shells {
    size_t count;
    struct shell items[SHELLS_MAX];
};

static const char *find(const char *from, const char *end, const char *what)
{
    size_t len = strlen(what);
    if ((size_t)(end - from) < len)
        return NULL;
    return memmem(from, (size_t)(end - from), what, len);
}

static void cut(struct shell *s, const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    while (s->piece_count < PIECES_MAX - 1) {
        const char *next = end;
        enum token token = TOKEN_NONE;
        for (int t = TOKEN_LANG; t < TOKEN__MAX; t++) {
            const char *hit = find(at, end, token_texts[t]);
            if (hit && hit < next) {
                next = hit;
                token = (enum token)t;
            }
        }
        s->pieces[s->piece_count++] = (struct piece){{at, (size_t)(next - at)}, token};
        if (token == TOKEN_NONE)
            return;
        at = next + strlen(token_texts[token]);
    }
    s->pieces[s->piece_count++] = (struct piece){{at, (size_t)(end - at)}, TOKEN_NONE};
}

/* Hashes of all <style> elements, as CSP sources: ` 'sha256-…'`. */
static void style_hashes(struct buf *out, const char *text, size_t size)
{
    const char *end = text + size;
    for (const char *open = text; (open = find(open, end, "<style"));) {
        const char *start = memchr(open, '>', (size_t)(end - open));
        const char *close = start ? find(start, end, "</style>") : NULL;
        if (!close)
            return;
        start++;
        unsigned char digest[crypto_hash_sha256_BYTES];
        char b64[sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES,
                                           sodium_base64_VARIANT_ORIGINAL)];
        crypto_hash_sha256(digest, (const unsigned char *)start,
                           (unsigned long long)(close - start));
        sodium_bin2base64(b64, sizeof b64, digest, sizeof digest, sodium_base64_VARIANT_ORIGINAL);
        buf_printf(out, " 'sha256-%s'", b64);
        open = close;
    }
}

/* The Trusted Types policy of the pages that need one: a service worker's address is a script's. */
static const struct {
    const char *shell, *policy;
} script_policies[] = {
    {"web/staff.html", "careops-worker"},
    /* React writes the text of Mantine's style tags as HTML; the page's policy lets through what
     * can hold no element (web/office/src/shell/policy.ts). */
    {"web/office.html", "default"},
};

static const char *script_policy(const char *shell)
{
    for (size_t i = 0; i < sizeof script_policies / sizeof *script_policies; i++)
        if (strcmp(script_policies[i].shell, shell) == 0)
            return script_policies[i].policy;
    return "'none'";
}

/* A page whose script adds style tags of its own: they bear a nonce that no other answer has. */
static bool has_nonce(const struct shell *s)
{
    for (size_t i = 0; i < s->piece_count; i++)
        if (s->pieces[i].token == TOKEN_NONCE)
            return true;
    return false;
}

static void make_csp(struct shell *s, const char *text, size_t size)
{
    struct buf csp;
    buf_init(&csp, CSP_MAX - 1);
    buf_z(&csp, "default-src 'none'; script-src 'self'; style-src 'self'");
    style_hashes(&csp, text, size);
    if (has_nonce(s))
        s->csp_nonce_at = buf_view(&csp).len;
    buf_z(
        &csp,
        "; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types ");
    buf_z(&csp, script_policy(s->name));
    struct str view = buf_view(&csp);
    memcpy(s->csp, view.ptr, view.len);
    s->csp[view.len] = '\0';
    buf_done(&csp);
}

static bool is_shell(const char *name)
{
    size_t len = strlen(name);
    return strncmp(name, "web/", 4) == 0 && !strchr(name + 4, '/') && len > 5 &&
           strcmp(name + len - 5, ".html") == 0;
}

struct shells *shells_new(void)
{
    struct shells *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    for (size_t i = 0; i < embedded_count && s->count < SHELLS_MAX; i++) {
        const struct embedded_file *f = &embedded_files[i];
        if (!is_shell(f->name))
            continue;
        struct shell *shell = &s->items[s->count++];
        shell->name = f->name;
        cut(shell, (const char *)f->data, f->size);
        make_csp(shell, (const char *)f->data, f->size);
    }
    return s;
}

void shells_free(struct shells *s)
{
    free(s);
}

void html_text(struct buf *out, struct str s)
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

static const struct shell *find_shell(const struct shells *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++) {
        const char *have = s->items[i].name + 4;
        size_t len = strlen(name);
        if (strncmp(have, name, len) == 0 && strcmp(have + len, ".html") == 0)
            return &s->items[i];
    }
    return NULL;
}

enum { NONCE_BYTES = 16, NONCE_TEXT = sodium_base64_ENCODED_LEN(NONCE_BYTES, 7) };

static void make_nonce(char ret[static NONCE_TEXT])
{
    unsigned char bytes[NONCE_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret, NONCE_TEXT, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static struct str csp_of(const struct shell *s, struct arena *a, const char *nonce)
{
    if (!s->csp_nonce_at)
        return str_of(s->csp);
    return str_printf(a, "%.*s 'nonce-%s'%s", (int)s->csp_nonce_at, s->csp, nonce,
                      s->csp + s->csp_nonce_at);
}

/* Languages written from right to left. */
static bool runs_leftwards(struct str lang)
{
    static const char *const names[] = {"ar", "fa", "he", "ur"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(lang, names[i]))
            return true;
    return false;
}

static void put_token(struct buf *out, enum token token, const struct shell_fill *fill,
                      const char *nonce)
{
    switch (token) {
    case TOKEN_LANG: html_text(out, fill->lang.len ? fill->lang : STR("en")); break;
    case TOKEN_DIR: buf_z(out, runs_leftwards(fill->lang) ? "rtl" : "ltr"); break;
    case TOKEN_TITLE: html_text(out, fill->title); break;
    case TOKEN_HEAD: buf_str(out, fill->head); break;
    case TOKEN_BODY: buf_str(out, fill->body); break;
    case TOKEN_DATA:
        if (fill->data.len) {
            buf_z(out, "<script type=\"application/json\" id=\"careops-data\">");
            buf_str(out, fill->data);
            buf_z(out, "</script>");
        }
        break;
    case TOKEN_NONCE: buf_z(out, nonce); break;
    default: break;
    }
}

/* The page without personal data may be kept by the browser, if it asks each time whether it is
 * still so. */
static void answer_cached(struct request *rq)
{
    char hash[TOKEN_HASH_TEXT];
    token_hash(rq->out.ptr, rq->out.len, hash);
    struct str etag = str_printf(rq->arena, "\"%.32s\"", hash);
    answer_header(rq, "Cache-Control", STR("no-cache"));
    answer_header(rq, "ETag", etag);
    if (rq->status == 200 && str_eq(request_header(rq, "If-None-Match"), etag)) {
        rq->status = 304;
        buf_reset(&rq->out);
    }
}

bool shell_answer(const struct shells *s, struct request *rq, const char *name, int status,
                  const struct shell_fill *fill)
{
    const struct shell *shell = find_shell(s, name);
    if (!shell)
        return false;
    char nonce[NONCE_TEXT];
    make_nonce(nonce);
    rq->status = status;
    answer_header(rq, "Content-Type", STR("text/html; charset=utf-8"));
    answer_header(rq, "Content-Security-Policy", csp_of(shell, rq->arena, nonce));
    for (size_t i = 0; i < shell->piece_count; i++) {
        buf_str(&rq->out, shell->pieces[i].text);
        put_token(&rq->out, shell->pieces[i].token, fill, nonce);
    }
    if (!fill->personal)
        answer_cached(rq);
    return true;
}
