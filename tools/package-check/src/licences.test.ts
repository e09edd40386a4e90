import { expect, test } from 'vitest';
import { isPermissive, renderLicences } from './licences.js';

test.each(['MIT', 'ISC', '(MIT OR GPL-3.0)', 'MIT OR Apache-2.0', 'MIT AND Zlib OR ISC', 'BSD-3-Clause AND MIT'])(
  'lets %s in',
  (expression) => expect(isPermissive(expression)).toBe(true),
);

test.each(['GPL-3.0', 'MIT AND GPL-3.0', 'SEE LICENSE IN LICENSE', 'null', 'UNLICENSED', ''])(
  'does not let "%s" in',
  (expression) => expect(isPermissive(expression)).toBe(false),
);

test('lists who brings what', () => {
  const dependency = { name: 'ws', version: '8.0.0', licence: 'MIT', bytes: 1, broughtBy: ['@naru/a', '@naru/b'] };
  expect(renderLicences([dependency])).toContain('\n| ws | 8.0.0 | MIT | @naru/a, @naru/b |\n');
});
