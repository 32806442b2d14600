/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Rooms and devices',
};

const pl: typeof en = {
  title: 'Pomieszczenia i urządzenia',
};

export const words = choose({ en, pl });
