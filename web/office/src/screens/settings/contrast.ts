/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * How readable a colour is (WCAG 2.2, 1.4.3), and how the pages draw it: they pull its lightness, in
 * OKLCH, to where it reads (web/public/src/style/base.css). Pure.
 */
export const ENOUGH = 4.5;
export const LIGHT_GROUND = '#fbfaf8';
export const DARK_GROUND = '#151312';
const DARK_INK = '#1c1918';

type Triple = [number, number, number];

const channels = (hex: string): Triple => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255) as Triple;
const toLinear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const fromLinear = (c: number): number => (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055);

export const isColor = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text);

function luminance(hex: string): number {
  const [r, g, b] = channels(hex).map(toLinear) as Triple;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** From 1 to 21. */
export function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

interface Oklch {
  l: number;
  c: number;
  h: number;
}

/** Björn Ottosson's matrices, as CSS Color 4 has them. */
function toOklch(hex: string): Oklch {
  const [r, g, b] = channels(hex).map(toLinear) as Triple;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const x = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const y = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return { l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, c: Math.hypot(x, y), h: Math.atan2(y, x) };
}

function linearOf({ l, c, h }: Oklch): Triple {
  const x = c * Math.cos(h);
  const y = c * Math.sin(h);
  const [p, q, s] = [
    l + 0.3963377774 * x + 0.2158037573 * y,
    l - 0.1055613458 * x - 0.0638541728 * y,
    l - 0.0894841775 * x - 1.291485548 * y,
  ].map((each) => each ** 3) as Triple;
  return [
    4.0767416621 * p - 3.3077115913 * q + 0.2309699292 * s,
    -1.2684380046 * p + 2.6097574011 * q - 0.3413193965 * s,
    -0.0041960863 * p - 0.7034186147 * q + 1.707614701 * s,
  ];
}

const SLACK = 0.0005;
const inGamut = (of: Oklch): boolean => linearOf(of).every((each) => each >= -SLACK && each <= 1 + SLACK);

/** What a screen can show of it: with less chroma where it must. */
function toHex(of: Oklch): string {
  let { c } = of;
  while (c > 0 && !inGamut({ ...of, c })) c -= 0.002;
  const parts = linearOf({ ...of, c: Math.max(0, c) }).map((each) => {
    const value = Math.round(fromLinear(Math.min(1, Math.max(0, each))) * 255);
    return value.toString(16).padStart(2, '0');
  });
  return `#${parts.join('')}`;
}

/** As the pages draw it by day, and by night. */
export function drawn(hex: string): { light: string; dark: string } {
  const of = toOklch(hex);
  return {
    light: of.l <= 0.48 ? hex : toHex({ ...of, l: 0.48 }),
    dark: toHex({ ...of, l: Math.max(of.l, 0.8), c: Math.min(of.c, 0.085) }),
  };
}

export interface Readings {
  /** The colour itself: the text of a button on it, white or black, whichever reads better. */
  button: number;
  buttonText: string;
  lightLink: number;
  darkLink: number;
  drawn: { light: string; dark: string; lightLink: number; darkLink: number; lightButton: number; darkButton: number };
}

export function readings(hex: string): Readings {
  const white = contrast(hex, '#ffffff');
  const black = contrast(hex, '#000000');
  const { light, dark } = drawn(hex);
  return {
    button: Math.max(white, black),
    buttonText: white >= black ? '#ffffff' : '#000000',
    lightLink: contrast(hex, LIGHT_GROUND),
    darkLink: contrast(hex, DARK_GROUND),
    drawn: {
      light,
      dark,
      lightLink: contrast(light, LIGHT_GROUND),
      darkLink: contrast(dark, DARK_GROUND),
      lightButton: contrast(light, '#ffffff'),
      darkButton: contrast(dark, DARK_INK),
    },
  };
}

/** The lightest of the same hue that reads as text and under white text on a light page. */
export function nearestReadable(hex: string): string {
  const of = toOklch(hex);
  for (let { l } = of; l > 0; l -= 0.004) {
    const found = l === of.l ? hex : toHex({ ...of, l });
    if (contrast(found, LIGHT_GROUND) >= ENOUGH && contrast(found, '#ffffff') >= ENOUGH) return found;
  }
  return '#000000';
}
