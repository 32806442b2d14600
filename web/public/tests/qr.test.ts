/* SPDX-License-Identifier: AGPL-3.0-or-later */
import jsQR from 'jsqr';
import { describe, expect, test } from 'vitest';
import { qr, qrPath } from '../src/account/qr';

/** What a reader that we have not written finds in the code, drawn 4 pixels a module. */
function read(text: string): string | undefined {
  const grid = qr(text);
  const [scale, quiet] = [4, 4];
  const side = (grid.length + 2 * quiet) * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const dark = grid[Math.floor(y / scale) - quiet]?.[Math.floor(x / scale) - quiet] ?? false;
      if (dark) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return jsQR(pixels, side, side)?.data;
}

describe('a QR code', () => {
  test('of an authenticator address reads as that address', () => {
    const address =
      'otpauth://totp/CareOps:sara%40staff.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=CareOps';
    expect(read(address)).toBe(address);
  });

  test('reads back in every version', () => {
    const sizes = new Set<number>();
    for (let length = 1; length <= 660; length += 12) {
      const text = Array.from({ length }, (_, index) => 'abcXYZ019:/?&='[(index * 7) % 14]).join('');
      sizes.add(qr(text).length);
      expect(read(text), `${length} bytes`).toBe(text);
    }
    expect([...sizes].map((size) => (size - 17) / 4)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  test('holds letters beyond ASCII', () => {
    expect(read('Zoë Señor – 髪')).toBe('Zoë Señor – 髪');
  });

  test('refuses what is too long', () => {
    expect(() => qr('x'.repeat(700))).toThrow(RangeError);
  });

  test('is drawn with a quiet zone', () => {
    expect(qrPath([[true]], 4)).toBe('M4 4h1v1h-1z');
  });
});
