/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* embedded: looks a name up in the table that tools/embed.mjs generates. */
#include "base/embedded.h"

#include <assert.h>
#include <string.h>

const struct embedded_file *embedded_find(const char *name)
{
    assert(name != NULL);

    size_t low = 0;
    size_t high = embedded_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, embedded_files[middle].name);
        if (order == 0)
            return &embedded_files[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
