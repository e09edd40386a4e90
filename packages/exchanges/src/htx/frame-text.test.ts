import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { frameText } from './frame-text.js';

const maxBytes = 1024 * 1024;

test.each([0, 1, 62, 63, 64, 65, 250, 16_384, 65_535, 65_536, 500_000])(
  'unpacks a frame of %d characters',
  (length) => {
    const text = Array.from({ length }, (_, index) => String.fromCharCode(97 + ((index * 7) % 26))).join('');
    expect(frameText(gzipSync(text), maxBytes)).toBe(text);
  },
);

test('takes a frame that was unpacked on the way', () => {
  expect(frameText(Buffer.from('{"ping":1}'), maxBytes)).toBe('{"ping":1}');
});

test.each([0, 1, 0xffff_ffff])('is not led astray by a length that says %d', (length) => {
  const frame = gzipSync('x'.repeat(1_000));
  frame.writeUInt32LE(length, frame.length - 4);
  // zlib itself refuses what is not true.
  expect(() => frameText(frame, maxBytes)).toThrow(/incorrect length check/);
});

test('refuses what would unpack to more than the bound, and what is cut short', () => {
  expect(() => frameText(gzipSync(Buffer.alloc(maxBytes + 1)), maxBytes)).toThrow(/Cannot create a Buffer larger/);
  expect(() => frameText(gzipSync('x'.repeat(100)).subarray(0, 15), maxBytes)).toThrow();
  expect(() => frameText(Buffer.from([0x1f, 0x8b]), maxBytes)).toThrow();
});
