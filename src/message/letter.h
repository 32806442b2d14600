/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * letter: the texts of messages: subject, plain text, HTML and calendar part, from what happened.
 *
 * The words stand in letter_words.c. Every value is one line (but what somebody `said`), bounded
 * and escaped where it is put, whoever gave it; times are in the business's zone. Subjects and
 * calendar titles name neither services nor notes: for a clinic these are clinical.
 */
#ifndef CAREOPS_MESSAGE_LETTER_H
#define CAREOPS_MESSAGE_LETTER_H

#include "base/buf.h"
#include "base/tz.h"
#include "db/work.h"
#include "mail/mail.h"

enum letter_kind {
    LETTER_BOOKING_CONFIRMATION, /* to the client, with a calendar entry */
    LETTER_BOOKING_RESCHEDULED,  /* to the client, the entry moves */
    LETTER_BOOKING_CANCELLED,    /* to the client, the entry goes */
    LETTER_OWNER_NEW_BOOKING,    /* to the owner and to the member of staff */
    LETTER_OWNER_BOOKING_RESCHEDULED,
    LETTER_OWNER_BOOKING_CANCELLED,
    LETTER_LOW_STOCK,        /* to the owner */
    LETTER_STAFF_INVITATION, /* to a new member: holds a secret */
    LETTER_PASSWORD_RESET,   /* to who asked: holds a secret */
    LETTER_PASSWORD_CHANGED, /* to the person: it happened */
    LETTER_TWO_FACTOR_ON,
    LETTER_TWO_FACTOR_OFF,
    LETTER_RECOVERY_CODES,
    LETTER_MESSAGE,            /* to a client: what a member has written in their conversation */
    LETTER_OWNER_NEW_MESSAGE,  /* to the owner: what a client has written */
    LETTER_CLIENT_WELCOME,     /* to a client who has written for the first time */
    LETTER_TIME_OFF_REQUESTED, /* to the owner */
    LETTER_TIME_OFF_APPROVED,  /* to the member who asked */
    LETTER_TIME_OFF_DECLINED,
    LETTER_STAFF_JOIN, /* to who has an account already; it goes by the name of the invitation, so
                        * that the owner is not told which */
    LETTER__MAX,
};

enum { LETTER_SAID_MAX = 40000 };

struct letter_business {
    struct str name;
    struct str address, phone; /* may be empty */
    struct str reply_to;       /* where clients write: the business's address or its owner's */
    struct str locale;         /* "en-US" and a few others read 12-hour clocks */
    const struct tz *tz;       /* needed for the booking letters */
};

struct letter_booking {
    int64_t id, client_id;
    int64_t start_s, end_s;
    int64_t previous_start_s; /* rescheduled: where it was, 0 = not said */
    struct str services;      /* "Cut, Colour" */
    struct str staff_name;
    struct str price; /* "45.00 EUR", or empty */
    struct str client_name;
};

/* Who has written, or is written to, in a conversation. */
struct letter_client {
    int64_t id;
    struct str name, email, phone;
};

struct letter_time_off {
    int64_t start_s, end_s;
    struct str staff_name;
    struct str reason, note; /* of who asked, of who decided; may be empty */
};

struct letter_in {
    const struct letter_business *business;
    struct str to_name, to_address;
    struct str url; /* where the letter's button leads; http(s), of our own making */
    const struct letter_booking *booking;      /* the booking letters */
    const struct ics_event *event;             /* to the client: the calendar entry, or NULL */
    struct str item, available, reorder_point; /* low stock: "Oxide 6 %", "120 ml", "500 ml" */
    struct str password;                       /* staff invitation */
    const struct letter_time_off *time_off;    /* the letters about time off */
    int valid_min;                             /* password reset: how long the link works */
    const struct letter_client *client;        /* the letters of a conversation */
    struct str said;         /* a person's own words, line by line; at most LETTER_SAID_MAX bytes */
    int64_t *ret_message_id; /* letter_send: as in outbox.h, or NULL */
};

struct letter {
    struct str subject, text, html;
    struct str calendar, calendar_method; /* absent where the letter has none */
};

/*
 * Pure; everything in the arena. An event without a usable organizer is published instead of asked
 * for: mail programs refuse an invitation from nobody.
 */
void letter_write(struct arena *a, enum letter_kind kind, const struct letter_in *in,
                  struct letter *ret);

/* Writes it and puts it into the outbox, in the caller's transaction; subject_id and occurrence as
 * in outbox.h. The words of one that holds a secret lie there sealed (base/seal.h). */
enum result letter_send(struct work *w, enum letter_kind kind, const struct letter_in *in,
                        int64_t subject_id, struct str occurrence) must_check;

/* The kind's name as the outbox, the API and automations know it. */
const char *letter_kind_name(enum letter_kind kind);
/* All of them, in the enum's order, NULL-terminated. */
extern const char *const letter_kind_names[];
/* Messages of this kind hold a secret: their words are never shown and do not outlive the sending.
 */
bool letter_is_secret(struct str kind);

#endif
