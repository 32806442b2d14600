/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* low_rating: the letter to the owners about a client who was not content. */
#include "feedback/internal.h"

#include "base/app.h"
#include "message/letter.h"
#include "team/team.h"

enum result low_rating_tell(struct work *w, const struct workspace *ws, const struct rated_visit *v,
                            const struct rating *r)
{
    const struct letter_business business = workspace_letterhead(ws);
    const struct letter_booking visit = {
        .id = v->booking_id,
        .client_id = v->client_id,
        .start_s = v->start_s,
        .end_s = v->end_s,
        .services = v->services_words,
        .staff_name = v->staff_name,
        .client_name = v->client_name,
    };
    struct staff_member *owners;
    size_t count;
    enum result res = team_owners(w, &owners, &count);
    if (res != OK)
        return res;
    for (size_t i = 0; res == OK && i < count; i++) {
        const struct letter_in in = {
            .business = &business,
            .booking = &visit,
            .stars = r->stars,
            .to_name = owners[i].name,
            .to_address = owners[i].email,
            .url = str_printf(w->arena, "%s/app", w->app->base_url),
            .said = r->comment,
        };
        struct str occurrence = str_printf(w->arena, "%lld", (long long)owners[i].id);
        res = letter_send(w, LETTER_OWNER_LOW_RATING, &in, r->id, occurrence);
    }
    return res;
}
