/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* incoming: a mail read by GMime into what we keep of it. See incoming.h. */
#include "mail/incoming.h"

#include "mail/incoming_parts.h"
#include "mail/text.h"

#include <sodium.h>
#include <string.h>

void incoming_init(void)
{
    g_mime_init();
}

/* ---- headers ---- */

static struct str header_line(struct arena *a, const char *text, size_t max)
{
    char *line = arena_alloc(a, max + 1);
    text_one_line(line, max + 1, str_of(text ? text : ""));
    return str_of(line);
}

/* What stands between the first < and >, or the bare word. */
static struct str bare_id(struct arena *a, const char *id)
{
    struct str s = str_trim(str_of(id ? id : ""));
    if (s.len > 1 && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>')
        s = (struct str){s.ptr + 1, s.len - 2};
    return text_is_visible_ascii(s) && s.len <= INCOMING_ID_MAX ? str_copy(a, s) : STR("");
}

static void add_references(struct arena *a, GMimeMessage *m, const char *header,
                           struct incoming *ret)
{
    const char *value = g_mime_object_get_header(GMIME_OBJECT(m), header);
    if (!value)
        return;
    GMimeReferences *list = g_mime_references_parse(NULL, value);
    for (int i = g_mime_references_length(list) - 1; i >= 0; i--) {
        struct str id = bare_id(a, g_mime_references_get_message_id(list, i));
        if (id.len > 0 && ret->reference_count < INCOMING_REFERENCES_MAX)
            ret->references[ret->reference_count++] = id;
    }
    g_mime_references_free(list);
}

static void add_recipient(struct arena *a, const char *address, struct incoming *ret)
{
    struct str s = str_trim(str_of(address ? address : ""));
    if (ret->recipient_count < INCOMING_RECIPIENTS_MAX && mail_address_ok(s))
        ret->recipients[ret->recipient_count++] = str_lower(a, s);
}

static void add_recipients(struct arena *a, InternetAddressList *list, int depth,
                           struct incoming *ret)
{
    int count = list ? internet_address_list_length(list) : 0;
    for (int i = 0; i < count && ret->recipient_count < INCOMING_RECIPIENTS_MAX; i++) {
        InternetAddress *one = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_MAILBOX(one))
            add_recipient(a, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)), ret);
        else if (INTERNET_ADDRESS_IS_GROUP(one) && depth < INCOMING_DEPTH_MAX)
            add_recipients(a, internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one)),
                           depth + 1, ret);
    }
}

/* Where servers note whom the envelope named: aliases and Bcc do not show in To. */
static void read_recipients(struct arena *a, GMimeMessage *m, struct incoming *ret)
{
    static const char *const noted[] = {"Delivered-To",  "X-Original-To",  "Envelope-To",
                                        "X-Envelope-To", "X-Forwarded-To", "X-Delivered-To",
                                        "X-RCPT-To",     "Resent-To",      NULL};
    add_recipients(a, g_mime_message_get_to(m), 0, ret);
    add_recipients(a, g_mime_message_get_cc(m), 0, ret);
    for (size_t i = 0; noted[i]; i++) {
        const char *value = g_mime_object_get_header(GMIME_OBJECT(m), noted[i]);
        InternetAddressList *list = value ? internet_address_list_parse(NULL, value) : NULL;
        add_recipients(a, list, 0, ret);
        if (list)
            g_object_unref(list);
    }
}

static void read_sender(struct arena *a, GMimeMessage *m, struct incoming *ret)
{
    InternetAddressList *list = g_mime_message_get_from(m);
    if (!list || internet_address_list_length(list) == 0)
        list = g_mime_message_get_sender(m);
    ret->from_name = ret->from_address = STR("");
    if (!list || internet_address_list_length(list) == 0)
        return;
    InternetAddress *one = internet_address_list_get_address(list, 0);
    ret->from_name = header_line(a, internet_address_get_name(one), INCOMING_NAME_MAX);
    if (!INTERNET_ADDRESS_IS_MAILBOX(one))
        return;
    const char *address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
    struct str s = str_trim(str_of(address ? address : ""));
    if (mail_address_ok(s))
        ret->from_address = str_lower(a, s);
}

static void read_date(GMimeMessage *m, struct incoming *ret)
{
    static const int64_t year_10000_s = 253402300800;
    GDateTime *date = g_mime_message_get_date(m);
    int64_t at_s = date ? g_date_time_to_unix(date) : 0;
    ret->date_s = at_s > 0 && at_s < year_10000_s ? at_s : 0;
}

static void read_headers(struct arena *a, GMimeMessage *m, struct incoming *ret)
{
    read_sender(a, m, ret);
    read_recipients(a, m, ret);
    read_date(m, ret);
    ret->subject = header_line(a, g_mime_message_get_subject(m), MAIL_SUBJECT_MAX);
    ret->message_id = bare_id(a, g_mime_message_get_message_id(m));
    add_references(a, m, "In-Reply-To", ret);
    add_references(a, m, "References", ret);
    ret->kind = incoming_kind_of(m, ret);
}

/* ---- the key ---- */

static void hash_part(crypto_hash_sha256_state *state, struct str s)
{
    uint64_t len = s.len;
    crypto_hash_sha256_update(state, (const unsigned char *)&len, sizeof len);
    crypto_hash_sha256_update(state, (const unsigned char *)s.ptr, s.len);
}

/* Over what the sender gave, not over what servers on the way add. The id alone would not do: who
 * has seen one could send another mail under it first. */
static void make_key(struct incoming *in)
{
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_init(&state);
    hash_part(&state, in->message_id);
    hash_part(&state, in->from_address);
    hash_part(&state, (struct str){(const char *)&in->date_s, sizeof in->date_s});
    hash_part(&state, in->subject);
    hash_part(&state, in->text);
    for (size_t i = 0; i < in->file_count; i++)
        hash_part(&state, in->files[i].bytes);
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(in->key, sizeof in->key, hash, sizeof hash);
}

/* ---- all of it ---- */

static GMimeMessage *parse(struct str raw)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(raw.ptr, raw.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_persist_stream(parser, TRUE);
    GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return m;
}

void incoming_read(struct arena *a, struct str raw, struct incoming *ret)
{
    *ret = (struct incoming){
        .from_name = STR(""), .from_address = STR(""), .subject = STR(""), .message_id = STR("")};
    if (raw.len > INCOMING_SIZE_MAX)
        raw.len = INCOMING_SIZE_MAX;
    struct buf body;
    buf_init(&body, INCOMING_TEXT_MAX);
    GMimeMessage *m = raw.len > 0 ? parse(raw) : NULL;
    if (m) {
        read_headers(a, m, ret);
        incoming_parts(a, g_mime_message_get_mime_part(m), &body, ret);
        g_object_unref(m);
    } else if (raw.len > 0) { /* not even a header: what there is, as text */
        incoming_clean(&body, raw);
    }
    ret->text_cut = body.overflow;
    struct str written, quoted;
    struct str text = body.len > 0 ? str_copy(a, buf_view(&body)) : STR("");
    incoming_split(text, &written, &quoted);
    buf_done(&body);
    ret->text = incoming_unmarked(a, written);
    ret->quoted = incoming_unmarked(a, quoted);
    make_key(ret);
}
