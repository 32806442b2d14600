/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a member does and may do, for inviting and for changing. */
import { Button, Checkbox, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Failed, Waiting } from '../../kit/states';
import { words } from '../../words/team';
import { PERMISSIONS, type Permission, servicesQuery } from './data';

export interface Rights {
  bookable: boolean;
  service_ids: string[];
  permissions: Permission[];
}

const toggled = <T,>(list: T[], value: T, isIn: boolean): T[] =>
  isIn ? [...list, value] : list.filter((each) => each !== value);

export const isSame = (one: string[], other: string[]): boolean =>
  one.length === other.length && one.every((each) => other.includes(each));

interface RightsProps {
  rights: Rights;
  /** An owner may everything: then there is nothing to choose. */
  isOwner?: boolean;
  edit: (change: Partial<Rights>) => void;
}

export function RightsFields({ rights, isOwner = false, edit }: RightsProps) {
  return (
    <>
      <fieldset className="team-set">
        <legend>{words.services}</legend>
        <Services chosen={rights.service_ids} choose={(ids) => edit({ service_ids: ids })} />
        <Switch
          label={words.bookableLabel}
          checked={rights.bookable}
          onChange={(event) => edit({ bookable: event.currentTarget.checked })}
        />
      </fieldset>
      {!isOwner && (
        <fieldset className="team-set">
          <legend>{words.permissions}</legend>
          <p className="soft small">{words.permissionsHint}</p>
          {PERMISSIONS.map((name) => {
            const [label, hint] = words.permission[name];
            return (
              <Checkbox
                key={name}
                label={label}
                description={hint}
                checked={rights.permissions.includes(name)}
                onChange={(event) =>
                  edit({ permissions: toggled(rights.permissions, name, event.currentTarget.checked) })
                }
              />
            );
          })}
        </fieldset>
      )}
    </>
  );
}

function Services({ chosen, choose }: { chosen: string[]; choose: (ids: string[]) => void }) {
  const { data, error, isPending, refetch } = useQuery(servicesQuery);
  if (isPending) return <Waiting rows={3} height={28} />;
  if (!data) return <Failed error={error} retry={() => void refetch()} />;
  if (data.length === 0) return <p className="soft small">{words.noServices}</p>;
  const isAll = data.every(({ id }) => chosen.includes(id));
  return (
    <>
      <div className="row apart">
        <p className="soft small">{words.servicesHint}</p>
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => choose(isAll ? [] : data.map(({ id }) => id))}
        >
          {isAll ? words.noneOfThem : words.allOfThem}
        </Button>
      </div>
      <div className="team-services">
        {data.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={chosen.includes(id)}
            onChange={(event) => choose(toggled(chosen, id, event.currentTarget.checked))}
          />
        ))}
      </div>
    </>
  );
}
