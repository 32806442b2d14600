/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Getting started',
};

const pl: typeof en = {
  title: 'Pierwsze kroki',
};

export const words = choose({ en, pl });
