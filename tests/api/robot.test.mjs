// SPDX-License-Identifier: AGPL-3.0-or-later
// What happens by itself, and when: reminders, ends of visits, thanks, the owner's morning; the rules
// over them, pauses and quiet hours; and a clock that jumps. The server's clock is ours to set.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { setableClock } from '../lib/clock.mjs';
import { sql } from '../lib/contents.mjs';
import { eventually } from '../lib/process.mjs';
import { everyDay, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNDO = 11; // a little more than what the business changes waits

let server;
let clock;
let count = 0;

before(async (t) => {
  clock = await setableClock();
  server = await startServer(t, { env: clock.env });
});

/** A list that comes whole. */
const rows = async (salon, path) => expectStatus(await salon.owner.get(path), 200).data;

const iso = (s) => new Date(s * 1000).toISOString().replace('.000Z', 'Z');

/** Until nothing is due any more, and no letter waits that could go. */
const settled = () =>
  eventually('the robot and the mailer are done', async () => {
    const now = clock.nowS();
    const [waiting] = await sql(
      server,
      "SELECT (SELECT COUNT(*) FROM message WHERE status = 'queued'" +
        ` AND (due_s <= ${now} OR lease_owner IS NOT NULL))` +
        " + (SELECT COUNT(*) FROM job WHERE status = 'waiting'" +
        ` AND (due_s <= ${now} OR lease_owner IS NOT NULL OR last_error IS NOT NULL))` +
        ` + (SELECT COUNT(*) FROM job WHERE status = 'late' AND due_s > ${now + 2})`,
    );

    return waiting === '0';
  }, 60_000);

/** The clock goes on, and what has become due is done. The seconds beside it are the test's own. */
async function pass(seconds) {
  clock.advance(seconds + 3);
  await settled();
}

async function salonNow(options = {}) {
  const salon = await makeSalon(server, {
    timezone: 'Etc/UTC',
    hours: everyDay('00:00', '24:00'),
    policy: { max_advance_days: 700, session_idle_min: 43200, min_notice_min: 0 },
    ...options,
  });
  /** A visit so far from now, by the owner, for a client of its own. */
  salon.visit = async (inSeconds, more = {}) => {
    count += 1;
    const email = `client${count}@client.example`;
    const start = Math.ceil((clock.nowS() + inSeconds) / MINUTE) * MINUTE;
    const booking = expectStatus(
      await salon.owner.post('/bookings', {
        service_ids: [salon.services[0].id],
        start: iso(start),
        client: { name: `Bea ${count}`, email },
        override_hours: true,
        ...more,
      }),
      201,
    );
    return Object.assign(booking, { email, startS: start, endS: start + 45 * MINUTE });
  };
  return salon;
}

const mails = () => server.mail().map((m) => ({ ...m, text: m.text.replaceAll('\r\n', '\n') }));
const sent = ({ email }, kind) =>
  mails().filter((m) => m.to.includes(email) && (!kind || m.subject.includes(kind)));
const log = async (salon, { id }, kind) =>
  salon.owner.list(`/emails?booking_id=${id}${kind ? `&kind=${kind}` : ''}`);
const rule = (salon, key, change) => salon.owner.patch(`/automations/${key}`, change);
const act = async (salon, booking, verb, body) =>
  expectStatus(await salon.owner.post(`/bookings/${booking.id}/${verb}`, body), 200);

describe('the rules', () => {
  let salon;
  before(async () => {
    salon = await salonNow({ items: [{ name: 'Oxide', reorder_point: 10 }] });
  });

  test('each stands in the list with its switch, delay and words', async () => {
    const all = new Map((await rows(salon, '/automations')).map((one) => [one.key, one]));
    for (const [key, word] of [
      ['booking_confirmation', 'confirmed'],
      ['booking_reminder', 'Reminder'],
      ['booking_cancelled', 'cancelled'],
      ['booking_rescheduled', 'rescheduled'],
      ['client_welcome', 'Welcome'],
      ['follow_up', 'Thank you'],
      ['low_stock', '{item}'],
      ['owner_new_booking', 'New booking'],
      ['owner_daily_digest', 'your day'],
    ]) {
      const one = all.get(key);
      assert.ok(one, key);
      assert.equal(one.enabled, true, key);
      assert.ok(one.subject.includes(word), `${key}: ${one.subject}`);
      assert.ok(one.body.length > 0 && one.fields.includes('business'), key);
    }
    assert.equal(all.get('booking_reminder').delay_min, 24 * 60);
    assert.equal(all.get('follow_up').delay_min, 60);
    assert.equal(all.get('owner_daily_digest').delay_min, 8 * 60);
    assert.equal(all.get('booking_confirmation').delay_min, null);
    assert.deepEqual(
      [all.get('visit_completion').enabled, all.get('visit_completion').subject],
      [false, null],
    );
  });

  test('own words go out in place of ours, with their fields filled in and escaped', async () => {
    const words = {
      subject: 'Bis bald, {client}!',
      body: 'Hallo {{ client_name }},\n\ndein Termin: {date}, {time} & <b>{services}</b>.\nBis dann!',
    };
    const saved = expectStatus(await rule(salon, 'booking_confirmation', words), 200);
    assert.deepEqual([saved.subject, saved.body, saved.changed], [words.subject, words.body, true]);
    const visit = await salon.visit(3 * DAY);
    await settled();
    const [mail] = sent(visit);
    assert.equal(mail.subject, `Bis bald, ${visit.client.name}!`);
    assert.ok(mail.text.includes(`Hallo ${visit.client.name},\n\ndein Termin: `));
    assert.ok(mail.text.includes('& <b>Cut</b>.\nBis dann!'));
    assert.ok(mail.html.includes('&amp; &lt;b&gt;Cut&lt;/b&gt;.<br>'), mail.html);
    assert.ok(mail.html.includes('/manage/'), 'the link stays');
    const again = expectStatus(
      await rule(salon, 'booking_confirmation', { subject: null, body: '' }),
      200,
    );
    assert.ok(again.subject.includes('confirmed') && again.changed === false);
  });

  test('words that name what there is not, open braces and wrong delays are refused', async () => {
    for (const [key, change, paths] of [
      ['booking_reminder', { subject: 'Hi {cleint}' }, ['subject']],
      ['booking_reminder', { body: 'Hi {client' }, ['body']],
      ['booking_reminder', { body: 'Hi {item}', subject: '{}' }, ['body', 'subject']],
      ['low_stock', { subject: '{client} needs {item}' }, ['subject']],
      ['booking_reminder', { delay_min: 0 }, ['delay_min']],
      ['booking_confirmation', { delay_min: 60 }, ['delay_min']],
      ['visit_completion', { subject: 'Done' }, ['subject']],
      ['booking_reminder', { subject: 'x'.repeat(201) }, ['subject']],
      ['booking_reminder', { body: '{client}'.repeat(41) }, ['body']],
    ]) {
      expectInvalid(await rule(salon, key, change), paths);
    }
    expectProblem(await rule(salon, 'unheard_of', { enabled: false }), 404, 'not_found');
    const { version } = expectStatus(await salon.owner.get('/automations/follow_up'), 200);
    const change = { enabled: true };
    expectStatus(await salon.owner.patch('/automations/follow_up', change, { version }), 200);
    expectProblem(
      await salon.owner.patch('/automations/follow_up', change, { version }),
      412,
      'stale_version',
    );
  });

  test('a look at a letter uses a real booking and sends nothing', async () => {
    const visit = await salon.visit(4 * DAY);
    await settled();
    const before_ = server.mail().length;
    for (const { key, subject } of await rows(salon, '/automations')) {
      if (subject === null) continue;
      const body = { booking_id: visit.id };
      const look = expectStatus(await salon.owner.post(`/automations/${key}/preview`, body), 200);
      assert.ok(look.subject && look.text && look.html.startsWith('<!doctype html>'), key);
      assert.ok(!/[{}]/.test(look.subject + look.text), `${key}: ${look.text}`);
    }
    const own = { booking_id: visit.id, subject: 'For {client}', body: 'With {staff}' };
    const look = expectStatus(
      await salon.owner.post('/automations/booking_reminder/preview', own),
      200,
    );
    assert.equal(look.subject, `For ${visit.client.name}`);
    expectProblem(
      await salon.owner.post('/automations/booking_reminder/preview', { booking_id: '77' }),
      404,
      'not_found',
    );
    expectInvalid(
      await salon.owner.post('/automations/booking_reminder/preview', { subject: '{no}' }),
      ['subject'],
    );
    await settled();
    assert.equal(server.mail().length, before_);
  });

  test('a subject of which nothing is left gives way to ours, also in what is sent', async () => {
    const subjects = ['{phone}', ' {address}{phone} ', '\u202e'];
    for (const [index, subject] of subjects.entries()) {
      const own = { subject };
      const look = await salon.owner.post('/automations/booking_confirmation/preview', own);
      assert.match(expectStatus(look, 200).subject, /confirmed/, subject);
      assert.match(look.body.html, /<h1[^>]*>[^<]+<\/h1>/, subject);
      expectStatus(await salon.owner.post('/automations/booking_confirmation/test', own), 202);
      expectStatus(await rule(salon, 'booking_confirmation', own), 200);
      const visit = await salon.visit((20 + index) * DAY);
      await settled();
      assert.deepEqual([sent(visit, 'confirmed').length, sent(visit).length], [1, 1], subject);
    }
    expectStatus(await rule(salon, 'booking_confirmation', { subject: null }), 200);
  });

  test('a test goes to whoever asks, and to nobody else', async () => {
    const visit = await salon.visit(4 * DAY);
    await settled();
    const answer = await salon.owner.post('/automations/booking_reminder/test', {
      booking_id: visit.id,
    });
    const { email_id: id, to } = expectStatus(answer, 202);
    assert.equal(to, salon.ownerEmail);
    await settled();
    const email = expectStatus(await salon.owner.get(`/emails/${id}`), 200);
    assert.deepEqual([email.kind, email.status, email.to], ['automation_test', 'sent', to]);
    assert.equal(sent(visit, 'Reminder').length, 0);
  });

  test('what is switched off is neither sent nor promised', async () => {
    expectStatus(await rule(salon, 'booking_confirmation', { enabled: false }), 200);
    expectStatus(await rule(salon, 'booking_reminder', { enabled: false }), 200);
    const visit = await salon.visit(2 * DAY);
    const planned = await rows(salon, `/bookings/${visit.id}/messages`);
    assert.deepEqual(planned, []);
    await pass(DAY + HOUR);
    assert.deepEqual(sent(visit), []);
    assert.equal((await log(salon, visit, 'booking_reminder')).length, 0);
    expectStatus(await rule(salon, 'booking_confirmation', { enabled: true }), 200);
    expectStatus(await rule(salon, 'booking_reminder', { enabled: true }), 200);
  });
});

describe('reminders', () => {
  test('one goes a day before, none earlier, and none a second time', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(2 * DAY);
    const [promised] = (await rows(salon, `/bookings/${visit.id}/messages`)).filter(
      ({ kind }) => kind === 'booking_reminder',
    );
    assert.equal(promised.state, 'planned');
    assert.equal(promised.due_at, iso(visit.startS - DAY));
    await pass(DAY - 10 * MINUTE);
    assert.equal(sent(visit, 'Reminder').length, 0, 'before its time');
    await pass(11 * MINUTE);
    const [mail] = sent(visit, 'Reminder');
    assert.ok(mail, 'a day before');
    assert.match(mail.text, /\/manage\//);
    await pass(12 * HOUR);
    assert.equal(sent(visit, 'Reminder').length, 1);
    const [told] = (await rows(salon, `/bookings/${visit.id}/messages`)).filter(
      ({ kind }) => kind === 'booking_reminder',
    );
    assert.deepEqual([told.state, told.delivery, told.not_told], ['sent', 'accepted', false]);
    const next = await salon.visit(4 * DAY, { client: undefined, client_id: visit.client.id });
    await settled();
    const all = await salon.owner.list(`/clients/${visit.client.id}/messages`, { limit: 2 });
    assert.deepEqual(
      all.map((one) => [one.kind, one.state, one.booking_id]),
      [
        ['booking_reminder', 'planned', next.id],
        ['booking_confirmation', 'sent', next.id],
        ['booking_reminder', 'sent', visit.id],
        ['booking_confirmation', 'sent', visit.id],
      ],
    );
  });

  test('none for what was booked within that time, cancelled, completed or not confirmed', async () => {
    const salon = await salonNow();
    const soon = await salon.visit(23 * HOUR);
    const cancelled = await salon.visit(2 * DAY);
    const completed = await salon.visit(2 * DAY + HOUR);
    await act(salon, cancelled, 'cancel');
    await act(salon, completed, 'complete');
    expectStatus(await salon.owner.patch('/workspace', { auto_confirm: false }), 200);
    const start = iso(Math.ceil((clock.nowS() + 2 * DAY + 3 * HOUR) / (15 * MINUTE)) * 15 * MINUTE);
    const client = { name: 'Pia', email: `pia${(count += 1)}@client.example` };
    const pending = expectStatus(await salon.book({ start, client }), 201).booking;
    assert.equal(pending.status, 'pending');
    await pass(DAY + 4 * HOUR);
    for (const visit of [soon, cancelled, completed, client]) {
      assert.equal(sent(visit, 'Reminder').length, 0, JSON.stringify(visit.status));
    }
  });

  test('a visit that is moved is reminded of at its new time alone', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(2 * DAY);
    const later = iso(visit.startS + 2 * DAY);
    expectStatus(await salon.owner.patch(`/bookings/${visit.id}`, { start: later, override_hours: true }), 200);
    await pass(DAY + 2 * HOUR);
    assert.equal(sent(visit, 'Reminder').length, 0);
    await pass(2 * DAY);
    assert.equal(sent(visit, 'Reminder').length, 1);
  });

  test('a new delay counts for what waits already', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(3 * DAY);
    expectStatus(await rule(salon, 'booking_reminder', { delay_min: 120 }), 200);
    await pass(2 * DAY + HOUR);
    assert.equal(sent(visit, 'Reminder').length, 0);
    await pass(21 * HOUR + 30 * MINUTE);
    assert.equal(sent(visit, 'Reminder').length, 1);
  });

  test('quiet hours are kept, by the clock of the business', async () => {
    const salon = await salonNow({ timezone: 'Asia/Tokyo' });
    expectInvalid(await salon.owner.patch('/workspace', { quiet_from: '22:00' }), ['quiet_until']);
    const quiet = { quiet_from: '22:00', quiet_until: '08:00' };
    const saved = expectStatus(await salon.owner.patch('/workspace', quiet), 200);
    assert.deepEqual([saved.quiet_from, saved.quiet_until], ['22:00', '08:00']);
    // A visit at 02:00 in Tokyo, two nights on: its reminder is due in the quiet hours.
    const day = Math.floor(clock.nowS() / DAY) * DAY + 3 * DAY;
    const startS = day - 9 * HOUR + 2 * HOUR;
    const visit = await salon.visit(0, { start: iso(startS), override_hours: true });
    clock.to(iso(startS - DAY + 5 * MINUTE));
    await settled();
    assert.equal(sent(visit, 'Reminder').length, 0, 'at five past two in the night');
    clock.to(iso(startS - DAY + 6 * HOUR + 2 * MINUTE));
    await settled();
    assert.equal(sent(visit, 'Reminder').length, 1, 'at eight');
    expectStatus(await salon.owner.patch('/workspace', { quiet_from: null, quiet_until: null }), 200);
  });
});

describe('what is undone within ten seconds', () => {
  test('cancelled and restored: nobody hears of it', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(3 * DAY);
    await settled();
    await act(salon, visit, 'cancel');
    await act(salon, visit, 'restore');
    await pass(UNDO);
    assert.equal(sent(visit).length, 1, 'the confirmation alone');
    const held = (await log(salon, visit, 'booking_cancelled'))[0];
    assert.deepEqual([held.status, held.reason], ['suppressed', 'superseded']);
  });

  test('moved twice: one message, from where it was believed to be', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(3 * DAY);
    await settled();
    for (const hours of [1, 2]) {
      const start = iso(visit.startS + hours * HOUR);
      expectStatus(await salon.owner.patch(`/bookings/${visit.id}`, { start, override_hours: true }), 200);
    }
    await pass(UNDO);
    const moved = sent(visit, 'rescheduled');
    assert.equal(moved.length, 1);
    const clockOf = (s) => iso(s).slice(11, 16);
    assert.ok(moved[0].subject.includes(clockOf(visit.startS + 2 * HOUR)), moved[0].subject);
    assert.ok(moved[0].text.includes(`Before: `) && moved[0].text.includes(clockOf(visit.startS)));
    const back = { start: iso(visit.startS + 2 * HOUR), override_hours: true };
    expectStatus(
      await salon.owner.patch(`/bookings/${visit.id}`, { start: iso(visit.startS + 3 * HOUR), override_hours: true }),
      200,
    );
    expectStatus(await salon.owner.patch(`/bookings/${visit.id}`, back), 200);
    await pass(UNDO);
    assert.equal(sent(visit).length, 2, 'moved and moved back is nothing');
  });

  test('a change that stands goes out after ten seconds, and each further one as well', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(3 * DAY);
    await settled();
    await act(salon, visit, 'cancel');
    await pass(UNDO);
    assert.equal(sent(visit, 'cancelled').length, 1);
    await act(salon, visit, 'restore');
    await pass(UNDO);
    assert.equal(sent(visit, 'confirmed').length, 2, 'told that it holds again');
  });

  test('what the client does is told at once', async () => {
    const salon = await salonNow();
    const start = iso(Math.ceil((clock.nowS() + 3 * DAY) / (15 * MINUTE)) * 15 * MINUTE);
    const client = { name: 'Cleo', email: `cleo${(count += 1)}@client.example` };
    const { manage_url: url } = expectStatus(await salon.book({ start, client }), 201);
    const token = url.split('/').pop();
    expectStatus(await salon.visitor.post(`/public/manage/${token}/cancel`), 200);
    await settled();
    assert.equal(sent(client, 'cancelled').length, 1);
  });

  test('a client without an address is one whom somebody must tell', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(3 * DAY, { client: { name: 'Walter', phone: '+49 30 9' } });
    assert.deepEqual((await salon.owner.list('/emails/not-told')).length, 0);
    await act(salon, visit, 'cancel');
    const [one] = await salon.owner.list('/emails/not-told');
    assert.equal(one.client.name, 'Walter');
    assert.match(one.why, /no e-mail address/);
    await act(salon, visit, 'restore');
    assert.deepEqual(await salon.owner.list('/emails/not-told'), [], 'undone');
  });
});

describe('after the visit', () => {
  test('what has ended and is not marked is in the list, and nobody completes it unasked', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(HOUR);
    assert.deepEqual(await salon.owner.list('/bookings?unmarked=true'), []);
    await pass(2 * HOUR + 20 * MINUTE);
    const list = await salon.owner.list('/bookings?unmarked=true');
    assert.deepEqual(list.map(({ id }) => id), [visit.id]);
    const history = await rows(salon, `/bookings/${visit.id}/history`);
    assert.ok(history.some(({ action }) => action === 'unmarked'));
    await pass(3 * DAY);
    assert.equal((await salon.owner.list('/bookings?unmarked=true')).length, 1);
    await act(salon, visit, 'no-show');
    assert.deepEqual(await salon.owner.list('/bookings?unmarked=true'), []);
    await pass(DAY);
    assert.equal(sent(visit, 'Thank you').length, 0, 'nobody is thanked for not coming');
  });

  test('it completes by itself where the owner says so, and stock is used once', async () => {
    const salon = await salonNow({
      items: [{ name: 'Dye', on_hand: 100 }],
      services: [{ name: 'Cut', duration_min: 45, price: 4500, materials: [[0, 30]] }],
    });
    const change = { enabled: true, delay_min: 120 };
    expectStatus(await rule(salon, 'visit_completion', change), 200);
    const visit = await salon.visit(HOUR);
    await pass(2 * HOUR + 20 * MINUTE);
    const seen = async () => expectStatus(await salon.owner.get(`/bookings/${visit.id}`), 200);
    assert.equal((await seen()).status, 'confirmed');
    await pass(2 * HOUR);
    assert.equal((await seen()).status, 'completed');
    const item = expectStatus(await salon.owner.get(`/items/${salon.items[0].id}`), 200);
    assert.deepEqual([item.on_hand, item.reserved], [70, 0]);
    const done = (await rows(salon, `/bookings/${visit.id}/history`)).find(
      ({ action }) => action === 'completed',
    );
    assert.equal(done.actor_kind, 'system');
  });

  test('thanks go an hour after the end of a completed visit, once', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(HOUR);
    await pass(HOUR + 50 * MINUTE);
    await act(salon, visit, 'complete');
    await pass(50 * MINUTE);
    assert.equal(sent(visit, 'Thank you').length, 0, 'too early');
    await pass(10 * MINUTE);
    const [mail, ...more] = sent(visit, 'Thank you');
    assert.deepEqual(more, []);
    const rate = mail.text.match(/\/rate\/([\w-]+)/)[1];
    const page = expectStatus(await salon.visitor.get(`/public/rate/${rate}`), 200);
    assert.equal(page.business.name, 'Salon Test');
    expectStatus(await salon.visitor.post(`/public/rate/${rate}`, { stars: 2, comment: 'Cold.' }), 200);
    await settled();
    const low = await salon.owner.list('/ratings?attention=true');
    assert.deepEqual(low.map(({ stars, booking_id: id }) => [stars, id]), [[2, visit.id]]);
    assert.equal(mails().filter((m) => m.to.includes(salon.ownerEmail) && m.subject.includes('2 of 5')).length, 1);
    assert.match(mail.header('list-unsubscribe'), /\/unsubscribe\//);
    await pass(2 * DAY);
    assert.equal(sent(visit, 'Thank you').length, 1);
  });
});

describe('no more such messages', () => {
  test('stops the thanks by one click, and nothing about visits of their own', async () => {
    const salon = await salonNow();
    const first = await salon.visit(HOUR);
    await pass(HOUR + 50 * MINUTE);
    await act(salon, first, 'complete');
    await pass(HOUR);
    const [mail] = sent(first, 'Thank you');
    const url = mail.header('list-unsubscribe').match(/<(http[^>]+)>/)[1];
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(url, { method: 'POST', headers, body: 'List-Unsubscribe=One-Click' });
    assert.equal(answer.status, 200);
    const client = expectStatus(await salon.owner.get(`/clients/${first.client.id}`), 200);
    assert.ok(client.unsubscribed_at);
    const again = await salon.visit(DAY + HOUR, { client: undefined, client_id: first.client.id });
    await pass(2 * HOUR);
    assert.equal(sent(first, 'confirmed').length, 2);
    assert.equal(sent(first, 'Reminder').length, 1, 'about their own visit');
    await pass(DAY + HOUR);
    await act(salon, again, 'complete');
    await pass(2 * HOUR);
    assert.equal(sent(first, 'Thank you').length, 1, 'the first alone');
    const [held] = await log(salon, again, 'follow_up');
    assert.deepEqual([held.status, held.reason], ['suppressed', 'unsubscribed']);
  });
});

describe('forms', () => {
  let salon;
  let visit;
  const asks = (kind) => sent(visit, kind);
  const tokenOf = (mail) => mail.text.match(/\/form\/([\w-]+)/)[1];

  /** A salon whose service asks for a form. */
  before(async () => {
    salon = await salonNow();
    const fields = [{ key: 'agree', label: 'I agree', type: 'consent', required: true }];
    const form = expectStatus(
      await salon.owner.post('/forms', { name: 'Before your visit', kind: 'intake', fields }, { key: true }),
      201,
    );
    const { id } = salon.services[0];
    expectStatus(await salon.owner.patch(`/services/${id}`, { form_ids: [form.id] }), 200);
    salon.form = form;
  });

  test('are asked for with the confirmation, and once more after a day', async () => {
    visit = await salon.visit(5 * DAY);
    await settled();
    assert.equal(asks('fill in a form').length, 1);
    await pass(23 * HOUR);
    assert.equal(asks('your form').length, 0);
    await pass(HOUR + MINUTE);
    assert.equal(asks('your form').length, 1);
    await pass(2 * DAY);
    assert.deepEqual([asks('fill in a form').length, asks('your form').length], [1, 1]);
  });

  test('once filled in, nobody is reminded', async () => {
    visit = await salon.visit(5 * DAY);
    await settled();
    const token = tokenOf(asks('fill in a form')[0]);
    const answers = { agree: true };
    expectStatus(await salon.visitor.post(`/public/forms/${token}`, { answers }), 200);
    await pass(2 * DAY);
    assert.equal(asks('your form').length, 0);
    const list = await salon.owner.list(`/forms/${salon.form.id}/submissions?status=completed`);
    assert.ok(list.some(({ booking_id: id }) => id === visit.id));
  });

  test('nobody is asked for a visit that is off, and again once it is on', async () => {
    expectStatus(await rule(salon, 'form_request', { delay_min: 30 }), 200);
    visit = await salon.visit(5 * DAY);
    await act(salon, visit, 'cancel');
    await pass(HOUR);
    assert.equal(asks('fill in a form').length, 0);
    await act(salon, visit, 'restore');
    await pass(HOUR);
    assert.equal(asks('fill in a form').length, 1);
    await act(salon, visit, 'cancel');
    await pass(2 * DAY);
    assert.equal(asks('your form').length, 0);
  });

  test('a year ahead and back, they are asked for at their time', async () => {
    visit = await salon.visit(5 * DAY);
    await settled();
    const home = clock.nowS();
    clock.advance(365 * DAY);
    await settled();
    assert.equal(asks('fill in a form').length, 0, 'too late by that clock');
    clock.to(iso(home + 10));
    await pass(HOUR);
    assert.equal(asks('fill in a form').length, 1);
    clock.advance(365 * DAY);
    await settled();
    clock.to(iso(home + HOUR + MINUTE));
    await pass(DAY + HOUR);
    assert.equal(asks('your form').length, 1);
  });

  test('two days ahead and back, nobody is reminded before a time that lies behind the visit', async () => {
    visit = await salon.visit(20 * HOUR);
    await pass(HOUR);
    assert.equal(asks('fill in a form').length, 1);
    const home = clock.nowS();
    clock.advance(2 * DAY);
    await settled();
    clock.to(iso(home + 10));
    await settled();
    await pass(HOUR);
    assert.equal(asks('your form').length, 0, 'a day has not gone by');
    await pass(2 * DAY);
    assert.equal(asks('your form').length, 0, 'too late');
  });
});

describe('the owner’s morning', () => {
  test('comes at eight by the local clock, when there is something to say', async () => {
    const salon = await salonNow({ timezone: 'America/New_York' });
    await settled();
    const digests = () =>
      mails().filter((m) => m.to.includes(salon.ownerEmail) && m.subject.includes('your day'));
    const eight = (date) => Date.parse(`${date}T08:00:00-05:00`) / 1000;
    // The Wednesday after this clock's next Sunday in winter time: no change of the clock is near.
    const date = new Date((clock.nowS() + 2 * DAY) * 1000).toISOString().slice(0, 10);
    const zone = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', timeZoneName: 'longOffset' });
    const offset = zone.format(new Date(`${date}T12:00:00Z`)).match(/GMT([+-]\d\d):00/)[1];
    const at = Date.parse(`${date}T08:00:00${offset}:00`) / 1000;
    assert.ok(Number.isFinite(eight(date)));
    clock.to(iso(at - 2 * MINUTE));
    await settled();
    const soFar = digests().length;
    const visit = await salon.visit(6 * HOUR);
    clock.to(iso(at + MINUTE));
    await settled();
    const [mail] = digests().slice(soFar);
    assert.ok(mail, 'a digest with one visit in it');
    assert.match(mail.text, /Today: 1 visit\n/);
    assert.ok(mail.text.includes(visit.client.name), mail.text);
    assert.match(mail.text, /clients? waits? for an answer|Needs a hand|Today/);
    await act(salon, visit, 'cancel');
    clock.to(iso(at + DAY + MINUTE));
    await settled();
    const second = digests().slice(soFar);
    assert.equal(second.length, 2);
    assert.match(second[1].text, /Yesterday: 0 visits completed, 1 cancelled/);
    clock.to(iso(at + 2 * DAY + MINUTE));
    await settled();
    assert.equal(digests().slice(soFar).length, 2, 'nothing to say, nothing said');
  });
});

describe('a pause', () => {
  test('a human answer silences the robot for two days, but not about the visit itself', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(DAY + HOUR);
    await settled();
    const conversation = expectStatus(
      await salon.owner.post('/conversations', { client_id: visit.client.id }, { key: true }),
      200,
    );
    const path = `/conversations/${conversation.id}/messages`;
    expectStatus(await salon.owner.post(path, { body: 'A note', internal_note: true }), 201);
    const client = async () =>
      expectStatus(await salon.owner.get(`/clients/${visit.client.id}`), 200);
    assert.equal((await client()).paused_until, null, 'a note is no answer');
    expectStatus(await salon.owner.post(path, { body: 'See you!' }), 201);
    const until = Date.parse((await client()).paused_until) / 1000;
    assert.ok(Math.abs(until - clock.nowS() - 2 * DAY) < 10);
    await pass(2 * HOUR);
    assert.equal(sent(visit, 'Reminder').length, 0);
    const [held] = await log(salon, visit, 'booking_reminder');
    assert.deepEqual([held.status, held.reason], ['suppressed', 'paused']);
    const start = iso(visit.startS + 3 * DAY);
    expectStatus(await salon.owner.patch(`/bookings/${visit.id}`, { start, override_hours: true }), 200);
    await pass(UNDO);
    assert.equal(sent(visit, 'rescheduled').length, 1, 'a change is told all the same');
  });

  test('the client’s next message ends it', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(DAY + HOUR);
    const conversation = expectStatus(
      await salon.owner.post('/conversations', { client_id: visit.client.id }, { key: true }),
      200,
    );
    const path = `/conversations/${conversation.id}/messages`;
    expectStatus(await salon.owner.post(path, { body: 'See you!' }), 201);
    const words = { name: visit.client.name, email: visit.email.toUpperCase(), message: 'Thanks!' };
    expectStatus(await salon.visitor.post(`/public/${salon.slug}/contact`, words), 202);
    const client = expectStatus(await salon.owner.get(`/clients/${visit.client.id}`), 200);
    assert.equal(client.paused_until, null);
    await pass(2 * HOUR);
    assert.equal(sent(visit, 'Reminder').length, 1);
  });
});

describe('work that fails', () => {
  test('is given up and shown, and tried again when somebody says so', async () => {
    const salon = await salonNow();
    const visit = await salon.visit(5 * DAY);
    await sql(
      server,
      'INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, booking_id, status, anchor_s,' +
        ` due_s, created_s) VALUES (${salon.workspace.id}, 4711, 'unheard_of', ${visit.id}, '',` +
        ` ${visit.id}, 'waiting', 0, 0, 0)`,
    );
    const [parked] = await eventually('it is given up', async () => {
      const list = await salon.owner.list('/jobs');
      return list.length === 1 && list;
    });
    assert.deepEqual([parked.kind, parked.status, parked.booking_id], ['unheard_of', 'parked', visit.id]);
    assert.match(parked.last_error, /does not know/);
    await sql(server, "UPDATE job SET kind = 'visit_completion' WHERE id = 4711");
    const again = expectStatus(await salon.owner.post('/jobs/4711/retry'), 200);
    assert.equal(again.status, 'waiting');
    await settled();
    assert.deepEqual(await salon.owner.list('/jobs'), []);
    expectProblem(await salon.owner.post('/jobs/4711/retry'), 409, 'invalid_transition');
  });
});

describe('work that ends its program each time', () => {
  test('is given up without being begun once more', async () => {
    const salon = await salonNow();
    await sql(
      server,
      'INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, status, anchor_s, due_s,' +
        ` attempts, created_s) VALUES (${salon.workspace.id}, 4712, 'visit_completion', 1, '',` +
        " 'waiting', 0, 0, 8, 0)",
    );
    const [parked] = await eventually('it is given up', async () => {
      const list = await salon.owner.list('/jobs');
      return list.length === 1 && list;
    });
    assert.match(parked.last_error, /never came to an end/);
  });
});

describe('a clock that jumps', () => {
  let salon;
  let visits;
  const reminders = () => visits.map((visit) => sent(visit, 'Reminder').length);

  test('a year ahead and back: nothing is lost, early by the right clock, or said twice', async () => {
    salon = await salonNow();
    visits = [await salon.visit(2 * DAY), await salon.visit(3 * DAY)];
    await settled();
    const home = clock.nowS();
    clock.advance(365 * DAY);
    await settled();
    assert.deepEqual(reminders(), [0, 0], 'too late by that clock');
    clock.to(iso(home + 10));
    await settled();
    await pass(DAY + HOUR);
    assert.deepEqual(reminders(), [1, 0]);
    await pass(DAY);
    assert.deepEqual(reminders(), [1, 1]);
  });

  test('a year ahead and back: no visit to come is completed, and a late yes is reminded of', async () => {
    const own = await salonNow({ policy: { auto_confirm: false, max_advance_days: 700, min_notice_min: 0, session_idle_min: 43200 } });
    expectStatus(await rule(own, 'visit_completion', { enabled: true }), 200);
    const visit = await own.visit(3 * DAY);
    const start = iso(Math.ceil((clock.nowS() + 2 * DAY + 3 * HOUR) / (15 * MINUTE)) * 15 * MINUTE);
    const client = { name: 'Pia', email: `pia${(count += 1)}@client.example` };
    const pending = expectStatus(await own.book({ start, client }), 201).booking;
    await settled();
    const home = clock.nowS();
    clock.advance(365 * DAY);
    await settled();
    clock.to(iso(home + 10));
    await settled();
    const now = expectStatus(await own.owner.get(`/bookings/${visit.id}`), 200);
    assert.equal(now.status, 'confirmed');
    await act(own, pending, 'confirm');
    await pass(DAY + 4 * HOUR);
    assert.equal(sent(client, 'Reminder').length, 1);
    await pass(DAY);
    assert.equal(sent(visit, 'Reminder').length, 1);
  });

  test('back by a day, an hour and a second: what went is not sent again', async () => {
    for (const seconds of [DAY, HOUR, 1]) {
      clock.advance(-seconds);
      await settled();
      clock.advance(seconds);
      await settled();
    }
    assert.deepEqual(reminders(), [1, 1]);
  });

  test('killed in the middle of its work, it does each thing once', async () => {
    const many = [];
    for (let i = 0; i < 12; i += 1) many.push(await salon.visit(DAY + (4 + i) * HOUR));
    visits = many;
    await settled();
    clock.advance(DAY);
    for (let i = 0; i < 4; i += 1) {
      await new Promise((done) => setTimeout(done, 150 * (i + 1)));
      await server.kill();
      await server.restart();
    }
    clock.advance(2 * MINUTE); // leases of the dead run out
    await settled();
    const due = visits.filter(({ startS }) => startS - DAY <= clock.nowS() - 5);
    assert.ok(due.length >= 2, `${due.length} are due`);
    for (const visit of due) {
      const rows = await log(salon, visit, 'booking_reminder');
      assert.equal(rows.length, 1, visit.email);
      assert.equal(sent(visit, 'Reminder').length, 1, visit.email);
    }
  });
});
