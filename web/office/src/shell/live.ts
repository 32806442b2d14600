/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The event stream: one connection for the whole office. An event says that something is to be read
 * again, and what is on screen of it is. Read by fetch and not by EventSource, which hides why a
 * stream was refused and wants each kind of event by its name.
 */
import { EventReader, type StreamEvent } from '../../../event_reader';
import { cache } from './cache';
import { setOnline } from './online';

/** The first word of each query's key, by the first word of an event's kind. */
const STALE: Record<string, string[]> = {
  message: ['conversations', 'clients', 'emails'],
  conversation: ['conversations'],
  saved_reply: ['saved-replies'],
  client: ['clients', 'conversations', 'submissions', 'bookings'],
  client_import: ['clients'],
  booking: ['bookings', 'clients', 'submissions', 'emails', 'items', 'calendar'],
  saved_view: ['saved-views'],
  rating: ['ratings', 'clients'],
  form_submission: ['submissions', 'clients', 'forms'],
  stock: ['items', 'stocktakes'],
  stocktake: ['stocktakes', 'items'],
  staff: ['staff', 'calendar'],
  service: ['services'],
  resource: ['resources', 'services'],
  workspace: ['workspace', 'calendar'],
};

/** What the first page gathers of everything; it is read only where that page is open. */
const TODAY = ['dashboard', 'health'];

/** Events come in bursts: what they touch is read once for all of them. */
const GATHER_MS = 120;
const touched = new Set<string>();
let gathering = false;

function touch(roots: string[]): void {
  for (const root of roots) touched.add(root);
  if (gathering || touched.size === 0) return;
  gathering = true;
  setTimeout(() => {
    gathering = false;
    const now = [...touched];
    touched.clear();
    for (const root of now) void cache.invalidateQueries({ queryKey: [root] });
  }, GATHER_MS);
}

export type Hearer = (data: Record<string, unknown>) => void;
const hearers = new Map<string, Set<Hearer>>();

/** For events that say all there is to know themselves; returns how to stop hearing. */
export function hear(name: string, hearer: Hearer): () => void {
  const all = hearers.get(name) ?? new Set();
  hearers.set(name, all.add(hearer));
  return () => void all.delete(hearer);
}

function tell(event: StreamEvent): void {
  if (!event.data) return;
  const listening = hearers.get(event.name);
  if (listening) {
    const data = JSON.parse(event.data) as Record<string, unknown>;
    for (const hearer of listening) hearer(data);
    return;
  }
  const roots = STALE[event.name.split('.')[0] ?? ''];
  if (event.name === 'reset') void cache.invalidateQueries();
  else touch([...(roots ?? []), ...TODAY]);
}

const SILENCE_MS = 40_000;
const AGAIN_MS = 3_000;
const LONGEST_MS = 60_000;
const REFUSALS = new Set([401, 403, 404, 405]);

type End = 'refused' | 'broken' | 'ended';
let last: string | null = null;

/** Reads one connection to its end; a stream that says nothing for long is dead. */
async function connect(isAgain: boolean): Promise<End> {
  const abort = new AbortController();
  let silence = setTimeout(() => abort.abort(), SILENCE_MS);
  try {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (last) headers['Last-Event-ID'] = last;
    const response = await fetch('/api/v1/events', { headers, signal: abort.signal, cache: 'no-store' });
    if (!response.ok || !response.body) {
      void response.body?.cancel();
      return REFUSALS.has(response.status) ? 'refused' : 'broken';
    }
    setOnline(true);
    if (isAgain && !last) void cache.invalidateQueries();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const events = new EventReader();
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- the pieces come one after another
      const { done, value } = await reader.read();
      if (done) return 'ended';
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), SILENCE_MS);
      for (const event of events.read(value)) {
        last = event.id ?? last;
        tell(event);
      }
    }
  } catch {
    return 'broken';
  } finally {
    clearTimeout(silence);
  }
}

/** Follows the stream until the page is left; comes back whenever it breaks. */
export async function follow(): Promise<void> {
  let wait = AGAIN_MS;
  for (let turn = 0; ; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one connection after another
    const end = await connect(turn > 0);
    if (end === 'refused') {
      void cache.invalidateQueries(); // whoever is signed out is led to the sign-in by the answers
      return;
    }
    if (end === 'broken') setOnline(navigator.onLine);
    wait = end === 'ended' ? AGAIN_MS : Math.min(wait * 2, LONGEST_MS);
    const pause = wait;
    // oxlint-disable-next-line no-await-in-loop -- and a pause between them
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
