/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Settings',
};

const pl: typeof en = {
  title: 'Ustawienia',
};

export const words = choose({ en, pl });
