// SPDX-License-Identifier: AGPL-3.0-or-later
// One row changed by hand on SQLite is found by the check that it concerns, and by no other.
import { lookAtDamages } from './damaged.mjs';

lookAtDamages('sqlite');
