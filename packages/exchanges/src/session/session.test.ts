import { gzipSync } from 'node:zlib';
import type { RequestType } from '@naru/core';
import { describe, expect, it } from 'vitest';
import type { SessionOptions } from '../adapter.js';
import { exchanges } from '../exchanges.js';

function open(exchange: string, kind: RequestType, codes: readonly string[], options: SessionOptions = {}) {
  const session = exchanges.get(exchange).createSession(kind, options);
  const sent = session.changeSymbols(codes).map(({ payload }) => payload);
  return { session, sent };
}

const upbitBook = (price: number): string =>
  `{"type":"orderbook","code":"KRW-BTC","timestamp":1790000000000,"orderbook_units":[{"ask_price":${price + 1},` +
  `"bid_price":${price},"ask_size":1,"bid_size":2}],"stream_type":"REALTIME"}`;

const depthUpdate = (first: number, last: number): string =>
  `{"e":"depthUpdate","E":1790000000000,"s":"BTCUSDT","U":${first},"u":${last},"b":[["1","${last}"]],"a":[]}`;

describe('order books at an interval', () => {
  it('publish the latest state, and hold back the rest until it is due', () => {
    const { session } = open('upbit', 'orderbook', ['KRW-BTC'], { publish: { intervalMs: 1_000 } });
    expect(session.receive(upbitBook(10), 100).records).toMatchObject([{ bids: [[10, 2]] }]);
    expect(session.receive(upbitBook(11), 100.2).records).toEqual([]);
    expect(session.receive(upbitBook(12), 100.4).records).toEqual([]);
    expect(session.flush(100.9)).toEqual([]);
    expect(session.flush(101)).toMatchObject([{ bids: [[12, 2]], received_at: 101 }]);
    expect(session.flush(103)).toEqual([]);
  });

  it('are cut to the depth that was asked for', () => {
    const { session } = open('bybit', 'orderbook', ['USDT-BTC'], { depth: 1 });
    const snapshot = {
      s: 'BTCUSDT',
      b: [
        ['9', '1'],
        ['8', '1'],
      ],
      a: [
        ['10', '1'],
        ['11', '1'],
      ],
      u: 5,
    };
    const frame = JSON.stringify({
      topic: 'orderbook.1.BTCUSDT',
      ts: 1_790_000_000_000,
      type: 'snapshot',
      data: snapshot,
    });
    expect(session.receive(frame, 1).records).toMatchObject([{ asks: [[10, 1]], bids: [[9, 1]], sequence: '5' }]);
  });
});

describe('a snapshot over HTTP', () => {
  it('is asked for again, later, when it could not be fetched', () => {
    const { session } = open('binance', 'orderbook', ['USDT-BTC']);
    const [request] = session.receive(depthUpdate(11, 12), 100).fetches;
    expect(request).toMatchObject({
      url: 'https://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=1000',
      market: 'USDT-BTC',
    });
    expect(session.receive(depthUpdate(13, 14), 100.1).fetches).toEqual([]);
    expect(session.answer(request!, new Error('timed out'), 100.2).failures).toMatchObject([{ kind: 'snapshot' }]);
    expect(session.receive(depthUpdate(15, 16), 100.3).fetches).toEqual([]);
    const [again] = session.receive(depthUpdate(17, 18), 101.3).fetches;
    const answer = '{"lastUpdateId":12,"bids":[["1","12"]],"asks":[["2","1"]]}';
    expect(session.answer(request!, answer, 101.4)).toMatchObject({ records: [], failures: [] });
    expect(session.answer(again!, answer, 101.4).records).toMatchObject([
      { sequence: '18', bids: [[1, 18]], stream_type: 'SNAPSHOT' },
    ]);
  });

  it('that is older than the first update is fetched again', () => {
    const { session } = open('binance', 'orderbook', ['USDT-BTC']);
    const [request] = session.receive(depthUpdate(11, 12), 100).fetches;
    const stale = session.answer(request!, '{"lastUpdateId":5,"bids":[],"asks":[]}', 100.1);
    expect(stale).toMatchObject({ records: [], failures: [{ kind: 'gap' }], fetches: [{ market: 'USDT-BTC' }] });
    const fresh = session.answer(stale.fetches[0]!, '{"lastUpdateId":11,"bids":[],"asks":[]}', 100.2);
    expect(fresh.records).toMatchObject([{ sequence: '12', bids: [[1, 12]] }]);
  });

  it('is asked for a few at a time, beside a socket that is elsewhere', () => {
    const codes = ['USDT-A', 'USDT-B', 'USDT-C', 'USDT-D', 'USDT-E'];
    const { session } = open('binance', 'orderbook', codes, { address: 'ws://127.0.0.1:9443/binance' });
    const requests = codes.flatMap(
      (code) => session.receive(depthUpdate(1, 2).replace('BTC', code.slice(5)), 1).fetches,
    );
    expect(requests.map(({ market }) => market)).toEqual(codes.slice(0, 4));
    expect(requests[0]!.url).toBe('http://127.0.0.1:9443/binance/api/v3/depth?symbol=AUSDT&limit=1000');
    expect(session.answer(requests[0]!, new Error('no'), 2).fetches).toMatchObject([{ market: 'USDT-E' }]);
  });

  it('serves OKX when the stream brings none for three seconds', () => {
    const { session } = open('okx', 'orderbook', ['USDT-BTC']);
    const update = (previous: number, last: number): string =>
      `{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[],"bids":[["1","${last}"]],` +
      `"ts":"1790000000000","prevSeqId":${previous},"seqId":${last}}]}`;
    expect(session.receive(update(1, 2), 100).fetches).toEqual([]);
    const [request] = session.receive(update(2, 3), 103).fetches;
    expect(request?.url).toBe('https://www.okx.com/api/v5/market/books?instId=BTC-USDT&sz=400');
    const body = '{"code":"0","data":[{"asks":[],"bids":[["1","2"]],"ts":"1790000000000","seqId":2}]}';
    expect(session.answer(request!, body, 103.1).records).toMatchObject([{ bids: [[1, 3]], sequence: '3' }]);
  });
});

describe('what a socket says of lost frames', () => {
  it('is heard from the counter of Bitfinex', () => {
    const { session } = open('bitfinex', 'trade', ['USD-BTC']);
    session.receive('{"event":"subscribed","channel":"trades","chanId":7,"symbol":"tBTCUSD"}', 1);
    expect(session.receive('[7,"hb",1,1790000000000]', 1).failures).toEqual([]);
    expect(session.receive('[7,"hb",2,1790000000000]', 1).failures).toEqual([]);
    expect(session.receive('[7,"hb",5,1790000000000]', 1).failures).toMatchObject([{ kind: 'gap' }]);
  });

  it('is heard from the heartbeat of Coinbase', () => {
    const { session } = open('coinbase', 'trade', ['USD-BTC']);
    const match = (id: number): string =>
      `{"type":"match","trade_id":${id},"side":"sell","size":"1","price":"2","product_id":"BTC-USD","time":"2026-08-25T03:35:57.198335Z"}`;
    const heartbeat = (id: number): string => `{"type":"heartbeat","last_trade_id":${id},"product_id":"BTC-USD"}`;
    session.receive(match(10), 1);
    expect(session.receive(heartbeat(10), 1).failures).toEqual([]);
    expect(session.receive(heartbeat(12), 1).failures).toMatchObject([{ kind: 'gap', code: 'USD-BTC' }]);
    expect(session.receive(heartbeat(12), 1).failures).toEqual([]);
  });
});

describe('frames', () => {
  it('that unpack to more than their bound are refused', () => {
    const { session } = open('htx', 'trade', ['USDT-BTC'], { maxFrameBytes: 1_000 });
    const bomb = gzipSync(Buffer.alloc(100_000, 32));
    expect(session.receive(bomb, 1)).toMatchObject({ class: 'unknown', failures: [{ kind: 'encoding' }] });
  });

  it('of a market that was removed are passed over', () => {
    const { session } = open('upbit', 'orderbook', ['KRW-BTC']);
    session.changeSymbols(['KRW-ETH']);
    expect(session.receive(upbitBook(1), 1)).toMatchObject({ class: 'data', records: [], failures: [] });
  });

  it('that repeat themselves at Bithumb are read once', () => {
    const { session } = open('bithumb', 'orderbook', ['KRW-BTC']);
    expect(session.receive(upbitBook(1), 1).records).toHaveLength(1);
    expect(session.receive(upbitBook(1), 2).records).toHaveLength(0);
    expect(session.receive(upbitBook(2), 3).records).toHaveLength(1);
  });

  it('that announce the end of a connection ask for a new one', () => {
    for (const [exchange, frame] of [
      ['binance', '{"e":"serverShutdown","E":1}'],
      ['okx', '{"event":"notice","code":"64008","msg":"soon"}'],
      ['bitfinex', '{"event":"info","code":20051,"msg":"Stopping"}'],
    ] as const) {
      expect(open(exchange, 'trade', []).session.receive(frame, 1)).toMatchObject({
        class: 'control',
        reconnect: expect.any(String),
      });
    }
  });
});

describe('requests', () => {
  it('are split to the limits of the exchange', () => {
    const codes = Array.from({ length: 25 }, (_, index) => `USDT-C${index}`);
    expect(open('bybit', 'trade', codes).sent.map((payload) => JSON.parse(payload).args.length)).toEqual([10, 10, 5]);
    expect(open('upbit', 'trade', codes).sent).toHaveLength(1);
    expect(open('coinone', 'trade', codes).sent).toHaveLength(25);
  });

  it('that Bybit refuses as a whole are made again one by one', () => {
    const { session } = open('bybit', 'trade', ['USDT-BTC', 'USDT-NOPE']);
    const retried = session.receive('{"success":false,"ret_msg":"Invalid topic","req_id":"1","op":"subscribe"}', 1);
    expect(retried.rejected).toEqual([]);
    expect(retried.replies.map(({ payload }) => JSON.parse(payload).args)).toEqual([
      ['publicTrade.BTCUSDT'],
      ['publicTrade.NOPEUSDT'],
    ]);
    expect(
      session.receive('{"success":true,"ret_msg":"subscribe","req_id":"2","op":"subscribe"}', 1).confirmed,
    ).toEqual(['USDT-BTC']);
    expect(
      session.receive('{"success":false,"ret_msg":"Invalid topic","req_id":"3","op":"subscribe"}', 1).rejected,
    ).toEqual([{ code: 'USDT-NOPE', reason: 'Invalid topic' }]);
  });

  it('for the same markets again send nothing', () => {
    for (const name of exchanges.names) {
      const { session } = open(name, 'trade', ['USD-BTC', 'USD-ETH']);
      expect(session.changeSymbols(['USD-ETH', 'USD-BTC']), name).toEqual([]);
    }
  });
});
