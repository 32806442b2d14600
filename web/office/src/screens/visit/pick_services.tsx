/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One service or several, in the order in which they are done. */
import { CloseButton, NativeSelect } from '@mantine/core';
import { useRef } from 'react';
import type { Service } from '../../kit/contract';
import { money } from '../../kit/time';
import { words } from '../../words/visit';

interface PickProps {
  menu: Service[];
  chosen: string[];
  set: (ids: string[]) => void;
  fault: string | undefined;
}

const MOST = 10;

const name = (service: Service): string =>
  `${service.name} · ${words.minutes(service.duration_min)} · ${money(service.price)}`;

export function PickServices({ menu, chosen, set, fault }: PickProps) {
  const field = useRef<HTMLSelectElement>(null);
  const all = chosen.flatMap((id) => menu.find((service) => service.id === id) ?? []);
  const minutes = all.reduce((sum, service) => sum + service.duration_min, 0);
  const price = all.reduce((sum, service) => sum + service.price, 0);
  const groups = new Map<string, Service[]>();
  for (const service of menu) groups.set(service.category, [...(groups.get(service.category) ?? []), service]);
  return (
    <div className="pick-services">
      {all.length > 0 && (
        <ol aria-label={words.services}>
          {all.map((service, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- the same service may be there twice
            <li key={`${service.id}${at}`}>
              <span>
                <strong>{service.name}</strong>
                <span className="soft small">
                  {words.minutes(service.duration_min)} · {money(service.price)}
                </span>
              </span>
              <CloseButton
                aria-label={words.without(service.name)}
                onClick={() => {
                  set(chosen.toSpliced(at, 1));
                  field.current?.focus();
                }}
              />
            </li>
          ))}
        </ol>
      )}
      {chosen.length < MOST && (
        <NativeSelect
          ref={field}
          label={all.length > 0 ? words.anotherService : words.service}
          value=""
          error={fault}
          onChange={(event) => {
            const { value } = event.currentTarget;
            if (value) set([...chosen, value]);
          }}
        >
          <option value="">{all.length > 0 ? words.addService : words.chooseService}</option>
          {[...groups].map(([category, services]) =>
            category ? (
              <optgroup key={category} label={category}>
                {services.map((service) => (
                  <option key={service.id} value={service.id}>
                    {name(service)}
                  </option>
                ))}
              </optgroup>
            ) : (
              services.map((service) => (
                <option key={service.id} value={service.id}>
                  {name(service)}
                </option>
              ))
            ),
          )}
        </NativeSelect>
      )}
      {all.length > 1 && <p className="soft small">{words.sum(words.minutes(minutes), money(price))}</p>}
    </div>
  );
}
