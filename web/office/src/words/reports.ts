/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Reports',
};

const pl: typeof en = {
  title: 'Raporty',
};

export const words = choose({ en, pl });
