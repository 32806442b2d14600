// SPDX-License-Identifier: AGPL-3.0-or-later
// Who may do what: each signed-in route for an owner, for staff with each permission and with none,
// and for the owner of another business; and that a refusal leaves no trace.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { readContract, signInAsStaff, tag } from './contract_check.mjs';
import { makeWorld, nameOf, routesOf } from './contract_routes.mjs';

const PERMISSIONS = ['bookings', 'inbox', 'clients', 'inventory', 'reports', 'clinical'];

describe('who may do what', () => {
  let server;
  let contract;
  let world;
  let routes;
  let ann; // owns the booking, holds no permission
  let bob; // holds no permission and owns nothing
  const holders = {};

  const signIn = (member) => signInAsStaff(contract, { ...member, business: world.workspace.name });

  before(async (t) => {
    server = await startServer(t);
    contract = await readContract(server);
    world = await makeWorld(contract, { name: 'Matrix Salon' });
    routes = routesOf(world);
    [ann, bob] = [await signIn(world.staff[0]), await signIn(world.staff[1])];
    for (const permission of PERMISSIONS) {
      const email = `${permission}.${tag()}@staff.example`;
      const body = {
        name: `Holder ${permission}`,
        email,
        role: 'staff',
        permissions: [permission],
      };
      holders[permission] = await signIn(expectStatus(await world.owner.post('/staff', body), 201));
    }
  });

  const absent = (path) => path.replace(/\d{6,}/, '1');

  test('a session says who it is, and where home is', async () => {
    const own = expectStatus(await bob.get('/session'), 200);
    assert.deepEqual([own.role, own.permissions, own.home], ['staff', [], '/staff']);
    assert.equal(own.user.must_change_password, false);
    assert.equal(own.workspace.id, world.workspace.id);
    const clients = expectStatus(await holders.clients.get('/session'), 200);
    assert.deepEqual(clients.permissions, ['clients']);
    const owner = expectStatus(await world.owner.get('/session'), 200);
    assert.deepEqual([owner.role, owner.home], ['owner', '/app']);
  });

  test("staff with no permission get 403 on what is the owner's or needs a permission", async () => {
    const failed = [];
    for (const route of routes.filter(({ may }) => !['staff', 'own', 'bookings'].includes(may))) {
      const answer = await bob.request(route.method, route.path, { body: route.body });
      if (answer.status !== 403) failed.push(`${nameOf(route)} is ${answer.status}`);
      else expectProblem(answer, 403, 'forbidden');
    }
    assert.deepEqual(failed, []);
  });

  test('each permission opens its own routes and no other', async () => {
    const failed = [];
    for (const [permission, holder] of Object.entries(holders)) {
      for (const route of routes.filter(({ may }) => !['staff', 'own', 'bookings'].includes(may))) {
        const { status } = await holder.request(route.method, route.path, { body: route.body });
        const opens = route.may === permission;
        const right = opens ? [200, 201].includes(status) : status === 403;
        if (!right) failed.push(`${permission}: ${nameOf(route)} is ${status}`);
      }
    }
    assert.deepEqual(failed, []);
  });

  test('403 comes before the body is judged and whether or not the thing is there', async () => {
    for (const route of routes.filter(({ may }) => may === 'owner')) {
      const path = absent(route.path);
      const answer = await bob.request(route.method, path, { body: route.body && { no: 1 } });
      assert.equal(answer.status, 403, nameOf(route));
    }
  });

  test('everybody signed in may read the workspace, the services and the rooms', async () => {
    for (const route of routes.filter(({ may, method }) => may === 'staff' && method === 'GET')) {
      expectStatus(await bob.request(route.method, route.path), 200);
    }
  });

  test("somebody else's booking is absent for staff without `bookings`: listed, read, changed, or acted on", async () => {
    assert.deepEqual(await bob.list('/bookings'), []);
    for (const query of [
      `staff_id=${world.staff[0].id}`,
      `client_id=${world.client.id}`,
      'status=confirmed',
    ]) {
      assert.deepEqual(await bob.list(`/bookings?${query}`), [], query);
    }
    const failed = [];
    for (const route of routes.filter(({ may }) => may === 'bookings')) {
      const answer = await bob.request(route.method, route.path, { body: route.body });
      const none = await bob.request(route.method, absent(route.path), { body: route.body });
      if (answer.status !== 404 || none.status !== 404) {
        failed.push(`${nameOf(route)} is ${answer.status}, an absent one ${none.status}`);
      }
      if (answer.body && none.body) assert.equal(answer.body.detail, none.body.detail);
    }
    assert.deepEqual(failed, []);
    const { status, version } = expectStatus(
      await world.owner.get(`/bookings/${world.booking.id}`),
      200,
    );
    assert.deepEqual([status, version], ['confirmed', world.booking.version]);
  });

  test('staff see their own booking everywhere, and their list is exactly what they may read', async () => {
    const path = `/bookings/${world.booking.id}`;
    assert.deepEqual(
      (await ann.list('/bookings')).map(({ id }) => id),
      [world.booking.id],
    );
    assert.equal(expectStatus(await ann.get(path), 200).id, world.booking.id);
    const { data } = expectStatus(await ann.get(`${path}/history`), 200);
    assert.equal(data[0].action, 'created');
    assert.doesNotMatch(JSON.stringify(data), /password|token/i);
  });

  test('staff with `bookings` see all bookings', async () => {
    const rows = await holders.bookings.list('/bookings');
    const all = await world.owner.list('/bookings');
    assert.deepEqual(
      rows.map(({ id }) => id),
      all.map(({ id }) => id),
    );
    expectStatus(
      await holders.bookings.patch(`/bookings/${world.booking.id}`, { notes: 'seen' }),
      200,
    );
  });

  test('staff without `bookings` cannot book for, or hand to, somebody else', async () => {
    const [, , , , , slot] = world.slots;
    const visit = { service_ids: [world.services[0].id], client: { name: 'Walk-in' } };
    const other = { ...visit, start: slot.start, staff_id: world.staff[0].id };
    const refused = await bob.post('/bookings', other);
    assert.ok([403, 404].includes(refused.status), refused.text);
    const own = { ...visit, start: slot.start, staff_id: world.staff[1].id };
    const booking = expectStatus(await bob.post('/bookings', own), 201);
    assert.equal(booking.staff_id, world.staff[1].id);
    const anyone = expectStatus(
      await bob.post('/bookings', { ...visit, start: world.slots[10].start }),
      201,
    );
    assert.equal(anyone.staff_id, world.staff[1].id, 'anyone is themselves');
    const handed = await bob.patch(`/bookings/${booking.id}`, { staff_id: world.staff[0].id });
    assert.ok([403, 404].includes(handed.status), handed.text);
    expectStatus(await bob.post(`/bookings/${booking.id}/cancel`), 200);
  });

  /** A client of the business with whom Bob has nothing to do. */
  async function stranger() {
    const hidden = {
      name: 'Hidden Harriet',
      email: `hidden.${tag()}@client.example`,
      phone: '+41 44 111',
    };
    return expectStatus(await world.owner.post('/clients', hidden), 201);
  }

  test('staff without `clients` cannot book for a client whom they do not know by id', async () => {
    const client = await stranger();
    const visit = { service_ids: [world.services[0].id], start: world.slots[14].start };
    const booked = await bob.post('/bookings', { ...visit, client_id: client.id });
    assert.ok([403, 404].includes(booked.status), booked.text);
    const own = expectStatus(
      await bob.post('/bookings', { ...visit, client: { name: 'Walk-in' } }),
      201,
    );
    const handed = await bob.patch(`/bookings/${own.id}`, { client_id: client.id });
    assert.ok([403, 404].includes(handed.status), handed.text);
  });

  test('staff without `clients` learn and change nothing of a client by typing their e-mail', async () => {
    const client = await stranger();
    const visit = { service_ids: [world.services[0].id], start: world.slots[18].start };
    const booked = await bob.post('/bookings', {
      ...visit,
      client: { name: 'Typed', email: client.email },
    });
    assert.doesNotMatch(booked.text, /Harriet|44 111/);
    if (booked.status === 201) {
      await bob.patch(`/bookings/${booked.body.id}`, {
        client: { name: 'Renamed', phone: '+1 222' },
      });
    }
    const known = expectStatus(await world.owner.get(`/clients/${client.id}`), 200);
    assert.deepEqual([known.name, known.phone], [client.name, client.phone]);
  });

  test("another business's ids are 404 on every route, and nothing of theirs is told or changed", async () => {
    const other = await makeWorld(contract, { name: 'Other Salon' });
    const stamp = async () =>
      JSON.stringify([
        (await other.owner.list('/audit')).length,
        ...(await Promise.all(
          ['/services', '/items', '/clients', '/bookings', '/staff'].map((path) =>
            other.owner.list(path),
          ),
        )),
      ]);
    const before = await stamp();
    const failed = [];
    for (const route of routesOf(other).filter(({ path }) => /\d{6,}/.test(path))) {
      const answer = await world.owner.request(route.method, route.path, { body: route.body });
      if (answer.status !== 404) failed.push(`${nameOf(route)} is ${answer.status}`);
      const none = await world.owner.request(route.method, absent(route.path), {
        body: route.body,
      });
      if (none.body?.detail !== answer.body?.detail)
        failed.push(`${nameOf(route)} tells the two apart`);
    }
    assert.deepEqual(failed, []);
    assert.equal(await stamp(), before);
  });

  test("another business's ids in a body are 404 in every field, and leave no trace", async () => {
    const other = await makeWorld(contract, { name: 'Foreign Salon' });
    const [mine, theirs] = [world, other].map((each) => ({
      service: each.services[0].id,
      staff: each.staff[0].id,
      item: each.items[0].id,
      room: each.room.id,
      client: each.client.id,
      booking: each.booking.id,
    }));
    const service = { name: 'X', duration_min: 30, price: 1, staff_ids: [mine.staff] };
    const visit = {
      service_ids: [mine.service],
      start: world.slots[12].start,
      client: { name: 'X' },
    };
    const visitor = { ...visit, client: { name: 'X', email: 'x@client.example' } };
    const invited = { name: 'X', email: `x.${tag()}@staff.example` };
    const booking = `/bookings/${mine.booking}`;
    const forNobody = { service_ids: [mine.service], start: visit.start };
    const tries = [
      ['POST', '/services', { ...service, staff_ids: [theirs.staff] }],
      ['POST', '/services', { ...service, staff_ids: [mine.staff, theirs.staff] }],
      ['POST', '/services', { ...service, materials: [{ item_id: theirs.item, quantity: 1 }] }],
      ['POST', '/services', { ...service, needs: [{ any_of: [mine.room, theirs.room] }] }],
      ['PATCH', `/services/${mine.service}`, { staff_ids: [theirs.staff] }],
      [
        'PATCH',
        `/services/${mine.service}`,
        { materials: [{ item_id: theirs.item, quantity: 1 }] },
      ],
      ['PATCH', `/services/${mine.service}`, { needs: [{ any_of: [theirs.room] }] }],
      ['POST', '/staff', { ...invited, service_ids: [theirs.service] }],
      ['PATCH', `/staff/${mine.staff}`, { service_ids: [theirs.service] }],
      ['POST', '/bookings', { ...visit, service_ids: [theirs.service] }],
      ['POST', '/bookings', { ...visit, service_ids: [mine.service, theirs.service] }],
      ['POST', '/bookings', { ...visit, staff_id: theirs.staff }],
      ['POST', '/bookings', { ...forNobody, client_id: theirs.client }],
      ['PATCH', booking, { staff_id: theirs.staff }],
      ['PATCH', booking, { client_id: theirs.client }],
      ['POST', `${booking}/complete`, { materials: [{ item_id: theirs.item, quantity: 1 }] }],
      ['POST', `/public/${world.slug}/bookings`, { ...visitor, service_ids: [theirs.service] }],
      ['POST', `/public/${world.slug}/bookings`, { ...visitor, staff_id: theirs.staff }],
      ['GET', `/availability?service_ids=${theirs.service}&from=${dateIn(2)}&to=${dateIn(2)}`],
      [
        'GET',
        `/availability?service_ids=${mine.service}&staff_id=${theirs.staff}&from=${dateIn(2)}&to=${dateIn(2)}`,
      ],
      [
        'GET',
        `/public/${world.slug}/availability?service_ids=${theirs.service}&from=${dateIn(2)}&to=${dateIn(2)}`,
      ],
      [
        'GET',
        `/public/${world.slug}/availability?service_ids=${mine.service}&staff_id=${theirs.staff}&from=${dateIn(2)}&to=${dateIn(2)}`,
      ],
    ];
    const events = (await world.owner.list('/audit')).length;
    const failed = [];
    for (const [method, path, body] of tries) {
      const answer = await world.owner.request(method, path, {
        body,
        key: method === 'POST' ? tag() : undefined,
      });
      if (answer.status !== 404)
        failed.push(`${method} ${path} ${JSON.stringify(body)} is ${answer.status}`);
    }
    assert.deepEqual(failed, []);
    assert.equal((await world.owner.list('/audit')).length, events);
    const stock = expectStatus(await other.owner.get(`/items/${theirs.item}`), 200);
    assert.equal(stock.version, other.items[0].version + 1, 'only their own booking moved it');
  });

  test('no list of one business holds a word of another', async () => {
    const canary = `Canary${tag()}`;
    const other = await makeWorld(contract, {
      name: canary,
      items: [{ name: `${canary} oil`, unit: 'ml', on_hand: 50 }],
    });
    expectStatus(await other.owner.post('/clients', { name: canary, notes: canary }), 201);
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      const { text } = await world.owner.request('GET', route.path);
      assert.ok(!text.includes(canary), nameOf(route));
    }
    for (const path of [
      `/emails?booking_id=${other.booking.id}`,
      `/clients?q=${canary}`,
      `/bookings?client_id=${other.client.id}`,
    ]) {
      assert.deepEqual(await world.owner.list(path), [], path);
    }
  });

  test('a filter of the audit that names nothing finds nothing', async () => {
    for (const query of [
      'actor=nobody',
      'actor=1',
      'entity_id=nothing',
      'entity_id=1',
      'entity=nothing',
    ]) {
      const answer = await world.owner.get(`/audit?${query}`);
      if (answer.status !== 422) assert.deepEqual(expectStatus(answer, 200).data, [], query);
    }
    const { user, staff_id: self } = expectStatus(await world.owner.get('/session'), 200);
    const own = await world.owner.list(`/audit?actor=${user.id}`);
    assert.ok(
      own.length > 0 && own.every((event) => event.actor_kind === 'owner'),
      `${own.length}`,
    );
    assert.deepEqual(await world.owner.list(`/audit?actor=${self}`), own, 'by the id of /staff too');
    const csv = await world.owner.get(`/audit.csv?actor=${self}`);
    assert.equal(csv.text, (await world.owner.get(`/audit.csv?actor=${user.id}`)).text);
  });

  test('the audit tells each change with its request, and takes days as bookings do', async () => {
    const answer = await world.owner.patch(`/items/${world.items[0].id}`, { reorder_point: 77 });
    const id = answer.headers.get('x-request-id');
    const events = await world.owner.list('/audit?entity=item');
    const event = events.find((each) => each.request_id === id);
    assert.deepEqual(event?.changes.reorder_point?.map(Number), [12.5, 77], JSON.stringify(event));
    const today = new Date().toISOString().slice(0, 10);
    expectStatus(await world.owner.get(`/bookings?from=${today}&to=${dateIn(3)}`), 200);
    expectStatus(await world.owner.get(`/audit?from=${dateIn(-1)}&to=${dateIn(1)}`), 200);
  });

  test('ids in the changes of an event are strings, as everywhere', async () => {
    const other = expectStatus(await world.owner.post('/clients', { name: 'Next' }), 201);
    const visit = {
      service_ids: [world.services[0].id],
      start: world.slots[24].start,
      client: { name: 'First' },
    };
    const { id } = expectStatus(await world.owner.post('/bookings', visit), 201);
    expectStatus(await world.owner.patch(`/bookings/${id}`, { client_id: other.id }), 200);
    for (const path of [`/bookings/${id}/history`, `/audit?entity_id=${id}`]) {
      const { text } = await world.owner.get(path);
      assert.doesNotMatch(text, /[^"\d]\d{16,}[^"\d]/, path);
      assert.ok(text.includes(`"${other.id}"`), path);
    }
  });

  test('no password, token or hash is in the audit, the mail log or any list', async () => {
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      const { text } = await world.owner.request('GET', route.path);
      assert.doesNotMatch(
        text,
        /argon2|\/manage\/[\w-]{43}|[a-z0-9]{4}(-[a-z0-9]{4}){3}/,
        nameOf(route),
      );
    }
    for (const { id, kind } of await world.owner.list('/emails')) {
      const { text } = await world.owner.get(`/emails/${id}`);
      if (kind === 'staff_invitation')
        assert.doesNotMatch(text, /[a-z0-9]{4}(-[a-z0-9]{4}){3}/, kind);
    }
  });

  test('every answer in this file was as the OpenAPI document describes it', () => {
    assert.deepEqual(contract.deviations(), []);
  });
});
