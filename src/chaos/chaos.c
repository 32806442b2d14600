/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * chaos: the command, and the order of things on its day: the system is started, two businesses are
 * made, clients, owner and nemesis play until the day is over, what waits in the outbox leaves,
 * everything is read back and judged.
 */
#include "chaos/chaos.h"

#include "chaos/internal.h"
#include "chaos/judge.h"
#include "chaos/report.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum {
    EXIT_HOLDS = 0,
    EXIT_FINDING = 1,
    EXIT_NOT_PLAYED = 2,
    ERROR_TEXT = 800,
    LETTERS_FOR_MS = 420000, /* a killed delivery waits two minutes for its lease */
    REPORT_MAX = 64 * 1024 * 1024,
    TEXT_MAX = 4 * 1024 * 1024,
    LINE_MS = 1000,     /* on a terminal */
    LINE_FAR_MS = 5000, /* elsewhere */
};

int64_t play_now(const struct play *p)
{
    return env_mono_ms(&p->env) - atomic_load(&p->zero_ms);
}

void nap_ms(int64_t ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000L};
    while (ms > 0 && nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

/* ---- one line while it runs ---- */

static void say(const struct play *p, const char *where)
{
    bool tty = isatty(STDERR_FILENO);
    int64_t now = play_now(p);
    fprintf(stderr,
            "%s%02lld:%02lld %s: %lld answered, %lld booked, %d+%d kills, %lld lost answers, "
            "%lld double taps, %lld provider faults%s",
            tty ? "\r\033[K" : "", (long long)(now / 60000), (long long)(now / 1000 % 60), where,
            (long long)atomic_load(&p->answered), (long long)atomic_load(&p->booked),
            atomic_load(&p->nemesis.kills), atomic_load(&p->nemesis.database_kills),
            (long long)atomic_load(&p->told_lost), (long long)atomic_load(&p->told_twice),
            (long long)atomic_load(&p->told_provider), tty ? "" : "\n");
    fflush(stderr);
}

static void say_last(void)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
}

/* A thread of its own, since the day's own may wait for anything. */
struct teller {
    const struct play *p;
    pthread_t thread;
    atomic_bool ending;
    _Atomic(const char *) where;
};

static void *tell(void *self)
{
    struct teller *t = self;
    int64_t every = isatty(STDERR_FILENO) ? LINE_MS : LINE_FAR_MS;
    for (int64_t waited = 0; !atomic_load(&t->ending); waited += 100) {
        if (waited % every == 0)
            say(t->p, atomic_load(&t->where));
        nap_ms(100);
    }
    return NULL;
}

/* ---- the day ---- */

/* Each is random for the run, so that two days on one database keep apart; its number leads. */
static void make_marks(struct play *p)
{
    struct dice d;
    uint64_t salt;
    env_random(&p->env, &salt, sizeof salt);
    dice_init(&d, p->options.seed, salt);
    snprintf(p->run, sizeof p->run, "%08x", (unsigned)dice_bits(&d));
    p->mark_count = (size_t)p->options.clients + 2;
    for (size_t i = 0; i < p->mark_count; i++)
        snprintf(p->marks[i], sizeof p->marks[i], "zq%04x%08x", (unsigned)i & 0xffff,
                 (unsigned)dice_bits(&d));
    p->mark_salon[1] = 1;
    for (int i = 0; i < p->options.clients; i++)
        p->mark_salon[2 + i] = i % BESIDE_EVERY == BESIDE_EVERY - 1;
}

/* As far as the operator's commands tell. */
static bool on_postgres(const struct play *p)
{
    return p->options.database || strstr(p->options.start, "postgres");
}

static bool begin(struct play *p, char *error)
{
    make_marks(p);
    for (int i = 0; i < 2; i++)
        p->salon[i] = (struct salon){.which = i, .mark = p->marks[i]};
    if (p->options.start) {
        p->standin = standin_start(p, p->options.provider_faults, error, ERROR_TEXT);
        if (!p->standin)
            return false;
    }
    if (!player_init(&p->nemesis.probe, p, 0, &p->salon[0], true, NULL) ||
        !player_init(&p->owner, p, 0, &p->salon[0], true, NULL)) {
        snprintf(error, ERROR_TEXT, "no memory for a connection");
        return false;
    }
    if (!nemesis_begin(p, error, ERROR_TEXT) || !salon_make(p, &p->salon[0], error, ERROR_TEXT) ||
        !salon_make(p, &p->salon[1], error, ERROR_TEXT))
        return false;
    atomic_store(&p->zero_ms, env_mono_ms(&p->env));
    p->day.began_s = env_now_s(&p->env);
    p->day.target = str_of(p->options.url);
    p->day.clients = p->options.clients;
    p->day.kills_wanted = p->options.kills;
    p->day.ready_within_ms = p->options.ready_ms;
    if (p->options.start)
        p->day.engine = str_of(on_postgres(p) ? "PostgreSQL" : "SQLite");
    p->day.has_stand_in = p->standin != NULL;
    return true;
}

static bool play_day(struct play *p, struct teller *teller, char *error)
{
    pthread_t owner, nemesis;
    atomic_store(&teller->where, "the day");
    if (!load_start(p) || pthread_create(&owner, NULL, chapters_run, p) != 0) {
        load_stop(p);
        snprintf(error, ERROR_TEXT, "so many threads cannot be started");
        return false;
    }
    bool hurt = pthread_create(&nemesis, NULL, nemesis_run, p) == 0;
    while (!atomic_load(&p->interrupted) &&
           (play_now(p) < p->options.length_ms || !atomic_load(&p->chapters_done) ||
            (hurt && !atomic_load(&p->kills_done))))
        nap_ms(50);
    load_stop(p);
    pthread_join(owner, NULL);
    if (hurt)
        pthread_join(nemesis, NULL);
    p->day.length = play_now(p);
    tell_chapter(p, atomic_load(&p->interrupted) ? "The day was broken off."
                                                 : "The last client has left.");
    if (!nemesis_settle(p)) {
        snprintf(error, ERROR_TEXT, "the system did not answer any more, so nothing can be judged");
        return false;
    }
    int64_t limited = atomic_load(&p->limited);
    if (limited > 0)
        tell_chapter(p, "The system's own limits put %lld calls off; the clients slowed down.",
                     (long long)limited);
    atomic_store(&teller->where, "waiting for the outbox");
    if (!final_wait_for_letters(p, LETTERS_FOR_MS))
        tell_chapter(p, "Letters still waited to be sent when the day was judged.");
    atomic_store(&teller->where, "reading everything back");
    final_read(p);
    if (p->standin)
        tell_chapter(p, "The mail provider was called %lld times and failed %lld of them.",
                     (long long)standin_calls(p->standin), (long long)standin_failed(p->standin));
    return true;
}

/* ---- what came of it ---- */

static bool write_file(const char *path, struct str text)
{
    FILE *f = fopen(path, "we");
    bool good = f && fwrite(text.ptr, 1, text.len, f) == text.len;
    if (f && fclose(f) != 0)
        good = false;
    if (!good)
        fprintf(stderr, "careops chaos: %s: %s\n", path, strerror(errno));
    return good;
}

static int judge(struct play *p)
{
    struct arena a;
    struct verdict v;
    struct buf command, text, html;
    char error[ERROR_TEXT];
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    buf_init(&command, TEXT_MAX);
    buf_init(&text, TEXT_MAX);
    buf_init(&html, REPORT_MAX);
    options_command(&p->options, &command);
    judge_day(&p->day, &a, &v);
    if (p->options.json)
        report_json(&p->day, &v, buf_view(&command), &text);
    else
        report_text(&p->day, &v, &text);
    bool written = fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0;
    if (p->options.report) {
        report_html(&p->day, &v, buf_view(&command), &html);
        written = write_file(p->options.report, buf_view(&html)) && written;
    }
    if (p->options.history &&
        day_write_history(&p->day, p->options.history, error, sizeof error) != OK) {
        fprintf(stderr, "careops chaos: %s\n", error);
        written = false;
    }
    bool holds = v.holds && !day_overflowed(&p->day);
    if (day_overflowed(&p->day))
        fprintf(stderr, "careops chaos: the day was longer than its lists, so it proves nothing\n");
    buf_done(&html);
    buf_done(&text);
    buf_done(&command);
    arena_done(&a);
    return holds && written ? EXIT_HOLDS : EXIT_FINDING;
}

/* Said before the day, and not behind it. What was not there is not left there. */
static bool can_write(const char *path)
{
    if (!path)
        return true;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool made = fd >= 0;
    if (!made && errno == EEXIST)
        fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        fprintf(stderr, "careops chaos: %s cannot be written: %s\n", path, strerror(errno));
        return false;
    }
    close(fd);
    if (made)
        unlink(path);
    return true;
}

/* ---- the command ---- */

struct watcher {
    struct play *play;
    sigset_t signals;
};

/* The first ends the day early: what was played is brought to its end, letters too, and judged. The
 * second ends everything. */
static void *watch(void *self)
{
    struct watcher *w = self;
    int number;
    sigwait(&w->signals, &number);
    atomic_store(&w->play->interrupted, true);
    sigwait(&w->signals, &number);
    process_kill(&w->play->nemesis.server);
    process_kill(&w->play->nemesis.database);
    _exit(EXIT_NOT_PLAYED);
}

static int play(struct play *p)
{
    char error[ERROR_TEXT] = "";
    struct teller teller = {.p = p};
    atomic_init(&teller.where, "getting ready");
    bool told = pthread_create(&teller.thread, NULL, tell, &teller) == 0;
    bool played = begin(p, error) && play_day(p, &teller, error);
    if (played)
        nemesis_end(p);
    else {
        process_kill(&p->nemesis.server);
        process_kill(&p->nemesis.database);
    }
    if (p->standin)
        standin_stop(p->standin);
    atomic_store(&teller.ending, true);
    if (told)
        pthread_join(teller.thread, NULL);
    say_last();
    if (!played) {
        fprintf(stderr, "careops chaos: %s\n", error);
        return EXIT_NOT_PLAYED;
    }
    return judge(p);
}

int chaos_main(int argc, char **argv)
{
    char error[OPTIONS_ERROR];
    struct options options;
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            options_help(stdout);
            return EXIT_HOLDS;
        }
    if (options_read(argc - 2, argv + 2, &options, error) != OK) {
        fprintf(stderr, "careops chaos: %s\n", error);
        return EXIT_NOT_PLAYED;
    }
    if (!can_write(options.report) || !can_write(options.history) || !can_write(options.output))
        return EXIT_NOT_PLAYED;
    struct play *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    p->options = options;
    p->env = env_real();
    atomic_store(&p->zero_ms, env_mono_ms(&p->env));
    day_init(&p->day, options.seed);
    pthread_mutex_init(&p->rush_lock, NULL);
    pthread_cond_init(&p->rush_changed, NULL);
    pthread_mutex_init(&p->nemesis.lock, NULL);
    pthread_cond_init(&p->nemesis.changed, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);

    static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    struct watcher watcher = {.play = p};
    pthread_t thread;
    sigemptyset(&watcher.signals);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        sigaddset(&watcher.signals, ends[i]);
    pthread_sigmask(SIG_BLOCK, &watcher.signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    bool watched = pthread_create(&thread, NULL, watch, &watcher) == 0;

    int status = play(p);
    if (watched) {
        pthread_cancel(thread); /* it waits for a signal that nobody needs any more */
        pthread_join(thread, NULL);
    }
    player_done(&p->nemesis.probe);
    player_done(&p->owner);
    standin_free(p->standin);
    curl_global_cleanup();
    day_done(&p->day);
    free(p);
    return status;
}
