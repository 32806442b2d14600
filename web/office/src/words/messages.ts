/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Messages',
};

const pl: typeof en = {
  title: 'Wiadomości',
};

export const words = choose({ en, pl });
