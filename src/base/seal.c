/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* seal: see seal.h. */
#include "base/seal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char PREFIX[] = "s1.";
enum {
    PREFIX_LEN = sizeof PREFIX - 1,
    OVERHEAD = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
    VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
    PHRASE_TEXT = 2 * crypto_secretbox_KEYBYTES + 1,
};

struct seal {
    const struct env *env;
    unsigned char key[crypto_secretbox_KEYBYTES];
};

struct seal *seal_new(const struct env *env, struct str phrase)
{
    assert(phrase.len >= SEAL_PHRASE_MIN);
    struct seal *s = calloc(1, sizeof *s);
    if (!s)
        abort(); /* at start: no memory for the first things */
    s->env = env;
    crypto_generichash(s->key, sizeof s->key, (const unsigned char *)phrase.ptr, phrase.len, NULL,
                       0);
    return s;
}

void seal_free(struct seal *s)
{
    if (!s)
        return;
    sodium_memzero(s, sizeof *s);
    free(s);
}

void seal_name(const struct seal *s, char ret[static SEAL_NAME_TEXT])
{
    static const char purpose[] = "the name of a key";
    unsigned char raw[crypto_generichash_BYTES_MIN];
    crypto_generichash(raw, sizeof raw, (const unsigned char *)purpose, sizeof purpose - 1, s->key,
                       sizeof s->key);
    sodium_bin2hex(ret, SEAL_NAME_TEXT, raw, SEAL_NAME_TEXT / 2);
}

/* ---- the file ---- */

/* Made under another name first, so that a reader never sees half of it; whoever comes second
 * finds it there. */
static bool make_file(const struct env *env, const char *path)
{
    unsigned char raw[crypto_secretbox_KEYBYTES];
    char text[PHRASE_TEXT], temporary[4096];
    uint64_t chance;
    env_random(env, raw, sizeof raw);
    env_random(env, &chance, sizeof chance);
    sodium_bin2hex(text, sizeof text, raw, sizeof raw);
    int n = snprintf(temporary, sizeof temporary, "%s.%016llx", path, (unsigned long long)chance);
    if (n < 0 || (size_t)n >= sizeof temporary)
        return false;
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fsync(fd) == 0;
    ok = close(fd) == 0 && ok && (link(temporary, path) == 0 || errno == EEXIST);
    int why = errno;
    unlink(temporary);
    errno = why;
    sodium_memzero(raw, sizeof raw);
    sodium_memzero(text, sizeof text);
    return ok;
}

enum result seal_from_file(const struct env *env, const char *path, struct seal **ret,
                           char ret_error[static SEAL_ERROR_TEXT])
{
    char text[PHRASE_TEXT] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && make_file(env, path))
        fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (n < 0) {
        snprintf(ret_error, SEAL_ERROR_TEXT, "cannot read or make the key file %s: %s", path,
                 strerror(why));
        return INVALID;
    }
    if (n < SEAL_PHRASE_MIN) {
        snprintf(ret_error, SEAL_ERROR_TEXT, "the key file %s is cut short: restore it", path);
        return INVALID;
    }
    *ret = seal_new(env, (struct str){text, (size_t)n});
    sodium_memzero(text, sizeof text);
    return OK;
}

/* ---- texts ---- */

struct str seal_close(const struct seal *s, struct arena *a, struct str text)
{
    if (!s || !text.ptr)
        return text;
    unsigned char *raw = arena_alloc(a, OVERHEAD + text.len);
    env_random(s->env, raw, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(raw + crypto_secretbox_NONCEBYTES, (const unsigned char *)text.ptr,
                          text.len, raw, s->key);
    size_t room = sodium_base64_ENCODED_LEN(OVERHEAD + text.len, VARIANT);
    char *out = arena_alloc(a, PREFIX_LEN + room);
    memcpy(out, PREFIX, PREFIX_LEN);
    sodium_bin2base64(out + PREFIX_LEN, room, raw, OVERHEAD + text.len, VARIANT);
    return str_of(out);
}

bool seal_open(const struct seal *s, struct arena *a, struct str sealed, struct str *ret)
{
    if (!str_starts(sealed, str_of(PREFIX))) {
        *ret = sealed;
        return true;
    }
    if (!s)
        return false;
    size_t room = sealed.len, len;
    unsigned char *raw = arena_alloc(a, room);
    if (sodium_base642bin(raw, room, sealed.ptr + PREFIX_LEN, sealed.len - PREFIX_LEN, NULL, &len,
                          NULL, VARIANT) != 0 ||
        len < OVERHEAD)
        return false;
    char *out = arena_alloc(a, len - OVERHEAD + 1);
    if (crypto_secretbox_open_easy((unsigned char *)out, raw + crypto_secretbox_NONCEBYTES,
                                   len - crypto_secretbox_NONCEBYTES, raw, s->key) != 0)
        return false;
    *ret = (struct str){out, len - OVERHEAD};
    return true;
}

void str_wipe(struct str s)
{
    if (s.ptr && s.len)
        sodium_memzero((void *)(uintptr_t)s.ptr, s.len);
}
