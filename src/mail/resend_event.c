/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* resend_event: see resend_event.h. */
#include "mail/resend_event.h"

#include "base/civil.h"
#include "mail/text.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

enum { KEY_MIN = 16, KEY_MAX = 128, TIMESTAMP_MAX = 20 };

/* ---- the signature ---- */

/* The key's length; 0 where there is none. */
static size_t read_key(struct str secret, unsigned char ret[static KEY_MAX])
{
    static const struct str prefix = {"whsec_", 6};
    size_t len = 0;
    if (!str_starts(secret, prefix) || secret.len > RESEND_SECRET_MAX)
        return 0;
    if (sodium_base642bin(ret, KEY_MAX, secret.ptr + prefix.len, secret.len - prefix.len, NULL,
                          &len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return 0;
    return len >= KEY_MIN ? len : 0;
}

bool resend_secret_ok(struct str secret)
{
    unsigned char key[KEY_MAX];
    bool ok = read_key(secret, key) > 0;
    sodium_memzero(key, sizeof key);
    return ok;
}

static void sign(struct str secret, const struct resend_signature *s, struct str body,
                 unsigned char ret[static crypto_auth_hmacsha256_BYTES])
{
    unsigned char key[KEY_MAX];
    crypto_auth_hmacsha256_state state;
    size_t len = read_key(secret, key);
    crypto_auth_hmacsha256_init(&state, key, len);
    const struct str parts[] = {s->id, STR("."), s->timestamp, STR("."), body};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i].ptr, parts[i].len);
    crypto_auth_hmacsha256_final(&state, ret);
    sodium_memzero(key, sizeof key);
}

/* Whether one word of the header, "v1,BASE64", is this code; other versions are somebody else's. */
static bool is_signature(struct str word, const unsigned char code[])
{
    unsigned char theirs[crypto_auth_hmacsha256_BYTES];
    size_t len = 0;
    if (!str_starts(word, STR("v1,")))
        return false;
    if (sodium_base642bin(theirs, sizeof theirs, word.ptr + 3, word.len - 3, NULL, &len, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    return len == sizeof theirs && sodium_memcmp(theirs, code, sizeof theirs) == 0;
}

static bool has_signature(struct str list, const unsigned char code[])
{
    bool found = false;
    while (list.len > 0) {
        const char *space = memchr(list.ptr, ' ', list.len);
        size_t len = space ? (size_t)(space - list.ptr) : list.len;
        found |= is_signature((struct str){list.ptr, len}, code);
        size_t step = space ? len + 1 : len;
        list = (struct str){list.ptr + step, list.len - step};
    }
    return found;
}

enum resend_verdict resend_verify(struct str secret, const struct resend_signature *s,
                                  struct str body, int64_t now_s)
{
    int64_t at_s = 0;
    if (!text_is_visible_ascii(s->id) || s->id.len > RESEND_EVENT_ID_MAX ||
        s->timestamp.len > TIMESTAMP_MAX || !str_int(s->timestamp, &at_s) || !s->signatures.len)
        return RESEND_UNSIGNED;
    if (at_s < now_s - RESEND_EVENT_WINDOW_S || at_s > now_s + RESEND_EVENT_WINDOW_S)
        return RESEND_STALE;
    unsigned char code[crypto_auth_hmacsha256_BYTES];
    sign(secret, s, body, code);
    return has_signature(s->signatures, code) ? RESEND_SIGNED : RESEND_FORGED;
}

/* ---- the words ---- */

static const struct {
    const char *type;
    enum resend_event_kind kind;
} kinds[] = {
    {"email.sent", RESEND_SENT},
    {"email.delivery_delayed", RESEND_DELAYED},
    {"email.delivered", RESEND_DELIVERED},
    {"email.bounced", RESEND_BOUNCED},
    {"email.failed", RESEND_FAILED},
    {"email.suppressed", RESEND_FAILED},
    {"email.complained", RESEND_COMPLAINED},
    {"email.received", RESEND_RECEIVED},
};

static struct str text_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)}
                                 : (struct str){0};
}

static void copy_if_fits(char *ret, size_t size, struct str s)
{
    if (!s.ptr || s.len >= size || !text_is_visible_ascii(s))
        return;
    memcpy(ret, s.ptr, s.len);
    ret[s.len] = '\0';
}

/* {"careops": "7-12"}, or [{"name": "careops", "value": "7-12"}]: both have been documented. */
static struct str tag_of(const json_t *data)
{
    const json_t *tags = json_object_get(data, "tags");
    if (json_is_object(tags))
        return text_of(tags, RESEND_TAG);
    size_t i;
    const json_t *tag;
    json_array_foreach(tags, i, tag) if (str_is(text_of(tag, "name"), RESEND_TAG)) return text_of(
        tag, "value");
    return (struct str){0};
}

/* "Permanent Suppressed: The address is on the suppression list." */
static void read_word(const json_t *data, struct str type, struct resend_event *ret)
{
    const json_t *bounce = json_object_get(data, "bounce");
    const json_t *failed = json_object_get(data, "failed");
    const json_t *suppressed = json_object_get(data, "suppressed");
    struct buf words;
    buf_init(&words, RESEND_EVENT_MAX);
    buf_str(&words, type);
    const struct str parts[] = {text_of(bounce, "type"),     text_of(bounce, "subType"),
                                text_of(bounce, "message"),  text_of(failed, "reason"),
                                text_of(suppressed, "type"), text_of(suppressed, "message")};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].len == 0)
            continue;
        buf_byte(&words, ' ');
        buf_str(&words, parts[i]);
    }
    text_one_line(ret->word, sizeof ret->word, buf_view(&words));
    buf_done(&words);
}

static void read_kind(struct str type, struct resend_event *ret)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_is(type, kinds[i].type))
            ret->kind = kinds[i].kind;
}

bool resend_event_read(struct str body, struct resend_event *ret)
{
    *ret = (struct resend_event){0};
    if (body.len == 0 || body.len > RESEND_EVENT_MAX)
        return false;
    json_t *root = json_loadb(body.ptr, body.len, JSON_REJECT_DUPLICATES, NULL);
    struct str type = text_of(root, "type");
    const json_t *data = json_object_get(root, "data");
    bool ok = type.ptr && json_is_object(data);
    if (ok) {
        int64_t at_s = 0;
        read_kind(type, ret);
        copy_if_fits(ret->email_id, sizeof ret->email_id, text_of(data, "email_id"));
        copy_if_fits(ret->tag, sizeof ret->tag, tag_of(data));
        if (instant_parse(text_of(root, "created_at"), &at_s))
            ret->at_s = at_s;
        read_word(data, type, ret);
    }
    json_decref(root);
    return ok;
}
