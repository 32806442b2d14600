// SPDX-License-Identifier: AGPL-3.0-or-later
// A disk of so many bytes that can be made larger and smaller: a tmpfs. Mounting is root's, or
// anybody's in a user namespace of their own.
//
//   if (!mayMount()) return runApart(import.meta.filename);     // the whole file again, where it may
//   const disk = mountDisk(t, 8 * MIB);
//   disk.folder; disk.leave(100 * KIB); disk.fill(); disk.resize(16 * MIB)

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { removeFolder, temporaryFolder } from '../lib/process.mjs';

export const MIB = 1024 * 1024;
export const KIB = 1024;

const ok = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

export function mayMount() {
  const folder = temporaryFolder('mount');
  const may = ok('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  if (may) ok('umount', [folder]);
  removeFolder(folder);
  return may;
}

/** Runs a test file in a user namespace of its own, as the root of that. */
export async function runApart(file) {
  if (process.env.DISK_APART || !ok('unshare', ['-rm', 'true'])) {
    throw new Error(
      'A disk that is full needs a small tmpfs: run this as root, or where `unshare -rm` is allowed.',
    );
  }
  const args = ['-rm', process.execPath, '--test', file];
  const child = spawn('unshare', args, {
    env: { ...process.env, DISK_APART: '1', NODE_TEST_CONTEXT: undefined },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the tests on a small disk ended with ${code}`);
}

export function mountDisk(t, bytes) {
  const around = temporaryFolder('disk');
  const folder = join(around, 'disk');
  mkdirSync(folder);
  const mount = (options) => ok('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  if (!mount(`size=${bytes}`)) throw new Error(`a tmpfs of ${bytes} bytes cannot be mounted`);
  t.after(() => {
    ok('umount', ['-l', folder]);
    removeFolder(around);
  });
  const used = () => {
    const { blocks, bfree, bsize } = statfsSync(folder);
    return (blocks - bfree) * bsize;
  };
  return {
    folder,
    resize(size) {
      if (!mount(`remount,size=${size}`)) throw new Error(`it cannot become ${size} bytes`);
    },
    /** Leaves so many bytes, whatever is written meanwhile. */
    leave(room) {
      for (let i = 0; i < 100; i += 1) if (mount(`remount,size=${Math.ceil(used() + room)}`)) return;
      throw new Error(`it cannot become smaller`);
    },
    /** Nobody else can write a byte. */
    fill() {
      const file = openSync(join(folder, 'filling'), 'w');
      try {
        for (let size = KIB * KIB; size >= 1; ) {
          try {
            writeSync(file, Buffer.alloc(size));
          } catch (error) {
            if (error.code !== 'ENOSPC') throw error;
            size = Math.floor(size / 2);
          }
        }
      } finally {
        closeSync(file);
      }
    },
  };
}
