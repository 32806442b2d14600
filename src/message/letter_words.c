/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* letter_words: the catalogue. See letter_words.h; the {fields} are letter_fields.h's. */
#include "message/letter_words.h"

const char *const letter_greeting = "Hello {recipient},";
const char *const letter_greeting_no_name = "Hello,";
const char *const letter_unsubscribe = "No more such messages";

const char *const letter_kind_names[] = {
    [LETTER_BOOKING_CONFIRMATION] = "booking_confirmation",
    [LETTER_BOOKING_RESCHEDULED] = "booking_rescheduled",
    [LETTER_BOOKING_CANCELLED] = "booking_cancelled",
    [LETTER_OWNER_NEW_BOOKING] = "owner_new_booking",
    [LETTER_OWNER_BOOKING_RESCHEDULED] = "owner_booking_rescheduled",
    [LETTER_OWNER_BOOKING_CANCELLED] = "owner_booking_cancelled",
    [LETTER_LOW_STOCK] = "low_stock",
    [LETTER_STAFF_INVITATION] = "staff_invitation",
    [LETTER_PASSWORD_RESET] = "password_reset",
    [LETTER_PASSWORD_CHANGED] = "password_changed",
    [LETTER_TWO_FACTOR_ON] = "two_factor_on",
    [LETTER_TWO_FACTOR_OFF] = "two_factor_off",
    [LETTER_RECOVERY_CODES] = "recovery_codes_new",
    [LETTER_MESSAGE] = "conversation_message",
    [LETTER_OWNER_NEW_MESSAGE] = "owner_new_message",
    [LETTER_CLIENT_WELCOME] = "client_welcome",
    [LETTER_TIME_OFF_REQUESTED] = "time_off_requested",
    [LETTER_TIME_OFF_APPROVED] = "time_off_approved",
    [LETTER_TIME_OFF_DECLINED] = "time_off_declined",
    [LETTER_BOOKING_REMINDER] = "booking_reminder",
    [LETTER_FOLLOW_UP] = "follow_up",
    [LETTER_OWNER_DAILY_DIGEST] = "owner_daily_digest",
    [LETTER_TRIAL] = "automation_test",
    [LETTER_OWNER_LOW_RATING] = "owner_low_rating",
    [LETTER_FORM_REQUEST] = "form_request",
    [LETTER_FORM_REMINDER] = "form_reminder",
    [LETTER_STAFF_JOIN] = NULL,
};

const struct letter_words letter_words[LETTER__MAX] = {
    [LETTER_BOOKING_CONFIRMATION] =
        {
            .subject = "Your booking at {business} on {date} is confirmed",
            .heading = "Your booking is confirmed",
            .body = "We look forward to seeing you on {date} at {time}.",
            .button = "See, move or cancel the booking",
            .closing = "The link belongs to this booking: whoever has it can change the booking.",
            .facts = {FACT_WHEN, FACT_SERVICES, FACT_STAFF, FACT_PRICE, FACT_WHERE, FACT_PHONE},
        },
    [LETTER_BOOKING_RESCHEDULED] =
        {
            .subject = "Your booking at {business} is rescheduled to {date} at {time}",
            .heading = "Your booking has a new time",
            .body = "Your booking is now on {date} at {time}. The earlier time no longer holds.",
            .button = "See, move or cancel the booking",
            .closing = "The link belongs to this booking: whoever has it can change the booking.",
            .facts = {FACT_WHEN, FACT_BEFORE, FACT_SERVICES, FACT_STAFF, FACT_PRICE, FACT_WHERE,
                      FACT_PHONE},
        },
    [LETTER_BOOKING_CANCELLED] =
        {
            .subject = "Your booking at {business} on {date} is cancelled",
            .heading = "Your booking is cancelled",
            .body = "Your booking on {date} at {time} is cancelled. You need not do anything.",
            .button = "Book another time",
            .closing = "If you did not expect this, please ask us.",
            .facts = {FACT_WHEN, FACT_SERVICES, FACT_STAFF, FACT_WHERE, FACT_PHONE},
        },
    [LETTER_OWNER_NEW_BOOKING] =
        {
            .priority = LETTER_SOON,
            .subject = "New booking on {date} at {time}",
            .heading = "There is a new booking",
            .body = "{client} has a booking at {business} on {date} at {time}.",
            .button = "Open the diary",
            .closing = "",
            .facts = {FACT_WHEN, FACT_CLIENT, FACT_SERVICES, FACT_STAFF, FACT_PRICE},
        },
    [LETTER_OWNER_BOOKING_RESCHEDULED] =
        {
            .priority = LETTER_SOON,
            .subject = "Booking moved to {date} at {time}",
            .heading = "A booking has a new time",
            .body = "The booking of {client} at {business} is now on {date} at {time}.",
            .button = "Open the diary",
            .closing = "",
            .facts = {FACT_WHEN, FACT_BEFORE, FACT_CLIENT, FACT_SERVICES, FACT_STAFF},
        },
    [LETTER_OWNER_BOOKING_CANCELLED] =
        {
            .priority = LETTER_SOON,
            .subject = "Booking on {date} at {time} is cancelled",
            .heading = "A booking is cancelled",
            .body =
                "The booking of {client} at {business} on {date} at {time} is cancelled. The time "
                "is free again.",
            .button = "Open the diary",
            .closing = "",
            .facts = {FACT_WHEN, FACT_CLIENT, FACT_SERVICES, FACT_STAFF},
        },
    [LETTER_LOW_STOCK] =
        {
            .priority = LETTER_SOON,
            .subject = "Low stock: {item}",
            .heading = "{item} is running low",
            .body = "What is free of {item} has fallen to its reorder point. You get this message "
                    "once, and again only after the stock has been above it.",
            .button = "Open the stock",
            .closing = "",
            .facts = {FACT_ITEM, FACT_AVAILABLE, FACT_REORDER_POINT},
        },
    [LETTER_STAFF_INVITATION] =
        {
            .secret = true,
            .subject = "{business} invites you to its team",
            .heading = "Welcome to {business}",
            .body = "{business} has made an account for you. Sign in with this e-mail address and "
                    "the password below; you will then choose your own. It works once, and for "
                    "seven days.",
            .button = "Sign in",
            .closing = "If you do not know {business}, please leave this message aside.",
            .facts = {FACT_EMAIL, FACT_PASSWORD},
        },
    [LETTER_STAFF_JOIN] =
        {
            .secret = true,
            .subject = "{business} invites you to its team",
            .heading = "Welcome to {business}",
            .body = "{business} would like you in its team. You have an account already: open the "
                    "link, sign in as you are used to, and say yes. The link works once, and for "
                    "seven days.",
            .button = "Join the team",
            .closing = "If you do not know {business}, please leave this message aside: without "
                       "your yes nothing is shared.",
            .facts = {FACT_EMAIL},
        },
    [LETTER_PASSWORD_RESET] =
        {
            .secret = true,
            .subject = "Choose a new password",
            .heading = "Choose a new password",
            .body = "Somebody, probably you, asked for a new password for this e-mail address. "
                    "The link works once and for {minutes} minutes.",
            .button = "Choose a new password",
            .closing = "If it was not you, please leave this message aside: nothing has changed.",
            .facts = {FACT_NONE},
        },
    [LETTER_PASSWORD_CHANGED] =
        {
            .subject = "Your password was changed",
            .heading = "Your password was changed",
            .body = "The password of your account was changed. Other browsers are signed out.",
            .button = "Sign in",
            .closing = "If it was not you, ask for a new password on the sign-in page right away.",
            .facts = {FACT_EMAIL},
        },
    [LETTER_TWO_FACTOR_ON] =
        {
            .subject = "Two-factor sign-in is on",
            .heading = "Two-factor sign-in is on",
            .body = "From now on your account asks for a code beside the password. Keep the "
                    "recovery codes where you find them without your phone.",
            .button = "Sign in",
            .closing = "If it was not you, ask for a new password on the sign-in page right away.",
            .facts = {FACT_EMAIL},
        },
    [LETTER_TWO_FACTOR_OFF] =
        {
            .subject = "Two-factor sign-in is off",
            .heading = "Two-factor sign-in is off",
            .body = "Your account asks for the password alone again.",
            .button = "Sign in",
            .closing = "If it was not you, ask for a new password on the sign-in page right away.",
            .facts = {FACT_EMAIL},
        },
    [LETTER_RECOVERY_CODES] =
        {
            .subject = "Your recovery codes are new",
            .heading = "Your recovery codes are new",
            .body = "New recovery codes were made for your account. The earlier ones work no more.",
            .button = "Sign in",
            .closing = "If it was not you, ask for a new password on the sign-in page right away.",
            .facts = {FACT_EMAIL},
        },
    [LETTER_MESSAGE] =
        {
            .subject = "A message from {business}",
            .heading = "A message from {business}",
            .body = "{business} has written to you:",
            .said = SAID_OPENLY,
            .button = "Book a visit",
            .closing =
                "You get this message because you have written to {business} or booked there.",
            .facts = {FACT_ANSWER_TO, FACT_PHONE},
        },
    [LETTER_OWNER_NEW_MESSAGE] =
        {
            .priority = LETTER_SOON,
            .subject = "New message from {client}",
            .heading = "There is a new message",
            .body = "{client} has written to {business}:",
            .said = SAID_QUOTED,
            .button = "Open the conversations",
            .closing = "",
            .facts = {FACT_CLIENT, FACT_CLIENT_EMAIL, FACT_CLIENT_PHONE},
        },
    [LETTER_CLIENT_WELCOME] =
        {
            .priority = LETTER_SOON,
            .subject = "Welcome to {business}",
            .heading = "Thank you for writing to us",
            .body =
                "Your message has reached {business}. You will get an answer as soon as possible. "
                "If you like, book a visit at once:",
            .button = "Book a visit",
            .closing = "If you have not written to {business}, please leave this message aside.",
            .facts = {FACT_WHERE, FACT_PHONE},
        },
    [LETTER_FORM_REQUEST] =
        {
            .priority = LETTER_SOON,
            .subject = "Please fill in a form before your visit at {business}",
            .heading = "Please fill in a form before your visit",
            .body = "Before your visit on {date} at {time}, {business} would like to know a few "
                    "things. It takes a few minutes, and no account.",
            .button = "Fill in the form",
            .closing = "The link is yours alone: please do not pass it on.",
            .facts = {FACT_WHEN, FACT_WHERE, FACT_PHONE},
        },
    [LETTER_FORM_REMINDER] =
        {
            .priority = LETTER_ANY_TIME,
            .subject = "Reminder: your form for {business}",
            .heading = "Your form is still open",
            .body = "Before your visit on {date} at {time}, {business} still needs a few answers "
                    "from you. If you have filled in the form meanwhile, thank you: please leave "
                    "this message aside.",
            .button = "Fill in the form",
            .closing = "The link is yours alone: please do not pass it on.",
            .facts = {FACT_WHEN, FACT_WHERE, FACT_PHONE},
        },
    [LETTER_TIME_OFF_REQUESTED] =
        {
            .priority = LETTER_SOON,
            .subject = "{staff} asks for time off",
            .heading = "{staff} asks for time off",
            .body = "{staff} would like to be away. Bookings in that time stay until you move "
                    "them; the request shows them.",
            .button = "Approve or decline",
            .closing = "",
            .facts = {FACT_WHEN, FACT_REASON},
        },
    [LETTER_TIME_OFF_APPROVED] =
        {
            .priority = LETTER_SOON,
            .subject = "Your time off is approved",
            .heading = "Your time off is approved",
            .body = "{business} has approved your request. Nobody can book you in that time.",
            .button = "Open your hours",
            .closing = "",
            .facts = {FACT_WHEN, FACT_NOTE},
        },
    [LETTER_TIME_OFF_DECLINED] =
        {
            .priority = LETTER_SOON,
            .subject = "Your time off is declined",
            .heading = "Your time off is declined",
            .body = "{business} has declined your request. Your hours stay as they are.",
            .button = "Open your hours",
            .closing = "",
            .facts = {FACT_WHEN, FACT_NOTE},
        },
    [LETTER_BOOKING_REMINDER] =
        {
            .priority = LETTER_SOON,
            .subject = "Reminder: your visit at {business} on {date} at {time}",
            .heading = "See you soon",
            .body = "This is a reminder of your visit at {business} on {date} at {time}.",
            .button = "See, move or cancel the booking",
            .closing = "If you cannot come, please say so in time: somebody else may like the "
                       "hour.",
            .facts = {FACT_WHEN, FACT_SERVICES, FACT_STAFF, FACT_PRICE, FACT_WHERE, FACT_PHONE},
        },
    [LETTER_FOLLOW_UP] =
        {
            .priority = LETTER_ANY_TIME,
            .subject = "Thank you for your visit at {business}",
            .heading = "Thank you for your visit",
            .body = "Thank you for coming on {date}. How was it? It takes a moment to tell us, and "
                    "{business} reads every answer.",
            .button = "Rate the visit",
            .closing = "If something was not right, please say so: we would like to mend it.",
            .facts = {FACT_NONE},
        },
    [LETTER_OWNER_DAILY_DIGEST] =
        {
            .priority = LETTER_ANY_TIME,
            .subject = "{business}: your day, {date}",
            .heading = "Your day, {date}",
            .body = "Good morning. This is what the day brings.",
            .said = SAID_OPENLY,
            .button = "Open your business",
            .closing = "",
            .facts = {FACT_NONE},
        },
    [LETTER_TRIAL] = /* only ever in the place of another's */
    {
        .subject = "A message to look at",
        .heading = "A message to look at",
        .body = "This is how a message of {business} looks.",
        .button = "Open your business",
        .closing = "",
        .facts = {FACT_NONE},
    },
    [LETTER_OWNER_LOW_RATING] =
        {
            .priority = LETTER_SOON,
            .subject = "{client} gave {stars} of 5 stars",
            .heading = "A client was not content",
            .body =
                "{client} gave {stars} of 5 stars to the visit on {date}. A word from you, soon, "
                "often makes it good.",
            .said = SAID_QUOTED,
            .button = "Open CareOps",
            .closing = "You get this message once for a rating, also when the client changes it.",
            .facts = {FACT_CLIENT, FACT_WHEN, FACT_SERVICES, FACT_STAFF},
        },
};

const char *const letter_fact_labels[FACT__MAX] = {
    [FACT_NONE] = "",
    [FACT_WHEN] = "When",
    [FACT_BEFORE] = "Before",
    [FACT_CLIENT] = "Client",
    [FACT_SERVICES] = "Service",
    [FACT_STAFF] = "With",
    [FACT_PRICE] = "Price",
    [FACT_WHERE] = "Where",
    [FACT_PHONE] = "Phone",
    [FACT_ITEM] = "Item",
    [FACT_AVAILABLE] = "Available",
    [FACT_REORDER_POINT] = "Reorder point",
    [FACT_EMAIL] = "E-mail",
    [FACT_PASSWORD] = "Password",
    [FACT_CLIENT_EMAIL] = "E-mail",
    [FACT_CLIENT_PHONE] = "Phone",
    [FACT_ANSWER_TO] = "Answer to",
    [FACT_REASON] = "Reason",
    [FACT_NOTE] = "Note",
};

const char *const letter_weekdays[7] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
};

const char *const letter_months[12] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December",
};
