/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Units that are words: how they stand after a number. What is none of these stays as it was typed. */
import { choose } from './choose';
import { plural } from './plural';

type Forms = Parameters<typeof plural>[1];

const en: Record<string, Forms> = {
  piece: { one: 'piece', other: 'pieces' },
  pair: { one: 'pair', other: 'pairs' },
  sheet: { one: 'sheet', other: 'sheets' },
  pack: { one: 'pack', other: 'packs' },
  box: { one: 'box', other: 'boxes' },
  bottle: { one: 'bottle', other: 'bottles' },
  tube: { one: 'tube', other: 'tubes' },
  jar: { one: 'jar', other: 'jars' },
  roll: { one: 'roll', other: 'rolls' },
  set: { one: 'set', other: 'sets' },
  portion: { one: 'portion', other: 'portions' },
};

const pl: typeof en = {
  sztuka: { one: 'sztuka', few: 'sztuki', many: 'sztuk', other: 'sztuki' },
  para: { one: 'para', few: 'pary', many: 'par', other: 'pary' },
  arkusz: { one: 'arkusz', few: 'arkusze', many: 'arkuszy', other: 'arkusza' },
  opakowanie: { one: 'opakowanie', few: 'opakowania', many: 'opakowań', other: 'opakowania' },
  pudełko: { one: 'pudełko', few: 'pudełka', many: 'pudełek', other: 'pudełka' },
  butelka: { one: 'butelka', few: 'butelki', many: 'butelek', other: 'butelki' },
  tubka: { one: 'tubka', few: 'tubki', many: 'tubek', other: 'tubki' },
  słoik: { one: 'słoik', few: 'słoiki', many: 'słoików', other: 'słoika' },
  rolka: { one: 'rolka', few: 'rolki', many: 'rolek', other: 'rolki' },
  zestaw: { one: 'zestaw', few: 'zestawy', many: 'zestawów', other: 'zestawu' },
  porcja: { one: 'porcja', few: 'porcje', many: 'porcji', other: 'porcji' },
};

const forms = new Map(Object.entries(choose({ en, pl })));

/** `2` and `piece` as `pieces`. */
export function unitAfter(count: number, unit: string): string {
  const known = forms.get(unit.toLowerCase());
  return known ? plural(Math.abs(count), known) : unit;
}
