/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Inventory',
  itemTitle: 'Item',
  stocktakesTitle: 'Stocktakes',
  stocktakeTitle: 'Stocktake',
};

const pl: typeof en = {
  title: 'Magazyn',
  itemTitle: 'Produkt',
  stocktakesTitle: 'Inwentaryzacje',
  stocktakeTitle: 'Inwentaryzacja',
};

export const words = choose({ en, pl });
