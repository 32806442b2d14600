/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* totp: see totp.h. SHA-1 (FIPS 180-4) stands here since libsodium has none. */
#include "account/totp.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char BASE32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* ---- SHA-1 of one or two pieces ---- */

enum { BLOCK = 64, DIGEST = 20, ROUNDS = 80 };

struct sha1 {
    uint32_t h[5];
    unsigned char block[BLOCK];
    size_t filled;
    uint64_t length; /* bytes */
};

static uint32_t rotate(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}

static void sha1_block(struct sha1 *s)
{
    uint32_t w[ROUNDS];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)s->block[4 * i] << 24 | (uint32_t)s->block[4 * i + 1] << 16 |
               (uint32_t)s->block[4 * i + 2] << 8 | s->block[4 * i + 3];
    for (int i = 16; i < ROUNDS; i++)
        w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = s->h[0], b = s->h[1], c = s->h[2], d = s->h[3], e = s->h[4];
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t f = i < 20   ? (b & c) | (~b & d)
                     : i < 40 ? b ^ c ^ d
                     : i < 60 ? (b & c) | (b & d) | (c & d)
                              : b ^ c ^ d;
        static const uint32_t k[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
        uint32_t t = rotate(a, 5) + f + e + k[i / 20] + w[i];
        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = t;
    }
    const uint32_t add[] = {a, b, c, d, e};
    for (int i = 0; i < 5; i++)
        s->h[i] += add[i];
    s->filled = 0;
}

static void sha1_byte(struct sha1 *s, unsigned char byte)
{
    s->block[s->filled++] = byte;
    if (s->filled == BLOCK)
        sha1_block(s);
}

static void sha1_begin(struct sha1 *s)
{
    *s = (struct sha1){.h = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}};
}

static void sha1_add(struct sha1 *s, const unsigned char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        sha1_byte(s, data[i]);
    s->length += len;
}

static void sha1_end(struct sha1 *s, unsigned char ret[static DIGEST])
{
    uint64_t bits = s->length * 8;
    sha1_byte(s, 0x80);
    while (s->filled != BLOCK - 8)
        sha1_byte(s, 0);
    for (int shift = 56; shift >= 0; shift -= 8)
        sha1_byte(s, (unsigned char)(bits >> shift));
    for (int i = 0; i < DIGEST; i++)
        ret[i] = (unsigned char)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

/* RFC 2104; keys are no longer than a block here. */
static void hmac(const unsigned char *key, size_t len, const unsigned char *data, size_t data_len,
                 unsigned char ret[static DIGEST])
{
    unsigned char inner[BLOCK], outer[BLOCK];
    struct sha1 s;
    for (size_t i = 0; i < BLOCK; i++) {
        unsigned char k = i < len ? key[i] : 0;
        inner[i] = k ^ 0x36;
        outer[i] = k ^ 0x5c;
    }
    sha1_begin(&s);
    sha1_add(&s, inner, BLOCK);
    sha1_add(&s, data, data_len);
    sha1_end(&s, ret);
    sha1_begin(&s);
    sha1_add(&s, outer, BLOCK);
    sha1_add(&s, ret, DIGEST);
    sha1_end(&s, ret);
    sodium_memzero(inner, sizeof inner);
    sodium_memzero(outer, sizeof outer);
    sodium_memzero(&s, sizeof s);
}

/* ---- codes ---- */

void totp_code(const unsigned char *key, size_t len, int64_t step, char ret[static 7])
{
    unsigned char counter[8], digest[DIGEST];
    for (int i = 0; i < 8; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    hmac(key, len, counter, sizeof counter, digest);
    int at = digest[DIGEST - 1] & 15;
    uint32_t number = (uint32_t)(digest[at] & 0x7f) << 24 | (uint32_t)digest[at + 1] << 16 |
                      (uint32_t)digest[at + 2] << 8 | digest[at + 3];
    snprintf(ret, 7, "%06u", number % 1000000);
}

void totp_secret(const unsigned char key[static TOTP_KEY_BYTES], char ret[static TOTP_SECRET_TEXT])
{
    for (size_t i = 0; i < TOTP_SECRET_TEXT - 1; i++) {
        size_t bit = i * 5;
        unsigned two = (unsigned)key[bit / 8] << 8;
        if (bit / 8 + 1 < TOTP_KEY_BYTES)
            two |= key[bit / 8 + 1];
        ret[i] = BASE32[two >> (11 - bit % 8) & 31];
    }
    ret[TOTP_SECRET_TEXT - 1] = '\0';
}

static bool read_secret(struct str secret, unsigned char ret[static TOTP_KEY_BYTES])
{
    if (secret.len != TOTP_SECRET_TEXT - 1)
        return false;
    memset(ret, 0, TOTP_KEY_BYTES);
    for (size_t i = 0; i < secret.len; i++) {
        const char *found = memchr(BASE32, secret.ptr[i], sizeof BASE32 - 1);
        if (!found)
            return false;
        unsigned value = (unsigned)(found - BASE32);
        for (size_t b = 0; b < 5; b++)
            if (value >> (4 - b) & 1)
                ret[(i * 5 + b) / 8] |= (unsigned char)(0x80 >> (i * 5 + b) % 8);
    }
    return true;
}

int64_t totp_find(struct str secret, int64_t now_s, int64_t last_step, struct str code)
{
    unsigned char key[TOTP_KEY_BYTES];
    if (code.len != TOTP_DIGITS || !read_secret(secret, key))
        return 0;
    int64_t now = now_s / TOTP_STEP_S, found = 0;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        char right[TOTP_DIGITS + 1];
        totp_code(key, sizeof key, step, right);
        bool same = sodium_memcmp(right, code.ptr, TOTP_DIGITS) == 0;
        if (same && step > last_step && found == 0)
            found = step;
    }
    sodium_memzero(key, sizeof key);
    return found;
}
