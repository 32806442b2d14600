// SPDX-License-Identifier: AGPL-3.0-or-later
// One client at a glance, and who may be the same person.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { pastVisit, rated } from '../lib/feedback.mjs';
import { askForm, makeForm } from '../lib/forms.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

describe('a client at a glance', () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });
  const overview = async (salon, id) => expectStatus(await salon.owner.get(`/clients/${id}/overview`), 200);
  const add = async (salon, body) => expectStatus(await salon.owner.post('/clients', body), 201);

  test('nothing is zero and null for who has done nothing yet', async () => {
    const salon = await makeSalon(server);
    const client = await add(salon, { name: 'New Here' });
    assert.deepEqual(await overview(salon, client.id), {
      ...{ client, conversation_id: null, duplicates: [], forms: { pending: 0, completed: 0 }, ratings: { count: 0, average: null } },
      spend: { completed: 0, currency: 'EUR', since: null },
      visits: { total: 0, upcoming: 0, completed: 0, cancelled: 0, no_show: 0, next: null, last: null },
    });
    expectProblem(await salon.owner.get('/clients/1/overview'), 404, 'not_found');
  });

  test('visits, spend, ratings, forms and the conversation are counted', async () => {
    const salon = await makeSalon(server);
    const { owner, services } = salon;
    const cleo = await add(salon, { name: 'Cleo', email: 'cleo@c.example' });
    const mine = { client_id: cleo.id };
    const older = (await rated(server, salon, { stars: 5 }, mine)).visit;
    const old = (await rated(server, salon, { stars: 4 }, mine)).visit;
    await rated(server, salon, { stars: 4 }, mine);
    const missed = await pastVisit(salon, { ...mine, complete: false });
    expectStatus(await owner.post(`/bookings/${missed.id}/no-show`), 200);
    const slots = await salon.slots();
    const coming = [];
    for (const at of [9, 0, 5]) {
      const { body } = await owner.post('/bookings', { service_ids: [services[0].id], start: slots[at].start, ...mine });
      coming.push(body);
    }
    expectStatus(await owner.post(`/bookings/${coming[0].id}/cancel`), 200);
    await askForm(server, await makeForm(owner), coming[1]);
    const talk = expectStatus(await owner.post('/conversations', { client_id: cleo.id }), 200);
    const other = await pastVisit(salon);
    const seen = await overview(salon, cleo.id);
    assert.deepEqual({ ...seen.visits, next: seen.visits.next.id, last: seen.visits.last.id }, {
      ...{ total: 7, upcoming: 2, completed: 3, cancelled: 1, no_show: 1, next: coming[1].id },
      last: [older, old].map(({ start, id }) => [start, id]).sort().at(-1)[1],
    });
    assert.deepEqual([seen.visits.next.services, seen.visits.next.staff_name !== '', seen.visits.next.start], [['Cut'], true, coming[1].start]);
    assert.deepEqual([seen.spend.completed, seen.spend.currency], [3 * 4500, 'EUR']);
    assert.ok(seen.spend.since <= old.start);
    assert.deepEqual(seen.ratings, { count: 3, average: 4.33 });
    assert.deepEqual(seen.forms, { pending: 1, completed: 0 });
    assert.equal(seen.conversation_id, talk.id);
    const ratings = await owner.list(`/ratings?client_id=${cleo.id}`);
    assert.deepEqual(ratings.map(({ stars, client }) => [stars, client.id]), [[4, cleo.id], [4, cleo.id], [5, cleo.id]]);
    assert.deepEqual(await owner.list(`/ratings?client_id=${other.client.id}`), []);
    assert.deepEqual(await owner.list('/ratings?client_id=x'), []);
  });

  test('who may be the same person is named, with the reason, and nobody else', async () => {
    const salon = await makeSalon(server);
    const ana = await add(salon, { name: 'Ana García', email: 'ana.garcia@mail.example', phone: '+34 612 345 678' });
    const [phone, mail, name] = [
      await add(salon, { name: 'A. G.', phone: '612 34 56 78' }),
      await add(salon, { name: 'Anita', email: 'anagarcia@mail.example' }),
      await add(salon, { name: 'ANA GARCIA', email: 'other@mail.example' }),
    ];
    await add(salon, { name: 'Ana García Lopez' });
    await add(salon, { name: 'Ana' });
    await add(salon, { name: 'Ana', phone: '612' });
    const { duplicates } = await overview(salon, ana.id);
    assert.deepEqual(
      duplicates.map(({ id, why }) => [id, why]),
      [[mail.id, 'similar_email'], [phone.id, 'same_phone'], [name.id, 'same_name']],
    );
    assert.deepEqual(duplicates[1], { id: phone.id, name: 'A. G.', email: null, phone: '612 34 56 78', why: 'same_phone' });
  });

  test('staff who may see clients see no ratings here', async () => {
    const salon = await makeSalon(server);
    const cleo = await add(salon, { name: 'Cleo' });
    const made = expectStatus(await salon.owner.post('/tokens', { name: 'x', scopes: ['clients'] }), 201);
    const token = new salon.owner.constructor(server.baseUrl, { token: made.token ?? made.secret });
    const seen = expectStatus(await token.get(`/clients/${cleo.id}/overview`), 200);
    assert.equal('ratings' in seen, false);
    assert.equal(seen.client.id, cleo.id);
  });
});
