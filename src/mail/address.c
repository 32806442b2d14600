/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* address: what is one plain mailbox, and what of a message can never be sent. See mail.h. */
#include "mail/mail.h"
#include "mail/text.h"

#include <string.h>

enum { LOCAL_PART_MAX = 64, LABEL_MAX = 63 };

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 5322 §3.2.3 atext. */
static bool is_atext(char c)
{
    return is_alnum(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool dot_atom_ok(struct str s, size_t max)
{
    if (s.len == 0 || s.len > max || s.ptr[0] == '.' || s.ptr[s.len - 1] == '.')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.' ? s.ptr[i - 1] == '.' : !is_atext(s.ptr[i]))
            return false;
    }
    return true;
}

static bool label_ok(struct str s)
{
    if (s.len == 0 || s.len > LABEL_MAX || s.ptr[0] == '-' || s.ptr[s.len - 1] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.ptr[i]) && s.ptr[i] != '-')
            return false;
    return true;
}

static bool host_ok(struct str host)
{
    size_t labels = 0;
    size_t begin = 0;
    for (size_t i = 0; i <= host.len; i++) {
        if (i < host.len && host.ptr[i] != '.')
            continue;
        if (!label_ok((struct str){host.ptr + begin, i - begin}))
            return false;
        labels++;
        begin = i + 1;
    }
    return labels >= 2;
}

bool mail_address_ok(struct str address)
{
    if (!address.ptr || address.len > MAIL_ADDRESS_MAX)
        return false;
    const char *at = memchr(address.ptr, '@', address.len);
    if (!at)
        return false;
    size_t local = (size_t)(at - address.ptr);
    return dot_atom_ok((struct str){address.ptr, local}, LOCAL_PART_MAX) &&
           host_ok((struct str){at + 1, address.len - local - 1});
}

bool mail_sender_parse(struct str s, struct str *ret_name, struct str *ret_address)
{
    const char *open = s.len ? memchr(s.ptr, '<', s.len) : NULL;
    struct str name = {0};
    struct str address = s;
    if (open) {
        if (s.ptr[s.len - 1] != '>')
            return false;
        size_t before = (size_t)(open - s.ptr);
        name = str_trim((struct str){s.ptr, before});
        address = (struct str){open + 1, s.len - before - 2};
    }
    if (!mail_address_ok(address) || name.len > MAIL_NAME_MAX || !str_utf8_ok(name))
        return false;
    *ret_name = name;
    *ret_address = address;
    return true;
}

static bool message_id_ok(struct str id)
{
    const char *at = id.ptr ? memchr(id.ptr, '@', id.len) : NULL;
    if (!at)
        return false;
    size_t left = (size_t)(at - id.ptr);
    return dot_atom_ok((struct str){id.ptr, left}, MAIL_KEY_MAX) &&
           dot_atom_ok((struct str){at + 1, id.len - left - 1}, MAIL_ADDRESS_MAX);
}

static bool text_ok(struct str s, size_t max)
{
    return s.len <= max && str_utf8_ok(s);
}

static bool calendar_ok(const struct mail *m)
{
    if (!m->calendar.ptr)
        return true;
    return text_ok(m->calendar, MAIL_CALENDAR_MAX) &&
           (str_is(m->calendar_method, "REQUEST") || str_is(m->calendar_method, "CANCEL") ||
            str_is(m->calendar_method, "PUBLISH"));
}

enum result mail_check(const struct mail *m, struct problem *p)
{
    static const int64_t year_10000_s = 253402300800;
    const char *wrong = NULL;

    if (!mail_address_ok(m->to_address))
        wrong = "The recipient's e-mail address is not one.";
    else if (!mail_address_ok(m->from_address))
        wrong = "The sender's e-mail address is not one.";
    else if (m->reply_to.ptr && !mail_address_ok(m->reply_to))
        wrong = "The reply address is not one.";
    else if (!text_ok(m->to_name, MAIL_NAME_MAX) || !text_ok(m->from_name, MAIL_NAME_MAX))
        wrong = "A name is too long or not UTF-8.";
    else if (m->subject.len == 0 || !text_ok(m->subject, MAIL_SUBJECT_MAX))
        wrong = "The subject is empty, too long or not UTF-8.";
    else if (!m->text.ptr || !text_ok(m->text, MAIL_BODY_MAX) || !text_ok(m->html, MAIL_BODY_MAX))
        wrong = "The body is absent, too long or not UTF-8.";
    else if (!calendar_ok(m))
        wrong = "The calendar part is too long, not UTF-8 or without a method.";
    else if (!text_is_visible_ascii(m->key) || m->key.len > MAIL_KEY_MAX)
        wrong = "The message has no usable key.";
    else if (!message_id_ok(m->message_id))
        wrong = "The message has no usable Message-ID.";
    else if (m->date_s < 0 || m->date_s >= year_10000_s)
        wrong = "The message's date is out of range.";

    return wrong ? problem_set(p, INVALID, "message_invalid", "%s", wrong) : OK;
}
