// SPDX-License-Identifier: AGPL-3.0-or-later
// What clients say after their visit: by the link of a letter, once a visit, to the owner and, where they agree, to all; and clients who want no more letters.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Client, expectProblem, expectStatus } from '../lib/client.mjs';
import { mailGone, sql } from '../lib/contents.mjs';
import { feedbackLink, pastVisit, rated } from '../lib/feedback.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const DAY_S = 24 * 3600;
const expectInvalid = (answer, paths) => {
  const problem = expectProblem(answer, 422, 'validation_failed');
  assert.deepEqual(problem.errors.map(({ path }) => path), paths);
};

describe('after a visit', () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });

  const letters = async (salon) => {
    await mailGone(server);
    return (await salon.owner.list('/emails')).filter(({ kind }) => kind === 'owner_low_rating');
  };
  const page = async (salon) => expectStatus(await salon.visitor.get(`/public/${salon.slug}`), 200);
  const ratings = (salon, query = '') => salon.owner.list(`/ratings${query}`);

  test('the link shows the visit, and nothing else of the business', async () => {
    const salon = await makeSalon(server);
    const visit = await pastVisit(salon);
    const view = expectStatus(await salon.visitor.get(`/public/rate/${await feedbackLink(server, visit)}`), 200);
    assert.deepEqual(
      [view.business.name, view.business.timezone, view.start, view.services, view.staff_name, view.can_rate, view.change_until, view.rating],
      ['Salon Test', 'Europe/Paris', visit.start, ['Cut'], 'Ann', true, null, null],
    );
    assert.equal(view.local.slice(0, 16), visit.local.slice(0, 16));
    assert.doesNotMatch(JSON.stringify(view), /cleo|notes|price/i);
  });

  test('an invented link opens nothing, and neither does one of another kind', async () => {
    const salon = await makeSalon(server);
    const token = await feedbackLink(server, await pastVisit(salon));
    const [slot] = await salon.slots();
    const manage = expectStatus(await salon.book({ start: slot.start }), 201).manage_url.split('/').pop();
    for (const wrong of ['x', token.slice(1), `${token}A`, token.toLowerCase(), manage]) {
      for (const kind of ['rate', 'unsubscribe']) {
        expectProblem(await salon.visitor.get(`/public/${kind}/${wrong}`), 404, 'not_found');
        expectProblem(await salon.visitor.post(`/public/${kind}/${wrong}`, kind === 'rate' ? { stars: 1 } : {}), 404, 'not_found');
      }
    }
    expectProblem(await salon.visitor.get(`/public/manage/${token}`), 404, 'not_found');
    assert.equal((await sql(server, `SELECT COUNT(*) FROM feedback_link WHERE token_hash = '${token}'`))[0], '0', 'the token itself is nowhere');
  });

  test('a rating is given, and changed by the same link or another, for 30 days', async () => {
    const salon = await makeSalon(server);
    const { visit, path, view } = await rated(server, salon, { stars: 5, comment: ' Lovely.\r\nTruly. ', may_show: true });
    assert.deepEqual([view.rating.stars, view.rating.comment, view.rating.may_show], [5, 'Lovely.\nTruly.', true]);
    assert.equal(Date.parse(view.change_until) - Date.parse(view.rating.at), 30 * DAY_S * 1000);
    assert.deepEqual(expectStatus(await salon.visitor.get(path), 200), view);

    const other = `/public/rate/${await feedbackLink(server, visit)}`;
    const changed = expectStatus(await salon.visitor.post(other, { stars: 4 }), 200);
    assert.deepEqual([changed.rating.stars, changed.rating.comment, changed.rating.may_show], [4, '', false]);
    assert.equal(changed.change_until, view.change_until, 'the days count from the first answer');
    assert.equal((await ratings(salon)).length, 1);

    await sql(server, `UPDATE rating SET created_s = created_s - ${31 * DAY_S} WHERE booking_id = ${visit.id}`);
    const late = expectStatus(await salon.visitor.get(path), 200);
    assert.deepEqual([late.can_rate, late.rating.stars], [false, 4]);
    const problem = expectProblem(await salon.visitor.post(path, { stars: 1 }), 409, 'invalid_transition');
    assert.match(problem.detail, /could be changed until \d{4}-\d\d-\d\d\. It stays/);
  });

  test('what is no rating is refused field by field', async () => {
    const salon = await makeSalon(server);
    const path = `/public/rate/${await feedbackLink(server, await pastVisit(salon))}`;
    for (const stars of [0, 6, -1, '5', 4.5, null]) expectInvalid(await salon.visitor.post(path, { stars }), ['stars']);
    expectInvalid(await salon.visitor.post(path, {}), ['stars']);
    expectInvalid(await salon.visitor.post(path, { stars: 5, comment: 'x'.repeat(2001) }), ['comment']);
    expectInvalid(await salon.visitor.post(path, { stars: 5, shown: true }), ['shown']);
    expectStatus(await salon.visitor.post(path, { stars: 5, comment: '\u{1F600}'.repeat(2000) }), 200);
  });

  test('only a visit that has taken place is rated', async () => {
    const salon = await makeSalon(server);
    const visit = await pastVisit(salon, { complete: false });
    const path = `/public/rate/${await feedbackLink(server, visit)}`;
    assert.equal(expectStatus(await salon.visitor.get(path), 200).can_rate, false);
    assert.match(expectProblem(await salon.visitor.post(path, { stars: 5 }), 409, 'invalid_transition').detail, /once it has taken place/);
    expectStatus(await salon.owner.post(`/bookings/${visit.id}/no-show`), 200);
    assert.match(expectProblem(await salon.visitor.post(path, { stars: 1 }), 409, 'invalid_transition').detail, /did not take place/);
    assert.deepEqual(await ratings(salon), []);
  });

  test('a visit that was handed to another client is no more the first one\'s to rate', async () => {
    const salon = await makeSalon(server);
    const visit = await pastVisit(salon);
    const token = await feedbackLink(server, visit);
    const { id } = expectStatus(await salon.owner.post('/clients', { name: 'Dora', email: 'dora@client.example' }), 201);
    expectStatus(await salon.owner.patch(`/bookings/${visit.id}`, { client_id: id }), 200);
    expectProblem(await salon.visitor.get(`/public/rate/${token}`), 404, 'not_found');
    expectProblem(await salon.visitor.post(`/public/rate/${token}`, { stars: 1 }), 404, 'not_found');
    expectStatus(await salon.visitor.get(`/public/unsubscribe/${token}`), 200);
  });

  test('several answers at one moment make one rating, and the total is right', async () => {
    const salon = await makeSalon(server);
    const path = `/public/rate/${await feedbackLink(server, await pastVisit(salon))}`;
    const answers = await Promise.all([1, 2, 3, 4, 5].map((stars) => new Client(server.baseUrl).post(path, { stars })));
    answers.forEach((answer) => expectStatus(answer, 200));
    const [only, ...more] = await ratings(salon);
    assert.deepEqual(more, []);
    const { ratings: shown } = await page(salon);
    assert.deepEqual([shown.count, shown.average_tenths], [1, only.stars * 10]);
  });

  test('the owner hears once of a rating that is low, or becomes so', async () => {
    const salon = await makeSalon(server);
    const first = await rated(server, salon, { stars: 2, comment: 'Too hot.\n<b>Too</b> long.' });
    let [letter, ...more] = await letters(salon);
    assert.deepEqual([letter.to, letter.booking_id, more], [salon.ownerEmail, first.visit.id, []]);
    assert.equal(letter.subject, 'Cleo Client gave 2 of 5 stars');
    const mail = await server.waitForMail((one) => one.to.includes(salon.ownerEmail) && /of 5 stars/.test(one.subject));
    assert.match(mail.text, /> Too hot\.\r?\n> <b>Too<\/b> long\./);
    expectStatus(await salon.visitor.post(first.path, { stars: 1 }), 200);
    expectStatus(await salon.visitor.post(first.path, { stars: 5 }), 200);
    expectStatus(await salon.visitor.post(first.path, { stars: 3 }), 200);
    assert.equal((await letters(salon)).length, 1, 'once a rating');

    const second = await rated(server, salon, { stars: 5 });
    assert.equal((await letters(salon)).length, 1, 'nobody is told of five stars');
    expectStatus(await salon.visitor.post(second.path, { stars: 2 }), 200);
    [letter, ...more] = await letters(salon);
    assert.deepEqual([letter.booking_id, more.length], [second.visit.id, 1]);
  });

  test('what waits for the owner is listed until somebody has handled it', async () => {
    const salon = await makeSalon(server);
    const low = await rated(server, salon, { stars: 3, comment: 'So so.' });
    await rated(server, salon, { stars: 4 });
    const [waiting, ...more] = await ratings(salon, '?attention=true');
    assert.deepEqual([waiting.booking_id, waiting.handled_at, more], [low.visit.id, null, []]);
    assert.deepEqual([waiting.client, waiting.staff, waiting.services], [
      { id: low.visit.client.id, name: 'Cleo Client' },
      { id: salon.staff[0].id, name: 'Ann' },
      ['Cut'],
    ]);
    const at = `/ratings/${waiting.id}`;
    const handled = expectStatus(await salon.owner.patch(at, { handled: true }, { headers: { 'If-Match': `"${waiting.version}"` } }), 200);
    assert.deepEqual([handled.handled_by, handled.version], ['Olive Owner', waiting.version + 1]);
    assert.ok(handled.handled_at);
    expectProblem(await salon.owner.patch(at, { handled: false }, { headers: { 'If-Match': `"${waiting.version}"` } }), 412, 'stale_version');
    assert.deepEqual(await ratings(salon, '?attention=true'), []);
    assert.deepEqual(expectStatus(await salon.owner.patch(at, { handled: true }), 200), handled, 'twice is once');

    expectStatus(await salon.visitor.post(low.path, { stars: 3, comment: 'Well.' }), 200);
    assert.deepEqual(await ratings(salon, '?attention=true'), [], 'other words alone open nothing');
    expectStatus(await salon.visitor.post(low.path, { stars: 2 }), 200);
    assert.equal((await ratings(salon, '?attention=true')).length, 1, 'less than before waits again');
    const audit = expectStatus(await salon.owner.get(`/audit?entity=rating&entity_id=${waiting.id}`), 200).data;
    assert.deepEqual(audit.map(({ action, actor_kind: who }) => `${action} by ${who}`).reverse(), ['created by client', 'decided by owner', 'changed by client', 'changed by client']);
  });

  test('lists go newest first, by person, in pages', async () => {
    const salon = await makeSalon(server);
    const visits = [];
    for (const stars of [1, 2, 3, 4, 5]) {
      const who = { staff_id: salon.staff[stars % 2].id };
      visits.push((await rated(server, salon, { stars }, who)).visit);
    }
    const ids = (list) => list.map(({ booking_id: id }) => id);
    const all = visits.map(({ id }) => id).reverse();
    assert.deepEqual(ids(await ratings(salon)), all);
    const first = expectStatus(await salon.owner.get('/ratings?limit=2'), 200);
    const rest = expectStatus(await salon.owner.get(`/ratings?limit=200&cursor=${first.next_cursor}`), 200);
    assert.deepEqual([...ids(first.data), ...ids(rest.data)], all);
    assert.equal(rest.next_cursor, null);
    assert.deepEqual(ids(await ratings(salon, `?staff_id=${salon.staff[1].id}`)), [visits[4], visits[2], visits[0]].map(({ id }) => id));
    assert.deepEqual(ids(await ratings(salon, `?staff_id=${salon.staff[1].id}&attention=true`)), [visits[2], visits[0]].map(({ id }) => id));
    assert.deepEqual(await ratings(salon, '?staff_id=none'), []);
    expectProblem(await salon.owner.get('/ratings?cursor=x'), 422, 'validation_failed');
  });

  test('the page shows an honest average, and the words of those who agreed', async () => {
    const salon = await makeSalon(server);
    assert.equal((await page(salon)).ratings, null);
    await rated(server, salon, { stars: 1, comment: 'Never again.', may_show: true });
    const good = await rated(server, salon, { stars: 5, comment: 'Lovely.', may_show: true });
    await rated(server, salon, { stars: 5, comment: 'Not for all.' });
    const odd = { name: 'www.spam.example buy', email: 'x@client.example' };
    await rated(server, salon, { stars: 4, may_show: true }, { client: odd });
    const { ratings: shown } = await page(salon);
    assert.deepEqual([shown.count, shown.average_tenths], [4, 38]);
    assert.deepEqual(shown.recent.map(({ stars, comment, name }) => [stars, comment, name]), [
      [4, '', null],
      [5, 'Lovely.', 'Cleo'],
    ]);
    assert.match(shown.recent[0].date, /^\d{4}-\d\d-\d\d$/);
    assert.doesNotMatch(JSON.stringify(shown), /Client|spam|again|Not for/);

    const { id } = (await ratings(salon)).find(({ booking_id: visit }) => visit === good.visit.id);
    assert.equal(expectStatus(await salon.owner.patch(`/ratings/${id}`, { shown: false }), 200).shown, false);
    assert.equal((await page(salon)).ratings.recent.length, 1);
    assert.equal((await page(salon)).ratings.average_tenths, 38, 'hiding changes no average');
    expectStatus(await salon.visitor.post(good.path, { stars: 5, comment: 'Lovely!', may_show: true }), 200);
    assert.equal((await page(salon)).ratings.recent.length, 1, 'the owner\'s word stays');
    assert.equal(expectStatus(await salon.owner.patch(`/ratings/${id}`, { shown: true }), 200).shown, true);
    expectStatus(await salon.visitor.post(good.path, { stars: 5 }), 200);
    assert.equal((await page(salon)).ratings.recent.length, 1, 'the client has taken it back');
  });

  test('the owner shows nothing against its client\'s will, and nothing low', async () => {
    const salon = await makeSalon(server);
    await rated(server, salon, { stars: 5 });
    await rated(server, salon, { stars: 3, may_show: true });
    const [low, silent] = await ratings(salon);
    assert.deepEqual([low.may_show, low.shown, silent.may_show, silent.shown], [false, false, false, false]);
    assert.match(expectProblem(await salon.owner.patch(`/ratings/${low.id}`, { shown: true }), 409, 'invalid_transition').detail, /4 or 5 stars/);
    assert.match(expectProblem(await salon.owner.patch(`/ratings/${silent.id}`, { shown: true }), 409, 'invalid_transition').detail, /not agreed/);
  });

  test('the page shows the newest ten', async () => {
    const salon = await makeSalon(server);
    for (let i = 0; i < 12; i += 1) await rated(server, salon, { stars: 5, comment: `No. ${i}`, may_show: true });
    const { ratings: shown } = await page(salon);
    assert.deepEqual([shown.count, shown.recent.map(({ comment }) => comment)], [12, Array.from({ length: 10 }, (_, i) => `No. ${11 - i}`)]);
  });

  test('only an owner reads ratings, and only their own', async () => {
    const [salon, other] = [await makeSalon(server), await makeSalon(server)];
    await rated(server, salon, { stars: 2 });
    const [{ id }] = await ratings(salon);
    expectProblem(await salon.visitor.get('/ratings'), 401, 'not_signed_in');
    assert.deepEqual(await ratings(other), []);
    expectProblem(await other.owner.get(`/ratings/${id}`), 404, 'not_found');
    expectProblem(await other.owner.patch(`/ratings/${id}`, { handled: true }), 404, 'not_found');
  });

  describe('a client who wants no more letters', () => {
    const since = async (visit) => (await sql(server, `SELECT COALESCE(unsubscribed_s, 0) FROM client WHERE id = ${visit.client.id}`))[0];

    test('says so, and takes it back, by the link alone', async () => {
      const salon = await makeSalon(server);
      const visit = await pastVisit(salon);
      const path = `/public/unsubscribe/${await feedbackLink(server, visit)}`;
      const view = expectStatus(await salon.visitor.get(path), 200);
      assert.deepEqual([view.business.name, view.subscribed], ['Salon Test', true]);
      assert.equal(expectStatus(await salon.visitor.post(path), 200).subscribed, false);
      const first = await since(visit);
      assert.notEqual(first, '0');
      assert.equal(expectStatus(await salon.visitor.post(path, { subscribed: false }), 200).subscribed, false);
      assert.equal(await since(visit), first, 'twice is once');
      assert.equal(expectStatus(await salon.visitor.get(path), 200).subscribed, false);
      assert.equal(expectStatus(await salon.visitor.post(path, { subscribed: true }), 200).subscribed, true);
      assert.equal(await since(visit), '0');
      const audit = expectStatus(await salon.owner.get(`/audit?entity=client&entity_id=${visit.client.id}`), 200).data;
      const told = audit.filter(({ action }) => action.endsWith('subscribed')).reverse();
      assert.deepEqual(told.map(({ action, actor_kind: who }) => [action, who]), [['unsubscribed', 'client'], ['subscribed', 'client']]);
    });

    test('is heard by one click of a mail program, on the API and on the page', async () => {
      const salon = await makeSalon(server);
      const visit = await pastVisit(salon);
      const token = await feedbackLink(server, visit);
      const multipart = new FormData();
      multipart.set('List-Unsubscribe', 'One-Click');
      for (const path of [`/unsubscribe/${token}`, `/api/v1/public/unsubscribe/${token}`]) {
        for (const body of [new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), multipart]) {
          expectStatus(await salon.visitor.post(`/public/unsubscribe/${token}`, { subscribed: true }), 200);
          const answer = await fetch(server.baseUrl + path, { method: 'POST', body, headers: { Origin: 'https://mail.example', 'Sec-Fetch-Site': 'cross-site' } });
          assert.equal(answer.status, 200, await answer.text());
          assert.notEqual(await since(visit), '0', path);
        }
      }
    });

    test('is not taken for one by other bodies', async () => {
      const salon = await makeSalon(server);
      const visit = await pastVisit(salon);
      const token = await feedbackLink(server, visit);
      const url = `${server.baseUrl}/api/v1/public/unsubscribe/${token}`;
      const post = async (type, body) => (await fetch(url, { method: 'POST', body, headers: { 'Content-Type': type } })).status;
      assert.equal(await post('application/x-www-form-urlencoded', 'a=b'), 422);
      assert.equal(await post('multipart/form-data; boundary=x', '--x--'), 422);
      assert.equal(await post('text/plain', 'List-Unsubscribe=One-Click'), 415);
      assert.equal(await post('application/json', '{'), 400);
      assert.equal(await post('application/json', '{"subscribed": 1}'), 422);
      assert.equal(await post('application/json', '{"all": true}'), 422);
      assert.equal(await post('application/json', `{"subscribed": true${' '.repeat(9000)}}`), 413);
      assert.equal(await since(visit), '0');
    });
  });

  test('the words of the API cannot be a business\'s address', async () => {
    const salon = await makeSalon(server);
    for (const slug of ['rate', 'unsubscribe']) expectProblem(await salon.owner.patch('/workspace', { slug }), 409, 'already_exists');
  });
});
