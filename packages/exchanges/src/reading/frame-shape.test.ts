import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameShape } from './frame-shape.js';
import { parseJson } from './json.js';

const learned = (text: string): FrameShape => {
  const shape = FrameShape.of(text);
  if (shape === undefined) throw new Error(`No shape was learned from ${text}`);
  return shape;
};

describe('the shape of a frame', () => {
  it('reads frames with other values as JSON.parse does', () => {
    const shape = learned('{"arg":{"channel":"trades","id":"BTC"},"data":[{"px":"1.5","n":1,"up":true,"was":null}]}');
    for (const text of [
      '{"arg":{"channel":"trades","id":"ETH"},"data":[{"px":"-2","n":-0,"up":false,"was":true}]}',
      '{"arg":{"channel":"","id":"한글"},"data":[{"px":"1795715540193","n":0.1,"up":null,"was":false}]}',
      '{"arg":{"channel":"a","id":"b"},"data":[{"px":"c","n":9999999999999999,"up":true,"was":true}]}',
      '{"arg":{"channel":"a","id":"b"},"data":[{"px":"c","n":90071992547409931,"up":true,"was":true}]}',
      '{"arg":{"channel":"a","id":"b"},"data":[{"px":"c","n":0.00000000000000000000000123,"up":true,"was":true}]}',
      `{"arg":{"channel":"a","id":"b"},"data":[{"px":"c","n":${'9'.repeat(400)},"up":true,"was":true}]}`,
    ]) {
      const read = shape.read(text);
      expect(read).toEqual(JSON.parse(text));
      expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)));
    }
  });

  it('keeps white space where it was', () => {
    const shape = learned('\n{ "a" : "1",\t"b": [ "2" ] }\r\n');
    expect(shape.read('\n{ "a" : "3",\t"b": [ "4" ] }\r\n')).toEqual({ a: '3', b: ['4'] });
    expect(shape.read('{"a":"3","b":["4"]}')).toBeUndefined();
  });

  it('leaves to JSON.parse what it does not know for sure', () => {
    const shape = learned('{"a":"1","b":2}');
    for (const text of [
      '',
      '{"a":"1","b":2',
      '{"a":"1","b":2}}',
      '{"a":"1","b":2} ',
      '{"a":"1","c":2}',
      '{"a":"1","b":}',
      '{"a":"1',
      '{"a":"\\u0031","b":2}',
      '{"a":"\u0000","b":2}',
      '{"a":"1","b":01}',
      '{"a":"1","b":1.}',
      '{"a":"1","b":.5}',
      '{"a":"1","b":-}',
      '{"a":"1","b":1e3}',
      '{"a":"1","b":1.2.3}',
      '{"a":"1","b":+1}',
      '{"a":"1","b":nul}',
      '{"a":"1","b":NaN}',
      '{"a":"1","b":[]}',
      '{"a":"1","b":"2"}',
      '{"a":1,"b":2}',
      `{"a":"${'1'.repeat(5_000)}","b":2}`,
    ]) {
      expect(shape.read(text), text).toBeUndefined();
    }
  });

  it('is not learned where it could mean something else to JavaScript', () => {
    for (const text of [
      '{"__proto__":"x"}',
      '{"a":"x","__proto__":{"b":"y"}}',
      '{"a-b":"x"}',
      '{"\\u0061":"x"}',
      '{"a":"x","":"y"}',
      '{"v[0]":"x"}',
    ]) {
      expect(FrameShape.of(text), text).toBeUndefined();
    }
  });

  it('is not learned of frames that are long, have many values, or hardly any strings', () => {
    expect(FrameShape.of(JSON.stringify({ a: 'x'.repeat(5_000) }))).toBeUndefined();
    expect(FrameShape.of(JSON.stringify(new Array(65).fill('x')))).toBeUndefined();
    expect(FrameShape.of('[1,2,true,"x"]')).toBeUndefined();
    expect(FrameShape.of('{}')).toBeUndefined();
    expect(FrameShape.of(`${'['.repeat(2_000)}"x"${']'.repeat(2_000)}`)?.read('"x"')).toBeUndefined();
  });

  it('never disagrees with JSON.parse, whatever the frame and whatever is done to it', () => {
    const frame = fc
      .object({
        key: fc.stringMatching(/^\w{1,3}$/),
        values: [
          fc.stringMatching(/^[\w.]{1,14}$/),
          fc.string({ maxLength: 3 }),
          fc.integer().map((whole) => whole / 1_000),
          fc.constantFrom(true, null),
        ],
        maxDepth: 2,
      })
      .map((value) => JSON.stringify(value));
    let readings = 0;
    const splice = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.integer({ min: 0, max: 3 }),
      insert: fc.oneof(
        fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '\\', '-', '.', '0', '01', '1e9', 'true', 'null', ' ', '\n'),
        fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
        fc.string(),
      ),
    });
    fc.assert(
      fc.property(frame, fc.array(splice, { maxLength: 1 }), (text, splices) => {
        const shape = FrameShape.of(text);
        if (shape === undefined) return;
        let changed = text;
        for (const { at, remove, insert } of splices) {
          const from = Math.floor(at * changed.length);
          changed = changed.slice(0, from) + insert + changed.slice(from + remove);
        }
        const read = shape.read(changed);
        if (read === undefined) return;
        readings += 1;
        expect(JSON.stringify(read)).toBe(JSON.stringify(parseJson(changed)));
      }),
      { numRuns: 3_000, seed: 1 },
    );
    expect(readings).toBeGreaterThan(500);
  });
});
