/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Bookings',
};

const pl: typeof en = {
  title: 'Wizyty',
};

export const words = choose({ en, pl });
