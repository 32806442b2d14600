// SPDX-License-Identifier: AGPL-3.0-or-later
// What a member of staff sees of the people and the visits that are theirs: contact details where
// the owner allows them, their own record, and what becomes of visits whose person is gone.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { eventually } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { readContract, signInAsStaff } from './contract_check.mjs';

const ADA = { name: 'Ada Client', email: 'ada@client.example', phone: '+33 1 2345 6789' };

describe('what is their own', () => {
  let server;
  let contract;
  let salon;
  let owner;
  let ann;
  let bob;
  let booking; // Ann's, for Ada

  before(async (t) => {
    server = await startServer(t);
    contract = await readContract(server);
    salon = await makeSalon(server, {
      staff: ['Ann', 'Bob', 'Cid'],
      services: [
        { name: 'Cut', duration_min: 30, price: 3000 },
        { name: 'Beard', duration_min: 30, price: 2000 },
      ],
    });
    owner = Object.assign(contract.client(), { cookies: salon.owner.cookies });
    ann = await signInAsStaff(contract, salon.staff[0]);
    bob = await signInAsStaff(contract, salon.staff[1]);
    const [slot] = await salon.slots({ staff_id: salon.staff[0].id });
    booking = await book(0, slot.start);
  });

  async function book(person, start, services = [salon.services[0].id]) {
    const staffId = salon.staff[person].id;
    const visit = { service_ids: services, staff_id: staffId, start, client: ADA };
    return expectStatus(await owner.post('/bookings', visit), 201);
  }

  const patchMember = async (person, body) =>
    expectStatus(await owner.patch(`/staff/${salon.staff[person].id}`, body), 200);
  const unstaffed = async (client, query = '') =>
    (await client.list(`/bookings?unstaffed=true${query}`)).map(({ id }) => id);

  test("a client's name and the notes are the stylist's to see; phone and e-mail where the owner allows it", async () => {
    const paths = [`/bookings/${booking.id}`, '/bookings', `/bookings/${booking.id}/history`];
    const told = async (client) => {
      let text = '';
      for (const path of paths) text += (await client.get(path)).text;
      return [ADA.name, ADA.email, ADA.phone].map((word) => text.includes(word));
    };
    const keys = (view) => Object.keys(view.client).sort();
    assert.deepEqual(await told(ann), [true, false, false]);
    assert.deepEqual(keys((await ann.get(paths[0])).body), ['id', 'name']);

    const shown = { staff_see_contacts: true };
    const on = expectStatus(await owner.patch('/workspace', shown), 200);
    assert.equal(on.staff_see_contacts, true);
    assert.deepEqual(await told(ann), [true, true, true]);
    assert.deepEqual(keys((await ann.get(paths[0])).body), ['email', 'id', 'name', 'phone']);
    expectProblem(await ann.get('/clients'), 403, 'forbidden');
    const change = { client: { phone: '+1 222 3333' } };
    expectProblem(await ann.patch(paths[0], change), 403, 'forbidden');
    expectProblem(await ann.patch('/workspace', { staff_see_contacts: false }), 403, 'forbidden');

    expectStatus(await owner.patch('/workspace', { staff_see_contacts: false }), 200);
    assert.deepEqual(await told(ann), [true, false, false]);
    for (const permission of ['bookings', 'clients']) {
      await patchMember(0, { permissions: [permission] });
      assert.deepEqual(await told(ann), [true, true, true], permission);
    }
    await patchMember(0, { permissions: ['inbox', 'inventory', 'reports'] });
    assert.deepEqual(await told(ann), [true, false, false]);
    await patchMember(0, { permissions: [] });
    assert.deepEqual(await told(owner), [true, true, true]);
  });

  test('a member reads their own record, hours and time off; a colleague looks absent', async () => {
    const off = { start: '2030-01-01T08:00:00Z', end: '2030-01-02T08:00:00Z', reason: 'rest' };
    expectStatus(await owner.post(`/staff/${salon.staff[0].id}/time-off`, off), 201);
    for (const part of ['', '/hours', '/time-off']) {
      const own = expectStatus(await ann.get(`/staff/${salon.staff[0].id}${part}`), 200);
      assert.deepEqual(own, (await owner.get(`/staff/${salon.staff[0].id}${part}`)).body);
      const theirs = expectProblem(await bob.get(`/staff/${salon.staff[0].id}${part}`), 404);
      const absent = expectProblem(await bob.get(`/staff/1${part}`), 404);
      assert.equal(theirs.detail, absent.detail);
    }
    expectProblem(await ann.get('/staff'), 403, 'forbidden');
  });

  test('what the owner takes away is gone at the next request', async () => {
    await patchMember(1, { permissions: ['bookings', 'clients'] });
    assert.ok((await bob.list('/bookings')).some(({ id }) => id === booking.id));
    expectStatus(await bob.get('/clients'), 200);
    await patchMember(1, { permissions: [] });
    const started = performance.now();
    assert.deepEqual(await bob.list('/bookings'), []);
    expectProblem(await bob.get(`/bookings/${booking.id}`), 404);
    expectProblem(await bob.get('/clients'), 403, 'forbidden');
    assert.ok(performance.now() - started < 1000);
    const table = await bob.get('/bookings/export.csv');
    assert.equal(table.status, 200);
    assert.ok(!table.text.includes(booking.id), 'a table has what the list has');
  });

  test('future visits whose person is gone, or no longer does them, are listed and can be moved', async () => {
    const [cut, beard] = salon.services.map(({ id }) => id);
    const free = await salon.slots({ staff_id: salon.staff[2].id });
    const cids = await book(2, free[0].start);
    const both = await book(2, free[4].start, [cut, beard]);
    const gone = await book(2, free[8].start);
    const past = { service_ids: [cut], staff_id: salon.staff[2].id, client: ADA };
    const yesterday = new Date(Date.now() - 26 * 3600 * 1000).toISOString().slice(0, 13);
    expectStatus(await owner.post('/bookings', { ...past, start: `${yesterday}:00:00Z` }), 201);
    expectStatus(await owner.post(`/bookings/${gone.id}/cancel`), 200);
    assert.deepEqual(await unstaffed(owner), []);

    await patchMember(2, { service_ids: [cut] });
    assert.deepEqual(await unstaffed(owner), [both.id], 'Cid no longer does beards');
    await patchMember(2, { service_ids: [cut, beard] });
    assert.deepEqual(await unstaffed(owner), []);

    const path = `/staff/${salon.staff[2].id}`;
    const left = expectStatus(await owner.post(`${path}/deactivate`), 200).bookings_left;
    assert.deepEqual(
      left.map(({ id }) => id),
      [cids.id, both.id],
    );
    assert.deepEqual(await unstaffed(owner), [cids.id, both.id], 'neither past nor cancelled ones');
    assert.deepEqual(await unstaffed(owner, `&staff_id=${salon.staff[2].id}`), [cids.id, both.id]);
    assert.deepEqual(await unstaffed(owner, `&staff_id=${salon.staff[0].id}`), []);
    assert.deepEqual(await unstaffed(owner, '&status=pending'), []);
    const page = expectStatus(await owner.get('/bookings?unstaffed=true&limit=1'), 200);
    assert.equal(page.data[0].id, cids.id);
    const next = `/bookings?unstaffed=true&limit=1&cursor=${page.next_cursor}`;
    const { data, next_cursor: end } = expectStatus(await owner.get(next), 200);
    assert.deepEqual([data.map(({ id }) => id), end], [[both.id], null]);

    assert.deepEqual(await unstaffed(bob), [], 'they are not his');
    await patchMember(1, { permissions: ['bookings'] });
    assert.deepEqual(await unstaffed(bob), [cids.id, both.id]);
    for (const { id } of [cids, both]) {
      const moved = await bob.patch(`/bookings/${id}`, { staff_id: salon.staff[1].id });
      assert.equal(expectStatus(moved, 200).staff_id, salon.staff[1].id);
    }
    assert.deepEqual(await unstaffed(owner), []);
    expectStatus(await owner.post(`${path}/reactivate`), 200);
  });

  test('whoever is switched off is written to no more', async () => {
    const { id, email } = salon.staff[2];
    const visits = [];
    for (const slot of (await salon.slots({ staff_id: id })).slice(-9).filter((_, i) => i % 4 === 0))
      visits.push(await book(2, slot.start));
    const letters = async () => {
      const waiting = () => owner.list('/emails?status=queued');
      await eventually('no mail waits', async () => (await waiting()).length === 0, 25_000);
      return server.mail().filter(({ to }) => to.includes(email)).length;
    };
    const before = await letters();
    expectStatus(await owner.post(`/bookings/${visits[0].id}/cancel`), 200);
    assert.equal(await letters(), before + 1, 'who is at work is told');
    expectStatus(await owner.post(`/staff/${id}/deactivate`), 200);
    expectStatus(await owner.post(`/bookings/${visits[1].id}/cancel`), 200);
    assert.equal(await letters(), before + 1);
    expectStatus(await owner.post(`/staff/${id}/reactivate`), 200);
  });

  test('every answer in this file was as the OpenAPI document describes it', () => {
    assert.deepEqual(contract.deviations(), []);
  });
});
