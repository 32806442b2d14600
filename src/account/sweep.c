/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sweep: what has ended by itself is removed, of every tenant, a bounded part at a time. */
#include "account/internal.h"

/* The numbers are written down: PostgreSQL plans an unknown LIMIT as a tenth of the table. */
enum result account_sweep(struct work *w)
{
    enum result r = db_exec(w->tx,
                            "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM"
                            " session WHERE expires_s < $1 ORDER BY expires_s LIMIT 500)",
                            db_i(w->now_s));
    if (r == OK)
        r = db_exec(w->tx,
                    "DELETE FROM password_reset WHERE token_hash IN (SELECT token_hash FROM"
                    " password_reset WHERE expires_s < $1 ORDER BY expires_s LIMIT 500)",
                    db_i(w->now_s));
    if (r == OK)
        r = db_exec(w->tx,
                    "DELETE FROM reset_decoy WHERE token_hash IN (SELECT token_hash FROM"
                    " reset_decoy WHERE expires_s < $1 ORDER BY expires_s LIMIT 500)",
                    db_i(w->now_s));
    if (r == OK)
        r = db_exec(w->tx,
                    "DELETE FROM invitation WHERE token_hash IN (SELECT token_hash FROM"
                    " invitation WHERE expires_s < $1 ORDER BY expires_s LIMIT 500)",
                    db_i(w->now_s));
    if (r == OK)
        r = db_exec(w->tx,
                    "DELETE FROM known_device WHERE (token_hash, user_id) IN (SELECT token_hash,"
                    " user_id FROM known_device WHERE last_used_s < $1"
                    " ORDER BY last_used_s LIMIT 500)",
                    db_i(w->now_s - DEVICE_LIFE_S));
    return r;
}
