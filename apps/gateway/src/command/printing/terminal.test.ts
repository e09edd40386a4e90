import { expect, test } from 'vitest';
import { fitLine, fitScreen } from './terminal.js';

const write = (): void => {};

test('a line is cut where a terminal would wrap it, and nowhere else', () => {
  expect(fitLine('0123456789', { write, columns: 8 })).toBe('012345…');
  expect(fitLine('0123456', { write, columns: 8 })).toBe('0123456');
  expect(fitLine('0123456789', { write })).toBe('0123456789');
});

test('lines beyond the screen are counted instead of shown', () => {
  const lines = ['a', 'b', 'c', 'd'];
  expect(fitScreen(lines, { write, rows: 4 }, 'streams')).toEqual(['a', 'b', '  and 2 more streams']);
  expect(fitScreen(lines, { write, rows: 5 }, 'streams')).toEqual(lines);
  expect(fitScreen(lines, { write }, 'streams')).toEqual(lines);
  expect(fitScreen(lines, { write, rows: 0 }, 'streams'), 'of unknown size').toEqual(lines);
});
