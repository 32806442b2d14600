// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs a simulation: one life of the program after the other, on one or two seats, until the
// virtual time is over and all is quiet.
//
//   const evidence = await simulate({ url, days: 60, seed: 7, seats: 1 });

import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { removeFolder, ROOT, run, spawnBound, temporaryFolder } from '../../lib/process.mjs';
import { chanceOf, DAY, evidenceOf, makeJumps } from './world.mjs';

const PROGRAM = join(ROOT, process.env.CAREOPS_BUILD ?? 'build', 'tests/sim/robot/robot_sim');
const START_MS = Date.parse('2026-11-22T10:00:00Z');
const DIED = 9;
const STEPS_MAX = 5000; // of a life that dies by itself
const WALL_MAX_MS = 300; // of one that is killed
const LONGER = 4; // beside another, which takes its share and longer to begin

async function liveOnce(args, killAfterMs) {
  const child = spawnBound(PROGRAM, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const timer = killAfterMs && setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  if (code === 0) return 'over';
  if (code === DIED) return 'died';
  if (signal === 'SIGKILL' && killAfterMs) return 'killed';
  throw new Error(`robot_sim ${args.join(' ')} ended with ${code ?? signal}`);
}

/** One seat: dies two times of three by itself, at any of its steps, else by SIGKILL at any time. */
async function sit(options, seat, counts) {
  const { folder, url, seed, forget, seats } = options;
  const longer = seats > 1 ? LONGER : 1;
  const chance = chanceOf(seed * 31 + seat);
  for (;;) {
    const byItself = chance() < 2 / 3;
    const diesAt = byItself ? 1 + Math.floor(chance() * STEPS_MAX * longer) : 0;
    const killAfterMs = byItself ? 0 : 1 + Math.floor(chance() * WALL_MAX_MS * longer);
    const args = [
      folder,
      url,
      'live',
      String(seat),
      String(diesAt),
      String(seed),
      ...(forget ? ['forget'] : []),
    ];
    const end = await liveOnce(args, killAfterMs);
    counts[end] += 1;
    if (end === 'over') return;
  }
}

export async function simulate({ url, days, seed, seats = 1, forget = false }) {
  const folder = existsSync('/dev/shm')
    ? mkdtempSync('/dev/shm/careops-sim-')
    : temporaryFolder('sim');
  const endMs = START_MS + days * DAY;
  const jumps = makeJumps(chanceOf(seed), START_MS, endMs);
  writeFileSync(join(folder, 'jumps'), jumps.map((pair) => `${pair.join(' ')}\n`).join(''));
  const database = url ?? `sqlite:${join(folder, 'sim.db')}`;
  const counts = { died: 0, killed: 0, over: 0 };
  try {
    await run(PROGRAM, [folder, database, 'open', String(START_MS), String(endMs), String(seed)]);
    const options = { folder, url: database, seed, forget, seats };
    await Promise.all(Array.from({ length: seats }, (_, seat) => sit(options, seat, counts)));
    return { ...(await evidenceOf({ folder, url: database, jumps, seats })), deaths: counts };
  } finally {
    if (process.env.SIM_KEEP) console.log(`kept: ${folder}`);
    else removeFolder(folder);
  }
}
