/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* readable: secrets that people read from a page and type, in letters none of which looks like
 * another. */
#include "account/account.h"

#include <assert.h>
#include <string.h>

static const char ALPHABET[] = "acdefhjkmnprtwxy3479";
enum { CHOICES = sizeof ALPHABET - 1, GROUP = 4 };
/* Bytes from here on would favour some letters. */
enum { EVEN = 256 / CHOICES * CHOICES };

static_assert((int)CHOICES == (int)READABLE_CHOICES, "account.h promises so many");

char readable_letter(size_t i)
{
    assert(i < CHOICES);
    return ALPHABET[i];
}

size_t readable_index(char letter)
{
    const char *found = letter ? strchr(ALPHABET, letter) : NULL;
    return found ? (size_t)(found - ALPHABET) : CHOICES;
}

void readable_secret(const struct env *env, size_t letters, char *ret)
{
    size_t len = 0;
    for (size_t done = 0; done < letters;) {
        unsigned char byte;
        env_random(env, &byte, sizeof byte);
        if (byte >= EVEN)
            continue;
        if (done > 0 && done % GROUP == 0)
            ret[len++] = '-';
        ret[len++] = ALPHABET[byte % CHOICES];
        done++;
    }
    ret[len] = '\0';
}
