/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pg_server: a private cluster, started and stopped. See pg_server.h. */
#include "pg_server.h"

#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { START_WAIT_MS = 30000, LOOK_AGAIN_MS = 20, PATH_TEXT = 256 };

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "PostgreSQL for the tests: %s\n", what);
    exit(1);
}

static void program_path(const char *name, char ret[static PATH_TEXT])
{
    glob_t found;
    if (glob("/usr/lib/postgresql/*/bin", GLOB_ONLYDIR, NULL, &found) != 0)
        give_up("no /usr/lib/postgresql/*/bin: install postgresql");
    snprintf(ret, PATH_TEXT, "%s/%s", found.gl_pathv[found.gl_pathc - 1], name);
    globfree(&found);
}

/* PostgreSQL refuses to run as root. */
static void become_postgres(void)
{
    const struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;
    if (getuid() != 0)
        return;
    if (!user || setgid(user->pw_gid) != 0 || setgroups(0, NULL) != 0 || setuid(user->pw_uid) != 0)
        _exit(126);
}

static pid_t start_program(const struct pg_server *s, const char *const argv[])
{
    char path[PATH_TEXT], log[PATH_TEXT];
    program_path(argv[0], path);
    snprintf(log, sizeof log, "%s/log", s->folder);
    pid_t child = fork();
    if (child != 0)
        return child;
    become_postgres();
    prctl(PR_SET_PDEATHSIG, SIGINT);
    if (!freopen(log, "a", stdout) || dup2(STDOUT_FILENO, STDERR_FILENO) < 0 || chdir("/") != 0)
        _exit(125);
    /* execv takes its list for changeable and leaves it alone. */
    execv(path, (char *const *)(uintptr_t)argv);
    _exit(127);
}

static void await_ready(const struct pg_server *s)
{
    for (int waited = 0; waited < START_WAIT_MS; waited += LOOK_AGAIN_MS) {
        if (PQping(s->admin_url) == PQPING_OK)
            return;
        nanosleep(&(struct timespec){0, LOOK_AGAIN_MS * 1000000L}, NULL);
    }
    give_up("it did not start");
}

void pg_server_start(struct pg_server *s, bool durable)
{
    *s = (struct pg_server){.pid = 0};
    const char *given = getenv("CAREOPS_TEST_POSTGRES");
    if (given && given[0]) {
        snprintf(s->admin_url, sizeof s->admin_url, "%s", given);
        return;
    }
    snprintf(s->folder, sizeof s->folder, "/tmp/careops-pg-XXXXXX");
    if (!mkdtemp(s->folder))
        give_up("no temporary folder");
    const struct passwd *user = getpwnam("postgres");
    if (getuid() == 0 && (!user || chown(s->folder, user->pw_uid, user->pw_gid) != 0))
        give_up("no user postgres");
    char data[PATH_TEXT];
    snprintf(data, sizeof data, "%s/data", s->folder);
    const char *const initdb[] = {"initdb", "-D", data,   "-U",         "postgres",  "-A",
                                  "trust",  "-E", "UTF8", "--locale=C", "--no-sync", NULL};
    int status = 1;
    if (waitpid(start_program(s, initdb), &status, 0) < 0 || status != 0)
        give_up("initdb failed");
    const char *const server[] = {"postgres",
                                  "-D",
                                  data,
                                  "-k",
                                  s->folder,
                                  "-c",
                                  "listen_addresses=",
                                  "-c",
                                  "deadlock_timeout=100ms",
                                  "-c",
                                  durable ? "fsync=on" : "fsync=off",
                                  NULL};
    s->pid = start_program(s, server);
    snprintf(s->admin_url, sizeof s->admin_url, "postgresql:///postgres?host=%s&user=postgres",
             s->folder);
    await_ready(s);
    pg_server_run(s->admin_url, "CREATE ROLE careops LOGIN");
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void pg_server_stop(struct pg_server *s)
{
    if (s->pid > 0) {
        kill(s->pid, SIGINT);
        waitpid(s->pid, NULL, 0);
    }
    if (s->folder[0])
        nftw(s->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void pg_server_run(const char *url, const char *sql)
{
    PGconn *c = PQconnectdb(url);
    PGresult *r = PQexec(c, sql);
    ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        give_up(PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
}

static void add_option(char *url, const char *key, const char *value)
{
    size_t len = strlen(url);
    len +=
        (size_t)snprintf(url + len, PG_URL_TEXT - len, "%s%s=", strchr(url, '=') ? "&" : "?", key);
    for (; *value && len < PG_URL_TEXT - 4; value++)
        len += (size_t)snprintf(url + len, PG_URL_TEXT - len, "%%%02X", (unsigned char)*value);
}

void pg_server_database(struct pg_server *s, char ret_url[static PG_URL_TEXT])
{
    char name[64], sql[128];
    snprintf(name, sizeof name, "unit_%d_%u", (int)getpid(), s->databases++);
    /* The program's role owns its database and is no superuser, whom nothing would bind. */
    bool private = s->folder[0] != '\0';
    snprintf(sql, sizeof sql, "CREATE DATABASE %.60s %s TEMPLATE template0", name,
             private ? "OWNER careops" : "");
    pg_server_run(s->admin_url, sql);
    PQconninfoOption *options = PQconninfoParse(s->admin_url, NULL);
    if (!options)
        give_up("CAREOPS_TEST_POSTGRES is not an address");
    snprintf(ret_url, PG_URL_TEXT, "postgresql://");
    for (PQconninfoOption *o = options; o->keyword; o++)
        if (o->val && strcmp(o->keyword, "dbname") != 0)
            add_option(ret_url, o->keyword,
                       private && strcmp(o->keyword, "user") == 0 ? "careops" : o->val);
    add_option(ret_url, "dbname", name);
    PQconninfoFree(options);
}
