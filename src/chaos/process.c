/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * process: the commands that the operator gave, started and ended. The one place of the program
 * that starts others, and only `careops chaos` comes here.
 *
 * A command runs by /bin/sh -c in a process group of its own and inherits no descriptor. kill -9
 * takes the group and everything that descends from it, since PostgreSQL's processes leave the
 * group, and returns when none is left: what starts next finds the port and the files free.
 */
#include "chaos/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ENVIRONMENT_MAX = 4096,
    FAMILY_MAX = 1024,
    GONE_MS = 20000,
};

/* ---- starting ---- */

static bool same_name(const char *a, const char *b)
{
    size_t len = strcspn(a, "=");
    return strncmp(a, b, len) == 0 && b[len] == '=';
}

static size_t merge(const char *const *mine, char *ret[ENVIRONMENT_MAX])
{
    size_t n = 0;
    for (size_t i = 0; mine[i]; i++)
        ret[n++] = (char *)(uintptr_t)mine[i];
    for (char **theirs = environ; *theirs && n + 1 < ENVIRONMENT_MAX; theirs++) {
        bool won = false;
        for (size_t i = 0; mine[i]; i++)
            won = won || same_name(mine[i], *theirs);
        if (!won)
            ret[n++] = *theirs;
    }
    ret[n] = NULL;
    return n;
}

static int spawn(const char *command, char *const *env, const char *output, pid_t *ret_pid)
{
    posix_spawnattr_t attr;
    posix_spawn_file_actions_t files;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attr);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                        POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attr, 0);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, output ? output : "/dev/null",
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    char *argv[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t)command,
                    NULL};
    int error = posix_spawn(ret_pid, "/bin/sh", &files, &attr, argv, env);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attr);
    return error;
}

enum result process_start(struct process *p, const char *const *env, const char *output)
{
    char **merged = calloc(ENVIRONMENT_MAX, sizeof *merged);
    pid_t pid = 0;
    if (!merged)
        return INTERNAL;
    merge(env, merged);
    int error = spawn(p->command, merged, output, &pid);
    free(merged);
    if (error)
        return INTERNAL;
    p->pid = pid;
    return OK;
}

/* ---- who belongs to it ---- */

struct kin {
    pid_t pid, parent, group;
    bool dead;
};

/* "PID (NAME) STATE PARENT GROUP …"; the name may hold anything. */
static bool read_kin(const char *pid, struct kin *ret)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t len = read(fd, text, sizeof text - 1);
    close(fd);
    if (len <= 0)
        return false;
    text[len] = '\0';
    char *at = strrchr(text, ')');
    if (!at || strlen(at) < 4)
        return false;
    ret->pid = (pid_t)strtol(pid, NULL, 10);
    ret->dead = at[2] == 'Z' || at[2] == 'X';
    ret->parent = (pid_t)strtol(at + 4, &at, 10);
    ret->group = (pid_t)strtol(at, NULL, 10);
    return true;
}

static bool among(const pid_t *family, size_t count, pid_t pid)
{
    for (size_t i = 0; i < count; i++)
        if (family[i] == pid)
            return true;
    return false;
}

/* Adds what descends from the family, or is of the first one's group; how many are known then. */
static size_t gather(pid_t *family, size_t count)
{
    for (bool more = true; more;) {
        DIR *proc = opendir("/proc");
        more = false;
        if (!proc)
            return count;
        for (struct dirent *e; (e = readdir(proc));) {
            struct kin k;
            if (e->d_name[0] < '1' || e->d_name[0] > '9' || !read_kin(e->d_name, &k) || k.dead)
                continue;
            bool ours = k.group == family[0] || among(family, count, k.parent);
            if (ours && !among(family, count, k.pid) && count < FAMILY_MAX) {
                family[count++] = k.pid;
                more = true;
            }
        }
        closedir(proc);
    }
    return count;
}

static bool gone(pid_t pid)
{
    struct kin k;
    char text[24];
    snprintf(text, sizeof text, "%d", (int)pid);
    return !read_kin(text, &k) || k.dead;
}

/* ---- ending ---- */

void process_kill(struct process *p)
{
    if (p->pid <= 0)
        return;
    pid_t family[FAMILY_MAX] = {p->pid};
    size_t count = gather(family, 1);
    kill(-p->pid, SIGKILL);
    for (size_t i = 0; i < count; i++)
        kill(family[i], SIGKILL);
    waitpid(p->pid, NULL, 0);
    for (int64_t waited = 0; waited < GONE_MS; waited++) {
        size_t left = 0;
        for (size_t i = 1; i < count; i++)
            left += !gone(family[i]);
        if (left == 0)
            break;
        nap_ms(1);
    }
    p->pid = 0;
}

bool process_ended(struct process *p)
{
    if (p->pid <= 0)
        return true;
    if (waitpid(p->pid, NULL, WNOHANG) != p->pid)
        return false;
    kill(-p->pid, SIGKILL); /* what it left behind */
    p->pid = 0;
    return true;
}

void process_stop(struct process *p, int signal, int wait_ms)
{
    if (p->pid <= 0)
        return;
    kill(-p->pid, signal);
    for (int waited = 0; waited < wait_ms; waited += 10) {
        if (process_ended(p))
            return;
        nap_ms(10);
    }
    process_kill(p);
}
