/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * message: one mail as RFC 5322 text.
 *
 *     multipart/mixed                     only where there is a calendar part
 *       multipart/alternative             only where there is more than the text
 *         text/plain
 *         text/html
 *         text/calendar; method=…         what mail programs act on
 *       invite.ics                        what a person can save
 *
 * Boundaries are constants: they contain "=_", which neither quoted-printable nor base64 can
 * produce, so no body can end a part early, and a retry gives the same bytes.
 */
#include "mail/mail.h"
#include "mail/mime.h"
#include "mail/text.h"

static const char MIXED[] = "=_careops_mixed";
static const char ALTERNATIVE[] = "=_careops_alternative";

enum { BASE64_LINE = 76 };

static void write_headers(struct buf *out, const struct mail *m)
{
    mime_date_header(out, m->date_s);
    mime_mailbox_header(out, "From", m->from_name, m->from_address);
    mime_mailbox_header(out, "To", m->to_name, m->to_address);
    if (m->reply_to.ptr)
        mime_mailbox_header(out, "Reply-To", (struct str){0}, m->reply_to);
    mime_text_header(out, "Subject", m->subject);
    buf_z(out, "Message-ID: <");
    buf_str(out, m->message_id);
    buf_z(out, ">\r\nAuto-Submitted: auto-generated\r\n");
    if (text_is_url(m->unsubscribe_url, MAIL_URL_MAX)) {
        buf_z(out, "List-Unsubscribe: <");
        buf_str(out, m->unsubscribe_url);
        buf_z(out, ">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    }
    buf_z(out, "MIME-Version: 1.0\r\n");
}

static void open_multipart(struct buf *out, const char *kind, const char *boundary)
{
    buf_z(out, "Content-Type: multipart/");
    buf_z(out, kind);
    buf_z(out, ";\r\n boundary=\"");
    buf_z(out, boundary);
    buf_z(out, "\"\r\n");
}

/* The line end before a boundary belongs to it (RFC 2046 §5.1.1), so bodies need not end with one.
 */
static void next_part(struct buf *out, const char *boundary)
{
    buf_z(out, "\r\n--");
    buf_z(out, boundary);
    buf_z(out, "\r\n");
}

static void close_multipart(struct buf *out, const char *boundary)
{
    buf_z(out, "\r\n--");
    buf_z(out, boundary);
    buf_z(out, "--\r\n");
}

static void write_text_part(struct buf *out, const char *subtype, struct str body)
{
    buf_z(out, "Content-Type: text/");
    buf_z(out, subtype);
    buf_z(out, "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
    mime_quoted_printable(out, body);
}

static void write_calendar_part(struct buf *out, const struct mail *m)
{
    buf_z(out, "Content-Type: text/calendar; charset=utf-8; method=");
    buf_str(out, m->calendar_method);
    buf_z(out, "\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    text_base64(out, m->calendar, BASE64_LINE);
}

static void write_attachment(struct buf *out, const struct mail *m)
{
    buf_z(out, "Content-Type: application/ics; name=\"invite.ics\"\r\n"
               "Content-Disposition: attachment; filename=\"invite.ics\"\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\n");
    text_base64(out, m->calendar, BASE64_LINE);
}

static void write_alternatives(struct buf *out, const struct mail *m)
{
    if (!m->html.ptr && !m->calendar.ptr) {
        write_text_part(out, "plain", m->text);
        buf_z(out, "\r\n");
        return;
    }
    open_multipart(out, "alternative", ALTERNATIVE);
    next_part(out, ALTERNATIVE);
    write_text_part(out, "plain", m->text);
    if (m->html.ptr) {
        next_part(out, ALTERNATIVE);
        write_text_part(out, "html", m->html);
    }
    if (m->calendar.ptr) {
        next_part(out, ALTERNATIVE);
        write_calendar_part(out, m);
    }
    close_multipart(out, ALTERNATIVE);
}

void mail_write(struct buf *out, const struct mail *m)
{
    write_headers(out, m);
    if (!m->calendar.ptr) {
        write_alternatives(out, m);
        return;
    }
    open_multipart(out, "mixed", MIXED);
    next_part(out, MIXED);
    write_alternatives(out, m);
    next_part(out, MIXED);
    write_attachment(out, m);
    close_multipart(out, MIXED);
}
