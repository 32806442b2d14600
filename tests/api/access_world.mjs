// SPDX-License-Identifier: AGPL-3.0-or-later
// Two businesses in which one of everything exists, and every kind of caller of the first.

import { Client, expectStatus } from '../lib/client.mjs';
import { dateIn } from '../lib/salon.mjs';
import { arrive } from '../lib/members.mjs';
import { signInAsStaff, tag } from './contract_check.mjs';
import { makeWorld } from './contract_routes.mjs';

export const PERMISSIONS = ['bookings', 'inbox', 'clients', 'inventory', 'reports', 'clinical'];
export const SCOPES = [...PERMISSIONS, ...PERMISSIONS.map((name) => `${name}:read`), 'admin'];
const PASSWORD = 'another long secret 8';
const MINUTE_MS = 60_000;

/** What THINGS are made of; `marker` is a word in much that this business has. */
async function equip(contract, marker) {
  const world = await makeWorld(contract, { name: `${marker} Salon`, staff: [`${marker} Colt`, 'Dee'] });
  const [colleague] = world.staff;
  const query = { service_ids: world.services[0].id, from: dateIn(5), to: dateIn(60) };
  const offered = await world.visitor.get(
    `/public/${world.slug}/availability?${new URLSearchParams(query)}`,
  );
  const { days } = expectStatus(offered, 200);
  const starts = days.flatMap(({ slots }) => slots.map(({ start }) => start));
  let hours = 0;
  const later = () =>
    new Date(Date.parse(`${dateIn(120)}T08:00:00Z`) + 60 * MINUTE_MS * hours++)
      .toISOString()
      .replace('.000', '');
  // Each cell that books takes of it.
  for (const { id } of world.items) {
    const plenty = { kind: 'receive', quantity: 100_000, reason: 'for all these visits' };
    expectStatus(await world.owner.post(`/items/${id}/movements`, plenty), 201);
  }
  const service = world.services[0].id;
  const client = { name: `${marker} Cleo`, email: world.client.email, phone: '+33 1 2345' };
  return Object.assign(world, {
    marker,
    server: contract.server,
    colleague,
    later,
    start: () => starts.shift(),
    signIn: () =>
      signInFrom(world.owner, { email: world.ownerEmail, password: world.ownerPassword }),
    credentials: { email: colleague.email, password: PASSWORD },
    async book(member) {
      const visit = { service_ids: [service], staff_id: member, client, start: later() };
      return expectStatus(await world.owner.post('/bookings', { ...visit, override_hours: true }), 201);
    },
    async link() {
      const body = { service_ids: [service], start: starts.shift(), client: { ...client } };
      const answer = await world.visitor.post(`/public/${world.slug}/bookings`, body);
      return { token: expectStatus(answer, 201).manage_url.split('/').pop() };
    },
    async pick() {
      const body = { service_ids: [service], start: starts.shift() };
      const held = expectStatus(await world.visitor.post(`/public/${world.slug}/holds`, body), 201);
      return { token: held.token ?? held.hold_token ?? held.hold.token };
    },
    async pending(member) {
      const setting = (value) => world.owner.patch('/workspace', { auto_confirm: value });
      expectStatus(await setting(false), 200);
      const { token } = await world.link();
      expectStatus(await setting(true), 200);
      const { booking } = expectStatus(await world.visitor.get(`/public/manage/${token}`), 200);
      const moved = { staff_id: member, start: later(), override_hours: true };
      expectStatus(await world.owner.patch(`/bookings/${booking.id}`, moved), 200);
      return { id: booking.id };
    },
  });
}

/** Signs in from a browser that is known; a client of its own. */
async function signInFrom(client, credentials) {
  const fresh = copy(client);
  fresh.cookies.delete('careops_session');
  expectStatus(await fresh.post('/session', credentials), 200);
  return fresh;
}

/** A copy of a client that keeps what it is given to itself. */
export function copy(client) {
  const twin = new Client(client.baseUrl, { token: client.token });
  twin.cookies = new Map(client.cookies);
  return twin;
}

async function addMember(contract, world, name, permissions) {
  const email = `${name}.${tag()}@staff.example`;
  const services = world.services.map(({ id }) => id);
  const body = { name, email, role: 'staff', permissions, bookable: true, service_ids: services };
  const member = expectStatus(await world.owner.post('/staff', body), 201);
  const client = await signInAsStaff(contract, member, PASSWORD);
  const signIn = () => signInFrom(client, { email, password: PASSWORD });
  return { name, kind: 'staff', client, permissions, member: member.id, world, signIn };
}

async function ownerOf(world, name, kind) {
  const session = expectStatus(await world.owner.get('/session'), 200);
  const services = { service_ids: world.services.map(({ id }) => id), bookable: true };
  expectStatus(await world.owner.patch(`/staff/${session.staff_id}`, services), 200);
  const { signIn } = world;
  return { name, kind, client: world.owner, member: session.staff_id, world, signIn };
}

export async function makeCallers(contract, home, other) {
  const nobody = { name: 'nobody', kind: 'nobody', client: contract.client(), world: home };
  const callers = [nobody, await addMember(contract, home, 'none', [])];
  for (const permission of PERMISSIONS) {
    callers.push(await addMember(contract, home, permission, [permission]));
  }
  callers.push(await ownerOf(home, 'owner', 'owner'));
  const gone = await addMember(contract, home, 'gone', PERMISSIONS);
  expectStatus(await home.owner.post(`/staff/${gone.member}/deactivate`), 200);
  callers.push({ ...gone, kind: 'gone' });
  callers.push(await ownerOf(other, 'other owner', 'other'));
  for (const scope of SCOPES) {
    const body = { name: `for ${scope}`, scopes: [scope] };
    const { secret } = expectStatus(await home.owner.post('/tokens', body), 201);
    const client = contract.client({ token: secret });
    callers.push({ name: `token ${scope}`, kind: 'token', scope, client, world: home });
  }
  return callers;
}

export async function makeWorlds(contract) {
  const home = await equip(contract, 'Homemark');
  const other = await equip(contract, 'Othermark');
  home.colleagueClient = await arrive(contract.server, home.colleague, { password: PASSWORD });
  return { home, other };
}
