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
    LETTER_BOOKING_REMINDER,   /* to the client, some time before */
    LETTER_FOLLOW_UP,          /* to the client, after a visit: thanks, and a way to rate it */
    LETTER_OWNER_DAILY_DIGEST, /* to the owner: the day, and what needs a hand */
    LETTER_TRIAL,              /* to the owner: how one of the others looks, with that one's words
                                * (letter_sending.trial) */
    LETTER_OWNER_LOW_RATING,   /* to the owner: what a client who was not content has said */
    LETTER_FORM_REQUEST,       /* to the client: a form to fill in before the visit */
    LETTER_FORM_REMINDER,      /* the same, once more */
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

/* How a letter goes, beyond its words; zeros are the usual. */
struct letter_sending {
    int64_t not_before_s;  /* waits so long, so that it can be taken back */
    const char *withheld;  /* not sent at all, for this reason (outbox.h), and seen so */
    bool tells;            /* its reader knows afterwards of the visit's time and person: */
    int64_t tells_start_s; /* 0: that it is cancelled */
    int64_t tells_staff_id;
    int64_t matters_until_s; /* until then somebody must be told in another way if it fails */
    bool by_hand;            /* a person asks for it: it goes though the rule is switched off */
    bool trial;              /* shows the letter to the owner, whatever the rule says */
    int64_t *ret_message_id; /* as in outbox.h, or NULL */
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
    int stars;                                 /* a rating's */
    int valid_min;                             /* password reset: how long the link works */
    const struct letter_client *client;        /* the letters of a conversation */
    bool converses;  /* it is to `client`, and what they answer comes into their conversation where
                      * there is a way for it (reply_address.h) */
    struct str said; /* a person's own words, line by line; at most LETTER_SAID_MAX bytes */
    struct str form_name;             /* the letters about a form */
    int64_t day_s;                    /* digest: an instant of its day; else 0 */
    struct str unsubscribe_url;       /* leads to stopping letters of this kind; absent: none */
    struct str own_subject, own_body; /* the owner's words (rule.h) in place of ours; absent: ours.
                                       * letter_send looks them up itself */
    struct letter_sending sending;    /* letter_send: when and whether */
};

struct letter {
    struct str subject, text, html;
    struct str calendar, calendar_method; /* absent where the letter has none */
};

/*
 * Pure; everything in the arena. An event without a usable organizer is published instead of asked
 * for: mail programs refuse an invitation from nobody. The subject is never empty: where nothing is
 * left of the owner's, ours stands.
 */
void letter_write(struct arena *a, enum letter_kind kind, const struct letter_in *in,
                  struct letter *ret);

/*
 * Writes it and puts it into the outbox, in the caller's transaction; subject_id and occurrence as
 * in outbox.h. Where the owner has a rule for the kind (rule.h), its switch and words count: one
 * that is switched off does nothing and is OK. The words of one that holds a secret lie there
 * sealed (base/seal.h).
 */
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
