/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * A text as a QR code (ISO/IEC 18004), drawn here so that a secret never leaves the page. Bytes at error
 * correction level M, versions 1 to 20: 666 bytes, more than any otpauth address that we make.
 * `qr(text)[y][x]` is true where the code is dark; the quiet zone is whoever draws it's to leave.
 */

type Grid = boolean[][];

const VERSIONS = 20;
/** Per version, from 1: correction bytes of each block, and how many blocks there are. */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
/** Level M, as the format information writes it. */
const LEVEL = 0;

const at = (list: readonly number[], index: number): number => list[index] ?? 0;

/** Where the centres of the small alignment squares lie, in both directions. */
function alignment(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const last = version * 4 + 10;
  const step = Math.ceil((last - 6) / (count - 1) / 2) * 2;
  const centres = Array.from({ length: count - 1 }, (_, index) => last - index * step);
  return [6, ...centres.toReversed()];
}

/** How many modules are left for data and correction once the fixed patterns are drawn. */
function room(version: number): number {
  const size = version * 4 + 17;
  const marks = alignment(version).length;
  const finders = 3 * 64;
  const timing = 2 * (size - 16);
  /* Three of the squares would lie on the finders; those on the timing lines share 5 modules. */
  const squares = marks === 0 ? 0 : (marks * marks - 3) * 25 - (marks - 2) * 2 * 5;
  const information = 31 + (version >= 7 ? 36 : 0);
  return size * size - finders - timing - squares - information;
}

/* ---- arithmetic in the field of 256 elements ---- */

const POWERS: number[] = [];
for (let index = 0, value = 1; index < 255; index += 1) {
  POWERS.push(value);
  value = value < 128 ? value * 2 : (value * 2) ^ 0x11d;
}
const times = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : at(POWERS, (POWERS.indexOf(a) + POWERS.indexOf(b)) % 255);

/** The factors of the polynomial that has the first `count` powers as its roots, but the leading one. */
function generator(count: number): number[] {
  let factors = [1];
  for (let root = 0; root < count; root += 1) {
    factors = [...factors, 0].map(
      (factor, index) => factor ^ times(at(factors, index - 1), at(POWERS, root)),
    );
  }
  return factors.slice(1);
}

function correction(data: number[], factors: number[]): number[] {
  const rest = [...data, ...factors.map(() => 0)];
  data.forEach((_, index) => {
    const lead = at(rest, index);
    factors.forEach((factor, offset) => {
      rest[index + 1 + offset] = at(rest, index + 1 + offset) ^ times(factor, lead);
    });
  });
  return rest.slice(data.length);
}

/* ---- from text to the stream of bytes ---- */

/** The bytes with their header, filled up to what the version holds; null when they do not fit. */
function packed(bytes: Uint8Array, version: number, capacity: number): number[] | null {
  const bits: number[] = [];
  const put = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  if (bits.length > capacity * 8) return null;
  put(0, Math.min(4, capacity * 8 - bits.length));
  while (bits.length % 8) bits.push(0);

  const words: number[] = [];
  for (let bit = 0; bit < bits.length; bit += 8) {
    words.push(bits.slice(bit, bit + 8).reduce((word, each) => word * 2 + each, 0));
  }
  for (let filler = 0xec; words.length < capacity; filler ^= 0xec ^ 0x11) words.push(filler);
  return words;
}

/** The first of each list, then the second of each, as long as any has one. */
const inTurn = (lists: number[][]): number[] =>
  Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, index) =>
    lists.filter((list) => index < list.length).map((list) => at(list, index)),
  ).flat();

/** Data in blocks, then their corrections, both taken in turn from each block. */
function interleaved(data: number[], blocks: number, perBlock: number): number[] {
  const short = Math.floor(data.length / blocks);
  const firstLong = blocks - (data.length % blocks);
  const factors = generator(perBlock);
  const parts: number[][] = [];
  for (let block = 0, from = 0; block < blocks; block += 1) {
    const to = from + short + (block >= firstLong ? 1 : 0);
    parts.push(data.slice(from, to));
    from = to;
  }
  return [...inTurn(parts), ...inTurn(parts.map((part) => correction(part, factors)))];
}

function encoded(text: string): { version: number; words: number[] } {
  const bytes = new TextEncoder().encode(text);
  for (let version = 1; version <= VERSIONS; version += 1) {
    const blocks = at(BLOCKS, version - 1);
    const perBlock = at(CORRECTION, version - 1);
    const capacity = Math.floor(room(version) / 8) - blocks * perBlock;
    const data = packed(bytes, version, capacity);
    if (data) return { version, words: interleaved(data, blocks, perBlock) };
  }
  throw new RangeError('too long for a QR code');
}

/* ---- drawing ---- */

/** A grid that knows which of its modules are fixed patterns. */
class Canvas {
  readonly size: number;
  readonly dark: Grid;
  readonly fixed: Grid;

  constructor(version: number) {
    this.size = version * 4 + 17;
    const blank = (): Grid => Array.from({ length: this.size }, () => Array(this.size).fill(false));
    this.dark = blank();
    this.fixed = blank();
  }

  fix(x: number, y: number, dark: boolean): void {
    const [row, mark] = [this.dark[y], this.fixed[y]];
    if (!row || !mark || x < 0 || x >= this.size) return;
    row[x] = dark;
    mark[x] = true;
  }

  /** Rings round a centre: `dark` says which. */
  rings(x: number, y: number, reach: number, dark: (ring: number) => boolean): void {
    for (let dy = -reach; dy <= reach; dy += 1) {
      for (let dx = -reach; dx <= reach; dx += 1) {
        this.fix(x + dx, y + dy, dark(Math.max(Math.abs(dx), Math.abs(dy))));
      }
    }
  }
}

const finder = (ring: number): boolean => ring !== 2 && ring !== 4;

function fixedPatterns(version: number): Canvas {
  const canvas = new Canvas(version);
  const { size } = canvas;
  for (let index = 0; index < size; index += 1) {
    canvas.fix(6, index, index % 2 === 0);
    canvas.fix(index, 6, index % 2 === 0);
  }
  canvas.rings(3, 3, 4, finder);
  canvas.rings(size - 4, 3, 4, finder);
  canvas.rings(3, size - 4, 4, finder);
  const centres = alignment(version);
  const last = centres.length - 1;
  centres.forEach((y, row) =>
    centres.forEach((x, column) => {
      const onFinder =
        (row === 0 && (column === 0 || column === last)) || (row === last && column === 0);
      if (!onFinder) canvas.rings(x, y, 2, (ring) => ring !== 1);
    }),
  );
  return canvas;
}

/** Bits with their check bits: the remainder by a generator of so many bits. */
function checked(value: number, divisor: number, length: number): number {
  let rest = value;
  for (let step = 0; step < length; step += 1) {
    rest = (rest << 1) ^ ((rest >> (length - 1)) & 1 ? divisor : 0);
  }
  return (value << length) | (rest & ((1 << length) - 1));
}

function putInformation(canvas: Canvas, version: number, mask: number): void {
  const { size } = canvas;
  const format = checked((LEVEL << 3) | mask, 0x537, 10) ^ 0x5412;
  const bit = (index: number): boolean => ((format >> index) & 1) === 1;
  for (let index = 0; index < 15; index += 1) {
    const near = index < 6 ? index : index < 8 ? index + 1 : index;
    if (index < 8) canvas.fix(8, near, bit(index));
    else canvas.fix(index === 8 ? 7 : 14 - index, 8, bit(index));
    if (index < 8) canvas.fix(size - 1 - index, 8, bit(index));
    else canvas.fix(8, size - 15 + index, bit(index));
  }
  canvas.fix(8, size - 8, true);

  if (version < 7) return;
  const name = checked(version, 0x1f25, 12);
  for (let index = 0; index < 18; index += 1) {
    const dark = ((name >> index) & 1) === 1;
    const [long, short] = [Math.floor(index / 3), size - 11 + (index % 3)];
    canvas.fix(short, long, dark);
    canvas.fix(long, short, dark);
  }
}

const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Two columns at a time from the right, up and down in turn, past the vertical timing line. */
function putWords(canvas: Canvas, words: number[], mask: (x: number, y: number) => boolean): void {
  const { size, dark, fixed } = canvas;
  let next = 0;
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right -= 1;
    for (let step = 0; step < size; step += 1) {
      const y = up ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        const row = dark[y];
        if (!row || fixed[y]?.[x]) continue;
        const bit = (at(words, next >> 3) >> (7 - (next & 7))) & 1;
        next += 1;
        row[x] = (bit === 1) !== mask(x, y);
      }
    }
  }
}

/** How hard a camera finds it: runs, blocks, false finders, an uneven share of dark. */
function penalty(grid: Grid): number {
  const columns = grid.map((_, x) => grid.map((row) => row[x] ?? false));
  let points = 0;
  let darks = 0;
  for (const line of [...grid, ...columns]) {
    const text = line.map((dark) => (dark ? '1' : '0')).join('');
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) points += run.length - 2;
    points += 40 * (text.match(/(?=10111010000|00001011101)/g) ?? []).length;
  }
  grid.forEach((row, y) =>
    row.forEach((dark, x) => {
      darks += dark ? 1 : 0;
      const below = grid[y + 1];
      if (!below || x + 1 >= row.length) return;
      if (row[x + 1] === dark && below[x] === dark && below[x + 1] === dark) points += 3;
    }),
  );
  return points + 10 * Math.floor(Math.abs((darks * 20) / grid.length ** 2 - 10));
}

export function qr(text: string): Grid {
  const { version, words } = encoded(text);
  let best: Grid = [];
  let least = Infinity;
  MASKS.forEach((mask, index) => {
    const canvas = fixedPatterns(version);
    putInformation(canvas, version, index);
    putWords(canvas, words, mask);
    const points = penalty(canvas.dark);
    if (points < least) [best, least] = [canvas.dark, points];
  });
  return best;
}

/** The dark modules as one SVG path of unit squares, `quiet` modules from the edge. */
export function qrPath(grid: Grid, quiet: number): string {
  return grid
    .flatMap((row, y) =>
      row.map((dark, x) => (dark ? `M${x + quiet} ${y + quiet}h1v1h-1z` : '')),
    )
    .join('');
}
