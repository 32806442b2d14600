/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mailin_driver: the ways in as a program of their own, which kills itself before its n-th step.
 *
 *   mailin_driver DB_URL STEP     reads the mailbox once and fetches what is due; prints "done" and
 *                                 the number of steps where it came to its end before step STEP
 *
 * IMAP_URL, IMAP_PASSWORD, INBOUND, RESEND_URL and RESEND_KEY come from the environment.
 */
#include "mailin/mailin.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct steps {
    long seen, dies_at;
};

static void count_step(void *self, const char *where)
{
    struct steps *s = self;
    s->seen++;
    printf("%s\n", where);
    fflush(stdout);
    if (s->seen == s->dies_at)
        kill(getpid(), SIGKILL);
}

int main(int argc, char **argv)
{
    char error[DB_ERROR_TEXT] = "", wrong[MAILIN_SETTING_TEXT] = "";
    struct env env = env_real();
    struct app app = {
        .env = &env, .base_url = "http://127.0.0.1:1", .inbound_address = getenv("INBOUND")};
    struct db_config config = {.url = argc == 3 ? argv[1] : "", .connections = 4, .env = &env};
    struct steps steps = {.dies_at = argc == 3 ? strtol(argv[2], NULL, 10) : 0};
    struct mailin_config in = {
        .app = &app,
        .imap_url = getenv("IMAP_URL"),
        .imap_password = getenv("IMAP_PASSWORD"),
        .resend_url = getenv("RESEND_URL"),
        .resend_api_key = getenv("RESEND_KEY"),
        .step = count_step,
        .step_self = &steps,
    };
    struct mailin *m;
    if (argc != 3 || db_open(&config, &app.db, error) != OK || mailin_new(&in, &m, wrong) != OK) {
        fprintf(stderr, "mailin_driver: %s%s\n", error, wrong);
        return 1;
    }
    bool ok = mailin_once(m);
    printf("%s %ld\n", ok ? "done" : "away", steps.seen);
    mailin_stop(m);
    db_close(app.db);
    free(env.last_id);
    return 0;
}
