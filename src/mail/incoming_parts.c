/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * incoming_parts: the tree of a mail's parts. See incoming.h.
 *
 * Of alternatives the first plain text counts that says something, else the last that does; other
 * multiparts say all of what their parts say, one after another. Whatever is no text to be read
 * here is a file, also a picture in the middle of the words.
 */
#include "mail/incoming_parts.h"

#include "mail/text.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

struct walk {
    struct arena *a;
    struct incoming *in;
    size_t parts;      /* seen so far */
    size_t files_size; /* kept so far */
};

/* What a part, with those within it, has to say. */
struct words {
    struct buf text;
    bool plain; /* some of it was written as plain text */
};

/* ---- text of any kind as ours ---- */

void incoming_clean(struct buf *out, struct str s)
{
    size_t n;
    for (size_t i = 0; i < s.len && !out->overflow; i += n) {
        uint32_t c;
        n = text_line_end(s, i);
        if (n > 0) {
            buf_byte(out, '\n');
            continue;
        }
        n = text_char(s, i, &c);
        bool mark = c == INCOMING_QUOTE_MARK && n == 1 && s.ptr[i] == INCOMING_QUOTE_MARK;
        bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        if (c == 0xFFFD)
            buf_z(out, "\xEF\xBF\xBD");
        else if (c == '\t' || !(text_is_control(c) || mark || turns || c == 0xFEFF))
            buf_add(out, s.ptr + i, n);
    }
}

struct str incoming_unmarked(struct arena *a, struct str text)
{
    char *out = arena_alloc(a, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == INCOMING_QUOTE_MARK)
            i += i + 1 < text.len && text.ptr[i + 1] == '\n'; /* with its line */
        else
            out[len++] = text.ptr[i];
    }
    return str_trim((struct str){out, len});
}

/* ---- character sets ---- */

/* Those that mail is written in; by iconv's names. No stranger's word ever chooses a module. */
static const struct {
    const char *name, *iconv;
} charsets[] = {
    {"iso-8859-1", "WINDOWS-1252"}, /* as everybody reads it */
    {"latin1", "WINDOWS-1252"},
    {"windows-1252", "WINDOWS-1252"},
    {"cp1252", "WINDOWS-1252"},
    {"iso-8859-2", "ISO-8859-2"},
    {"iso-8859-3", "ISO-8859-3"},
    {"iso-8859-4", "ISO-8859-4"},
    {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-6", "ISO-8859-6"},
    {"iso-8859-7", "ISO-8859-7"},
    {"iso-8859-8", "ISO-8859-8"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-9", "WINDOWS-1254"},
    {"iso-8859-10", "ISO-8859-10"},
    {"iso-8859-13", "ISO-8859-13"},
    {"iso-8859-14", "ISO-8859-14"},
    {"iso-8859-15", "ISO-8859-15"},
    {"iso-8859-16", "ISO-8859-16"},
    {"windows-1250", "WINDOWS-1250"},
    {"windows-1251", "WINDOWS-1251"},
    {"windows-1253", "WINDOWS-1253"},
    {"windows-1254", "WINDOWS-1254"},
    {"windows-1255", "WINDOWS-1255"},
    {"windows-1256", "WINDOWS-1256"},
    {"windows-1257", "WINDOWS-1257"},
    {"windows-1258", "WINDOWS-1258"},
    {"windows-874", "CP874"},
    {"tis-620", "TIS-620"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"macintosh", "MACINTOSH"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "BIG5"},
    {"shift_jis", "SHIFT_JIS"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"euc-jp", "EUC-JP"},
    {"euc-kr", "UHC"},
    {"ks_c_5601-1987", "UHC"},
    {"utf-16", "UTF-16"},
    {"utf-16le", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},
};

/* NULL: it is UTF-8, or we do not know. */
static const char *iconv_name(const char *charset, struct str bytes)
{
    for (size_t i = 0; charset && i < sizeof charsets / sizeof *charsets; i++)
        if (strcasecmp(charset, charsets[i].name) == 0)
            return charsets[i].iconv;
    return str_utf8_ok(bytes) ? NULL : "WINDOWS-1252";
}

/* What cannot be read becomes U+FFFD. */
static void convert(struct buf *out, const char *from, struct str bytes)
{
    iconv_t cd = iconv_open("UTF-8", from);
    if (cd == (iconv_t)-1) { /* a system without that module */
        buf_str(out, bytes);
        return;
    }
    char *in = (char *)(uintptr_t)bytes.ptr;
    size_t left = bytes.len;
    while (left > 0 && !out->overflow) {
        char piece[4096];
        char *to = piece;
        size_t room = sizeof piece;
        size_t n = iconv(cd, &in, &left, &to, &room);
        buf_add(out, piece, sizeof piece - room);
        if (n == (size_t)-1 && errno == E2BIG)
            continue;
        if (n == (size_t)-1) { /* EILSEQ, or EINVAL at the end */
            buf_z(out, "\xEF\xBF\xBD");
            in++;
            left--;
        }
    }
    iconv_close(cd);
}

/* ---- one part ---- */

/* Decoded bytes of a part; g_byte_array_unref ends them. */
static GByteArray *content_of(GMimeObject *part)
{
    GByteArray *bytes = g_byte_array_new();
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
    if (GMIME_IS_PART(part)) {
        GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
        if (content)
            g_mime_data_wrapper_write_to_stream(content, stream);
    } else {
        g_mime_object_write_content_to_stream(part, NULL, stream);
    }
    g_object_unref(stream);
    return bytes;
}

/* As much as fits, cut between characters; overflow tells that there was more. */
static void add_cut(struct buf *out, struct str text)
{
    size_t room = out->limit - out->len;
    bool cut = text.len > room;
    if (cut) {
        while (room > 0 && ((unsigned char)text.ptr[room] & 0xC0) == 0x80)
            room--;
        text.len = room;
    }
    buf_str(out, text);
    out->overflow |= cut;
}

/* At most three bytes of text for each that came, so that a part cannot take more than it cost. */
static void add_text(struct words *out, GMimeObject *part, bool html)
{
    GByteArray *bytes = content_of(part);
    struct str raw = {(const char *)bytes->data, bytes->len};
    const char *charset = g_mime_object_get_content_type_parameter(part, "charset");
    const char *from = raw.len > 0 ? iconv_name(charset, raw) : NULL;
    struct buf utf8, clean;
    buf_init(&utf8, 4 * raw.len + 16);
    buf_init(&clean, 3 * (4 * raw.len + 16));
    if (from)
        convert(&utf8, from, raw);
    incoming_clean(&clean, from ? buf_view(&utf8) : raw);
    if (out->text.len > 0 && clean.len > 0 && out->text.ptr[out->text.len - 1] != '\n')
        buf_byte(&out->text, '\n');
    struct str text = buf_view(&clean);
    if (html) {
        incoming_html(&out->text, text);
    } else {
        add_cut(&out->text, text);
        out->plain |= str_trim(text).len > 0;
    }
    buf_done(&utf8);
    buf_done(&clean);
    g_byte_array_unref(bytes);
}

/* ---- files ---- */

static struct str file_name(struct walk *w, GMimeObject *part, struct str type)
{
    const char *given = GMIME_IS_PART(part) ? g_mime_part_get_filename(GMIME_PART(part)) : NULL;
    char *name = arena_alloc(w->a, INCOMING_NAME_MAX + 1);
    text_one_line(name, INCOMING_NAME_MAX + 1, str_of(given ? given : ""));
    char *base = name;
    for (char *p = name; *p; p++)
        if (*p == '/' || *p == '\\')
            base = p + 1;
    while (*base == '.')
        base++;
    if (*base)
        return str_of(base);
    static const struct {
        const char *type, *extension;
    } known[] = {{"image/jpeg", ".jpg"},    {"image/png", ".png"},      {"image/gif", ".gif"},
                 {"image/webp", ".webp"},   {"image/heic", ".heic"},    {"application/pdf", ".pdf"},
                 {"text/calendar", ".ics"}, {"message/rfc822", ".eml"}, {"text/vcard", ".vcf"}};
    const char *extension = "";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is(type, known[i].type))
            extension = known[i].extension;
    size_t n = w->in->file_count + w->in->left_out_count + w->in->left_out_more + 1;
    return str_printf(w->a, "attachment-%zu%s", n, extension);
}

static bool is_token(const char *s)
{
    size_t i = 0;
    for (; s && s[i]; i++)
        if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') ||
              (s[i] >= '0' && s[i] <= '9') || strchr("!#$&-^_.+", s[i])))
            return false;
    return i > 0 && i <= 100;
}

static struct str type_of(struct walk *w, GMimeObject *part)
{
    GMimeContentType *t = g_mime_object_get_content_type(part);
    const char *media = t ? g_mime_content_type_get_media_type(t) : NULL;
    const char *sub = t ? g_mime_content_type_get_media_subtype(t) : NULL;
    if (!is_token(media) || !is_token(sub))
        return STR("application/octet-stream");
    return str_lower(w->a, str_printf(w->a, "%s/%s", media, sub));
}

static void leave_out(struct walk *w, const struct incoming_file *f)
{
    struct incoming *in = w->in;
    if (in->left_out_count < INCOMING_LEFT_OUT_MAX)
        in->left_out[in->left_out_count++] = *f;
    else
        in->left_out_more++;
}

static void add_file(struct walk *w, GMimeObject *part)
{
    GByteArray *bytes = content_of(part);
    struct incoming_file f = {.size = bytes->len, .type = type_of(w, part)};
    f.name = file_name(w, part, f.type);
    bool fits = w->in->file_count < INCOMING_FILES_MAX &&
                w->files_size + bytes->len <= INCOMING_FILES_SIZE_MAX;
    if (fits) {
        f.bytes =
            (struct str){arena_strndup(w->a, (const char *)bytes->data, bytes->len), bytes->len};
        w->files_size += bytes->len;
        w->in->files[w->in->file_count++] = f;
    } else {
        leave_out(w, &f);
    }
    g_byte_array_unref(bytes);
}

/* ---- the tree ---- */

static void walk(struct walk *w, GMimeObject *part, int depth, struct words *out);

static void words_init(struct words *s)
{
    *s = (struct words){0};
    buf_init(&s->text, INCOMING_TEXT_MAX);
}

static bool says_something(const struct words *s)
{
    return str_trim(buf_view(&s->text)).len > 0;
}

static void take(struct words *out, const struct words *from)
{
    add_cut(&out->text, buf_view(&from->text));
    out->text.overflow |= from->text.overflow;
    out->plain |= from->plain;
}

static void walk_alternatives(struct walk *w, GMimeMultipart *multi, int depth, struct words *out)
{
    struct words best;
    words_init(&best);
    int count = g_mime_multipart_get_count(multi);
    for (int i = 0; i < count && w->parts < INCOMING_PARTS_MAX; i++) {
        struct words one;
        words_init(&one);
        walk(w, g_mime_multipart_get_part(multi, i), depth + 1, &one);
        if (says_something(&one) && !(best.plain && says_something(&best))) {
            struct words old = best;
            best = one;
            one = old;
        }
        buf_done(&one.text);
    }
    take(out, &best);
    buf_done(&best.text);
}

static void walk_multipart(struct walk *w, GMimeMultipart *multi, int depth, struct words *out)
{
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(multi));
    if (type && g_mime_content_type_is_type(type, "multipart", "alternative")) {
        walk_alternatives(w, multi, depth, out);
        return;
    }
    int count = g_mime_multipart_get_count(multi);
    for (int i = 0; i < count && w->parts < INCOMING_PARTS_MAX; i++)
        walk(w, g_mime_multipart_get_part(multi, i), depth + 1, out);
}

static void walk(struct walk *w, GMimeObject *part, int depth, struct words *out)
{
    w->parts++;
    if (GMIME_IS_MULTIPART(part) && depth < INCOMING_DEPTH_MAX) {
        walk_multipart(w, GMIME_MULTIPART(part), depth, out);
        return;
    }
    GMimeContentType *type = g_mime_object_get_content_type(part);
    const char *disposition = g_mime_object_get_disposition(part);
    bool file = disposition && strcasecmp(disposition, "attachment") == 0;
    bool named = GMIME_IS_PART(part) && g_mime_part_get_filename(GMIME_PART(part));
    bool plain = !type || g_mime_content_type_is_type(type, "text", "plain");
    bool html = type && g_mime_content_type_is_type(type, "text", "html");
    if (GMIME_IS_PART(part) && (plain || html) && !file && !named)
        add_text(out, part, html);
    else
        add_file(w, part);
}

void incoming_parts(struct arena *a, GMimeObject *top, struct buf *body, struct incoming *ret)
{
    struct walk w = {.a = a, .in = ret};
    struct words all;
    words_init(&all);
    if (top)
        walk(&w, top, 0, &all);
    add_cut(body, buf_view(&all.text));
    body->overflow |= all.text.overflow;
    buf_done(&all.text);
}
