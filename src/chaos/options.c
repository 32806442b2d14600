/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* options: what the operator wants of the day. */
#include "chaos/internal.h"

#include <stdio.h>
#include <string.h>

/* A longer day than that would not be written down whole (day.h). */
enum { KILLS_MAX = 100000, MINUTES_MAX = 6 * 60 };

void options_help(FILE *out)
{
    static const char *const lines[] = {
        "usage: careops chaos --url URL [option ...]",
        "",
        "Plays a day at a salon of its own making against a running system, through its public API,",
        "and judges at the end whether anything happened that must never happen. Meant for a system",
        "without clients: it signs up two businesses and leaves them there.",
        "",
        "  --url URL           where the system answers, such as http://127.0.0.1:8080",
        "  --clients N         so many clients at once (64; at most 500)",
        "  --minutes M         how long the day is (2; decimals are taken)",
        "  --seed N            the same number is the same plan (1)",
        "  --start 'CMD'       starts the system; by /bin/sh -c, in a process group of its own, with",
        "                      its mail pointed at a stand-in of the provider that fails a third of",
        "                      its calls, and with the limits per address off",
        "  --database 'CMD'    starts PostgreSQL in the foreground, before --start",
        "  --kills K           kill -9 of the system so many times, and of the database as often",
        "                      where --database is given (0; needs --start)",
        "  --ready-ms MS       how soon it must answer again after a kill, at the 99th percentile (1000)",
        "  --output FILE       where what those commands say goes (nowhere)",
        "  --report FILE.html  a report that prints on paper",
        "  --history FILE      everything asked, answered and done, a line of JSON each",
        "  --json              the verdict as JSON instead of words",
        "  --calm              inject nothing: to see that such a day proves nothing (exit status 1)",
        "",
        "Without --start the system's own limits hold. Either it runs with CAREOPS_RATE_LIMIT=off,",
        "or CAREOPS_TRUSTED_PROXIES names this machine's address (each client sends an",
        "X-Forwarded-For of its own); else the clients slow down, which the report says.",
        "",
        "Exit status: 0 every checker is content; 1 a finding, or nothing was injected; 2 it could",
        "not be played.",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        fprintf(out, "%s\n", lines[i]);
}

static bool read_int(const char *text, int64_t least, int64_t most, int64_t *ret)
{
    int64_t n;
    if (!str_int(str_of(text), &n) || n < least || n > most)
        return false;
    *ret = n;
    return true;
}

/* Minutes with at most three decimals, as milliseconds. */
static bool read_minutes(const char *text, int64_t *ret_ms)
{
    char *end = NULL;
    double minutes = strtod(text, &end);
    if (end == text || *end != '\0' || !(minutes >= 0.05 && minutes <= MINUTES_MAX))
        return false;
    *ret_ms = (int64_t)(minutes * 60000.0);
    return true;
}

enum want { WANT_FLAG, WANT_TEXT, WANT_NUMBER, WANT_MINUTES };

struct option {
    const char *name;
    enum want want;
    void *ret;
    int64_t least, most;
};

static enum result take(const struct option *o, const char *value, char *error)
{
    int64_t n = 0;
    switch (o->want) {
    case WANT_FLAG: *(bool *)o->ret = true; return OK;
    case WANT_TEXT:
        if (!*value) {
            snprintf(error, OPTIONS_ERROR, "%s wants a value", o->name);
            return INVALID;
        }
        *(const char **)o->ret = value;
        return OK;
    case WANT_NUMBER:
        if (!read_int(value, o->least, o->most, &n)) {
            snprintf(error, OPTIONS_ERROR, "%s: give a whole number from %lld to %lld", o->name,
                     (long long)o->least, (long long)o->most);
            return INVALID;
        }
        *(int64_t *)o->ret = n;
        return OK;
    case WANT_MINUTES:
        if (!read_minutes(value, o->ret)) {
            snprintf(error, OPTIONS_ERROR, "%s: give minutes from 0.05 to %d", o->name,
                     MINUTES_MAX);
            return INVALID;
        }
        return OK;
    }
    return INVALID;
}

static enum result check(const struct options *o, char *error)
{
    const char *wrong = NULL;
    if (!o->url)
        wrong = "--url is missing: say where the system answers";
    else if (strncmp(o->url, "http://", 7) != 0 && strncmp(o->url, "https://", 8) != 0)
        wrong = "--url must begin with http:// or https://";
    else if (o->kills > 0 && !o->start)
        wrong = "--kills needs --start: what is killed must be started again";
    else if (o->database && !o->start)
        wrong = "--database needs --start";
    else if (o->calm && o->kills > 0)
        wrong = "--calm and --kills contradict each other";
    if (!wrong)
        return OK;
    snprintf(error, OPTIONS_ERROR, "%s", wrong);
    return INVALID;
}

static const struct option *find(const struct option *options, size_t count, const char *arg,
                                 const char **ret_value)
{
    size_t name_len = strcspn(arg, "=");
    for (size_t i = 0; i < count; i++)
        if (strlen(options[i].name) == name_len && strncmp(options[i].name, arg, name_len) == 0) {
            *ret_value = arg[name_len] == '=' ? arg + name_len + 1 : NULL;
            return &options[i];
        }
    return NULL;
}

enum result options_read(int argc, char **argv, struct options *ret, char *error)
{
    int64_t clients = 64, kills = 0, seed = 1, ready_ms = 1000;
    *ret = (struct options){.length_ms = 2 * 60000};
    const struct option options[] = {
        {"--url", WANT_TEXT, &ret->url, 0, 0},
        {"--clients", WANT_NUMBER, &clients, 1, CLIENTS_MAX},
        {"--minutes", WANT_MINUTES, &ret->length_ms, 0, 0},
        {"--seed", WANT_NUMBER, &seed, 0, INT64_MAX},
        {"--start", WANT_TEXT, &ret->start, 0, 0},
        {"--database", WANT_TEXT, &ret->database, 0, 0},
        {"--kills", WANT_NUMBER, &kills, 0, KILLS_MAX},
        {"--ready-ms", WANT_NUMBER, &ready_ms, 1, 600000},
        {"--output", WANT_TEXT, &ret->output, 0, 0},
        {"--report", WANT_TEXT, &ret->report, 0, 0},
        {"--history", WANT_TEXT, &ret->history, 0, 0},
        {"--json", WANT_FLAG, &ret->json, 0, 0},
        {"--calm", WANT_FLAG, &ret->calm, 0, 0},
    };
    for (int i = 0; i < argc; i++) {
        const char *value = NULL;
        const struct option *o = find(options, sizeof options / sizeof options[0], argv[i], &value);
        if (!o || (o->want == WANT_FLAG && value)) {
            snprintf(error, OPTIONS_ERROR, "unknown option %.100s; see careops chaos --help",
                     argv[i]);
            return INVALID;
        }
        if (o->want != WANT_FLAG && !value) {
            if (i + 1 == argc) {
                snprintf(error, OPTIONS_ERROR, "%s wants a value", o->name);
                return INVALID;
            }
            value = argv[++i];
        }
        if (take(o, value, error) != OK)
            return INVALID;
    }
    ret->clients = (int)clients;
    ret->kills = (int)kills;
    ret->seed = (uint64_t)seed;
    ret->ready_ms = ready_ms;
    ret->provider_faults = !ret->calm;
    return check(ret, error);
}

static void add_quoted(struct buf *out, const char *text)
{
    buf_byte(out, '\'');
    for (const char *c = text; *c; c++)
        if (*c == '\'')
            buf_z(out, "'\\''");
        else
            buf_byte(out, *c);
    buf_byte(out, '\'');
}

void options_command(const struct options *o, struct buf *out)
{
    buf_z(out, "careops chaos --url ");
    add_quoted(out, o->url);
    buf_printf(out, " --clients %d --minutes %.3g --seed %llu", o->clients,
               (double)o->length_ms / 60000.0, (unsigned long long)o->seed);
    if (o->kills > 0)
        buf_printf(out, " --kills %d", o->kills);
    if (o->ready_ms != 1000)
        buf_printf(out, " --ready-ms %lld", (long long)o->ready_ms);
    if (o->start) {
        buf_z(out, " --start ");
        add_quoted(out, o->start);
    }
    if (o->database) {
        buf_z(out, " --database ");
        add_quoted(out, o->database);
    }
    if (o->calm)
        buf_z(out, " --calm");
}
