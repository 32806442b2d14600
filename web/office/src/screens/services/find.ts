/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Which services a search is for: every word of it, in the name, the category or the description. */
import type { Service } from './data';

export interface Filters {
  q: string;
  /** Null: all; the empty one is the services without a category. */
  category: string | null;
}

const plain = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase();

export function fits({ q, category }: Filters) {
  const sought = plain(q).split(/\s+/).filter(Boolean);
  return (service: Service): boolean => {
    if (category !== null && service.category !== category) return false;
    const text = plain(`${service.name} ${service.category} ${service.description}`);
    return sought.every((word) => text.includes(word));
  };
}

export const isFiltering = ({ q, category }: Filters): boolean => q !== '' || category !== null;
