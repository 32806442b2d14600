/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The event stream: what has changed in the business, told as it happens. An event only says that
 * something is to be read again. Read by fetch and not by EventSource, which hides why a stream was
 * refused and wants each kind of event by its name. Without the stream the page polls (ask.ts).
 */
import { EventReader, type StreamEvent } from '../../../event_reader';
import { ANSWERING_EVENT, hearAnswering } from './answering';
import { type Topic, ask, serverReached, stir } from './ask';

const TOPIC_OF: Record<string, Topic> = {
  booking: 'visits',
  client: 'visits',
  form: 'visits',
  form_submission: 'visits',
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
    const since = performance.now();
    try {
      const response = await this.#connect(abort.signal);
      if (!response.ok || !response.body) {
        /* What is not read keeps its connection. */
        void response.body?.cancel();
        return REFUSALS.has(response.status) ? 'refused' : 'broken';
      }
      serverReached(since);
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
    if (event.name === ANSWERING_EVENT) hearAnswering(event.data);
    else if (event.data) stir(topicOf(event.name));
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
