/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Good first guesses for a new business, from the device; its owner corrects what is wrong. */
import { deviceZone } from '../kit/format';

const EURO = 'AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MC MT NL PT SI SK';
const OTHERS =
  'US:USD GB:GBP CH:CHF CA:CAD AU:AUD NZ:NZD JP:JPY IN:INR BR:BRL MX:MXN SE:SEK NO:NOK DK:DKK ' +
  'PL:PLN CZ:CZK HU:HUF RO:RON TR:TRY ZA:ZAR AE:AED SA:SAR IL:ILS SG:SGD HK:HKD KR:KRW CN:CNY ' +
  'TH:THB ID:IDR MY:MYR PH:PHP VN:VND NG:NGN KE:KES EG:EGP MA:MAD AR:ARS CL:CLP CO:COP PE:PEN UA:UAH';

/** The currency of a language tag's region: `fr-FR` gives EUR. USD where the region says nothing. */
export function currencyOf(language: string): string {
  const region = new Intl.Locale(language).maximize().region ?? '';
  if (EURO.split(' ').includes(region)) return 'EUR';
  return (
    OTHERS.split(' ')
      .find((each) => each.startsWith(`${region}:`))
      ?.slice(3) ?? 'USD'
  );
}

export interface Choice {
  value: string;
  label: string;
}

/** Every zone that the browser knows, the device's own among them even under an older name. */
export function zoneChoices(): Choice[] {
  const zones = new Set([...Intl.supportedValuesOf('timeZone'), deviceZone(), 'UTC']);
  return [...zones].toSorted().map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}

export function currencyChoices(): Choice[] {
  const names = new Intl.DisplayNames('en', { type: 'currency' });
  return Intl.supportedValuesOf('currency').map((value) => ({
    value,
    label: `${value} – ${names.of(value) ?? value}`,
  }));
}
