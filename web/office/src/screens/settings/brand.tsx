/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The business's colour, how readable it is, and its booking page by day and by night. */
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { CSSProperties } from 'react';
import type { Workspace } from '../../kit/contract';
import { money } from '../../kit/time';
import { words } from '../../words/settings';
import { useBusiness } from './changing';
import { DARK_GROUND, ENOUGH, LIGHT_GROUND, drawn, isColor, nearestReadable, readings } from './contrast';
import { menuQuery } from './data';
import { SaveForm } from './save_bar';
import { WithWorkspace } from './with_workspace';

export default function Brand() {
  return <WithWorkspace>{(workspace) => <Fields workspace={workspace} />}</WithWorkspace>;
}

/** What the pages have where a business has chosen nothing. */
const OWN = '#7a2b4f';
const SWATCHES = ['#7a2b4f', '#a1364a', '#b4532a', '#8a6d1b', '#2f6b3c', '#1f6f78', '#245fa8', '#4c4aa8', '#6b3fa0', '#3d4450'];

function Fields({ workspace }: { workspace: Workspace }) {
  const changing = useBusiness(workspace, 'accent_color');
  const { value, faults, edit } = changing;
  const typed = value.accent_color ?? OWN;
  const isWrong = !isColor(typed);
  const color = isWrong ? (workspace.accent_color ?? OWN) : typed;
  const set = (next: string): void => edit({ accent_color: next.toLowerCase() });
  return (
    <SaveForm changing={changing} isWrong={isWrong}>
      <section className="panel stack" aria-labelledby="brand-color">
        <h2 id="brand-color">{words.brand.color}</h2>
        <div className="row color-row">
          <input
            type="color"
            className="color-well"
            aria-label={words.brand.pick}
            value={color}
            onChange={(event) => set(event.currentTarget.value)}
          />
          <TextInput
            label={words.brand.hex}
            value={typed}
            maxLength={7}
            spellCheck={false}
            error={isWrong ? words.brand.hexWrong : faults['accent_color']}
            onChange={(event) => set(event.currentTarget.value.trim())}
          />
          {value.accent_color !== null && (
            <Button variant="subtle" onClick={() => edit({ accent_color: null })}>
              {words.brand.reset}
            </Button>
          )}
        </div>
        <div className="swatches" role="group" aria-label={words.brand.swatches}>
          {SWATCHES.map((each) => (
            <button
              key={each}
              type="button"
              className="swatch"
              aria-label={each}
              aria-pressed={each === typed}
              style={{ '--swatch': each } as CSSProperties}
              onClick={() => set(each)}
            />
          ))}
        </div>
      </section>
      <Readable color={color} use={set} />
      <section className="panel" aria-labelledby="brand-preview">
        <h2 id="brand-preview">{words.brand.preview}</h2>
        <div className="previews">
          <Preview workspace={workspace} color={color} isDark={false} />
          <Preview workspace={workspace} color={color} isDark />
        </div>
      </section>
    </SaveForm>
  );
}

const ratio = (of: number): string => `${(Math.floor(of * 10) / 10).toFixed(1)} : 1`;

function Readable({ color, use }: { color: string; use: (color: string) => void }) {
  const found = readings(color);
  const better = nearestReadable(color);
  const rows = [
    { label: words.brand.onButton, value: found.button, ground: color, ink: found.buttonText },
    { label: words.brand.onLight, value: found.lightLink, ground: LIGHT_GROUND, ink: color, as: found.drawn.light, asValue: found.drawn.lightLink },
    { label: words.brand.onDark, value: found.darkLink, ground: DARK_GROUND, ink: color, as: found.drawn.dark, asValue: found.drawn.darkLink },
  ];
  return (
    <section className="panel" aria-labelledby="brand-contrast">
      <h2 id="brand-contrast">{words.brand.contrast}</h2>
      <p className="soft small">{words.brand.contrastHint}</p>
      <ul className="readings">
        {rows.map(({ label, value, ground, ink, as, asValue }) => {
          const passes = value >= ENOUGH;
          return (
            <li key={label} data-bad={!passes || undefined}>
              <span className="reading-sample" aria-hidden="true" style={{ background: ground, color: passes ? ink : (as ?? ink) }}>
                Aa
              </span>
              <span>
                <strong>{label}</strong>
                <span className="soft">
                  {ratio(value)} · {passes ? words.brand.passes : words.brand.fails}
                  {!passes && as && asValue !== undefined && ` ${words.brand.drawnAs(as, ratio(asValue))}`}
                </span>
              </span>
              {passes ? <CircleCheck size={18} aria-hidden="true" /> : <CircleAlert size={18} aria-hidden="true" />}
            </li>
          );
        })}
      </ul>
      {better !== color && (
        <div className="settings-warn" role="status">
          <CircleAlert size={17} aria-hidden="true" />
          <p>{words.brand.tooLight}</p>
          <Button
            variant="default"
            size="compact-md"
            leftSection={<span className="dot" style={{ background: better }} />}
            onClick={() => use(better)}
          >
            {words.brand.use(better)}
          </Button>
        </div>
      )}
    </section>
  );
}

function Preview({ workspace, color, isDark }: { workspace: Workspace; color: string; isDark: boolean }) {
  const { data: services = [] } = useQuery(menuQuery);
  const { light, dark } = drawn(color);
  const menu = services.length > 0 ? services : words.brand.sample;
  return (
    <figure className="brand-preview" data-dark={isDark || undefined} style={{ '--shown': isDark ? dark : light } as CSSProperties}>
      <figcaption>{isDark ? words.brand.night : words.brand.day}</figcaption>
      <div className="brand-page" aria-hidden="true">
        <b>{workspace.name}</b>
        <small>{workspace.address.split('\n')[0] || words.brand.sampleAddress}</small>
        {menu.map(({ name, duration_min: minutes, price }, at) => (
          <span key={name} className="brand-row" data-on={at === 0 || undefined}>
            <span>
              {name}
              <small>{words.brand.minutes(minutes)}</small>
            </span>
            {money(price)}
          </span>
        ))}
        <span className="brand-link">{words.brand.link}</span>
        <span className="brand-button">{words.brand.button}</span>
      </div>
    </figure>
  );
}
