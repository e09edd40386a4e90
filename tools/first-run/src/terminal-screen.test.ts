import { expect, test } from 'vitest';
import { screenPicture } from './screen-picture.js';
import { screenAfter } from './terminal-screen.js';

test('a line that is drawn again takes the place of the one before', () => {
  const output = 'first\r\n  a 1\r\n  b 1\r\n\u001b[2A\u001b[2K  a 2\r\n\u001b[2K  b 2\r\nlast\r\n';
  expect(screenAfter(output)).toEqual(['first', '  a 2', '  b 2', 'last', '']);
});

test('colours and what is below a line are left alone', () => {
  expect(screenAfter('\u001b[32mgreen\u001b[0m\r\n1\r\n2\r\n\u001b[2A\u001b[2Kone\r\n')).toEqual([
    'green',
    'one',
    '2',
    '',
  ]);
});

test('the picture says what the screen says, and is one image', () => {
  const picture = screenPicture('npm start', ['a < b & c']);
  expect(picture).toContain('a &lt; b &amp; c');
  expect(picture.match(/<svg /g)).toHaveLength(1);
});
