/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * power_vfs: a disk that the power can be cut from, under SQLite's own file layer.
 *
 * Beside each file that is written through it, it keeps what a disk would hold: what was there at
 * the file's last sync. What was written since (or cut off) is kept apart, write by write. A cut
 * makes a copy of the files as the disk might be found: of the writes since the last sync each has
 * arrived, or not, or a part of its sectors has, in any order. The program itself goes on, so one
 * run can be cut many times.
 *
 * The real file is not synced: nothing that is tested here depends on the machine's disk.
 */
#ifndef CAREOPS_TESTS_DB_POWER_VFS_H
#define CAREOPS_TESTS_DB_POWER_VFS_H

#include "../unit.h"

/* What SQLite opens from here on lies on the disk that can be cut; `false`: on the usual one. */
void power_vfs_use(bool cuttable);

/* What was written so far has been on the disk for long. */
void power_vfs_settle(void);

/* Forgets all files; none may be open. */
void power_vfs_forget(void);

struct power_cut {
    int64_t pending; /* writes since the last sync, of all files */
    int64_t lost;    /* of these never arrived */
    int64_t torn;    /* of these arrived in part */
};

/*
 * Cuts the power: nothing is written or synced while `at_cut(self)` looks at what was acknowledged
 * so far. The disk's files come into `folder` under their own names.
 */
void power_cut(const char *folder, struct numbers *chance, void (*at_cut)(void *self), void *self,
               struct power_cut *ret);

#endif
