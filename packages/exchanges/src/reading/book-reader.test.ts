import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBookReader } from './book-reader.js';
import { isObject, parseJson } from './json.js';
import { toNumber } from './numbers.js';
import { Rows } from './rows.js';

const reader = (): ((text: string) => unknown) => {
  const read = createBookReader();
  return (text) => read(text, Buffer.from(text));
};

const book = (levels: readonly (readonly [string, string])[], more: object = {}): string =>
  JSON.stringify({ ...more, data: { asks: levels.map(([price, qty]) => ({ price, qty })) } });

const taught = (frame = book([['1', '2']])): ((text: string) => unknown) => {
  const read = reader();
  read(frame);
  return read;
};

const rowsOf = (message: unknown): unknown => (message as { data: { asks: unknown } }).data.asks;

/** What was parsed, as far as it can be told of what was read: of rows their numbers. */
function asRead(read: unknown, parsed: unknown): unknown {
  if (read instanceof Rows) {
    return (parsed as Record<string, unknown>[]).map((element) => {
      expect(Object.keys(element)).toEqual(read.columns);
      return Object.values(element).map(toNumber);
    });
  }
  if (!isObject(read) || !isObject(parsed)) return parsed;
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, asRead(read[key], value)]));
}

function plain(read: unknown): unknown {
  if (read instanceof Rows) {
    const { columns, numbers, length } = read;
    return Array.from({ length }, (_, row) => [...numbers.subarray(row * columns.length, (row + 1) * columns.length)]);
  }
  if (!isObject(read)) return read;
  return Object.fromEntries(Object.entries(read).map(([key, value]) => [key, plain(value)]));
}

describe('the reader of whole order books', () => {
  it('reads lists of levels as numbers once it has seen one, however long they are', () => {
    const read = taught();
    for (const count of [1, 2, 200]) {
      const levels = Array.from({ length: count }, (_, i) => [`${i + 1}.50`, `0.00${i}`] as const);
      const message = read(book(levels, { id: '7', type: '호가' }));
      expect(message).toMatchObject({ id: '7', type: '호가' });
      expect(rowsOf(message)).toBeInstanceOf(Rows);
      expect(plain(rowsOf(message))).toEqual(levels.map(([price, size]) => [Number(price), Number(size)]));
    }
  });

  it('reads numbers without quotes, and several lists with white space in them', () => {
    const frame = (price: string): string =>
      `{ "asks":[{"p" : ${price}, "q":"2"},{"p" : 3, "q":"4"}], "bids":[{"bp":0}], "t": 5 }`;
    const read = taught(frame('1'));
    expect(plain(read(frame('1.25')))).toEqual({
      asks: [
        [1.25, 2],
        [3, 4],
      ],
      bids: [[0]],
      t: 5,
    });
  });

  it('reads every digit that a double holds', () => {
    const read = taught();
    for (const digits of ['9007199254740993', '0.1234567890123456789', '123456789012.345', '0.0000000000000001', '0']) {
      expect(plain(rowsOf(read(book([[digits, '1']]))))).toEqual([[Number(digits), 1]]);
    }
  });

  it('leaves to JSON.parse what has another form', () => {
    const read = taught();
    for (const level of [
      '{"price":"01","qty":"2"}',
      '{"price":"1.","qty":"2"}',
      '{"price":".5","qty":"2"}',
      '{"price":"","qty":"2"}',
      '{"price":"-1","qty":"2"}',
      '{"price":"1e3","qty":"2"}',
      '{"price":"1.2.3","qty":"2"}',
      `{"price":"${'9'.repeat(400)}","qty":"2"}`,
      `{"price":"${'9'.repeat(200_000)}","qty":"2"}`,
      '{"price":1,"qty":"2"}',
      '{"qty":"2","price":"1"}',
      '{"price":"1","qty":"2","n":3}',
      '{"price":"1"}',
      '{}',
      '["1","2"]',
      'null',
      '',
    ]) {
      const text = `{"data":{"asks":[${level}]}}`;
      expect(rowsOf(read(text)), level.slice(0, 40)).toEqual(JSON.parse(text).data.asks);
    }
  });

  it('takes a list only from where it was learned', () => {
    const read = taught();
    const level = '{"price":"1","qty":"2"}';
    for (const text of [
      `{"asks":[${level}]}`,
      `{"other":{"asks":[${level}]},"data":{"asks":[]}}`,
      `{"data":{"asks":[${level}],"asks":[]}}`,
      `{"data":{"asks":[${level}],"asks":[${level},${level}]}}`,
      `{"data":{"note":"\\"asks\\":[${level.replaceAll('"', '\\"')}]"}}`,
    ]) {
      expect(read(text), text).toEqual(JSON.parse(text));
    }
  });

  it('does not learn of strings that only begin like a number', () => {
    for (const price of ['1,', '1:', '1 ', '1e0', '-1', '1"']) {
      const frame = book([[price, '2']]);
      expect(taught(frame)(frame), price).toEqual(JSON.parse(frame));
    }
  });

  it('has nothing to say of what is not JSON', () => {
    const read = taught();
    for (const text of [
      '',
      '{',
      '{"data":{"asks":[{"price":"1","qty":"2"}',
      '{"data":{"asks":[{"price":"1","qty":"2"}]}}}',
    ]) {
      expect(read(text), text).toBeUndefined();
    }
  });

  it('reads what comes as text, and what never has the same form', () => {
    const read = createBookReader();
    const frame = book([['1', '2']]);
    for (let count = 0; count < 3; count += 1) expect(read(frame, frame)).toEqual(JSON.parse(frame));
    const other = taught();
    for (let count = 0; count < 3_000; count += 1) {
      const text = `{"data":{"asks":[{"key${count}":"1"}]}}`;
      expect(other(text)).toEqual(JSON.parse(text));
    }
  });

  it('never disagrees with JSON.parse, whatever is done to a frame', () => {
    const decimal = fc.oneof(
      fc.nat().map(String),
      fc.tuple(fc.nat(), fc.stringMatching(/^\d{1,12}$/)).map(([whole, part]) => `${whole}.${part}`),
    );
    const levels = fc.array(fc.tuple(decimal, decimal), { minLength: 1, maxLength: 4 });
    const frame = fc.tuple(levels, levels, fc.string()).map(([asks, bids, note]) =>
      JSON.stringify({
        note,
        asks: asks.map(([price, qty]) => ({ price, qty })),
        bids: bids.map(([p, q]) => ({ p: Number(p), q })),
      }),
    );
    const splice = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.integer({ min: 0, max: 3 }),
      insert: fc.oneof(
        fc.constantFrom(
          '"',
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '\\',
          '-',
          '.',
          '0',
          '01',
          'e9',
          'null',
          ' ',
          '"asks":[',
          '한',
        ),
        fc.string(),
      ),
    });
    let readings = 0;
    fc.assert(
      fc.property(frame, frame, fc.array(splice, { maxLength: 2 }), (first, text, splices) => {
        const read = taught(first);
        let changed = text;
        for (const { at, remove, insert } of splices) {
          const from = Math.floor(at * changed.length);
          changed = changed.slice(0, from) + insert + changed.slice(from + remove);
        }
        const message = read(changed);
        if (isObject(message) && message.asks instanceof Rows) readings += 1;
        expect(plain(message)).toEqual(asRead(message, parseJson(changed)));
      }),
      { numRuns: 3_000, seed: 1 },
    );
    expect(readings).toBeGreaterThan(500);
  });
});
