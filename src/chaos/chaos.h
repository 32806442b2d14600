/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * chaos: `careops chaos`, a day at a salon that is played against a running system through its
 * public API, while the system is hurt; what must never happen is judged at the end.
 *
 * Reads options of its own (`careops chaos --help`) and none of the program's settings. Exit
 * status: 0 when every checker is content, 1 on a finding and on a day on which nothing was
 * injected, 2 when it could not be played.
 */
#ifndef CAREOPS_CHAOS_CHAOS_H
#define CAREOPS_CHAOS_CHAOS_H

/* The whole command line: `careops chaos …`. */
int chaos_main(int argc, char **argv);

#endif
