/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Calls that this program never makes. The build includes this file before every source file of
 * ours, so that a use does not compile.
 *
 * - strcpy, strcat, sprintf and their kin know no bound: use struct buf, snprintf or memcpy.
 * - strncpy and strncat have a bound and still end wrongly (no final NUL, or one too many).
 * - strtok, localtime, gmtime, asctime, ctime keep state that threads share.
 * - atoi, atol, atof and scanf cannot tell a fault from a number: use the readers of base/str.h.
 * - rand and its kin are guessable: use struct env or libsodium.
 * - popen starts a shell; tmpnam, tempnam and mktemp race.
 *
 * The standard headers come first because a poisoned name may not even be declared afterwards.
 */
#ifndef CAREOPS_BASE_BANNED_H
#define CAREOPS_BASE_BANNED_H

#ifndef __ASSEMBLER__ /* the embedded files come in through an assembly source */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

/* The fortified headers of some compilers make macros of these two. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy stpcpy strcat strncpy stpncpy strncat
#pragma GCC poison sprintf vsprintf gets
#pragma GCC poison strtok
#pragma GCC poison atoi atol atoll atof scanf sscanf fscanf vsscanf vscanf vfscanf
#pragma GCC poison localtime gmtime ctime asctime ctime_r asctime_r
#pragma GCC poison rand srand rand_r drand48 lrand48 mrand48
#pragma GCC poison popen tmpnam tempnam mktemp
#endif

#endif
