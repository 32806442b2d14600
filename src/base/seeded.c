/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* seeded: which defect was chosen. Only in a build with -Dseeded=true; see seeded.h. */
#include "base/seeded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDED_NAME(name) [SEEDED_##name] = #name,
static const char *const names[SEEDED__MAX] = {[SEEDED_NONE] = "", SEEDED_LIST(SEEDED_NAME)};

static int choose(void)
{
    const char *name = getenv("CAREOPS_SEEDED");
    for (int i = 0; name && i < SEEDED__MAX; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    if (!name)
        return SEEDED_NONE;
    fprintf(stderr, "CAREOPS_SEEDED=%s: there is no such defect\n", name);
    exit(70);
}

bool seeded_is(enum seeded which)
{
    enum { UNKNOWN = -1 };
    static _Atomic int chosen = UNKNOWN; /* two who look at once find the same */
    if (chosen == UNKNOWN)
        chosen = choose();
    return chosen == (int)which;
}
