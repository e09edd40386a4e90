import { expect, test } from 'vitest';
import { fromBase64, hexDump } from './hex-dump.js';

test('shows every byte, and as text what is ASCII', () => {
  const bytes = fromBase64(Buffer.from('{"a":"나루"}\n\u0000<b>').toString('base64'));
  expect(hexDump(bytes, 1_000).split('\n')).toEqual([
    '000000  7b 22 61 22 3a 22 eb 82 98 eb a3 a8 22 7d 0a 00  {"a":"......"}..',
    '000010  3c 62 3e                                         <b>',
  ]);
});

test('says how much it leaves out', () => {
  expect(hexDump(new Uint8Array(100), 20).split('\n').at(-1)).toBe('… 80 bytes more');
  expect(hexDump(new Uint8Array(0), 20)).toBe('');
});
