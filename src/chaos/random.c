/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* random: the dice of a player: the same seed and stream throw the same row. Not for secrets. */
#include "chaos/internal.h"

/* SplitMix64, after its public description (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

void dice_init(struct dice *d, uint64_t seed, uint64_t stream)
{
    d->state = mix(seed) ^ mix(stream + 0x632be59bd9b4e019ULL);
}

uint64_t dice_bits(struct dice *d)
{
    d->state += 0x9e3779b97f4a7c15ULL;
    return mix(d->state);
}

int64_t dice(struct dice *d, int64_t n)
{
    return n > 0 ? (int64_t)(dice_bits(d) % (uint64_t)n) : 0;
}

bool dice_percent(struct dice *d, int percent)
{
    return dice(d, 100) < percent;
}

/* FNV-1a, mixed so that the bits are even. */
uint64_t hash_bytes(const void *data, size_t len)
{
    const unsigned char *bytes = data;
    uint64_t h = 0xcbf29ce484222325ULL;
    for (size_t i = 0; i < len; i++)
        h = (h ^ bytes[i]) * 0x100000001b3ULL;
    h = mix(h);
    return h ? h : 1;
}
