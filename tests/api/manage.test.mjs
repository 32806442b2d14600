// SPDX-License-Identifier: AGPL-3.0-or-later
// The client's own link: see, cancel until the cut-off, take it back, move, add to the calendar; and the mails that carry it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { dateIn, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

describe('the client\'s own link', () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });

  async function bookedSalon(options) {
    const salon = await makeSalon(server, options);
    const slots = await salon.slots();
    const email = `c${Math.random().toString(36).slice(2)}@client.example`;
    const answer = expectStatus(await salon.book({ start: slots[0].start, client: { name: 'Cleo', email } }), 201);
    const token = answer.manage_url.split('/').pop();
    return { salon, slots, email, token, booking: answer.booking, path: `/public/manage/${token}` };
  }

  test('shows the booking and nothing else of the business', async () => {
    const { salon, path, booking } = await bookedSalon();
    const view = expectStatus(await salon.visitor.get(path), 200);
    assert.equal(view.booking.id, booking.id);
    assert.deepEqual([view.can_cancel, view.can_reschedule, view.can_restore], [true, true, false]);
    assert.equal(view.business.slug, salon.slug);
    assert.equal(view.cancel_until, booking.start, 'no cut-off here');
    assert.doesNotMatch(JSON.stringify(view), /staff\d|materials|on_hand/);
  });

  test('an invented link is 404, and opens nothing', async () => {
    const { salon, token } = await bookedSalon();
    const other = token.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'));
    for (const path of [other, 'x', token.slice(0, -1)]) {
      expectProblem(await salon.visitor.get(`/public/manage/${path}`), 404, 'not_found');
      expectProblem(await salon.visitor.post(`/public/manage/${path}/cancel`), 404, 'not_found');
    }
  });

  test('cancels, and takes it back within ten minutes', async () => {
    const { salon, path, slots } = await bookedSalon({ staff: ['Ann'] });
    const cancelled = expectStatus(await salon.visitor.post(`${path}/cancel`), 200);
    assert.deepEqual([cancelled.booking.status, cancelled.can_restore, cancelled.can_cancel], ['cancelled', true, false]);
    assert.equal((await salon.slots())[0].start, slots[0].start);
    expectProblem(await salon.visitor.post(`${path}/cancel`), 409, 'invalid_transition');
    const back = expectStatus(await salon.visitor.post(`${path}/restore`), 200);
    assert.equal(back.booking.status, 'confirmed');
    expectProblem(await salon.visitor.post(`${path}/restore`), 409, 'invalid_transition');
  });

  test('what the business cancelled, the client cannot restore', async () => {
    const { salon, path, booking } = await bookedSalon();
    expectStatus(await salon.owner.post(`/bookings/${booking.id}/cancel`), 200);
    expectProblem(await salon.visitor.post(`${path}/restore`), 409, 'invalid_transition');
  });

  test('moves to an offered start only, and its own time counts as free', async () => {
    const { salon, path, slots } = await bookedSalon({ staff: ['Ann'] });
    const query = new URLSearchParams({ from: dateIn(2), to: dateIn(2) });
    const { days } = expectStatus(await salon.visitor.get(`${path}/availability?${query}`), 200);
    assert.deepEqual(days[0].slots.map((slot) => slot.start), slots.map((slot) => slot.start));
    const moved = expectStatus(await salon.visitor.post(`${path}/reschedule`, { start: slots[1].start }), 200);
    assert.equal(moved.booking.start, slots[1].start);
    const problem = expectProblem(await salon.visitor.post(`${path}/reschedule`, { start: `${dateIn(2)}T02:00:00Z` }), 409, 'slot_taken');
    assert.equal(problem.nearest.length, 3);
    assert.equal((await salon.visitor.get(path)).body.booking.start, slots[1].start);
  });

  test('after the cut-off it can neither be cancelled nor moved online', async () => {
    const { salon, path, slots } = await bookedSalon({ policy: { cancel_cutoff_min: 14 * 24 * 60 } });
    const view = expectStatus(await salon.visitor.get(path), 200);
    assert.deepEqual([view.can_cancel, view.can_reschedule], [false, false]);
    const problem = expectProblem(await salon.visitor.post(`${path}/cancel`), 409, 'invalid_transition');
    assert.match(problem.detail, /too late/);
    expectProblem(await salon.visitor.post(`${path}/reschedule`, { start: slots[5].start }), 409, 'invalid_transition');
  });

  test('the calendar file is one event at the right instants', async () => {
    const { salon, path, booking } = await bookedSalon();
    const answer = await salon.visitor.get(`${path}/calendar.ics`);
    assert.match(answer.headers.get('content-type'), /^text\/calendar/);
    const compact = (instant) => instant.replace(/[-:]/g, '');
    assert.match(answer.text, new RegExp(`DTSTART:${compact(booking.start)}`));
    assert.match(answer.text, new RegExp(`DTEND:${compact(booking.end)}`));
    assert.equal(answer.text.match(/BEGIN:VEVENT/g).length, 1);
    assert.ok(answer.text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75));
  });

  test('the confirmation, the move and the cancelling each reach the client once, with a working link and a calendar part', async () => {
    const { salon, path, slots, email, booking } = await bookedSalon();
    const mine = (words) => (m) => m.to.includes(email) && m.subject.toLowerCase().includes(words);
    const confirmed = await server.waitForMail(mine('confirmed'));
    const link = /https?:\/\/\S+\/manage\/[\w-]{43}/.exec(confirmed.text)[0];
    assert.ok(link.startsWith(server.baseUrl));
    const own = expectStatus(await salon.visitor.get(`/public/manage/${link.split('/').pop()}`), 200);
    assert.equal(own.booking.id, booking.id);
    expectStatus(await salon.visitor.post(`${path}/reschedule`, { start: slots[6].start }), 200);
    await server.waitForMail(mine('resched'));
    expectStatus(await salon.visitor.post(`${path}/cancel`), 200);
    await server.waitForMail(mine('cancelled'));
    const all = server.mail().filter((m) => m.to.includes(email));
    assert.equal(all.length, 3, all.map((m) => m.subject).join(' | '));
    const uid = (m) => /UID:(\S+)/.exec(m.calendar ?? m.raw ?? JSON.stringify(m))?.[1];
    assert.ok(uid(all[0]) && all.every((m) => uid(m) === uid(all[0])), 'one entry in the client\'s calendar');
  });

  test('the owner and the member of staff are told of a new booking, each once', async () => {
    const { salon, booking } = await bookedSalon({ staff: ['Ann'] });
    const ann = (await salon.owner.list('/staff')).find((member) => member.id === booking.staff.id);
    for (const to of [salon.ownerEmail, ann.email]) {
      await server.waitForMail((m) => m.to.includes(to) && /booking/i.test(m.subject));
      const history = expectStatus(await salon.owner.get(`/bookings/${booking.id}/history`), 200).data;
      assert.equal(history.filter((row) => row.kind === 'owner_new_booking' && row.to === to).length, 1);
    }
  });

  test('a name with line breaks and header tricks reaches nobody else', async () => {
    const salon = await makeSalon(server);
    const [slot] = await salon.slots();
    const evil = 'Eve Bcc: all@client.example, "x" <y@client.example>; =?utf-8?q?=0D=0A?=';
    const answer = await salon.book({ start: slot.start, client: { name: evil, email: 'eve@client.example' }, notes: 'a\nBEGIN:VEVENT\nb' });
    expectStatus(answer, 201);
    const mail = await server.waitForMail((m) => m.to.includes('eve@client.example'));
    assert.equal(mail.headers?.bcc, undefined);
    for (const line of ['\r\n', '\n', '\u2028', '\u0085']) {
      expectProblem(await salon.book({ start: slot.start, client: { name: `Eve${line}Bcc: all@client.example`, email: 'eve@client.example' } }), 422);
    }
  });
});
