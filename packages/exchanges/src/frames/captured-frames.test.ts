import { gunzipSync } from 'node:zlib';
import { type RequestType, requestTypes } from '@naru/core';
import { describe, expect, it } from 'vitest';
import type { FrameClass } from '../adapter.js';
import { exchanges } from '../exchanges.js';
import { createFrameParser, type ParsedFrame } from '../parse-frames.js';
import { readings } from './independent-readings.js';
import { sharedFrames } from './shared-frames.js';

const files = sharedFrames();

function classOf(role: string): FrameClass {
  if (/^(data|rep)/.test(role)) return 'data';
  if (/^(ack|conf-ack|unsubscribe-ack)/.test(role)) return 'acknowledgement';
  if (/^(heartbeat|pong)/.test(role)) return 'heartbeat';
  if (role.startsWith('error')) return 'error';
  if (/^(open|control|checksum)/.test(role)) return 'control';
  throw new Error(`What class is a frame that is "${role}"?`);
}

/** Frames that are data and must not become records, with what is said of them instead. */
const withoutRecords: Readonly<Record<string, string>> = {
  'kraken.ticker 6': 'shape', // a market nobody has traded
};

/** Bitfinex names only channels; these were acknowledged outside the capture. */
const channels: Readonly<Record<string, number>> = {
  'bitfinex.ticker 8': 224555,
  'bitfinex.ticker 9': 147794,
  'bitfinex.trade 7': 917,
};

const bitfinexMarkets: Readonly<Record<number, string>> = {
  206543: 'ETH-IOTA',
  232955: 'ETH-IOTA',
  232962: 'TESTUSD-TESTBTC',
  89: 'USD-BTC',
  81757: 'BTC-XRP',
};

function expectReading(exchange: string, kind: RequestType, text: string, parsed: ParsedFrame): void {
  const channel = Number(/^\[(\d+)/.exec(text)?.[1]);
  const expected = readings[exchange]![kind](text, bitfinexMarkets[channel] ?? 'USD-BTC');
  if (expected.records !== undefined) {
    expect(parsed.records).toHaveLength(expected.records.length);
    expected.records.forEach((record, at) => {
      expect(parsed.records[at]).toMatchObject(record);
    });
  }
  if (expected.changes !== undefined) expect(parsed.changes).toMatchObject(expected.changes);
}

describe('the independent readings', () => {
  it('cover every exchange', () => {
    expect(Object.keys(readings).sort()).toEqual([...exchanges.names].sort());
  });
});

for (const [name, frames] of files) {
  const [exchange, kind] = name.split('.') as [string, RequestType];
  if (!exchanges.supports(exchange, kind)) continue;
  describe(`captured ${name} frames`, () => {
    it('are classified as their index says and parsed to the values in them', () => {
      const parse = createFrameParser(exchanges.get(exchange), kind, { receivedAt: () => 1_800_000_000 });
      for (const { index, text, role } of frames) {
        const channel = channels[`${name} ${index}`];
        const wire = kind === 'trade' ? 'trades' : kind;
        if (channel !== undefined) {
          parse(JSON.stringify({ event: 'subscribed', channel: wire, chanId: channel, symbol: 'tBTCUSD' }));
        }
        const parsed = parse(index % 2 === 0 ? text : Buffer.from(text));
        expect(parsed.class, `${name} ${index} (${role})`).toBe(classOf(role));
        if (parsed.class !== 'data') continue;
        const failure = withoutRecords[`${name} ${index}`];
        if (failure !== undefined) expect(parsed.failures).toMatchObject([{ kind: failure }]);
        else expectReading(exchange, kind, text, parsed);
      }
    });
  });
}

if (files.size > 0) {
  describe('captured frames the protocol reference warns about', () => {
    const frame = (name: string, index: number): string => files.get(name)![index]!.text;
    const parser = (exchange: string, kind: RequestType, address?: string) =>
      createFrameParser(exchanges.get(exchange), kind, address === undefined ? {} : { address });

    it('keeps every digit of an Upbit id of 17 digits and a Bithumb id of 19', () => {
      expect(parser('upbit', 'trade')(frame('upbit.trade', 1)).records).toMatchObject([
        { sequential_id: '17811024497020001' },
      ]);
      expect(parser('bithumb', 'trade')(frame('bithumb.trade', 1)).records).toMatchObject([
        { sequential_id: '1079953210371761731' },
      ]);
    });

    it('reads microseconds where Upbit and Bithumb send them', () => {
      expect(parser('upbit', 'orderbook')(frame('upbit.orderbook', 4)).records[0]).toMatchObject({
        timestamp: 1691530805.062,
      });
      expect(parser('bithumb', 'orderbook')(frame('bithumb.orderbook', 0)).records[0]).toMatchObject({
        timestamp: 1790133505.546514,
      });
    });

    it('drops the padding of a side with fewer orders, and dust of size 0', () => {
      const padded = parser('upbit', 'orderbook')(frame('upbit.orderbook', 3)).records[0];
      expect(padded).toMatchObject({ asks: [[41840, 103.6]] });
      const dust = parser('bithumb', 'orderbook')(frame('bithumb.orderbook', 2)).records[0];
      expect(dust).toMatchObject({
        asks: [
          [116208000, 0.3313],
          [116209000, 0.0001],
        ],
      });
    });

    it('takes the taker side from the maker side of a Coinbase match', () => {
      expect(parser('coinbase', 'trade')(frame('coinbase.trade', 2)).records).toMatchObject([{ ask_bid: 1 }]);
      expect(parser('coinbase', 'trade')(frame('coinbase.trade', 3)).records).toMatchObject([{ ask_bid: -1 }]);
    });

    it('marks replayed trades of Coinbase, Kraken and Bitfinex as history', () => {
      expect(parser('coinbase', 'trade')(frame('coinbase.trade', 1)).records).toMatchObject([
        { stream_type: 'SNAPSHOT' },
      ]);
      expect(parser('kraken', 'trade')(frame('kraken.trade', 2)).records).toMatchObject([{ stream_type: 'SNAPSHOT' }]);
      const parse = parser('bitfinex', 'trade');
      parse(frame('bitfinex.trade', 2));
      const { records } = parse(frame('bitfinex.trade', 3));
      expect(new Set(records.map((record) => record.stream_type))).toEqual(new Set(['SNAPSHOT']));
    });

    it('leaves a malformed Coinbase level out, says so and keeps the rest', () => {
      const parsed = parser('coinbase', 'orderbook')(frame('coinbase.orderbook', 25));
      expect(parsed.failures).toMatchObject([{ kind: 'shape', code: 'USD-YFI' }]);
      expect(parsed.records).toMatchObject([{ asks: [[40584.89, 0.039985]], bids: [[40533.24, 0.020416]] }]);
    });

    it('verifies the checksums of Kraken, Bitfinex and the OKX of 2022', () => {
      for (const [exchange, name, count] of [
        ['kraken', 'kraken.orderbook', 5],
        ['bitfinex', 'bitfinex.orderbook-checksum', 6],
        ['okx', 'okx.orderbook-2022', 8],
      ] as const) {
        const parse = parser(exchange, 'orderbook');
        for (const { text } of files.get(name)!.slice(0, count))
          expect(parse(text).failures, text.slice(0, 80)).toBeUndefined();
      }
    });

    it('notices a Kraken book that differs and asks for it again', () => {
      const parse = parser('kraken', 'orderbook');
      parse(frame('kraken.orderbook', 2));
      const altered = frame('kraken.orderbook', 3).replace('1.56601318', '1.56601319');
      const parsed = parse(altered);
      expect(parsed.failures).toMatchObject([{ kind: 'checksum', code: 'USD-ETH' }]);
      expect(parsed.replies?.map(({ payload }) => JSON.parse(payload).method)).toEqual(['unsubscribe', 'subscribe']);
    });

    it('splices the Binance chain onto the REST snapshot', () => {
      const session = exchanges.get('binance').createSession('orderbook', { depth: 5000 });
      session.changeSymbols(['USDT-NKN']);
      const chain = files
        .get('binance.orderbook')!
        .slice(1, 13)
        .map(({ text }) => text);
      const first = session.receive(chain[0]!, 1);
      expect(first.fetches).toMatchObject([{ market: 'USDT-NKN' }]);
      session.receive(chain[1]!, 2);
      const spliced = session.answer(first.fetches[0]!, frame('binance.orderbook-rest', 0), 3);
      expect(spliced.records).toMatchObject([{ sequence: '499869754', stream_type: 'SNAPSHOT' }]);
      const rest = chain.slice(2).flatMap((text) => session.receive(text, 4).records);
      expect(rest.at(-1)).toMatchObject({ sequence: '499869775' });
      const book = new Map<string, number>();
      const snapshot = JSON.parse(frame('binance.orderbook-rest', 0));
      for (const [price, size] of snapshot.bids) book.set(price, Number(size));
      for (const text of chain.slice(1))
        for (const [price, size] of JSON.parse(text).data.b) book.set(price, Number(size));
      const bids = [...book].filter(([, size]) => size > 0).map(([price, size]) => [Number(price), size]);
      expect(rest.at(-1)).toMatchObject({ bids: bids.sort((a, b) => b[0]! - a[0]!) });
    });

    it('splices the HTX chain onto the answer to its request, and starts over at the gap', () => {
      const session = exchanges.get('htx').createSession('orderbook', { depth: 150 });
      session.changeSymbols(['USDT-BTC']);
      const texts = files.get('htx.orderbook')!.map(({ text }) => text);
      const asked = session.receive(texts[3]!, 1);
      expect(asked.replies.map(({ payload }) => JSON.parse(payload).req)).toEqual(['market.btcusdt.mbp.150']);
      for (const text of texts.slice(4, 8)) expect(session.receive(text, 1).records).toEqual([]);
      expect(session.receive(texts[8]!, 1)).toMatchObject({ failures: [], records: [{ sequence: '109409288253' }] });
      expect(session.receive(texts[11]!, 9)).toMatchObject({ failures: [{ kind: 'gap' }], records: [] });
      expect(session.counts).toMatchObject({ gaps: 1, resyncs: 1 });
    });

    it('resynchronises OKX at its gap and takes an empty update for what it is', () => {
      const session = exchanges.get('okx').createSession('orderbook');
      session.changeSymbols(['USDT-BTC']);
      const texts = files.get('okx.orderbook')!.map(({ text }) => text);
      for (const text of texts.slice(1, 6))
        expect(session.receive(text, 1)).toMatchObject({ failures: [], records: [{}] });
      const gap = session.receive(texts[6]!, 1);
      expect(gap.failures).toMatchObject([{ kind: 'gap', code: 'USDT-BTC' }]);
      expect(gap.replies.map(({ payload }) => JSON.parse(payload).op)).toEqual(['unsubscribe', 'subscribe']);
    });

    it('unpacks the captured gzip of HTX and answers its ping', () => {
      const session = exchanges.get('htx').createSession('trade');
      const ping = Buffer.from(frame('htx.gzip-base64', 3), 'base64');
      const { class: kind, replies } = session.receive(ping, 1);
      expect(kind).toBe('heartbeat');
      expect(replies).toEqual([{ payload: gunzipSync(ping).toString().replace('ping', 'pong') }]);
    });

    it('reads Coinbase Advanced Trade at its own address', () => {
      const address = 'wss://advanced-trade-ws.coinbase.com/';
      const texts = files.get('coinbase-advanced.all')!.map(({ text }) => text);
      const records = requestTypes.flatMap((kind) => {
        const parse = parser('coinbase', kind, address);
        return texts.flatMap((text, index) => {
          const parsed = parse(text);
          expect(parsed.class).toBe(index === 4 ? 'heartbeat' : 'data');
          return parsed.records;
        });
      });
      expect(records).toMatchObject([
        { close: 68900.5, volume: 15328.12345678, high: 69200, low: 67500 },
        { sequential_id: '995098700', ask_bid: -1, trade_price: 68900.5, trade_volume: 0.0015 },
        { sequential_id: '995098701', ask_bid: 1 },
        { asks: [[68901, 0.5]], bids: [[68900, 1.5]], stream_type: 'SNAPSHOT' },
        { asks: [], bids: [[68900, 2]], stream_type: 'REALTIME' },
      ]);
    });
  });
}
