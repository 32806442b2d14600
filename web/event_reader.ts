/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Reads Server-Sent Events from text in pieces: for the portal and for the office. */
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
