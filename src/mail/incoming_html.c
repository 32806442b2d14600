/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * incoming_html: HTML as text. See incoming.h.
 *
 * No tree is built: tags are read one after another, and all that is kept is the depth of quotes,
 * the link that is open and the element whose content is skipped. So no nesting costs memory, and
 * broken HTML reads as well as can be.
 */
#include "mail/incoming.h"

#include <string.h>

enum { NAME_MAX_ = 16, QUOTES_MAX = 5, HREF_MAX = 300 };

struct writer {
    struct buf *out;
    int newlines_due; /* before the next word; 2: a blank line */
    bool space_due;
    int quotes; /* open blockquotes */
    int preformatted;
    struct str href; /* of the link that is open; absent: none is, or it is not to be shown */
    size_t link_at;  /* where its words begin in `out` */
};

/* ---- writing ---- */

static void begin_line(struct writer *w)
{
    for (int i = 0; i < w->quotes && i < QUOTES_MAX; i++)
        buf_z(w->out, "> ");
}

static void break_line(struct writer *w, int lines)
{
    if (w->newlines_due < lines)
        w->newlines_due = lines;
    w->space_due = false;
}

static void put(struct writer *w, struct str s)
{
    bool first = w->out->len == 0;
    if (w->space_due && !first && w->newlines_due == 0)
        buf_byte(w->out, ' ');
    for (; w->newlines_due > 0 && !first; w->newlines_due--)
        buf_byte(w->out, '\n');
    if (first || w->out->ptr[w->out->len - 1] == '\n')
        begin_line(w);
    w->newlines_due = 0;
    w->space_due = false;
    buf_str(w->out, s);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void put_codepoint(struct writer *w, uint32_t c)
{
    char s[4];
    size_t n = 0;
    if (c == 0xA0 || c == ' ') {
        w->space_due = w->newlines_due == 0;
        return;
    }
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return;
    if (c < 0x80) {
        s[n++] = (char)c;
    } else if (c < 0x800) {
        s[n++] = (char)(0xC0 | c >> 6);
        s[n++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        s[n++] = (char)(0xE0 | c >> 12);
        s[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        s[n++] = (char)(0x80 | (c & 0x3F));
    } else {
        s[n++] = (char)(0xF0 | c >> 18);
        s[n++] = (char)(0x80 | (c >> 12 & 0x3F));
        s[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        s[n++] = (char)(0x80 | (c & 0x3F));
    }
    put(w, (struct str){s, n});
}

/* ---- entities ---- */

static const struct {
    const char *name;
    uint32_t c;
} entities[] = {
    {"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
    {"nbsp", 0xA0},     {"shy", 0xAD},     {"copy", 0xA9},    {"reg", 0xAE},     {"euro", 0x20AC},
    {"pound", 0xA3},    {"yen", 0xA5},     {"cent", 0xA2},    {"sect", 0xA7},    {"deg", 0xB0},
    {"hellip", 0x2026}, {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018}, {"rsquo", 0x2019},
    {"sbquo", 0x201A},  {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"bdquo", 0x201E}, {"laquo", 0xAB},
    {"raquo", 0xBB},    {"bull", 0x2022},  {"middot", 0xB7},  {"trade", 0x2122}, {"times", 0xD7},
    {"auml", 0xE4},     {"ouml", 0xF6},    {"uuml", 0xFC},    {"Auml", 0xC4},    {"Ouml", 0xD6},
    {"Uuml", 0xDC},     {"szlig", 0xDF},   {"agrave", 0xE0},  {"aacute", 0xE1},  {"acirc", 0xE2},
    {"atilde", 0xE3},   {"aring", 0xE5},   {"aelig", 0xE6},   {"ccedil", 0xE7},  {"egrave", 0xE8},
    {"eacute", 0xE9},   {"ecirc", 0xEA},   {"euml", 0xEB},    {"igrave", 0xEC},  {"iacute", 0xED},
    {"icirc", 0xEE},    {"iuml", 0xEF},    {"ntilde", 0xF1},  {"ograve", 0xF2},  {"oacute", 0xF3},
    {"ocirc", 0xF4},    {"otilde", 0xF5},  {"oslash", 0xF8},  {"ugrave", 0xF9},  {"uacute", 0xFA},
    {"ucirc", 0xFB},    {"yacute", 0xFD},  {"Agrave", 0xC0},  {"Aacute", 0xC1},  {"Aring", 0xC5},
    {"AElig", 0xC6},    {"Ccedil", 0xC7},  {"Egrave", 0xC8},  {"Eacute", 0xC9},  {"Ntilde", 0xD1},
    {"Oslash", 0xD8},   {"Oacute", 0xD3},  {"iexcl", 0xA1},   {"iquest", 0xBF},  {"zwnj", 0x200C},
};

static bool numeric_entity(struct str name, uint32_t *ret)
{
    bool hex = name.len > 1 && (name.ptr[1] == 'x' || name.ptr[1] == 'X');
    uint32_t c = 0;
    size_t i = hex ? 2 : 1;
    if (i >= name.len)
        return false;
    for (; i < name.len; i++) {
        char d = name.ptr[i];
        uint32_t digit;
        if (d >= '0' && d <= '9')
            digit = (uint32_t)(d - '0');
        else if (hex && ((d | 32) >= 'a' && (d | 32) <= 'f'))
            digit = (uint32_t)((d | 32) - 'a' + 10);
        else
            return false;
        c = c * (hex ? 16 : 10) + digit;
        if (c > 0x10FFFF)
            return false;
    }
    *ret = c;
    return true;
}

/* The bytes of the entity that begins at the front, with the semicolon; 0: there is none. */
static size_t entity(struct str s, uint32_t *ret)
{
    size_t end = 1;
    while (end < s.len && end < NAME_MAX_ && s.ptr[end] != ';' && !is_space(s.ptr[end]) &&
           s.ptr[end] != '<' && s.ptr[end] != '&')
        end++;
    if (end >= s.len || s.ptr[end] != ';' || end == 1)
        return 0;
    struct str name = {s.ptr + 1, end - 1};
    if (name.ptr[0] == '#')
        return numeric_entity(name, ret) ? end + 1 : 0;
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        if (str_is(name, entities[i].name)) {
            *ret = entities[i].c;
            return end + 1;
        }
    }
    return 0;
}

static void put_text(struct writer *w, struct str s)
{
    size_t i = 0;
    while (i < s.len) {
        uint32_t c;
        size_t n;
        if (is_space(s.ptr[i])) {
            if (w->preformatted > 0 && s.ptr[i] == '\n')
                break_line(w, w->newlines_due + 1 < 3 ? w->newlines_due + 1 : 2);
            else if (w->newlines_due == 0)
                w->space_due = true;
            i++;
        } else if (s.ptr[i] == '&' && (n = entity((struct str){s.ptr + i, s.len - i}, &c)) > 0) {
            put_codepoint(w, c);
            i += n;
        } else {
            size_t begin = i++;
            while (i < s.len && !is_space(s.ptr[i]) && s.ptr[i] != '&')
                i++;
            put(w, (struct str){s.ptr + begin, i - begin});
        }
    }
}

/* ---- tags ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

struct tag {
    char name[NAME_MAX_];
    bool closes;
    struct str attributes;
};

static bool name_is(const struct tag *t, const char *const *list)
{
    for (size_t i = 0; list[i]; i++)
        if (strcmp(t->name, list[i]) == 0)
            return true;
    return false;
}

/* The value of an attribute, or absent. */
static struct str attribute(struct str s, const char *wanted)
{
    size_t want = strlen(wanted), i = 0;
    while (i < s.len) {
        while (i < s.len && (is_space(s.ptr[i]) || s.ptr[i] == '/'))
            i++;
        size_t begin = i;
        while (i < s.len && !is_space(s.ptr[i]) && s.ptr[i] != '=')
            i++;
        size_t len = i - begin;
        bool fits = len == want;
        for (size_t k = 0; fits && k < len; k++)
            fits = lower(s.ptr[begin + k]) == wanted[k];
        while (i < s.len && is_space(s.ptr[i]))
            i++;
        struct str value = {"", 0};
        if (i < s.len && s.ptr[i] == '=') {
            i++;
            while (i < s.len && is_space(s.ptr[i]))
                i++;
            char quote = i < s.len && (s.ptr[i] == '"' || s.ptr[i] == '\'') ? s.ptr[i++] : '\0';
            size_t at = i;
            while (i < s.len && (quote ? s.ptr[i] != quote : !is_space(s.ptr[i])))
                i++;
            value = (struct str){s.ptr + at, i - at};
            if (quote && i < s.len)
                i++;
        } else if (len == 0) {
            i++;
        }
        if (fits)
            return value;
    }
    return (struct str){0};
}

static bool contains(struct str s, const char *word)
{
    return s.len > 0 && memmem(s.ptr, s.len, word, strlen(word)) != NULL;
}

/* What mail programs put around, or before, the history that they quote. */
static bool marks_history(const struct tag *t)
{
    struct str class = attribute(t->attributes, "class");
    struct str id = attribute(t->attributes, "id");
    return contains(class, "gmail_quote") || contains(class, "yahoo_quoted") ||
           contains(class, "moz-cite-prefix") || contains(class, "protonmail_quote") ||
           contains(class, "tutanota_quote") || contains(id, "divRplyFwdMsg") ||
           contains(id, "appendonsend") || contains(id, "reply-intro") ||
           contains(id, "mail-editor-reference-message-container") || contains(id, "yahoo_quoted");
}

static void put_mark(struct writer *w)
{
    int quotes = w->quotes;
    w->quotes = 0;
    if (w->out->len > 0)
        break_line(w, 1);
    put(w, (struct str){(const char[]){INCOMING_QUOTE_MARK}, 1});
    break_line(w, 1);
    w->quotes = quotes;
}

/* Where a link leads, unless its words say it already. */
static void close_link(struct writer *w)
{
    struct str href = w->href;
    w->href = (struct str){0};
    if (href.len == 0 || w->out->len <= w->link_at || w->out->overflow)
        return;
    if (memmem(w->out->ptr + w->link_at, w->out->len - w->link_at, href.ptr, href.len))
        return;
    w->space_due = w->newlines_due == 0;
    put(w, STR("<"));
    put_text(w, href);
    put(w, STR(">"));
}

static void open_link(struct writer *w, const struct tag *t)
{
    struct str href = attribute(t->attributes, "href");
    bool web = str_starts(href, STR("https://")) || str_starts(href, STR("http://"));
    bool plain = href.len <= HREF_MAX && !memchr(href.ptr ? href.ptr : "", ' ', href.len);
    w->href = web && plain ? href : (struct str){0};
    w->link_at = w->out->len;
}

static void handle_tag(struct writer *w, const struct tag *t)
{
    static const char *const paragraphs[] = {"p",  "h1", "h2", "h3", "h4",    "h5", "h6",
                                             "ul", "ol", "dl", "hr", "table", NULL};
    static const char *const blocks[] = {"div",    "br",      "tr",      "li",     "dt",
                                         "dd",     "section", "article", "header", "footer",
                                         "center", "form",    NULL};
    if (!t->closes && marks_history(t))
        put_mark(w);
    if (strcmp(t->name, "br") == 0) {
        break_line(w, w->newlines_due < 2 ? w->newlines_due + 1 : 2);
    } else if (strcmp(t->name, "blockquote") == 0) {
        break_line(w, 1);
        if (!t->closes)
            w->quotes++;
        else if (w->quotes > 0)
            w->quotes--;
    } else if (strcmp(t->name, "pre") == 0) {
        break_line(w, 2);
        w->preformatted = t->closes ? 0 : 1;
    } else if (strcmp(t->name, "a") == 0) {
        close_link(w);
        if (!t->closes)
            open_link(w, t);
    } else if (name_is(t, paragraphs)) {
        break_line(w, 2);
    } else if (name_is(t, blocks)) {
        break_line(w, 1);
        if (strcmp(t->name, "li") == 0 && !t->closes)
            put(w, STR("- "));
    } else if (strcmp(t->name, "td") == 0 || strcmp(t->name, "th") == 0) {
        w->space_due = w->newlines_due == 0;
    }
}

/* Reads the tag that begins at the front; its bytes, or 0 where a mere < stands. */
static size_t read_tag(struct str s, struct tag *ret)
{
    size_t i = 1, len = 0;
    *ret = (struct tag){0};
    if (i < s.len && s.ptr[i] == '/') {
        ret->closes = true;
        i++;
    }
    if (i >= s.len || !((s.ptr[i] | 32) >= 'a' && (s.ptr[i] | 32) <= 'z'))
        return 0;
    for (; i < s.len && !is_space(s.ptr[i]) && s.ptr[i] != '>' && s.ptr[i] != '/'; i++)
        if (len + 1 < NAME_MAX_)
            ret->name[len++] = lower(s.ptr[i]);
    size_t begin = i;
    char quote = '\0';
    for (; i < s.len && (quote || s.ptr[i] != '>'); i++) {
        if (quote && s.ptr[i] == quote)
            quote = '\0';
        else if (!quote && (s.ptr[i] == '"' || s.ptr[i] == '\''))
            quote = s.ptr[i];
    }
    if (i >= s.len && quote) { /* a quote that nothing ends: up to the first > then */
        const char *end = memchr(s.ptr + begin, '>', s.len - begin);
        i = end ? (size_t)(end - s.ptr) : s.len;
    }
    ret->attributes = (struct str){s.ptr + begin, i - begin};
    return i < s.len ? i + 1 : i;
}

/* Bytes up to behind the closing tag of an element whose content is no text. */
static size_t skip_element(struct str s, const char *name)
{
    size_t want = strlen(name);
    for (size_t i = 0; i + want + 2 <= s.len; i++) {
        const char *p = memchr(s.ptr + i, '<', s.len - i);
        if (!p)
            break;
        i = (size_t)(p - s.ptr);
        bool fits = i + want + 2 <= s.len && s.ptr[i + 1] == '/';
        for (size_t k = 0; fits && k < want; k++)
            fits = lower(s.ptr[i + 2 + k]) == name[k];
        if (fits)
            return i;
    }
    return s.len;
}

/* A comment, a declaration, or what Word puts in between. */
static size_t skip_declaration(struct str s)
{
    if (str_starts(s, STR("<!--"))) {
        const char *end = memmem(s.ptr + 4, s.len - 4, "-->", 3);
        return end ? (size_t)(end - s.ptr) + 3 : s.len;
    }
    const char *end = memchr(s.ptr, '>', s.len);
    return end ? (size_t)(end - s.ptr) + 1 : s.len;
}

void incoming_html(struct buf *out, struct str html)
{
    static const char *const skipped[] = {"style",    "script", "head", "title",
                                          "noscript", "object", NULL};
    struct writer w = {.out = out};
    size_t i = 0;
    while (i < html.len && !out->overflow) {
        struct str rest = {html.ptr + i, html.len - i};
        if (rest.ptr[0] != '<') {
            const char *next = memchr(rest.ptr, '<', rest.len);
            size_t len = next ? (size_t)(next - rest.ptr) : rest.len;
            put_text(&w, (struct str){rest.ptr, len});
            i += len;
            continue;
        }
        struct tag t;
        if (rest.len > 1 && (rest.ptr[1] == '!' || rest.ptr[1] == '?')) {
            i += skip_declaration(rest);
            continue;
        }
        size_t n = read_tag(rest, &t);
        if (n == 0) {
            put(&w, STR("<"));
            i++;
            continue;
        }
        i += n;
        if (!t.closes && name_is(&t, skipped))
            i += skip_element((struct str){html.ptr + i, html.len - i}, t.name);
        else
            handle_tag(&w, &t);
    }
    close_link(&w);
}
