// SPDX-License-Identifier: AGPL-3.0-or-later
// A server whose clock on the wall a test sets, while its timers go on as they are.
//
//   const clock = await setableClock();
//   const server = await startServer(t, { env: clock.env });
//   clock.set(3600)          the server's clock is an hour ahead of ours, from now on
//   clock.to(instant)        … shows this instant now
//   clock.advance(60)        … goes on by so much
//   clock.nowS()             what it shows, in seconds
//
// libfaketime (Debian's package of that name) stands between the program and its clock.

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run, temporaryFolder } from './process.mjs';

async function library() {
  const files = await run('dpkg', ['-L', 'libfaketime']);
  const found = files.split('\n').find((line) => line.endsWith('/libfaketimeMT.so.1'));
  if (!found) throw new Error('libfaketime is not installed: tools/setup.sh test');
  return found;
}

export async function setableClock() {
  const file = join(temporaryFolder('clock'), 'offset');
  let offset = 0;
  const set = (seconds) => {
    offset = Math.round(seconds);
    writeFileSync(`${file}.new`, `${offset < 0 ? '' : '+'}${offset}\n`);
    renameSync(`${file}.new`, file); // the program never reads half a number
  };
  set(0);
  return {
    env: {
      LD_PRELOAD: await library(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
    to: (instant) => set((new Date(instant).getTime() - Date.now()) / 1000),
    advance: (seconds) => set(offset + seconds),
    nowS: () => Math.floor(Date.now() / 1000) + offset,
  };
}
