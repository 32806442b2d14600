// SPDX-License-Identifier: AGPL-3.0-or-later
// The members that the contract names, with their types, on every thing that the API gives; what the
// public side must not show; and the rules of services, stock, clients and bookings.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { dateIn, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { readContract, tag } from './contract_check.mjs';
import { makeWorld } from './contract_routes.mjs';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[+-]\d{2}:\d{2}$/;
const is = {
  id: (value) => typeof value === 'string' && value.length > 0,
  text: (value) => typeof value === 'string',
  textOrNull: (value) => value === null || typeof value === 'string',
  whole: Number.isInteger,
  number: (value) => typeof value === 'number',
  yes: (value) => typeof value === 'boolean',
  list: Array.isArray,
  instant: (value) => INSTANT.test(value),
  local: (value) => LOCAL.test(value),
  any: () => true,
};

/** Fails with the members that are missing or of another type: `shape` is { type: 'a b c' }. */
function expectMembers(thing, shape) {
  const wrong = Object.entries(shape).flatMap(([type, names]) =>
    names
      .split(' ')
      .filter((name) => !(name in thing) || !is[type](thing[name]))
      .map((name) => `${name}: ${type}`),
  );
  assert.deepEqual(wrong, [], JSON.stringify(thing));
}

describe('the members of the contract', () => {
  let server;
  let contract;
  let world;
  before(async (t) => {
    server = await startServer(t);
    contract = await readContract(server);
    world = await makeWorld(contract);
  });

  const read = async (path, client = world.owner) => expectStatus(await client.get(path), 200);
  const create = async (path, body, client = world.owner) =>
    expectStatus(await client.post(path, body), 201);

  test('workspace, readiness and staff', async () => {
    const workspace = await read('/workspace');
    expectMembers(workspace, {
      id: 'id name slug timezone currency locale',
      text: 'address phone contact_email',
      whole: 'slot_step_min min_notice_min max_advance_days cancel_cutoff_min version',
      list: 'hours closures',
    });
    expectMembers(workspace.hours[0], { whole: 'weekday', text: 'start end' });
    const { ready, checks } = await read('/workspace/readiness');
    assert.equal(typeof ready, 'boolean');
    for (const check of checks) expectMembers(check, { id: 'code message fix_url', yes: 'ok' });
    const staff = await read(`/staff/${world.staff[0].id}`);
    expectMembers(staff, {
      id: 'id name email role',
      list: 'permissions',
      yes: 'bookable active',
      whole: 'version',
    });
    assert.ok(!('password' in staff));
    expectMembers(world.timeOff, { id: 'id', instant: 'start end', text: 'reason' });
  });

  test('service, resource, item and movement', async () => {
    const service = await read(`/services/${world.services[0].id}`);
    expectMembers(service, {
      id: 'id name',
      text: 'category description',
      whole: 'duration_min buffer_before_min buffer_after_min price version',
      list: 'segments staff_ids materials needs',
      yes: 'active',
    });
    assert.deepEqual(service.materials, [{ item_id: world.items[0].id, quantity: 2.5 }]);
    expectMembers(await read(`/resources/${world.room.id}`), {
      id: 'id name kind',
      yes: 'active',
      whole: 'version',
    });
    const item = await read(`/items/${world.items[0].id}`);
    expectMembers(item, {
      id: 'id name unit',
      number: 'on_hand reserved available reorder_point',
      yes: 'low',
      whole: 'version',
    });
    assert.equal(item.available, item.on_hand - item.reserved);
    const rows = await world.owner.list(`/items/${item.id}/movements`);
    for (const row of rows) {
      expectMembers(row, {
        id: 'id kind',
        number: 'on_hand_delta reserved_delta on_hand_after reserved_after',
        textOrNull: 'booking_id reason actor',
        instant: 'at',
      });
    }
    assert.equal(rows[0].booking_id, world.booking.id);
  });

  test('client, booking, history, e-mail and audit event', async () => {
    expectMembers(await read(`/clients/${world.client.id}`), {
      id: 'id name email status',
      textOrNull: 'phone notes',
      list: 'tags',
      whole: 'version',
    });
    const booking = await read(`/bookings/${world.booking.id}`);
    expectMembers(booking, {
      id: 'id status staff_id',
      instant: 'start end',
      list: 'service_ids materials',
      whole: 'price version',
      textOrNull: 'notes',
      any: 'client',
    });
    assert.equal(booking.client.id, world.client.id);
    assert.equal(booking.price, world.services[0].price);
    const { data } = await read(`/bookings/${booking.id}/history`);
    for (const row of data) expectMembers(row, { id: 'type', instant: 'at' });
    assert.deepEqual(
      data.map(({ at }) => at),
      data.map(({ at }) => at).sort(),
      'oldest first',
    );
    expectMembers(await read(`/emails/${world.email.id}`), {
      id: 'id kind to subject status',
      whole: 'attempts',
      textOrNull: 'last_error booking_id',
    });
    for (const event of await world.owner.list('/audit')) {
      expectMembers(event, {
        id: 'id entity entity_id action request_id actor_kind',
        instant: 'at',
        any: 'changes',
      });
    }
  });

  test('the public face shows business, policy, services and people, and no stock, mail or buffer', async () => {
    const answer = await contract.client().get(`/public/${world.slug}`);
    const face = expectStatus(answer, 200);
    expectMembers(face, {
      text: 'name slug timezone currency',
      list: 'services staff',
      any: 'policy',
    });
    expectMembers(face.services[0], {
      id: 'id name',
      whole: 'duration_min price',
      list: 'staff_ids',
    });
    expectMembers(face.staff[0], { id: 'id name' });
    assert.doesNotMatch(
      answer.text,
      /material|Oil|on_hand|available|@staff\.example|permission|buffer|version/,
    );
    const slots = await contract
      .client()
      .get(
        `/public/${world.slug}/availability?service_ids=${world.services[0].id}&from=${dateIn(2)}&to=${dateIn(2)}&explain=true`,
      );
    assert.ok(slots.status === 422 || !('refused' in slots.body.days[0]), 'explain is for staff');
    const day = await contract
      .client()
      .get(
        `/public/${world.slug}/availability?service_ids=${world.services[0].id}&from=${dateIn(2)}&to=${dateIn(2)}`,
      );
    for (const slot of expectStatus(day, 200).days[0].slots)
      expectMembers(slot, { instant: 'start end', local: 'local', list: 'staff_ids' });
  });

  test('segments sum to the duration, and a service is refused with every fault named', async () => {
    const good = { name: 'Tint', duration_min: 60, price: 1, staff_ids: [world.staff[0].id] };
    const post = (more) => world.owner.post('/services', { ...good, ...more });
    const segments = [
      { kind: 'work', minutes: 20 },
      { kind: 'processing', minutes: 30 },
    ];
    const short = [{ kind: 'work', minutes: 59 }];
    expectInvalid(await post({ segments: short }), ['segments']);
    expectInvalid(await post({ segments: [{ kind: 'work', minutes: 61 }] }), ['segments']);
    const made = expectStatus(
      await post({ segments: [...segments, { kind: 'work', minutes: 10 }] }),
      201,
    );
    assert.equal(
      made.segments.reduce((sum, { minutes }) => sum + minutes, 0),
      made.duration_min,
    );
    expectInvalid(await world.owner.patch(`/services/${made.id}`, { duration_min: 90 }), [
      'segments',
    ]);
    expectInvalid(await post({ duration_min: 0, price: -1, name: '', colour: 'red' }), [
      'duration_min',
      'price',
      'name',
      'colour',
    ]);
    expectInvalid(await post({ segments: [{ kind: 'rest', minutes: 60 }] }), ['segments.0.kind']);
    expectProblem(
      await post({ materials: [{ item_id: world.items[0].id, quantity: 0 }] }),
      422,
      'validation_failed',
    );
    expectProblem(
      await post({
        materials: [1, 2].map((quantity) => ({ item_id: world.items[0].id, quantity })),
      }),
      422,
      'validation_failed',
    );
    expectProblem(
      await post({ staff_ids: [world.staff[0].id, world.staff[0].id] }),
      422,
      'validation_failed',
    );
    expectProblem(await post({ needs: [{ any_of: [] }] }), 422, 'validation_failed');
    expectInvalid(await world.owner.post('/services', {}), ['name', 'duration_min', 'price']);
  });

  test('a retired service is offered no more, and its visits keep it', async () => {
    const salon = await makeWorld(contract);
    const service = salon.services[0];
    const refused = () =>
      salon.visitor.get(
        `/public/${salon.slug}/availability?service_ids=${service.id}&from=${dateIn(2)}&to=${dateIn(2)}`,
      );
    expectStatus(await salon.owner.delete(`/services/${service.id}`), 204);
    assert.ok([404, 422].includes((await refused()).status));
    const again = await salon.book({ start: salon.slots[8].start });
    assert.ok([404, 409, 422].includes(again.status), again.text);
    const booking = await read(`/bookings/${salon.booking.id}`, salon.owner);
    assert.deepEqual(booking.service_ids, [service.id]);
    expectStatus(await salon.owner.post(`/bookings/${booking.id}/cancel`), 200);
    expectStatus(await salon.owner.post(`/bookings/${booking.id}/restore`), 200);
    expectStatus(
      await salon.owner.patch(`/bookings/${booking.id}`, { start: salon.slots[9].start }),
      200,
    );
    assert.ok(
      !(await salon.owner.list('/services')).some(({ id, active }) => id === service.id && active),
    );
  });

  test('stock goes neither below nothing nor below what is reserved', async () => {
    const salon = await makeWorld(contract);
    const item = salon.items[0];
    const move = (body) => salon.owner.post(`/items/${item.id}/movements`, body);
    for (const body of [
      { kind: 'waste', quantity: 998 },
      { kind: 'adjust', quantity: -998 },
      { kind: 'count', quantity: 2 },
      { kind: 'waste', quantity: 1e9 },
    ]) {
      expectProblem(await move(body), 409, 'out_of_stock');
    }
    for (const body of [
      { kind: 'reserve', quantity: 1 },
      { kind: 'consume', quantity: 1 },
      { kind: 'receive', quantity: 0 },
      { kind: 'receive', quantity: -1 },
      { kind: 'waste', quantity: -1 },
      { kind: 'count', quantity: -1 },
      { kind: 'receive' },
      { kind: 'receive', quantity: 1, on_hand_after: 5 },
    ]) {
      expectProblem(await move(body), 422, 'validation_failed');
    }
    const now = await read(`/items/${item.id}`, salon.owner);
    assert.deepEqual([now.on_hand, now.reserved], [1000, 2.5]);
    expectInvalid(
      await salon.owner.patch(`/items/${item.id}`, { on_hand: 5, reserved: 0, available: 1 }),
      ['on_hand', 'reserved', 'available'],
    );
    const path = `/items/${item.id}/movements`;
    const [row] = await salon.owner.list(path);
    for (const method of ['PATCH', 'DELETE', 'PUT']) {
      const answer = await salon.owner.request(method, `${path}/${row.id}`, {
        body: method === 'DELETE' ? undefined : { quantity: 1 },
      });
      assert.ok([404, 405].includes(answer.status), `${method} is ${answer.status}`);
    }
  });

  test('a short material is named to staff with what is needed and there, and not to the public', async () => {
    const salon = await makeSalon(server, {
      items: [
        { name: 'Rare oil', unit: 'ml', on_hand: 3 },
        { name: 'Towel', unit: 'piece', on_hand: 9 },
      ],
      services: [
        {
          name: 'Rub',
          duration_min: 30,
          price: 1,
          materials: [
            [0, 2],
            [1, 1],
          ],
        },
      ],
    });
    const slots = await salon.slots();
    expectStatus(await salon.book({ start: slots[0].start }), 201);
    const visit = {
      service_ids: [salon.services[0].id],
      start: slots[5].start,
      client: { name: 'W' },
    };
    const problem = expectProblem(await salon.owner.post('/bookings', visit), 409, 'out_of_stock');
    assert.deepEqual(problem.items, [
      { item_id: salon.items[0].id, name: 'Rare oil', needed: 2, available: 1 },
    ]);
    const answer = await salon.book({ start: slots[5].start });
    expectProblem(answer, 409, 'out_of_stock');
    assert.ok(!/Rare|Towel|"items"|needed|ml/.test(answer.text), answer.text);
    const towel = await read(`/items/${salon.items[1].id}`, salon.owner);
    assert.equal(towel.reserved, 1, 'all materials or none');
  });

  test('a booking by hand needs exactly one client and at least one service', async () => {
    const good = { service_ids: [world.services[0].id], start: world.slots[20].start };
    const post = (more) => world.owner.post('/bookings', { ...good, ...more });
    const client = { name: 'Walk-in' };
    for (const more of [
      {},
      { client, client_id: world.client.id },
      { client, service_ids: [] },
      { client: {} },
      { client, service_ids: [1] },
      { client, service_ids: 'x' },
      { client, override_hours: 'yes' },
      { client, notes: 'x'.repeat(2001) },
      { client, status: 'completed' },
      { client, price: 1 },
      { client: { ...client, email: 'no' } },
      { client: { ...client, id: world.client.id } },
    ]) {
      expectProblem(await post(more), 422, 'validation_failed');
    }
    const twice = await post({ client, service_ids: [good.service_ids[0], good.service_ids[0]] });
    if (twice.status === 201) assert.equal(twice.body.price, 2 * world.services[0].price);
    else expectProblem(twice, 422);
  });

  test('two services in one visit follow each other, and cost and take what both do', async () => {
    const salon = await makeSalon(server, {
      items: [{ name: 'Oil', unit: 'ml', on_hand: 10 }],
      services: [
        { name: 'One', duration_min: 30, price: 100, materials: [[0, 1.5]] },
        { name: 'Two', duration_min: 45, price: 250, materials: [[0, 2]] },
      ],
    });
    const slots = await salon.slots({ services: salon.services });
    const { booking } = expectStatus(
      await salon.book({ start: slots[0].start, services: salon.services }),
      201,
    );
    assert.equal(Date.parse(booking.end) - Date.parse(booking.start), 75 * 60_000);
    assert.equal(booking.price, 350);
    assert.equal((await read(`/items/${salon.items[0].id}`, salon.owner)).reserved, 3.5);
  });

  test('lists of bookings are filtered by day, person, client and state, and all of them at once', async () => {
    const salon = await makeWorld(contract);
    const { booking } = salon;
    const next = await create(
      '/bookings',
      {
        service_ids: booking.service_ids,
        staff_id: salon.staff[1].id,
        start: `${dateIn(3)}T10:00:00Z`,
        client: { name: 'Other' },
      },
      salon.owner,
    );
    const ids = async (query) => (await salon.owner.list(`/bookings?${query}`)).map(({ id }) => id);
    assert.deepEqual(await ids(`from=${dateIn(2)}&to=${dateIn(2)}`), [booking.id]);
    assert.deepEqual(await ids(`from=${dateIn(2)}&to=${dateIn(3)}`), [booking.id, next.id]);
    assert.deepEqual(await ids(`from=${booking.start}&to=${booking.start}`), []);
    assert.deepEqual(await ids(`staff_id=${salon.staff[1].id}`), [next.id]);
    assert.deepEqual(await ids(`client_id=${booking.client.id}`), [booking.id]);
    expectStatus(await salon.owner.post(`/bookings/${next.id}/cancel`), 200);
    assert.deepEqual(await ids('status=cancelled'), [next.id]);
    assert.deepEqual(await ids(`status=cancelled&staff_id=${salon.staff[0].id}`), []);
    expectProblem(await salon.owner.get('/bookings?status=gone'), 422);
    expectProblem(await salon.owner.get('/bookings?from=tomorrow'), 422);
  });

  test("the client's link takes no member it does not know and is kept by no cache", async () => {
    const salon = await makeWorld(contract);
    const email = `link.${tag()}@client.example`;
    const { manage_url: url } = expectStatus(
      await salon.book({ start: salon.slots[9].start, client: { name: 'L', email } }),
      201,
    );
    const path = `/public/manage/${url.split('/').pop()}`;
    const visitor = contract.client();
    const view = await visitor.get(path);
    expectStatus(view, 200);
    assert.match(view.headers.get('cache-control'), /no-store/);
    expectInvalid(
      await visitor.post(`${path}/reschedule`, { start: salon.slots[12].start, price: 1 }),
      ['price'],
    );
    expectInvalid(await visitor.post(`${path}/reschedule`, {}), ['start']);
    expectProblem(await visitor.post(`${path}/cancel`, { refund: true }), 422);
    expectProblem(
      await visitor.post(`${path}/reschedule`, { start: salon.slots[12].start, staff_id: '1' }),
      404,
    );
    expectStatus(await visitor.post(`${path}/cancel`), 200);
    const seen = (await salon.owner.list('/clients')).find((each) => each.email === email);
    assert.equal(seen.status, 'booked', 'a booking makes the client a booked one');
  });

  test('an e-mail that is sent cannot be retried, and the log is filtered by state and kind', async () => {
    await server.waitForMail((mail) => mail.to.includes(world.client.email));
    let email = await read(`/emails/${world.email.id}`);
    for (let i = 0; email.status === 'queued' && i < 200; i += 1)
      email = await read(`/emails/${world.email.id}`);
    assert.equal(email.status, 'sent');
    expectProblem(await world.owner.post(`/emails/${email.id}/retry`), 409, 'invalid_transition');
    const kinds = await world.owner.list('/emails?kind=booking_confirmation');
    assert.ok(kinds.length > 0 && kinds.every(({ kind }) => kind === 'booking_confirmation'));
    assert.deepEqual(await world.owner.list('/emails?status=failed'), []);
    expectProblem(await world.owner.get('/emails?status=lost'), 422);
  });

  test('a visitor who books with a known e-mail neither sees nor changes what is known', async () => {
    const salon = await makeWorld(contract);
    const answer = await salon.book({
      start: salon.slots[9].start,
      client: { name: 'Mallory', email: salon.client.email.toUpperCase(), phone: '+33 6 66' },
    });
    expectStatus(answer, 201);
    assert.doesNotMatch(answer.text, /Cleo/);
    const known = await read(`/clients/${salon.client.id}`, salon.owner);
    assert.equal(known.name, 'Cleo');
    assert.equal(
      (await salon.owner.list('/clients')).filter(
        ({ email }) => email?.toLowerCase() === salon.client.email,
      ).length,
      1,
    );
  });

  test("a correction of the client's details is in the history of the visit", async () => {
    const salon = await makeWorld(contract);
    const path = `/bookings/${salon.booking.id}`;
    const count = async () =>
      (await read(`${path}/history`, salon.owner)).data.filter(({ type }) => type === 'event')
        .length;
    const before = await count();
    const changed = await salon.owner.patch(path, { client: { phone: '+33 1 99 00 12 34' } });
    assert.equal(expectStatus(changed, 200).client.phone, '+33 1 99 00 12 34');
    assert.equal(await count(), before + 1);
  });

  test('hours take If-Match as every mutable thing with a version does', async () => {
    const path = `/staff/${world.staff[0].id}/hours`;
    const weekly = [{ weekday: 1, start: '09:00', end: '18:00' }];
    const answer = await world.owner.get(path);
    const { version } = expectStatus(answer, 200);
    assert.equal(answer.headers.get('etag'), `"${version}"`);
    expectProblem(await world.owner.put(path, { weekly }, { version: version + 7 }), 412);
  });

  test('retiring with a stale If-Match is 412', async () => {
    const room = await create('/resources', { name: 'Spare', kind: 'room' });
    expectProblem(await world.owner.delete(`/resources/${room.id}`, { version: 77 }), 412);
    expectStatus(await world.owner.delete(`/resources/${room.id}`, { version: room.version }), 204);
  });

  test('every answer in this file was as the OpenAPI document describes it', () => {
    assert.deepEqual(contract.deviations(), []);
  });
});
