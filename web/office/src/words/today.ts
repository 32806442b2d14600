/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Today',
};

const pl: typeof en = {
  title: 'Dzisiaj',
};

export const words = choose({ en, pl });
