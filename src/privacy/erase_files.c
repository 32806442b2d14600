/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * erase_files: what of an erasure lies beside the database: the list of those who were erased, in
 * the data folder, and letters in the folder that mail goes into where no server sends it.
 *
 * The list is one line an erasure, "workspace client instant", numbers alone. It is what brings an
 * erasure back into a database that was restored from before, so it is kept apart from that: a
 * backup of the data folder takes it along, an older one of the database does not take it away.
 */
#include "base/log.h"
#include "privacy/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_TEXT = 4096, LINE_TEXT = 96, LINES_MAX = 200000, ID_TEXT = 128 };
static const char LIST[] = "erasures";

static bool path_of(const char *folder, const char *name, char ret[static PATH_TEXT])
{
    int n = snprintf(ret, PATH_TEXT, "%s/%s", folder, name);
    return n > 0 && n < PATH_TEXT;
}

/* One write of a whole line, so that two processes on one list do not meet within it. */
enum result erasures_append(const char *folder, struct erasure_line line)
{
    char path[PATH_TEXT], text[LINE_TEXT];
    if (!folder || !path_of(folder, LIST, path))
        return folder ? INTERNAL : OK;
    int n = snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %" PRId64 "\n", line.workspace_id,
                     line.client_id, line.at_s);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = fd >= 0 && write(fd, text, (size_t)n) == n && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    if (!ok)
        log_event(LOG_ERROR, "an erasure is not in the list of the data folder", "s:file", path,
                  "s:error", strerror(why), NULL);
    return ok ? OK : INTERNAL;
}

/* The next number of a line, which ends with `end`. */
static bool take(struct str *line, char end, int64_t *ret)
{
    const char *stop = line->len ? memchr(line->ptr, end, line->len) : NULL;
    if (!stop || !str_int((struct str){line->ptr, (size_t)(stop - line->ptr)}, ret) || *ret <= 0)
        return false;
    size_t step = (size_t)(stop - line->ptr) + 1;
    *line = (struct str){line->ptr + step, line->len - step};
    return true;
}

static bool read_line(const char *text, struct erasure_line *ret)
{
    struct str line = str_of(text);
    return take(&line, ' ', &ret->workspace_id) && take(&line, ' ', &ret->client_id) &&
           take(&line, '\n', &ret->at_s) && line.len == 0;
}

enum result erasures_read(struct arena *a, const char *folder, struct erasure_line **ret,
                          size_t *ret_count)
{
    char path[PATH_TEXT], text[LINE_TEXT];
    size_t count = 0, room = 0;
    struct erasure_line *lines = NULL;
    *ret = NULL;
    *ret_count = 0;
    if (!folder || !path_of(folder, LIST, path))
        return OK;
    FILE *f = fopen(path, "re");
    if (!f)
        return errno == ENOENT ? OK : INTERNAL;
    while (count < LINES_MAX && fgets(text, sizeof text, f)) {
        if (count == room) {
            size_t more = room ? 2 * room : 64;
            struct erasure_line *wider = arena_new_array(a, more, struct erasure_line);
            if (count)
                memcpy(wider, lines, count * sizeof *lines);
            lines = wider;
            room = more;
        }
        if (read_line(text, &lines[count]))
            count++;
    }
    fclose(f);
    *ret = lines;
    *ret_count = count;
    return OK;
}

/* ---- letters ---- */

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* "20261122T090000Z-<message id>@<domain>.eml": the part between, or "". */
static void id_of(const char *name, char ret[static ID_TEXT])
{
    const char *from = strchr(name, '-'), *to = from ? strchr(from, '@') : NULL;
    size_t len = to ? (size_t)(to - from) - 1 : 0;
    if (len >= ID_TEXT)
        len = 0;
    if (len)
        memcpy(ret, from + 1, len);
    ret[len] = '\0';
}

void letter_files_remove(const char *folder, const char **ids, size_t count)
{
    DIR *dir = folder && count ? opendir(folder) : NULL;
    if (!dir)
        return;
    qsort(ids, count, sizeof *ids, by_text);
    for (struct dirent *one; (one = readdir(dir));) {
        char id[ID_TEXT];
        const char *key = id;
        id_of(one->d_name, id);
        if (id[0] && bsearch(&key, ids, count, sizeof *ids, by_text) &&
            unlinkat(dirfd(dir), one->d_name, 0) != 0 && errno != ENOENT)
            log_event(LOG_WARN, "a letter's file could not be removed", "s:error", strerror(errno),
                      NULL);
    }
    closedir(dir);
}
