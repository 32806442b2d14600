/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* salon: see salon.h. */
#include "salon.h"

void open_salon(struct salon *s, struct fixture *f, int64_t remembers_keys_s, int per_second)
{
    char error[DB_ERROR_TEXT];
    int applied = 0;
    if (db_migrate(f->db, &applied, error) != OK)
        fail_msg("%s", error);
    run_sql(f, "INSERT INTO workspace (id, slug, name, timezone, currency, created_s)"
               " VALUES (7, 'ada', 'Salon Ada', 'Europe/Berlin', 'EUR', 0)");
    s->f = f;
    fake_clock_init(&s->clock, BEGIN_S);
    fake_provider_init(&s->provider, &s->clock, remembers_keys_s, per_second);
    struct mailer_config config = {
        .db = f->db,
        .env = &s->clock.env,
        .provider = s->provider.provider,
        .from = "CareOps <bookings@careops.example>",
    };
    s->mailer = mailer_new(&config);
    assert_non_null(s->mailer);
}

void close_salon(struct salon *s)
{
    mailer_free(s->mailer);
}

enum result put_in(struct db_tx *tx, void *arg)
{
    const struct put *p = arg;
    struct work w = {
        .arena = db_arena(tx),
        .tx = tx,
        .env = &p->s->clock.env,
        .problem = &p->s->f->problem,
        .now_s = env_now_s(&p->s->clock.env),
        .actor = {.kind = ACTOR_SYSTEM, .workspace_id = WORKSPACE},
    };
    enum result r = OK;
    db_tenant(tx, WORKSPACE);
    for (int64_t i = p->first; r == OK && i <= p->last; i++) {
        struct outbox_message m = {
            .kind = p->kind ? p->kind : "booking_confirmation",
            .subject_id = i,
            .occurrence = str_of(p->occurrence ? p->occurrence : "1"),
            .to_name = STR("Bea"),
            .to_address = str_of(p->address ? p->address : "bea@client.example"),
            .subject = STR("Confirmed"),
            .body_text =
                seal_close(p->seal, w.arena, str_printf(w.arena, "Body %lld", (long long)i)),
            .from_name = STR("Salon Ada"),
            .booking_id = p->booking_id,
            .priority = 1,
        };
        r = outbox_put(&w, &m);
    }
    return r == OK ? p->then : r;
}

void put(struct salon *s, int64_t first, int64_t last)
{
    assert_int_equal(transact(s->f, put_in, &(struct put){.s = s, .first = first, .last = last}),
                     OK);
}

int64_t count_status(struct salon *s, const char *status)
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM message WHERE status = '%s'", status);
    return ask_int(s->f, sql);
}

void rounds(struct salon *s, int n)
{
    for (int i = 0; i < n; i++)
        mailer_step(s->mailer, 0);
}

void pass(struct salon *s, int64_t seconds)
{
    fake_clock_move(&s->clock, seconds * 1000);
    rounds(s, 4);
}

struct mail_result always(void *arg, size_t n)
{
    (void)n;
    return *(const struct mail_result *)arg;
}
