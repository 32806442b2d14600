/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Calendar',
};

const pl: typeof en = {
  title: 'Kalendarz',
};

export const words = choose({ en, pl });
