/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The event stream: what has changed in the business, told as it happens. An event only says that
 * something is to be read again. Read by fetch and not by EventSource, which hides why a stream was
 * refused and wants each kind of event by its name. Without the stream the page polls (ask.ts).
 */
import { type Topic, ask, online, stir } from './ask';

export interface StreamEvent {
  id: string | null;
  name: string;
  data: string;
}

/** Text in pieces as it comes → events. Comments and what is not whole yet give none. */
export class EventReader {
  #rest = '';

  read(piece: string): StreamEvent[] {
    const blocks = (this.#rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map(eventOf).filter((event) => event.id !== null || event.data !== '');
  }
}

function eventOf(block: string): StreamEvent {
  const event: StreamEvent = { id: null, name: 'message', data: '' };
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, '');
    const field = line.slice(0, colon);
    if (field === 'id') event.id = value;
    else if (field === 'event') event.name = value;
    else if (field === 'data') event.data += event.data ? `\n${value}` : value;
  }
  return event;
}

const TOPIC_OF: Record<string, Topic> = {
  booking: 'visits',
  client: 'visits',
  staff: 'time',
  time_off: 'time',
  time_off_request: 'time',
  workspace: 'time',
  message: 'messages',
  conversation: 'messages',
};

/** What is to be read again; null: everything. */
export function topicOf(name: string): Topic | null {
  return TOPIC_OF[name.split('.')[0] ?? ''] ?? null;
}

const SILENCE_MS = 40_000;
const AGAIN_MS = 3_000;
const LONGEST_MS = 60_000;
/** Answers that mean that there is no stream for this caller. */
const REFUSALS = new Set([401, 403, 404, 405]);

type End = 'refused' | 'broken' | 'ended';

class Stream {
  #last: string | null = null;

  /** Reads one connection to its end; a stream that says nothing for long is dead. */
  async read(): Promise<End> {
    const abort = new AbortController();
    let silence = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const response = await this.#connect(abort.signal);
      if (!response.ok || !response.body) {
        /* What is not read keeps its connection. */
        void response.body?.cancel();
        return REFUSALS.has(response.status) ? 'refused' : 'broken';
      }
      online.set(true);
      stir(null);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const events = new EventReader();
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- the pieces come one after another
        const { done, value } = await reader.read();
        if (done) return 'ended';
        clearTimeout(silence);
        silence = setTimeout(() => abort.abort(), SILENCE_MS);
        for (const event of events.read(value)) this.#hear(event);
      }
    } catch {
      /* Whether the network is gone, the next call says. */
      return 'broken';
    } finally {
      clearTimeout(silence);
    }
  }

  #connect(signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (this.#last) headers['Last-Event-ID'] = this.#last;
    return fetch('/api/v1/events', { headers, signal, cache: 'no-store' });
  }

  #hear(event: StreamEvent): void {
    this.#last = event.id ?? this.#last;
    if (event.data) stir(topicOf(event.name));
  }
}

/** Follows the stream until the page is left; comes back whenever it breaks. */
export async function follow(): Promise<void> {
  const stream = new Stream();
  let wait = AGAIN_MS;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one connection after another
    const end = await stream.read();
    if (end === 'refused') {
      /* Whoever has no session any more is led to the sign-in, without touching the page. */
      void ask('GET', '/session');
      return;
    }
    wait = end === 'ended' ? AGAIN_MS : Math.min(wait * 2, LONGEST_MS);
    const pause = wait;
    // oxlint-disable-next-line no-await-in-loop -- and a pause between them
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
