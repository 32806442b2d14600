/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Which figures of a report are shown, and in which order. */
import type { Figure, Figures, Kind } from './data';

/** The one that the report is about. */
export const MAIN: Record<Kind, Figure> = {
  bookings: 'visits',
  revenue: 'completed_value',
  utilisation: 'worked_permille',
  no_shows: 'no_show_permille',
  cancellations: 'cancelled_permille',
  retention: 'return_permille',
  ratings: 'mean_hundredths',
  stock_value: 'stock_value',
  stock_usage: 'used_value',
};

const ORDER: Record<Kind, Figure[]> = {
  bookings: ['visits', 'completed', 'confirmed', 'pending', 'no_show', 'online', 'cancelled'],
  revenue: ['completed_value', 'booked_value', 'completed', 'average_value'],
  utilisation: ['worked_permille', 'worked_min', 'open_min'],
  no_shows: ['no_show_permille', 'no_show', 'completed', 'no_show_value'],
  cancellations: ['cancelled_permille', 'cancelled', 'all', 'cancelled_value', 'by_client', 'by_business'],
  retention: ['return_permille', 'clients', 'new', 'returning', 'came_back', 'waiting'],
  ratings: ['mean_hundredths', 'ratings', 'stars_5', 'stars_4', 'stars_3', 'stars_2', 'stars_1'],
  stock_value: ['on_hand', 'stock_value', 'items'],
  stock_usage: ['planned', 'used', 'waste', 'planned_value', 'used_value', 'waste_value'],
};

/** Those of a kind that at least one of the given has. */
export const shownFigures = (kind: Kind, given: Figures[]): Figure[] =>
  ORDER[kind].filter((figure) => given.some((each) => each[figure] !== undefined));
