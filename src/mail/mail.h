/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mail: messages and how they leave: a message is made (RFC 5322, MIME, an iCalendar part), a
 * provider takes it.
 *
 * A `struct mail` holds what a person gets. Every text may come from strangers, so each writer here
 * makes header and calendar injection impossible: CR, LF and NUL never reach a header, display
 * names and subjects are encoded (RFC 2047), bodies are quoted-printable, calendar TEXT is escaped
 * and folded (RFC 5545 §3.1, §3.3.11). The writers are pure and give equal bytes for equal input,
 * on any thread; a provider belongs to one thread.
 */
#ifndef CAREOPS_MAIL_MAIL_H
#define CAREOPS_MAIL_MAIL_H

#include "base/buf.h"
#include "base/env.h"
#include "base/str.h"

/* ---- the message ---- */

/*
 * By which service of the business's own a message goes (own_provider_new); the strings belong to
 * whoever begins the delivery, who may wipe them afterwards. A host's name or address as a person
 * gives it, without brackets.
 */
enum mail_security { MAIL_STARTTLS, MAIL_TLS, MAIL_PLAIN };

struct mail_route {
    bool resend; /* else SMTP */
    const char *host;
    int port;
    enum mail_security security;
    const char *user, *password; /* NULL: no login */
    const char *api_key;         /* Resend's */
};

struct mail {
    struct str from_name, from_address;
    struct str reply_to; /* an address, or absent */
    struct str to_name, to_address;
    struct str subject;
    struct str text;
    struct str html;            /* absent: text only */
    struct str calendar;        /* absent: none; a whole VCALENDAR with METHOD (ics_write) */
    struct str calendar_method; /* "REQUEST", "CANCEL" or "PUBLISH" where there is a calendar */
    struct str key;             /* idempotency key: the outbox row's, 1 to 200 visible ASCII */
    struct str message_id;      /* without <>: made once, the same on every retry */
    int64_t date_s; /* the Date header: frozen too, so that retries are byte-identical */
    /* http(s), of our own making: one click there and no more of these (RFC 8058). Absent, or not
     * plain: the headers are left out. */
    struct str unsubscribe_url;
    /* What a provider's reports shall name the message by, 1 to 200 of [A-Za-z0-9_-]; absent: none.
     */
    struct str tag;
    const struct mail_route *route; /* NULL: the provider's own */
};

enum {
    MAIL_ADDRESS_MAX = 254, /* RFC 5321 §4.5.3.1.3, less the angle brackets */
    MAIL_NAME_MAX = 400,    /* bytes */
    MAIL_SUBJECT_MAX = 800,
    MAIL_KEY_MAX = 200,
    MAIL_BODY_MAX = 256 * 1024, /* text, and html */
    MAIL_CALENDAR_MAX = 64 * 1024,
    MAIL_URL_MAX = 900,
    MAIL_TAG_MAX = 200,
    MAIL_SIZE_MAX = 4 * 1024 * 1024 /* of the whole written message */
};

/*
 * One plain mailbox: dot-atom local part of at most 64 characters, one @, a host name of at least
 * two labels; ASCII only. Quoted local parts, comments, lists and address literals are refused.
 */
bool mail_address_ok(struct str address);

/*
 * A sender as settings give it: "ada@salon.example" or "Salon Ada <ada@salon.example>". False for
 * anything else; the parts point into `s`, and a name is absent where there is none.
 */
bool mail_sender_parse(struct str s, struct str *ret_name, struct str *ret_address);

/* Addresses, lengths, UTF-8 and the frozen ids. What is INVALID here can never be sent. */
enum result mail_check(const struct mail *m, struct problem *p) must_check;

/*
 * The whole message with CRLF line ends, lines of at most 78 characters where possible and 998
 * always, no line that begins with a dot. Asks for a message that passed mail_check.
 */
void mail_write(struct buf *out, const struct mail *m);

/* ---- the calendar part ---- */

struct ics_event {
    struct str uid; /* stable for the booking */
    int sequence;   /* rises with each change */
    bool cancelled;
    int64_t stamp_s, start_s, end_s;
    struct str summary, description, location;
    struct str url; /* left out unless it is plain http(s) */
    struct str organizer_name, organizer_address;
    struct str attendee_name, attendee_address; /* left out with PUBLISH (RFC 5546 §3.2.1) */
};

enum { ICS_TEXT_MAX = 8 * 1024 }; /* bytes of one text of the event; what is longer is cut */

/* `method` is "REQUEST", "CANCEL" or "PUBLISH". Times, from 1970 on, are written in UTC. */
void ics_write(struct buf *out, const char *method, const struct ics_event *e);

/* ---- providers ---- */

/* What is known about a delivery, honestly. */
enum mail_outcome {
    MAIL_ACCEPTED, /* the provider has it; provider_id may name it */
    MAIL_RETRY,    /* it certainly has it not: try later */
    MAIL_UNKNOWN,  /* it may have it: only the same key or Message-ID may go again */
    MAIL_REFUSED,  /* it will never take it: error says why */
};

/* How the error begins where the address is what is wrong. */
#define MAIL_REFUSED_RECIPIENT "The mail server refused the recipient"

enum { MAIL_ERROR_TEXT = 240, MAIL_ID_TEXT = 120, MAIL_WORD_TEXT = 200 };

struct mail_result {
    enum mail_outcome outcome;
    int retry_after_s;           /* 0 = the caller's own backoff */
    bool pause;                  /* retry_after_s is meant for every message (a rate, a quota) */
    char error[MAIL_ERROR_TEXT]; /* for the owner and the log: no address, no body, no secret */
    char provider_id[MAIL_ID_TEXT];
    /* The provider's own words, one line: "250 2.0.0 Ok: queued as 1A2B". It may name an address,
     * so it is for the owner and not for the log. "": it said none. */
    char word[MAIL_WORD_TEXT];
};

struct mail_done {
    uint64_t ticket;
    struct mail_result result;
};

enum {
    MAIL_CAPACITY = 4
}; /* deliveries under way at once, so that one that hangs holds up no other */

/*
 * A provider has at most MAIL_CAPACITY deliveries under way. Every `begin` is answered by exactly
 * one mail_done from a later `poll`, at the latest when the call's deadline is over; `free` drops
 * what is still under way, its outcome is then unknown. All three on one thread.
 */
struct mail_provider {
    void *self;
    const char *name;         /* "file", "smtp", "resend" */
    int64_t remembers_keys_s; /* so long a retry with the same key cannot double; 0 = it can */
    int per_second;           /* calls a second that it allows, 0 = no limit */
    int timeout_ms;           /* the longest that one delivery takes */
    /* Copies what it needs of `m`. The caller keeps count: there must be room. */
    void (*begin)(void *self, const struct mail *m, uint64_t ticket);
    /* Moves deliveries on until one is done, `wake_fd` (-1: none) is readable or wait_ms is over.
     */
    size_t (*poll)(void *self, int wait_ms, int wake_fd, struct mail_done *ret, size_t max);
    void (*free)(void *self);
};

struct mail_provider_config {
    const char *url; /* "file:DIR", "smtp://user:pass@host:587", "smtps://…", "resend" */
    const char *resend_api_key;
    const char *resend_url; /* NULL = https://api.resend.com; http only to loopback */
    int resend_per_second;  /* 0 = 2, what every Resend team is allowed */
    const char *ca_file;    /* further CA certificates to trust; NULL = none */
    int timeout_ms;         /* a whole call; 0 = 15,000 (SMTP: 30,000) */
    /* Own services may stand in private networks too, on any port, and without encryption there. */
    bool own_private;
    const struct env *env;
};

enum { MAIL_SETTING_TEXT = 256 };

/*
 * A wrong setting gives one clear line, without the secret, before anything is touched. The folder
 * of file: is made where it is missing. `smtp://` upgrades by STARTTLS or sends nothing;
 * `smtp://host?tls=no` allows a plain relay without login on loopback only. Certificates are always
 * verified. Call it before there are threads (libcurl's global start).
 */
enum result mail_provider_new(const struct mail_provider_config *config, struct mail_provider *ret,
                              char ret_error[static MAIL_SETTING_TEXT]) must_check;

/*
 * The provider of those who have a service of their own: each message says by which (route). Such
 * a service is a stranger's word, so it is reached over public addresses alone, judged when the
 * connection is made (mail_address_public), on the ports of mail, always encrypted, and no
 * connection is kept for the next message, which is another business's. Its keys are remembered
 * differently from message to message: remembers_keys_s and per_second are 0 here, and the mailer
 * asks mail_route_memory_s(). INVALID where libcurl or resend_url is not usable.
 */
enum result own_provider_new(const struct mail_provider_config *config, struct mail_provider *ret,
                             char ret_error[static MAIL_SETTING_TEXT]) must_check;
int64_t mail_route_memory_s(bool resend);

/* Not of this machine, of a private network, of a link or of nobody. `address` is a sockaddr. */
bool mail_address_public(const void *address);
/* The ports on which mail is handed in. */
bool mail_port_ok(int64_t port);

#endif
