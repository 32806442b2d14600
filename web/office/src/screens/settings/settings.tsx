/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The settings: a list of parts beside the one that is open; on a phone one after the other. */
import './settings.css';
import { Link, Navigate, useParams } from '@tanstack/react-router';
import { ArrowLeft, ChevronRight, SearchX } from 'lucide-react';
import { Suspense } from 'react';
import { PageHead } from '../../kit/page';
import { Empty, Waiting } from '../../kit/states';
import { words } from '../../words/settings';
import { PARTS } from './parts';

/** Where the list and a part stand side by side. */
const WIDE = '(min-width: 56.01em)';

export function SettingsScreen() {
  const { part: name } = useParams({ strict: false });
  const open = PARTS.find((each) => each.name === name);
  if (!name && matchMedia(WIDE).matches) {
    return <Navigate to="/app/settings/$part" params={{ part: 'business' }} replace />;
  }
  if (!name) {
    return (
      <div className="page">
        <PageHead title={words.title} />
        <PartList isIndex />
      </div>
    );
  }
  return (
    <div className="page settings-page">
      <PartList open={name} />
      <div className="settings-part">
        {open ? (
          <>
            <PageHead key={open.name} title={open.title} back={<Back />} />
            <p className="settings-lead">{open.text}</p>
            <Suspense fallback={<Waiting rows={3} height={88} />}>
              <open.view key={open.name} />
            </Suspense>
          </>
        ) : (
          <Empty
            icon={SearchX}
            title={words.noPart}
            action={<Link to="/app/settings">{words.title}</Link>}
          />
        )}
      </div>
    </div>
  );
}

function Back() {
  return (
    <Link to="/app/settings">
      <ArrowLeft size={16} aria-hidden="true" />
      {words.title}
    </Link>
  );
}

function PartList({ open, isIndex }: { open?: string; isIndex?: boolean }) {
  return (
    <nav className={isIndex ? 'settings-index' : 'settings-side'} aria-label={words.title}>
      {!isIndex && <p className="settings-side-title">{words.title}</p>}
      <ul>
        {PARTS.map(({ name, title, text, icon: Icon }) => (
          <li key={name}>
            <Link
              to="/app/settings/$part"
              params={{ part: name }}
              className="settings-link"
              aria-current={name === open ? 'page' : undefined}
            >
              <Icon size={isIndex ? 20 : 17} strokeWidth={1.8} aria-hidden="true" />
              <span>
                {title}
                {isIndex && <small>{text}</small>}
              </span>
              {isIndex && <ChevronRight size={17} aria-hidden="true" />}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
