// SPDX-License-Identifier: AGPL-3.0-or-later
// A disk of so many bytes that can be made larger and smaller: a tmpfs. Mounting is root's, or
// anybody's in a user namespace of their own.
//
//   if (!mayMount()) return runApart(import.meta.filename);     // the whole file again, where it may
//   const disk = mountDisk(t, 8 * MIB);
//   disk.folder; disk.used(); disk.resize(16 * MIB)

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statfsSync } from 'node:fs';
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
  const mount = (options) => {
    if (!ok('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])) {
      throw new Error(`mount -o ${options} failed`);
    }
  };
  mount(`size=${bytes}`);
  t.after(() => {
    ok('umount', ['-l', folder]);
    removeFolder(around);
  });
  return {
    folder,
    used() {
      const { blocks, bfree, bsize } = statfsSync(folder);
      return (blocks - bfree) * bsize;
    },
    free() {
      const { bfree, bsize } = statfsSync(folder);
      return bfree * bsize;
    },
    resize: (size) => mount(`remount,size=${Math.ceil(size)}`),
  };
}
