/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The page on which a client rates their visit. Shell data first, else it is read. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import type { VisitToRate } from '../kit/contract';
import { useLoad } from '../kit/load';
import { applyAccent, pathPart, shellData } from '../kit/shell';
import { LoadFailed } from '../kit/ui';
import '../style/base.css';
import '../style/page.css';
import '../style/feedback.css';
import { rate as words } from '../words/feedback';
import { shared } from '../words/shared';
import { Rate } from './rate';

function Page({ token, first }: { token: string; first: VisitToRate | null }) {
  const path = `/public/rate/${encodeURIComponent(token)}`;
  const load = useLoad<VisitToRate>(path, first);
  const accent = load.value?.business.accent_color ?? null;
  useEffect(() => applyAccent(accent), [accent]);

  if (load.value) return <Rate path={path} visit={load.value} put={load.put} />;
  return (
    <main class="narrow">
      <h1>{words.title}</h1>
      {load.problem || load.unreachable ? (
        <LoadFailed title={words.notLoaded} problem={load.problem} retry={load.reload} />
      ) : (
        <p role="status">{shared.loading}</p>
      )}
    </main>
  );
}

const root = document.getElementById('root');
if (root) {
  const first = shellData<VisitToRate>('rate');
  applyAccent(first?.business.accent_color ?? null);
  root.replaceChildren();
  render(<Page token={decodeURIComponent(pathPart(1))} first={first} />, root);
}
