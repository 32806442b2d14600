/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Services',
  serviceTitle: 'Service',
};

const pl: typeof en = {
  title: 'Usługi',
  serviceTitle: 'Usługa',
};

export const words = choose({ en, pl });
