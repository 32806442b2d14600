/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * seeded: defects that are put in on purpose, so that it can be seen whether our checkers bite.
 *
 * `SEEDED(NAME)` stands beside the right code and chooses the wrong one. In the program that is
 * built as usual it is the constant false, and nothing of the wrong code is in it
 * (tests/bugs/bugs.test.mjs looks). In a build with -Dseeded=true it is true where the environment
 * says CAREOPS_SEEDED=NAME, so one build has all defects, and one at a time. `make bugs` runs each
 * and its checker (tests/bugs/).
 */
#ifndef CAREOPS_BASE_SEEDED_H
#define CAREOPS_BASE_SEEDED_H

#include <stdbool.h>

#ifdef CAREOPS_SEEDED

/* clang-format off */
#define SEEDED_LIST(X)                                                                             \
    /* a caller of SQLite's writer is answered before its group is committed */                    \
    X(ANSWER_BEFORE_COMMIT)                                                                        \
    /* SQLite commits without a sync of its write-ahead log */                                     \
    X(SQLITE_NORMAL)                                                                               \
    /* an I/O error or a damaged file of the database is one answer among others */                \
    X(DAMAGE_SURVIVED)                                                                             \
    /* the group that met a full disk is told that it was committed */                             \
    X(FULL_DISK_ACKNOWLEDGED)                                                                      \
    /* what a refused request had written stays */                                                 \
    X(UNDO_FORGOTTEN)                                                                              \
    /* the buffer after a visit holds nobody */                                                    \
    X(BUFFER_ON_ONE_SIDE)                                                                          \
    /* a visit may not begin in the minute in which another ends */                                \
    X(CLOSED_INTERVAL)                                                                             \
    /* a zone has the offset of today's winter all year round */                                   \
    X(DST_FIXED_OFFSET)                                                                            \
    /* who is away can be booked all the same */                                                   \
    X(TIME_OFF_IGNORED)                                                                            \
    /* nothing but a look before the insert keeps two from one slot */                             \
    X(CHECK_THEN_INSERT)                                                                           \
    /* a move gives up the old time in one transaction and takes the new one in another */         \
    X(MOVE_IN_TWO)                                                                                 \
    /* a cancelled visit gives its materials back twice */                                         \
    X(RELEASE_TWICE)                                                                               \
    /* a cancelled visit keeps its materials */                                                    \
    X(RELEASE_FORGOTTEN)                                                                           \
    /* what is used up leaves the shelf and not the ledger */                                      \
    X(LEDGER_ROW_MISSING)                                                                          \
    /* the answer under an idempotency key is written down in a transaction of its own */          \
    X(IDEMPOTENCY_APART)                                                                           \
    /* an idempotency key is good for any body */                                                  \
    X(KEY_FOR_ANY_BODY)                                                                            \
    /* the audit event is written in a transaction of its own */                                   \
    X(AUDIT_APART)                                                                                 \
    /* a letter is given to the mail service while its booking may still fail */                   \
    X(MAIL_BEFORE_COMMIT)                                                                          \
    /* a letter is tried again under another key */                                                \
    X(MAIL_NEW_KEY)                                                                                \
    /* a letter of unknown outcome is tried again when the service has forgotten its key */        \
    X(MAIL_KEY_FORGOTTEN)                                                                          \
    /* a lease is over before the work is done, and nobody asks whose it is */                     \
    X(LEASE_TOO_SHORT)                                                                             \
    /* a reminder is sent whatever became of the visit */                                          \
    X(REMIND_CANCELLED)                                                                            \
    /* a figure counts what is not the caller's */                                                 \
    X(COUNT_UNFILTERED)                                                                            \
    /* a figure counts other businesses' rows */                                                   \
    X(COUNT_ACROSS)                                                                                \
    /* a list shows what is not the caller's */                                                    \
    X(LIST_UNFILTERED)                                                                             \
    /* a table for download has what is not the caller's */                                        \
    X(EXPORT_UNFILTERED)
/* clang-format on */

#define SEEDED_ENUM(name) SEEDED_##name,
enum seeded { SEEDED_NONE, SEEDED_LIST(SEEDED_ENUM) SEEDED__MAX };
#undef SEEDED_ENUM

/* Whether this is the defect that the environment chose. Ends the process where it chose one that
 * there is not: a check of nothing would pass for a defect that escaped. Any thread. */
bool seeded_is(enum seeded which);
#define SEEDED(name) seeded_is(SEEDED_##name)

#else
#define SEEDED(name) false
#endif

#endif
