/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The booking page: starts from the data in the shell, or reads it when the shell has none. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Shop } from '../kit/contract';
import { useLoad } from '../kit/load';
import { applyAccent, pathPart, shellData } from '../kit/shell';
import { LoadFailed } from '../kit/ui';
import '../style/base.css';
import '../style/page.css';
import '../style/picker.css';
import '../style/book.css';
import { book as words } from '../words/book';
import { shared } from '../words/shared';
import { Book } from './book';

function Page({ first }: { first: Shop | null }) {
  const { value, problem, unreachable, reload } = useLoad<Shop>(
    `/public/${encodeURIComponent(first?.slug ?? decodeURIComponent(pathPart(1)))}`,
    first,
  );
  const accent = value?.accent_color ?? null;
  useEffect(() => applyAccent(accent), [accent]);

  if (value) return <Book shop={value} />;
  return (
    <main class="narrow">
      {problem || unreachable ? (
        <LoadFailed title={words.notLoaded} problem={problem} retry={reload} />
      ) : (
        <p role="status">{shared.loading}</p>
      )}
    </main>
  );
}

const root = document.getElementById('root');
if (root) {
  const first = shellData<Shop>('public');
  applyAccent(first?.accent_color ?? null);
  root.replaceChildren();
  render(<Page first={first} />, root);
}
