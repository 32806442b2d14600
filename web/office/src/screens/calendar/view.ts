/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What of the calendar is shown: all of it stands in the address. */
import { today, weekOf, plusDays } from './clock';

export const VIEWS = ['day', 'week', 'list'] as const;
export type ViewName = (typeof VIEWS)[number];

export interface View {
  name: ViewName;
  date: string;
  by: 'person' | 'room';
  /** Whose calendar; null: everybody's. */
  who: string | null;
  cancelled: boolean;
  /** The visit for which a place is sought. */
  move: string | null;
  from: string;
  to: string;
}

interface Search {
  date?: string;
  view?: string;
  by?: string;
  who?: string;
  person?: string;
  new?: string;
  cancelled?: string;
  move?: string;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const isDate = (text: string | undefined): text is string =>
  text !== undefined && DATE.test(text) && !Number.isNaN(Date.parse(text));

/** `person` of a link from elsewhere says whose; beside `new` it says with whom. */
export function viewOf(search: Search): View {
  const name = VIEWS.find((each) => each === search.view) ?? 'day';
  const date = isDate(search.date) ? search.date : today();
  const from = name === 'day' ? date : weekOf(date);
  return {
    name,
    date,
    by: search.by === 'room' ? 'room' : 'person',
    who: search.who ?? (search.new ? null : (search.person ?? null)),
    cancelled: search.cancelled === '1',
    move: search.move ?? null,
    from,
    to: name === 'day' ? date : plusDays(from, 6),
  };
}
