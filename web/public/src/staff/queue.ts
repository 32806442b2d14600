/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What a member does with a visit, from the tap until the server has said yes or no. Every change
 * goes this way, with a network or without, so none is lost: it is written down on the phone first,
 * shown as done and waiting, and sent in order, each against the version that its member saw. What
 * the server refuses stays on show until the member has decided about it.
 *
 * A lost answer is found out by reading the visit: if it is as the change would have made it, the
 * change is done.
 */
import type { Answer } from '../kit/api';
import { newKey } from '../kit/attempt';
import type { Booking, Material, Problem, TestResult } from '../kit/contract';
import { isOpen } from '../kit/open';
import { staff as words } from '../words/staff';
import { ask, isOut, online, stir } from './ask';
import { Store, keep, keyOf, kept } from './store';

export type Verb = 'start' | 'complete' | 'no-show';

export interface Used {
  item_id: string;
  quantity: number;
}

export interface Change {
  id: string;
  visitId: string;
  verb: Verb;
  version: number;
  used: Used[] | null;
  /** How a patch test went. */
  result?: TestResult | null;
  /** Whose visit and when, to speak of it without a network. */
  client: string;
  local: string;
  refused: Refusal | null;
}

export interface Refusal {
  code: string;
  text: string;
  /** The visit as it is by now; null where it is not theirs any more. */
  now: Booking | null;
}

/** Whether the visit is already as the change would make it. */
export function isDone(visit: Booking, change: Change): boolean {
  if (change.verb === 'start') return visit.started_at !== null;
  if (change.verb === 'no-show') return visit.status === 'no_show';
  if (visit.status !== 'completed') return false;
  const took = new Map(visit.materials.map((each) => [each.item_id, each.used ?? 0]));
  return (change.used ?? []).every((each) => (took.get(each.item_id) ?? 0) === each.quantity);
}

/** Whether doing it all the same could work. */
export const canInsist = (change: Change): boolean =>
  change.refused?.now !== null && change.refused !== null && isOpen(change.refused.now);

/** The visit as it will be once its changes are sent. */
export function withChanges(visit: Booking, changes: readonly Change[], now: string): Booking {
  return changes
    .filter((each) => each.visitId === visit.id && !each.refused)
    .reduce((shown, change) => after(shown, change, now), visit);
}

function after(visit: Booking, change: Change, now: string): Booking {
  if (!isOpen(visit)) return visit;
  if (change.verb === 'start') return { ...visit, started_at: visit.started_at ?? now };
  if (change.verb === 'no-show') return { ...visit, status: 'no_show', started_at: null };
  const used = new Map(change.used?.map((each) => [each.item_id, each.quantity]));
  const materials = visit.materials.map((each) => usedOf(each, used));
  return { ...visit, status: 'completed', materials };
}

const usedOf = (material: Material, used: ReadonlyMap<string, number>): Material => ({
  ...material,
  used: used.get(material.item_id) ?? material.quantity,
});

/** The first that may be sent: not refused, and behind no refused one of the same visit. */
export function nextOf(changes: readonly Change[]): Change | null {
  const blocked = new Set(changes.filter((each) => each.refused).map((each) => each.visitId));
  return changes.find((each) => !blocked.has(each.visitId)) ?? null;
}

/** After `done` was sent: it goes, and the visit's later changes are against the new version. */
export function settled(changes: readonly Change[], done: Change, visit: Booking): Change[] {
  return changes
    .filter((each) => each.id !== done.id)
    .map((each) => (each.visitId === visit.id ? against(each, visit.version) : each));
}

const against = (change: Change, version: number): Change => ({ ...change, version, refused: null });

const bodyOf = ({ verb, used, result }: Change): unknown =>
  verb === 'complete'
    ? { ...(used && { materials: used }), ...(result && { test_result: result }) }
    : {};

/** Whether asking later may bring another answer. */
const isPassing = (answer: Answer<unknown>): boolean =>
  answer.kind === 'unreachable' ||
  (answer.kind === 'problem' &&
    (answer.problem.status >= 500 ||
      answer.problem.status === 429 ||
      isOut(answer.problem)));

const AGAIN_MS = 5_000;
const LOCK = 'careops.staff.queue';

export class Queue {
  readonly changes = new Store<readonly Change[]>([]);
  /** The answers to what was sent, for lists that show the visit. */
  readonly sent = new Store<ReadonlyMap<string, Booking>>(new Map());
  /** False where the phone keeps nothing: then leaving the page loses what waits. */
  readonly isKept = new Store(true);
  /** What has just been done, for whoever does not see the page. */
  readonly said = new Store('');
  #name = '';
  #isSending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  open(owner: string): void {
    this.#name = `queue.${owner}`;
    this.changes.set(kept<Change[]>(this.#name) ?? []);
    addEventListener('storage', (event) => {
      if (event.key === keyOf(this.#name)) this.changes.set(kept<Change[]>(this.#name) ?? []);
    });
    online.watch(() => {
      if (online.value) void this.send();
    });
    void this.send();
  }

  add(
    visit: Booking,
    verb: Verb,
    used: Used[] | null = null,
    result: TestResult | null = null,
  ): void {
    const change: Change = {
      id: newKey(),
      visitId: visit.id,
      verb,
      version: visit.version,
      used,
      ...(result && { result }),
      client: visit.client.name,
      local: visit.local,
      refused: null,
    };
    this.#edit((changes) => [...changes, change]);
    this.said.set(words.said(words.verb[verb], visit.client.name));
    void this.send();
  }

  /** Leaves the visit as it is, and what hung on this change with it. */
  giveUp(change: Change): void {
    this.#edit((changes) => {
      const at = changes.findIndex((each) => each.id === change.id);
      return changes.filter((each, n) => n < at || each.visitId !== change.visitId);
    });
    stir('visits');
  }

  /** Does it on the visit as it is now. */
  insist(change: Change): void {
    const version = change.refused?.now?.version;
    if (version === undefined) return;
    this.#edit((changes) =>
      changes.map((each) =>
        each.visitId === change.visitId ? against(each, version) : each,
      ),
    );
    void this.send();
  }

  clear(): void {
    this.#edit(() => []);
  }

  /** Sends what waits, one after another, in one tab at a time. */
  async send(): Promise<void> {
    if (this.#isSending || !nextOf(this.changes.value)) return;
    this.#isSending = true;
    clearTimeout(this.#timer);
    /* Plain http has no locks; two tabs then find out by the versions. */
    try {
      if (navigator.locks) await navigator.locks.request(LOCK, () => this.#sendAll());
      else await this.#sendAll();
    } finally {
      this.#isSending = false;
    }
    if (nextOf(this.changes.value)) this.#timer = setTimeout(() => void this.send(), AGAIN_MS);
  }

  async #sendAll(): Promise<void> {
    const change = nextOf(this.changes.value);
    if (change && (await this.#sendOne(change))) await this.#sendAll();
  }

  /** False when the rest has to wait. */
  async #sendOne(change: Change): Promise<boolean> {
    const answer = await ask<Booking>('POST', `/bookings/${change.visitId}/${change.verb}`, {
      body: bodyOf(change),
      version: change.version,
    });
    if (answer.kind === 'ok') {
      this.#settle(change, answer.value);
      return true;
    }
    if (answer.kind === 'unreachable' || isPassing(answer)) return false;
    const visit = await ask<Booking>('GET', `/bookings/${change.visitId}`);
    if (isPassing(visit)) return false;
    const now = visit.kind === 'ok' ? visit.value : null;
    if (now && isDone(now, change)) this.#settle(change, now);
    else this.#refuse(change, answer.problem, now);
    return true;
  }

  #settle(change: Change, visit: Booking): void {
    this.sent.set(new Map(this.sent.value).set(visit.id, visit));
    this.#edit((changes) => settled(changes, change, visit));
    stir('visits');
  }

  #refuse(change: Change, problem: Problem, now: Booking | null): void {
    const refused = { code: problem.code, text: problem.detail, now };
    this.#edit((changes) =>
      changes.map((each) => (each.id === change.id ? { ...each, refused } : each)),
    );
    stir('visits');
  }

  /** Always on what is written down, since another tab may have written. */
  #edit(edit: (changes: readonly Change[]) => Change[]): void {
    const last = this.isKept.value ? (kept<Change[]>(this.#name) ?? []) : this.changes.value;
    const next = edit(last);
    this.isKept.set(keep(this.#name, next));
    this.changes.set(next);
  }
}

export const queue = new Queue();
