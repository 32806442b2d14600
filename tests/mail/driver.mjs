// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs the programs that these tests judge from outside. CAREOPS_BUILD names the build folder.

import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const BUILD = resolve(ROOT, process.env.CAREOPS_BUILD ?? 'build');
export const MAIL_DRIVER = resolve(BUILD, 'tests/unit/mail/mail_driver');
export const MAILER_DRIVER = resolve(BUILD, 'tests/unit/message/mailer_driver');

/** Feeds lines to a program and gives what it printed, one entry a line. Fails when it fails. */
export async function runLines(program, args, lines, env = {}) {
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const parts = [];
  child.stdout.on('data', (part) => parts.push(part));
  child.stdin.on('error', () => {}); // the exit code tells
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const code = await new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', done);
  });
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return Buffer.concat(parts).toString('utf8').split('\n').filter(Boolean);
}

/** A message that could be sent, with some of it replaced. */
export function sampleMail(changes = {}) {
  return {
    from_name: 'Salon Ada',
    from_address: 'bookings@careops.example',
    reply_to: 'ada@salon.example',
    to_name: 'Bea',
    to_address: 'bea@client.example',
    subject: 'Your booking is confirmed',
    text: 'Hello Bea,\nsee you on Monday.\n',
    html: '<p>Hello Bea,<br>see you on Monday.</p>',
    key: 'careops-1-1',
    message_id: '1.0123456789abcdef@careops.example',
    date_s: 1_795_338_000,
    ...changes,
  };
}

/** Outcomes of deliveries, in the order of the mails. */
export async function deliver(url, mails, { caFile, env } = {}) {
  const args = ['send', url, ...(caFile ? [caFile] : [])];
  const lines = await runLines(MAIL_DRIVER, args, mails.map((mail) => JSON.stringify(mail)), env);
  const outcomes = lines.map((line) => {
    const { word, ...outcome } = JSON.parse(line);
    return { ...outcome, word: Buffer.from(word, 'base64').toString() };
  });
  return outcomes.sort((a, b) => a.ticket - b.ticket);
}
