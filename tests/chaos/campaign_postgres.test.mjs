// SPDX-License-Identifier: AGPL-3.0-or-later
// The campaign of campaigns.mjs on PostgreSQL.
import { test } from 'node:test';

import { campaign } from './campaigns.mjs';

test('a Chaos Day with kill -9 on PostgreSQL loses nothing and doubles nothing', (t) =>
  campaign(t, 'postgres'));
