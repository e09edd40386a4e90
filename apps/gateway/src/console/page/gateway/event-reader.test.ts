import { expect, test } from 'vitest';
import { createEventReader } from './event-reader.js';

test('events are whole, however they are cut', () => {
  const text = 'data: {"a":1}\n\n: a comment\n\ndata: {"b":"x"}\n\ndata: {"c"';
  for (const size of [1, 2, 7, 1_000]) {
    const heard: string[] = [];
    const read = createEventReader((data) => heard.push(data));
    for (let at = 0; at < text.length; at += size) read(text.slice(at, at + size));
    expect(heard, `${size} at a time`).toEqual(['{"a":1}', '{"b":"x"}']);
  }
});
