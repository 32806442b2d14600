/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * incoming_kind: whether a person wrote a mail, or a program in somebody's absence, or nobody.
 *
 * RFC 3834 has a header for it, which half of the programs set. The others are known by older
 * habits. To answer such a mail by itself is how loops begin, so in doubt it is a program's; it is
 * kept and shown all the same.
 */
#include "mail/incoming_parts.h"

#include <string.h>
#include <strings.h>

static struct str header(GMimeMessage *m, const char *name)
{
    const char *value = g_mime_object_get_header(GMIME_OBJECT(m), name);
    return str_trim(str_of(value ? value : ""));
}

static bool begins(struct str s, const char *word)
{
    size_t len = strlen(word);
    return s.len >= len && strncasecmp(s.ptr, word, len) == 0;
}

static bool is_bounce(GMimeMessage *m, const struct incoming *in)
{
    static const char *const senders[] = {"mailer-daemon@", "postmaster@", "mail-daemon@", NULL};
    GMimeObject *part = g_mime_message_get_mime_part(m);
    GMimeContentType *type = part ? g_mime_object_get_content_type(part) : NULL;
    if (type && g_mime_content_type_is_type(type, "multipart", "report"))
        return true;
    for (size_t i = 0; senders[i]; i++)
        if (begins(in->from_address, senders[i]))
            return true;
    return str_is(header(m, "Return-Path"), "<>") || header(m, "X-Failed-Recipients").len > 0;
}

static bool is_auto_reply(GMimeMessage *m, const struct incoming *in)
{
    static const char *const said[] = {"X-Autoreply",    "X-Autorespond",
                                       "X-Autoresponse", "X-Auto-Reply",
                                       "X-Vacation",     "X-MS-Exchange-Inbox-Rules-Loop",
                                       "X-Loop",         NULL};
    static const char *const senders[] = {
        "no-reply@",     "noreply@",   "no_reply@",   "donotreply@",
        "do-not-reply@", "autoreply@", "auto-reply@", NULL};
    static const char *const subjects[] = {"Auto:",
                                           "Automatic reply:",
                                           "Automatische Antwort:",
                                           "Autoreply:",
                                           "Out of Office",
                                           "Out of the office",
                                           "Abwesenheitsnotiz",
                                           "R\xC3\xA9ponse automatique",
                                           "Respuesta autom\xC3\xA1tica",
                                           "Risposta automatica",
                                           NULL};
    struct str submitted = header(m, "Auto-Submitted");
    struct str precedence = header(m, "Precedence");
    if ((submitted.len > 0 && !begins(submitted, "no")) || begins(precedence, "auto"))
        return true;
    for (size_t i = 0; said[i]; i++)
        if (header(m, said[i]).len > 0)
            return true;
    for (size_t i = 0; senders[i]; i++)
        if (begins(in->from_address, senders[i]))
            return true;
    for (size_t i = 0; subjects[i]; i++)
        if (begins(in->subject, subjects[i]))
            return true;
    return false;
}

static bool is_bulk(GMimeMessage *m)
{
    struct str precedence = header(m, "Precedence");
    return begins(precedence, "bulk") || begins(precedence, "list") || begins(precedence, "junk") ||
           header(m, "List-Id").len > 0 || header(m, "List-Unsubscribe").len > 0 ||
           header(m, "Feedback-ID").len > 0;
}

enum incoming_kind incoming_kind_of(GMimeMessage *m, const struct incoming *in)
{
    if (is_bounce(m, in))
        return INCOMING_BOUNCE;
    if (is_auto_reply(m, in))
        return INCOMING_AUTO_REPLY;
    return is_bulk(m) ? INCOMING_BULK : INCOMING_PERSON;
}
