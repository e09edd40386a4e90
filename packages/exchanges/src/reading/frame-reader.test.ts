import { describe, expect, it } from 'vitest';
import { createFrameReader } from './frame-reader.js';

describe('the reader of frames', () => {
  it('reads data, what comes between, and data of another shape', () => {
    const read = createFrameReader();
    for (let count = 0; count < 10_000; count += 1) {
      const frame =
        count % 100 === 99
          ? { event: 'pong', at: `${count}` }
          : count % 3 === 0
            ? { type: 'trade', side: 'buy', price: `${count / 8}`, seq: count }
            : { type: 'trade', price: `${count / 8}`, note: 'a "quoted" word' };
      expect(read(JSON.stringify(frame))).toEqual(frame);
    }
  });

  it('reads whatever it is given when every frame has another shape', () => {
    const read = createFrameReader();
    for (let count = 0; count < 1_000; count += 1) {
      const frame = { [`key${count}`]: `${count}` };
      expect(read(JSON.stringify(frame))).toEqual(frame);
    }
  });

  it('has nothing to say of what is not JSON, before and after it has learned', () => {
    const read = createFrameReader();
    expect(read('{"a":"1"')).toBeUndefined();
    expect(read('{"a":"1"}')).toEqual({ a: '1' });
    expect(read('{"a":"1"')).toBeUndefined();
    expect(read('{"a":"2"}')).toEqual({ a: '2' });
    expect(read('{"a":1e400}')).toEqual({ a: Number.POSITIVE_INFINITY });
  });
});
