/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { PageHead } from '../../kit/page';
import { words } from '../../words/inventory';

export function ItemScreen() {
  return <PageHead title={words.itemTitle} />;
}
