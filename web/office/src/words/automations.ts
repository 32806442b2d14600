/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Automations',
  automationTitle: 'Automation',
};

const pl: typeof en = {
  title: 'Automatyzacje',
  automationTitle: 'Automatyzacja',
};

export const words = choose({ en, pl });
