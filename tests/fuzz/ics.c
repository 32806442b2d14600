/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Calendar entries and messages from any bytes, also from those that are no UTF-8. Whatever the
 * texts, the calendar has one event and short lines, the message exactly its own headers and parts,
 * and no line that means something to SMTP.
 */
#include "mail/mail.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define require(condition) \
    do {                   \
        if (!(condition))  \
            abort();       \
    } while (0)

enum { TEXTS = 6, INPUT_MAX = 20000 };

/* Texts are parted by the byte 0xFF, which stands in no UTF-8. */
static void split(struct str input, struct str ret[static TEXTS])
{
    for (size_t i = 0; i < TEXTS; i++) {
        const char *end = input.len ? memchr(input.ptr, 0xFF, input.len) : NULL;
        size_t len = end && i + 1 < TEXTS ? (size_t)(end - input.ptr) : input.len;
        ret[i] = (struct str){input.ptr, len};
        size_t used = len < input.len ? len + 1 : len;
        input.ptr += used;
        input.len -= used;
    }
}

/* The next line without its CRLF; every line must have one, and no other CR or LF. */
static struct str next_line(struct str *s)
{
    const char *end = memmem(s->ptr, s->len, "\r\n", 2);
    require(end);
    struct str line = {s->ptr, (size_t)(end - s->ptr)};
    require(!memchr(line.ptr, '\r', line.len) && !memchr(line.ptr, '\n', line.len));
    require(!memchr(line.ptr, '\0', line.len));
    s->ptr += line.len + 2;
    s->len -= line.len + 2;
    return line;
}

static void check_calendar(struct str ics)
{
    size_t begins = 0;
    size_t ends = 0;
    while (ics.len > 0) {
        struct str line = next_line(&ics);
        require(line.len > 0 && line.len <= 75);
        begins += str_starts(line, STR("BEGIN:"));
        ends += str_starts(line, STR("END:"));
    }
    require(begins == 2 && ends == 2);
}

static void check_message(struct str message)
{
    static const char *const names[] = {"Date",         "From",        "To",
                                        "Subject",      "Message-ID",  "Auto-Submitted",
                                        "MIME-Version", "Content-Type"};
    size_t count = 0;
    size_t boundaries = 0;
    bool in_header = true;
    while (message.len > 0) {
        struct str line = next_line(&message);
        require(line.len <= 78 && (line.len == 0 || line.ptr[0] != '.'));
        if (line.len == 0)
            in_header = false;
        boundaries += str_starts(line, STR("--=_careops_"));
        if (!in_header || line.ptr[0] == ' ')
            continue;
        require(count < sizeof names / sizeof *names);
        require(str_starts(line, str_of(names[count++])));
    }
    require(count == sizeof names / sizeof *names);
    require(boundaries == 7);
}

static void write_message(const struct str *t, struct str calendar)
{
    struct mail m = {
        .from_name = t[0],
        .from_address = STR("a@b.example"),
        .to_name = t[1],
        .to_address = STR("c@d.example"),
        .subject = t[2],
        .text = t[3],
        .html = t[4],
        .calendar = calendar,
        .calendar_method = STR("REQUEST"),
        .key = STR("k"),
        .message_id = STR("i@b.example"),
    };
    struct problem problem = {0};
    if (mail_check(&m, &problem) != OK)
        return;
    struct buf out;
    buf_init(&out, MAIL_SIZE_MAX);
    mail_write(&out, &m);
    require(!out.overflow);
    check_message(buf_view(&out));
    buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str t[TEXTS];
    if (size > INPUT_MAX)
        return -1;
    split((struct str){size ? (const char *)data : "", size}, t);
    struct ics_event e = {
        .uid = t[0],
        .sequence = 1,
        .end_s = 60,
        .summary = t[1],
        .description = t[2],
        .location = t[3],
        .url = t[4],
        .organizer_name = t[5],
        .organizer_address = t[0],
        .attendee_name = t[1],
        .attendee_address = STR("a@b.example"),
    };
    struct buf ics;
    buf_init(&ics, 8 * MAIL_CALENDAR_MAX);
    ics_write(&ics, "REQUEST", &e);
    require(!ics.overflow);
    check_calendar(buf_view(&ics));
    if (ics.len <= MAIL_CALENDAR_MAX)
        write_message(t, buf_view(&ics));
    buf_done(&ics);
    mail_address_ok(t[0]);
    return 0;
}
