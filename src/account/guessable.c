/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * guessable: passwords that are tried first.
 *
 * Compared are the letters and digits alone, in lower case, with and without the digits at the end:
 * "P.assword2024!" is "password". Shorter than PASSWORD_MIN never gets here, but with its tail of
 * digits a short word may be long enough, so the list has short words too.
 *
 * Two lists: a short one of our own, for words of the trade and whatever number stands behind them,
 * and one of common and leaked passwords, compiled in as hashes (tools/passwords.mjs). Of that one
 * a word with up to four digits behind it counts too: "butterfly2024".
 */
#include "account/internal.h"

#include <sodium.h>
#include <string.h>

enum { COMMON_BYTES = 6, STEM_MIN = 5, TAIL_MAX = 4 };

static const char *const common[] = {
    "00000000",   "11111111",   "12121212",    "12341234",   "123123123",     "1234abcd",
    "147258369",  "159753",     "1q2w3e4r",    "1q2w3e4r5t", "1qaz2wsx",      "1qazxsw2",
    "3rjs1la7qe", "987654321",  "a1b2c3d4",    "aa123456",   "abc",           "abcabc",
    "abcd",       "abcd1234",   "access",      "admin",      "administrator", "amanda",
    "andrea",     "andrew",     "angel",       "anthony",    "appointment",   "asdasd",
    "asdf",       "asdfasdf",   "asdfgh",      "asdfghjk",   "asdfghjkl",     "ashley",
    "baseball",   "basketball", "batman",      "beauty",     "blink",         "booking",
    "bubbles",    "business",   "butterfly",   "careops",    "changeme",      "charlie",
    "chelsea",    "chocolate",  "clinic",      "computer",   "cookie",        "corvette",
    "daniel",     "default",    "demo",        "dragon",     "football",      "freedom",
    "fuckyou",    "george",     "hairdresser", "hairsalon",  "hannah",        "harley",
    "hello",      "helloworld", "hunter",      "iloveu",     "iloveyou",      "internet",
    "jennifer",   "jessica",    "jonathan",    "jordan",     "joshua",        "justin",
    "killer",     "letmein",    "liverpool",   "login",      "love",          "lovely",
    "loveme",     "manager",    "maggie",      "master",     "matthew",       "maverick",
    "mercedes",   "michael",    "michelle",    "monkey",     "mustang",       "mypassword",
    "naruto",     "nicole",     "ninja",       "nothing",    "owner",         "pass",
    "passphrase", "passw0rd",   "password",    "passwort",   "pokemon",       "princess",
    "q1w2e3r4",   "q1w2e3r4t5", "qazwsx",      "qazwsxedc",  "qwer",          "qwerasdf",
    "qwert",      "qwerty",     "qwertyui",    "qwertyuiop", "qwertz",        "qwertzuiop",
    "ranger",     "robert",     "root",        "salon",      "samantha",      "samsung",
    "secret",     "shadow",     "snoopy",      "soccer",     "spiderman",     "starwars",
    "steelers",   "summer",     "sunshine",    "superman",   "superstar",     "target",
    "temp",       "test",       "testtest",    "thomas",     "tigger",        "trustno",
    "user",       "welcome",    "whatever",    "winter",     "yankees",       "zaq12wsx",
    "zxcv",       "zxcvbn",     "zxcvbnm",
};

/* Letters and digits in lower case; whatever is not ASCII stays. */
static struct str plain(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
            out[len++] = c;
    }
    return (struct str){out, len};
}

static struct str without_last_digits(struct str s)
{
    while (s.len > 0 && s.ptr[s.len - 1] >= '0' && s.ptr[s.len - 1] <= '9')
        s.len--;
    return s;
}

static bool is_word(struct str password, struct str word)
{
    struct str stem = without_last_digits(password);
    return word.len > 0 && (str_eq(password, word) || str_eq(stem, word));
}

/* "aaaaaaaa", "12345678", "hgfedcba": each byte differs from the one before by the same -1, 0, 1.
 */
static bool is_run(struct str s)
{
    if (s.len < 2)
        return true;
    int step = s.ptr[1] - s.ptr[0];
    if (step < -1 || step > 1)
        return false;
    for (size_t i = 2; i < s.len; i++) {
        bool turns = s.ptr[i] == '0' && s.ptr[i - 1] == '9' && step == 1; /* 1234567890 */
        if (s.ptr[i] - s.ptr[i - 1] != step && !turns)
            return false;
    }
    return true;
}

static bool is_leaked_word(struct str word)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)word.ptr, word.len);
    size_t from = 0, to = common_password_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = memcmp(common_passwords + middle * COMMON_BYTES, hash, COMMON_BYTES);
        if (order == 0)
            return true;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

static bool is_leaked(struct str password)
{
    struct str stem = without_last_digits(password);
    bool short_tail = stem.len >= STEM_MIN && password.len - stem.len <= TAIL_MAX;
    return is_leaked_word(password) || (short_tail && is_leaked_word(stem));
}

static bool is_common(struct str password)
{
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        if (is_word(password, str_of(common[i])))
            return true;
    return false;
}

/* The word, its parts ("Anna" of "Anna Berg") and, of an e-mail address, what is before the @. */
static bool is_one_of(struct arena *a, struct str password, struct str word)
{
    if (is_word(password, plain(a, word)))
        return true;
    size_t from = 0;
    for (size_t i = 0; i <= word.len; i++) {
        if (i < word.len && word.ptr[i] != ' ' && word.ptr[i] != '@')
            continue;
        struct str part = plain(a, (struct str){word.ptr + from, i - from});
        if (is_word(password, part) || is_word(password, without_last_digits(part)))
            return true;
        from = i + 1;
    }
    return false;
}

enum result account_check_password(struct work *w, const char *path, struct str password,
                                   const struct str *words, size_t word_count)
{
    struct str bare = plain(w->arena, password);
    /* A password of signs alone has no word in it. */
    if (bare.len == 0)
        return is_run(password) ? problem_field(w->problem, path, "too_common",
                                                "Choose a password that is harder to guess.")
                                : OK;
    if (is_common(bare) || is_run(bare) || is_leaked(bare))
        return problem_field(w->problem, path, "too_common",
                             "This is one of the passwords that are tried first. "
                             "Choose another, perhaps three words that do not belong together.");
    for (size_t i = 0; i < word_count; i++)
        if (words[i].len > 0 && is_one_of(w->arena, bare, words[i]))
            return problem_field(w->problem, path, "too_personal",
                                 "Choose a password that is not a name or the e-mail address.");
    return OK;
}
