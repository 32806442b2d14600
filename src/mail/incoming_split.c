/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * incoming_split: where the history begins that a mail program has put below a person's words. See
 * incoming.h.
 *
 * Three things say so: a mark of the program in its HTML; a line that introduces a whole message
 * ("-----Original Message-----", or Outlook's block of From, Sent, To); and quoted lines ("> ")
 * that go on to the end, with the line before them that says who wrote what. Quoted lines between
 * the person's own are an answer point by point, and stay.
 */
#include "mail/incoming.h"

#include <string.h>

enum {
    ATTRIBUTION_LINES_MAX = 4, /* that a "… wrote:" may be broken into */
    ATTRIBUTION_MAX = 400,
    BLOCK_LINES_MAX = 6, /* in which Outlook's second field stands */
};

struct lines {
    size_t count;
    struct str *line;
};

static bool is_blank(struct str s)
{
    return str_trim(s).len == 0;
}

static bool is_quote(struct str s)
{
    return str_trim(s).len > 0 && str_trim(s).ptr[0] == '>';
}

static bool contains(struct str s, const char *word)
{
    return s.len > 0 && memmem(s.ptr, s.len, word, strlen(word)) != NULL;
}

static bool ends_with(struct str s, const char *word)
{
    size_t len = strlen(word);
    return s.len >= len && memcmp(s.ptr + s.len - len, word, len) == 0;
}

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
            return true;
    return false;
}

/* ---- what introduces a whole message ---- */

/* "-----Original Message-----" and its kin. */
static bool is_rule(struct str s)
{
    static const char *const words[] = {
        "Original Message",
        "Forwarded message",
        "Urspr\xC3\xBCngliche Nachricht",
        "Weitergeleitete Nachricht",
        "Message d'origine",
        "Message d\xE2\x80\x99origine",
        "Mensaje original",
        "Messaggio originale",
        "Mensagem original",
        "Oorspronkelijk bericht",
        "Oprindelig meddelelse",
        "Ursprungligt meddelande",
        "Opprinnelig melding",
        "Wiadomo\xC5\x9B\xC4\x87 oryginalna",
        NULL,
    };
    s = str_trim(s);
    if (!str_starts(s, STR("--")) || !ends_with(s, "--"))
        return false;
    for (size_t i = 0; words[i]; i++)
        if (contains(s, words[i]))
            return true;
    return false;
}

/* Outlook's block: the first word of its first line, and of one that follows soon. */
static const struct {
    const char *from, *sent;
} blocks[] = {
    {"From:", "Sent:"},
    {"From:", "Date:"},
    {"Von:", "Gesendet:"},
    {"De :", "Envoy\xC3\xA9 :"},
    {"De\xC2\xA0:", "Envoy\xC3\xA9\xC2\xA0:"},
    {"De:", "Enviado el:"},
    {"De:", "Enviado:"},
    {"De:", "Enviada em:"},
    {"Da:", "Inviato:"},
    {"Van:", "Verzonden:"},
    {"Fra:", "Sendt:"},
    {"Fr\xC3\xA5n:", "Skickat:"},
    {"Od:", "Wys\xC5\x82"
            "ano:"},
};

/* A field's line, also in bold as plain text shows it: "*From:* Anna". */
static bool is_field(struct str s, const char *name)
{
    s = str_trim(s);
    if (s.len > 0 && s.ptr[0] == '*')
        s = (struct str){s.ptr + 1, s.len - 1};
    return str_starts(s, str_of(name));
}

static bool is_block(const struct lines *l, size_t at)
{
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
        if (!is_field(l->line[at], blocks[b].from))
            continue;
        for (size_t i = at + 1; i < l->count && i < at + BLOCK_LINES_MAX; i++)
            if (is_field(l->line[i], blocks[b].sent))
                return true;
    }
    return false;
}

/* ---- quoted lines to the end ---- */

/* "On 3 May 2026, Anna <a@b.example> wrote:" in the languages of the field. */
static bool is_attribution(struct str s)
{
    static const struct {
        const char *begins, *says;
    } forms[] = {
        {"On ", "wrote:"},
        {"Am ", "schrieb"},
        {"Le ", "a \xC3\xA9"
                "crit"},
        {"El ", "escribi\xC3\xB3"},
        {"Il ", "ha scritto"},
        {"Em ", "escreveu"},
        {"Op ", "schreef"},
        {"Den ", "skrev"},
        {"W dniu ", "pisze"},
        {"", "wrote:"},
        {"", "schrieb:"},
        {"", "skrev:"},
    };
    s = str_trim(s);
    if (s.len == 0 || s.len > ATTRIBUTION_MAX || s.ptr[s.len - 1] != ':' || !has_digit(s))
        return false;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (str_starts(s, str_of(forms[i].begins)) && contains(s, forms[i].says))
            return true;
    return false;
}

/* The first of the lines that together say who wrote what is quoted from `quote` on. */
static size_t before_attribution(const struct lines *l, size_t quote)
{
    size_t last = quote;
    while (last > 0 && is_blank(l->line[last - 1]))
        last--;
    for (size_t n = 1; n <= ATTRIBUTION_LINES_MAX && n <= last; n++) {
        struct str first = l->line[last - n];
        if (is_blank(first))
            break;
        const char *end = l->line[last - 1].ptr + l->line[last - 1].len;
        if (is_attribution((struct str){first.ptr, (size_t)(end - first.ptr)}))
            return last - n;
    }
    return quote;
}

/* Where the quoted lines begin that nothing but blank ones follow; the count: nowhere. */
static size_t final_quotes(const struct lines *l)
{
    size_t at = l->count;
    bool any = false;
    while (at > 0 && (is_blank(l->line[at - 1]) || is_quote(l->line[at - 1]))) {
        any |= is_quote(l->line[at - 1]);
        at--;
    }
    if (!any)
        return l->count;
    while (is_blank(l->line[at]))
        at++;
    return before_attribution(l, at);
}

/* ---- all together ---- */

static struct lines lines_of(struct str text)
{
    size_t ends = 0, at = 0;
    for (size_t i = 0; i < text.len; i++)
        ends += text.ptr[i] == '\n';
    struct lines l = {.line = calloc(ends + 1, sizeof *l.line)};
    if (!l.line)
        abort();
    while (at < text.len) {
        const char *end = memchr(text.ptr + at, '\n', text.len - at);
        size_t len = end ? (size_t)(end - (text.ptr + at)) : text.len - at;
        l.line[l.count++] = (struct str){text.ptr + at, len};
        at += len + 1;
    }
    return l;
}

/* Whether behind a program's mark no words stand below the lines that it quotes: they would be the
 * person's. */
static bool nothing_between(const struct lines *l, size_t mark)
{
    bool quoted = false;
    for (size_t i = mark + 1; i < l->count; i++) {
        bool quote = is_quote(l->line[i]);
        if (quoted && !quote && !is_blank(l->line[i]))
            return false;
        quoted |= quote;
    }
    return true;
}

static size_t history_line(const struct lines *l)
{
    size_t quotes = final_quotes(l);
    for (size_t i = 0; i < quotes; i++) {
        struct str s = l->line[i];
        if (s.len > 0 && s.ptr[0] == INCOMING_QUOTE_MARK && nothing_between(l, i))
            return i;
        if (is_rule(s))
            return i;
        if (is_block(l, i)) /* the line of underscores above it belongs to it */
            return i > 0 && str_starts(str_trim(l->line[i - 1]), STR("_____")) ? i - 1 : i;
    }
    return quotes;
}

void incoming_split(struct str text, struct str *ret_written, struct str *ret_quoted)
{
    struct lines l = lines_of(text);
    *ret_written = str_trim(text);
    *ret_quoted = STR("");
    size_t at = history_line(&l);
    if (at < l.count) {
        size_t cut = (size_t)(l.line[at].ptr - text.ptr);
        struct str written = str_trim((struct str){text.ptr, cut});
        struct str quoted = {text.ptr + cut, text.len - cut};
        if (quoted.ptr[0] == INCOMING_QUOTE_MARK)
            quoted = (struct str){quoted.ptr + 1, quoted.len - 1};
        /* Who sends on a message without a word of their own wants it to be read. */
        if (written.len > 0) {
            *ret_written = written;
            *ret_quoted = str_trim(quoted);
        }
    }
    free(l.line);
}
