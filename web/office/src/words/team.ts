/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  title: 'Team',
  memberTitle: 'Team member',
};

const pl: typeof en = {
  title: 'Zespół',
  memberTitle: 'Członek zespołu',
};

export const words = choose({ en, pl });
