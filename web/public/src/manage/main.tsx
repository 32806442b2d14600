/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The page behind a client's own link. Shell data first; a refocus reads the visit again. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Managed } from '../kit/contract';
import { useLoad } from '../kit/load';
import { applyAccent, pathPart, shellData } from '../kit/shell';
import { LoadFailed } from '../kit/ui';
import '../style/base.css';
import '../style/page.css';
import '../style/picker.css';
import '../style/manage.css';
import { manage as words } from '../words/manage';
import { shared } from '../words/shared';
import { Manage } from './manage';

function Page({ token, first }: { token: string; first: Managed | null }) {
  const load = useLoad<Managed>(`/public/manage/${encodeURIComponent(token)}`, first);
  const accent = load.value?.business.accent_color ?? null;
  useEffect(() => applyAccent(accent), [accent]);

  if (load.value)
    return <Manage token={token} managed={load.value} put={load.put} reload={load.reload} />;
  return (
    <main class="narrow">
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
  const first = shellData<Managed>('manage');
  applyAccent(first?.business.accent_color ?? null);
  root.replaceChildren();
  render(<Page token={decodeURIComponent(pathPart(1))} first={first} />, root);
}
