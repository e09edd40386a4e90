import { isMarketCode, type MarketRecord, type RequestType, requestTypes } from '@naru/core';
import { expect } from 'vitest';
import { exchanges } from '../exchanges.js';
import { sampleFrames } from '../testing/sample-frames.js';
import { sharedFrames } from './shared-frames.js';

/** A small seeded generator (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const values: readonly unknown[] = [
  null,
  true,
  '',
  ' ',
  '0x10',
  'NaN',
  'Infinity',
  '1e999',
  '-1',
  0,
  -1,
  1e308,
  -1e-308,
  2 ** 53 + 2,
  [],
  {},
  [[]],
  [null],
  { price: {} },
  'KRW-BTC',
  'krw-btc',
  '__proto__',
  'constructor',
  '\u0000',
  '9'.repeat(400),
  [1, 2],
  '.',
  '-',
];
const tokens: readonly string[] = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  'null',
  '1e999',
  '-',
  '0',
  '\\',
  '\u0000',
  '"":',
  '99999999999999999999',
  '"__proto__":{},',
];

/** Puts a strange value somewhere into a parsed frame. */
function graft(value: unknown, pick: (below: number) => number): unknown {
  if (value === null || typeof value !== 'object' || pick(5) === 0) return values[pick(values.length)];
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
  const keys = Object.keys(copy);
  if (keys.length === 0) return values[pick(values.length)];
  const key = keys[pick(keys.length)]!;
  const holder = copy as Record<string, unknown>;
  if (pick(8) === 0 && !Array.isArray(copy)) delete holder[key];
  else holder[key] = graft(holder[key], pick);
  return copy;
}

/** One mutation of a frame: of its text, or of the value it stands for. */
function mutate(text: string, pick: (below: number) => number): string {
  const at = pick(text.length + 1);
  switch (pick(6)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + tokens[pick(tokens.length)] + text.slice(at + pick(4));
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + pick(20));
    case 3:
      return text.slice(0, at) + text.slice(pick(text.length + 1), at) + text.slice(at);
    default:
      try {
        return JSON.stringify(graft(JSON.parse(text), pick));
      } catch {
        return `${text}${String.fromCharCode(pick(65_536))}`;
      }
  }
}

/** Every number finite, every amount positive or zero, every code a market code. */
function expectSound(record: MarketRecord): void {
  if (!isMarketCode(record.code)) expect.fail(`invalid code in ${JSON.stringify(record)}`);
  const check = (value: unknown): void => {
    if (typeof value === 'number' && !Number.isFinite(value)) expect.fail(`number in ${JSON.stringify(record)}`);
    if (Array.isArray(value)) value.forEach(check);
  };
  Object.values(record).forEach(check);
}

/** Frames of one exchange to start from: constructed ones, and captured ones where they are. */
function seeds(exchange: string, kind: RequestType): readonly string[] {
  const constructed = sampleFrames.filter((sample) => sample.exchange === exchange && sample.kind === kind);
  const captured = sharedFrames().get(`${exchange}.${kind}`) ?? [];
  return [...constructed.flatMap(({ frames }) => frames), ...captured.map(({ text }) => text)].filter(
    (text) => text.length < 4_000,
  );
}

/** Feeds mutated frames of an exchange to its sessions; answers how many records came out all the same. */
export function fuzzExchange(exchange: string, frames: number, seed: number): number {
  const pick = generator(seed);
  let records = 0;
  for (const kind of requestTypes) {
    const texts = seeds(exchange, kind);
    let session = exchanges.get(exchange).createSession(kind, { everyFrame: true, changes: true });
    for (let frame = 0; frame < Math.ceil(frames / requestTypes.length); frame += 1) {
      if (frame % 500 === 0) {
        session = exchanges.get(exchange).createSession(kind, { everyFrame: pick(2) === 0, changes: true });
        session.changeSymbols(['KRW-BTC', 'USDT-BTC', 'USD-BTC']);
      }
      const text = texts[pick(texts.length)]!;
      const mutated = pick(10) === 0 ? text : mutate(text, pick);
      const data = pick(2) === 0 ? mutated : Buffer.from(mutated);
      const received = session.receive(data, 1_800_000_000 + frame);
      for (const record of received.records) expectSound(record);
      for (const request of received.fetches) {
        for (const record of session.answer(request, mutated, 1_800_000_000 + frame).records) expectSound(record);
      }
      records += received.records.length;
    }
  }
  return records;
}
