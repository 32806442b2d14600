/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * file: the provider that writes each message as one .eml file into a folder.
 *
 * The name is the message's date and Message-ID, both frozen, and a file comes into being whole by
 * rename: a message that is delivered again replaces itself, so every message is there exactly
 * once, whatever was killed when. What a killed process left half-written begins with a dot and is
 * removed at the next start, once it is an hour old.
 */
#include "base/civil.h"
#include "mail/provider.h"
#include "mail/text.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_NAME_TEXT = 256, STALE_AFTER_S = 3600, SWEEP_MAX = 100000 };

static const char TEMPORARY[] = ".unfinished-";

struct file_provider {
    int dir; /* owned descriptor of the folder */
    struct mail_done done[MAIL_CAPACITY];
    size_t done_count;
};

/* "20261122T090000Z-<message id>.eml": only [A-Za-z0-9._@-], so that it is one plain name. */
static bool file_name(const struct mail *m, char ret[static FILE_NAME_TEXT])
{
    struct civil c = civil_from_days(m->date_s / SECONDS_PER_DAY);
    int second = (int)(m->date_s % SECONDS_PER_DAY);
    int n =
        snprintf(ret, FILE_NAME_TEXT, "%04d%02d%02dT%02d%02d%02dZ-" STR_FMT ".eml", c.year, c.month,
                 c.day, second / 3600, second / 60 % 60, second % 60, STR_ARG(m->message_id));
    if (n < 0 || n >= FILE_NAME_TEXT)
        return false;
    for (char *p = ret; *p; p++) {
        bool safe = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                    (*p >= '0' && *p <= '9') || strchr("._@-", *p);
        if (!safe)
            *p = '_';
    }
    return true;
}

static bool write_all(int fd, struct str s)
{
    while (s.len > 0) {
        ssize_t n = write(fd, s.ptr, s.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s.ptr += n;
        s.len -= (size_t)n;
    }
    return true;
}

/* The name of the unfinished file is the process's own, so that two that write one message do not
 * meet. */
static bool put(int dir, const char *name, struct str content)
{
    char temporary[FILE_NAME_TEXT + 64];
    snprintf(temporary, sizeof temporary, "%s%ld-%s", TEMPORARY, (long)getpid(), name);
    int fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = write_all(fd, content) && fsync(fd) == 0;
    good = close(fd) == 0 && good;
    good = good && renameat(dir, temporary, dir, name) == 0;
    if (!good) {
        int why = errno;
        unlinkat(dir, temporary, 0);
        errno = why;
        return false;
    }
    return fsync(dir) == 0;
}

static void deliver(struct file_provider *p, const struct mail *m, struct mail_result *ret)
{
    struct problem problem = {0};
    char name[FILE_NAME_TEXT];
    if (mail_check(m, &problem) != OK) {
        mail_result_set(ret, MAIL_REFUSED, "%s", problem.detail);
        return;
    }
    if (!file_name(m, name)) {
        mail_result_set(ret, MAIL_REFUSED, "The Message-ID is too long for a file name.");
        return;
    }
    struct buf text;
    buf_init(&text, MAIL_SIZE_MAX);
    mail_write(&text, m);
    if (text.overflow) {
        mail_result_set(ret, MAIL_REFUSED, "The message is too long.");
    } else if (put(p->dir, name, buf_view(&text))) {
        ret->outcome = MAIL_ACCEPTED;
    } else {
        char why[80];
        mail_result_set(ret, MAIL_RETRY, "The mail folder could not be written: %s.",
                        strerror_r(errno, why, sizeof why));
    }
    buf_done(&text);
}

static void file_begin(void *self, const struct mail *m, uint64_t ticket)
{
    struct file_provider *p = self;
    assert(p->done_count < MAIL_CAPACITY);
    struct mail_done *done = &p->done[p->done_count++];
    *done = (struct mail_done){.ticket = ticket};
    deliver(p, m, &done->result);
}

static size_t file_poll(void *self, int wait_ms, int wake_fd, struct mail_done *ret, size_t max)
{
    struct file_provider *p = self;
    if (p->done_count == 0) {
        struct pollfd wake = {.fd = wake_fd, .events = POLLIN};
        poll(&wake, wake_fd >= 0 ? 1 : 0, wait_ms);
        return 0;
    }
    size_t count = p->done_count < max ? p->done_count : max;
    memcpy(ret, p->done, count * sizeof *ret);
    memmove(p->done, p->done + count, (p->done_count - count) * sizeof *p->done);
    p->done_count -= count;
    return count;
}

static void file_free(void *self)
{
    struct file_provider *p = self;
    close(p->dir);
    free(p);
}

static void sweep_unfinished(int dir, int64_t now_s)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    if (!entries) {
        if (fd >= 0)
            close(fd);
        return;
    }
    struct dirent *entry;
    for (int i = 0; i < SWEEP_MAX && (entry = readdir(entries)); i++) {
        struct stat st;
        if (str_starts(str_of(entry->d_name), str_of(TEMPORARY)) &&
            fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            now_s - st.st_mtime > STALE_AFTER_S)
            unlinkat(dir, entry->d_name, 0);
    }
    closedir(entries);
}

enum result file_provider_new(const struct mail_provider_config *config, struct mail_provider *ret,
                              char ret_error[static MAIL_SETTING_TEXT])
{
    const char *dir = config->url + strlen("file:");
    char why[80];
    if (*dir == '\0')
        return provider_wrong(ret_error, "mail: file: wants a folder, as in file:mail");
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return provider_wrong(ret_error, "mail: the folder %.120s cannot be made: %s", dir,
                              strerror_r(errno, why, sizeof why));
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) != 0) {
        enum result wrong = provider_wrong(ret_error, "mail: the folder %.120s cannot be used: %s",
                                           dir, strerror_r(errno, why, sizeof why));
        if (fd >= 0)
            close(fd);
        return wrong;
    }
    struct file_provider *p = calloc(1, sizeof *p);
    if (!p) {
        close(fd);
        return provider_wrong(ret_error, "mail: out of memory");
    }
    p->dir = fd;
    sweep_unfinished(fd, env_now_s(config->env));
    *ret = (struct mail_provider){
        .self = p,
        .name = "file",
        .remembers_keys_s = INT64_MAX,
        .begin = file_begin,
        .poll = file_poll,
        .free = file_free,
    };
    return OK;
}
