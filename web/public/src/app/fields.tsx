/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a member does and may do, for inviting and for changing. */
import { Reading } from '../kit/ui';
import { team as words } from '../words/team';
import { PERMISSIONS, type TeamData } from './team_data';

export interface Rights {
  bookable: boolean;
  service_ids: string[];
  permissions: string[];
}

interface CheckProps {
  name: string;
  label: string;
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

export function Check({ name, label, hint, checked, disabled = false, onChange }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        name={name}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint && <span class="hint">{hint}</span>}
      </span>
    </label>
  );
}

const toggled = (list: string[], value: string, isIn: boolean): string[] =>
  isIn ? [...list, value] : list.filter((each) => each !== value);

interface RightsProps {
  data: TeamData;
  rights: Rights;
  /** An owner may everything: then there is nothing to choose. */
  isOwner?: boolean;
  onChange: (rights: Rights) => void;
}

export function RightsFields({ data, rights, isOwner = false, onChange }: RightsProps) {
  const { services } = data;
  const offered = services.value?.data ?? [];
  return (
    <>
      <fieldset>
        <legend>{words.services}</legend>
        <Reading load={services} />
        {services.value && (
          <p class="hint">{offered.length === 0 ? words.noServices : words.servicesHint}</p>
        )}
        <div class="checkgrid">
          {offered.map(({ id, name }) => (
            <Check
              key={id}
              name={`service-${id}`}
              label={name}
              checked={rights.service_ids.includes(id)}
              onChange={(isIn) =>
                onChange({ ...rights, service_ids: toggled(rights.service_ids, id, isIn) })
              }
            />
          ))}
        </div>
        <Check
          name="bookable"
          label={words.bookableLabel}
          checked={rights.bookable}
          onChange={(bookable) => onChange({ ...rights, bookable })}
        />
      </fieldset>
      {!isOwner && (
        <fieldset>
          <legend>{words.permissions}</legend>
          <p class="hint">{words.permissionsHint}</p>
          {PERMISSIONS.map((name) => {
            const [label, hint] = words.permission[name];
            return (
              <Check
                key={name}
                name={`permission-${name}`}
                label={label}
                hint={hint}
                checked={rights.permissions.includes(name)}
                onChange={(isIn) =>
                  onChange({ ...rights, permissions: toggled(rights.permissions, name, isIn) })
                }
              />
            );
          })}
        </fieldset>
      )}
    </>
  );
}
