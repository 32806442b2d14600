// SPDX-License-Identifier: AGPL-3.0-or-later
// The kinds of checkers that tests/bugs/run.mjs runs: which targets they need, how each is called,
// whether it looked at anything, and what in its words says that it found the defect.

import { join } from 'node:path';

import { ROOT } from '../lib/process.mjs';

const SOAK = process.env.SOAK === '1';
const SEED = process.env.CAREOPS_SEED ?? '7';
const SEEDED = join(ROOT, 'build-seeded');
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca'];
const DAYS = SOAK ? 60 : 6;

/** The failed tests in what cmocka said. */
const failedUnit = (said) => [...said.matchAll(/^\[ {2}FAILED {2}\] (.*)$/gm)].map(([, name]) => name);
/** The same of Node's runner. */
const failedNode = (said) => [...said.matchAll(/^ *not ok \d+ - (.*?)(?: #.*)?$/gm)].map(([, name]) => name);
const first = (said, pattern) => pattern.exec(said)?.[0];
const lineOf = (said, who) => first(said, new RegExp(`^${who}: .*$`, 'm'))?.slice(0, 90);

export const CHECKERS = {
  // A unit test in C, on both engines where it is about both.
  unit: {
    targets: ({ program }) => [`tests/unit/${program}`],
    call: ({ program, notices }) => ({
      command: join(SEEDED, 'tests/unit', program),
      args: [notices],
      env: { SOAK: undefined },
    }),
    looked: (said) => /\[ {2}PASSED {2}\] [1-9]/.test(said),
    found: (said, { notices }) => {
      const lost = first(said, /[1-9]\d* rows lost in \d+ cuts/);
      return failedUnit(said).some((name) => name.endsWith(notices)) && (lost ?? `${notices.replaceAll('_', ' ')}: no`);
    },
  },

  // One test of tests/api on the running program.
  api: {
    targets: () => [],
    call: ({ file, title, engine }) => ({
      command: process.execPath,
      args: [
        ...['--test', '--test-reporter=tap', '--test-name-pattern'],
        title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
        `tests/api/${file}.test.mjs`,
      ],
      env: { CAREOPS_TEST_ENGINE: engine, SOAK: undefined },
    }),
    looked: (said) => /^# pass [1-9]/m.test(said),
    found: (said, { notices }) => {
      const error = first(said, /error: (?:\|-\s*)?[^\n]*\n?[^\n]*/)?.replace(/\s+/g, ' ');
      return failedNode(said).some((name) => name.includes(notices)) && (error ?? 'failed').slice(0, 60);
    },
  },

  // tests/sim/slots: every start against the slow reference.
  slots: {
    targets: () => ['tests/sim/slots/slots_driver'],
    call: () => ({
      command: 'python3',
      args: ['tests/sim/slots/reference.py', join(SEEDED, 'tests/sim/slots/slots_driver'), ...ZONES],
      env: { SOAK: undefined },
    }),
    looked: (said) => /[1-9]\d* starts compared/.test(said),
    found: (said) => first(said, /^\d+ differ$/m),
  },

  // tests/sim/robot: days of three salons that crash, whose clock jumps and whose mail fails.
  sim: {
    targets: () => ['tests/sim/robot/robot_sim'],
    call: () => ({
      command: process.execPath,
      args: ['tests/sim/robot/run.mjs', `--days=${DAYS}`, `--seed=${SEED}`],
    }),
    looked: (said) => /^[1-9]\d* passed, 0 failed/m.test(said),
    found: (said, { notices }) => first(said, new RegExp(`^ *WRONG (?:${notices}): .*$`, 'm'))?.trim(),
  },

  // kill -9 under load, then what was acknowledged and `careops audit` (kills.mjs).
  kills: {
    targets: () => [],
    call: () => ({ command: process.execPath, args: ['tests/bugs/kills.mjs'] }),
    looked: (said) => /[1-9]\d* bookings and [1-9]\d* moves acknowledged/.test(said),
    found: (said, { notices }) => lineOf(said, notices),
  },

  // A short Chaos Day and `careops audit` over what it left behind (day.mjs).
  day: {
    targets: () => [],
    call: ({ engine, kills }) => ({
      command: process.execPath,
      args: ['tests/bugs/day.mjs', engine, kills ? 'kills' : 'none'],
    }),
    looked: (said) => /^[1-9]\d* bookings acknowledged/m.test(said),
    found: (said, { notices }) => lineOf(said, notices),
  },

  // A disk that is full and is not any more, and `careops audit` (tests/disk).
  disk: {
    targets: () => [],
    call: () => ({
      command: process.execPath,
      args: [
        ...['--test', '--test-reporter=tap', "--test-name-pattern=the database's disk is full"],
        'tests/disk/full.test.mjs',
      ],
      env: { SOAK: undefined },
    }),
    looked: (said) => /^# pass [1-9]/m.test(said),
    found: (said, { notices }) => first(said, new RegExp(`^ *(?:error: ['"]?|)(${notices}.*)$`, 'm'))?.trim().slice(0, 80),
  },
};

export function nameOf(checker) {
  if (checker.kind === 'kills') return 'kill -9 and careops audit';
  if (checker.kind === 'disk') return 'full disk and careops audit';
  if (checker.kind === 'day') return `Chaos Day (${checker.engine}${checker.kills ? ', kill -9' : ''})`;
  if (checker.kind === 'unit') return `unit ${checker.program.split('/').at(-1).replace(/^test_/, '')}`;
  if (checker.kind === 'api') return `api ${checker.file} (${checker.engine}): ${checker.title}`;
  if (checker.kind === 'slots') return 'slots reference';
  return `robot simulation`;
}
